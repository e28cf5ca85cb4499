/** Keeps secrets out of everything that people, logs and scripts see. */
import { mayNameSecret, secretNames } from './secret-names.ts';

export interface Redactor {
  /** Registers a secret. One shorter than 6 characters is ignored: it would blacken innocent words. */
  add(secret: string): void;
  /**
   * The text without registered secrets in any of their usual spellings, and without the values of secret names. An
   * everyday word as a Token is hidden where it stands alone, and left in `own`: a piece of the text that nobody else
   * had a say in. To hide it there would tell it.
   */
  redact(text: string, own?: string): string;
  /**
   * The text without long registered secrets, and else as it is: for data, which may speak of a ticket of its own, and
   * which a Token such as "weixin" must not blacken.
   */
  hide(text: string): string;
}

/** What stands in place of a secret. */
const REDACTED = '***';

const MIN_SECRET_LENGTH = 6;
/** A piece this long from a secret's beginning is hidden as well: a message may have been cut. */
const MIN_PREFIX_LENGTH = 8;
/** Only long secrets are random for sure; a short one may begin with a word that people need to read. */
const MIN_LENGTH_FOR_PREFIXES = 20;
/** Longer than a word that somebody chose for a Token. */
const MIN_LENGTH_IN_DATA = 16;
/** What people choose for a Token, such as "weixin": a word in small letters, capitals, or with the first one capital. */
const everydayWord = /^(?:[A-Za-z][a-z]{5,14}|[A-Z]{6,15})$/;

/** `name=value` up to a delimiter, as in URLs, forms and environment files. */
const assigned = new RegExp(`(?<![\\w-])(${secretNames}=)(?!["'])[^\\s&"'<>;]+`, 'gi');
/**
 * `name: value` with a value that looks random; a sentence such as `secret: not set` stays, and so does an AppID, which
 * libraries put behind the name in their keys.
 */
const labelled = new RegExp(
  `(?<![\\w-])(${secretNames}["']?\\s{0,4}:\\s{0,4})(?!wx[0-9a-f]{16}(?![\\w+/%.@~-]))[\\w+/%.@~-]{16,}={0,2}`,
  'gi',
);
/** `"name":"value"` and `name="value"`, with JSON's escapes in the value. */
const inQuotes = new RegExp(`(?<![\\w-])(${secretNames}["']?\\s{0,4}[:=]\\s{0,4}")(?:\\\\.|[^"\\\\])*`, 'gi');
/** The same where the JSON is itself inside a JSON text: `\"name\":\"value\"`. */
const nested = new RegExp(`(\\\\"${secretNames}\\\\"\\s{0,4}:\\s{0,4}\\\\")[^"\\\\]*`, 'gi');

/** Makes a redactor. Its cost grows with the text's length and the number of secrets, never faster. */
export function createRedactor(): Redactor {
  const spellings = new Map<string, number>();
  const waiting = new Set<string>();
  // Worked out with the first text: most commands read secrets and then have nothing to say.
  const spellOut = (secret: string): void => {
    const isLong = secret.length >= MIN_LENGTH_FOR_PREFIXES;
    for (const spelling of spellingsOf(secret)) {
      spellings.set(spelling, isLong ? Math.min(MIN_PREFIX_LENGTH, spelling.length) : spelling.length);
    }
  };
  const hide = (text: string, minSpelling: number, own = ''): string => {
    waiting.forEach(spellOut);
    waiting.clear();
    const ours = placeOf(text, own);
    const places: Place[] = [];
    for (const [spelling, minLength] of spellings) {
      if (spelling.length < minSpelling) continue;
      const found = findPlaces(text, spelling, minLength);
      if (found.length === 0) continue;
      const isWord = everydayWord.test(spelling);
      places.push(
        ...found.filter((place) => !isWord || (standsAlone(text, place) && !isInside(place, ours))),
      );
    }
    return places.length === 0 ? text : blacken(text, places);
  };
  return {
    add(secret) {
      if (secret.length >= MIN_SECRET_LENGTH) waiting.add(secret);
    },
    redact: (text, own) => redactNamed(hide(text, 0, own)),
    hide: (text) => hide(text, MIN_LENGTH_IN_DATA),
  };
}

/** Hides the values of secret names only; for text that meets no redactor. */
export function redactNamed(text: string): string {
  if (!mayNameSecret(text)) return text;
  return [nested, inQuotes, assigned, labelled].reduce(
    (result, pattern) => result.replaceAll(pattern, `$1${REDACTED}`),
    text,
  );
}

/** Where a secret stands in a text, the end not included. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** Each place where at least `minLength` characters of the spelling's beginning stand, as far as they agree. */
function findPlaces(text: string, spelling: string, minLength: number): Place[] {
  const head = spelling.slice(0, minLength);
  const places: Place[] = [];
  for (let start = text.indexOf(head); start !== -1; start = text.indexOf(head, start + 1)) {
    let end = start + minLength;
    while (end - start < spelling.length && text[end] === spelling[end - start]) end += 1;
    // A place inside the last one tells nothing new; a text of one repeated letter would have one at every letter.
    if (end > (places.at(-1)?.end ?? 0)) places.push({ start, end });
  }
  return places;
}

function placeOf(text: string, piece: string): Place | undefined {
  const start = piece === '' ? -1 : text.indexOf(piece);
  return start === -1 ? undefined : { start, end: start + piece.length };
}

function isInside(place: Place, outer: Place | undefined): boolean {
  return outer !== undefined && place.start >= outer.start && place.end <= outer.end;
}

/**
 * Not a part of another word, nor of a name such as `wechat-mp`, `mp.weixin.qq.com`, `WECHAT_MP_LANG` or `/wechat`: there
 * it says nothing. Digits are no letters: the text that is signed has the Token between them.
 */
function standsAlone(text: string, { start, end }: Place): boolean {
  const before = text.slice(Math.max(0, start - 6), start);
  const isEscape = /(?:\\[a-z]|%[\da-f]{2}|\\u[\da-f]{4})$/i.test(before);
  const isName = /(?:[A-Za-z-][-_.]|\/)$/.test(before) || /^[-_./]?[A-Za-z]/.test(text.slice(end, end + 2));
  return !isName && (isEscape || !/[A-Za-z]$/.test(before));
}

/** One mark for places that overlap: two spellings of a secret begin alike, and the longer one must go as a whole. */
function blacken(text: string, places: readonly Place[]): string {
  let result = '';
  let from = 0;
  for (const { start, end } of places.toSorted((one, other) => one.start - other.start)) {
    if (start >= from) result += text.slice(from, start) + REDACTED;
    from = Math.max(from, end);
  }
  return result + text.slice(from);
}

/** Raw, percent-encoded, JSON-escaped (once and twice), and base64 and base64url wherever it begins in the encoded bytes. */
function spellingsOf(secret: string): Set<string> {
  const encoded = encodeURIComponent(Buffer.from(secret).toString());
  const escaped = JSON.stringify(secret).slice(1, -1);
  const base64 = [0, 1, 2].map((offset) => base64Middle(secret, offset));
  return new Set([
    secret,
    encoded,
    encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ]);
}

/** The characters of a base64 text that depend on the secret alone when `offset` other bytes stand before it. */
function base64Middle(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  return bytes.toString('base64').slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
}
