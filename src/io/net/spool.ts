/** A body on its way, in a temporary file: many uploads at once must not fill the memory. */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Spool } from '../ports.ts';

/** Opens one. Throws the system's error where there is no room for it. */
export async function openSpool(): Promise<Spool> {
  // A folder of our own, mode 0700: nobody can have laid a link there.
  const folder = await mkdtemp(join(tmpdir(), 'wechat-mp-'));
  const file = join(folder, 'body');
  const handle = await open(file, 'wx+', 0o600);
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  // Where the system allows it the name goes at once, so that not even a killed process leaves anything.
  await remove().catch(() => {});
  let length = 0;
  return {
    async add(bytes) {
      for (let at = 0; at < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, length);
        at += bytesWritten;
        length += bytesWritten;
      }
    },
    async *read() {
      for (let at = 0; at < length;) {
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(65_536), 0, 65_536, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    },
    async close() {
      await handle.close();
      await remove();
    },
  };
}
