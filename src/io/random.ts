/** Unpredictable bytes from the system. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Random } from './ports.ts';

/**
 * Asks the system's own device where there is one: `node:crypto`, which asks it too, takes 3 ms to load, and a signed
 * URL wants no more than a dozen bytes.
 */
export const systemRandom: Random = {
  bytes: (count) => fromDevice(count) ?? fromLibrary(count),
};

function fromDevice(count: number): Uint8Array | undefined {
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

function fromLibrary(count: number): Uint8Array {
  // oxlint-disable-next-line typescript/no-require-imports -- only where there is no device
  return (require('crypto') as typeof import('crypto')).randomBytes(count);
}
