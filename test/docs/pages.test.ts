/** What the pages say is so: every block runs, every link leads somewhere, and both languages show the same. */
import { existsSync } from 'node:fs';
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
