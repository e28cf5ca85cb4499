import { describe, expect, test } from 'vitest';
import {
  adviseOnAuthorizeUrl,
  AuthorizeRefusal,
  isAuthorizeUrl,
  isCutShort,
  parseAuthorizeQuery,
} from '../../../src/core/account/authorize-url.ts';

const start = 'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx286b93c14bbf93aa';
const back = 'redirect_uri=https%3A%2F%2Fa.cn%2Fb';
const good = `${start}&${back}&response_type=code&scope=snsapi_base&state=1#wechat_redirect`;

const advice = (address: string): readonly string[] =>
  adviseOnAuthorizeUrl(new URL(address)).map(({ en }) => en.slice(0, 24));

describe('isAuthorizeUrl()', () => {
  test.each([
    [good, true],
    ['https://open.weixin.qq.com/connect/qrconnect?appid=wx1', false],
    ['https://open.weixin.qq.com.a.cn/connect/oauth2/authorize', false],
  ])('isAuthorizeUrl() says of %s: %s', (address, expected) => {
    expect(isAuthorizeUrl(new URL(address))).toBe(expected);
  });
});

describe('adviseOnAuthorizeUrl()', () => {
  test.each([
    ['the documented form', good, []],
    ['no fragment', good.replace('#wechat_redirect', ''), ['The address must end wit']],
    ['a raw redirect_uri', good.replace(back, 'redirect_uri=https://a.cn/b'), ['redirect_uri must be per']],
    [
      'another order',
      good.replace(`&${back}`, '').replace('&scope', `&${back}&scope`),
      ['Put the parameters into '],
    ],
    ['a "#" inside', good.replace(back, 'redirect_uri=https%3A%2F%2Fa.cn/#/b'), ['A "#" inside ends the ad']],
    [
      'a raw http redirect_uri',
      good.replace(back, 'redirect_uri=http://a.cn/b'),
      ['redirect_uri must be per'],
    ],
    ['a known extra in front', good.replace('?appid', '?forcePopup=true&appid'), []],
    ['an odd state', good.replace('state=1', 'state=-1'), ['Use letters and digits a']],
    ['another parameter', good.replace('&state', '&id=2&state'), ['"id" is no parameter of ']],
    ['a "#" inside, encoded', good.replace(back, `${back}%23%2Fc`), []],
  ])('adviseOnAuthorizeUrl() finds in %s: %j', (_, address, expected) => {
    expect(advice(address)).toEqual(expected);
  });

  test('isCutShort() is true only where a parameter is lost', () => {
    expect(isCutShort(new URL(good))).toBe(false);
    expect(isCutShort(new URL(good.replace('#wechat', '#/a#wechat')))).toBe(true);
    expect(isCutShort(new URL(good.replace('&state=1', '#&state=1')))).toBe(true);
  });
});

describe('parseAuthorizeQuery()', () => {
  const codeOf = (query: string, domains?: readonly string[]): unknown => {
    try {
      return parseAuthorizeQuery(new URLSearchParams(query), domains);
    } catch (error) {
      return error instanceof AuthorizeRefusal ? [error.code, error.words] : error;
    }
  };
  const rest = 'response_type=code&scope=snsapi_base';

  test.each([
    [`${back}&${rest}`, [10012, 'appid不能为空']],
    [`appid=wx1&${rest}`, [10011, 'redirect_uri不能为空']],
    [`appid=wx1&redirect_uri=a.cn&${rest}`, [10003, 'redirect_uri 参数错误']],
    [`appid=wx1&redirect_uri=https%253A%252F%252Fa.cn&${rest}`, [10003, 'redirect_uri 参数错误']],
    [`appid=wx1&${back}&scope=snsapi_base`, [undefined, 'response_type 参数错误']],
    [`appid=wx1&${back}&response_type=code`, [10010, 'scope不能为空']],
    [`appid=wx1&${back}&response_type=code&scope=x`, [10005, 'Scope 参数错误或没有 Scope 权限']],
    [`appid=wx1&${back}&${rest}`, { redirectUri: 'https://a.cn/b', scope: 'snsapi_base', state: undefined }],
  ])('parseAuthorizeQuery() answers %s with %j', (query, expected) => {
    expect(codeOf(query)).toEqual(expected);
  });

  test('parseAuthorizeQuery() takes a state of 128 bytes and refuses 129', () => {
    const query = (bytes: number) => `appid=wx1&${back}&${rest}&state=${'a'.repeat(bytes)}`;
    expect(codeOf(query(128))).toMatchObject({ state: 'a'.repeat(128) });
    expect(codeOf(query(129))).toEqual([undefined, 'state 参数错误']);
  });

  test('parseAuthorizeQuery() lets only the domains of the account be called back', () => {
    expect(codeOf(`appid=wx1&${back}&${rest}`, ['a.cn'])).toMatchObject({ redirectUri: 'https://a.cn/b' });
    expect(codeOf(`appid=wx1&${back}&${rest}`, ['b.cn'])).toEqual([10003, 'redirect_uri 参数错误']);
  });
});
