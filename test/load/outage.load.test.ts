/** Forty commands on a cold cache, and a platform that is silent, slow, or breaks each connection. */
import { expect, onTestFinished, test } from 'vitest';
import { badServer, httpAnswer, type Behaviour } from '../helpers/bad-server.ts';
import { run, temporaryFolder } from '../helpers/command.ts';
import { repeat, report } from './figures.ts';

const good = httpAnswer(JSON.stringify({ access_token: 'SIM_good', expires_in: 7200 }));

/**
 * An answer that is lost or bad is asked for three times in one attempt, after a timeout nobody asks again. On a busy
 * machine one may have to go before the verdict comes (7).
 */
test.each<
  readonly [string, string, Behaviour, { readonly requests: number; readonly codes: readonly number[] }]
>([
  ['is silent', '2s', () => {}, { requests: 2, codes: [5, 7] }],
  ['is silent for the usual time', '10s', () => {}, { requests: 2, codes: [5, 7] }],
  [
    'answers after 9 s',
    '10s',
    (socket) => void setTimeout(() => socket.write(good), 9000),
    { requests: 1, codes: [0] },
  ],
  [
    'answers after 9 s to impatient ones',
    '2s',
    (socket) => void setTimeout(() => socket.write(good), 9000),
    { requests: 2, codes: [5, 7] },
  ],
  ['breaks connections', '10s', (socket) => void socket.destroy(), { requests: 6, codes: [5] }],
  [
    'answers with 500',
    '10s',
    (socket) => void socket.write(httpAnswer('oops', { status: 500 })),
    { requests: 6, codes: [5] },
  ],
  [
    'is busy',
    '10s',
    (socket) => void socket.write(httpAnswer('{"errcode":-1,"errmsg":"system error"}')),
    { requests: 6, codes: [5] },
  ],
])('40 commands against a platform that %s, with --timeout %s', async (name, timeout, behaviour, bounds) => {
  const server = await badServer(behaviour);
  onTestFinished(() => server.close());
  const env = {
    HOME: temporaryFolder(),
    WECHAT_MP_API_BASE: server.url,
    WECHAT_MP_APPID: 'wx1234567890abcdef',
    WECHAT_MP_APPSECRET: 'c0ffee00c0ffee00c0ffee00c0ffee00',
  };
  // How long forty commands take on this machine that ask nobody.
  const bare = await timed(env, ['token', '--offline']);
  const all = await timed(env, ['token', '--timeout', timeout]);
  expect(all.filter(({ code }) => !bounds.codes.includes(code ?? -1))).toEqual([]);
  expect(server.requests.length).toBeLessThanOrEqual(bounds.requests);
  const took = all.map(({ tookMs }) => tookMs);
  report(`${name}, ${timeout}, ${server.requests.length} requests`, took);
  const startUpMs = Math.max(...bare.map(({ tookMs }) => tookMs));
  expect(Math.max(...took) - startUpMs).toBeLessThanOrEqual(Number.parseInt(timeout, 10) * 1000 + 2000);
});

async function timed(
  env: Readonly<Record<string, string>>,
  words: readonly string[],
): Promise<readonly { readonly code: number | null; readonly tookMs: number }[]> {
  return await Promise.all(
    repeat(40, async () => {
      const startedMs = performance.now();
      const { code } = await run(words, { env });
      return { code, tookMs: performance.now() - startedMs };
    }),
  );
}
