import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../src/core/errors.ts';
import {
  cleanUrl,
  formatString1,
  jssdkConfig,
  signCard,
  signJssdk,
  signString1,
} from '../../src/core/jssdk.ts';
import { vectors } from '../helpers/vectors.ts';

const fieldsOf = (vector: (typeof vectors.jssdk)[number]) => ({
  ticket: vector.jsapi_ticket,
  nonceStr: vector.noncestr,
  timestamp: vector.timestamp,
  url: vector.url,
});

describe('signString1()', () => {
  test.each(vectors.jssdk)('signString1() matches: $source', (vector) => {
    expect(formatString1(fieldsOf(vector))).toBe(vector.string1);
    expect(signString1(vector.string1)).toBe(vector.signature);
  });
});

describe('signJssdk()', () => {
  test.each(vectors.jssdk.filter(({ url }) => !url.includes('#')))(
    'signJssdk() matches: $source',
    (vector) => {
      expect(signJssdk(fieldsOf(vector))).toBe(vector.signature);
    },
  );

  test('signJssdk() drops the URL fragment', () => {
    const [official] = vectors.jssdk;
    if (official === undefined) throw new Error('the sample is missing');
    expect(signJssdk({ ...fieldsOf(official), url: `${official.url}#top?a=1#b` })).toBe(official.signature);
    expect(signJssdk({ ...fieldsOf(official), timestamp: '1414587457' })).toBe(official.signature);
    expect(signJssdk({ ...fieldsOf(official), url: `${official.url}&` })).not.toBe(official.signature);
  });
});

describe('cleanUrl()', () => {
  test.each([
    ['https://example.com/a?b=1', 'https://example.com/a?b=1', []],
    ['https://example.com/a?b=1#/route?x', 'https://example.com/a?b=1', []],
    ['https://example.com/#', 'https://example.com/', []],
    ['HTTPS://EXAMPLE.com/', 'HTTPS://EXAMPLE.com/', []],
    ['https://example.com/?a=1&amp;b=2', 'https://example.com/?a=1&amp;b=2', ['entity']],
    ['https://example.com/a b', 'https://example.com/a b', ['space']],
    ['https://example.com/ ', 'https://example.com/ ', ['space']],
    ['https://example.com/?from=singlemessage&isappinstalled=0', undefined, ['share-parameters']],
    ['https://example.com/?a=1&isappinstalled=0', undefined, ['share-parameters']],
    ['https://example.com/?xfrom=1', undefined, []],
    ['https://example.com/from=1', undefined, []],
    ['https://example.com/你好', undefined, ['non-ascii']],
    ['https://example.com/#你好', 'https://example.com/', []],
    ['https://example.com/%E4%BD%A0', undefined, []],
    ['https://example.com', undefined, ['bare-domain']],
    ['http://mp.weixin.qq.com?params=value', undefined, ['bare-domain']],
    ['https://example.com:80/', undefined, []],
    ['https://example.com:443/', undefined, []],
    ['https://example.com:8080/', undefined, ['port']],
    ['https://example.com:4430', undefined, ['bare-domain', 'port']],
    [
      'https://例子.com:8080?a=1&amp;from=1 ',
      undefined,
      ['entity', 'space', 'non-ascii', 'bare-domain', 'port'],
    ],
  ])('cleanUrl() leaves of %j %j and warns of %j', (url, cleaned, rules) => {
    expect(cleanUrl(url).url).toBe(cleaned ?? url);
    expect(cleanUrl(url).warnings.map(({ rule }) => rule)).toEqual(rules);
  });

  test.each([
    'example.com',
    'ftp://example.com/',
    'https://',
    'https:///a',
    '/a',
    '',
    '#https://example.com/',
  ])('cleanUrl() refuses %j', (url) => {
    expect(() => cleanUrl(url)).toThrow(WechatMpError);
  });
});

describe('jssdkConfig()', () => {
  test('jssdkConfig() uses the spelling of wx.config', () => {
    const [official] = vectors.jssdk;
    if (official === undefined) throw new Error('the sample is missing');
    const base = { ...fieldsOf(official), appId: 'wx0123456789abcdef' };
    expect(jssdkConfig(base)).toEqual({
      debug: false,
      appId: 'wx0123456789abcdef',
      timestamp: 1414587457,
      nonceStr: 'Wm3WZYTPz0wzccnW',
      signature: official.signature,
      jsApiList: [],
    });
    expect(
      jssdkConfig({ ...base, debug: true, jsApiList: ['scanQRCode'], openTagList: ['wx-open-audio'] }),
    ).toMatchObject({
      debug: true,
      jsApiList: ['scanQRCode'],
      openTagList: ['wx-open-audio'],
    });
  });
});

describe('signCard()', () => {
  test.each(vectors.card)('signCard() matches: $source', ({ fields, signature }) => {
    expect(signCard(Object.values(fields))).toBe(signature);
    expect(signCard(Object.values(fields).toReversed())).toBe(signature);
  });

  test('signCard() sorts the values', () => {
    expect(signCard(['789', '456', '123'])).toBe('f7c3bc1d808e04732adf679965ccc34ca7ae3441');
  });
});
