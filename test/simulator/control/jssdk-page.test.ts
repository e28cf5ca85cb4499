import { describe, expect, test } from 'vitest';
import type { Fetch, HttpRequest } from '../../../src/io/ports.ts';
import { createJssdkPages } from '../../../src/simulator/control/jssdk-page.ts';

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

function pagesWith({ status = 200, headers = { 'content-type': 'text/html' }, body = '' }: Answer) {
  const asked: HttpRequest[] = [];
  const fetch: Fetch = (request) => {
    asked.push(request);
    return Promise.resolve({ status, headers, body: Buffer.from(body) });
  };
  const pages = createJssdkPages(
    () => Promise.resolve(fetch),
    (name) => Buffer.from(name),
  );
  return { asked, pages };
}

const frame = 'http://jssdk.localhost:8090';

describe('open()', () => {
  test('answers the address under the host of its own, with path, query and fragment', () => {
    const { pages } = pagesWith({});
    expect(pages.open('https://shop.example.com/a?b=1#c', '8090')).toBe(`${frame}/a?b=1#c`);
    expect(pages.open('http://localhost:3000', '')).toBe('http://jssdk.localhost/');
  });

  test.each([
    '',
    'shop',
    'file:///etc/passwd',
    'javascript:1',
    5,
    undefined,
    'https://mp.weixin.qq.com/',
    'https://QQ.com',
  ])('refuses %j', (address) => {
    expect(() => pagesWith({}).pages.open(address, '8090')).toThrow(/^The (?:address of the )?page must/);
  });
});

describe('answer()', () => {
  test('is for its own host only', () => {
    const { pages } = pagesWith({});
    pages.open('http://localhost:3000/', '8090');
    expect(pages.answer(new Request('http://127.0.0.1:8090/'))).toBeUndefined();
    expect(pages.answer(new Request('http://localhost:8090/'))).toBeUndefined();
    expect(pages.answer(new Request(`${frame}/`))).toBeDefined();
  });

  test('asks the chosen page and nobody else, and puts the stand-in for the official script', async () => {
    const html = (source: string): string =>
      `<p>\u00e9</p><script async src=${source} defer></script><script src="/own.js"></script>`;
    for (const source of [
      '"https://res.wx.qq.com/open/js/jweixin-1.6.0.js"',
      "'//res2.wx.qq.com/open/js/jweixin-1.4.0.js?v=1'",
      'http://res.wx.qq.com/open/js/jweixin-1.6.0.js',
    ]) {
      const { asked, pages } = pagesWith({ body: Buffer.from(html(source), 'latin1') });
      pages.open('https://shop.example.com/a', '8090');
      const answer = await pages.answer(
        new Request(`${frame}/a?b=1`, { headers: { cookie: 'c=1', origin: 'x' } }),
      );
      expect(Buffer.from((await answer?.arrayBuffer()) ?? new ArrayBuffer(0)).toString('latin1')).toBe(
        html('"/_page/jweixin.js"'),
      );
      expect(asked.map(({ url, headers }) => ({ url, headers }))).toEqual([
        { url: 'https://shop.example.com/a?b=1', headers: { cookie: 'c=1' } },
      ]);
    }
  });

  test('takes away what keeps the page out of a frame, and keeps its redirects here', async () => {
    const { pages } = pagesWith({
      status: 302,
      headers: {
        location: 'http://localhost:3000/next',
        'x-frame-options': 'DENY',
        'content-security-policy': "default-src 'none'",
        'set-cookie': 'a=1',
      },
    });
    pages.open('http://localhost:3000/', '8090');
    const answer = await pages.answer(new Request(`${frame}/`));
    expect(answer?.status).toBe(302);
    expect(Object.fromEntries(answer?.headers ?? [])).toEqual({ location: '/next', 'set-cookie': 'a=1' });
  });

  test('leaves other files as they are', async () => {
    const body = 'var a = "<script src=jweixin.js></script>";';
    const { pages } = pagesWith({ headers: { 'content-type': 'text/javascript' }, body });
    pages.open('http://localhost:3000/', '8090');
    expect(await (await pages.answer(new Request(`${frame}/a.js`)))?.text()).toBe(body);
  });

  test('is 404 before a page has been chosen, and 405 for other methods', async () => {
    const { asked, pages } = pagesWith({});
    expect((await pages.answer(new Request(`${frame}/`)))?.status).toBe(404);
    pages.open('http://localhost:3000/', '8090');
    expect((await pages.answer(new Request(`${frame}/`, { method: 'DELETE' })))?.status).toBe(405);
    expect(asked).toEqual([]);
  });
});
