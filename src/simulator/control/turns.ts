/** Work on many entries, and answers that are long: a piece at a time, so that everybody else is answered in between. */
import type { Context } from 'hono';
import { isObject } from '../../core/text/json-value.ts';

/** Work that stops after each piece. */
export type Work<Result = void> = Generator<unknown, Result>;

/** Several works, one after the other. */
export function* inOrder(works: readonly Work[]): Work {
  for (const work of works) yield* work;
}

/** For who has nobody else to answer yet. */
export function atOnce<Result>(work: Work<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

export async function inTurns<Result>(work: Work<Result>): Promise<Result> {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    await nextTurn();
  }
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Does something with each of many entries; `most` at a time. */
export function* forEachInPieces<Entry>(
  entries: readonly Entry[],
  most: number,
  act: (entry: Entry) => unknown,
): Work {
  for (let index = 0; index < entries.length; index += most) {
    if (index > 0) yield;
    entries.slice(index, index + most).forEach(act);
  }
}

/** A value as JSON: in one piece if it is short, else in parts, a turn for each. */
export function answerJson(context: Context, value: unknown): Response {
  const parts = jsonParts(value);
  const { value: first = '' } = parts.next();
  const second = parts.next();
  const headers = { 'content-type': 'application/json' };
  if (second.done === true) return context.body(first, 200, headers);
  const encoder = new TextEncoder();
  const waiting = [first, second.value];
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await nextTurn();
      const part = waiting.shift() ?? parts.next().value;
      if (part === undefined) controller.close();
      else controller.enqueue(encoder.encode(part));
    },
  });
  return context.body(stream, 200, headers);
}

/** About a millisecond's work each. */
const partCharacters = 64 * 1024;
/** A longer list is one of entries that are each written as a whole. */
const shortList = 20;
/** So deep are long lists looked for: a state file has them in the nouns of the accounts of its snapshots. */
const listDepth = 8;

/** What `JSON.stringify` gives, part by part. A value of its own must not change meanwhile. */
export function* jsonParts(value: unknown): Generator<string, undefined> {
  let part = '';
  for (const piece of piecesOf(value, listDepth)) {
    part += piece;
    if (part.length < partCharacters) continue;
    yield part;
    part = '';
  }
  if (part !== '') yield part;
}

function* piecesOf(value: unknown, depth: number): Generator<string, void> {
  if (Array.isArray(value) && depth > 0) {
    let before = '[';
    for (const entry of value as readonly unknown[]) {
      yield before;
      if (value.length > shortList) yield JSON.stringify(entry ?? null);
      else yield* piecesOf(entry ?? null, depth - 1);
      before = ',';
    }
    yield before === '[' ? '[]' : ']';
  } else if (isObject(value) && depth > 0) {
    let before = '{';
    for (const [name, field] of Object.entries(value)) {
      if (field === undefined) continue;
      yield `${before}${JSON.stringify(name)}:`;
      yield* piecesOf(field, depth - 1);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  } else yield JSON.stringify(value);
}
