import { expect, test } from 'vitest';
import { checkServerUrl } from '../../../src/core/callback/server-url.ts';

test.each(['http://127.0.0.1:3000/wechat', 'HTTPS://example.com'])(
  'checkServerUrl() takes %s as it is',
  (url) => {
    expect(checkServerUrl(url, '--to')).toBe(url);
  },
);

test.each(['localhost:3000', 'ftp://example.com/', 'https://', 'see http://a.cn/', ''])(
  'checkServerUrl() refuses %j and names the flag',
  (url) => {
    expect(() => checkServerUrl(url, '--to')).toThrow(
      `Cannot use "${url}" for --to: it must begin with http:// or https://`,
    );
  },
);
