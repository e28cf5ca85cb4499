/** Files by the thousand: what waits for the disk is done on Node's threads, and the calls on the network go on. */
import { systemCode } from '../../core/errors.ts';
import type { GrowingFile, ManyFiles } from '../ports.ts';
import * as nodeFiles from './raw.ts';
import {
  quietly,
  retryBusy,
  systemError,
  temporaryName,
  thisSystem,
  writeAll,
  type FileSystemFacts,
  type RawFiles,
} from './steps.ts';

export function createManyFiles(fs: RawFiles = nodeFiles, system: FileSystemFacts = thisSystem): ManyFiles {
  return {
    create: (file) => createGrowing(fs, file),
    async write(file, data, mode) {
      const temporary = temporaryName(file);
      try {
        await ended((tell) => fs.writeFile(temporary, data, { flag: 'wx', mode }, tell));
        const { size } = fs.statSync(temporary);
        if (size !== data.length) throw systemError('EIO', `the file has ${size} of ${data.length} bytes`);
        retryBusy(system, () => fs.renameSync(temporary, file));
      } catch (error) {
        // One that was there is not ours.
        if (systemCode(error) !== 'EEXIST') quietly(() => fs.unlinkSync(temporary));
        throw error;
      }
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

function ended(start: (tell: (error: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => (error === null ? resolve() : reject(error)));
  });
}
