import { describe, expect, test } from 'vitest';
import { decodeEncodingAESKey } from '../../../src/core/callback/message-crypto.ts';
import { createFetch } from '../../../src/io/net/fetch.ts';
import type { Fetch, ServerHandler } from '../../../src/io/ports.ts';
import { probePosts } from '../../../src/simulator/push/probe-post.ts';
import { honest as honestServer, startCallbackServer } from '../../helpers/callback-server.ts';
import { handlerFetch, honestHandler, testAccount } from '../../helpers/handler-fetch.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';

const clock = createManualClock(1_714_036_504_000);
const crypt = { key: decodeEncodingAESKey(testAccount.encodingAESKey), appId: testAccount.appId };

const realFetch = createFetch({
  proxy: undefined,
  environment: {},
  platform: 'linux',
});

const probe = async (fetch: Fetch, withKey = true, url = 'http://localhost:3000/wechat') => {
  const checks = await probePosts({
    url,
    callbackToken: testAccount.callbackToken,
    fetch,
    clock,
    random: { bytes: (count) => new Uint8Array(count).fill(3) },
    ...(withKey ? { crypt } : {}),
  });
  return checks.map(({ name, status, cause }) =>
    [name, status, ...(cause === undefined ? [] : [cause])].join(' '),
  );
};

const honest = (mode: 'plain' | 'compatible' | 'safe') =>
  handlerFetch(honestHandler(clock, { mode, reply: () => ({ msgType: 'text', content: 'hi' }) })).fetch;

const answering = (answer: Partial<Awaited<ReturnType<ServerHandler>>>) =>
  handlerFetch(() => ({ status: 200, contentType: 'text/plain', body: '', ...answer })).fetch;

describe('probePosts()', () => {
  test('passes a server that takes both messages', async () => {
    expect(await probe(honest('compatible'))).toEqual(['post_plain pass', 'post_encrypted pass']);
    expect(await probe(answering({ body: 'success' }))).toEqual(['post_plain pass', 'post_encrypted pass']);
  });

  test('does not blame a server in one mode for refusing the other', async () => {
    expect(await probe(honest('safe'))).toEqual(['post_plain warn forbidden', 'post_encrypted pass']);
    expect(await probe(honest('plain'))).toEqual(['post_plain pass', 'post_encrypted warn forbidden']);
  });

  test('judges by the plain message where there is no key', async () => {
    expect(await probe(honest('plain'), false)).toEqual(['post_plain pass', 'post_encrypted skip']);
    expect(await probe(honest('safe'), false)).toEqual(['post_plain fail forbidden', 'post_encrypted skip']);
  });

  test.each([
    ['419', { status: 419 }, 'csrf'],
    ['302', { status: 302, headers: { location: '/login' } }, 'redirect'],
    ['HTML', { body: '<!DOCTYPE html><p>oops</p>' }, 'html'],
    ['a BOM', { body: '\u{feff}<xml><MsgType>text</MsgType></xml>' }, 'bom'],
    ['JSON', { body: '{"code":0}' }, 'other'],
    ['SUCCESS', { body: 'SUCCESS' }, 'letter_case'],
    ['XML as a JSON string', { body: '"<xml>\\n<MsgType>text</MsgType></xml>"' }, 'quoted'],
    ['the parsed message', { body: '{"xml":{"Encrypt":["abc"]}}' }, 'parsed'],
    ['a response as text', { body: 'HTTP/1.0 200 OK\r\n\r\n<xml></xml>' }, 'http_head'],
    ['415', { status: 415 }, 'body_parser'],
    ['413', { status: 413 }, 'body_limit'],
    ['502', { status: 502 }, 'upstream_unreachable'],
    ['504', { status: 504 }, 'upstream_timeout'],
    ['422 of Rails', { status: 422, body: 'ActionController::InvalidAuthenticityToken' }, 'csrf'],
  ])('names %s in answer to both', async (_what, answer, cause) => {
    expect(await probe(answering(answer))).toEqual([
      `post_plain fail ${cause}`,
      `post_encrypted fail ${cause}`,
    ]);
  });

  test.each([
    [405, 'method'],
    [404, 'status'],
  ])('names a server for GET only that answers %i', async (status, cause) => {
    const server = await startCallbackServer((request, response) =>
      request.method === 'GET' ? honestServer(request, response) : response.writeHead(status).end(),
    );
    expect(await probe(realFetch, true, server.url)).toEqual([
      `post_plain fail ${cause}`,
      `post_encrypted fail ${cause}`,
    ]);
    expect(server.requests.map(({ method, genuine }) => [method, genuine])).toEqual([
      ['POST', true],
      ['POST', true],
    ]);
  });

  test('passes a real server that only says success', async () => {
    const { url } = await startCallbackServer(honestServer);
    expect(await probe(realFetch, true, url)).toEqual(['post_plain pass', 'post_encrypted pass']);
  });
});
