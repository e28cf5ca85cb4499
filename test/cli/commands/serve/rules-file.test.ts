import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../../src/core/errors.ts';
import { parseReplyFile, parseRulesFile } from '../../../../src/cli/commands/serve/rules-file.ts';

const rules = (text: string) => parseRulesFile(text, 'rules.json');
function refusal(text: string, parse: (text: string) => unknown = rules): WechatMpError {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof WechatMpError) return error;
    throw error;
  }
  throw new Error(`nothing wrong with ${text}`);
}

describe('parseRulesFile()', () => {
  test('parseRulesFile() reads every condition and every kind of reply, with comments', () => {
    const file = `\uFEFF// what to say
    {"rules": [
      {"type": "text", "text": "hello", "reply": "Hi {{FromUserName}}"},
      {"text": "/^order (\\\\d+)$/i", "reply": {"type": "text", "content": "{{1}}"}},
      {"event": "CLICK", "key": "V1001", "reply": {"type": "news", "articles": [{"title": "t", "url": "u"}]}},
      {"event": "subscribe", "reply": {"type": "music", "thumb_media_id": "m", "music_url": "u", "hq_music_url": "h"}},
      {"type": "image", "reply": {"type": "image", "media_id": "{{MediaId}}"}},
      {"type": "voice", "reply": {"type": "video", "media_id": "m", "title": "t", "description": ""}},
      {"type": "link", "reply": {"type": "transfer_customer_service", "kf_account": "a@b"}},
      {"type": "location", "reply": "echo"},
      {"event": "brand_new_event", "reply": "success"},
      {"reply": "none"}, // everything else
    ]}`;
    expect(rules(file)).toEqual([
      { type: 'text', text: 'hello', reply: { msgType: 'text', content: 'Hi {{FromUserName}}' } },
      { text: /^order (\d+)$/i, reply: { msgType: 'text', content: '{{1}}' } },
      {
        event: 'CLICK',
        key: 'V1001',
        reply: { msgType: 'news', articles: [{ title: 't', description: '', picUrl: '', url: 'u' }] },
      },
      {
        event: 'subscribe',
        reply: { msgType: 'music', thumbMediaId: 'm', musicUrl: 'u', hqMusicUrl: 'h' },
      },
      { type: 'image', reply: { msgType: 'image', mediaId: '{{MediaId}}' } },
      { type: 'voice', reply: { msgType: 'video', mediaId: 'm', title: 't', description: '' } },
      { type: 'link', reply: { msgType: 'transfer_customer_service', kfAccount: 'a@b' } },
      { type: 'location', reply: 'echo' },
      { event: 'brand_new_event', reply: 'success' },
      { reply: '' },
    ]);
  });

  test('parseRulesFile() takes the list alone, and an empty one', () => {
    expect(rules('[{"reply": "echo"}]')).toEqual([{ reply: 'echo' }]);
    expect(rules('{"$schema": "x", "rules": []}')).toEqual([]);
  });

  test.each([
    ['{"rules": [', 1, 12, '"]" is missing'],
    ['7', 1, 1, '"rules" must be a list, got a number'],
    ['{}', 1, 1, '"rules" is missing'],
    ['{"rules": {}}', 1, 11, '"rules" must be a list, got an object'],
    ['{"rule": []}', 1, 2, '"rule" is unknown; "rules" is close'],
    ['[\n  "echo"\n]', 2, 3, 'An object is wanted, got a text'],
    ['[{}]', 1, 2, '"reply" is missing'],
    ['[{"reply": "echo", "__proto__": {}}]', 1, 20, '"__proto__" is unknown; known are reply, type, event'],
    ['[{"reply": {"type": "text", "content": "a", "__proto__": 1}}]', 1, 45, '"__proto__" is unknown'],
    ['[{"reply": "echo",\n "reply": "none"}]', 2, 2, '"reply" is here twice'],
    ['[{"reply": {"type": "text", "content": "a", "content": "b"}}]', 1, 45, '"content" is here twice'],
    ['[{"repyl": "echo", "reply": "echo"}]', 1, 3, '"repyl" is unknown; "reply" is close'],
    ['[{"type": "txt", "reply": "echo"}]', 1, 11, '"txt" is unknown; "text" is close'],
    ['[{"type": 1, "reply": "echo"}]', 1, 11, 'A text is wanted, got a number'],
    ['[{"type": "", "reply": "echo"}]', 1, 11, 'The text must not be empty'],
    ['[{"event": "click", "reply": "echo"}]', 1, 12, '"click" must be "CLICK": capitals count'],
    ['[{"type": "image", "event": "CLICK", "reply": "echo"}]', 1, 11, '"image" has no events'],
    [
      '[{"event": "CLICK", "text": "a", "reply": "echo"}]',
      1,
      29,
      '"text" matches messages of type "text" only',
    ],
    ['[{"text": "/(/", "reply": "echo"}]', 1, 11, 'Not a regular expression'],
    ['[{"text": "/a/g", "reply": "echo"}]', 1, 11, 'The flags "g" and "y" have no meaning here'],
    ['[{"text": "/a/z", "reply": "echo"}]', 1, 11, 'Not a regular expression'],
    ['[{"reply": ""}]', 1, 12, 'The text must not be empty'],
    ['[{"reply": null}]', 1, 12, 'An object is wanted, got null'],
    ['[{"reply": {"type": "Text", "content": "a"}}]', 1, 21, '"Text" is unknown; "text" is close'],
    ['[{"reply": {"content": "a"}}]', 1, 12, '"type" is missing'],
    ['[{"reply": {"type": "text"}}]', 1, 12, '"content" is missing'],
    ['[{"reply": {"type": "text", "content": " "}}]', 1, 40, 'The text must not be empty'],
    ['[{"reply": {"type": "text", "content": "a", "media_id": "m"}}]', 1, 45, '"media_id" is unknown'],
    ['[{"reply": {"type": "image", "mediaid": "m"}}]', 1, 30, '"mediaid" is unknown; "media_id" is close'],
    ['[{"reply": {"type": "news", "articles": []}}]', 1, 41, 'A news reply has 1 to 8 articles, got 0'],
    ['[{"reply": {"type": "news", "articles": [{"title": "t"}]}}]', 1, 42, '"url" is missing'],
    [
      '[{"text": "a", "reply": "{{1}}"}]',
      1,
      25,
      '"{{1}}" has no value: the patterns of this rule have 0 groups',
    ],
    [
      '[{"text": "/(a)/", "reply": {"type": "text", "content": "{{1}}{{2}}"}}]',
      1,
      57,
      '"{{2}}" has no value',
    ],
  ])('parseRulesFile() refuses %s at line %i, column %i', (file, line, column, words) => {
    const error = refusal(file);
    expect(error.family).toBe('input');
    expect(error.facts).toMatchObject({ file: 'rules.json', line, column });
    expect(error.text.en).toContain(words);
    expect(error.text.en).toContain(`at line ${line}, column ${column}`);
    expect(error.text.zh).toContain(`第 ${line} 行第 ${column} 列`);
    expect(error.hint?.en).toBe(`Correct rules.json:${line}:${column}`);
  });

  test('parseRulesFile() takes a number that the pattern has a group for', () => {
    expect(rules('[{"text": "/(a)(b)?/", "reply": "{{0}}{{1}}{{2}}"}]')).toHaveLength(1);
    expect(rules('[{"key": "/(a)/", "reply": "{{1}}"}]')).toHaveLength(1);
  });

  test('parseRulesFile() names every mistake, the first in the message', () => {
    const error = refusal('[{"reply": "echo", "x": 1},\n {"type": "foo", "reply": ""}]');
    expect(error.text.en).toContain('"x" is unknown');
    expect(error.details.map(({ en }) => en)).toEqual([
      expect.stringMatching(/^rules\.json:2:11: "foo" must be one of text, /),
      'rules.json:2:27: The text must not be empty',
    ]);
  });
});

describe('the rules in the documentation', () => {
  test.each(['README.md', 'README.zh-CN.md'])(
    'parseRulesFile() takes the rules that src/server/%s shows',
    (name) => {
      const text = readFileSync(new URL(`../../../../src/server/${name}`, import.meta.url), 'utf8');
      const [, shown = ''] = /```jsonc\n([\s\S]*?)```/.exec(text) ?? [];
      expect(rules(shown)).toHaveLength(6);
    },
  );
});

describe('parseReplyFile()', () => {
  test('parseReplyFile() reads one reply', () => {
    expect(parseReplyFile('{"type": "voice", "media_id": "m"}', 'r.json')).toEqual({
      msgType: 'voice',
      mediaId: 'm',
    });
    const error = refusal('{"type": "voice"}', (text) => parseReplyFile(text, 'r.json'));
    expect(error.text.en).toContain('Cannot use "r.json": "media_id" is missing');
  });
});
