/** What the pages say is so: every block runs, every link leads somewhere, and both languages show the same. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { blocksOf, inLanguage, languages, pages, readPage, root, type Block } from './pages.ts';
import { startReader } from './reader.ts';

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string): readonly string[] =>
  Array.from(readPage(page).matchAll(/^#+ (.*)$/gm), ([, heading = '']) => anchorOf(heading));

const written = pages.filter((page) => page !== 'README.md');

describe.each(written)('%s', (page) => {
  test('has blocks that all work, from top to bottom', { timeout: 120_000 }, async () => {
    const reader = await startReader('en');
    for (const block of blocksOf(page)) await reader.follow(block);
  });

  test('is followed in Chinese as well', { timeout: 60_000 }, async () => {
    const reader = await startReader('zh');
    const typed = ({ kind, text }: Block) =>
      kind === 'yaml' || (kind === 'sh' && !text.startsWith('npx vitest'));
    const [english, chinese] = [blocksOf(page), blocksOf(inLanguage(page, 'zh'))];
    // What is typed is the same, and was run above.
    const shape = (block: Block) => [block.kind, block.mark, typed(block) ? block.text : ''];
    expect(chinese.map(shape)).toEqual(english.map(shape));
    for (const block of chinese.filter((each) => !typed(each))) await reader.follow(block);
  });
});

test.each(pages.flatMap((page) => languages.map((language) => inLanguage(page, language))))(
  '%s has links that lead somewhere',
  (page) => {
    const links = Array.from(readPage(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g));
    for (const [link, file = '', anchor] of links) {
      const target = file === '' ? page : path.join(path.dirname(page), file);
      expect({ link, isThere: existsSync(path.join(root, target)) }).toEqual({ link, isThere: true });
      if (anchor !== undefined) expect(anchorsOf(target), link).toContain(decodeURIComponent(anchor));
    }
  },
);

test('both languages give the same settings for client libraries', () => {
  const [english = [], chinese] = languages.map((language) => {
    const [, table = ''] =
      /\n(\| co-wechat-api [\s\S]*?)\n\n/.exec(readPage(inLanguage('src/simulator/README.md', language))) ??
      [];
    return table
      .split('\n')
      .map((row) => Array.from(row.matchAll(/`([^`]+)`/g), ([, code = '']) => code).toSorted());
  });
  expect(english).toHaveLength(10);
  expect(chinese).toEqual(english);
});

/** What was said before, and what is said instead: see "Words" in `src/README.md`. */
const givenUp: Readonly<Record<string, RegExp>> = {
  请求记录: /流量|抓包记录/,
  access_token: /访问令牌|接口令牌|[^_]access token(?! with)/,
  'callback Token (令牌), not another token': /令牌(?:缓存|接口|有效期|过期)/,
  二级菜单: /子菜单/,
  加密消息体: /信封/,
  从源码运行: /从源码开始/,
  上手: /本地五分钟/,
  'Clear all faults': /take (?:all|the) faults? away|takes all away/i,
  'expires in': /\blives? .{1,12} more\b/i,
  'an attacker can use it': /glad of it/,
  'resume, continue': /\bgoes on from\b|\bgo on later\b/i,
  'followers, who write and tap': /people who follow, scan/,
  reset: /\bset back to (?:the )?start\b/i,
  'encrypted message': /\bencrypted envelope/i,
  'one per line': /\bone a line\b/i,
  optional: /\(may be empty\)/i,
};

function findGivenUp(text: string): readonly string[] {
  return Object.entries(givenUp).flatMap(([instead, pattern]) => {
    const [word] = pattern.exec(text) ?? [];
    return word === undefined ? [] : [`"${word}": say ${instead}`];
  });
}

test.each(
  [...pages, 'src/README.md'].flatMap((page) => languages.map((language) => inLanguage(page, language))),
)('%s uses no word that was given up', (page) => {
  expect(findGivenUp(readPage(page))).toEqual([]);
});

test("the simulator's page uses no word that was given up", () => {
  const folder = path.join(root, 'src/simulator/page');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const texts = files
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
    .flatMap((code) => Array.from(code.matchAll(/\b(?:en|zh): (['"`])(.*?)\1/g), ([, , text = '']) => text));
  expect(texts.length).toBeGreaterThan(500);
  expect(texts.flatMap(findGivenUp)).toEqual([]);
  // Quirk: fonts with Chinese make this sign as wide as a character.
  expect(texts.filter((text) => text.includes('’'))).toEqual([]);
});
