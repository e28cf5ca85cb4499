/** `handshake probe --post` against frameworks whose body parsers do not let the platform's messages through. */
import { createHash } from 'node:crypto';
import http from 'node:http';
import { createRequire } from 'node:module';
import net from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { terminalWidth } from '../../src/core/text/terminal-width.ts';
import { createFetch } from '../../src/io/net/fetch.ts';
import { fakeWorld } from '../helpers/fake-io.ts';
import { listening } from '../helpers/listening.ts';

const require = createRequire(import.meta.url);
const callbackToken = 'AAAAA';

const fetch = createFetch({
  proxy: undefined,
  environment: {},
  platform: 'linux',
});

interface Query {
  readonly [name: string]: string | undefined;
}

/** Echostr of a genuine GET. */
function echoOf({ signature, timestamp = '', nonce = '', echostr }: Query): string | undefined {
  const text = [callbackToken, timestamp, nonce].toSorted().join('');
  return createHash('sha1').update(text).digest('hex') === signature ? echostr : undefined;
}

interface Check {
  readonly name: string;
  readonly status: string;
  readonly cause: string | null;
  readonly message: string;
  readonly hint: string | null;
  readonly server_said: string | null;
  readonly framework: string | null;
  readonly code: readonly string[] | null;
}
interface Experiment {
  readonly name: string;
  readonly accepted: boolean;
  readonly http_status: number | null;
}

async function probe(port: number) {
  const words = ['handshake', 'probe', `http://127.0.0.1:${port}/wechat`, '--post'];
  const environment = { WECHAT_MP_CALLBACK_TOKEN: callbackToken };
  const ask = async (...more: readonly string[]) =>
    await fakeWorld({ fetch, environment }).run(...words, ...more);
  const { code, stdout, stderr } = await ask('--json');
  const { ok, checks, experiments } = JSON.parse(stdout) as {
    readonly ok: boolean;
    readonly checks: readonly Check[];
    readonly experiments: readonly Experiment[];
  };
  for (const language of ['en', 'zh']) {
    const printed = await ask('--lang', language);
    expect(printed.stdout.split('\n').filter((line) => terminalWidth(line) > 80)).toEqual([]);
    expect(printed.stderr).toBe('');
  }
  const find = (wanted: string) => checks.find(({ name }) => name === wanted);
  return {
    result: { code, ok, stderr, handshake: find('handshake')?.status },
    post: find('post_plain'),
    tried: experiments.map(({ name, accepted, http_status }) => `${name} ${accepted} ${http_status}`),
  };
}

/** The GET passes; the check is an answer and no error. */
const refused = { code: 1, ok: false, stderr: '', handshake: 'pass' };

interface Reply {
  code(status: number): Reply;
  send(text: string): Reply;
}
interface Fastify {
  readonly server: http.Server;
  get(path: string, handle: (request: { readonly query: Query }, reply: Reply) => unknown): void;
  post(path: string, handle: () => Promise<string>): void;
  listen(options: object): Promise<unknown>;
  close(): Promise<void>;
}

async function startFastify(): Promise<number> {
  const fastify = (require('fastify') as () => Fastify)();
  fastify.get('/wechat', ({ query }, reply) =>
    reply.code(echoOf(query) ? 200 : 403).send(echoOf(query) ?? ''),
  );
  fastify.post('/wechat', () => Promise.resolve('success'));
  await fastify.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => fastify.close());
  return (fastify.server.address() as net.AddressInfo).port;
}

interface ExpressRequest {
  readonly query: Query;
}
interface ExpressResponse {
  type(name: string): ExpressResponse;
  status(code: number): ExpressResponse;
  send(text: string): void;
}
interface Express extends http.RequestListener {
  (): Express;
  json(options: object): unknown;
  set(name: string, value: unknown): void;
  use(handler: unknown): void;
  get(path: string, handle: (request: ExpressRequest, response: ExpressResponse) => void): void;
  post(path: string, handle: (request: ExpressRequest, response: ExpressResponse) => void): void;
}

/** In development the error has its stack with it; in production there is no more than its name. */
async function startExpress(env: 'development' | 'production'): Promise<number> {
  const express = require('express') as Express;
  const app = express();
  // As in development, without a word on the console of the tests.
  app.set('env', 'test');
  app.use(express.json({ type: '*/*' }));
  app.get('/wechat', ({ query }, response) => {
    response
      .status(echoOf(query) ? 200 : 403)
      .type('text')
      .send(echoOf(query) ?? '');
  });
  app.post('/wechat', (_request, response) => response.send('success'));
  const hide = (_error: unknown, _request: unknown, response: ExpressResponse, _next: unknown) =>
    response.status(400).send('<!DOCTYPE html><title>Error</title><pre>Bad Request</pre>');
  if (env === 'production') app.use(hide);
  return await listening(http.createServer(app));
}

interface KoaContext {
  readonly method: string;
  readonly query: Query;
  readonly req: http.IncomingMessage;
  readonly request: { readonly body: { readonly xml: { readonly FromUserName: string } } };
  type: string;
  status: number;
  body: unknown;
}
interface KoaApp {
  silent: boolean;
  use(middleware: unknown): void;
  callback(): http.RequestListener;
}

async function startKoa(answer: (context: KoaContext) => unknown): Promise<number> {
  const Koa = require('koa') as new () => KoaApp;
  const { koaBody } = require('koa-body') as { readonly koaBody: () => unknown };
  const app = new Koa();
  app.silent = true;
  app.use(koaBody());
  app.use(async (context: KoaContext) => {
    if (context.method === 'POST') return void (context.body = await answer(context));
    context.type = 'text';
    context.status = echoOf(context.query) === undefined ? 403 : 200;
    context.body = echoOf(context.query) ?? '';
  });
  return await listening(http.createServer(app.callback()));
}

/** As a body is read by code that knows nothing of the middleware before it. */
async function readRaw({ req }: KoaContext): Promise<string> {
  if (req.readableEnded) throw new Error('stream is not readable');
  for await (const _chunk of req);
  return 'success';
}

describe('handshake probe --post names', () => {
  test('Fastify without a parser for XML', async () => {
    const { result, post, tried } = await probe(await startFastify());
    expect(result).toEqual(refused);
    expect(post).toMatchObject({
      cause: 'body_parser',
      server_said: 'Unsupported Media Type',
      framework: 'Fastify',
      code: [expect.stringContaining("addContentTypeParser(['text/xml'"), expect.any(String)],
    });
    expect(tried).toEqual(['empty_body true 200', 'json_body true 200', 'xml_body false 415']);
  });

  test.each(['development', 'production'] as const)('express.json() for every type, in %s', async (env) => {
    const { result, post, tried } = await probe(await startExpress(env));
    expect(result).toEqual(refused);
    expect(post).toMatchObject({
      cause: 'body_parser',
      server_said:
        env === 'production'
          ? 'Error Bad Request'
          : `SyntaxError: Unexpected token '<', "<xml><ToUs"... is not valid JSON`,
      framework: 'Express',
    });
    expect(post?.code?.join('\n')).toContain("app.use('/wechat', express.text({ type: '*/*' }))");
    expect(tried).toEqual(['empty_body true 200', 'json_body true 200', 'xml_body false 400']);
  });

  test('koa-body, where the code reads fields that nobody parsed', async () => {
    const port = await startKoa(({ request }) => request.body.xml.FromUserName && 'success');
    const { result, post, tried } = await probe(port);
    expect(result).toEqual(refused);
    expect(post).toMatchObject({
      cause: 'body_parser',
      framework: 'Koa',
      server_said: 'Internal Server Error',
    });
    expect(post?.code?.join('\n')).toContain('koa-body leaves XML as text');
    expect(tried).toEqual(['empty_body false 500', 'json_body true 200', 'xml_body false 500']);
  });

  test('koa-body, where it has read what the code wants to read', async () => {
    const { result, post, tried } = await probe(await startKoa(readRaw));
    expect(result).toEqual(refused);
    expect(post).toMatchObject({ cause: 'body_parser', framework: 'Koa' });
    expect(post?.message).toContain('application/xml is taken');
    expect(post?.code?.join('\n')).toContain('before app.use(koaBody())');
    expect(tried).toEqual(['empty_body true 200', 'json_body false 500', 'xml_body true 200']);
  });
});

/** What Flask 2.2 and PHP 8.2 write, byte for byte, to a POST; a GET is answered as it must be. */
async function startReplay(answer: string): Promise<number> {
  const server = http.createServer((request, response) => {
    const query = Object.fromEntries(new URL(request.url ?? '/', 'http://x').searchParams);
    if (request.method !== 'POST')
      return void response.writeHead(echoOf(query) ? 200 : 403).end(echoOf(query));
    request.resume().on('end', () => request.socket.end(answer));
  });
  return await listening(server);
}

const flaskPage = `<!doctype html>
<html lang=en>
<title>400 Bad Request</title>
<h1>Bad Request</h1>
<p>The browser (or proxy) sent a request that this server could not understand.</p>
`;
const flask = [
  'HTTP/1.1 400 BAD REQUEST',
  'Server: Werkzeug/2.2.2 Python/3.11.2',
  'Content-Type: text/html; charset=utf-8',
  'Content-Length: 167',
  'Connection: close',
  '',
  flaskPage,
].join('\r\n');

const php = (body: string, status = '200 OK'): string =>
  [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'X-Powered-By: PHP/8.2.32',
    'Content-type: text/html; charset=UTF-8',
    '',
    body,
  ].join('\r\n');
const phpWarning =
  '<br />\n<b>Warning</b>:  Undefined global variable $HTTP_RAW_POST_DATA in <b>/srv/wechat.php</b> on line <b>3</b><br />\n';

describe('handshake probe --post names, by the bytes that it answers,', () => {
  test('request.form of Flask', async () => {
    const { result, post, tried } = await probe(await startReplay(flask));
    expect(result).toEqual(refused);
    expect(post).toMatchObject({
      cause: 'body_parser',
      framework: 'Flask',
      code: ['xml = request.get_data()  # not request.form, not request.json'],
      server_said: expect.stringMatching(/^400 Bad Request.*could not understand\.$/),
    });
    expect(post?.hint).toContain('request.form');
    expect(tried).toEqual(['empty_body false 400', 'json_body false 400', 'xml_body false 400']);
  });

  test('$HTTP_RAW_POST_DATA of PHP, with its warning', async () => {
    const { result, post } = await probe(await startReplay(php(phpWarning)));
    expect(result).toEqual(refused);
    expect(post).toMatchObject({
      cause: 'html',
      framework: 'PHP',
      code: ["$xml = file_get_contents('php://input'); // not $HTTP_RAW_POST_DATA"],
      server_said: 'Warning : Undefined global variable $HTTP_RAW_POST_DATA in /srv/wechat.php on line 3',
    });
  });

  test('$HTTP_RAW_POST_DATA of PHP in silence, which may be right as well', async () => {
    const { result, post } = await probe(await startReplay(php('')));
    expect(result).toEqual({ ...refused, code: 0, ok: true });
    expect(post).toMatchObject({ status: 'warn', cause: 'empty', framework: 'PHP' });
  });

  test('a fatal error of PHP that is not shown', async () => {
    const { post } = await probe(await startReplay(php('', '500 Internal Server Error')));
    expect(post).toMatchObject({ status: 'fail', cause: 'status', framework: 'PHP', server_said: null });
  });
});
