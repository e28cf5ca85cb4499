import { describe, expect, test } from 'vitest';
import { startCallbackServer } from '../../../helpers/callback-server.ts';
import { startSimulator, type RunningSimulator } from '../../../helpers/command.ts';

/** Times differ from run to run, and what is made of them: ids, tokens and nonces must not. */
function withoutTime(value: unknown): string {
  return (
    JSON.stringify(value, null, 1)
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
      .replaceAll(/"(?:ms|expires_in)": [\d.]+/g, 'MS')
      .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'HOST')
      .replaceAll(/<CreateTime>\d+/g, '<CreateTime>')
      .replaceAll(/"(?:sha1|signature|joined)": "[^"]*"|[?&](?:msg_)?signature=[0-9a-f]+/g, 'SIGNATURE')
      .replaceAll(/timestamp=\d+|"value": "1\d{9}"/g, 'TIMESTAMP')
      // The first group of a request id is the time; so are 4 bytes inside a ticket.
      .replaceAll(/rid: [0-9a-f]{8}/g, 'rid: ')
      .replaceAll(/g[QRSTUVWXYZabcdef][\w%+/-]{60,}=*/g, 'TICKET')
  );
}

interface Session {
  /** All that the simulator told. */
  readonly told: string;
  readonly accounts: readonly { readonly appid: string; readonly secret: string }[];
}

/** A day with every kind of random value, on two accounts. A bad server is slow, and drops every second request. */
async function session(seed: string, behaviour: 'good' | 'bad'): Promise<Session> {
  let asked = 0;
  const server = await startCallbackServer((_request, response) => {
    asked += 1;
    if (behaviour === 'good') response.end('success');
    else if (asked % 2 === 0) response.destroy();
    else setTimeout(() => response.end('success'), 200);
  });
  const simulator = await startSimulator(['--seed', seed, '--accounts', '2', '--to', server.url]);
  const accounts = (await simulator.control('accounts?secrets=show')) as Session['accounts'];
  const told: unknown[] = [accounts];
  for (const { appid, secret } of accounts) told.push(await live(simulator, appid, secret));
  for (const { appid } of accounts) {
    const states = async (): Promise<string> =>
      JSON.stringify(await simulator.control(`pushes?account=${appid}`));
    await expect.poll(states, { timeout: 10_000 }).not.toContain('"state":"sending"');
  }
  for (const { appid } of accounts) told.push(await pushesOf(simulator, appid));
  await simulator.control('reset', {});
  told.push(await live(simulator, accounts[0]?.appid ?? '', accounts[0]?.secret ?? ''));
  return { told: withoutTime(told), accounts };
}

async function live({ url, control }: RunningSimulator, appid: string, secret: string): Promise<unknown[]> {
  const told: unknown[] = [];
  const call = async (path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const answer = (await (await fetch(`${url}${path}`, init)).json()) as Record<string, unknown>;
    told.push(answer);
    return answer;
  };
  const of = `?account=${appid}`;
  const { openid } = (await control(`followers${of}`, { nickname: 'Alice' })) as { openid: string };
  // Pushes under way while everything else goes on.
  for (const text of ['one', 'two']) {
    await control(`phone/${openid}/send${of}`, { type: 'text', text, wait: false });
  }
  await control(`phone/${openid}/unfollow${of}`, { wait: false });
  await control(`phone/${openid}/follow${of}`, { wait: false });
  await call(`/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=wrong`);
  await call(`/cgi-bin/token?grant_type=client_credential&appid=${appid}&secret=${secret}`);
  const stable = { grant_type: 'client_credential', appid, secret };
  const { access_token: token } = await call('/cgi-bin/stable_token', stable);
  const query = `access_token=${String(token)}`;
  await call(`/cgi-bin/ticket/getticket?type=jsapi&${query}`);
  await call(`/cgi-bin/shorten/gen?${query}`, { long_data: 'x' });
  await call(`/cgi-bin/menu/get?${query}`);
  const { url: code } = await call(`/cgi-bin/qrcode/create?${query}`, {
    action_name: 'QR_LIMIT_SCENE',
    action_info: { scene: { scene_id: 1 } },
  });
  await control(`phone/${openid}/scan${of}`, { url: code, wait: false });
  told.push(await control(`followers${of}`, { count: 2 }));
  return told;
}

/** Plain texts and the nonces of the first attempts, in the order of their ids. */
async function pushesOf({ control }: RunningSimulator, appid: string): Promise<unknown> {
  const pushes = (await control(`pushes?account=${appid}`)) as readonly {
    readonly plain: string;
    readonly attempts: readonly { readonly url: string }[];
  }[];
  return pushes.map(({ plain, attempts }) => [
    plain,
    new URL(attempts[0]?.url ?? '').searchParams.get('nonce'),
  ]);
}

describe('simulator --seed', () => {
  test('repeats a whole session, however slow and broken the server is', { timeout: 60_000 }, async () => {
    const [good, bad] = [await session('7', 'good'), await session('7', 'bad')];
    expect(bad.told).toBe(good.told);
    for (const pattern of [/SIM_[\w-]{132}/g, /<MsgId>\d{17}/g, /"o[\w-]{27}"/g, /rid: -[0-9a-f]{8}/g]) {
      expect(new Set(good.told.match(pattern)).size, String(pattern)).toBeGreaterThanOrEqual(4);
    }
  });

  test(
    'makes other secrets for another seed, and for another account of one seed',
    { timeout: 60_000 },
    async () => {
      const list = async (seed: string) => {
        const simulator = await startSimulator(['--seed', seed, '--accounts', '2']);
        return (await simulator.control('accounts?secrets=show')) as readonly Record<string, string>[];
      };
      const accounts = [...(await list('7')), ...(await list('8'))];
      for (const key of ['appid', 'secret', 'callback_token', 'aes_key', 'original_id']) {
        expect(new Set(accounts.map((account) => account[key])).size, key).toBe(4);
      }
    },
  );
});
