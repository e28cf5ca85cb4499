import { describe, expect, test } from 'vitest';
import { platformError } from '../../src/api/platform-error.ts';
import { consolePlaces } from '../../src/core/account/console-places.ts';

const rid = '6aac005a-01bfdbee-79769285';

describe('platformError()', () => {
  test('names the address out of the errmsg in message, details and hint', async () => {
    const error = await platformError({
      errcode: 40164,
      errmsg: `invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: ${rid}`,
      path: '/cgi-bin/stable_token',
      appId: 'wx1234567890abcdef',
    });
    expect(error).toMatchObject({
      family: 'account',
      type: 'ip_not_allowed',
      errcode: 40164,
      retryable: false,
      text: {
        en: "WeChat refused the request: this machine's IP is not in the whitelist (40164)",
        zh: '微信拒绝了请求：本机 IP 不在白名单中（40164）',
      },
      hint: {
        en: `Add 203.0.113.7 at ${consolePlaces.ipWhitelist.en}; it takes effect within minutes`,
        zh: `请在 ${consolePlaces.ipWhitelist.zh}中添加 203.0.113.7，几分钟后生效`,
      },
      facts: {
        errcode: 40164,
        errmsg: 'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist',
        rid,
        ip: '203.0.113.7',
        path: '/cgi-bin/stable_token',
      },
    });
    expect(error.details[0]).toEqual({
      en: `203.0.113.7 called stable_token for wx1234567890abcdef   rid ${rid}`,
      zh: `203.0.113.7 调用 stable_token，AppID wx1234567890abcdef   rid ${rid}`,
    });
  });

  test('reads an IPv6 address, and has words for an errmsg without any', async () => {
    const hintFor = async (errmsg: string) =>
      (await platformError({ errcode: 40164, errmsg, path: '/cgi-bin/token' })).hint?.en;
    expect(await hintFor('invalid ip 2001:db8::7, not in whitelist')).toMatch(/^Add 2001:db8::7 at /);
    expect(await hintFor('not in whitelist')).toMatch(/^Add the IP of this machine at /);
  });

  test.each([
    [40164, '微信拒绝了请求：中继的 IP 不在白名单中（40164）', /^Add the relay's IP at /],
    [40125, '微信拒绝了请求：中继的 AppSecret 错误或已被重置（40125）', /^Ask who runs the relay to copy/],
    [40243, '微信拒绝了请求：中继的 AppSecret 已被冻结（40243）', /^Unfreeze it at /],
    [40013, '微信拒绝了请求：AppID 无效（40013）', /^Ask who runs the relay to copy/],
  ])('speaks of the relay where that has called: %i', async (errcode, zh, hint) => {
    const relay = 'https://relay.example.com';
    const path = '/cgi-bin/clear_quota/v2';
    const error = await platformError({ errcode, errmsg: '', path, relay, appSecret: 'a-key' });
    expect(error.text.zh).toBe(zh);
    expect(error.hint?.en).toMatch(hint);
    expect(error.details.map(({ en }) => en)).toEqual([`The relay at ${relay} called clear_quota/v2`]);
  });

  test('takes 40001 for a wrong AppSecret at token endpoints only', async () => {
    const typeAt = async (path: string) => (await platformError({ errcode: 40001, errmsg: '', path })).type;
    expect(await typeAt('/cgi-bin/token')).toBe('invalid_appsecret');
    expect(await typeAt('/cgi-bin/stable_token')).toBe('invalid_appsecret');
    expect(await typeAt('/cgi-bin/menu/get')).toBe('invalid_token');
  });

  test('does not say that WeChat refused what it was too busy to answer', async () => {
    const error = await platformError({ errcode: -1, errmsg: 'system error', path: '/cgi-bin/menu/get' });
    expect(error).toMatchObject({ family: 'network', type: 'system_busy', retryable: true });
    expect(error.text.en).toBe('WeChat could not answer the request: the platform is busy (-1)');
    expect(error.text.zh).toBe('微信暂时无法处理请求：系统繁忙（-1）');
  });

  test('repeats the errmsg only where it says more than the table', async () => {
    const detailsFor = async (errmsg: string) =>
      (await platformError({ errcode: 40018, errmsg, path: '/cgi-bin/menu/create' })).details.map(
        ({ en }) => en,
      );
    expect(await detailsFor(`invalid button name size rid: ${rid}`)).toEqual([
      `This machine called menu/create   rid ${rid}`,
    ]);
    expect(await detailsFor('name of button 2 too long')).toEqual([
      'This machine called menu/create',
      'WeChat says: name of button 2 too long',
    ]);
  });

  test('says that a call is not simulated, and never a word about the account', async () => {
    const error = await platformError({
      errcode: 48001,
      errmsg: `api unauthorized: the simulator does not have POST /cgi-bin/wxopen/qrcodejumpget rid: ${rid}`,
      path: '/cgi-bin/wxopen/qrcodejumpget',
      notSimulated: true,
    });
    expect(error).toMatchObject({
      family: 'api',
      type: 'not_simulated',
      errcode: 48001,
      text: {
        en: 'This call is not simulated: the simulator does not have /cgi-bin/wxopen/qrcodejumpget (48001)',
        zh: '未模拟此接口：模拟器没有 /cgi-bin/wxopen/qrcodejumpget（48001）',
      },
      hint: {
        en: 'Try it on WeChat itself, or give it an answer with POST /_ctl/faults {"path","body"}',
        zh: '请直接在微信上调用，或用 POST /_ctl/faults {"path","body"} 为它指定应答',
      },
    });
    expect(error.hint?.en).not.toContain('permission');
  });

  test('names what does the same today for a call of before', async () => {
    const { hint } = await platformError({
      errcode: 48001,
      errmsg: 'api unauthorized',
      path: '/cgi-bin/groups/create',
      notSimulated: true,
    });
    expect(hint).toEqual({
      en: 'It is a call of before: /cgi-bin/tags/create does the same today, and is simulated',
      zh: '这是旧接口：现在由 /cgi-bin/tags/create 代替，模拟器支持',
    });
  });

  test('says of a missing permission which kinds of account have it', async () => {
    const hintFor = async (path: string) =>
      (await platformError({ errcode: 48001, errmsg: 'api unauthorized', path })).hint;
    const { en, zh } = consolePlaces.permissions;
    expect(await hintFor('/cgi-bin/message/template/send')).toEqual({
      en: `Only verified service accounts may use template messages; check the permission at ${en}`,
      zh: `仅已认证的服务号可使用模板消息；请在 ${zh}查看权限`,
    });
    expect(await hintFor('/cgi-bin/draft/add')).toEqual({
      en: `Check the permission at ${en}`,
      zh: `请在 ${zh}查看权限`,
    });
  });

  test('points to the official page for a code that nobody wrote about, and says where it was asked', async () => {
    const error = await platformError({
      errcode: 123456,
      errmsg: 'strange',
      path: '/cgi-bin/x',
      apiHost: '127.0.0.1:8090',
    });
    expect(error).toMatchObject({
      family: 'api',
      type: 'errcode_123456',
      hint: {
        en: 'Compare the call with its official page: the errmsg usually names the field',
        zh: '请对照该接口的官方文档检查请求：errmsg 通常会指出字段',
      },
    });
    expect(error.details[0]?.en).toBe('This machine called x on 127.0.0.1:8090');
    expect(error.text.en).toContain('not in the official table (123456)');
  });

  test('lets no control character, bidi override or endless text out of an errmsg', async () => {
    const errmsg = `\u001b[2Jbad\u202e\u0007 ${'x'.repeat(5000)}`;
    const error = await platformError({ errcode: 123456, errmsg, path: '/cgi-bin/x' });
    expect(error.facts.errmsg).toMatch(/^bad x+$/);
    expect(error.facts.errmsg?.length).toBeLessThanOrEqual(1000);
    expect(error.details[1]?.en).toMatch(/^WeChat says: bad x+…$/);
  });
});
