/**
 * Uploads (multipart/form-data), read as leniently as servers do: line ends without a carriage return, boundaries of any
 * length, text before the first part, names with or without quotes. `Response.formData` refuses most of these.
 */

export interface Part {
  readonly name: string;
  /** `undefined` for a field that is no file. */
  readonly fileName: string | undefined;
  readonly contentType: string | undefined;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** More parts than this are no upload of the platform. */
const maxParts = 20;
const maxHeaderBytes = 8192;

/** The parts of the body, or `undefined` where it is no upload or its first part does not end. */
export function parseMultipart(
  contentType: string,
  body: Uint8Array<ArrayBuffer>,
): readonly Part[] | undefined {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) return undefined;
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const parts: Part[] = [];
  let delimiter = findDelimiter(buffer, boundary, 0);
  // Those without a name count, too: sixteen million bytes hold millions of them.
  for (let seen = 0; delimiter !== undefined && !delimiter.isLast && seen < maxParts; seen += 1) {
    const next = findDelimiter(buffer, boundary, delimiter.end);
    if (next === undefined) return undefined;
    const part = parsePart(body.subarray(delimiter.end, next.start));
    if (part !== undefined) parts.push(part);
    delimiter = next;
  }
  return delimiter?.isLast === true ? parts : undefined;
}

function boundaryOf(contentType: string): string | undefined {
  if (!/^\s*multipart\/form-data\b/i.test(contentType)) return undefined;
  const found = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType);
  return found?.[1] ?? found?.[2];
}

interface Delimiter {
  /** Where the content before it ends: its line break belongs to the delimiter. */
  readonly start: number;
  readonly end: number;
  readonly isLast: boolean;
}

const [lineFeed, carriageReturn, dash, space, tab] = [10, 13, 45, 32, 9];

/** The next line that is the boundary behind two dashes; at its end two more say that it is the last. */
function findDelimiter(buffer: Buffer, boundary: string, from: number): Delimiter | undefined {
  const line = `--${boundary}`;
  // The line break before a delimiter may be the one that ended the last header.
  for (let at = buffer.indexOf(line, from); at !== -1; at = buffer.indexOf(line, at + 1)) {
    if (at > 0 && buffer[at - 1] !== lineFeed) continue;
    let end = at + line.length;
    const isLast = buffer[end] === dash && buffer[end + 1] === dash;
    if (isLast) return { start: beforeLineBreak(buffer, at), end: end + 2, isLast };
    while (buffer[end] === space || buffer[end] === tab) end += 1;
    if (buffer[end] === carriageReturn) end += 1;
    if (buffer[end] === lineFeed) return { start: beforeLineBreak(buffer, at), end: end + 1, isLast };
  }
  return undefined;
}

function beforeLineBreak(buffer: Buffer, at: number): number {
  if (at === 0) return 0;
  return buffer[at - 2] === carriageReturn ? at - 2 : at - 1;
}

/** Header lines, an empty line, the content. `undefined` for a part that does not say what it is. */
function parsePart(bytes: Uint8Array<ArrayBuffer>): Part | undefined {
  const head = Buffer.from(bytes.subarray(0, maxHeaderBytes)).toString('latin1');
  const end = /(?:^|\r?\n)\r?\n/.exec(head);
  // Quirk: an empty file of some clients has no empty line behind its headers.
  const [headText, contentAt] =
    end === null ? [head, bytes.length] : [head.slice(0, end.index), end.index + end[0].length];
  const headers = parseHeaders(headText);
  const disposition = headers.get('content-disposition') ?? '';
  const name = parameterOf(disposition, 'name');
  if (!/^form-data\b/i.test(disposition) || name === undefined) return undefined;
  return {
    name,
    fileName: parameterOf(disposition, 'filename'),
    contentType: headers.get('content-type'),
    bytes: bytes.subarray(contentAt),
  };
}

function parseHeaders(text: string): ReadonlyMap<string, string> {
  const lines = text.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

/**
 * A parameter of the header, whose characters stand for bytes. Quirk: the spelling of RFC 5987 (`filename*=UTF-8''…`) is
 * not read: a part that has no other has no file name; bytes of UTF-8 in the plain one are taken.
 */
function parameterOf(header: string, name: string): string | undefined {
  // Some escape a quote by a backslash, and browsers write a backslash as it is, also before the last quote.
  const quoted = String.raw`"((?:\\.|[^"\\])*\\?)"(?=\s*(?:;|$))`;
  const plain = new RegExp(String.raw`;\s*${name}\s*=\s*(?:${quoted}|([^;\s"]*))`, 'i').exec(header);
  const text = plain?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? plain?.[2];
  if (text === undefined) return undefined;
  // Browsers and newer curl write these three like that, and nothing else.
  const unescaped = text.replaceAll('%22', '"').replaceAll(/%0D/gi, '\r').replaceAll(/%0A/gi, '\n');
  return Buffer.from(unescaped, 'latin1').toString('utf8');
}
