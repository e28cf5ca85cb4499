import http from 'node:http';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import type { TokenSource } from '../../src/api/token-source.ts';
import { PlatformError, WechatMpError } from '../../src/core/errors.ts';
import { createManualClock } from '../helpers/manual-clock.ts';
import {
  appId,
  appSecret,
  countingTokens,
  json,
  keys,
  otherAppId,
  startPlatform,
  startRelay,
} from '../helpers/relay.ts';

const parse = (text: string) => JSON.parse(text) as Record<string, unknown>;
const post = (body: string | Uint8Array, more: RequestInit = {}) => ({ method: 'POST', body, ...more });

/** What the platform got: path and query without the token, which is named apart. */
function seen({ url }: { readonly url: string }) {
  const { pathname, searchParams } = new URL(url, 'http://platform');
  const token = searchParams.get('access_token');
  searchParams.delete('access_token');
  return { path: pathname + (searchParams.size === 0 ? '' : `?${searchParams}`), token };
}

/** Sends bytes as they are and hands back all that comes. */
async function raw(port: number, text: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  socket.write(text);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve) => socket.on('close', resolve).on('error', resolve));
  return Buffer.concat(chunks).toString();
}

describe('a client with its key', () => {
  test('gets the answer of the platform as it came, and the platform the token', async () => {
    const { ask, platform, records } = await startRelay();
    platform.answers.push(json({ errcode: 40003, errmsg: 'invalid openid rid: 1' }));
    const { status, text, relay, headers } = await ask('/cgi-bin/user/info?openid=a%20b+c&lang=zh_CN');
    expect({ status, text, relay, type: headers.get('content-type') }).toEqual({
      status: 200,
      text: '{"errcode":40003,"errmsg":"invalid openid rid: 1"}',
      relay: 'passed',
      type: 'application/json; encoding=utf-8',
    });
    expect(platform.requests[0]?.url).toBe(
      `/cgi-bin/user/info?openid=a%20b+c&lang=zh_CN&access_token=SIM_token-1-${'x'.repeat(20)}`,
    );
    expect(records).toMatchObject([
      {
        method: 'GET',
        path: '/cgi-bin/user/info',
        account: appId,
        client: 'all',
        status: 200,
        errcode: 40003,
        outcome: 'passed',
      },
    ]);
  });

  test('shows the platform nothing of itself but how its body is to be read', async () => {
    const { ask, platform } = await startRelay();
    const headers = {
      'content-type': 'text/weird; charset=x',
      cookie: 'a=b',
      'x-forwarded-for': '1.2.3.4',
      'x-secret': 'mine',
      referer: 'http://inside',
    };
    await ask('/cgi-bin/tags/create', post('{"tag":{"name":"é"}}', { headers }));
    const [got] = platform.requests;
    expect(Object.keys(got?.headers ?? {}).toSorted()).toEqual([
      'accept',
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
    ]);
    expect(got).toMatchObject({
      method: 'POST',
      headers: {
        'content-type': 'text/weird; charset=x',
        'content-length': '21',
        'user-agent': 'wechat-mp-cli',
      },
    });
    expect(got?.body.toString()).toBe('{"tag":{"name":"é"}}');
  });

  test('gets no header of the connection to the platform, and no cookie', async () => {
    const { ask, platform } = await startRelay();
    platform.answers.push((_request, response) => {
      response.writeHead(200, {
        connection: 'x-hop',
        'x-hop': '1',
        'set-cookie': 'a=b',
        'strict-transport-security': 'max-age=1',
        'x-simulated': 'none',
      });
      response.end('{}');
    });
    const { headers } = await ask('/cgi-bin/menu/get');
    expect(
      ['x-hop', 'set-cookie', 'strict-transport-security', 'x-simulated'].map((name) => headers.get(name)),
    ).toEqual([null, null, null, 'none']);
  });

  test('may send it as the password of Basic, as a URL with a key is sent', async () => {
    const { ask, platform } = await startRelay();
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    for (const login of [`any:${keys.all}`, keys.all, `${keys.all}:`])
      expect((await ask('/cgi-bin/menu/get', { key: '', headers: basic(login) })).relay).toBe('passed');
    expect((await ask('/cgi-bin/menu/get', { key: '', headers: basic(`${keys.all}:no`) })).status).toBe(401);
    expect(platform.requests).toHaveLength(3);
  });

  test('has no say in the token: what it sends as one is dropped, however it is spelt', async () => {
    const { ask, platform } = await startRelay();
    await ask('/cgi-bin/menu/get?access_token=a&x=1&access%5ftoken=b&ACCESS_TOKEN=c&y=2');
    expect(platform.requests.map(({ url }) => url)).toEqual([
      `/cgi-bin/menu/get?x=1&y=2&access_token=SIM_token-1-${'x'.repeat(20)}`,
    ]);
  });

  test.each([
    ['no key', '', '/cgi-bin/menu/get', 401, 41001, 'relay_key_missing'],
    [
      'a key that nobody has',
      'key-of-nobody-0123456789',
      '/cgi-bin/menu/get',
      401,
      40125,
      'relay_key_invalid',
    ],
    ['a path that it may not call', keys.menu, '/cgi-bin/user/get', 403, 48001, 'relay_forbidden'],
    ['an account that it may not use', keys.other, '/cgi-bin/user/get', 403, 48001, 'relay_forbidden'],
    ['a path of nobody', keys.all, '/cgi-bin/nope', 403, 48001, 'relay_path_unknown'],
    ['a path that is escaped', keys.all, '/cgi-bin%2Fmenu/get', 403, 48001, 'relay_path_unknown'],
    ['a page for a browser', keys.all, '/connect/oauth2/authorize', 403, 48001, 'relay_path_unknown'],
    ['a call that was withdrawn', keys.all, '/cgi-bin/shorturl', 403, 45106, 'relay_call_withdrawn'],
    [
      'an account of nobody',
      keys.all,
      `/${otherAppId}/cgi-bin/menu/get`,
      403,
      40013,
      'relay_account_unknown',
    ],
    ['the token without the right', keys.all, '/token', 403, 48001, 'relay_forbidden'],
    ['a ticket without the right', keys.menu, '/ticket?type=jsapi', 403, 48001, 'relay_forbidden'],
    ['a ticket of no kind', keys.service, '/ticket?type=x', 400, -1, 'relay_request_invalid'],
  ])('is refused %s, and nothing is sent', async (_what, key, path, status, errcode, type) => {
    const { ask, platform, records } = await startRelay();
    const answer = await ask(path, { key });
    expect({ status: answer.status, relay: answer.relay, ...parse(answer.text) }).toMatchObject({
      status,
      relay: type,
      errcode,
      error: { type, retryable: false },
    });
    expect(String(parse(answer.text)['errmsg'])).toMatch(/^relay: /);
    expect(platform.requests).toEqual([]);
    expect(records).toMatchObject([{ status, errcode, outcome: type }]);
  });

  test.each([
    ['/cgi-bin/menu/gett', '/cgi-bin/menu/gett'],
    [`/cgi-bin/${keys.all}`, undefined],
    ['/cgi-bin/%6denu/get', undefined],
  ])('is told of %s which path was refused, where it holds words alone', async (path, told) => {
    const { ask } = await startRelay();
    const { error } = parse((await ask(path)).text) as { error?: { path?: string } };
    expect(error?.path).toBe(told);
  });

  test.each(['DELETE', 'PUT', 'PATCH', 'HEAD', 'OPTIONS'])('is refused the method %s', async (method) => {
    const { ask, platform } = await startRelay();
    const { status, relay } = await ask('/cgi-bin/menu/delete', { method });
    expect({ status, relay }).toEqual({ status: 405, relay: 'relay_request_invalid' });
    expect(platform.requests).toEqual([]);
  });

  test('gets the token and tickets themselves where its key names them', async () => {
    const { ask, platform } = await startRelay();
    const token = await ask('/token', { key: keys.service });
    expect(parse(token.text)).toEqual({
      access_token: `SIM_token-1-${'x'.repeat(20)}`,
      expires_in: expect.any(Number),
      expires_at: expect.stringMatching(/^\d{4}-.*Z$/),
      appid: appId,
      endpoint: 'stable_token',
    });
    expect([token.relay, token.headers.get('cache-control')]).toEqual(['answered', 'no-store']);
    const ticket = parse((await ask(`/ticket?type=wx_card&appid=${appId}`, { key: keys.service })).text);
    expect(ticket).toMatchObject({ ticket: 'wx_card-ticket', type: 'wx_card', appid: appId });
    // Those rights are no right to a call.
    expect((await ask('/cgi-bin/menu/get', { key: keys.service })).status).toBe(403);
    expect(platform.requests).toEqual([]);
  });

  test('may call as often as its key says, and hears when it may again', async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 5, 12));
    const { ask, platform } = await startRelay({ clock });
    const answers = [];
    for (let count = 0; count < 3; count += 1)
      answers.push(await ask('/cgi-bin/menu/get', { key: keys.slow }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(answers[2]?.headers.get('retry-after')).toBe('30');
    expect(parse(answers[2]?.text ?? '')).toMatchObject({
      errcode: 45011,
      error: { type: 'relay_rate_limit', retryable: true, retry_after: 30 },
    });
    await clock.advance(30_000);
    expect((await ask('/cgi-bin/menu/get', { key: keys.slow })).status).toBe(200);
    expect((await ask('/cgi-bin/menu/get')).status).toBe(200);
    expect(platform.requests).toHaveLength(4);
  });
});

describe('an SDK with another base address', () => {
  const tokenOf = (text: string) => String(parse(text)['access_token']);
  const tokenCall = `/cgi-bin/token?grant_type=client_credential&appid=${appId}&secret=${keys.all}`;

  test('gets a token of the relay for its key, which the platform never sees', async () => {
    const { ask, platform } = await startRelay();
    const { text, relay } = await ask(tokenCall, { key: '' });
    expect(parse(text)).toEqual({
      access_token: expect.stringMatching(/^RELAY_[\w-]{48}$/),
      expires_in: 7200,
    });
    expect(relay).toBe('answered');
    await ask(`/cgi-bin/menu/get?access_token=${tokenOf(text)}`, { key: '' });
    expect(platform.requests.map(seen)).toEqual([
      { path: '/cgi-bin/menu/get', token: `SIM_token-1-${'x'.repeat(20)}` },
    ]);
  });

  test.each([
    [
      'JSON',
      { grant_type: 'client_credential', appid: appId, secret: keys.all, force_refresh: true },
      JSON.stringify,
    ],
    [
      'a form',
      { appid: appId, secret: keys.all },
      (fields: Record<string, string>) => String(new URLSearchParams(fields)),
    ],
  ])('may ask stable_token with %s; force_refresh goes nowhere', async (_how, fields, write) => {
    const tokens = countingTokens();
    const { ask, platform } = await startRelay({ tokens: tokens.source });
    const { text } = await ask('/cgi-bin/stable_token', { key: '', ...post(write(fields as never)) });
    expect(tokenOf(text)).toBe(tokenOf((await ask(tokenCall, { key: '' })).text));
    expect([tokens.asked, platform.requests]).toEqual([['get'], []]);
  });

  test.each([
    ['the AppSecret itself', `appid=${appId}&secret=${appSecret}`, 401, 40125],
    ['no secret', `appid=${appId}`, 401, 41004],
    ['another AppID', `appid=${otherAppId}&secret=${keys.all}`, 403, 40013],
    ['an account that its key does not open', `appid=${appId}&secret=${keys.other}`, 403, 48001],
    ['another grant_type', `appid=${appId}&secret=${keys.all}&grant_type=password`, 400, 40002],
  ])('gets no token for %s', async (_what, query, status, errcode) => {
    const { ask } = await startRelay();
    const answer = await ask(`/cgi-bin/token?${query}`, { key: '' });
    expect({ status: answer.status, errcode: parse(answer.text)['errcode'] }).toEqual({ status, errcode });
    expect(answer.text).not.toContain('access_token"');
  });

  test('hears 43002 for a GET of stable_token, as from the platform', async () => {
    const { ask } = await startRelay();
    const { text } = await ask(`/cgi-bin/stable_token?appid=${appId}&secret=${keys.all}`, { key: '' });
    expect(parse(text)['errcode']).toBe(43002);
  });

  test('hears of a dead token as from the platform, so that it asks for a new one', async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 5, 12, 30));
    const { ask, relay, platform } = await startRelay({ clock });
    const token = tokenOf((await ask(tokenCall, { key: '' })).text);
    const call = (value: string) => ask(`/cgi-bin/menu/get?access_token=${value}`, { key: '' });
    const changed = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const value of ['50_real-token-of-wechat', 'RELAY_', changed, `${token}A`, token.slice(0, 20)]) {
      const { status, text } = await call(value);
      expect({ status, ...parse(text) }).toMatchObject({ status: 200, errcode: 40001 });
    }
    await clock.advance(2.5 * 3_600_000 - 1);
    expect((await call(token)).relay).toBe('passed');
    await clock.advance(1);
    expect(parse((await call(token)).text)).toMatchObject({ errcode: 42001 });
    const fresh = tokenOf((await ask(tokenCall, { key: '' })).text);
    expect([fresh === token, (await call(fresh)).relay]).toEqual([false, 'passed']);
    // A key that was replaced ends its tokens.
    relay.replaceClients([
      { name: 'all', key: 'another-key-0123456789', rights: [], rate: undefined, line: 1 },
    ]);
    expect(parse((await call(fresh)).text)).toMatchObject({ errcode: 40001 });
    expect(platform.requests).toHaveLength(2);
  });

  test('has the same token from two relays with one key file, for an hour', async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 5, 12, 0, 0));
    const [one, two] = [await startRelay({ clock }), await startRelay({ clock })];
    const first = tokenOf((await one.ask(tokenCall, { key: '' })).text);
    await clock.advance(3_599_999);
    expect(tokenOf((await two.ask(tokenCall, { key: '' })).text)).toBe(first);
    expect((await two.ask(`/cgi-bin/menu/get?access_token=${first}`, { key: '' })).relay).toBe('passed');
    await clock.advance(1);
    expect(tokenOf((await two.ask(tokenCall, { key: '' })).text)).not.toBe(first);
  });

  test('exchanges the code of a login with its key as the secret', async () => {
    const { ask, platform } = await startRelay();
    platform.answers.push(json({ access_token: `person ${appSecret}`, openid: 'o' }));
    const query = `appid=${appId}&secret=${keys.all}&code=abc&grant_type=authorization_code`;
    const { text } = await ask(`/sns/oauth2/access_token?${query}`, { key: '' });
    expect(platform.requests.map(({ url }) => url)).toEqual([
      `/sns/oauth2/access_token?code=abc&grant_type=authorization_code&appid=${appId}&secret=${appSecret}`,
    ]);
    expect(text).toBe(`{"access_token":"person ${'*'.repeat(appSecret.length)}","openid":"o"}`);
  });

  test('resets quotas with its key as the appsecret, in the query and in the body', async () => {
    const { ask, platform } = await startRelay();
    const body = JSON.stringify({ appid: appId, appsecret: keys.all });
    await ask(`/cgi-bin/clear_quota/v2?appid=${appId}&appsecret=${keys.all}`, { key: '', ...post(body) });
    expect(platform.requests[0]?.url).toBe(`/cgi-bin/clear_quota/v2?appid=${appId}&appsecret=${appSecret}`);
    expect(parse(String(platform.requests[0]?.body))).toEqual({ appid: appId, appsecret: appSecret });
  });

  test('keeps the token of a person, whose calls need the key in the header', async () => {
    const { ask, platform } = await startRelay();
    const path = '/sns/userinfo?access_token=PERSON&openid=o';
    expect((await ask(path, { key: '' })).status).toBe(401);
    expect((await ask(path)).relay).toBe('passed');
    expect(platform.requests.map(({ url }) => url)).toEqual([path]);
  });
});

describe('several accounts', () => {
  test('are told apart by the path, or by the AppID of the token call', async () => {
    const { ask, platform, records } = await startRelay({ appIds: [appId, otherAppId] });
    const answer = await ask('/cgi-bin/menu/get');
    expect([answer.status, answer.relay]).toEqual([400, 'relay_account_missing']);
    await ask(`/${otherAppId}/cgi-bin/menu/get`);
    const asked = await ask(`/cgi-bin/token?appid=${appId}&secret=${keys.all}`, { key: '' });
    const token = String(parse(asked.text)['access_token']);
    await ask(`/cgi-bin/menu/get?access_token=${token}`, { key: '' });
    await ask(`/${appId}/cgi-bin/menu/get?access_token=${token}`, { key: '' });
    expect(records.map(({ account, outcome }) => [account, outcome])).toEqual([
      [undefined, 'relay_account_missing'],
      [otherAppId, 'passed'],
      [appId, 'answered'],
      [appId, 'passed'],
      [appId, 'passed'],
    ]);
    // A token is bound to its account.
    const elsewhere = await ask(`/${otherAppId}/cgi-bin/menu/get?access_token=${token}`, { key: '' });
    expect([elsewhere.status, elsewhere.relay]).toEqual([403, 'relay_account_unknown']);
    expect(platform.requests.map((request) => seen(request).path)).toEqual(
      Array(3).fill('/cgi-bin/menu/get') as string[],
    );
  });
});

describe('--read-only', () => {
  test.each([
    ['/cgi-bin/menu/get', 'GET', 'passed'],
    ['/cgi-bin/user/info/batchget', 'POST', 'passed'],
    ['/cgi-bin/menu/create', 'POST', 'relay_read_only'],
    ['/cgi-bin/menu/delete', 'GET', 'relay_read_only'],
    ['/cgi-bin/message/custom/send', 'POST', 'relay_read_only'],
    ['/cgi-bin/draft/switch?checkonly=1', 'POST', 'passed'],
    ['/cgi-bin/draft/switch', 'POST', 'relay_read_only'],
    ['/cgi-bin/draft/switch?checkonly=1&checkonly=0', 'POST', 'relay_request_invalid'],
    ['/card/invoice/setbizattr?action=get_pay_mch', 'POST', 'passed'],
    ['/card/invoice/setbizattr?action=set_pay_mch', 'POST', 'relay_read_only'],
    ['/card/invoice/setbizattr?action=nothing', 'POST', 'relay_read_only'],
    [`/cgi-bin/token?appid=${appId}&secret=${keys.all}`, 'GET', 'answered'],
  ])('goes by what %s does, not by its method %s: %s', async (path, method, outcome) => {
    const { ask } = await startRelay({ readOnly: true });
    expect((await ask(path, { method })).relay).toBe(outcome);
  });
});

describe('a token that the platform refuses', () => {
  const dead = json({ errcode: 40001, errmsg: 'invalid credential' });
  const [first, second] = [1, 2].map((number) => `SIM_token-${number}-${'x'.repeat(20)}`);

  test.each([40001, 40014, 42001])('is replaced after %i, and the call sent once more', async (errcode) => {
    const tokens = countingTokens();
    const { ask, platform, records } = await startRelay({ tokens: tokens.source });
    platform.answers.push(json({ errcode, errmsg: 'dead' }));
    const { text } = await ask('/cgi-bin/tags/create', post('{"tag":{"name":"x"}}'));
    expect(text).toBe('{"errcode":0,"errmsg":"ok"}');
    expect(
      platform.requests.map(({ url, body }) => [
        new URL(url, 'http://p').searchParams.get('access_token'),
        String(body),
      ]),
    ).toEqual([
      [first, '{"tag":{"name":"x"}}'],
      [second, '{"tag":{"name":"x"}}'],
    ]);
    expect(tokens.asked).toEqual(['get', `renew ${first}`]);
    expect(records).toMatchObject([{ isRepeated: true, errcode: 0 }]);
  });

  test('is replaced once: what is refused again is the answer', async () => {
    const { ask, platform } = await startRelay();
    platform.answers.push(dead, dead, dead);
    expect(parse((await ask('/cgi-bin/menu/get')).text)['errcode']).toBe(40001);
    expect(platform.requests).toHaveLength(2);
  });

  test('is not what 40164 means', async () => {
    const { ask, platform } = await startRelay();
    platform.answers.push(json({ errcode: 40164, errmsg: 'invalid ip' }));
    expect(parse((await ask('/cgi-bin/menu/get')).text)['errcode']).toBe(40164);
    expect(platform.requests).toHaveLength(1);
  });

  test('is replaced once for all whose calls it failed', async () => {
    const tokens = countingTokens();
    const { ask, platform } = await startRelay({ tokens: tokens.source });
    await ask('/cgi-bin/menu/get');
    const waiting: (() => void)[] = [];
    const [, release] = [0, () => waiting.splice(0).forEach((answer) => answer())];
    for (let count = 0; count < 20; count += 1) {
      platform.answers.push((request, response) => {
        waiting.push(() => dead(request, response));
        if (waiting.length === 20) release();
      });
    }
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask('/cgi-bin/menu/get')));
    expect(answers.every(({ text }) => text === '{"errcode":0,"errmsg":"ok"}')).toBe(true);
    expect(tokens.asked.filter((what) => what === `renew ${first}`).length).toBeLessThanOrEqual(20);
    expect(new Set(platform.requests.slice(21).map((request) => seen(request).token))).toEqual(
      new Set([second]),
    );
  });

  test('does not let a long upload through twice, but the next call has a new one', async () => {
    const { ask, platform } = await startRelay();
    platform.answers.push(dead);
    const upload = post(Buffer.alloc(1_048_577, 'a'));
    expect(parse((await ask('/cgi-bin/media/upload?type=image', upload)).text)['errcode']).toBe(40001);
    expect((await ask('/cgi-bin/media/upload?type=image', upload)).text).toBe('{"errcode":0,"errmsg":"ok"}');
    expect(platform.requests.map((request) => seen(request).token)).toEqual([first, second]);
  });

  test('lets what is held through twice: one byte less', async () => {
    const { ask, platform } = await startRelay();
    platform.answers.push(dead);
    const body = Buffer.alloc(1_048_576, 'a');
    expect((await ask('/cgi-bin/media/upload?type=image', post(body))).text).toBe(
      '{"errcode":0,"errmsg":"ok"}',
    );
    expect(platform.requests.map((request) => request.body.equals(body))).toEqual([true, true]);
  });
});

describe('a relay that gets no token itself', () => {
  const failing = (error: Error): TokenSource => {
    const fail = async () => Promise.reject(error);
    return { get: fail, renew: fail, peek: fail, clear: fail };
  };
  const words = { en: "Refused: this machine's IP is not in the whitelist", zh: '本机 IP 不在白名单中' };
  const facts = { errcode: 40164, errmsg: 'invalid ip 203.0.113.7, not in whitelist' };
  const refused = new PlatformError({ family: 'account', type: 'ip_not_allowed', text: words, facts });

  test.each([
    ['the token call of an SDK', `/cgi-bin/token?appid=${appId}&secret=${keys.all}`],
    ['a call', '/cgi-bin/menu/get'],
  ])('tells %s what the platform said, as the platform says it', async (_what, path) => {
    const { ask, platform, records } = await startRelay({ tokens: failing(refused) });
    const { status, relay, text } = await ask(path);
    expect({ status, relay, ...parse(text) }).toMatchObject({
      status: 200,
      relay: 'ip_not_allowed',
      // Whoever reads it sits at another machine.
      error: { message: "Refused: the relay's IP is not in the whitelist" },
      ...facts,
    });
    expect(platform.requests).toEqual([]);
    expect(records).toMatchObject([
      { errcode: 40164, outcome: 'ip_not_allowed', trouble: { zh: '中继的 IP 不在白名单中' } },
    ]);
  });

  test.each([
    ['timeout', 504],
    ['store_unreachable', 502],
  ])('names what stood in the way: %s', async (type, status) => {
    const error = new WechatMpError({ family: 'network', type, text: words, retryable: true });
    const { ask, records } = await startRelay({ tokens: failing(error) });
    const answer = await ask('/cgi-bin/menu/get');
    expect({ status: answer.status, relay: answer.relay, ...parse(answer.text) }).toMatchObject({
      status,
      relay: type,
      errcode: -1,
      error: { type, retryable: true, client: 'all', path: '/cgi-bin/menu/get' },
    });
    expect(records).toMatchObject([{ status, outcome: type, trouble: words }]);
  });

  test('answers a mistake of its own, and goes on', async () => {
    const { ask } = await startRelay({ tokens: failing(new TypeError('oops')) });
    const { status, relay, text } = await ask('/cgi-bin/menu/get');
    expect([status, relay, text.includes('oops')]).toEqual([500, 'relay_failed', false]);
    expect((await ask('/healthz')).status).toBe(200);
  });
});

describe('the real token', () => {
  const token = `SIM_token-1-${'x'.repeat(20)}`;

  test('never reaches a client, wherever the platform repeats it', async () => {
    const { ask, platform } = await startRelay();
    platform.answers.push(({ url }, response) => {
      response.writeHead(400, { 'x-url': url });
      response.end(`no such page: ${url}`);
    });
    const { status, text, headers } = await ask('/cgi-bin/menu/get');
    const stars = '*'.repeat(token.length);
    expect({ status, text, url: headers.get('x-url') }).toEqual({
      status: 400,
      text: `no such page: /cgi-bin/menu/get?access_token=${stars}`,
      url: `/cgi-bin/menu/get?access_token=${stars}`,
    });
  });

  test.each([0, 1, 7, token.length - 1])(
    'never reaches one in a long answer that is cut %i bytes into it',
    async (cut) => {
      const { ask, platform } = await startRelay();
      const whole = `${'a'.repeat(100_000)}${token}${'b'.repeat(100_000)}${token}`;
      platform.answers.push((_request, response) => {
        response.writeHead(200, { 'content-length': whole.length });
        response.write(whole.slice(0, 100_000 + cut), () => {
          setImmediate(() => response.end(whole.slice(100_000 + cut)));
        });
      });
      const { text, headers } = await ask('/cgi-bin/media/get?media_id=x');
      expect(headers.get('content-length')).toBe(String(whole.length));
      expect(text).toBe(whole.replaceAll(token, '*'.repeat(token.length)));
    },
  );
});

describe('bodies', () => {
  test.each([10, 1_048_576, 1_048_577, 3_000_000])(
    'of %i bytes that are sent in chunks leave with their length',
    async (length) => {
      const { port, platform } = await startRelay();
      platform.answers.push(json({ errcode: 42001 }));
      const body = Buffer.alloc(length, 'abc');
      const status = await new Promise((resolve, reject) => {
        const request = http.request(
          {
            port,
            method: 'POST',
            path: '/cgi-bin/media/upload?type=image',
            headers: { authorization: `Bearer ${keys.all}`, 'transfer-encoding': 'chunked' },
          },
          (response) => response.resume().on('end', () => resolve(response.statusCode)),
        );
        request.on('error', reject);
        request.write(body.subarray(0, 5));
        request.end(body.subarray(5));
      });
      expect(status).toBe(200);
      // Written down, it can be sent twice as well.
      expect(
        platform.requests.map(({ headers, body: got }) => [
          headers['content-length'],
          headers['transfer-encoding'],
          got.equals(body),
        ]),
      ).toEqual([
        [String(length), undefined, true],
        [String(length), undefined, true],
      ]);
    },
  );

  test('of more than 64 MiB are refused before they are read', async () => {
    const { port, platform } = await startRelay();
    const head = `POST /cgi-bin/media/upload HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${keys.all}\r\nConnection: close\r\n`;
    const answer = await raw(port, `${head}Content-Length: 67108865\r\n\r\nabc`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"type":"relay_body_too_large"');
    expect(platform.requests).toEqual([]);
  });

  test('that need room on a full disk say so', async () => {
    const spool = async () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
    const { port } = await startRelay({ spool });
    const chunk = `100001\r\n${'a'.repeat(0x100001)}\r\n0\r\n\r\n`;
    const head = `POST /cgi-bin/media/upload HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${keys.all}\r\nConnection: close\r\n`;
    expect(await raw(port, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`)).toContain(
      'no room for a body that is sent in chunks',
    );
  });

  test('of answers come through whole, also those of pictures', async () => {
    const { ask, platform, records } = await startRelay();
    const picture = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
    platform.answers.push((_request, response) => {
      response.writeHead(200, {
        'content-type': 'image/jpeg',
        'content-disposition': 'attachment; filename="a.jpg"',
      });
      response.end(picture);
    });
    const response = await fetch(`${(await startRelay({ platform })).url}/cgi-bin/showqrcode?ticket=T%2B1`, {
      headers: { authorization: `Bearer ${keys.all}` },
    });
    expect(Buffer.from(await response.arrayBuffer()).equals(picture)).toBe(true);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="a.jpg"');
    // A picture of a code needs no token, so none is sent.
    expect(platform.requests.map(({ url }) => url)).toEqual(['/cgi-bin/showqrcode?ticket=T%2B1']);
    expect([ask, records]).toHaveLength(2);
  });
});

describe('a platform that does not answer', () => {
  const call = async (
    answer: (request: unknown, response: http.ServerResponse) => void,
    timeoutMs = 10_000,
  ) => {
    const relay = await startRelay({ timeoutMs });
    relay.platform.answers.push(answer);
    const found = await relay.ask('/cgi-bin/menu/get');
    return { ...found, body: parse(found.text), records: relay.records };
  };

  test('is named: it closes the connection', async () => {
    const { status, relay, body } = await call((_request, response) => response.destroy());
    expect({ status, relay, body }).toMatchObject({
      status: 502,
      relay: 'relay_upstream_unreachable',
      body: { errcode: -1, error: { retryable: true, request_sent: true } },
    });
  });

  test('is named: it stays silent', async () => {
    const { status, relay } = await call(() => {}, 30);
    expect({ status, relay }).toEqual({ status: 504, relay: 'relay_upstream_timeout' });
  });

  test('is named: it is not there', async () => {
    const platform = await startPlatform();
    platform.server.close();
    const { ask } = await startRelay({ platform });
    const { status, text } = await ask('/cgi-bin/menu/get');
    expect({ status, ...parse(text) }).toMatchObject({ status: 502, error: { request_sent: false } });
  });

  test('is named: it redirects, which is not followed and not passed on', async () => {
    const elsewhere = await startPlatform();
    const { status, headers, text } = await call((_request, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/cgi-bin/menu/get` }).end();
    });
    expect({ status, location: headers.get('location') }).toEqual({ status: 502, location: null });
    expect(text).toContain('redirects are not followed');
    expect(elsewhere.requests).toEqual([]);
  });

  test('is named: it compresses what nobody asked to be compressed', async () => {
    const { status } = await call((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
    });
    expect(status).toBe(502);
  });

  test('in the middle of a long answer leaves it without an end', async () => {
    const { platform, url } = await startRelay();
    platform.answers.push((_request, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 });
      response.write('a'.repeat(500_000), () => response.destroy());
    });
    const response = await fetch(`${url}/cgi-bin/media/get`, {
      headers: { authorization: `Bearer ${keys.all}` },
    });
    await expect(response.text()).rejects.toThrow('terminated');
  });
});

describe('a request that tries to get elsewhere', () => {
  const head = `Host: x\r\nAuthorization: Bearer ${keys.all}\r\nConnection: close\r\n\r\n`;

  test.each([
    ['http://127.0.0.1:1/cgi-bin/menu/get', 400],
    ['http://evil.example/cgi-bin/menu/get', 400],
    ['http://evil.example@api.weixin.qq.com/cgi-bin/menu/get', 400],
    ['//evil.example/cgi-bin/menu/get', 403],
    ['/\\evil.example/cgi-bin/menu/get', 403],
    ['/cgi-bin/menu/get@evil.example', 403],
    ['/cgi-bin/x/../menu/get', 403],
    ['/cgi-bin/menu/get/', 403],
    ['/cgi-bin/menu/get;x', 403],
    ['*', 400],
  ])('gets nowhere: %s', async (target, status) => {
    const { port, platform } = await startRelay();
    expect(await raw(port, `GET ${target} HTTP/1.1\r\n${head}`)).toMatch(
      new RegExp(`^HTTP/1\\.1 ${status} `),
    );
    expect(platform.requests).toEqual([]);
  });

  test('is answered for the old host of files as for any other of the platform', async () => {
    const { port, platform } = await startRelay();
    const answer = await raw(
      port,
      `GET http://file.api.weixin.qq.com/cgi-bin/media/get?media_id=1 HTTP/1.1\r\n${head}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(platform.requests.map((request) => seen(request).path)).toEqual(['/cgi-bin/media/get?media_id=1']);
  });
});

describe('operation', () => {
  test('tells that it is there without a key, and nothing else', async () => {
    const { ask, records } = await startRelay();
    const { status, text, relay } = await ask('/healthz', { key: '' });
    expect({ status, text, relay }).toEqual({ status: 200, text: '{"ok":true}', relay: 'answered' });
    await ask('/metrics', { key: '' });
    // Nor do the probes fill the log.
    expect(records).toEqual([]);
  });

  test('tells a client what its key is good for', async () => {
    const { ask } = await startRelay({ appIds: [appId, otherAppId] });
    const tell = async (key: string, path = '/healthz') => parse((await ask(path, { key })).text);
    const common = { ok: true, read_only: false };
    expect(await tell(keys.all)).toEqual({
      ...common,
      client: 'all',
      accounts: [appId, otherAppId],
      prefixes: null,
    });
    expect(await tell(keys.other, `/${otherAppId}/healthz`)).toEqual({
      ...common,
      client: 'other',
      accounts: [otherAppId],
      prefixes: [`/${otherAppId}/cgi-bin`],
    });
    expect(await tell('key-of-nobody-0123456789')).toMatchObject({ error: { type: 'relay_key_invalid' } });
    expect(await tell(keys.all, '/wx0000000000000000/healthz')).toMatchObject({
      error: { type: 'relay_account_unknown' },
    });
  });

  test.each([
    ['on this machine', true, '', {}, 200],
    ['through a proxy', true, '', { 'x-forwarded-for': '203.0.113.1' }, 401],
    ['through a proxy, with the right', true, keys.service, { 'x-forwarded-for': '203.0.113.1' }, 200],
    ['from elsewhere', false, '', {}, 401],
    ['from elsewhere, without the right', false, keys.all, {}, 403],
    ['from elsewhere, with the right', false, keys.service, {}, 200],
  ])('shows its metrics %s', async (_what, isLocal, key, headers, status) => {
    const { ask } = await startRelay({ isLocal });
    expect((await ask('/metrics', { key, headers })).status).toBe(status);
  });

  test('counts by account, path, status and errcode, and by client', async () => {
    const { ask, platform } = await startRelay();
    platform.answers.push(json({ errcode: 40003 }));
    await ask('/cgi-bin/user/info?openid=x');
    await ask('/cgi-bin/user/info?openid=x');
    await ask('/"evil{path}', { key: keys.menu });
    const lines = (await ask('/metrics', { key: '' })).text.split('\n');
    const name = 'wechat_mp_relay';
    expect(lines).toContain(
      `${name}_requests_total{account="${appId}",path="/cgi-bin/user/info",status="200",errcode="40003"} 1`,
    );
    expect(lines).toContain(
      `${name}_requests_total{account="${appId}",path="/cgi-bin/user/info",status="200",errcode="0"} 1`,
    );
    expect(lines).toContain(`${name}_requests_total{account="",path="",status="403",errcode="48001"} 1`);
    expect(lines).toContain(`${name}_client_requests_total{client="all",outcome="passed"} 2`);
    expect(lines).toContain(`${name}_request_duration_seconds_count 3`);
    expect(lines.every((line) => line === '' || /^# (HELP|TYPE) |^\w+(\{[^}]*\})? [\d.]+$/.test(line))).toBe(
      true,
    );
  });

  test('finishes what it has begun and refuses what is new, when it is stopped', async () => {
    const { ask, platform, relay, records } = await startRelay();
    const arrived = new Promise<() => void>((resolve) => {
      platform.answers.push((request, response) => resolve(() => json({ errcode: 0 })(request, response)));
    });
    const running = ask('/cgi-bin/menu/get');
    const answer = await arrived;
    relay.stop();
    const refused = await ask('/cgi-bin/menu/get');
    expect([refused.status, refused.relay]).toEqual([503, 'relay_stopping']);
    answer();
    expect((await running).relay).toBe('passed');
    expect(records.map(({ outcome }) => outcome)).toEqual(['relay_stopping', 'passed']);
  });

  test('gives up a call whose client has gone', async () => {
    const { url, platform, records } = await startRelay();
    const gone = new Promise<void>((resolve) => {
      platform.answers.push((_request, response) => void response.on('close', resolve));
    });
    const stop = new AbortController();
    const asking = fetch(`${url}/cgi-bin/menu/get`, {
      headers: { authorization: `Bearer ${keys.all}` },
      signal: stop.signal,
    }).catch(() => 'gone');
    while (platform.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    await Promise.all([asking, gone]);
    while (records.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(records).toMatchObject([{ outcome: 'gone', status: 0, client: 'all' }]);
  });
});
