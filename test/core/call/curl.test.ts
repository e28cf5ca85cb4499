import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallBody, formatCurl, secretMark } from '../../../src/core/call/index.ts';

const base = 'https://api.weixin.qq.com';
/** In the place of `wechat-mp token`. */
const tokenCommand = 'printf TOKEN';

/** What the line hands to curl: a shell runs it with a function for curl. */
function wordsOf(line: string): string[] {
  const script = `curl() { printf '%s\\0' "$@"; }\n${line}\n`;
  const env = { WECHAT_MP_APPSECRET: 'SECRET', PATH: '/usr/bin:/bin' };
  return execFileSync('sh', ['-c', script], { encoding: 'utf8', env }).split('\0').slice(0, -1);
}

const text = (content: string): CallBody => ({ kind: 'text', text: content, file: undefined });

describe('formatCurl()', () => {
  test('is a line that a shell takes apart into the call, with the token of the moment', () => {
    const request = {
      method: 'POST',
      path: '/cgi-bin/tags/create',
      query: { q: 'a b&c' },
      body: text('{"tag":{"name":"甲\'s $HOME `x` \\"\\\\"}}'),
    } as const;
    const line = formatCurl(request, { base, tokenCommand, out: undefined });
    expect(wordsOf(line)).toEqual([
      '-sS',
      '-X',
      'POST',
      'https://api.weixin.qq.com/cgi-bin/tags/create?q=a%20b%26c&access_token=TOKEN',
      '-H',
      'Content-Type: application/json',
      '--data-binary',
      request.body.kind === 'text' ? request.body.text : '',
    ]);
  });

  test('GET without parameters, and a file for the answer', () => {
    const request = { method: 'GET', path: '/a', query: {}, body: undefined } as const;
    expect(formatCurl(request, { base, tokenCommand: undefined, out: undefined })).toBe(
      "curl -sS 'https://api.weixin.qq.com/a'",
    );
    expect(wordsOf(formatCurl(request, { base, tokenCommand, out: "m's.jpg" }))).toEqual([
      '-sS',
      'https://api.weixin.qq.com/a?access_token=TOKEN',
      '-o',
      "m's.jpg",
    ]);
  });

  test('a relay takes its key for the token and for the AppSecret, and "-" is no file', () => {
    const request = { method: 'GET', path: '/a', query: { secret: secretMark }, body: undefined } as const;
    const options = { base, tokenCommand: undefined, out: '-' };
    expect(formatCurl(request, { ...options, isRelayed: true })).toBe(
      `curl -sS 'https://api.weixin.qq.com/a?secret='"$WECHAT_MP_VIA_KEY" \\\n  -H 'Authorization: Bearer '"$WECHAT_MP_VIA_KEY"`,
    );
    expect(formatCurl(request, { ...options, isRelayed: false })).toBe(
      `curl -sS 'https://api.weixin.qq.com/a?secret='"$WECHAT_MP_APPSECRET"`,
    );
  });

  test('the AppSecret comes out of its variable, in the query and in a body', () => {
    const inQuery = { method: 'GET', path: '/a', query: { secret: secretMark }, body: undefined } as const;
    const line = formatCurl(inQuery, { base, tokenCommand: undefined, out: undefined });
    expect(line).toBe(`curl -sS 'https://api.weixin.qq.com/a?secret='"$WECHAT_MP_APPSECRET"`);
    expect(wordsOf(line).at(-1)).toBe('https://api.weixin.qq.com/a?secret=SECRET');
    const body = text(JSON.stringify({ secret: secretMark, a: 1 }));
    const posted = formatCurl(
      { method: 'POST', path: '/a', query: {}, body },
      { base, tokenCommand: undefined, out: undefined },
    );
    expect(wordsOf(posted).at(-1)).toBe('{"secret":"SECRET","a":1}');
  });

  test('files by their names, texts of a form literally', () => {
    const bytes = new Uint8Array([1]);
    const form: CallBody = {
      kind: 'form',
      parts: [
        { name: 'media', content: { path: 'a,"b;c.jpg', fileName: 'x', bytes } },
        { name: 'description', content: '@x;type=y' },
      ],
    };
    const request = { method: 'POST', path: '/a', query: {}, body: form } as const;
    expect(wordsOf(formatCurl(request, { base, tokenCommand: undefined, out: undefined })).slice(4)).toEqual([
      '-F',
      String.raw`media=@"a,\"b;c.jpg"`,
      '--form-string',
      'description=@x;type=y',
    ]);
    const file: CallBody = { kind: 'bytes', bytes, file: 'voice.mp3' };
    const raw = { ...request, body: file };
    expect(wordsOf(formatCurl(raw, { base, tokenCommand: undefined, out: undefined })).slice(4)).toEqual([
      '-H',
      'Content-Type: application/octet-stream',
      '--data-binary',
      '@voice.mp3',
    ]);
  });

  test('no text can leave its quotes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("'", '"', '\\', '$', '`', ' ', '\n', '!', 'a') }),
        (content) => {
          const body = text(`{${content}`);
          const line = formatCurl(
            { method: 'POST', path: '/a', query: {}, body },
            { base, tokenCommand, out: undefined },
          );
          expect(wordsOf(line).at(-1)).toBe(`{${content}`);
        },
      ),
      { numRuns: 20 },
    );
  });
});
