/** How much room a text takes on a terminal. The phone's measure is `phoneWidth`. */
import { eastAsianWidth } from 'get-east-asian-width';

/** Columns of a text by Unicode's table, which terminals follow; Chinese characters take two. */
export function terminalWidth(text: string): number {
  // Most texts of a table: looking up each letter would be half of the work of printing it.
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += eastAsianWidth(character.codePointAt(0) ?? 0);
  return columns;
}
