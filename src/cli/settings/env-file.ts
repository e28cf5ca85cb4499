import { parse } from 'dotenv';
import { inputError } from '../../core/errors.ts';
import type { Files } from '../../io/ports.ts';

/** The variables of a `.env` file. It is read only where `--env-file` names it. */
export function readEnvFile(files: Files, path: string): Readonly<Record<string, string>> {
  let code = 'ENOENT';
  try {
    const bytes = files.read(path);
    if (bytes !== undefined) return parse(bytes);
  } catch (error) {
    code = (error as NodeJS.ErrnoException).code ?? '';
  }
  throw inputError(
    'env_file_unreadable',
    {
      en: `Cannot read "${path}" for --env-file: ${code === 'ENOENT' ? 'no such file' : code}`,
      zh: `无法读取 --env-file 的文件 "${path}"：${code === 'ENOENT' ? '文件不存在' : code}`,
    },
    { en: 'Check the path', zh: '请检查路径' },
  );
}
