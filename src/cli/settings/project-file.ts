/** Where `wechat-mp.json` is. Most folders have none, so what is in it is read elsewhere. */
import { WechatMpError } from '../../core/errors.ts';
import { readLimits } from '../../core/text/read-limits.ts';
import type { Files } from '../../io/ports.ts';
import type { ProjectFile } from './project-content.ts';
import { dirname, join } from 'node:path';

const name = 'wechat-mp.json';

/** Looks upwards from `directory` to the root of the repository or of the file system. */
export async function findProjectFile(files: Files, directory: string): Promise<ProjectFile | undefined> {
  for (let folder = directory; ; folder = dirname(folder)) {
    const path = join(folder, name);
    const bytes = exists(files, path) ? readQuietly(files, path) : undefined;
    if (bytes !== undefined) {
      const { parseProjectFile } = await import('./project-content.ts');
      return await parseProjectFile(path, bytes.toString('utf8'));
    }
    if (exists(files, join(folder, '.git')) || dirname(folder) === folder) return undefined;
  }
}

/** A folder that this user may not look into, as above a home directory, is a folder without a project. */
function exists(files: Files, path: string): boolean {
  try {
    return files.stat(path) !== undefined;
  } catch {
    return false;
  }
}

function readQuietly(files: Files, path: string): Buffer | undefined {
  try {
    return files.read(path, readLimits.text);
  } catch (cause) {
    if (cause instanceof WechatMpError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw new WechatMpError({
      family: 'local',
      type: 'project_file_unreadable',
      text: { en: `Cannot read "${path}": ${code}`, zh: `无法读取 "${path}"：${code}` },
      cause,
    });
  }
}
