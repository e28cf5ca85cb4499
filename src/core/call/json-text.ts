/** JSON texts written another way. Numbers stay as they are: those of 64 bits do not survive being read and written. */

/** A string, a mark, a word or number, or white space. */
const pieces = /"(?:[^"\\]|\\[^])*"|[[\]{}:,]|[^\s"[\]{}:,]+|\s+/g;

/** On one line. The text is valid JSON. */
export function compactJson(text: string): string {
  return text.replaceAll(pieces, (piece) => (/^\s/.test(piece) ? '' : piece));
}

/** With two blanks a level. The text is valid JSON. */
export function indentJson(text: string): string {
  let level = 0;
  let last = '';
  const line = (): string => `\n${'  '.repeat(level)}`;
  return text.replaceAll(pieces, (piece) => {
    if (/^\s/.test(piece)) return '';
    const before = last;
    last = piece;
    if (piece === '}' || piece === ']') {
      level -= 1;
      return before === '{' || before === '[' ? piece : line() + piece;
    }
    const lead = before === '{' || before === '[' || before === ',' ? line() : '';
    if (piece === '{' || piece === '[') level += 1;
    return lead + (piece === ':' ? ': ' : piece);
  });
}
