/** One call as it arrives: where it comes from, its query, its body or its file. */
import { parseIpAddress, plainAddress } from '../../core/account/index.ts';
import { isObject, withoutNulls } from '../../core/text/json-value.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import type { WholeRequest } from '../../io/http.ts';
import { parseMultipart, type Part } from './multipart.ts';
import { Refusal } from './refusal.ts';

/**
 * The body of a call. A GET has none, and is not asked for it: the listener would build a whole `Request` of undici
 * around nothing, which costs as much as the rest of a call.
 */
export function readBody(
  request: Pick<Request, 'method' | 'arrayBuffer'> & WholeRequest,
): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>> {
  if (request.method === 'GET' || request.method === 'HEAD') return noBody;
  return request.whole ?? request.arrayBuffer().then((bytes) => new Uint8Array(bytes));
}

const noBody = new Uint8Array();

export class Call {
  private readonly request: Request;
  private readonly bytes: Uint8Array<ArrayBuffer>;
  private parameters: Pick<URLSearchParams, 'get'> | undefined;
  private words: string | undefined;
  private value: Readonly<Record<string, unknown>> | undefined;
  private parts: readonly Part[] | undefined;

  constructor(request: Request, bytes: Uint8Array<ArrayBuffer>) {
    this.request = request;
    this.bytes = bytes;
  }

  get address(): string {
    return addressOf(this.request.headers);
  }

  /** What the caller calls the simulator (`http://127.0.0.1:8090`): the beginning of addresses that it can open. */
  get origin(): string {
    const { url } = this.request;
    const start = url.slice(0, url.indexOf('/', 'https://'.length));
    // Nearly all calls are for the same one.
    if (start !== known.start) known = { start, origin: new URL(url).origin };
    return known.origin;
  }

  query(name: string): string | undefined {
    return (this.parameters ??= parametersOf(this.request.url)).get(name) ?? undefined;
  }

  /** The body as text. Throws 44002 when there is none, 65318 when it is not UTF-8. */
  text(): string {
    if (this.bytes.length === 0) throw new Refusal(44002);
    return (this.words ??= textOf(this.bytes));
  }

  /** The body as a JSON object, without its fields that are null. Throws 47001 when it is none. */
  json(): Readonly<Record<string, unknown>> {
    return (this.value ??= parseObject(this.text()));
  }

  /** The file of an upload. Throws 41005 where no part of this name has a file name, 44001 for an empty file. */
  file(name: string): Part {
    const file = this.partsOf().find((part) => part.name === name && part.fileName !== undefined);
    if (file === undefined) throw new Refusal(41005);
    if (file.bytes.length === 0) throw new Refusal(44001);
    return file;
  }

  field(name: string): string | undefined {
    const field = this.partsOf().find((part) => part.name === name && part.fileName === undefined);
    return field && textOf(field.bytes);
  }

  private partsOf(): readonly Part[] {
    const type = this.request.headers.get('content-type') ?? '';
    return (this.parts ??= parseMultipart(type, this.bytes) ?? []);
  }
}

let known = { start: '', origin: '' };

/** Without anything to decode the first of a name is found at once. */
function parametersOf(url: string): Pick<URLSearchParams, 'get'> {
  const query = queryOf(url);
  if (/[%+]/.test(query)) return new URLSearchParams(query);
  const parameters = query.slice(1).split('&');
  return {
    get(name) {
      const found = parameters.find(
        (each) => each.startsWith(name) && (each.length === name.length || each[name.length] === '='),
      );
      return found?.slice(name.length + 1) ?? null;
    },
  };
}

function queryOf(url: string): string {
  const [address = ''] = url.split('#', 1);
  const start = address.indexOf('?');
  return start === -1 ? '' : address.slice(start);
}

/** A byte order mark stays, and then the text is not JSON. */
function textOf(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new Refusal(65318);
  return text;
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
