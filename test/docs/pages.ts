/** The pages that people read, and the blocks of code in them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** A page in English; the Chinese one is beside it. */
export const pages = [
  'README.md',
  'menus/README.md',
  'src/simulator/README.md',
  'src/server/README.md',
  'src/api/README.md',
] as const;

export const inLanguage = (page: string, language: Language): string =>
  language === 'zh' ? page.replace(/\.md$/, '.zh-CN.md') : page;

export const readPage = (page: string): string => readFileSync(path.join(root, page), 'utf8');

export interface Block {
  /** Where it stands, for messages: `README.md:12`. */
  readonly place: string;
  /** `sh`, `console`, `json` … */
  readonly kind: string;
  readonly text: string;
  /**
   * What a comment before it says: `file: NAME` is written to the reader's folder, `workflow` is run step by step, the
   * program of a `unit` is started, `browser` is opened, `fails` ends with another code than 0, `needs a real account` is
   * not run, `to look at` is neither.
   */
  readonly mark: string;
}

export function blocksOf(page: string): readonly Block[] {
  const text = readPage(page);
  return Array.from(
    text.matchAll(/(?:^<!-- (?<mark>.*) -->\n\n)?^```(?<kind>\w*)\n(?<body>[\s\S]*?)^```$/gm),
    ({ index, groups: { mark = '', kind = '', body = '' } = {} }) => ({
      place: `${page}:${text.slice(0, index).split('\n').length}`,
      kind,
      text: body,
      mark,
    }),
  );
}

/** Whether a line goes on until somebody stops it. */
export const isServer = (line: string): boolean =>
  /^(?:npx )?wechat-mp (?:serve|relay|simulator(?! wait| compare))\b/.test(line) && !line.includes(' -- ');
