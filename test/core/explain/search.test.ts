import { describe, expect, test } from 'vitest';
import { findByErrmsg, findByWords, findNearest } from '../../../src/core/explain/search.ts';

describe('findByErrmsg() knows WeChat’s own words', () => {
  test.each([
    [
      'invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6650d0c1-1a2b3c4d-5e6f7a8b',
      40164,
    ],
    ['invalid credential, access_token is invalid or not latest, could get access_token by …', 40001],
    ['Error: access_token expired', 42001],
    ['api unauthorized', 48001],
    ['调用接口的IP地址不在白名单中', 40164],
    ['不合法的媒体文件 id', 40007],
    ['WeChat: invalid button name size hint: [RI68La0851vr18]', 40018],
    ['hello world', undefined],
    ['ok', undefined],
  ])('%s: %s', async (text, code) => {
    expect(await findByErrmsg(text)).toBe(code);
  });

  test('only where they stand together', async () => {
    expect(await findByErrmsg(`invalid ip ${'x '.repeat(60)} not in whitelist`)).not.toBe(40164);
  });
});

describe('findNearest()', () => {
  test.each([
    [40614, 40164],
    [401640, 40164],
    ['option_unknwon', 'option_unknown'],
    ['ip_not_alowed', 40164],
  ])('%s was perhaps %s', async (given, meant) => {
    expect((await findNearest(given)).map(({ code }) => code)).toContain(meant);
  });

  test('names five at most, and none where nothing is close', async () => {
    expect(await findNearest(40)).toHaveLength(5);
    expect(await findNearest('zzzzzzzzzz')).toEqual([]);
  });
});

describe('findByWords()', () => {
  test('wants all of the words, in either language', async () => {
    const codes = async (...words: readonly string[]) => (await findByWords(words)).map(({ code }) => code);
    expect(await codes('WHITELIST')).toEqual(expect.arrayContaining([40164, 'ip_unknown'].slice(0, 1)));
    expect(await codes('白名单', 'ip')).toContain(40164);
    expect(await codes('whitelist', '白名单', 'nothing')).toEqual([]);
    expect(await codes('412')).toContain(412);
    expect((await codes()).length).toBeGreaterThan(2100);
  });
});
