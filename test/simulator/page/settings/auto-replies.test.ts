import { describe, expect, test } from 'vitest';
import { parseAutoReplyInfo } from '../../../../src/simulator/nouns/autoreply/view.ts';
import type { AutoReplyInfo } from '../../../../src/simulator/control/types/index.ts';
import { formatReplies, parseReplies } from '../../../../src/simulator/page/settings/auto-replies.ts';

/** As the simulator would keep what the form sends. */
function saved(texts: { follow?: string; keywords?: string; other?: string }): AutoReplyInfo {
  const whole = { follow: '', keywords: '', other: '', ...texts };
  return parseAutoReplyInfo(parseReplies(whole) as Readonly<Record<string, unknown>>, 1);
}

describe('parseReplies()', () => {
  test('switches on what has a text', () => {
    expect(saved({})).toEqual({ is_add_friend_reply_open: 0, is_autoreply_open: 0 });
    expect(saved({ follow: ' 欢迎 ' })).toEqual({
      is_add_friend_reply_open: 1,
      is_autoreply_open: 0,
      add_friend_autoreply_info: { type: 'text', content: '欢迎' },
    });
    expect(saved({ other: 'x' })).toMatchObject({ is_add_friend_reply_open: 0, is_autoreply_open: 1 });
    expect(saved({ keywords: 'a = b' })).toMatchObject({ is_autoreply_open: 1 });
  });

  test('takes a rule of each line with a keyword and an answer', () => {
    const { keyword_autoreply_info: info } = saved({ keywords: ' a=b\n\nno rule\n= c\nd =\ne = f = g ' });
    const rules = info?.list.map(({ keyword_list_info: keywords, reply_list_info: replies }) => [
      keywords[0]?.content,
      keywords[0]?.match_mode,
      replies[0]?.content,
    ]);
    expect(rules).toEqual([
      ['a', 'contain', 'b'],
      ['e', 'contain', 'f = g'],
    ]);
  });
});

describe('formatReplies()', () => {
  test('gives back what the form has written', () => {
    const texts = { follow: '欢迎', keywords: 'a = b\ne = f = g', other: 'x' };
    expect(formatReplies(saved(texts))).toEqual(texts);
    expect(formatReplies(saved({}))).toEqual({ follow: '', keywords: '', other: '' });
  });

  const rule = {
    rule_name: 'r',
    create_time: 1,
    reply_mode: 'random_one',
    keyword_list_info: [{ type: 'text', match_mode: 'contain', content: 'a' }],
    reply_list_info: [{ type: 'text', content: 'b' }],
  } as const;
  const keyword = rule.keyword_list_info[0];

  test.each<[string, Partial<AutoReplyInfo>]>([
    ['a picture for followers', { add_friend_autoreply_info: { type: 'img', content: 'm' } }],
    ['a voice for everything', { message_default_autoreply_info: { type: 'voice', content: 'm' } }],
    [
      'two answers',
      {
        keyword_autoreply_info: {
          list: [{ ...rule, reply_list_info: [...rule.reply_list_info, { type: 'text', content: 'c' }] }],
        },
      },
    ],
    [
      'two keywords',
      { keyword_autoreply_info: { list: [{ ...rule, keyword_list_info: [keyword, keyword] }] } },
    ],
    [
      'a keyword that must be the whole text',
      {
        keyword_autoreply_info: {
          list: [{ ...rule, keyword_list_info: [{ ...keyword, match_mode: 'equal' }] }],
        },
      },
    ],
    [
      'an answer of two lines',
      {
        keyword_autoreply_info: { list: [{ ...rule, reply_list_info: [{ type: 'text', content: 'b\nc' }] }] },
      },
    ],
  ])('cannot write %s', (_name, change) => {
    expect(formatReplies({ is_add_friend_reply_open: 1, is_autoreply_open: 1, ...change })).toBeNull();
  });

  test('can write one rule of its kind', () => {
    const info = { is_add_friend_reply_open: 0, is_autoreply_open: 1 } as const;
    expect(formatReplies({ ...info, keyword_autoreply_info: { list: [rule] } })?.keywords).toBe('a = b');
  });
});
