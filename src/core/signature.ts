import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * SHA-1 in lower-case hex of the texts, sorted by their UTF-8 bytes and joined without a separator. All signatures of
 * callbacks are made this way.
 *
 * Quirk: the order is that of bytes (digits, capitals, small letters), neither numeric nor that of a language.
 */
export function signSorted(texts: readonly string[]): string {
  const hash = createHash('sha1');
  for (const bytes of texts.map((text) => Buffer.from(text)).toSorted((a, b) => Buffer.compare(a, b)))
    hash.update(bytes);
  return hash.digest('hex');
}

/**
 * `signature` of the handshake and of every push（验证消息来自微信服务器）. It says nothing about the body.
 * `timestamp` is Unix seconds as decimal text.
 */
export function signUrl(callbackToken: string, timestamp: string, nonce: string): string {
  return signSorted([callbackToken, timestamp, nonce]);
}

/** `msg_signature` of an encrypted push or reply（消息体签名）: also covers the Base64 text of `Encrypt`. */
export function signMessage(
  callbackToken: string,
  timestamp: string,
  nonce: string,
  encrypt: string,
): string {
  return signSorted([callbackToken, timestamp, nonce, encrypt]);
}

/** Compares two signatures in constant time. Anything but 40 lower-case hex digits is never equal. */
export function verifySignature(given: string, expected: string): boolean {
  if (!hexSha1.test(given) || !hexSha1.test(expected)) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

const hexSha1 = /^[0-9a-f]{40}$/;
