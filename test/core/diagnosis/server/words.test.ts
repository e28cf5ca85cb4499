import { describe, expect, test } from 'vitest';
import { pageText, serverWords } from '../../../../src/core/diagnosis/server/words.ts';

const words = (body: string): string => serverWords(Buffer.from(body));

describe('serverWords()', () => {
  test.each([
    ['{"statusCode":415,"code":"FST_X","error":"Unsupported Media Type","message":"no parser"}', 'no parser'],
    ['{"detail":[{"type":"missing","loc":["body"]}]}', '[{"type":"missing","loc":["body"]}]'],
    ['{"msg":"签名错误","code":1}', '签名错误'],
    ['{"a":1}', '{"a":1}'],
    ['{broken', '{broken'],
    ['  Internal Server Error\n', 'Internal Server Error'],
    ['', ''],
  ])('takes the reason out of %s', (body, reason) => {
    expect(words(body)).toBe(reason);
  });

  test('takes the text of a page, without styles, scripts and comments', () => {
    const page =
      '<!DOCTYPE html><!-- a > b --><STYLE>a{}</STYLE ><title>Error</title><script>x("<b>")</script>' +
      '<pre>SyntaxError: Unexpected token &#39;&lt;&#39;,\n &quot;&lt;xml&gt;&quot;<br></pre>';
    expect(words(page)).toBe(`SyntaxError: Unexpected token '<', "<xml>"`);
    expect(words('<p>open <script>never closed')).toBe('open');
  });

  test('says once what a page repeats, without the stack', () => {
    expect(words('<title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>')).toBe('502 Bad Gateway');
    expect(words('<title>Login</title><h1>Welcome</h1>')).toBe('Login Welcome');
    expect(words('<title>Only this</title>')).toBe('Only this');
    expect(words('TypeError: x is undefined\n    at run (/srv/a.js:1:2)\n    at b')).toBe(
      'TypeError: x is undefined',
    );
    expect(words('Refused at the gate (of: 7)')).toBe('Refused at the gate (of: 7)');
  });

  test('ends soon, whatever the page leaves open', () => {
    for (const piece of ['<!--', '<script', '<a ', '<', '</style']) {
      expect(pageText(piece.repeat(60_000)).length).toBeLessThanOrEqual(piece.length * 60_000);
    }
    expect(words('x'.repeat(1_000_000)).length).toBe(4000);
  });

  test('reads bytes that are not UTF-8, too', () => {
    expect(serverWords(Uint8Array.of(0x4e, 0x6f, 0xff))).toBe('No\u00ff');
  });
});
