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
  return signTexts([callbackToken, timestamp, nonce, encrypt]);
}

/** As `signSorted`, by the hash of the runtime: six times as fast once that is loaded. */
export function signTexts(texts: readonly string[]): string {
  return hash('sha1', joinSorted(texts), 'hex');
}

/** Compares two signatures in constant time. Anything but 40 lower-case hex digits is never equal. */
export function verifySignature(given: string, expected: string): boolean {
  if (!hexSha1.test(given) || !hexSha1.test(expected)) return false;
  givenBytes.write(given, 'latin1');
  expectedBytes.write(expected, 'latin1');
  return timingSafeEqual(givenBytes, expectedBytes);
}

const hexSha1 = /^[0-9a-f]{40}$/;
/** Kept from one comparison to the next: making them costs more than comparing. */
const [givenBytes, expectedBytes] = [Buffer.alloc(40), Buffer.alloc(40)];
