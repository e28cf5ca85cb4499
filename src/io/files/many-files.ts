/** Files that are long in the making: what waits for the disk is done on Node's threads, and other work goes on. */
import { dirname } from 'node:path';
import type { GrowingFile, ManyFiles } from '../ports.ts';
import * as nodeFiles from './raw.ts';
import {
  checkTemporary,
  openTemporary,
  quietly,
  retryBusy,
  systemError,
  thisSystem,
  writeAll,
  type FileSystemFacts,
  type RawFiles,
} from './steps.ts';

const privateMode = 0o600;

export function createManyFiles(fs: RawFiles = nodeFiles, system: FileSystemFacts = thisSystem): ManyFiles {
  return {
    create: (file) => createGrowing(fs, file),
    async writeParts(file, parts, signal) {
      const { name, descriptor } = openTemporary(fs, file, privateMode);
      try {
        try {
          let size = 0;
          for (const part of parts) {
            signal.throwIfAborted();
            size += await writeBeside(fs, descriptor, Buffer.from(part));
          }
          await ended((tell) => fs.fsync(descriptor, tell));
          checkTemporary(fs, descriptor, size, privateMode);
        } finally {
          fs.closeSync(descriptor);
        }
        signal.throwIfAborted();
        retryBusy(system, () => fs.renameSync(name, file));
      } catch (error) {
        quietly(() => fs.unlinkSync(name));
        throw error;
      }
      quietly(() => syncDirectory(fs, dirname(file)));
    },
  };
}

function createGrowing(fs: RawFiles, file: string): GrowingFile {
  const descriptor = fs.openSync(file, 'ax', 0o644);
  let size = 0;
  return {
    add(data) {
      const bytes = Buffer.from(data);
      try {
        writeAll(fs, descriptor, bytes);
        size += bytes.length;
      } catch (error) {
        // What is added next must not continue a torn line.
        quietly(() => fs.ftruncateSync(descriptor, size));
        throw error;
      }
    },
    sync: async () => await ended((tell) => fs.fsync(descriptor, tell)),
    close: () => fs.closeSync(descriptor),
  };
}

/** Returns how many bytes these are. */
async function writeBeside(fs: RawFiles, descriptor: number, bytes: Uint8Array): Promise<number> {
  for (let written = 0; written < bytes.length;) {
    const left = bytes.length - written;
    const from = written;
    written += await new Promise<number>((resolve, reject) => {
      fs.write(descriptor, bytes, from, left, null, (error, count) => {
        if (error !== null) reject(error);
        else if (count === 0) reject(systemError('EIO', 'the system wrote nothing'));
        else resolve(count);
      });
    });
  }
  return bytes.length;
}

/** The rename lasts without anybody waiting for it. */
function syncDirectory(fs: RawFiles, directory: string): void {
  const descriptor = fs.openSync(directory, 'r');
  fs.fsync(descriptor, () => quietly(() => fs.closeSync(descriptor)));
}

function ended(start: (tell: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error === null ? resolve() : reject(error)));
  });
}
