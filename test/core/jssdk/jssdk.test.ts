import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../src/core/errors.ts';
import {
  cleanUrl,
  formatString1,
  jssdkConfig,
  signJssdk,
  signString1,
} from '../../../src/core/jssdk/jssdk.ts';
import { vectors } from '../../helpers/vectors.ts';

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
    ['https://example.com/?a=1&amp;b=2', undefined, ['entity']],
    ['https://example.com/?a=1&ampere=2', undefined, []],
    ['https://example.com/a b', 'https://example.com/a%20b', ['space']],
    ['https://example.com/ ', 'https://example.com/', ['space']],
    ['https://example.com/?from=singlemessage&isappinstalled=0', undefined, ['share-parameters']],
    ['https://example.com/?from=groupmessage', undefined, ['share-parameters']],
    ['https://example.com/?from=timeline&a=1', undefined, ['share-parameters']],
    ['https://example.com/?from=timelines', undefined, []],
    ['https://example.com/?from=shanghai', undefined, []],
    ['https://example.com/?a=1&isappinstalled=0', undefined, ['share-parameters']],
    ['https://example.com/?a=1&nsukey=x', undefined, ['share-parameters']],
    ['https://example.com/?clicktime=1&enterid=1', undefined, ['share-parameters']],
    ['https://example.com/?xfrom=timeline', undefined, []],
    ['https://example.com/from=timeline', undefined, []],
    ['https://example.com/你好', 'https://example.com/%E4%BD%A0%E5%A5%BD', []],
    ['https://例子.com/', 'https://xn--fsqu00a.com/', []],
    ['https://example.com/?q=世', 'https://example.com/?q=%E4%B8%96', ['query-encoding']],
    ['https://example.com?q=世', 'https://example.com/?q=%E4%B8%96', ['query-encoding']],
    ['https://example.com/世?q=1', 'https://example.com/%E4%B8%96?q=1', []],
    ['https://example.com/#你好', 'https://example.com/', []],
    ['https://example.com/%e4%bd%a0', undefined, []],
    ['https://example.com', 'https://example.com/', []],
    ['https://example.com#top', 'https://example.com/', []],
    ['https://example.com?params=value', 'https://example.com/?params=value', []],
    ['http://example.com:80/', 'http://example.com/', ['http']],
    ['https://example.com:80/', undefined, []],
    ['https://example.com:443/', 'https://example.com/', []],
    ['https://example.com:8080/', undefined, ['port']],
    ['https://example.com:4430', 'https://example.com:4430/', ['port']],
    ['HTTPS://EXAMPLE.com/A', 'https://example.com/A', []],
    ['https://example.com/a/../b', 'https://example.com/b', []],
    ['https://example.com/"', 'https://example.com/%22', ['browser-form']],
    ["https://example.com/?q='", 'https://example.com/?q=%27', ['browser-form']],
    ['http://example.com/', undefined, ['http']],
    ['http://mp.weixin.qq.com?params=value', 'http://mp.weixin.qq.com/?params=value', ['http']],
    ['http://localhost.example.com/', undefined, ['http']],
    ['http://mylocalhost/', undefined, ['http']],
    ['https://example.com/?u=http://a.b', undefined, []],
    ['http://localhost:3000/', undefined, ['port']],
    ['http://127.0.0.1/', undefined, []],
    ['https://e.com/?a=1&amp;b&from=timeline', undefined, ['entity', 'share-parameters']],
  ])('cleanUrl() writes %j as the browser does: %j, and warns of %j', (given, url, rules) => {
    const cleaned = cleanUrl(given);
    expect(cleaned.url).toBe(url ?? given);
    expect(cleaned.warnings.map(({ rule }) => rule)).toEqual(rules);
    expect(cleaned.typed).toBe(given.split('#')[0]);
  });

  test.each([
    ['https://example.com/a b', ['space']],
    ['https://example.com/你好', ['non-ascii']],
    ['https://example.com', ['bare-domain']],
    ['http://example.com:80/', ['browser-form', 'http']],
    ['HTTPS://EXAMPLE.com/', ['browser-form']],
    ['https://example.com/"', ['browser-form']],
    ['http://mp.weixin.qq.com?params=value', ['bare-domain', 'http']],
    ['https://例子.com:8080?a=1&amp;from=timeline ', ['entity', 'space', 'non-ascii', 'bare-domain', 'port']],
  ])('cleanUrl() leaves %j as it is where that is asked for, and warns of %j', (given, rules) => {
    const cleaned = cleanUrl(`${given}#top`, 'as-is');
    expect([cleaned.url, cleaned.typed]).toEqual([given, given]);
    expect(cleaned.warnings.map(({ rule }) => rule)).toEqual(rules);
  });

  test('cleanUrl() tells how the browser writes the URL that is left as it is', () => {
    const [warning] = cleanUrl('https://Example.com:443/a/./b', 'as-is').warnings;
    expect(warning?.text.en).toMatch(/: https:\/\/example\.com\/a\/b$/);
    expect(warning?.text.zh).toMatch(/：https:\/\/example\.com\/a\/b$/);
  });

  test('cleanUrl() warns of no URL as a browser writes it', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, validSchemes: ['https'] }), (url) => {
        const { href } = new URL(url);
        expect(cleanUrl(href).url).toBe(href.split('#')[0]);
        for (const form of ['browser', 'as-is'] as const) {
          const rules = cleanUrl(href, form).warnings.map(({ rule }) => rule);
          expect(
            rules.filter((rule) =>
              ['browser-form', 'bare-domain', 'space', 'non-ascii', 'query-encoding'].includes(rule),
            ),
          ).toEqual([]);
        }
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    'example.com',
    'ftp://example.com/',
    'https://',
    'https:///a',
    '/a',
    '',
    '#https://example.com/',
  ])('cleanUrl() refuses %j, which has no scheme and domain', (url) => {
    expect(() => cleanUrl(url)).toThrow(WechatMpError);
    expect(() => cleanUrl(url)).toThrow('it must begin with "http://" or "https://" and a domain');
  });

  test.each(['https://exa mple.com/', 'https://example.com:99999/', 'https://example.com:x/'])(
    'cleanUrl() refuses %j, which no browser opens',
    (url) => {
      expect(() => cleanUrl(url)).toThrow('no browser opens it, its domain or port is malformed');
    },
  );
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
