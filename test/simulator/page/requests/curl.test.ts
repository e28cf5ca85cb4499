import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { formatCurl } from '../../../../src/simulator/page/requests/curl.ts';

test('formatCurl() is read by a shell as it was sent, quotes and line breaks included', () => {
  const body = `<xml><Content>it's "$HOME" \`id\` \\ 你好</Content>\n</xml>`;
  const line = formatCurl({
    url: "http://127.0.0.1:3000/wechat?nonce=1&a='b'",
    headers: { 'content-type': 'text/xml', 'content-length': '9', Host: 'x' },
    body,
  });
  const words = execFileSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }; ${line}`], { encoding: 'utf8' });
  expect(words.split('\0').slice(0, -1)).toEqual([
    '-sS',
    '-X',
    'POST',
    '-H',
    'content-type: text/xml',
    '--data-binary',
    body,
    "http://127.0.0.1:3000/wechat?nonce=1&a='b'",
  ]);
});
