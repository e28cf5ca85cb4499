/** Files that people hand in, and `-` for standard input. */
import { inputError } from '../core/errors.ts';
import type { Context } from './context.ts';

/** The bytes of a file or of standard input. Throws an input error that names the file. */
async function readInput(context: Context, path: string, maxBytes: number): Promise<Buffer> {
  if (path === '-') return await context.io.terminal.readStdin(maxBytes);
  let code = 'ENOENT';
  try {
    const bytes = context.io.files.read(path);
    if (bytes !== undefined && bytes.length <= maxBytes) return bytes;
    if (bytes !== undefined) {
      throw inputError('file_too_large', {
        en: `Cannot use "${path}": it has ${bytes.length} bytes, at most ${maxBytes} are read`,
        zh: `"${path}" 有 ${bytes.length} 字节，最多读取 ${maxBytes} 字节`,
      });
    }
  } catch (error) {
    const found = (error as NodeJS.ErrnoException).code;
    if (found === undefined) throw error;
    code = found;
  }
  const reason = reasons[code] ?? { en: code, zh: code };
  throw inputError(
    'file_unreadable',
    { en: `Cannot read "${path}": ${reason.en}`, zh: `无法读取 "${path}"：${reason.zh}` },
    { en: 'Check the path', zh: '请检查路径' },
    { file: path },
  );
}

const reasons: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  ENOENT: { en: 'no such file', zh: '文件不存在' },
  ENOTDIR: { en: 'no such file', zh: '文件不存在' },
  EISDIR: { en: 'it is a directory', zh: '这是一个目录' },
  EACCES: { en: 'no permission', zh: '没有权限' },
};

/** A file as text. UTF-8 with or without a byte order mark, which goes; another encoding is named. */
export async function readTextInput(context: Context, path: string, maxBytes: number): Promise<string> {
  return decodeUtf8(await readInput(context, path, maxBytes), inputName(path));
}

/** What messages call the input. */
export function inputName(path: string): string {
  return path === '-' ? 'stdin' : path;
}

function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const guess = guessEncoding(bytes);
    throw inputError(
      'not_utf8',
      {
        en: `Cannot read "${name}": it is not UTF-8${guess === undefined ? '' : `, it looks like ${guess}`}`,
        zh: `无法读取 "${name}"：不是 UTF-8 编码${guess === undefined ? '' : `，看起来是 ${guess}`}`,
      },
      { en: 'Save it as UTF-8 in the editor', zh: '请在编辑器中另存为 UTF-8' },
      { file: name, ...(guess === undefined ? {} : { encoding: guess }) },
    );
  }
}

function guessEncoding(bytes: Uint8Array): string | undefined {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return 'UTF-16';
  try {
    new TextDecoder('gb18030', { fatal: true }).decode(bytes);
    return 'GBK';
  } catch {
    return undefined;
  }
}
