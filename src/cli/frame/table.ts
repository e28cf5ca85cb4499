/** Columns of equal width; Chinese characters count as two. */
import { terminalWidth } from '../../core/text/terminal-width.ts';
import { hang } from './fold.ts';

/** One line a row, two blanks between columns; the last column is folded under itself. */
export function formatTable(rows: readonly (readonly string[])[]): string {
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
    return hang({ prefix: prefix.join(''), text: row.at(-1) ?? '' });
  });
  return lines.map((line) => line.trimEnd()).join('\n');
}
