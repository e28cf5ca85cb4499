/** One endpoint of the API side: the checks that all have in common, in the platform's order. */
import type { Hono } from 'hono/tiny';
import { isObject } from '../core/json-value.ts';
import { jsonAnswer } from './answers.ts';
import type { Platform } from './platform.ts';
import { Refusal } from './refusal.ts';
import type { RequestNote } from './requests.ts';

export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** `secret`: the endpoint checks AppID and AppSecret itself, and counts the call when it has. */
  readonly credential: 'access_token' | 'secret';
  /**
   * The answer on the wire. It is synchronous, so that nothing comes between a check and the change it allows:
   * a hundred calls at once keep every counter exact. What only reads may be a promise.
   */
  readonly answer: (call: Call) => unknown;
}

/** What most calls answer that have nothing to tell. */
export const ok = { errcode: 0, errmsg: 'ok' };

export interface Call {
  readonly query: (name: string) => string | undefined;
  /** The body as text. Throws 44002 when there is none, 65318 when it is not UTF-8. */
  readonly text: () => string;
  /** The body as a JSON object. Throws 47001 when it is none. */
  readonly json: () => Readonly<Record<string, unknown>>;
  /** Where the call comes from. */
  readonly address: string;
}

/** What a route tells the log about its answer. */
export interface ApiEnv {
  Variables: { note?: RequestNote };
}

export type ApiApp = Hono<ApiEnv>;

export function addEndpoint(app: ApiApp, platform: Platform, endpoint: Endpoint): void {
  const { method, path, credential, answer } = endpoint;
  app.all(path, async (context) => {
    if (context.req.method !== method) throw new Refusal(method === 'POST' ? 43002 : 43001);
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    const call = createCall(new URL(context.req.url).searchParams, bytes, addressOf(context.req.raw.headers));
    if (credential === 'access_token') {
      platform.tokens.check(call.query('access_token'));
      platform.quota.count(path);
    }
    return jsonAnswer(await answer(call));
  });
}

/** A short way to add the endpoints of `/cgi-bin/` that take an access token. */
export function createAdder(
  app: ApiApp,
  platform: Platform,
): (method: Endpoint['method'], name: string, answer: Endpoint['answer']) => void {
  return (method, name, answer) => {
    addEndpoint(app, platform, { method, path: `/cgi-bin/${name}`, credential: 'access_token', answer });
  };
}

function createCall(query: URLSearchParams, bytes: Uint8Array, address: string): Call {
  const text = (): string => {
    if (bytes.length === 0) throw new Refusal(44002);
    return decodeUtf8(bytes);
  };
  return {
    address,
    query: (name) => query.get(name) ?? undefined,
    text,
    json: () => parseObject(text()),
  };
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    // A byte order mark stays, and then the text is not JSON.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refusal(65318);
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(47001);
  }
  if (!isObject(value)) throw new Refusal(47001);
  return value;
}

/** Calls arrive over loopback; `X-Forwarded-For` lets them come from elsewhere, as behind a proxy. */
export function addressOf(headers: Headers): string {
  const forwarded = headers.get('x-forwarded-for')?.split(',')[0]?.trim() ?? '';
  return /^[0-9A-Fa-f:.]{2,45}$/.test(forwarded) ? forwarded : '127.0.0.1';
}
