import { describe, expect, test } from 'vitest';
import { parseFields } from '../../src/core/callback/body.ts';
import { readMessage } from '../../src/core/message/message.ts';
import { createDuplicates, duplicateKey } from '../../src/server/duplicates.ts';

function fakeClock() {
  let now = 0;
  return { monotonic: () => now, advance: (ms: number) => (now += ms) };
}

describe('createDuplicates()', () => {
  test('once() works once for a key and hands out the running answer', async () => {
    const duplicates = createDuplicates<number>(fakeClock());
    let runs = 0;
    let finish: (value: number) => void = () => undefined;
    const work = () => {
      runs += 1;
      return new Promise<number>((resolve) => {
        finish = resolve;
      });
    };
    const first = duplicates.once('a', work);
    const second = duplicates.once('a', work);
    expect([first.repeated, second.repeated]).toEqual([false, true]);
    finish(7);
    expect(await Promise.all([first.answer, second.answer, duplicates.once('a', work).answer])).toEqual([
      7, 7, 7,
    ]);
    expect(runs).toBe(1);
    expect(duplicates.once('b', work).repeated).toBe(false);
  });

  test('once() remembers for ten minutes from the first delivery and not a millisecond longer', () => {
    const clock = fakeClock();
    const duplicates = createDuplicates<number>(clock);
    const once = () => duplicates.once('a', () => Promise.resolve(1)).repeated;
    expect(once()).toBe(false);
    clock.advance(599_999);
    expect(once()).toBe(true);
    clock.advance(1);
    expect(once()).toBe(false);
  });

  test('once() forgets the least recently used answer first', () => {
    const duplicates = createDuplicates<number>(fakeClock(), { maxEntries: 2 });
    const once = (key: string) => duplicates.once(key, () => Promise.resolve(1)).repeated;
    expect([once('a'), once('b'), once('a'), once('c')]).toEqual([false, false, true, false]);
    expect(duplicates.size).toBe(2);
    expect([once('a'), once('b')]).toEqual([true, false]);
  });

  test('once() remembers at most 10000 answers', () => {
    const duplicates = createDuplicates<number>(fakeClock());
    for (let index = 0; index <= 10_000; index++) duplicates.once(String(index), () => Promise.resolve(1));
    expect(duplicates.size).toBe(10_000);
  });
});

describe('createDuplicates(): bytes', () => {
  const maxBytes = 100_000;
  const weighing = () =>
    createDuplicates<string>(fakeClock(), { maxBytes, weigh: (answer) => answer.length });

  test('once() forgets the oldest answers when all together hold too many bytes', () => {
    const duplicates = weighing();
    const once = (key: string, length: number) => duplicates.once(key, () => 'x'.repeat(length)).repeated;
    once('a', 40_000);
    once('b', 40_000);
    expect([once('a', 1), once('b', 1)]).toEqual([true, true]);
    once('c', 40_000);
    expect(duplicates.size).toBe(2);
    expect(duplicates.bytes).toBeLessThanOrEqual(maxBytes);
    expect([once('b', 1), once('c', 1)]).toEqual([true, true]);
    expect(once('a', 1)).toBe(false);
  });

  test('once() counts the bytes of answers and of long keys', async () => {
    const duplicates = weighing();
    let finish: (answer: string) => void = () => {};
    void duplicates.once('slow', () => new Promise<string>((resolve) => (finish = resolve)));
    const before = duplicates.bytes;
    finish('x'.repeat(50_000));
    await new Promise((resolve) => setImmediate(resolve));
    expect(duplicates.bytes - before).toBe(50_000);
    duplicates.once('k'.repeat(30_000), () => '');
    expect(duplicates.size).toBe(1);
    expect(duplicates.bytes).toBeLessThanOrEqual(maxBytes);
  });

  test('once() comes to nothing after many answers, however long', () => {
    const duplicates = weighing();
    for (let index = 0; index < 5000; index += 1) duplicates.once(String(index), () => 'x'.repeat(index));
    expect(duplicates.bytes).toBeLessThanOrEqual(maxBytes);
    expect(duplicates.size).toBeGreaterThan(10);
  });

  test('once() remembers what is to be kept of an answer, and weighs that', () => {
    const duplicates = createDuplicates<string>(fakeClock(), {
      keep: (answer) => answer.slice(0, 3),
      weigh: (answer) => answer.length * 1000,
    });
    expect(duplicates.once('a', () => 'answer').answer).toBe('answer');
    expect(duplicates.once('a', () => 'other').answer).toBe('ans');
    const { bytes } = duplicates;
    duplicates.once('b', () => '');
    expect(2 * bytes - duplicates.bytes).toBe(3000);
  });

  test('once() does not remember work that failed', async () => {
    const duplicates = createDuplicates<number>(fakeClock());
    const failing = duplicates.once('a', () => Promise.reject(new Error('x')));
    await expect(failing.answer).rejects.toThrow('x');
    expect(duplicates.size).toBe(0);
    expect(duplicates.once('a', () => 1)).toEqual({ answer: 1, repeated: false });
    expect(duplicates.once('a', () => 2)).toEqual({ answer: 1, repeated: true });
  });
});

describe('duplicateKey()', () => {
  const keyOf = (fields: object) => duplicateKey(readMessage(parseFields(JSON.stringify(fields))));
  const text = {
    FromUserName: 'o',
    CreateTime: 1,
    MsgType: 'text',
    Content: 'a',
    MsgId: '24534963034417921',
  };
  const event = { FromUserName: 'o', CreateTime: 1, MsgType: 'event', Event: 'CLICK', EventKey: 'k' };

  test('duplicateKey() is the same for the same MsgId, whatever else changes', () => {
    expect(keyOf({ ...text, CreateTime: 2, Content: 'b' })).toBe(keyOf(text));
    expect(keyOf({ ...text, MsgId: '24534963034417922' })).not.toBe(keyOf(text));
    expect(keyOf({ ...text, FromUserName: 'p' })).not.toBe(keyOf(text));
  });

  test('duplicateKey() tells apart what reads alike without its borders', () => {
    const keys = [
      { ...text, MsgId: '1 o', FromUserName: 'p' },
      { ...text, MsgId: '1', FromUserName: 'o p' },
      { ...text, MsgId: '1', FromUserName: 'o', MsgType: 'event', Event: 'p' },
    ].map(keyOf);
    expect(new Set(keys).size).toBe(3);
  });

  test('duplicateKey() of an event without an id is all that it says', () => {
    expect(keyOf({ ...event })).toBe(keyOf(event));
    for (const change of [
      { FromUserName: 'p' },
      { FromUserName: undefined },
      { CreateTime: 2 },
      { Event: 'VIEW' },
      { EventKey: 'l' },
      { EventKey: undefined },
      { Ticket: 't' },
    ]) {
      expect(keyOf({ ...event, ...change })).not.toBe(keyOf(event));
    }
  });

  test.each([
    ['user_get_card', 'UserCardCode', '111', '222'],
    ['TEMPLATESENDJOBFINISH', 'MsgID', '200163836', '200163837'],
    ['MASSSENDJOBFINISH', 'MsgID', '1000001625', '1000001626'],
    ['wxa_media_check', 'trace_id', '60ae120f-371d5872-4941a05b', '60ae120f-371d5872-4941a05c'],
    ['submit_invoice_title', 'title', 'A', 'B'],
  ])('duplicateKey() tells two %s of one second apart by %s', (name, field, one, other) => {
    const pushed = (value: string) => keyOf({ ...event, Event: name, EventKey: undefined, [field]: value });
    expect(pushed(one)).toBe(pushed(one));
    expect(pushed(one)).not.toBe(pushed(other));
  });

  test('duplicateKey() is the same whatever a retry may change', () => {
    expect(keyOf({ ...event, Encrypt: 'new' })).toBe(keyOf({ ...event, Encrypt: 'old' }));
    expect(keyOf({ ...event, RetryTimes: 1 })).toBe(keyOf({ ...event, RetryTimes: 0 }));
    const job = { ...event, Event: 'TEMPLATESENDJOBFINISH', MsgID: '1' };
    expect(keyOf({ ...job, CreateTime: 2 })).toBe(keyOf(job));
    expect(keyOf({ ...job, Event: 'MASSSENDJOBFINISH' })).not.toBe(keyOf(job));
  });

  test('duplicateKey() is undefined where nothing tells pushes apart', () => {
    expect(keyOf({ action: 'CheckContainerPath' })).toBeUndefined();
    expect(keyOf({ ...event, CreateTime: undefined })).toBeUndefined();
  });
});
