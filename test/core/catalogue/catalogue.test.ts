import { describe, expect, test } from 'vitest';
import {
  callQuotas,
  findKnownCalls,
  readCallExamples,
  readKnownCalls,
} from '../../../src/core/catalogue/index.ts';

describe('findKnownCalls()', () => {
  test('tells what a call is, with its limit and its page', async () => {
    expect(await findKnownCalls('/cgi-bin/menu/create')).toEqual([
      {
        group: 'menu',
        name: 'menu.create',
        title: { en: 'Create (replace) the default menu', zh: '创建自定义菜单' },
        method: 'POST',
        host: 'api.weixin.qq.com',
        path: '/cgi-bin/menu/create',
        query: [],
        body: 'json',
        filePart: undefined,
        needsToken: true,
        quota: { day: 1000, testDay: 100 },
        doc: expect.stringMatching(/^https:\/\/developers\.weixin\.qq\.com\/doc\//),
      },
    ]);
  });

  test('tells hosts, fixed parameters and parts that are not the usual ones', async () => {
    expect(await findKnownCalls('/cgi-bin/showqrcode')).toMatchObject([
      { host: 'mp.weixin.qq.com', query: ['ticket'], needsToken: false, quota: undefined },
    ]);
    expect(await findKnownCalls('/card/invoice/platform/setpdf')).toMatchObject([
      { body: 'multipart', filePart: 'pdf' },
    ]);
    const queries = (await findKnownCalls('/publisher/stat')).map(({ query }) => query[0]);
    expect(queries).toEqual([
      'action=publisher_adpos_general',
      'action=publisher_cps_general',
      'action=publisher_settlement',
    ]);
  });

  test.each(['', '/cgi-bin/menu', '/cgi-bin/menu/create/', 'constructor', '__proto__'])(
    'knows nothing of the path "%s"',
    async (path) => {
      expect(await findKnownCalls(path)).toEqual([]);
    },
  );
});

describe('the catalogue', () => {
  test('has 465 calls, each with a name and a path of its own', async () => {
    const calls = await readKnownCalls();
    expect(calls.length).toBe(465);
    expect(new Set(calls.map(({ name }) => name)).size).toBe(465);
    expect(calls.filter(({ path, title }) => !/^\/\S+$/.test(path) || !title.en || !title.zh)).toEqual([]);
    expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(['GET', 'POST']));
  });

  test('has limits and examples of nothing but its own calls', async () => {
    const calls = await readKnownCalls();
    const [paths, names] = [calls.map(({ path }) => path), calls.map(({ name }) => name)].map(
      (list) => new Set(list),
    );
    expect(Object.keys(callQuotas).filter((path) => paths?.has(path) !== true)).toEqual([]);
    const examples = await readCallExamples();
    expect(Object.keys(examples).filter((name) => names?.has(name) !== true)).toEqual([]);
    expect(examples['tags.create']?.body).toEqual({ tag: { name: expect.any(String) } });
  });
});
