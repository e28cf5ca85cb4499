/** Columns of equal width; Chinese characters count as two. */
import { displayWidth } from './help.ts';

/** One line a row, two blanks between columns, the last column as long as it is. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell));
    }
  }
  const pad = (cell: string, column: number): string =>
    cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell)));
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
