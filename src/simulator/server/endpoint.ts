/** One endpoint of the API side: the checks that all have in common, in the platform's order. */
import type { HonoRequest } from 'hono';
import type { Hono } from 'hono/tiny';
import { parseIpAddress, plainAddress } from '../../core/account/index.ts';
import { isObject } from '../../core/text/json-value.ts';
import { checkCaller } from '../account/credentials.ts';
import { jsonAnswer } from './answers.ts';
import { parseMultipart, type Part } from './multipart.ts';
import type { Platform } from '../account/platform.ts';
import { Refusal } from './refusal.ts';
import type { RequestNote } from './requests.ts';

export interface Endpoint {
  /** `any`: the platform takes both. */
  readonly method: 'GET' | 'POST' | 'any';
  readonly path: string;
  /** `own`: the endpoint checks AppSecret, code or web token itself, and counts the call when it has. */
  readonly credential: 'access_token' | 'own';
  /**
   * The answer on the wire: a value for JSON, or a `Response` for anything else. It is synchronous, so that nothing comes between a check and the change it allows:
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
  /** The file of an upload. Throws 41005 where no part of this name has a file name, 44001 for an empty file. */
  readonly file: (name: string) => Part;
  /** A field beside the file of an upload. */
  readonly field: (name: string) => string | undefined;
  /** Where the call comes from. */
  readonly address: string;
  /** What the caller calls the simulator (`http://127.0.0.1:8090`): the beginning of addresses that it can open. */
  readonly origin: string;
}

/** What a route tells the log about its answer. */
export interface ApiEnv {
  Variables: { note?: RequestNote };
}

export type ApiApp = Hono<ApiEnv>;

/**
 * The body of a call. A GET has none, and is not asked for it: the listener would build a whole `Request` of undici
 * around nothing, which costs as much as the rest of a call.
 */
export async function readBody(request: HonoRequest): Promise<Uint8Array<ArrayBuffer>> {
  if (request.method === 'GET' || request.method === 'HEAD') return new Uint8Array();
  return new Uint8Array(await request.arrayBuffer());
}

export function addEndpoint(app: ApiApp, platform: Platform, endpoint: Endpoint): void {
  const { method, path, credential, answer } = endpoint;
  app.all(path, async (context) => {
    checkMethod(method, context.req.method);
    const bytes = await readBody(context.req);
    const call = createCall(context.req.raw, bytes);
    if (credential === 'access_token') {
      platform.tokens.check(call.query('access_token'));
      checkCaller(path, call.address, platform);
      platform.quota.count(path);
    }
    const answered = await answer(call);
    return answered instanceof Response ? answered : jsonAnswer(answered);
  });
}

/** Throws 43002 or 43001. */
function checkMethod(wanted: Endpoint['method'], used: string): void {
  if (wanted === 'any' ? used !== 'GET' && used !== 'POST' : used !== wanted)
    throw new Refusal(wanted === 'GET' ? 43001 : 43002);
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

/** No page names a limit for messages but that of their texts; a thousand chats of long ones would fill the memory. */
const maxMessageCharacters = 32 * 1024;

/** The body of a call that puts a message into a chat. Throws `tooLong`, and what `call.json` throws. */
export function messageBody(call: Call, tooLong: number): Readonly<Record<string, unknown>> {
  if (call.text().length > maxMessageCharacters) throw new Refusal(tooLong);
  return call.json();
}

function createCall({ url, headers }: Request, bytes: Uint8Array<ArrayBuffer>): Call {
  const { searchParams: query, origin } = new URL(url);
  const text = (): string => {
    if (bytes.length === 0) throw new Refusal(44002);
    return decodeUtf8(bytes);
  };
  let parts: readonly Part[] | undefined;
  const partsOf = (): readonly Part[] => {
    parts ??= parseMultipart(headers.get('content-type') ?? '', bytes) ?? [];
    return parts;
  };
  return {
    address: addressOf(headers),
    origin,
    query: (name) => query.get(name) ?? undefined,
    text,
    json: () => parseObject(text()),
    file(name) {
      const file = partsOf().find((part) => part.name === name && part.fileName !== undefined);
      if (file === undefined) throw new Refusal(41005);
      if (file.bytes.length === 0) throw new Refusal(44001);
      return file;
    },
    field(name) {
      const field = partsOf().find((part) => part.name === name && part.fileName === undefined);
      return field && decodeUtf8(field.bytes);
    },
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
  return parseIpAddress(forwarded) === undefined ? '127.0.0.1' : plainAddress(forwarded);
}
