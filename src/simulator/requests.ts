/** The traffic log: what was asked and answered, without secrets, bounded. */
import type { Mask } from './mask.ts';

/** Why an answer is not the platform's ordinary one. */
export type RequestNote = 'not_simulated' | 'unknown_path' | 'fault' | 'dropped' | 'failed';

/** One exchange, as `GET /_ctl/requests` and the log show it. */
export interface RequestRecord {
  /** Grows with the time of arrival. */
  readonly id: number;
  /** Time of arrival by the simulated clock, ISO 8601 UTC. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** `null` when the connection was dropped without an answer. */
  readonly status: number | null;
  /** `null` when the answer has none. */
  readonly errcode: number | null;
  /** A JSON value, or text; `null` when there was none. */
  readonly body: unknown;
  readonly response: unknown;
  readonly note?: RequestNote;
}

/** What the record leaves out, secrets included: only for who asks for this one request. */
export interface RawExchange {
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** `undefined` for a body that is too long to be kept. */
  readonly requestBody: Uint8Array | undefined;
  readonly responseHeaders: Readonly<Record<string, string>>;
}

export interface Requests {
  /** Reserves the place of a request that has just arrived, so that a slow one keeps its place. */
  arrive(request: Request): (record: Omit<RequestRecord, 'id'>, raw: RawExchange) => RequestRecord;
  list(): readonly RequestRecord[];
  /** The record of a request that has been answered. */
  of(request: Request): RequestRecord | undefined;
  find(id: number): { readonly record: RequestRecord; readonly raw: RawExchange } | undefined;
  subscribe(listener: (record: RequestRecord) => void): () => void;
  clear(): void;
}

const keptRecords = 1000;
const keptCharacters = 16_384;
/** A longer body is not kept, and the request cannot be sent again. */
export const keptBodyBytes = 16_384;

export function createRequests(): Requests {
  let entries: { readonly record: RequestRecord; readonly raw: RawExchange }[] = [];
  let arrived = 0;
  const byRequest = new WeakMap<Request, RequestRecord>();
  const listeners = new Set<(record: RequestRecord) => void>();
  return {
    arrive(request) {
      const id = (arrived += 1);
      return (facts, raw) => {
        const record = { id, ...facts };
        byRequest.set(request, record);
        let place = entries.length;
        while (place > 0 && (entries[place - 1]?.record.id ?? 0) > id) place -= 1;
        entries.splice(place, 0, { record, raw });
        if (entries.length > keptRecords) entries.shift();
        for (const listener of listeners) listener(record);
        return record;
      };
    },
    list: () => entries.map(({ record }) => record),
    of: (request) => byRequest.get(request),
    find: (id) => entries.find(({ record }) => record.id === id),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      entries = [];
    },
  };
}

/** A body as the log shows it: JSON as a value, other text as it is, anything else as a description. */
export function describeBody(bytes: Uint8Array, contentType: string, mask: Mask): unknown {
  if (bytes.length === 0) return null;
  const text = decode(bytes);
  if (text === undefined || bytes.length > keptCharacters) {
    return `${contentType === '' ? 'binary' : contentType}, ${bytes.length} bytes`;
  }
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

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
