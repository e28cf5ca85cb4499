/** One call as it arrives: where it comes from, its query, its body or its file. */
import { parseIpAddress, plainAddress } from '../../core/account/index.ts';
import { isObject, withoutNulls } from '../../core/text/json-value.ts';
import { parseMultipart, type Part } from './multipart.ts';
import { Refusal } from './refusal.ts';

export interface Call {
  readonly query: (name: string) => string | undefined;
  /** The body as text. Throws 44002 when there is none, 65318 when it is not UTF-8. */
  readonly text: () => string;
  /** The body as a JSON object, without its fields that are null. Throws 47001 when it is none. */
  readonly json: () => Readonly<Record<string, unknown>>;
  /** The file of an upload. Throws 41005 where no part of this name has a file name, 44001 for an empty file. */
  readonly file: (name: string) => Part;
  readonly field: (name: string) => string | undefined;
  readonly address: string;
  /** What the caller calls the simulator (`http://127.0.0.1:8090`): the beginning of addresses that it can open. */
  readonly origin: string;
}

/**
 * The body of a call. A GET has none, and is not asked for it: the listener would build a whole `Request` of undici
 * around nothing, which costs as much as the rest of a call.
 */
export function readBody(
  request: Pick<Request, 'method' | 'arrayBuffer'>,
): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>> {
  if (request.method === 'GET' || request.method === 'HEAD') return noBody;
  return request.arrayBuffer().then((bytes) => new Uint8Array(bytes));
}

const noBody = new Uint8Array();

export function createCall({ url, headers }: Request, bytes: Uint8Array<ArrayBuffer>): Call {
  let query: URLSearchParams | undefined;
  const text = (): string => {
    if (bytes.length === 0) throw new Refusal(44002);
    return decodeUtf8(bytes);
  };
  let value: Readonly<Record<string, unknown>> | undefined;
  let parts: readonly Part[] | undefined;
  const partsOf = (): readonly Part[] => {
    parts ??= parseMultipart(headers.get('content-type') ?? '', bytes) ?? [];
    return parts;
  };
  return {
    address: addressOf(headers),
    get origin() {
      return new URL(url).origin;
    },
    query: (name) => (query ??= new URLSearchParams(queryOf(url))).get(name) ?? undefined,
    text,
    json: () => (value ??= parseObject(text())),
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

function queryOf(url: string): string {
  const [address = ''] = url.split('#', 1);
  const start = address.indexOf('?');
  return start === -1 ? '' : address.slice(start);
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
    // Quirk: what WeChat does with null is not documented; programs that write it for what they leave out are served.
    value = JSON.parse(text);
    if (text.includes('null')) value = withoutNulls(value);
  } catch {
    throw new Refusal(47001);
  }
  if (!isObject(value)) throw new Refusal(47001);
  return value;
}

/** Calls arrive over loopback; `X-Forwarded-For` lets them come from elsewhere, as behind a proxy. */
export function addressOf(headers: Headers): string {
  const list = headers.get('x-forwarded-for');
  if (list === null) return '127.0.0.1';
  const forwarded = list.split(',')[0]?.trim() ?? '';
  return parseIpAddress(forwarded) === undefined ? '127.0.0.1' : plainAddress(forwarded);
}
