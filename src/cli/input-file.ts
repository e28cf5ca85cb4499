/** Files that people hand in, and `-` for standard input. */
import { inputError } from '../core/errors.ts';
import type { Text } from '../core/text.ts';
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
      saveAsUtf8(name, guess),
      { file: name, ...(guess === undefined ? {} : { encoding: guess }) },
    );
  }
}

function saveAsUtf8(name: string, guess: Encoding | undefined): Text {
  const editor = { en: 'Save it as UTF-8 in the editor', zh: '请在编辑器中另存为 UTF-8' };
  if (guess === undefined || !/^[\w.][\w./-]*$/.test(name)) return editor;
  const command = `iconv -f ${iconvNames[guess]} -t UTF-8 ${name} > utf8-${name.replace(/^.*\//, '')}`;
  return { en: `${editor.en}, or: ${command}`, zh: `${editor.zh}，或运行：${command}` };
}

type Encoding = 'UTF-16' | 'GBK' | 'Big5';
const iconvNames: Readonly<Record<Encoding, string>> = {
  'UTF-16': 'UTF-16',
  GBK: 'GB18030',
  Big5: 'BIG5',
};

function guessEncoding(bytes: Uint8Array): Encoding | undefined {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return 'UTF-16';
  const isGbk = decodes(bytes, 'gb18030');
  if (decodes(bytes, 'big5') && looksTraditional(bytes)) return 'Big5';
  return isGbk ? 'GBK' : undefined;
}

function decodes(bytes: Uint8Array, label: string): boolean {
  try {
    new TextDecoder(label, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether more characters are among the frequent ones of Big5 than among those of GB 2312. Most Big5 texts are valid GBK,
 * too, and the other way round; but half of Big5's second bytes are below 0xa1, where GBK keeps rare characters only.
 */
function looksTraditional(bytes: Uint8Array): boolean {
  let [big5, gb2312] = [0, 0];
  for (let index = 0; index + 1 < bytes.length; index += 1) {
    const [lead = 0, trail = 0] = [bytes[index], bytes[index + 1]];
    if (lead < 0x81) continue;
    index += 1;
    if (lead >= 0xa4 && lead <= 0xc6) big5 += 1;
    if (lead >= 0xb0 && lead <= 0xf7 && trail >= 0xa1) gb2312 += 1;
  }
  return big5 > gb2312;
}
