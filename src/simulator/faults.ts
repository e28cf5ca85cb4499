/** Bad days on request: the next calls of a path go wrong in a chosen way, then normality returns. */
import type { Fault } from './fault.ts';

/** A connection that ends without an answer. `listenFetch` resets the socket; `fetch` rejects with it. */
export class ConnectionDropped extends Error {
  override readonly name = 'ConnectionDropped';
}

export interface Faults {
  add(fault: Fault): void;
  /** The fault that meets this call, if any; it is used up by one. */
  take(path: string): Fault | undefined;
  list(): readonly Fault[];
  clear(): void;
}

export function createFaults(): Faults {
  let waiting: { readonly fault: Fault; skip: number; times: number }[] = [];
  return {
    add(fault) {
      waiting.push({ fault, skip: fault.skip, times: fault.times });
    },
    take(path) {
      const entry = waiting.find(({ fault }) => fault.path === path);
      if (entry === undefined) return undefined;
      if (entry.skip > 0) {
        entry.skip -= 1;
        return undefined;
      }
      entry.times -= 1;
      if (entry.times === 0) waiting = waiting.filter((other) => other !== entry);
      return entry.fault;
    },
    list: () => waiting.map(({ fault, skip, times }) => ({ ...fault, skip, times })),
    clear() {
      waiting = [];
    },
  };
}
