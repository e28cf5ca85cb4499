import { sha1Hex } from './digest.ts';

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

/** What is hashed: the texts as bytes, in the order of the bytes. */
export function joinSorted(texts: readonly string[]): Buffer {
  return Buffer.concat(texts.map((text) => Buffer.from(text)).toSorted((a, b) => Buffer.compare(a, b)));
}
