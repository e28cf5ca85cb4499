/** The traffic log: what was asked and answered, without secrets, bounded. */
import type { Mask } from './mask.ts';

/** Why an answer is not the platform's ordinary one. */
export type RequestNote = 'not_simulated' | 'unknown_path' | 'fault' | 'dropped' | 'failed';

/** One exchange, as `GET /_ctl/requests` and the log show it. */
export interface RequestRecord {
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

export interface Requests {
  /** Reserves the place of a request that has just arrived, so that a slow one keeps its place. */
  arrive(): (record: RequestRecord) => void;
  list(): readonly RequestRecord[];
  subscribe(listener: (record: RequestRecord) => void): () => void;
  clear(): void;
}

const keptRecords = 1000;
const keptCharacters = 16_384;

export function createRequests(): Requests {
  let records: { readonly sequence: number; readonly record: RequestRecord }[] = [];
  let arrived = 0;
  const listeners = new Set<(record: RequestRecord) => void>();
  return {
    arrive() {
      const sequence = arrived++;
      return (record) => {
        let place = records.length;
        while (place > 0 && (records[place - 1]?.sequence ?? 0) > sequence) place -= 1;
        records.splice(place, 0, { sequence, record });
        if (records.length > keptRecords) records.shift();
        for (const listener of listeners) listener(record);
      };
    },
    list: () => records.map(({ record }) => record),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    clear() {
      records = [];
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
