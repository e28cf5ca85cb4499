import jpeg from 'jpeg-js';
import jsQR from 'jsqr';
import { describe, expect, test } from 'vitest';
import { parseQrTicket } from '../../../../src/core/qrcode/ticket.ts';
import { simulate, startMs, type Simulated } from '../../simulated.ts';

const create = '/cgi-bin/qrcode/create';

const temporary = (scene: unknown, expire: unknown = 604_800): unknown => ({
  expire_seconds: expire,
  action_name: 'QR_SCENE',
  action_info: { scene: { scene_id: scene } },
});
const permanent = (scene: unknown): unknown => ({
  action_name: 'QR_LIMIT_SCENE',
  action_info: { scene: { scene_id: scene } },
});
const permanentText = (scene: unknown): unknown => ({
  action_name: 'QR_LIMIT_STR_SCENE',
  action_info: { scene: { scene_str: scene } },
});
const text = (scene: unknown): unknown => ({
  expire_seconds: 60,
  action_name: 'QR_STR_SCENE',
  action_info: { scene: { scene_str: scene } },
});

async function create1(body: unknown): Promise<number> {
  const { errcode, path } = simulate();
  return errcode('POST', await path(create), body);
}

function show({ call }: Simulated, ticket = ''): Promise<Response> {
  return call('GET', `/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`);
}

describe('POST /cgi-bin/qrcode/create', () => {
  test('answers ticket, life and url of a temporary code, without an errcode', async () => {
    const { ask, path } = simulate();
    const answer = await ask('POST', await path(create), temporary(123));
    expect(answer).toEqual({
      ticket: expect.any(String),
      expire_seconds: 604_800,
      url: expect.stringMatching(/^http:\/\/weixin\.qq\.com\/q\/02[A-Za-z0-9_-]{20}$/),
    });
    expect(parseQrTicket(answer.ticket ?? '')).toMatchObject({
      url: answer.url,
      createdAtSeconds: startMs / 1000,
      expireSeconds: 604_800,
    });
  });

  test('answers a permanent code without expire_seconds', async () => {
    const { ask, path } = simulate();
    const answer = await ask('POST', await path(create), permanent(123));
    expect(Object.keys(answer)).toEqual(['ticket', 'url']);
    expect(parseQrTicket(answer.ticket ?? '')).toMatchObject({
      url: answer.url,
      createdAtSeconds: startMs / 1000,
    });
  });

  test('makes a new temporary code each time, and one permanent code for each scene', async () => {
    const { ask, path } = simulate();
    const url = await path(create);
    expect(await ask('POST', url, temporary(1))).not.toEqual(await ask('POST', url, temporary(1)));
    const one = await ask('POST', url, permanent(1));
    expect(await ask('POST', url, permanent(1))).toEqual(one);
    expect((await ask('POST', url, permanent(2))).url).not.toBe(one.url);
    expect((await ask('POST', url, permanentText('1'))).url).not.toBe(one.url);
  });

  test.each([
    ['temporary 0', temporary(0), 40053],
    ['temporary 1', temporary(1), 0],
    ['temporary 4294967295', temporary(4_294_967_295), 0],
    ['temporary 4294967296', temporary(4_294_967_296), 40053],
    ['expiring after 0 s', temporary(1, 0), 40053],
    ['expiring after 1 s', temporary(1, 1), 0],
    ['expiring after 30 days', temporary(1, 2_592_000), 0],
    ['expiring after 30 days and a second', temporary(1, 2_592_001), 40053],
    ['permanent 0', permanent(0), 40053],
    ['permanent 100000', permanent(100_000), 0],
    ['permanent 100001', permanent(100_001), 40053],
    ['an empty text', text(''), 40053],
    ['a text of 64 characters', text('字'.repeat(64)), 0],
    ['a text of 65 characters', text('字'.repeat(65)), 40053],
    ['no scene', { action_name: 'QR_SCENE' }, 40053],
    ['an unknown action', { action_name: 'QR', action_info: { scene: { scene_id: 1 } } }, 40052],
    ['no action', {}, 40052],
    ['something else than JSON', 'scene=1', 47001],
    ['nothing', undefined, 44002],
  ])('answers %s with the platform’s errcode', async (_, body, expected) => {
    expect(await create1(body)).toBe(expected);
  });

  test('writes the platform’s words', async () => {
    const { ask, path } = simulate();
    expect((await ask('POST', await path(create), {})).errmsg).toMatch(/^invalid action name rid: /);
    expect((await ask('POST', await path(create), temporary(0))).errmsg).toMatch(
      /^invalid action info rid: /,
    );
  });

  test.each([
    [false, 100_000],
    [true, 10_000],
  ])('has the platform’s daily calls for a test account %s: %i', async (isTest, limit) => {
    const { ask } = simulate();
    await ask('POST', '/_ctl/settings', { account_type: isTest ? 'test' : 'verified_service' });
    expect(await ask('GET', '/_ctl/state')).toMatchObject({ counters: { [create]: { used: 0, limit } } });
  });

  test('answers 45009 beyond the daily calls, and takes calls again at midnight in Beijing', async () => {
    const { ask, errcode, path, advance } = simulate();
    await ask('POST', '/_ctl/settings', { quotas: { [create]: 1 } });
    expect(await errcode('POST', await path(create), temporary(1))).toBe(0);
    const refused = await ask('POST', await path(create), temporary(1));
    expect(refused.errmsg).toMatch(/^reach max api daily quota limit rid: /);
    // It is 12:00 in Beijing.
    await advance('43199999ms');
    expect(await errcode('POST', await path(create), temporary(1))).toBe(45009);
    await advance('1ms');
    expect(await errcode('POST', await path(create), temporary(1))).toBe(0);
  });
});

describe('GET /cgi-bin/showqrcode', () => {
  test('answers a JPEG of the url with the documented headers, without a token', async () => {
    const simulated = simulate();
    const { ask, path } = simulated;
    const { ticket, url } = await ask('POST', await path(create), temporary(123));
    const response = await show(simulated, ticket);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      'accept-ranges': 'bytes',
      'cache-control': 'max-age=604800',
      'content-type': 'image/jpg',
      date: 'Thu, 15 Jan 2026 04:00:00 GMT',
      expires: 'Thu, 22 Jan 2026 04:00:00 GMT',
      server: 'wechat-mp-simulator',
      'x-content-type-options': 'nosniff',
    });
    const { width, height, data } = jpeg.decode(await response.arrayBuffer(), { useTArray: true });
    expect([width, height]).toEqual([430, 430]);
    expect(jsQR(new Uint8ClampedArray(data), width, height)?.data).toBe(url);
  });

  test('shows a temporary code until it ends, a permanent one for ever', async () => {
    const simulated = simulate();
    const { ask, path, advance } = simulated;
    const short = await ask('POST', await path(create), temporary(1, 60));
    const forEver = await ask('POST', await path(create), permanent(1));
    await advance('59999ms');
    expect((await show(simulated, short.ticket)).status).toBe(200);
    await advance('1ms');
    const gone = await show(simulated, short.ticket);
    expect([gone.status, await gone.text()]).toEqual([404, '']);
    await advance('3650d');
    expect((await show(simulated, forEver.ticket)).status).toBe(200);
  });

  test('answers 404 with an empty body to a bad, missing or unencoded ticket', async () => {
    const simulated = simulate();
    const { ask, call, path } = simulated;
    // The seconds 0xf800 stand in the ticket's last bytes, where they become a "+".
    const { ticket = '' } = await ask('POST', await path(create), temporary(1, 0xf800));
    expect(ticket).toContain('+');
    expect((await show(simulated, ticket)).status).toBe(200);
    for (const bad of [
      await call('GET', `/cgi-bin/showqrcode?ticket=${ticket}`),
      await call('GET', '/cgi-bin/showqrcode'),
      await show(simulated, `${ticket.slice(0, -4)}AAAA`),
    ]) {
      expect([bad.status, await bad.text()]).toEqual([404, '']);
    }
  });
});
