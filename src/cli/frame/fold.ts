/** Lines that fit a terminal. */
import { terminalWidth } from '../../core/text/terminal-width.ts';
import type { Context } from '../context.ts';

/** Half of the people read in a window of 80 columns. It is the same in a pipe, which must not change the output. */
export const foldWidth = 80;

/** A Chinese character, a word or a blank; an opening mark belongs to what follows. */
const pieces = /[“（《]*(?:[\u{2e80}-\u{ffef}]|[^\s,“（《\u{2e80}-\u{ffef}]+,*\s*)|[“（《]+|,+\s*|\s+/gu;

/** Folds at blanks, after commas, and between Chinese characters. */
export function fold(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(pieces) ?? []) {
    const closing = /^[，。；：、）！？”]/u.test(piece);
    // Two columns are kept for a closing mark, which never begins a line.
    if (line !== '' && !closing && terminalWidth(line + piece.trimEnd()) > columns - 2) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  return [...lines, line.trimEnd()];
}

/** Columns of what is printed on stdout: those of a window that is narrower. */
export function columnsOf({ io }: Pick<Context, 'io'>): number {
  const { stdoutIsTty, columns } = io.terminal;
  return stdoutIsTty ? Math.min(foldWidth, columns) : foldWidth;
}

/** One line of a report: what stands before the text, and the text, which is folded under itself. */
export interface Hanging {
  readonly prefix: string;
  readonly text: string;
}

/** Behind a long prefix a column of single words would be no help. */
const leastWidth = 24;

/** Secrets are taken out before: folded, they would no longer be found. */
export function hang({ prefix, text }: Hanging, columns = foldWidth): readonly string[] {
  const indent = terminalWidth(prefix);
  if (indent + terminalWidth(text) <= columns) return [`${prefix}${text}`];
  return fold(text, Math.max(leastWidth, columns - indent)).map(
    (line, index) => `${index === 0 ? prefix : ' '.repeat(indent)}${line}`,
  );
}

/** One line a row, two blanks between columns; the last column is folded under itself. */
export function formatTable(rows: readonly (readonly string[])[], columns = foldWidth): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, terminalWidth(cell));
    }
  }
  const pad = (cell: string, column: number): string =>
    cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - terminalWidth(cell)));
  const lines = rows.flatMap((row) => {
    const prefix = row.slice(0, -1).map((cell, column) => `${pad(cell, column)}  `);
    return hang({ prefix: prefix.join(''), text: row.at(-1) ?? '' }, columns);
  });
  return lines.map((line) => line.trimEnd()).join('\n');
}

/**
 * What is copied out of a line: an address, what stands in quotation marks, a command with its words. A program is known
 * by its name; what follows a command in a sentence counts as its words, which costs no more than a wider line.
 */
const whole =
  /https?:\/\/[^\s，。；）]+|"[^"]+"|(?<![\w./-])(?:npx|wechat-mp|node|iconv|echo|curl|ssh|npm|export|redis-cli|chmod)(?: [^\s，。；（）]+)+/g;

/** In a window that is narrower the lines are longer than it. */
const leastTalk = 24;

/** Stand-ins for a blank and a comma at which nothing is folded: talk has no control characters. */
const [heldBlank, heldComma] = ['\u001e', '\u001f'];

/** A line of talk for a window of so many columns, folded under itself; what is longer than that in one piece stays whole. */
export function foldTalk(line: string, columns: number): readonly string[] {
  // It keeps two columns free.
  if (fold(line, columns + 2).length === 1) return [line];
  const held = line.replaceAll(whole, (part) => part.replaceAll(' ', heldBlank).replaceAll(',', heldComma));
  const [indent = ''] = /^ */.exec(line) ?? [];
  const under = `${indent}  `;
  return fold(held.trimStart(), Math.max(leastTalk, columns - under.length)).map(
    (part, index) =>
      `${index === 0 ? indent : under}${part.replaceAll(heldBlank, ' ').replaceAll(heldComma, ',')}`,
  );
}
