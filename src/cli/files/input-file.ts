/** Files that people hand in, and `-` for standard input: the one place where they are read. */
import { inputError, WechatMpError } from '../../core/errors.ts';
import { defined } from '../../core/text/defined.ts';
import type { Text } from '../../core/text/text.ts';
import type { Files } from '../../io/ports.ts';
import type { Context } from '../context.ts';

/**
 * The bytes of a file. Throws an input error that names it and the flag that wants it, also where it is longer than
 * `maxBytes`.
 */
export function readInputFile(files: Files, path: string, maxBytes: number, flag = ''): Buffer {
  let code = 'ENOENT';
  try {
    const bytes = files.read(path, maxBytes);
    if (bytes !== undefined) return bytes;
  } catch (error) {
    const found = (error as NodeJS.ErrnoException).code;
    if (error instanceof WechatMpError || found === undefined) throw error;
    code = found;
  }
  const reason = reasons[code] ?? { en: code, zh: code };
  throw inputError(
    'file_unreadable',
    {
      en: `Cannot read "${path}"${flag === '' ? '' : ` for ${flag}`}: ${reason.en}`,
      zh: `无法读取${flag === '' ? '' : ` ${flag} 的文件`} "${path}"：${reason.zh}`,
    },
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
export function readTextFile(files: Files, path: string, maxBytes: number, flag?: string): string {
  return decodeUtf8(readInputFile(files, path, maxBytes, flag), path);
}

/** A file, or standard input for `-`, as text. */
export async function readTextInput(context: Context, path: string, maxBytes: number): Promise<string> {
  const { files, terminal } = context.io;
  if (path !== '-') return readTextFile(files, path, maxBytes);
  return decodeUtf8(await terminal.readStdin(maxBytes), inputName(path));
}

/** What messages call the input. */
export function inputName(path: string): string {
  return path === '-' ? 'stdin' : path;
}

function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    // Without its mark UTF-16 may well be UTF-8 in form, with a zero behind each letter.
    if (!isUtf16(bytes)) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Said below, with the encoding that it looks like.
  }
  throw notUtf8(name, guessEncoding(bytes));
}

function notUtf8(name: string, guess: Encoding | undefined): WechatMpError {
  return inputError(
    'not_utf8',
    {
      en: `Cannot read "${name}": it is not UTF-8${guess === undefined ? '' : `, it looks like ${guess}`}`,
      zh: `无法读取 "${name}"：不是 UTF-8 编码${guess === undefined ? '' : `，看起来是 ${guess}`}`,
    },
    saveAsUtf8(name, guess),
    { file: name, ...defined({ encoding: guess }) },
  );
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
  if (isUtf16(bytes)) return 'UTF-16';
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

/** By its mark, or by the zeros beside the first two letters, which are ASCII in everything that is read here. */
function isUtf16([a, b, c, d]: Uint8Array): boolean {
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  const littleEndian = b === 0 && d === 0 && a !== 0 && c !== 0 && c !== undefined;
  const bigEndian = a === 0 && c === 0 && b !== 0 && d !== 0 && d !== undefined;
  return littleEndian || bigEndian;
}
