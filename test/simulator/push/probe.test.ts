import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as later } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { ProbeCause } from '../../../src/core/diagnosis/server/handshake-answer.ts';
import { createFetch } from '../../../src/io/net/fetch.ts';
import type { Fetch } from '../../../src/io/ports.ts';
import { probeHandshake } from '../../../src/simulator/push/probe.ts';
import type { ProbeCheck, ProbeOptions } from '../../../src/simulator/push/probe-check.ts';
import { fakeFetch } from '../../helpers/fake-fetch.ts';
import { badServer } from '../../helpers/bad-server.ts';
import { callbackToken, honest, honestBut, startCallbackServer } from '../../helpers/callback-server.ts';
import type { Answering } from '../../helpers/callback-server.ts';

/** Five seconds are one here, so that nobody has to wait. */
const scale = 5;
const realFetch = createFetch({
  proxy: undefined,
  environment: {},
  platform: 'linux',
});
const fastFetch: Fetch = (request) => realFetch({ ...request, timeoutMs: request.timeoutMs / scale });

const options = (url: string, fetch: Fetch = fastFetch): ProbeOptions => ({
  url,
  callbackToken,
  fetch,
  clock: {
    now: () => 1_714_036_504_000,
    monotonic: () => performance.now(),
    sleep: () => Promise.reject(new Error('nobody sleeps')),
  },
  random: { bytes: (count) => randomBytes(count) },
});

async function probe(answer: Answering, path = '/wechat'): Promise<readonly ProbeCheck[]> {
  const { url } = await startCallbackServer(answer, { path });
  return await probeHandshake(options(url));
}

const outline = (checks: readonly ProbeCheck[]): readonly string[] =>
  checks.map(({ name, status, cause }) => `${name} ${status}${cause === undefined ? '' : ` ${cause}`}`);

const allGood = ['handshake pass', 'wrong_signature pass', 'missing_parameters pass', 'markup pass'];

const trickle = (echostr: string, response: { write(text: string): void; end(): void }): void => {
  const [...characters] = echostr;
  const timer = setInterval(() => {
    const next = characters.shift();
    if (next !== undefined) return void response.write(next);
    clearInterval(timer);
    response.end();
  }, 1000 / scale);
};

/** Servers that do everything right but one thing, which only the right answer to a genuine GET shows. */
const echoFaults: Readonly<Record<string, readonly [ProbeCause, Answering, words: string]>> = {
  BOM: ['bom', honestBut((echo, response) => response.end(`\u{feff}${echo}`)), 'EF BB BF'],
  'UTF-16': [
    'bom',
    honestBut((echo, response) => response.end(Buffer.from(`\u{feff}${echo}`, 'utf16le'))),
    'FF FE',
  ],
  'JSON quotes': ['quoted', honestBut((echo, response) => response.end(JSON.stringify(echo))), '22'],
  'trailing newline': [
    'newline',
    honestBut((echo, response) => response.end(`${echo}\r\n`)),
    'after echostr (0D 0A)',
  ],
  'leading blank line': [
    'newline',
    honestBut((echo, response) => response.end(`\n${echo}`)),
    'before echostr (0A)',
  ],
  'HTML round it': [
    'html',
    honestBut((echo, response) => response.end(`<html><body>${echo}</body></html>`)),
    'HTML stands round',
  ],
  'a login page with 200': [
    'html',
    honestBut((_echo, response) => response.end('<!doctype html><title>Login</title>')),
    'instead of echostr',
  ],
  'debug bar': [
    'wrapped',
    honestBut((echo, response) => response.end(`${echo}<div id="debugbar">12 queries</div>`)),
    'debugbar',
  ],
  'a notice before it': [
    'wrapped',
    honestBut((echo, response) => response.end(`Notice: undefined index\n${echo}`)),
    'Notice',
  ],
  'a JSON object': ['wrapped', honestBut((echo, response) => response.end(JSON.stringify({ echo }))), 'JSON'],
  '301 to a slash': [
    'redirect',
    (request, response) =>
      request.url.startsWith('/wechat/')
        ? honest(request, response)
        : response.writeHead(301, { location: request.url.replace('?', '/?') }).end(),
    '/wechat/; WeChat does not follow',
  ],
  '302 to a login': [
    'redirect',
    (_request, response) => response.writeHead(302, { location: '/login?next=/wechat' }).end(),
    '/login; WeChat',
  ],
  '401': ['forbidden', (_request, response) => response.writeHead(401).end(), '401'],
  '403': ['forbidden', (_request, response) => response.writeHead(403).end('Forbidden'), '403'],
  '403 of a CSRF check': [
    'csrf',
    (_request, response) => response.writeHead(403).end('CSRF verification failed. Request aborted.'),
    '403',
  ],
  '419': ['csrf', (_request, response) => response.writeHead(419).end('Page Expired'), '419'],
  '500': ['status', (_request, response) => response.writeHead(500).end('oops'), 'got 500'],
  '404': ['status', (_request, response) => response.writeHead(404).end(), 'got 404'],
  'empty 200': ['empty', honestBut((_echo, response) => response.end()), 'empty'],
  '204': ['empty', honestBut((_echo, response) => response.writeHead(204).end()), '204'],
  'gzip without being asked': [
    'gzip',
    honestBut((echo, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(echo)),
    ),
    'gzip',
  ],
  'gzip without saying so': ['gzip', honestBut((echo, response) => response.end(gzipSync(echo))), 'gzip'],
  'one byte a second': ['timeout', honestBut(trickle), 'piece by piece'],
  'an answer after 5.2 s': [
    'timeout',
    honestBut((echo, response) => void later(5200 / scale).then(() => response.end(echo))),
    'The time of 5 s was over while the server had the request',
  ],
  'POST only': [
    'method',
    (request, response) =>
      request.method === 'POST' ? honest(request, response) : response.writeHead(405).end(),
    'GET',
  ],
  'POST only, with 404 for GET': [
    'method',
    (request, response) =>
      request.method === 'POST' ? honest(request, response) : response.writeHead(404).end('Cannot GET'),
    'GET',
  ],
  'a rounded number': [
    'other',
    honestBut((echo, response) => response.end(String(Number(echo)))),
    'rounded to',
  ],
  'a response printed by PHP': [
    'http_head',
    honestBut((echo, response) => response.end(`HTTP/1.0 200 OK\r\nCache-Control: no-cache\r\n\r\n${echo}`)),
    'head of an HTTP answer',
  ],
  '502': ['upstream_unreachable', (_request, response) => response.writeHead(502).end(), '502'],
  success: ['other', honestBut((_echo, response) => response.end('success')), '"success"'],
  'a connection reset': [
    'reset',
    honestBut((_echo, response) => void response.socket?.resetAndDestroy()),
    'closed the connection',
  ],
};

describe('probeHandshake()', () => {
  test('passes an honest server, and asks as the platform does', async () => {
    const server = await startCallbackServer(honest, { path: '/wechat?shop=7' });
    expect(outline(await probeHandshake(options(server.url)))).toEqual(allGood);
    const [first] = server.requests;
    expect(first?.method).toBe('GET');
    expect([...(first?.query.keys() ?? [])]).toEqual(['shop', 'signature', 'echostr', 'timestamp', 'nonce']);
    expect(first?.query.get('timestamp')).toBe('1714036504');
    expect(first?.query.get('echostr')).toMatch(/^[1-9]{19}$/);
    expect(first?.headers['accept-encoding']).toBeUndefined();
    expect(server.requests.map(({ genuine }) => genuine).join(' ')).toBe(
      'true true false false false false true',
    );
  });

  test('asks with nonces on either side of the timestamp', async () => {
    const order = (join: (token: string, timestamp: string, nonce: string) => string): Answering => {
      return ({ query, echostr }, response) => {
        const text = join(callbackToken, query.get('timestamp') ?? '', query.get('nonce') ?? '');
        const right = createHash('sha1').update(text).digest('hex');
        response.end(query.get('signature') === right ? echostr : '');
      };
    };
    const unsorted = order((token, timestamp, nonce) => timestamp + nonce + token);
    const numeric = order(
      (token, ...numbers) => numbers.toSorted((a, b) => Number(a) - Number(b)).join('') + token,
    );
    const sorted = order((...all) => all.toSorted().join(''));
    const [first] = await probe(unsorted);
    expect(first).toMatchObject({ status: 'fail', cause: 'empty' });
    expect(first?.text.en).toMatch(/^The server took one right signature and not the next/);
    expect(first?.hint?.en).toMatch(/^Sort/);
    expect((await probe(numeric))[0]).toMatchObject({ status: 'fail', cause: 'empty' });
    expect((await probe(sorted))[0]).toMatchObject({ status: 'pass' });
  });

  test.each([
    [
      'a redirect to a login page',
      302,
      (url: string) => `<a href="/login?next=${encodeURIComponent(url)}">Found</a>`,
      'redirect',
    ],
    ['a page that is not found', 404, (url: string) => `Cannot GET ${url}`, 'status'],
    [
      'a page that is refused',
      403,
      (url: string) => `<p>No access to ${url.replaceAll('&', '&amp;')}</p>`,
      'forbidden',
    ],
    [
      'a login page with status 200',
      200,
      (url: string) => `<!doctype html><input name="next" value="${url.replaceAll('&', '&amp;')}">`,
      'html',
    ],
  ])('does not take %s that quotes the address for an echo', async (_what, status, page, cause) => {
    const checks = await probe((request, response) => {
      response.writeHead(status, { location: '/login', 'content-type': 'text/html' }).end(page(request.url));
    });
    expect(outline(checks)).toEqual([
      `handshake fail ${cause}`,
      'wrong_signature skip',
      'missing_parameters skip',
    ]);
  });

  test('does not take a refusal that quotes the address for an echo', async () => {
    const quoting: Answering = (request, response) =>
      request.genuine ? honest(request, response) : response.end(`Invalid signature: ${request.url}`);
    expect(outline(await probe(quoting)).slice(0, 3)).toEqual(allGood.slice(0, 3));
  });

  test('names an echo that only a wrong signature gets', async () => {
    const checks = await probe((request, response) => {
      response.end(request.genuine ? 'error' : request.echostr);
    });
    expect(outline(checks).slice(0, 2)).toEqual([
      'handshake fail other',
      'wrong_signature fail unsigned_accepted',
    ]);
  });

  test('waits exactly 5 seconds for each answer and follows no redirect', async () => {
    const answers = Array.from({ length: 6 }, () => ({ status: 302, headers: { location: '/x' } }));
    const { fetch, requests } = fakeFetch(...answers);
    await probeHandshake(options('https://example.com/wechat', fetch));
    expect(new Set(requests.map(({ timeoutMs }) => timeoutMs))).toEqual(new Set([5000]));
    expect(requests.map(({ parsedUrl }) => parsedUrl.pathname)).not.toContain('/x');
  });

  test.each(Object.entries(echoFaults))('names %s', async (_what, [cause, answer, words]) => {
    const [handshake] = await probe(answer);
    expect(handshake).toMatchObject({ name: 'handshake', status: 'fail', cause });
    expect(handshake?.text.en).toContain(words);
    expect(handshake?.hint?.zh).not.toBe('');
  });

  test.each([
    [2999, 'pass'],
    [3000, 'warn'],
    [4999, 'warn'],
  ])('after %i ms says %s', async (ms, status) => {
    const slow = options('');
    const clock = { ...slow.clock, monotonic: tick(ms) };
    const echoing: Fetch = (request) =>
      Promise.resolve({
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: Buffer.from(new URL(request.url).searchParams.get('echostr') ?? ''),
      });
    const [handshake] = await probeHandshake({ ...slow, url: 'http://x.test/', fetch: echoing, clock });
    expect(handshake).toMatchObject({ status, cause: status === 'warn' ? 'timeout' : undefined });
  });

  test('names a port that nobody listens on, and asks nothing more', async () => {
    const server = await badServer(() => {});
    await server.close();
    expect(outline(await probeHandshake(options(`${server.url}/wechat`)))).toEqual([
      'handshake fail refused',
    ]);
  });

  test('names a certificate that nobody trusts', async () => {
    const { url } = await startCallbackServer(honest, { tls: true });
    expect(outline(await probeHandshake(options(url)))).toEqual(['handshake fail tls']);
  });

  test('names a server that does not speak TLS, and one that says nothing to TLS', async () => {
    const { url } = await startCallbackServer(honest);
    const [wrong] = await probeHandshake(options(url.replace('http:', 'https:')));
    expect(wrong).toMatchObject({ status: 'fail', cause: 'tls' });
    const silent = await badServer(() => {});
    const [quiet] = await probeHandshake(options(`${silent.url.replace('http:', 'https:')}/`));
    await silent.close();
    expect(quiet).toMatchObject({ status: 'fail', cause: 'timeout' });
    expect(quiet?.text.en).toContain('TLS');
  });

  test('names an echo without a check of the signature', async () => {
    const careless: Answering = (request, response) => {
      response.setHeader('content-type', 'text/plain');
      response.end(request.echostr);
    };
    expect(outline(await probe(careless))).toEqual([
      'handshake pass',
      'wrong_signature fail unsigned_accepted',
      'missing_parameters fail unsigned_accepted',
      'markup pass',
    ]);
  });

  test('names a check that missing parameters get round', async () => {
    const lax: Answering = (request, response) =>
      request.query.has('signature') ? honest(request, response) : response.end(request.echostr);
    expect(outline(await probe(lax))).toContain('missing_parameters fail unsigned_accepted');
  });

  test.each([
    ['text/html; charset=utf-8', 'warn'],
    ['', 'warn'],
    ['text/plain', 'pass'],
    ['application/octet-stream', 'pass'],
  ])('judges signed markup that comes back as %j: %s', async (type, status) => {
    const echoAll = honestBut((echo, response) => {
      if (type !== '') response.setHeader('content-type', type);
      response.end(echo);
    });
    const markup = (await probe(echoAll)).at(-1);
    expect(markup).toMatchObject({ name: 'markup', status });
    expect(markup?.cause).toBe(status === 'pass' ? undefined : 'reflected_html');
  });

  test('fails markup that comes back without a signature', async () => {
    const reflecting: Answering = (request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(request.echostr);
    };
    expect(outline(await probe(reflecting)).at(-1)).toBe('markup fail reflected_html');
  });

  test('escaped markup is no reflection', async () => {
    const escaping = honestBut((echo, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(echo.replaceAll('<', '&lt;'));
    });
    expect(outline(await probe(escaping))).toEqual(allGood);
  });

  test('is interrupted by the signal', async () => {
    const controller = new AbortController();
    const { url } = await startCallbackServer(() => controller.abort(new Error('stopped')));
    await expect(probeHandshake({ ...options(url), signal: controller.signal })).rejects.toThrow('stopped');
  });
});

/** A monotonic clock that moves on by so much at every look. */
function tick(ms: number): () => number {
  let now = 0;
  return () => (now += ms);
}
