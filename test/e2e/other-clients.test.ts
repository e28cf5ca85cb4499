/**
 * The simulator towards clients of other people: what the official pages say, asked with plain `fetch` and `node:http`
 * and compared with texts that are written out here.
 */
import http from 'node:http';
import { describe, expect, test } from 'vitest';
import { startSimulator, type RunningSimulator } from '../helpers/command.ts';
import { readQr } from './qr-readers.ts';

interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: Record<string, unknown>;
}

/** One exchange with `node:http`, over a connection of its own. */
function ask(
  url: string,
  { method = 'GET', body }: { method?: string; body?: string | Uint8Array } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'],
          body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>,
        }),
      );
    });
    request.on('error', reject);
    request.end(body);
  });
}

const json = { status: 200, type: 'application/json; encoding=utf-8' };

/** A refusal as it stands on the wire: HTTP 200, the words, a request id of three groups. */
function refusal(errcode: number, errmsg: string): unknown {
  const rid = '[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}';
  const words = errmsg.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return { ...json, body: { errcode, errmsg: expect.stringMatching(new RegExp(`^${words} rid: ${rid}$`)) } };
}

const ok = { ...json, body: { errcode: 0, errmsg: 'ok' } };

async function stableToken({ url, appid, secret }: RunningSimulator, more: object = {}): Promise<Answer> {
  const body = JSON.stringify({ grant_type: 'client_credential', appid, secret, ...more });
  return await ask(`${url}/cgi-bin/stable_token`, { method: 'POST', body });
}

async function tokenOf(simulator: RunningSimulator): Promise<string> {
  return String((await stableToken(simulator)).body['access_token']);
}

describe('获取接口调用凭据 (GET /cgi-bin/token)', () => {
  const classic = (
    { url, appid, secret }: RunningSimulator,
    change: Record<string, string> = {},
  ): Promise<Answer> => {
    const query = new URLSearchParams({ grant_type: 'client_credential', appid, secret, ...change });
    return ask(`${url}/cgi-bin/token?${query}`);
  };

  test('makes a new token each time; the one before lives for five minutes more', async () => {
    const simulator = await startSimulator();
    const first = await classic(simulator);
    const wanted = { access_token: expect.stringMatching(/^SIM_[\w-]{132}$/), expires_in: 7200 };
    expect(first).toEqual({ ...json, body: wanted });
    const second = await classic(simulator);
    expect(second).toEqual({ ...json, body: wanted });
    const use = (token: unknown): Promise<Answer> =>
      ask(`${simulator.url}/cgi-bin/menu/get?access_token=${String(token)}`);
    const [one, two] = [first.body['access_token'], second.body['access_token']];
    expect(one).not.toBe(two);
    await simulator.control('clock', { advance: '299s' });
    expect(await use(one)).toEqual(refusal(46003, 'menu no exist'));
    await simulator.control('clock', { advance: '1s' });
    expect(await use(one)).toEqual(
      refusal(40001, 'invalid credential, access_token is invalid or not latest'),
    );
    expect(await use(two)).toEqual(refusal(46003, 'menu no exist'));
    await simulator.control('clock', { advance: '2h' });
    expect(await use(two)).toEqual(refusal(42001, 'access_token expired'));
  });

  test('refuses in the platform’s words', async () => {
    const simulator = await startSimulator();
    expect(await classic(simulator, { appid: 'wx0000000000000000' })).toEqual(
      refusal(40013, 'invalid appid'),
    );
    expect(await classic(simulator, { appid: '' })).toEqual(refusal(41002, 'appid missing'));
    expect(await classic(simulator, { secret: 'f'.repeat(32) })).toEqual(refusal(40125, 'invalid appsecret'));
    expect(await classic(simulator, { secret: '' })).toEqual(refusal(41004, 'appsecret missing'));
    expect(await classic(simulator, { grant_type: 'password' })).toEqual(
      refusal(40002, 'invalid grant_type'),
    );
    await simulator.control('settings', { whitelist: ['203.0.113.7'] });
    expect(await classic(simulator)).toEqual(
      refusal(40164, 'invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist'),
    );
  });
});

describe('获取稳定版接口调用凭据 (POST /cgi-bin/stable_token)', () => {
  test('returns the same token until five minutes before its end', async () => {
    const simulator = await startSimulator();
    const first = await stableToken(simulator);
    expect(first).toMatchObject({ ...json, body: { expires_in: 7200 } });
    await simulator.control('clock', { advance: '6899s' });
    const late = await stableToken(simulator);
    expect(late.body['access_token']).toBe(first.body['access_token']);
    // Real time goes by as well.
    expect(late.body['expires_in']).toBeGreaterThanOrEqual(300);
    expect(late.body['expires_in']).toBeLessThanOrEqual(301);
    await simulator.control('clock', { advance: '1s' });
    const next = await stableToken(simulator);
    expect(next.body['access_token']).not.toBe(first.body['access_token']);
    expect(next.body['expires_in']).toBe(7200);
  });

  test('a forced refresh works once within 30 s', async () => {
    const simulator = await startSimulator();
    const old = await tokenOf(simulator);
    const forced = (await stableToken(simulator, { force_refresh: true })).body['access_token'];
    expect(forced).not.toBe(old);
    expect((await ask(`${simulator.url}/cgi-bin/menu/get?access_token=${old}`)).body['errcode']).toBe(40001);
    expect((await stableToken(simulator, { force_refresh: true })).body['access_token']).toBe(forced);
    await simulator.control('clock', { advance: '30s' });
    expect((await stableToken(simulator, { force_refresh: true })).body['access_token']).not.toBe(forced);
  });

  test('takes POST with JSON only', async () => {
    const simulator = await startSimulator();
    const url = `${simulator.url}/cgi-bin/stable_token`;
    expect(await ask(url)).toEqual(refusal(43002, 'require POST method'));
    expect(await ask(url, { method: 'POST' })).toEqual(refusal(44002, 'empty post data'));
    expect(await ask(url, { method: 'POST', body: 'grant_type=client_credential' })).toEqual(
      refusal(47001, 'data format error'),
    );
  });
});

describe('自定义菜单', () => {
  const menu = {
    button: [
      { type: 'click', name: '今日歌曲', key: 'V1001_TODAY_MUSIC' },
      { name: '菜单', sub_button: [{ type: 'view', name: '搜索', url: 'http://www.soso.com/' }] },
    ],
  };

  test('create, get and delete speak as the official page shows', async () => {
    const simulator = await startSimulator();
    const token = await tokenOf(simulator);
    const url = (verb: string): string => `${simulator.url}/cgi-bin/menu/${verb}?access_token=${token}`;
    expect(await ask(url('get'))).toEqual(refusal(46003, 'menu no exist'));
    expect(await ask(url('create'), { method: 'POST', body: JSON.stringify(menu) })).toEqual(ok);
    expect(await ask(url('get'))).toEqual({
      ...json,
      body: {
        menu: {
          button: [
            { type: 'click', name: '今日歌曲', key: 'V1001_TODAY_MUSIC', sub_button: [] },
            {
              name: '菜单',
              sub_button: [{ type: 'view', name: '搜索', url: 'http://www.soso.com/', sub_button: [] }],
            },
          ],
        },
      },
    });
    expect(await ask(url('delete'))).toEqual(ok);
    expect(await ask(url('get'))).toEqual(refusal(46003, 'menu no exist'));
  });

  test.each<readonly [string, string | Uint8Array, number, string]>([
    [
      'escapes',
      String.raw`{"button":[{"type":"click","name":"\u4eca","key":"a"}]}`,
      40033,
      String.raw`invalid charset. please check your request, if include \uxxxx will create fail!`,
    ],
    [
      'GBK',
      Buffer.from([
        ...Buffer.from('{"button":[{"type":"click","name":"'),
        0xbd,
        0xf1,
        ...Buffer.from('","key":"a"}]}'),
      ]),
      65318,
      'must use utf-8 charset',
    ],
    ['four buttons', JSON.stringify({ button: Array(4).fill(menu.button[0]) }), 40016, 'invalid button size'],
    [
      'a name of 17 bytes',
      JSON.stringify({ button: [{ ...menu.button[0], name: '今日歌曲今xx' }] }),
      40018,
      'invalid button name size',
    ],
    ['an unknown type', '{"button":[{"type":"tap","name":"a","key":"b"}]}', 40017, 'invalid button type'],
    ['words', 'menu', 47001, 'data format error'],
  ])('create refuses %s', async (_, body, errcode, errmsg) => {
    const simulator = await startSimulator();
    const url = `${simulator.url}/cgi-bin/menu/create?access_token=${await tokenOf(simulator)}`;
    expect(await ask(url, { method: 'POST', body })).toEqual(refusal(errcode, errmsg));
    expect(await simulator.control('state')).toMatchObject({
      menu: { default: null, conditional: [], console: null },
    });
  });

  test('needs an access_token that could be one', async () => {
    const { url } = await startSimulator();
    expect(await ask(`${url}/cgi-bin/menu/get`)).toEqual(refusal(41001, 'access_token missing'));
    expect(await ask(`${url}/cgi-bin/menu/get?access_token=x`)).toEqual(
      refusal(40014, 'invalid access_token'),
    );
    expect(await ask(`${url}/cgi-bin/menu/create?access_token=x`)).toEqual(
      refusal(43002, 'require POST method'),
    );
  });
});

describe('生成带参数的二维码', () => {
  const create = async (simulator: RunningSimulator, body: object): Promise<Answer> => {
    const url = `${simulator.url}/cgi-bin/qrcode/create?access_token=${await tokenOf(simulator)}`;
    return await ask(url, { method: 'POST', body: JSON.stringify(body) });
  };

  test('a temporary and a permanent code, and the picture of each for anybody', async () => {
    const simulator = await startSimulator();
    const temporary = await create(simulator, {
      expire_seconds: 604_800,
      action_name: 'QR_SCENE',
      action_info: { scene: { scene_id: 123 } },
    });
    const ticket = expect.stringMatching(/^[\w+/-]+={0,2}$/);
    const url = expect.stringMatching(/^http:\/\/weixin\.qq\.com\/q\/[\w-]+$/);
    expect(temporary).toEqual({ ...json, body: { ticket, expire_seconds: 604_800, url } });
    const permanent = await create(simulator, {
      action_name: 'QR_LIMIT_STR_SCENE',
      action_info: { scene: { scene_str: 'shop-7' } },
    });
    expect(permanent).toEqual({ ...json, body: { ticket, url } });
    for (const { body } of [temporary, permanent]) {
      const query = new URLSearchParams({ ticket: String(body['ticket']) });
      const response = await fetch(`${simulator.url}/cgi-bin/showqrcode?${query}`);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/jpg']);
      const picture = new Uint8Array(await response.arrayBuffer());
      expect(await readQr(picture)).toEqual([body['url'], body['url']]);
    }
    const unknown = await fetch(`${simulator.url}/cgi-bin/showqrcode?ticket=gQH`);
    expect([unknown.status, await unknown.text()]).toEqual([404, '']);
  });

  test.each<readonly [string, object, number, string]>([
    [
      'an unknown action',
      { action_name: 'QR', action_info: { scene: { scene_id: 1 } } },
      40052,
      'invalid action name',
    ],
    [
      'scene 0',
      { action_name: 'QR_SCENE', action_info: { scene: { scene_id: 0 } } },
      40053,
      'invalid action info',
    ],
    [
      'permanent scene 100001',
      { action_name: 'QR_LIMIT_SCENE', action_info: { scene: { scene_id: 100_001 } } },
      40053,
      'invalid action info',
    ],
  ])('refuses %s', async (_, body, errcode, errmsg) => {
    expect(await create(await startSimulator(), body)).toEqual(refusal(errcode, errmsg));
  });
});

describe('获取 ticket', () => {
  test('is the same one until its end, and survives a new access_token', async () => {
    const simulator = await startSimulator();
    const get = async (type: string): Promise<Answer> =>
      ask(`${simulator.url}/cgi-bin/ticket/getticket?type=${type}&access_token=${await tokenOf(simulator)}`);
    const first = await get('jsapi');
    expect(first).toEqual({
      ...json,
      body: { errcode: 0, errmsg: 'ok', ticket: expect.stringMatching(/^SIM_[\w-]+$/), expires_in: 7200 },
    });
    await stableToken(simulator, { force_refresh: true });
    expect((await get('jsapi')).body['ticket']).toBe(first.body['ticket']);
    expect((await get('wx_card')).body['ticket']).not.toBe(first.body['ticket']);
    expect(await get('other')).toEqual(refusal(40097, 'invalid args'));
    await simulator.control('clock', { advance: '2h' });
    expect((await get('jsapi')).body['ticket']).not.toBe(first.body['ticket']);
  });
});

describe('what the platform has and the simulator has not', () => {
  test('is never a false success', async () => {
    const simulator = await startSimulator();
    const token = await tokenOf(simulator);
    const unknown = await ask(`${simulator.url}/cgi-bin/no/such?access_token=${token}`);
    expect(unknown).toMatchObject({ status: 404, body: { errcode: 40066 } });
    const post = (name: string) =>
      ask(`${simulator.url}/cgi-bin/${name}?access_token=${token}`, { method: 'POST', body: '{}' });
    expect(await post('groups/create')).toMatchObject({ status: 200, body: { errcode: 48001 } });
    expect(await post('shorturl')).toMatchObject({ status: 200, body: { errcode: 45106 } });
  });

  test('the rid begins with the time of the request', async () => {
    const simulator = await startSimulator();
    const { body } = await ask(`${simulator.url}/cgi-bin/token`);
    const [, time = ''] = / rid: ([0-9a-f]{8})-/.exec(String(body['errmsg'])) ?? [];
    const { now } = (await simulator.control('health')) as { now: string };
    expect(Math.abs(Number.parseInt(time, 16) - Date.parse(now) / 1000)).toBeLessThan(60);
  });
});
