import { describe, expect, test } from 'vitest';
import { createChats } from '../../../../src/simulator/nouns/chat/state.ts';

const hello = { type: 'text', text: 'hello' } as const;

function setUp() {
  let now = 0;
  const chats = createChats({ now: () => now, monotonic: () => now, sleep: async () => undefined });
  const send = (): number => {
    try {
      chats.sendCustom('o1', hello);
      return 0;
    } catch (error) {
      return (error as { errcode: number }).errcode;
    }
  };
  return { chats, send, pass: (milliseconds: number) => (now += milliseconds) };
}

describe('sendCustom()', () => {
  test('allows five messages in 48 hours after a message', () => {
    const { chats, send, pass } = setUp();
    expect(send()).toBe(45015);
    chats.openWindow('o1', 'message');
    expect(Array.from({ length: 6 }, send)).toEqual([0, 0, 0, 0, 0, 45047]);
    chats.openWindow('o1', 'message');
    pass(48 * 3_600_000 - 1);
    expect(send()).toBe(0);
    pass(1);
    expect(send()).toBe(45015);
  });

  test('allows three messages in one minute after a tap', () => {
    const { chats, send, pass } = setUp();
    chats.openWindow('o1', 'tap');
    expect(Array.from({ length: 4 }, send)).toEqual([0, 0, 0, 45047]);
    pass(60_000);
    expect(send()).toBe(45015);
  });

  test('uses what ends first, first', () => {
    const { chats, send, pass } = setUp();
    chats.openWindow('o1', 'message');
    chats.openWindow('o1', 'tap');
    expect([send(), send(), send()]).toEqual([0, 0, 0]);
    pass(60_000);
    expect(Array.from({ length: 6 }, send)).toEqual([0, 0, 0, 0, 0, 45047]);
  });

  test('allows nothing after the person has left', () => {
    const { chats, send } = setUp();
    chats.openWindow('o1', 'message');
    expect(chats.windowUntilMs('o1')).toBe(48 * 3_600_000);
    chats.closeWindows('o1');
    expect([chats.windowUntilMs('o1'), send()]).toEqual([undefined, 45015]);
  });

  test('puts the message into the chat and tells who listens', () => {
    const { chats } = setUp();
    const heard: unknown[] = [];
    const stop = chats.subscribe((openId, message) => heard.push([openId, message]));
    chats.openWindow('o1', 'message');
    const message = chats.sendCustom('o1', hello);
    expect(message).toEqual({
      id: 1,
      at: '1970-01-01T00:00:00.000Z',
      from: 'account',
      origin: 'custom',
      push_id: null,
      content: hello,
    });
    expect(chats.list('o1')).toEqual([message]);
    expect(heard).toEqual([['o1', message]]);
    stop();
    chats.sendCustom('o1', hello);
    expect(heard).toHaveLength(1);
  });
});

test('createChats() keeps the chats of the 1000 who wrote last', () => {
  const { chats } = setUp();
  const add = (openId: string) =>
    chats.add(openId, { from: 'person', origin: 'phone', push_id: null, content: hello });
  for (let person = 0; person < 1000; person += 1) add(`o${person}`);
  add('o0');
  add('another');
  expect([chats.list('o0').length, chats.list('o1').length, chats.list('o2').length]).toEqual([2, 0, 1]);
});

test('createChats() keeps 200 messages of a chat, 20000 of all', () => {
  const { chats } = setUp();
  const fill = (openId: string, count: number) => {
    for (let number = 0; number < count; number += 1) {
      chats.add(openId, { from: 'person', origin: 'phone', push_id: null, content: hello });
    }
  };
  const counts = () => ['o0', 'o1', 'o2', 'o99'].map((openId) => chats.list(openId).length);
  chats.openWindow('o0', 'tap');
  for (let person = 0; person < 100; person += 1) fill(`o${person}`, 201);
  expect(counts()).toEqual([200, 200, 200, 200]);
  expect(chats.list('o0')[0]?.id).toBe(2);
  fill('another', 150);
  expect([counts(), chats.list('o0')[0]?.id]).toEqual([[50, 200, 200, 200], 152]);
  fill('another', 51);
  expect(counts()).toEqual([0, 200, 200, 200]);
  fill('another', 1);
  expect(counts()).toEqual([0, 200, 200, 200]);
  expect(chats.windowUntilMs('o0')).toBe(60_000);
});

describe('broadcast()', () => {
  test('shows a message in every chat that there is room for', () => {
    const { chats } = setUp();
    for (let person = 0; person < 998; person += 1) chats.openWindow(`o${person}`, 'tap');
    const message = { from: 'account', origin: 'mass', push_id: null, content: hello } as const;
    chats.broadcast(['first', 'o0', 'second', 'third', 'o997'], message);
    const shown = ['first', 'o0', 'o1', 'second', 'third', 'o997'].map((openId) => chats.list(openId).length);
    expect(shown).toEqual([0, 1, 0, 1, 1, 1]);
  });

  test('makes chats that are the first to be forgotten', () => {
    const { chats } = setUp();
    chats.openWindow('o1', 'tap');
    const message = { from: 'account', origin: 'mass', push_id: null, content: hello } as const;
    chats.broadcast(
      Array.from({ length: 5000 }, (_, person) => `p${person}`),
      message,
    );
    expect([chats.list('p4000').length, chats.list('p4001').length]).toEqual([0, 1]);
    chats.openWindow('o2', 'tap');
    expect([chats.list('p4001').length, chats.list('p4002').length]).toEqual([0, 1]);
    expect(chats.windowUntilMs('o1')).toBe(60_000);
  });
});
