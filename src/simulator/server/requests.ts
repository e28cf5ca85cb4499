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
  arrive(request: Request): (describe: (about: About) => RequestRecord, raw: RawCall) => RequestRecord;
  list(): readonly RequestRecord[];
  /** Watches for the record of a request that is going to be made; `undefined` until it has been answered. */
  follow(request: Request): () => RequestRecord | undefined;
  find(id: number): { readonly record: RequestRecord; readonly raw: RawCall } | undefined;
  subscribe(listener: (record: RequestRecord) => void): () => void;
  clear(): void;
}

export const keptRecords = 1000;
const keptCharacters = 16_384;
/** A longer body is not kept, and the request cannot be sent again. */
export const keptBodyBytes = 16_384;

export function createRequests(tag: Tag = () => ({})): Requests {
  let entries: { readonly record: RequestRecord; readonly raw: RawCall }[] = [];
  let arrived = 0;
  const followed = new WeakMap<Request, (record: RequestRecord) => void>();
  const bell = createBell<[RequestRecord]>();
  return {
    arrive(request) {
      const id = (arrived += 1);
      return (describe, raw) => {
        const record = describe({ id, ...tag() });
        followed.get(request)?.(record);
        let place = entries.length;
        while (place > 0 && (entries[place - 1]?.record.id ?? 0) > id) place -= 1;
        entries.splice(place, 0, { record, raw });
        if (entries.length > keptRecords) entries.shift();
        bell.ring(record);
        return record;
      };
    },
    list: () => entries.map(({ record }) => record),
    follow(request) {
      let made: RequestRecord | undefined;
      followed.set(request, (record) => {
        made = record;
      });
      return () => made;
    },
    find: (id) => entries.find(({ record }) => record.id === id),
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
  readonly requestType: string;
  readonly requestBody: Body;
  /** `undefined` when the connection was dropped. */
  readonly status: number | undefined;
  readonly responseType: string;
  readonly responseBody: Body;
  readonly note: RequestNote | undefined;
  readonly ms: number;
  readonly userAgent: string;
}

/** As bytes, or as the text that they are in UTF-8. */
export type Body = Uint8Array | string;

/**
 * The call as an exchange that is shown. What takes time is worked out when somebody looks: most leave the log unseen,
 * and under load it would cost more than the answer.
 */
export function describeCall(about: About, call: WholeCall, mask: Mask): RequestRecord {
  const { atMs, method, path, url, status, note } = call;
  const body = onDemand(call.requestBody, call.requestType, mask);
  const response = onDemand(call.responseBody, call.responseType, mask);
  const host = realHostOf(url);
  let query: Readonly<Record<string, string>> | undefined;
  return {
    id: about.id,
    ...(about.account !== undefined && { account: about.account }),
    get at() {
      return new Date(atMs).toISOString();
    },
    method,
    ...(host !== undefined && { host }),
    path,
    get query() {
      return (query ??= mask.query(new URL(url).searchParams));
    },
    status: status ?? null,
    get errcode() {
      const { responseBody } = call;
      const hasNone = typeof responseBody === 'string' && !responseBody.includes('"errcode"');
      return hasNone ? null : errcodeOf(response());
    },
    get body() {
      return body();
    },
    get response() {
      return response();
    },
    ...(note !== undefined && { note }),
    ms: Math.round(call.ms),
    user_agent: call.userAgent,
  };
}

/** `simulator --intercept` answers under the platform's own names. */
export function realHostOf(url: string): string | undefined {
  return /^https?:\/\/((?:[\w-]+\.)*weixin\.qq\.com)(?::\d+)?\//i.exec(url)?.[1];
}

/** A body that is described when it is first looked at; a long one at once, so that the log need not keep it. */
function onDemand(body: Body, contentType: string, mask: Mask): () => unknown {
  let described: { readonly value: unknown } | undefined;
  const describe = (): unknown => (described ??= { value: describeBody(body, contentType, mask) }).value;
  if (body.length <= keptCharacters) return describe;
  const value = describe();
  return () => value;
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
