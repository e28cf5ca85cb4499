/** Unpredictable bytes from the system. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Random } from './ports.ts';

/** One call of the system for so many bytes costs little more than one for sixteen. */
const poolBytes = 4096;

/** Unpredictable bytes of this machine. No byte is handed out twice. */
export function createRandom(): Random {
  let pool = new Uint8Array(0);
  return {
    bytes(count) {
      if (count > poolBytes / 16) return draw(count);
      if (count > pool.length) pool = draw(poolBytes);
      const bytes = pool.slice(0, count);
      pool = pool.subarray(count);
      return bytes;
    },
  };
}

/**
 * Asks the system's own device where there is one: `node:crypto`, which asks it too, takes 3 ms to load, and a signed
 * URL wants no more than a dozen bytes.
 */
function draw(count: number): Uint8Array<ArrayBuffer> {
  return fromDevice(count) ?? fromLibrary(count);
}

function fromDevice(count: number): Uint8Array<ArrayBuffer> | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync('/dev/urandom', 'r');
    const bytes = new Uint8Array(count);
    return readSync(descriptor, bytes, 0, count, null) === count ? bytes : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function fromLibrary(count: number): Uint8Array<ArrayBuffer> {
  // oxlint-disable-next-line typescript/no-require-imports -- only where there is no device
  return new Uint8Array((require('crypto') as typeof import('crypto')).randomBytes(count));
}
