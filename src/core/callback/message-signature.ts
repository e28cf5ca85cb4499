/** Signatures that cover a body, and comparing signatures: for servers, which have `node:crypto` loaded anyway. */
import { hash, timingSafeEqual } from 'node:crypto';
import { joinSorted } from './signature.ts';

/** `msg_signature` of an encrypted push or reply（消息体签名）: also covers the Base64 text of `Encrypt`. */
export function signMessage(
  callbackToken: string,
  timestamp: string,
  nonce: string,
  encrypt: string,
): string {
  return hash('sha1', joinSorted([callbackToken, timestamp, nonce, encrypt]), 'hex');
}

/** Compares two signatures in constant time. Anything but 40 lower-case hex digits is never equal. */
export function verifySignature(given: string, expected: string): boolean {
  if (!hexSha1.test(given) || !hexSha1.test(expected)) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

const hexSha1 = /^[0-9a-f]{40}$/;
