import { expect, test } from 'vitest';
import { createMask } from '../../src/relay/mask.ts';

const mask = createMask(['se+cret', 'key']);

test.each([
  ['a se+cret and se%2Bcret, key', 'a ******* and *********, ***'],
  ['keykey se+cre', '****** se+cre'],
  ['', ''],
])('createMask() hides in %j: %j', (text, hidden) => {
  expect(mask.text(text)).toBe(hidden);
  expect(String(mask.bytes(Buffer.from(text)))).toBe(hidden);
});

test('createMask() hides in a stream, wherever it is cut, and yields no empty piece', async () => {
  const text = 'sse+cret se%2Bcret kkey se+cre';
  const hidden = 's******* ********* k*** se+cre';
  for (let first = 0; first <= text.length; first += 1)
    for (let second = first; second <= text.length; second += 1) {
      const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
      const [start = Buffer.alloc(0), ...rest] = pieces.map((piece) => Buffer.from(piece));
      const got: Uint8Array[] = [];
      const stream = async function* () {
        yield* rest;
      };
      for await (const piece of mask.stream(start, stream())) got.push(piece);
      expect(String(Buffer.concat(got))).toBe(hidden);
      expect(got.every(({ length }) => length > 0)).toBe(true);
    }
});

test('createMask() gives on at once what can be the beginning of no secret', async () => {
  const waiting = mask.stream(Buffer.from('a'), {
    async *[Symbol.asyncIterator]() {
      yield Buffer.from('b se');
      await new Promise(() => undefined);
    },
  });
  const { value } = await waiting[Symbol.asyncIterator]().next();
  expect(String(value)).toBe('ab ');
});
