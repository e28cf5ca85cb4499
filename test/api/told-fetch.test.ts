import { expect, test } from 'vitest';
import { inputError } from '../../src/core/errors.ts';
import { toldFetch } from '../../src/api/told-fetch.ts';
import type { Fetch, HttpRequest } from '../../src/io/ports.ts';

const request: HttpRequest = {
  method: 'POST',
  url: 'http://127.0.0.1:8090/cgi-bin/menu/create?access_token=canary',
  headers: {},
  body: 'canary',
  timeoutMs: 1000,
  maxBytes: 100,
};

async function told(fetch: Fetch): Promise<{ lines: string[]; end: unknown }> {
  const lines: string[] = [];
  let nowMs = 0;
  const clock = {
    now: () => 0,
    monotonic: () => (nowMs += 12.4),
    sleep: () => Promise.resolve(),
  };
  const end = await toldFetch(fetch, clock, (line) => lines.push(line))(request).catch(
    (error: unknown) => error,
  );
  return { lines, end };
}

test('an answer is told with its time and size', async () => {
  const response = { status: 200, headers: {}, body: Buffer.from('abc') };
  expect(await told(() => Promise.resolve(response))).toEqual({
    lines: ['POST http://127.0.0.1:8090/cgi-bin/menu/create → 200 in 12 ms, 3 bytes'],
    end: response,
  });
});

test.each([
  [inputError('reset', { en: 'x', zh: 'x' }), 'reset'],
  [new Error('x'), 'error'],
])('no answer is told with its reason: %s', async (error, reason) => {
  expect(await told(() => Promise.reject(error))).toEqual({
    lines: [`POST http://127.0.0.1:8090/cgi-bin/menu/create → ${reason} after 12 ms`],
    end: error,
  });
});
