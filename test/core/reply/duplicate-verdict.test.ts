import { describe, expect, test } from 'vitest';
import { judgeDuplicates } from '../../../src/core/reply/duplicate-verdict.ts';
import type { AnsweredDelivery } from '../../../src/core/reply/duplicate-verdict.ts';

const createTime = 1_714_036_502;
const firstAt = 1_714_036_504;

const reply = (time: number | string, content = 'hi'): string =>
  `<xml><MsgType>text</MsgType><CreateTime>${time}</CreateTime><Content>${content}</Content></xml>`;

const delivery = (seconds: number, text: string | undefined, ms = 20): AnsweredDelivery => ({
  sentAtMs: (firstAt + seconds) * 1000,
  ms,
  text,
});

const judge = (first: AnsweredDelivery, later: AnsweredDelivery): boolean | undefined =>
  judgeDuplicates(first, later, createTime).deduplicated;

describe('judgeDuplicates()', () => {
  test('knows a reply that was made before the later delivery', () => {
    expect(judge(delivery(0, reply(firstAt)), delivery(1, reply(firstAt)))).toBe(true);
    expect(judge(delivery(0, undefined, 5000), delivery(5, reply(firstAt + 4)))).toBe(true);
    expect(judge(delivery(0, reply(`${firstAt}123`)), delivery(1, reply(`${firstAt}123`)))).toBe(true);
  });

  test.each([`${firstAt + 4}0`, `9${firstAt}123`, 'soon', ''])('does not read the time %j', (time) => {
    expect(judge(delivery(0, undefined, 5000), delivery(5, reply(time)))).toBe(false);
  });

  test('knows a new reply by its time or its content', () => {
    expect(judge(delivery(0, reply(firstAt)), delivery(1, reply(firstAt + 1)))).toBe(false);
    expect(judge(delivery(0, reply(createTime, 'a')), delivery(1, reply(createTime, 'b')))).toBe(false);
    expect(judge(delivery(0, reply(firstAt, 'a')), delivery(1, reply(firstAt, 'b')))).toBe(false);
  });

  test.each(['', 'success', ' success\n'])('takes the silence of %j after a reply for memory', (text) => {
    expect(judge(delivery(0, reply(firstAt)), delivery(1, text))).toBe(true);
    expect(judge(delivery(0, undefined, 5000), delivery(5, text))).toBe(true);
    expect(judge(delivery(0, text), delivery(1, text))).toBeUndefined();
  });

  test('does not guess where both replies carry the time of the message', () => {
    expect(judge(delivery(0, reply(createTime)), delivery(1, reply(createTime)))).toBeUndefined();
  });

  test('after a late first answer tells a new reply only by its speed', () => {
    const late = delivery(0, undefined, 5000);
    expect(judge(late, delivery(5, reply(firstAt + 5), 499))).toBe(false);
    expect(judge(late, delivery(5, reply(firstAt + 6), 500))).toBeUndefined();
  });

  test('tells after how many seconds the new reply came', () => {
    const late = delivery(0, undefined, 5000);
    expect(judgeDuplicates(late, delivery(5, reply(firstAt + 6), 2340), createTime).why).toEqual({
      en: "the later delivery was answered after 2.3 s: the first one's work may have ended then, or been done again",
      zh: '再次投递后 2.3 秒得到回复：可能是第一次的处理此时完成，也可能重新处理了一遍',
    });
  });

  test('tells that neither delivery got a reply', () => {
    expect(judgeDuplicates(delivery(0, 'success'), delivery(1, ' '), createTime)).toEqual({
      deduplicated: undefined,
      why: { en: 'neither delivery was answered with a reply', zh: '两次投递都没有回复内容' },
    });
  });

  test('reads a time with blanks round it, and does without one', () => {
    const blank = reply(` ${firstAt} `);
    expect(judge(delivery(0, blank), delivery(1, blank))).toBe(true);
    const timeless = '<xml><MsgType>text</MsgType></xml>';
    expect(judge(delivery(0, timeless), delivery(1, timeless))).toBeUndefined();
    const nested = reply('<a>1</a>');
    expect(judge(delivery(0, nested), delivery(1, nested))).toBeUndefined();
  });

  test('does not guess where nothing was answered', () => {
    expect(judge(delivery(0, undefined), delivery(10, undefined))).toBeUndefined();
  });
});
