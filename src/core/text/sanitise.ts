/** Strings from outside lose what could steer a terminal or turn text round, before people see them. */

/**
 * Whole escape sequences: CSI, the strings OSC, DCS, SOS, PM and APC with their end, and two-byte escapes; each also
 * with its one-byte (C1) introducer. An unclosed string ends with its line, so that it cannot swallow a report.
 * Every alternative runs over characters that its end does not contain: linear time.
 */
const escapeSequences =
  // oxlint-disable-next-line no-control-regex
  /(?:\x1b\[|\x9b)[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]?|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]*(?:\x07|\x1b\\|\x9c)?|\x1b[\x20-\x2f]*[\x30-\x7e]?/g;

/** Control characters but tab and newline; bidi overrides, isolates and marks; line and paragraph separators. */
// oxlint-disable-next-line no-control-regex
const unsafe = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g;

/** Anything that `sanitise` or `sanitiseLine` would change: most lines are looked at once and are as they should be. */
// oxlint-disable-next-line no-control-regex
const suspicious = /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** Text of several lines: keeps `\n` and `\t`. */
export function sanitise(text: string): string {
  // Escape sequences begin with what is unsafe, and hardly a text has any.
  return text.search(unsafe) === -1 ? text : text.replaceAll(escapeSequences, '').replaceAll(unsafe, '');
}

/** One line: newlines, tabs and the separators U+2028 and U+2029 become one blank. */
export function sanitiseLine(text: string): string {
  if (!suspicious.test(text)) return text;
  return sanitise(text.replaceAll(/[\r\n\t\u2028\u2029]+/g, ' '));
}

/** A short piece of a foreign text for a message: one line, at most `limit` characters, marked where it was cut. */
export function excerpt(text: string, limit = 200): string {
  // A slice first: cleaning a body of megabytes for two hundred characters would be wasted.
  const line = sanitiseLine(text.slice(0, limit * 4)).trim();
  const characters = Array.from(line);
  return characters.length <= limit ? line : `${characters.slice(0, limit - 1).join('')}…`;
}
