/** The mistakes people make when they sign a callback, each as the signatures that it leads to. */
import { createHash } from 'node:crypto';
import { signSorted } from './signature.ts';

/** What is known about a signature that turned out to be wrong. */
export interface SignatureCase {
  /** As it was given. */
  readonly given: string;
  /** Which of the two it was given as. */
  readonly kind: 'signature' | 'msg_signature';
  readonly callbackToken: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly encrypt?: string | undefined;
  /** The other signature of the same query, where it is known. */
  readonly msgSignature?: string | undefined;
  /** Signed by some libraries although it must not be. */
  readonly echostr?: string | undefined;
  /** Other values of the same account that are taken for the Token, by name. */
  readonly otherValues?: Readonly<Record<string, string | undefined>>;
}

export type SignatureMistakeName =
  | 'signature_case'
  | 'unsorted'
  | 'numeric_order'
  | 'locale_order'
  | 'other_order'
  | 'token_space'
  | 'token_newline'
  | 'token_bom'
  | 'token_quoted'
  | 'token_case'
  | 'token_missing'
  | 'other_value_as_token'
  | 'msg_signature_as_signature'
  | 'signature_as_msg_signature'
  | 'encrypt_line_breaks'
  | 'encrypt_plus_as_space'
  | 'encrypt_percent_encoded'
  | 'timestamp_milliseconds'
  | 'echostr_signed'
  | 'separator'
  | 'base64_digest'
  | 'other_digest';

/** A signature that a mistake leads to, and what exactly was done where there are several ways. */
interface Candidate {
  readonly signature: string;
  readonly detail?: string;
}

type Maker = (input: SignatureCase, parts: readonly string[]) => Iterable<Candidate>;

/**
 * In this order they are tried, and the first that gives the signature is named: where several mistakes cannot be told
 * apart, the commoner one comes first.
 */
export const mistakeMakers: Readonly<Record<SignatureMistakeName, Maker>> = {
  signature_case: (_input, parts) => [{ signature: signSorted(parts).toUpperCase() }],
  unsorted: (_input, parts) =>
    plain(parts.length === 3 ? [parts, parts.toSpliced(0, 1).concat(parts[0] ?? '')] : [parts]),
  numeric_order: (_input, parts) => plain(numericOrders(parts)),
  locale_order: (_input, parts) => plain(localeOrders(parts)),
  other_order: (_input, parts) => plain(permutations(parts)),
  token_space: (input) =>
    tokens(input, [
      [' ', '', 'space before it'],
      ['', ' ', 'space after it'],
      [' ', ' ', 'spaces round it'],
      ['', '\t', 'tab after it'],
      ['', '\u3000', 'wide space after it'],
      ['', '\u00a0', 'no-break space after it'],
    ]),
  token_newline: (input) =>
    tokens(input, [
      ['', '\n', '0A after it'],
      ['', '\r\n', '0D 0A after it'],
      ['', '\r', '0D after it'],
    ]),
  token_bom: (input) =>
    tokens(input, [
      ['\ufeff', '', 'EF BB BF before it'],
      ['', '\u200b', 'E2 80 8B after it'],
    ]),
  token_quoted: (input) =>
    tokens(input, [
      ['"', '"', 'double quotes'],
      ["'", "'", 'single quotes'],
    ]),
  token_case: (input) =>
    [
      input.callbackToken.toLowerCase(),
      input.callbackToken.toUpperCase(),
      input.callbackToken.charAt(0).toUpperCase() + input.callbackToken.slice(1),
      input.callbackToken.charAt(0).toLowerCase() + input.callbackToken.slice(1),
    ].map((token) => ({ signature: signSorted(partsOf(input, { callbackToken: token })) })),
  token_missing: (input, parts) => [
    { signature: signSorted(parts.slice(1)) },
    { signature: signSorted(partsOf(input, { callbackToken: 'undefined' })) },
    { signature: signSorted(partsOf(input, { callbackToken: 'null' })) },
  ],
  other_value_as_token: (input) =>
    Object.entries(input.otherValues ?? {}).flatMap(([detail, value]) =>
      value === undefined
        ? []
        : [{ signature: signSorted(partsOf(input, { callbackToken: value })), detail }],
    ),
  msg_signature_as_signature: (input) =>
    input.kind !== 'signature'
      ? []
      : [
          ...(input.msgSignature === undefined ? [] : [{ signature: input.msgSignature }]),
          ...(input.encrypt === undefined
            ? []
            : [{ signature: signSorted([...urlParts(input), input.encrypt]) }]),
        ],
  signature_as_msg_signature: (input) =>
    input.kind === 'msg_signature' ? [{ signature: signSorted(urlParts(input)) }] : [],
  encrypt_line_breaks: (input) => encrypts(input, brokenTexts),
  encrypt_plus_as_space: (input) =>
    encrypts(input, (encrypt) => [encrypt.replaceAll('+', ' '), encrypt.replaceAll(' ', '+')]),
  encrypt_percent_encoded: (input) =>
    encrypts(input, (encrypt) => [encodeURIComponent(encrypt), decodeQuietly(encrypt)]),
  timestamp_milliseconds: (input) => otherTimestamps(input),
  echostr_signed: (input, parts) =>
    input.echostr === undefined ? [] : [{ signature: signSorted([...parts, input.echostr]) }],
  separator: (_input, parts) =>
    separators.flatMap(([separator, detail]) =>
      [parts.toSorted(), parts].map((order) => ({
        signature: digest(order.join(separator), 'sha1', 'hex'),
        detail,
      })),
    ),
  base64_digest: (_input, parts) => [{ signature: digest(parts.toSorted().join(''), 'sha1', 'base64') }],
  other_digest: (_input, parts) =>
    ['md5', 'sha256'].map((algorithm) => ({
      signature: digest(parts.toSorted().join(''), algorithm, 'hex'),
      detail: algorithm === 'md5' ? 'MD5' : 'SHA-256',
    })),
};

const separators = [
  [',', ','],
  ['&', '&'],
  [' ', 'space'],
  ['\n', 'line break'],
  ['-', '-'],
  ['_', '_'],
  ['|', '|'],
  ['+', '+'],
] as const;

/** What the right signature covers, in the order in which the documents name it. */
export function partsOf(
  input: SignatureCase,
  changed: Partial<Pick<SignatureCase, 'callbackToken' | 'timestamp' | 'encrypt'>> = {},
): readonly string[] {
  const { encrypt, ...rest } = { ...input, ...changed };
  const parts = urlParts(rest);
  return input.kind === 'msg_signature' && encrypt !== undefined ? [...parts, encrypt] : parts;
}

function urlParts({
  callbackToken,
  timestamp,
  nonce,
}: Pick<SignatureCase, 'callbackToken' | 'timestamp' | 'nonce'>): readonly string[] {
  return [callbackToken, timestamp, nonce];
}

function plain(orders: Iterable<readonly string[]>): Candidate[] {
  return Array.from(orders, (order) => ({ signature: digest(order.join(''), 'sha1', 'hex') }));
}

function digest(text: string, algorithm: string, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(text).digest(encoding);
}

/** Numbers by their value: before the words, after them, as PHP's `sort` does, and as subtracting texts does. */
function numericOrders(parts: readonly string[]): readonly (readonly string[])[] {
  const numbers = parts.filter(isNumber).toSorted((a, b) => Number(a) - Number(b));
  const words = parts.filter((part) => !isNumber(part)).toSorted();
  return [
    [...words, ...numbers],
    [...numbers, ...words],
    parts.toSorted((a, b) => (isNumber(a) && isNumber(b) ? Number(a) - Number(b) : compareText(a, b))),
    parts.toSorted((a, b) => Number(a) - Number(b)),
  ];
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text));
}

/** As `localeCompare`, `strcasecmp` and the collations of databases order. */
function localeOrders(parts: readonly string[]): readonly (readonly string[])[] {
  return [
    ...['en', 'zh'].map((language) => parts.toSorted(new Intl.Collator(language).compare)),
    parts.toSorted((a, b) => compareText(a.toLowerCase(), b.toLowerCase())),
  ];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function permutations(parts: readonly string[]): readonly (readonly string[])[] {
  if (parts.length < 2) return [parts];
  return parts.flatMap((first, index) =>
    permutations(parts.toSpliced(index, 1)).map((rest) => [first, ...rest]),
  );
}

function tokens(
  input: SignatureCase,
  surroundings: readonly (readonly [before: string, after: string, detail: string])[],
): Candidate[] {
  return surroundings.map(([before, after, detail]) => ({
    signature: signSorted(partsOf(input, { callbackToken: `${before}${input.callbackToken}${after}` })),
    detail,
  }));
}

function encrypts(input: SignatureCase, change: (encrypt: string) => readonly string[]): Candidate[] {
  const { encrypt } = input;
  if (encrypt === undefined || input.kind !== 'msg_signature') return [];
  return change(encrypt)
    .filter((changed) => changed !== encrypt)
    .map((changed) => ({ signature: signSorted(partsOf(input, { encrypt: changed })) }));
}

/** Base64 as mail, PEM and the Base64 commands break it; or the same without the breaks that were given. */
function brokenTexts(encrypt: string): readonly string[] {
  const broken = [76, 64].flatMap((width) => {
    const lines = encrypt.match(new RegExp(`.{1,${width}}`, 'gs')) ?? [];
    return ['\n', '\r\n'].flatMap((end) => [lines.join(end), lines.join(end) + end]);
  });
  return [
    ...broken,
    `${encrypt}\n`,
    `${encrypt}\r\n`,
    `\n${encrypt}\n`,
    encrypt.replaceAll(/\s/g, ''),
    encrypt.trim(),
  ];
}

function decodeQuietly(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Seconds where milliseconds were signed, and the other way round. */
function* otherTimestamps(input: SignatureCase): Iterable<Candidate> {
  const { timestamp } = input;
  const sign = (changed: string): Candidate => ({
    signature: signSorted(partsOf(input, { timestamp: changed })),
  });
  if (/^\d{13}$/.test(timestamp)) yield sign(timestamp.slice(0, 10));
  if (!/^\d{10}$/.test(timestamp)) return;
  for (let ms = 0; ms < 1000; ms += 1) yield sign(timestamp + String(ms).padStart(3, '0'));
}
