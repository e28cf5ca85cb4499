import { describe, expect, test } from 'vitest';
import {
  callQuotas,
  type Effect,
  effectOf,
  findKnownCalls,
  isGrave,
  markdownPage,
  readCallExamples,
  readCallList,
  readKnownCalls,
} from '../../../src/core/catalogue/index.ts';

describe('findKnownCalls()', () => {
  test('tells what a call is, with its limit and its page', async () => {
    expect(await findKnownCalls('/cgi-bin/menu/create')).toEqual([
      {
        group: 'menu',
        name: 'menu.create',
        title: { en: 'Create (replace) the default menu', zh: '创建自定义菜单' },
        effect: 'irreversible',
        method: 'POST',
        host: 'api.weixin.qq.com',
        path: '/cgi-bin/menu/create',
        query: [],
        body: 'json',
        isRaw: false,
        filePart: undefined,
        needsToken: true,
        takesWebToken: false,
        answers: 'json',
        proof: [],
        quota: { day: 1000, testDay: 100 },
        isWithdrawn: false,
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
    expect(await findKnownCalls('/cgi-bin/showqrcode')).toMatchObject([{ answers: 'file' }]);
    expect(await findKnownCalls('/cgi-bin/menu/get')).toMatchObject([{ effect: 'read', body: undefined }]);
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

describe('readCallList()', () => {
  test('says of every call what it is and does, in the order of all', async () => {
    const list = await readCallList();
    const known = await readKnownCalls();
    expect(list.map(({ name }) => name)).toEqual(known.map(({ name }) => name));
    expect(list.find(({ name }) => name === 'tags.create')).toEqual({
      name: 'tags.create',
      method: 'POST',
      path: '/cgi-bin/tags/create',
      title: { en: 'Create a tag', zh: '创建标签' },
      effect: 'write',
    });
  });
});

describe('effects', () => {
  const effects = async (): Promise<ReadonlyMap<string, Effect>> =>
    new Map((await readCallList()).map(({ name, effect }) => [name, effect]));

  test.each<[Effect, readonly string[]]>([
    ['read', ['menu.get', 'user.list', 'menu.conditional.tryMatch', 'stats.userRead', 'mass.get']],
    ['write', ['tags.create', 'user.remark', 'draft.add', 'media.upload', 'comment.open']],
    [
      'reaches_people',
      ['mass.sendAll', 'mass.send', 'mass.preview', 'template.send', 'kfMessage.send', 'publish.submit'],
    ],
    ['irreversible', ['menu.create', 'menu.delete', 'material.delete', 'publish.delete', 'quota.clearAll']],
  ])('%s is what these calls do', async (effect, names) => {
    const found = await effects();
    expect(names.map((name) => found.get(name))).toEqual(names.map(() => effect));
  });

  test('no call reads that says in its path that it deletes, sends, creates or updates', async () => {
    const list = await readCallList();
    const changing = /\/(?:del|delete|send|add|create|update|set|bind|upload)[a-z]*(?:\/v2)?$/;
    const reading = list.filter(({ path, effect }) => changing.test(path) && effect === 'read');
    // One path for six calls, told apart by a parameter.
    expect(reading.map(({ name }) => name)).toEqual([
      'invoice.getPayMch',
      'invoice.getContact',
      'invoice.getAuthField',
    ]);
  });

  test('a permanent code, a forced token and a question about drafts are not as their calls', () => {
    const code = { name: 'qrcode.create', effect: 'write' } as const;
    const body = (name: string) => ({ body: { action_name: name } });
    expect(effectOf(code, body('QR_SCENE'))).toBe('write');
    expect(effectOf(code, body('QR_LIMIT_STR_SCENE'))).toBe('irreversible');
    const token = { name: 'token.stable', effect: 'read' } as const;
    expect(effectOf(token, { body: { force_refresh: false } })).toBe('read');
    expect(effectOf(token, { body: { force_refresh: true } })).toBe('irreversible');
    const drafts = { name: 'draft.switch', effect: 'irreversible' } as const;
    expect(effectOf(drafts, {})).toBe('irreversible');
    expect(effectOf(drafts, { query: { checkonly: '1' } })).toBe('read');
  });

  test('is grave where it reaches people or cannot be taken back', () => {
    const all: readonly Effect[] = ['read', 'write', 'reaches_people', 'irreversible'];
    expect(all.filter(isGrave)).toEqual(['reaches_people', 'irreversible']);
  });
});

describe('proofs', () => {
  test('every change has one where its official answer has no errcode', async () => {
    const examples = await readCallExamples();
    const without = (await readKnownCalls()).filter(({ name, effect, proof }) => {
      const answer = examples[name]?.answer;
      const isDocumented = typeof answer === 'object' && answer !== null && !('errcode' in answer);
      return effect !== 'read' && isDocumented && proof.length === 0;
    });
    expect(without).toEqual([]);
  });
});

describe('markdownPage()', () => {
  test('is beside the page of the documentation, and nowhere else', () => {
    const page = 'https://developers.weixin.qq.com/doc/service/api/base/api_getapiquota';
    expect(markdownPage(`${page}.html`)).toBe(`${page}.md`);
    expect(markdownPage(`${page}.html#x`)).toBe(`${page}.md#x`);
    expect(markdownPage(page)).toBeUndefined();
    expect(markdownPage(`${page}.htmlx`)).toBeUndefined();
    expect(markdownPage('https://developers.weixin.qq.com.a.cn/doc/a.html')).toBeUndefined();
    expect(markdownPage('https://iot.weixin.qq.com/wiki/new/index.html?page=3-4-7')).toBeUndefined();
  });

  test('addresses of official pages are whole', async () => {
    const docs = (await readKnownCalls()).map(({ doc }) => doc).filter((doc) => doc !== undefined);
    expect(docs.filter((doc) => !URL.canParse(doc))).toEqual([]);
  });
});
