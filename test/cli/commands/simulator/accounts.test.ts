import { describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator, type RunningSimulator } from '../../../helpers/command.ts';
import { runHere, startHere } from '../../../helpers/in-process.ts';
import { callbackToken, honest, startCallbackServer } from '../../../helpers/callback-server.ts';

interface AccountLine {
  readonly appid: string;
  readonly secret: string;
  readonly callback_token: string;
  readonly aes_key: string;
}

/** What `wechat-mp` prints for this account. */
const tokenOf = async (simulator: RunningSimulator, { appid, secret }: AccountLine): Promise<string> => {
  const env = { ...simulator.env, WECHAT_MP_APPID: appid, WECHAT_MP_APPSECRET: secret };
  const { code, stdout, stderr } = await runHere(['token'], { env });
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  return stdout.trim();
};

describe('simulator --accounts 2', () => {
  test('gives each account its tokens, and neither the data of the other', { timeout: 60_000 }, async () => {
    const simulator = await startSimulator(['--accounts', '2']);
    const accounts = (await simulator.control('accounts?secrets=show')) as readonly AccountLine[];
    expect(accounts.map(({ appid }) => appid)).toEqual([simulator.appid, expect.stringMatching(/^wx/)]);
    const tokens: string[] = [];
    for (const account of accounts) tokens.push(await tokenOf(simulator, account));
    expect(new Set(tokens).size).toBe(2);
    const call = async (path: string, of: string | undefined, body: unknown): Promise<unknown> => {
      const init = { method: 'POST', body: JSON.stringify(body) };
      return await (await fetch(`${simulator.url}${path}?access_token=${of}`, init)).json();
    };
    const button = [{ type: 'click', name: 'b', key: 'B' }];
    expect(await call('/cgi-bin/menu/create', tokens[1], { button })).toMatchObject({ errcode: 0 });
    expect(await simulator.control('menu')).toMatchObject({ default: null });
    expect(await simulator.control(`menu?account=${accounts[1]?.appid}`)).toMatchObject({
      default: [{ key: 'B' }],
    });
    const scene = { action_name: 'QR_LIMIT_SCENE', action_info: { scene: { scene_id: 1 } } };
    const { ticket } = (await call('/cgi-bin/qrcode/create', tokens[1], scene)) as { ticket: string };
    const picture = await fetch(`${simulator.url}/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpg']);
  });

  test('pushes to the server of each account with its own secrets', { timeout: 60_000 }, async () => {
    const [first, second] = [await startCallbackServer(honest), await startCallbackServer(honest)];
    const simulator = await startSimulator(['--accounts', '2', '--to', first.url, '--mode', 'safe']);
    const accounts = (await simulator.control('accounts?secrets=show')) as readonly AccountLine[];
    const other = `?account=${accounts[1]?.appid}`;
    const token = callbackToken;
    await simulator.control('callback', { token, check: false });
    await simulator.control(`callback${other}`, { token, url: second.url, mode: 'plain', check: false });
    for (const account of ['', other]) {
      await simulator.control(`followers${account}`, { openid: 'oSame' });
      expect(await simulator.control(`phone/oSame/send${account}`, { text: 'hi' })).toMatchObject({
        pushes: [{ account: account === '' ? simulator.appid : accounts[1]?.appid }],
      });
    }
    expect(
      [first, second].map(({ requests }) => requests.map(({ body }) => body.includes('<Encrypt>'))),
    ).toEqual([[true], [false]]);
  });

  test('says so in its ready line, in words and in its log', { timeout: 60_000 }, async () => {
    let lines = '';
    const words = ['simulator', '--port', '0', '--accounts', '2', '--lang', 'en'];
    const running = startHere(words, {}, (text) => (lines += text));
    onTestFinished(running.stop);
    await expect.poll(() => lines.match(/WECHAT_MP_APPID='wx/g)?.length).toBe(2);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(lines)?.[0];
    const second = lines.match(/wx[0-9a-f]{16}/g)?.at(-1);
    await fetch(`${url}/cgi-bin/token?appid=${second}`);
    await expect.poll(() => lines).toContain(`GET /cgi-bin/token 200 errcode 40002 ${second}\n`);
  });

  test.each(['0', '21', 'two', '1.5', ''])('refuses %j accounts', async (count) => {
    const { code, stderr } = await runHere(['simulator', '--accounts', count, '--', 'echo', 'ran']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('a simulator has 1 to 20 accounts')]);
  });
});
