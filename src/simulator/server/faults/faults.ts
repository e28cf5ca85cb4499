/** Bad days on request: the next calls of a path go wrong in a chosen way, then normality returns. */
import { inputError } from '../../../core/errors.ts';
import type { CutAnswer, Random } from '../../../io/ports.ts';
import type { Platform } from '../../account/platform.ts';
import { bodyOfAnswer, refusalAnswer } from '../answers.ts';
import { Refusal } from '../refusal.ts';
import type { Body } from '../requests.ts';
import { bodiless, formatFault, parseFault, type Fault } from './fault.ts';
import { tooManyFaults } from './texts.ts';

/** A connection that ends without a whole answer. `listenFetch` ends the socket; `fetch` rejects with it. */
export class ConnectionDropped extends Error implements CutAnswer {
  override readonly name = 'ConnectionDropped';
  readonly cut: CutAnswer['cut'];

  constructor(message: string, cut?: CutAnswer['cut']) {
    super(message);
    this.cut = cut;
  }
}

const jsonType = 'application/json; encoding=utf-8';
const mebibyte = 1024 * 1024;

/** More than a scene needs; each may hold a body of its own. */
const maxWaiting = 1000;

/** A fault that waits, with the number by which it is taken away. */
export interface Listed extends Fault {
  readonly id: number;
}

export type Faults = ReturnType<typeof createFaults>;

/** `createRandom` makes what decides whom a fault with a chance meets, anew after every clearing. */
export function createFaults(createRandom: () => Random) {
  let random = createRandom();
  let waiting: { readonly fault: Listed; skip: number; times: number }[] = [];
  let lastId = 0;
  const add = (fault: Fault): Listed => {
    if (waiting.length >= maxWaiting) throw tooMany();
    const listed = { ...fault, id: (lastId += 1) };
    waiting.push({ fault: listed, skip: fault.skip, times: fault.times });
    return listed;
  };
  const list = (): readonly Listed[] => waiting.map(({ fault, skip, times }) => ({ ...fault, skip, times }));
  return {
    /** Throws an input error beyond a thousand that wait. */
    add,
    /** The fault that meets this call, if any; it is used up by one. */
    take(path: string): Fault | undefined {
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
    /** Takes one away; false where it is gone already. */
    remove(id: number): boolean {
      const before = waiting.length;
      waiting = waiting.filter(({ fault }) => fault.id !== id);
      return waiting.length < before;
    },
    save: (): readonly Readonly<Record<string, unknown>>[] => list().map((fault) => formatFault(fault)),
    restore(saved: readonly Readonly<Record<string, unknown>>[]): void {
      waiting = [];
      random = createRandom();
      for (const fault of saved) add(parseFault(fault));
    },
    clear(): void {
      waiting = [];
      random = createRandom();
    },
  };
}

function fraction(random: Random): number {
  return Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32;
}

function tooMany(): Error {
  return inputError('too_many_faults', tooManyFaults(maxWaiting));
}

/** An answer and what the log says of its body. */
export interface ShownAnswer {
  readonly answer: Response;
  readonly shown: Body;
}

export async function faultAnswer(platform: Platform, fault: Fault, path: string): Promise<ShownAnswer> {
  const { errcode, errmsg, status = 200, headers, body, bombMiB } = fault;
  let made = plainAnswer(status, body);
  if (bombMiB !== undefined) made = bomb(status, bombMiB);
  else if (errcode !== undefined)
    made = await refusalAnswer(platform, new Refusal(errcode, errmsg), status, path);
  for (const [name, value] of Object.entries(headers)) made.headers.set(name, value);
  const shown = bombMiB === undefined ? await bodyOfAnswer(made) : `${bombMiB} MiB of spaces, compressed`;
  return { answer: made, shown };
}

/** Ends the connection in the middle of an answer. */
export function cutOff({ answer, shown }: ShownAnswer, bytes: number, words: string): ConnectionDropped {
  const whole = typeof shown === 'string' ? Buffer.from(shown) : shown;
  const begun = new Uint8Array(whole.subarray(0, bytes));
  // There is more to come even if all of it has been sent.
  const promised = Math.max(whole.length, begun.length + 1);
  return new ConnectionDropped(words, {
    status: answer.status,
    headers: { ...Object.fromEntries(answer.headers), 'content-length': String(promised) },
    bytes: begun,
  });
}

function plainAnswer(status: number, body: string | Uint8Array | undefined): Response {
  if (bodiless(status)) return new Response(null, { status });
  if (body !== undefined) {
    return new Response(typeof body === 'string' ? body : new Uint8Array(body), {
      status,
      headers: { 'content-type': jsonType },
    });
  }
  if (status < 400) return new Response(null, { status });
  // What the gateway in front of the API sends when it has no answer from behind.
  const page = `<html>\r\n<head><title>${status}</title></head>\r\n<body><center><h1>${status}</h1></center></body>\r\n</html>\r\n`;
  return new Response(page, { status, headers: { 'content-type': 'text/html' } });
}

/** Spaces without end, as JSON would allow them before its value: made piece by piece, so that it costs its victim only. */
function bomb(status: number, mebibytes: number): Response {
  const spaces = new Uint8Array(mebibyte).fill(0x20);
  let left = mebibytes;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (left === 0) controller.close();
      else controller.enqueue(spaces);
      left -= 1;
    },
  });
  return new Response(source.pipeThrough(new CompressionStream('gzip')), {
    status,
    headers: { 'content-type': jsonType, 'content-encoding': 'gzip' },
  });
}

/** As `GET /_ctl/faults` lists it. */
export function formatListed(fault: Listed): Readonly<Record<string, unknown>> {
  return { id: fault.id, ...formatFault(fault) };
}
