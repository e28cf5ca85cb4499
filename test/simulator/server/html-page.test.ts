import { expect, test } from 'vitest';
import { escapeHtml, htmlResponse, languageOf } from '../../../src/simulator/server/html-page.ts';

test('htmlResponse() escapes the title, says its language, and lets no browser guess or keep', async () => {
  const answer = htmlResponse({
    language: 'zh',
    title: '<b>&"\'',
    style: 'p{}',
    body: ['<p>正文</p>'],
    policy: ["default-src 'none'", 'sandbox'],
    referrer: 'no-referrer',
  });
  expect([answer.status, Object.fromEntries(answer.headers)]).toEqual([
    200,
    {
      'content-type': 'text/html; charset=utf-8',
      'content-language': 'zh-CN',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    },
  ]);
  const html = await answer.text();
  expect(html).toContain('<html lang="zh-CN">');
  expect(html).toContain('<title>&lt;b&gt;&amp;&quot;&#39;</title>\n<style>p{}</style>');
  expect(html).toContain('<main>\n<p>正文</p>\n</main>');
});

test('escapeHtml() leaves nothing that begins or ends markup', () => {
  expect(escapeHtml(`<img src=x onerror='a("&amp;")'>`)).toBe(
    '&lt;img src=x onerror=&#39;a(&quot;&amp;amp;&quot;)&#39;&gt;',
  );
});

test.each([
  ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['ZH', 'zh'],
  ['en-US,en;q=0.9,zh;q=0.8', 'en'],
  ['zha', 'en'],
  [undefined, 'en'],
])('languageOf() takes %j for %s', (accepted, language) => {
  const headers: Record<string, string> = accepted === undefined ? {} : { 'accept-language': accepted };
  expect(languageOf(new Request('http://127.0.0.1/', { headers }))).toBe(language);
});
