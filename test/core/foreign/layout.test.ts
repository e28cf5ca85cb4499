import { describe, expect, test } from 'vitest';
import {
  type LayoutName,
  layoutNames,
  recogniseKey,
  redisLayouts,
  ticketKey,
  tokenKeys,
  writingOf,
} from '../../../src/core/foreign/index.ts';

const appId = 'wx1234567890abcdef';
const secret = '0123456789abcdef0123456789abcdef';
const owner = { appId, secret };
const bag = 'Container:Senparc.Weixin.MP.Containers.AccessTokenBag';

/** Each library's own names, for this AppID and this AppSecret. */
const names: Readonly<Record<LayoutName, readonly string[]>> = {
  wxjava: ['wx:access_token:wx1234567890abcdef'],
  easywechat6: [
    'official_account.access_token.wx1234567890abcdef.0123456789abcdef0123456789abcdef.0',
    'official_account.access_token.wx1234567890abcdef.0123456789abcdef0123456789abcdef.1',
  ],
  easywechat5: ['easywechat.kernel.access_token.59d375fd8188c744d44c1a8ac05c6814'],
  wechatpy: ['wechatpy:wx1234567890abcdef_access_token'],
  silenceper: [
    'gowechat_officialaccount__access_token_wx1234567890abcdef',
    'gowechat_officialaccount__stable_access_token_wx1234567890abcdef',
  ],
  powerwechat: ['powerwechat.access_token.fbb62e58b9858fab1ce7f098ffd7055e'],
  senparc: [`Senparc:DefaultCache:${bag}:wx1234567890abcdef`],
  'node-easywechat': [
    'official_account.access_token.wx1234567890abcdef.0123456789abcdef0123456789abcdef.0',
    'official_account.access_token.wx1234567890abcdef.0123456789abcdef0123456789abcdef.1',
  ],
};

describe('tokenKeys()', () => {
  test.each(layoutNames)('names the keys of %s as that library does', (layout) => {
    expect(tokenKeys(layout, owner).map(({ name }) => name)).toEqual(names[layout]);
  });

  test.each(layoutNames)('shows no AppSecret in the keys of %s', (layout) => {
    expect(JSON.stringify(tokenKeys(layout, owner).map(({ shown }) => shown))).not.toContain(secret);
  });

  test('tells the endpoint where a name does', () => {
    const told = layoutNames.flatMap((layout) => tokenKeys(layout, owner)).map(({ endpoint }) => endpoint);
    expect(told.filter((endpoint) => endpoint !== undefined)).toEqual([
      'token',
      'stable_token',
      'token',
      'stable_token',
      'token',
      'stable_token',
    ]);
  });

  test('has none where a name needs an AppSecret that nobody knows', () => {
    const without = layoutNames.filter(
      (layout) => tokenKeys(layout, { appId, secret: undefined }).length === 0,
    );
    expect(without).toEqual(['easywechat6', 'easywechat5', 'powerwechat', 'node-easywechat']);
  });

  test.each([
    ['shop', 'shop:access_token:'],
    ['shop:', 'shop:access_token:'],
    ['shop_', 'shop_access_token:'],
    ['', 'access_token:'],
  ])('puts the prefix "%s" before the name', (prefix, begins) => {
    expect(tokenKeys('wxjava', owner, prefix)[0]?.name).toBe(begins + appId);
  });

  test('looks for a bag of Senparc in the hash of its bags, too', () => {
    expect(tokenKeys('senparc', owner)[0]?.hash).toEqual({
      name: `Senparc:DefaultCache:${bag}`,
      field: appId,
    });
  });
});

test('ticketKey() names the tickets as the libraries do', () => {
  const jsapi = redisLayouts.map((layout) => ticketKey(layout, 'jsapi', appId)?.name);
  expect(jsapi).toEqual([
    `wx:ticket:key:${appId}:jsapi`,
    `official_account.jsapi_ticket.${appId}`,
    `easywechat.basic_service.jssdk.ticket.jsapi.${appId}`,
    `wechatpy:${appId}_jsapi_ticket`,
    `gowechat_officialaccount__jsapi_ticket_${appId}`,
    `powerwechat.basic_service.jssdk.ticket.jsapi.${appId}`,
    `Senparc:DefaultCache:Container:Senparc.Weixin.MP.Containers.JsApiTicketBag:${appId}`,
  ]);
  expect(ticketKey('wxjava', 'wx_card', appId)?.name).toBe(`wx:ticket:key:${appId}:wx_card`);
  expect(ticketKey('wechatpy', 'wx_card', appId)).toMatchObject({
    name: `wechatpy:${appId}_jsapi_card_ticket`,
    endName: `wechatpy:${appId}_jsapi_card_ticket_expires_at`,
  });
  expect(ticketKey('node-easywechat', 'jsapi', appId)?.name).toBe(`official_account.jsapi_ticket.${appId}`);
  expect(ticketKey('silenceper', 'wx_card', appId)).toBeUndefined();
});

describe('recogniseKey()', () => {
  test.each(redisLayouts)('knows the keys of %s again, with any prefix', (layout) => {
    for (const prefix of [undefined, 'shop', 'a:b', 'laravel_database_laravel_cache_:', 'x-'])
      for (const key of tokenKeys(layout, owner, prefix)) {
        // WxJava and wechatpy have a colon after theirs, whatever it is.
        const needsColon = layout === 'wxjava' || layout === 'wechatpy' || layout === 'senparc';
        const wanted = needsColon && prefix === 'x-' ? undefined : key;
        expect(recogniseKey(key.name, owner)).toEqual(wanted);
      }
  });

  test('knows the hash of Senparc', () => {
    expect(recogniseKey(`Senparc:Shop:${bag}`, owner)).toEqual(
      tokenKeys('senparc', owner, 'Senparc:Shop')[0],
    );
  });

  test('masks an AppSecret that it has never seen', () => {
    const other = 'f'.repeat(32);
    const name = `app:official_account.access_token.${appId}.${other}.1`;
    for (const known of [undefined, secret]) {
      const key = recogniseKey(name, { appId, secret: known });
      expect(key?.shown).toBe(`app:official_account.access_token.${appId}.***.1`);
      expect(key).toMatchObject({ name, prefix: 'app', endpoint: 'stable_token' });
    }
  });

  test.each([
    `wechat_authorizer_access_token:${appId}`,
    `wx:wechat_authorizer_access_token:${appId}`,
    'wx:access_token:wx0000000000000000',
    `xwx:access_token:${appId}:1`,
    `official_account.access_token.wx0000000000000000.${secret}.0`,
    // No prefix ends in the middle of a word.
    `a:x${names.silenceper[0]}`,
    `xofficial_account.access_token.${appId}.${'f'.repeat(32)}.1`,
    `official_account.access_token.${appId}.${'f'.repeat(32)}.10`,
  ])('leaves alone what is another thing: %s', (name) => {
    expect(recogniseKey(name, owner)).toBeUndefined();
  });
});

test('writingOf() says how a library writes and locks', () => {
  const writing = (layout: LayoutName) => {
    const found = writingOf(layout);
    return 'refused' in found ? expect.fail(layout) : found;
  };
  expect(writing('wxjava').lock?.('shop', appId)).toEqual({
    name: `shop:lock:${appId}:accessTokenLock`,
    leaseMs: 60_000,
  });
  expect(writing('powerwechat').encode('TOKEN', 7200)).toBe('{"access_token":"TOKEN","expires_in":7200}');
  expect(writing('wechatpy').encode('TOKEN', 7200)).toBe('"TOKEN"');
  expect(writing('silenceper').early).toEqual({ stable_token: 300, token: 1500 });
});
