import { describe, expect, test } from 'vitest';
import { decodeEncodingAESKey } from '../../../src/core/callback/message-crypto.ts';
import type { Fetch } from '../../../src/io/ports.ts';
import { createPushRequest, deliver, deliverLikePlatform } from '../../../src/simulator/push/push.ts';
import type { PushTarget, PushWorld } from '../../../src/simulator/push/push.ts';
import { loadSample } from '../../../src/simulator/push/sample-messages.ts';
import { pushOf, renew, sampleFields } from '../../../src/simulator/push/trigger-message.ts';
import { fakeFetch, networkError } from '../../helpers/fake-fetch.ts';
import { handlerFetch, honestHandler, testAccount, timeout } from '../../helpers/handler-fetch.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';
import { WechatMpError } from '../../../src/core/errors.ts';

const startMs = 1_714_036_504_000;

function worldOf(fetch: Fetch): PushWorld {
  let drawn = 0;
  const random = { bytes: (count: number) => Uint8Array.from({ length: count }, () => (drawn += 1) % 251) };
  return { fetch, clock: createManualClock(startMs), random };
}

const target = (more: Partial<PushTarget> = {}): PushTarget => ({
  url: 'http://localhost:3000/wechat',
  mode: 'safe',
  format: 'xml',
  callbackToken: testAccount.callbackToken,
  appId: testAccount.appId,
  key: decodeEncodingAESKey(testAccount.encodingAESKey),
  ...more,
});

async function textPush(world: PushWorld, id = 'text', format: 'xml' | 'json' = 'xml') {
  const sample = await loadSample(id);
  if (sample === undefined) throw new Error(id);
  return pushOf(renew(sampleFields(sample, format), world), format);
}

describe('createPushRequest()', () => {
  test('has query, headers and body as the platform sends them', async () => {
    const world = worldOf(fakeFetch().fetch);
    const push = await textPush(world);
    const { url, headers, body, method } = createPushRequest(world, target({ mode: 'plain' }), push);
    expect({ method, headers, body }).toEqual({
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: push.text,
    });
    expect([...new URL(url).searchParams.keys()]).toEqual(['signature', 'timestamp', 'nonce', 'openid']);
    const safe = new URL(createPushRequest(world, target({ format: 'json' }), push).url).searchParams;
    expect([...safe.keys()].slice(4)).toEqual(['encrypt_type', 'msg_signature']);
    expect(safe.get('timestamp')).toBe('1714036504');
    expect(safe.get('openid')).toBe(push.message.fromUserName);
  });

  test.each(['signature', 'body', 'timestamp', 'appid'] as const)(
    'with a spoilt %s is refused by a server that takes the honest one',
    async (tampering) => {
      const { clock } = worldOf(fakeFetch().fetch);
      const { fetch } = handlerFetch(
        honestHandler(clock, { reply: () => ({ msgType: 'text', content: 'hi' }) }),
      );
      const world = { ...worldOf(fetch), clock };
      const push = await textPush(world);
      expect((await deliver(world, target(), push)).verdict?.valid).toBe(true);
      const spoilt = createPushRequest(world, target(), push, tampering);
      const delivery = await deliver(world, target(), push, spoilt);
      expect(delivery).toMatchObject({ verdict: undefined, exchange: { response: { status: 403 } } });
    },
  );

  test('a spoilt push differs in nothing else', async () => {
    const world = (): PushWorld => worldOf(fakeFetch().fetch);
    const push = await textPush(world());
    const honest = createPushRequest(world(), target(), push);
    const body = createPushRequest(world(), target(), push, 'body');
    expect(body.url).toBe(honest.url);
    const [one, other] = [String(honest.body), String(body.body)];
    expect([...one].filter((character, at) => character !== other[at])).toHaveLength(1);
    const signature = createPushRequest(world(), target(), push, 'signature');
    expect(signature.body).toBe(honest.body);
    const timestamp = new URL(createPushRequest(world(), target(), push, 'timestamp').url).searchParams;
    expect(timestamp.get('timestamp')).toBe('1714036503');
    expect(timestamp.get('signature')).toBe(new URL(honest.url).searchParams.get('signature'));
  });
});

describe('deliver()', () => {
  test.each(['plain', 'compatible', 'safe'] as const)('judges a reply in %s mode', async (mode) => {
    const clock = createManualClock(startMs);
    const { fetch, requests } = handlerFetch(
      honestHandler(clock, { mode, reply: () => ({ msgType: 'text', content: '好' }) }),
    );
    const world = { ...worldOf(fetch), clock };
    const delivery = await deliver(world, target({ mode }), await textPush(world));
    expect(delivery).toMatchObject({
      finding: undefined,
      userSees: 'reply',
      verdict: { valid: true, encrypted: mode !== 'plain', reply: { msgType: 'text', content: '好' } },
    });
    expect(requests[0]).toMatchObject({ timeoutMs: 5000, allowHttp: true });
    expect(requests[0]?.headers).toMatchObject({ 'user-agent': 'Mozilla/4.0', accept: '*/*' });
  });

  test('sends JSON, to which nobody sees an answer', async () => {
    const clock = createManualClock(startMs);
    const { fetch, requests } = handlerFetch(honestHandler(clock, { reply: () => 'success' }));
    const world = { ...worldOf(fetch), clock };
    const push = await textPush(world, 'text', 'json');
    const delivery = await deliver(world, target({ format: 'json' }), push);
    expect(delivery).toMatchObject({ userSees: 'nothing', verdict: { valid: true } });
    expect(requests[0]?.headers?.['content-type']).toBe('application/json');
    expect(JSON.parse(String(requests[0]?.body))).toMatchObject({ Encrypt: expect.any(String) });
  });

  test.each([
    ['a refused connection', networkError('refused', false), 'refused'],
    ['a timeout', timeout(), 'timeout'],
    ['a redirect', { status: 302, headers: { location: '/x' } }, 'redirect'],
    ['an error page', { status: 500, body: 'oops' }, 'status'],
    ['a compressed answer', { headers: { 'content-encoding': 'gzip' }, body: 'x' }, 'gzip'],
  ] as const)('says what the person sees after %s', async (_what, answer, cause) => {
    const { fetch, requests } = fakeFetch(answer);
    const world = worldOf(fetch);
    const delivery = await deliver(world, target(), await textPush(world));
    expect(delivery).toMatchObject({ finding: { cause }, verdict: undefined, userSees: 'unavailable' });
    expect(requests).toHaveLength(1);
  });

  test('nobody sees a failure of an event that shows no answer', async () => {
    const world = worldOf(fakeFetch({ status: 500 }).fetch);
    expect((await deliver(world, target(), await textPush(world, 'unsubscribe'))).userSees).toBe('nothing');
  });

  test('is interrupted, but not by a failure of the network', async () => {
    const stopped = new WechatMpError({
      family: 'interrupted',
      type: 'interrupted',
      text: { en: 'x', zh: 'x' },
    });
    const world = worldOf(fakeFetch(stopped).fetch);
    await expect(deliver(world, target(), await textPush(world))).rejects.toBe(stopped);
  });
});

describe('deliverLikePlatform()', () => {
  test('tries three times with the same message, a new nonce and a new signature', async () => {
    const { fetch, requests } = fakeFetch(timeout(), { status: 502 }, networkError('reset', true));
    const world = worldOf(fetch);
    const push = await textPush(world);
    const deliveries = await deliverLikePlatform(world, target({ mode: 'plain' }), push);
    expect(deliveries.map(({ finding }) => finding?.cause)).toEqual([
      'timeout',
      'upstream_unreachable',
      'reset',
    ]);
    expect(new Set(requests.map(({ body }) => body))).toEqual(new Set([push.text]));
    expect(new Set(requests.map(({ parsedUrl }) => parsedUrl.searchParams.get('nonce'))).size).toBe(3);
    expect(new Set(requests.map(({ parsedUrl }) => parsedUrl.searchParams.get('signature'))).size).toBe(3);
    expect(new Set(requests.map(({ timeoutMs }) => timeoutMs))).toEqual(new Set([5000]));
  });

  test('stops with the first answer, whatever it says', async () => {
    for (const body of ['success', '', '<html>oops</html>']) {
      const { fetch, requests } = fakeFetch(timeout(), { body });
      const world = worldOf(fetch);
      expect(await deliverLikePlatform(world, target(), await textPush(world))).toHaveLength(2);
      expect(requests).toHaveLength(2);
    }
  });
});
