import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createFetch } from '../../../src/io/net/fetch.ts';
import type { Fetch } from '../../../src/io/ports.ts';
import { experiment } from '../../../src/simulator/push/experiments.ts';
import type { ProbeOptions } from '../../../src/simulator/push/probe-check.ts';
import { probePosts } from '../../../src/simulator/push/probe-post.ts';
import { probeHandshake } from '../../../src/simulator/push/probe.ts';
import {
  callbackToken,
  honest,
  startCallbackServer,
  type Answering,
  type CallbackServer,
} from '../../helpers/callback-server.ts';

const realFetch = createFetch({
  proxy: undefined,
  environment: {},
  platform: 'linux',
});

const options = (url: string, more: Partial<ProbeOptions> = {}): ProbeOptions => ({
  url,
  callbackToken,
  fetch: realFetch,
  clock: { now: () => 1_714_036_504_000, monotonic: () => 0, sleep: () => Promise.resolve() },
  random: { bytes: (count) => Uint8Array.from({ length: count }, (_none, index) => index % 9) },
  ...more,
});

/** All that `handshake probe --post` does, and what the server saw of the experiments. */
async function probe(server: CallbackServer, more: Partial<ProbeOptions> = {}) {
  const world = options(server.url, more);
  const checks = [...(await probeHandshake(world)), ...(await probePosts(world))];
  const before = server.requests.length;
  const report = await experiment(world, checks);
  const [handshake, post] = ['handshake', 'post_plain'].map((wanted) =>
    report.checks.find(({ name }) => name === wanted),
  );
  const tried = report.experiments.map(({ name, accepted }) => `${name} ${accepted ? 'taken' : 'refused'}`);
  return { ...report, handshake, post, tried, sent: server.requests.slice(before) };
}

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

/** Makes its signature as the function says, and answers 403 to every other. */
const signing =
  (join: (token: string, timestamp: string, nonce: string) => string): Answering =>
  ({ method, query, echostr }, response) => {
    const wanted = sha1(join(callbackToken, query.get('timestamp') ?? '', query.get('nonce') ?? ''));
    if (query.get('signature') !== wanted) return void response.writeHead(403).end('bad signature');
    response.end(method === 'GET' ? echostr : 'success');
  };

/** Passes every GET, and a POST as the function says. */
const posting =
  (
    take: (type: string | undefined, body: string) => boolean,
    status = 400,
    text = 'Bad Request',
  ): Answering =>
  (request, response) => {
    if (request.method === 'GET' || !request.genuine) return honest(request, response);
    const taken = take(request.headers['content-type'], request.body);
    response.writeHead(taken ? 200 : status).end(taken ? 'success' : text);
  };

describe('experiment() with GET', () => {
  test.each([
    ['unsorted', (...all: readonly string[]) => all.join('')],
    [
      'numeric_order',
      (token: string, ...numbers: readonly string[]) =>
        numbers.toSorted((a, b) => Number(a) - Number(b)).join('') + token,
    ],
    [
      'token_case',
      (token: string, ...rest: readonly string[]) => [token.toLowerCase(), ...rest].toSorted().join(''),
    ],
    [
      'token_newline',
      (token: string, ...rest: readonly string[]) => [`${token}\n`, ...rest].toSorted().join(''),
    ],
    ['token_missing', (_token: string, ...rest: readonly string[]) => rest.toSorted().join('')],
    [
      'token_space',
      (token: string, ...rest: readonly string[]) => [`${token} `, ...rest].toSorted().join(''),
    ],
  ])('names the mistake of a server: %s', async (name, join) => {
    const { handshake, tried, sent, experiments } = await probe(await startCallbackServer(signing(join)));
    expect(handshake).toMatchObject({
      status: 'fail',
      cause: 'forbidden',
      text: { en: expect.stringMatching(/^The server takes a wrong signature instead of the right one/) },
    });
    expect(tried.at(-1)).toBe(`${name} taken`);
    expect(tried.slice(0, -1).every((line) => line.endsWith(' refused'))).toBe(true);
    expect(handshake?.text.en).toContain(experiments.at(-1)?.text.en);
    expect(sent).toHaveLength(tried.length);
  });

  test('sends eight requests at most, and says that no known mistake explains it', async () => {
    const server = await startCallbackServer((_request, response) => response.writeHead(401).end('签名错误'));
    const { handshake, experiments, sent } = await probe(server);
    expect({ tried: experiments.length, sent: sent.length }).toEqual({ tried: 8, sent: 8 });
    expect(handshake?.hint?.en).toMatch(
      /^Compare the Token.*\. None of 8 signatures with known mistakes passes either$/,
    );
    expect(handshake).toMatchObject({ cause: 'forbidden', serverSaid: '签名错误' });
  });

  test.each([
    [9_000, [5000, 5000, 2000]],
    [21_000, [5000]],
  ])('ends after 20 s where each answer takes %i ms', async (took, timeouts) => {
    let now = 0;
    const seen: number[] = [];
    const fetch: Fetch = ({ timeoutMs }) => {
      now += took;
      seen.push(timeoutMs);
      return Promise.resolve({ status: 403, headers: {}, body: Buffer.from('') });
    };
    const clock = { ...options('').clock, monotonic: () => now };
    const world = options('http://x.test/', { fetch, clock });
    const checks = await probeHandshake(world);
    seen.length = 0;
    await experiment(world, checks);
    expect(seen).toEqual(timeouts);
  });

  test.each<readonly [string, Answering]>([
    ['passes', honest],
    ['redirects', (_request, response) => response.writeHead(302, { location: '/login' }).end()],
    ['stands behind a dead proxy', (_request, response) => response.writeHead(502).end()],
    ['answers 405', (_request, response) => response.writeHead(405).end()],
    ['echoes in quotes', ({ echostr }, response) => response.end(`"${echostr}"`)],
  ])('tries nothing where the server %s', async (_what, answer) => {
    const { experiments, sent } = await probe(await startCallbackServer(answer));
    expect({ experiments, sent }).toEqual({ experiments: [], sent: [] });
  });
});

describe('experiment() with POST', () => {
  test('sends no body, JSON and application/xml, each signed as a push is', async () => {
    const { sent, tried } = await probe(await startCallbackServer(posting(() => false)));
    expect(tried).toEqual(['empty_body refused', 'json_body refused', 'xml_body refused']);
    expect(sent.map(({ method, genuine }) => `${method} ${genuine}`)).toEqual(Array(3).fill('POST true'));
    expect(sent.map(({ headers }) => headers['content-type'])).toEqual([
      undefined,
      'application/json',
      'application/xml',
    ]);
    const [empty, json, xml] = sent.map(({ body }) => body);
    expect(empty).toBe('');
    const fields = JSON.parse(json ?? '') as { readonly xml: object };
    expect(fields).toMatchObject({ MsgType: 'text', xml: { MsgType: 'text' } });
    expect(xml).toMatch(/^<xml>/);
    expect(sent.every(({ query }) => query.has('openid'))).toBe(true);
  });

  test.each([
    ['JSON alone', (type: string | undefined) => type === 'application/json', 'body_parser', /wants JSON/],
    [
      'nothing but text/xml not',
      (type: string | undefined) => type !== 'text/xml',
      'body_parser',
      /reads text\/xml/,
    ],
    [
      'only an empty body',
      (_type: unknown, body: string) => body === '',
      'body_parser',
      /the body that is refused/,
    ],
    ['no body whatever', () => false, 'body_parser', /not the form of the body/],
  ])('tells a server that takes %s', async (_what, take, cause, words) => {
    const { post } = await probe(await startCallbackServer(posting(take)));
    expect(post).toMatchObject({ status: 'fail', cause, text: { en: expect.stringMatching(words) } });
  });

  test('clears the Token where every POST is forbidden after a passed GET', async () => {
    const { post } = await probe(await startCallbackServer(posting(() => false, 403, 'Forbidden')));
    expect(post).toMatchObject({ cause: 'forbidden', serverSaid: 'Forbidden' });
    expect(post?.hint?.en).toMatch(/^The Token is right/);
  });

  test.each([
    [419, 'Page Expired', 'csrf'],
    [504, '', 'upstream_timeout'],
    [302, '', 'redirect'],
    [201, 'success', 'status'],
    [204, '', 'empty'],
  ])('tries nothing where %i says it all', async (status, text, cause) => {
    const { post, experiments } = await probe(await startCallbackServer(posting(() => false, status, text)));
    expect(post?.cause).toBe(cause);
    expect(experiments).toEqual([]);
  });
});
