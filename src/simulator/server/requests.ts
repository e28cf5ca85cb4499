/** The traffic log: what was asked and answered, without secrets, bounded. */
import { createBell } from '../account/bell.ts';
import type { RequestNote, RequestRecord } from '../control/types/index.ts';
import type { Mask } from './mask.ts';

/** The AppID, where the simulator has several accounts. */
export type Tag = () => { readonly account?: string };

/** What the record leaves out, secrets included: only for who asks for this one request. */
export interface RawCall {
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** `undefined` for a body that is too long to be kept. */
  readonly requestBody: Uint8Array | undefined;
  readonly responseHeaders: Readonly<Record<string, string>>;
}

export type About = Pick<RequestRecord, 'id' | 'account'>;

export interface Requests {
  /** Reserves the place of a request that has just arrived, so that a slow one keeps its place. */
  arrive(request: Request): (call: WholeCall) => void;
  list(): readonly RequestRecord[];
  /** Watches for the record of a request that is going to be made; `undefined` until it has been answered. */
  follow(request: Request): () => RequestRecord | undefined;
  find(id: number): LoggedCall | undefined;
  subscribe(listener: (call: LoggedCall) => void): () => void;
  clear(): void;
}

export const keptRecords = 1000;
const keptCharacters = 16_384;
/** A longer body is not kept, and the request cannot be sent again. */
export const keptBodyBytes = 16_384;

export function createRequests(mask: Mask, tag: Tag = () => ({})): Requests {
  let entries: LoggedCall[] = [];
  let arrived = 0;
  const followed = new WeakMap<Request, (call: LoggedCall) => void>();
  const bell = createBell<[LoggedCall]>();
  return {
    arrive(request) {
      const id = (arrived += 1);
      return (call) => {
        const logged = new LoggedCall({ id, ...tag() }, call, mask);
        followed.get(request)?.(logged);
        let place = entries.length;
        while (place > 0 && (entries[place - 1]?.id ?? 0) > id) place -= 1;
        if (place === entries.length) entries.push(logged);
        else entries.splice(place, 0, logged);
        if (entries.length > keptRecords) entries.shift();
        bell.ring(logged);
      };
    },
    list: () => entries.map(({ record }) => record),
    follow(request) {
      let made: LoggedCall | undefined;
      followed.set(request, (call) => {
        made = call;
      });
      return () => made?.record;
    },
    find: (id) => entries.find((call) => call.id === id),
    subscribe: bell.subscribe,
    clear() {
      entries = [];
    },
  };
}

/** One call with all that is in it, secrets included. */
interface WholeCall {
  readonly atMs: number;
  readonly method: string;
  readonly path: string;
  readonly url: string;
  /** Names and values in turn. The request itself is not kept: it holds on to its connection. */
  readonly requestHeaders: readonly string[];
  readonly requestBody: Uint8Array;
  /** `undefined` when the connection was dropped. */
  readonly status: number | undefined;
  /** `undefined` when the connection was dropped; more may be set until the answer leaves. */
  readonly responseHead: { readonly headers: Headers } | undefined;
  readonly responseBody: Body;
  readonly note: RequestNote | undefined;
  readonly ms: number;
}

/** As bytes, or as the text that they are in UTF-8. */
export type Body = Uint8Array | string;

/**
 * A call as the log has it. What takes time is worked out when somebody looks: most leave the log unseen, and under load
 * it would cost more than the answer.
 */
export class LoggedCall {
  readonly id: number;
  readonly account: string | undefined;
  private readonly call: KeptCall;
  private readonly mask: Mask;
  private request: Described | undefined;
  private answer: Described | undefined;
  private made: RequestRecord | undefined;

  constructor({ id, account }: About, call: WholeCall, mask: Mask) {
    this.id = id;
    this.account = account;
    this.call = keepCall(call);
    this.mask = mask;
    const { requestBody, responseBody } = call;
    // A long one at once, so that the log need not keep it.
    if (requestBody.length > keptCharacters) this.request = this.describe(requestBody, this.requestType);
    if (responseBody.length > keptCharacters) this.answer = this.describe(responseBody, this.responseType);
  }

  get method(): string {
    return this.call.method;
  }

  get path(): string {
    return this.call.path;
  }

  /** The platform's own, where the call was made to a real address. */
  get host(): string | undefined {
    return realHostOf(this.call.url);
  }

  get status(): number | null {
    return this.call.status ?? null;
  }

  get note(): RequestNote | undefined {
    return this.call.note;
  }

  get errcode(): number | null {
    const { responseBody } = this.call;
    if (typeof responseBody !== 'string') return errcodeOf(this.response);
    const [, first] = firstErrcode.exec(responseBody) ?? [];
    if (first !== undefined) return Number(first);
    // Without the quote in front of it, which stands in front of every text in a long list.
    return responseBody.includes('errcode"') ? errcodeOf(this.response) : null;
  }

  get body(): unknown {
    return (this.request ??= this.describe(this.call.requestBody ?? '', this.requestType)).value;
  }

  get response(): unknown {
    return (this.answer ??= this.describe(this.call.responseBody ?? '', this.responseType)).value;
  }

  get query(): Readonly<Record<string, string>> {
    return this.mask.query(new URL(this.call.url).searchParams);
  }

  get at(): string {
    return new Date(this.call.atMs).toISOString();
  }

  get ms(): number {
    return Math.round(this.call.ms);
  }

  /** The call as an exchange that is shown. */
  get record(): RequestRecord {
    return (this.made ??= recordOf(this, headersOf(this.call.requestHeaders)));
  }

  get raw(): RawCall {
    const { url, requestHeaders, requestBody, responseHead } = this.call;
    return {
      url,
      requestHeaders: Object.fromEntries(headersOf(requestHeaders)),
      requestBody,
      responseHeaders: Object.fromEntries(responseHead?.headers ?? []),
    };
  }

  private get requestType(): string {
    return typeOf(headersOf(this.call.requestHeaders));
  }

  private get responseType(): string {
    return typeOf(this.call.responseHead?.headers);
  }

  private describe(body: Body, contentType: string): Described {
    return { value: describeBody(body, contentType, this.mask) };
  }
}

interface Described {
  readonly value: unknown;
}

/** A call without bodies that are too long to be kept. */
type KeptCall = Omit<WholeCall, 'requestBody' | 'responseBody'> & {
  readonly requestBody: Uint8Array | undefined;
  readonly responseBody: Body | undefined;
};

function keepCall(call: WholeCall): KeptCall {
  const { requestBody, responseBody } = call;
  const [isShort, isAnswerShort] = [
    requestBody.length <= keptBodyBytes,
    responseBody.length <= keptCharacters,
  ];
  if (isShort && isAnswerShort) return call;
  const kept = [isShort ? requestBody : undefined, isAnswerShort ? responseBody : undefined] as const;
  return { ...call, requestBody: kept[0], responseBody: kept[1] };
}

/** As the simulator's own answers begin. */
const firstErrcode = /^\{"errcode":(-?\d{1,15})[,}]/;

function recordOf(call: LoggedCall, headers: Headers): RequestRecord {
  const { id, account, method, host, path, status, note, ms } = call;
  let query: RequestRecord['query'] | undefined;
  return {
    id,
    ...(account !== undefined && { account }),
    get at() {
      return call.at;
    },
    method,
    ...(host !== undefined && { host }),
    path,
    get query() {
      return (query ??= call.query);
    },
    status,
    get errcode() {
      return call.errcode;
    },
    get body() {
      return call.body;
    },
    get response() {
      return call.response;
    },
    ...(note !== undefined && { note }),
    ms,
    user_agent: (headers.get('user-agent') ?? '').slice(0, 200),
  };
}

function typeOf(headers: Headers | undefined): string {
  return headers?.get('content-type') ?? '';
}

function headersOf(list: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index < list.length; index += 2)
    headers.append(list[index] ?? '', list[index + 1] ?? '');
  return headers;
}

/** `simulator --intercept` answers under the platform's own names. */
export function realHostOf(url: string): string | undefined {
  return /^https?:\/\/((?:[\w-]+\.)*weixin\.qq\.com)(?::\d+)?\//i.exec(url)?.[1];
}

/** A body as the log shows it: JSON as a value, other text as it is, anything else as a description. */
export function describeBody(body: Body, contentType: string, mask: Mask): unknown {
  if (body.length === 0) return null;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  const text = length > keptCharacters ? undefined : textOf(body);
  if (text === undefined) return `${contentType === '' ? 'binary' : contentType}, ${length} bytes`;
  try {
    return mask.value(JSON.parse(text));
  } catch {
    return mask.text(text);
  }
}

/** The number that the answer carries, also where an old endpoint writes it as text. */
export function errcodeOf(response: unknown): number | null {
  if (typeof response !== 'object' || response === null || !('errcode' in response)) return null;
  const errcode = Number(response.errcode);
  return Number.isInteger(errcode) ? errcode : null;
}

function textOf(body: Body): string | undefined {
  if (typeof body === 'string') return body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
