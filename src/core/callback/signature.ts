import { sha1Hex } from '../text/digest.ts';

/**
 * SHA-1 in lower-case hex of the texts, sorted by their UTF-8 bytes and joined without a separator. All signatures of
 * callbacks are made this way.
 *
 * Quirk: the order is that of bytes (digits, capitals, small letters), neither numeric nor that of a language.
 */
export function signSorted(texts: readonly string[]): string {
  return sha1Hex(joinSorted(texts));
}

/**
 * `signature` of the handshake and of every push（验证消息来自微信服务器）. It says nothing about the body.
 * `timestamp` is Unix seconds as decimal text.
 */
export function signUrl(callbackToken: string, timestamp: string, nonce: string): string {
  return signSorted([callbackToken, timestamp, nonce]);
}

/** What is hashed: the texts in the order of their bytes, joined. */
export function joinSorted(texts: readonly string[]): string {
  return sortByBytes(texts).join('');
}

/** The texts in the order of their UTF-8 bytes. */
export function sortByBytes(texts: readonly string[]): readonly string[] {
  if (texts.some((text) => surrogate.test(text))) return texts.toSorted(compareBytes);
  // Three or four texts at every request: the sort of the engine would leave a kilobyte of garbage each time.
  const sorted: string[] = [];
  for (const text of texts) {
    let place = sorted.length;
    for (; place > 0 && (sorted[place - 1] ?? '') > text; place -= 1) sorted[place] = sorted[place - 1] ?? '';
    sorted[place] = text;
  }
  return sorted;
}

/** JavaScript compares units of UTF-16, whose order is that of the bytes unless a character needs two of them. */
function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

const surrogate = /[\uD800-\uDFFF]/;
