/** A relay over real sockets, with a platform that the test plays; both end with the test. */
import http from 'node:http';
import { onTestFinished } from 'vitest';
import type { Credential, TokenSource } from '../../src/api/token-source.ts';
import { readKnownCalls } from '../../src/core/catalogue/index.ts';
import type { CallUsage } from '../../src/core/catalogue/index.ts';
import { listenStream } from '../../src/io/net/listen-stream.ts';
import { createStreamFetch } from '../../src/io/net/stream-fetch.ts';
import type { Clock, Spool } from '../../src/io/ports.ts';
import { openSpool } from '../../src/io/net/spool.ts';
import { RelayAccount } from '../../src/relay/account.ts';
import { parseKeyFile } from '../../src/relay/clients.ts';
import type { RelayRecord } from '../../src/relay/metrics.ts';
import { createRelay, type Relay } from '../../src/relay/relay.ts';
import { listening } from './listening.ts';

export const [appId, otherAppId] = ['wx0123456789abcdef', 'wxfedcba9876543210'];
export const appSecret = 'app-secret-0123456789abcdef0123';
/** Keys of the clients in `keyFile`. */
export const keys = {
  all: 'key-of-all-0123456789',
  menu: 'key-of-menu-0123456789',
  service: 'key-of-service-0123456789',
  slow: 'key-of-slow-0123456789',
  other: 'key-of-other-0123456789',
} as const;
export const keyFile = `# clients
all:${keys.all}
menu:${keys.menu}:/cgi-bin/menu
service:${keys.service}:/token,/ticket,/metrics
slow:${keys.slow}::2/m
other:${keys.other}:/${otherAppId}/cgi-bin
`;

export interface PlatformRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

type Answer = (request: PlatformRequest, response: http.ServerResponse) => void;

/** Answers each request with the next of `answers`, then with `{"errcode":0}`. */
export async function startPlatform() {
  const requests: PlatformRequest[] = [];
  const answers: Answer[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const seen = { method, url, headers, body: Buffer.concat(chunks) };
      requests.push(seen);
      (answers.shift() ?? json({ errcode: 0, errmsg: 'ok' }))(seen, response);
    });
    request.on('error', () => {});
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, requests, answers, server };
}

export type Platform = Awaited<ReturnType<typeof startPlatform>>;

export function json(value: unknown, status = 200): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json; encoding=utf-8' });
    response.end(JSON.stringify(value));
  };
}

/** A token source whose tokens are `SIM_token-1…`, `SIM_token-2…`; the first one that is asked for is the first. */
export function countingTokens(end = 'x'.repeat(20)) {
  const asked: string[] = [];
  let number = 1;
  const credential = (): Credential => ({
    value: `SIM_token-${number}-${end}`,
    expiresAtMs: Date.now() + 7_200_000,
    source: 'cache',
    endpoint: 'stable_token',
  });
  const source: TokenSource = {
    get: async () => {
      asked.push('get');
      return credential();
    },
    renew: async (failed) => {
      asked.push(`renew ${failed}`);
      if (failed === credential().value) number += 1;
      return credential();
    },
    peek: async () => undefined,
    clear: async () => false,
  };
  return { asked, source };
}

export interface RelayOptions {
  readonly platform?: Platform;
  readonly keyFile?: string;
  readonly appIds?: readonly string[];
  readonly tokens?: TokenSource;
  readonly secret?: string | undefined;
  readonly readOnly?: boolean;
  readonly isLocal?: boolean;
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  readonly usage?: (path: string) => Promise<CallUsage>;
  readonly spool?: () => Promise<Spool>;
}

const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds).unref()),
};

let calls: ReturnType<typeof readKnownCalls> | undefined;

export async function startRelay(options: RelayOptions = {}) {
  const platform = options.platform ?? (await startPlatform());
  const records: RelayRecord[] = [];
  const clock = options.clock ?? realClock;
  const tokens = options.tokens ?? countingTokens().source;
  const accounts = (options.appIds ?? [appId]).map(
    (id) =>
      new RelayAccount({
        appId: id,
        apiBase: platform.url,
        secret: 'secret' in options ? options.secret : appSecret,
        tokens,
        tickets: async (type) => ({
          ...tokens,
          get: async () => ({ ...(await tokens.get()), value: `${type}-ticket` }),
        }),
        fetch: createStreamFetch({ environment: {}, platform: 'linux' }),
        usage: options.usage ?? (async () => Promise.reject(new Error('no usage was expected'))),
        clock,
      }),
  );
  const relay: Relay = createRelay({
    accounts,
    clients: parseKeyFile(options.keyFile ?? keyFile, 'keys'),
    calls: await (calls ??= readKnownCalls()),
    readOnly: options.readOnly ?? false,
    isLocal: options.isLocal ?? true,
    timeoutMs: options.timeoutMs ?? 10_000,
    clock,
    language: 'en',
    spool: options.spool ?? openSpool,
    onRecord: (record) => void records.push(record),
  });
  const server = await listenStream(relay.handle, { host: '127.0.0.1', port: 0, idleMs: 30_000 });
  onTestFinished(() => server.close(0));
  /** One request; the key of `all` unless another one, or none, is named. */
  const ask = async (
    path: string,
    { key = keys.all as string, ...init }: RequestInit & { key?: string } = {},
  ) => {
    const headers = new Headers(init.headers);
    if (key !== '') headers.set('authorization', `Bearer ${key}`);
    const response = await fetch(`${server.url}${path}`, { redirect: 'manual', ...init, headers });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      relay: response.headers.get('wechat-mp-relay'),
    };
  };
  return { url: server.url, port: server.port, platform, relay, records, ask, accounts, close: server.close };
}
