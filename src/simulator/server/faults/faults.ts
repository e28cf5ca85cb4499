/** Bad days on request: the next calls of a path go wrong in a chosen way, then normality returns. */
import { inputError } from '../../../core/errors.ts';
import { formatFault, parseFault, type Fault } from './fault.ts';
import type { CutAnswer, Random } from '../../../io/ports.ts';
import type { Persistent } from '../../account/persistent.ts';

/** A connection that ends without a whole answer. `listenFetch` ends the socket; `fetch` rejects with it. */
export class ConnectionDropped extends Error implements CutAnswer {
  override readonly name = 'ConnectionDropped';
  readonly cut: CutAnswer['cut'];

  constructor(message: string, cut?: CutAnswer['cut']) {
    super(message);
    this.cut = cut;
  }
}

/** More than a scene needs; each may hold a body of its own. */
const maxWaiting = 1000;

export interface Faults extends Persistent<readonly Readonly<Record<string, unknown>>[]> {
  /** Throws an input error beyond a thousand that wait. */
  add(fault: Fault): void;
  /** The fault that meets this call, if any; it is used up by one. */
  take(path: string): Fault | undefined;
  list(): readonly Fault[];
  clear(): void;
}

/** `createRandom` makes what decides whom a fault with a chance meets, anew after every clearing. */
export function createFaults(createRandom: () => Random): Faults {
  let random = createRandom();
  let waiting: { readonly fault: Fault; skip: number; times: number }[] = [];
  const add: Faults['add'] = (fault) => {
    if (waiting.length >= maxWaiting) throw tooMany();
    waiting.push({ fault, skip: fault.skip, times: fault.times });
  };
  const list: Faults['list'] = () => waiting.map(({ fault, skip, times }) => ({ ...fault, skip, times }));
  return {
    add,
    take(path) {
      const entry = waiting.find(({ fault }) => fault.path === path);
      if (entry === undefined) return undefined;
      if (entry.skip > 0) {
        entry.skip -= 1;
        return undefined;
      }
      if (entry.fault.chance < 1 && fraction(random) >= entry.fault.chance) return undefined;
      entry.times -= 1;
      if (entry.times === 0) waiting = waiting.filter((other) => other !== entry);
      return entry.fault;
    },
    list,
    save: () => list().map(formatFault),
    restore(saved) {
      waiting = [];
      for (const fault of saved) add(parseFault(fault));
    },
    clear() {
      waiting = [];
      random = createRandom();
    },
  };
}

/** From 0 up to 1. */
function fraction(random: Random): number {
  return Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32;
}

function tooMany(): Error {
  return inputError('too_many_faults', {
    en: `At most ${maxWaiting} faults may wait; POST /_ctl/reset or DELETE /_ctl/faults takes them away`,
    zh: `最多可有 ${maxWaiting} 个等待中的故障；可用 POST /_ctl/reset 或 DELETE /_ctl/faults 清除`,
  });
}
