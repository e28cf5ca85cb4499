/**
 * Hashes of short texts, for what every start needs: signing a URL and naming a cache file. Loading `node:crypto` for
 * them costs 3 ms, more than the hash itself; up to a hundred bytes this one is as fast. Bodies are hashed elsewhere.
 */
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** SHA-1 of the UTF-8 bytes, 40 lower-case hex digits. */
export function sha1Hex(data: string | Uint8Array): string {
  return Buffer.from(sha1(Buffer.from(data))).toString('hex');
}

/** SHA-256 of the UTF-8 bytes, 64 lower-case hex digits. */
export function sha256Hex(text: string): string {
  return Buffer.from(sha256(Buffer.from(text))).toString('hex');
}
