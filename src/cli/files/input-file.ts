/** Files that people hand in, and what is wrong with one that cannot be read. */
import { basename, dirname } from 'node:path';
import { inputError, WechatMpError } from '../../core/errors.ts';
import { defined } from '../../core/text/defined.ts';
import type { Text } from '../../core/text/text.ts';
import type { Files } from '../../io/ports.ts';
import { decodeText, isUtf16 } from './text-input.ts';

/**
 * The bytes of a file. Throws an input error that names it and the flag that wants it, also where it is longer than
 * `maxBytes`.
 */
export function readInputFile(files: Files, path: string, maxBytes: number, flag = ''): Buffer {
  let bytes: Buffer | undefined;
  try {
    bytes = files.read(path, maxBytes);
  } catch (error) {
    throw failedRead(error, path, flag);
  }
  if (bytes === undefined) throw notThere(files, path, flag);
  return bytes;
}

/** For a file that could not be found: the link may be there, and only what it leads to is not. */
export function notThere(files: Files, path: string, flag = ''): WechatMpError {
  return unreadable(path, isLink(files, path) ? 'ENOLINK' : 'ENOENT', flag);
}

function isLink(files: Files, path: string): boolean {
  try {
    const found = files.entries(dirname(path)).find(({ name }) => name === basename(path));
    return found?.isSymbolicLink() === true;
  } catch {
    return false;
  }
}

/** What is thrown where reading failed. */
export function failedRead(error: unknown, path: string, flag = ''): unknown {
  const code = error instanceof WechatMpError ? undefined : (error as NodeJS.ErrnoException).code;
  return code === undefined ? error : unreadable(path, code, flag);
}

/** `code` is the system's. */
export function unreadable(path: string, code: string, flag = ''): WechatMpError {
  const reason = reasons[code] ?? { en: code, zh: code };
  if (flag.endsWith('-file') && looksLikeSecret(path)) return secretForPath(flag, reason);
  return inputError(
    'file_unreadable',
    {
      en: `Cannot read "${path}"${flag === '' ? '' : ` for ${flag}`}: ${reason.en}`,
      zh: `无法读取${flag === '' ? '' : ` ${flag} 的文件`} "${path}"：${reason.zh}`,
    },
    code === 'ENOLINK'
      ? {
          en: 'Remove the link, or put back the file that it leads to',
          zh: '请删除该链接，或恢复它指向的文件',
        }
      : { en: 'Check the path', zh: '请检查路径' },
    { file: path },
  );
}

/** A line of a relay's key file, or a run as long as a secret, with letters and digits. Most names of files have a dot. */
function looksLikeSecret(path: string): boolean {
  const isWhole = /^(?:[./\\]|[A-Za-z]:[\\/])/.test(path);
  if (!isWhole && /^[\w.@-]+:[\w.~+/=-]{8}/.test(path)) return true;
  // Base64 has slashes, too.
  if (/^[\w~+/=-]{20,}$/.test(path) && /[+=]/.test(path)) return true;
  const parts = path.split(/[/\\]/).slice(isWhole ? -1 : 0);
  return parts.some((part) => /^(?=.*\d)(?=.*[A-Za-z])[\w~+=-]{20,}$/.test(part));
}

function secretForPath(flag: string, reason: Text): WechatMpError {
  return inputError(
    'file_unreadable',
    {
      en: `Cannot read the file for ${flag}: ${reason.en}; its name looks like a secret and is not shown`,
      zh: `无法读取 ${flag} 的文件：${reason.zh}；其名称像是密钥，不予显示`,
    },
    {
      en: 'Put the secret into a file and give its path; replace a secret that stood on a command line',
      zh: '请把密钥存入文件，此处填写文件路径；出现在命令行中的密钥应当更换',
    },
  );
}

const reasons: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  ENOENT: { en: 'no such file', zh: '文件不存在' },
  ENOTDIR: { en: 'no such file', zh: '文件不存在' },
  EISDIR: { en: 'it is a directory', zh: '这是一个目录' },
  ENOLINK: { en: 'the link leads to a file that is not there', zh: '符号链接指向的文件不存在' },
  ELOOP: { en: 'its links lead in a circle', zh: '符号链接循环' },
  ENXIO: { en: 'it is no file', zh: '这不是普通文件' },
  EACCES: { en: 'no permission', zh: '没有权限' },
  ENAMETOOLONG: { en: 'the name is too long', zh: '文件名过长' },
};

/** A file as text. UTF-8 with or without a byte order mark, which goes; another encoding is named. */
export function readTextFile(files: Files, path: string, maxBytes: number, flag?: string): string {
  const bytes = readInputFile(files, path, maxBytes, flag);
  const text = decodeText(bytes);
  if (text === undefined) throw notUtf8(path, bytes);
  return text;
}

export function notUtf8(name: string, bytes: Uint8Array): WechatMpError {
  // Several where nothing tells which.
  const guesses = guessEncodings(bytes);
  const [guess] = guesses;
  return inputError(
    'not_utf8',
    {
      en: `Cannot read "${name}": it is not UTF-8${guess === undefined ? '' : `, it looks like ${guesses.join(' or ')}`}`,
      zh: `无法读取 "${name}"：不是 UTF-8 编码${guess === undefined ? '' : `，看起来是 ${guesses.join(' 或 ')}`}`,
    },
    saveAsUtf8(
      name,
      guesses.map((each) => `iconv -f ${iconvName(each, bytes)} -t UTF-8`),
    ),
    { file: name, ...defined({ encoding: guesses.length > 1 ? undefined : guess }) },
  );
}

/** `filters` are commands that turn it into UTF-8. */
function saveAsUtf8(name: string, filters: readonly string[]): Text {
  const editor = { en: 'Save it as UTF-8 in the editor', zh: '请在编辑器中另存为 UTF-8' };
  if (filters.length === 0) return editor;
  if (name === 'stdin') {
    return {
      en: `Pipe it through ${filters.join('   or: ')}`,
      zh: `请先经管道转码：${filters.join('   或：')}`,
    };
  }
  if (!/^[\w.][\w./-]*$/.test(name)) return editor;
  const commands = filters.map((filter) => `${filter} ${name} > utf8-${name.replace(/^.*\//, '')}`);
  return {
    en: `${editor.en}, or: ${commands.join('   or: ')}`,
    zh: `${editor.zh}，或运行：${commands.join('   或：')}`,
  };
}

type Encoding = 'UTF-16' | 'GBK' | 'Big5';

/** Without a mark each iconv takes another order of bytes for granted. */
function iconvName(encoding: Encoding, [first, second]: Uint8Array): string {
  if (encoding === 'GBK') return 'GB18030';
  if (encoding === 'Big5') return 'BIG5';
  if (first !== 0 && second !== 0) return 'UTF-16';
  return first === 0 ? 'UTF-16BE' : 'UTF-16LE';
}

function guessEncodings(bytes: Uint8Array): readonly Encoding[] {
  if (isUtf16(bytes)) return ['UTF-16'];
  const isGbk = decodes(bytes, 'gb18030');
  const lead = decodes(bytes, 'big5') ? leadOfBig5(bytes) || leadOfTraditionalWords(bytes) : -1;
  if (lead > 0) return ['Big5'];
  if (!isGbk) return [];
  return lead === 0 ? ['GBK', 'Big5'] : ['GBK'];
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
 * By how many characters more are among the frequent ones of Big5 than among those of GB 2312. Most Big5 texts are valid
 * GBK, too, and the other way round; but half of Big5's second bytes are below 0xa1, where GBK keeps rare characters only.
 * A short text may be as good in both: „選單" in Big5 is „匡虫" in GBK.
 */
function leadOfBig5(bytes: Uint8Array): number {
  let [big5, gb2312] = [0, 0];
  for (let index = 0; index + 1 < bytes.length; index += 1) {
    const [lead = 0, trail = 0] = [bytes[index], bytes[index + 1]];
    if (lead < 0x81) continue;
    index += 1;
    if (lead >= 0xa4 && lead <= 0xc6) big5 += 1;
    if (lead >= 0xb0 && lead <= 0xf7 && trail >= 0xa1) gb2312 += 1;
  }
  return big5 - gb2312;
}

/** What stands on buttons again and again, in simplified and in traditional characters. */
const menuWords = {
  gb18030: '菜单我们关于联系客服活动会员中心首页商城产品服务预约查询帮助更多在线公司新闻优惠',
  big5: '選單我們關於聯絡客服活動會員中心首頁商城產品服務預約查詢幫助更多線上公司新聞優惠',
};

function leadOfTraditionalWords(bytes: Uint8Array): number {
  const [simplified, traditional] = (['gb18030', 'big5'] as const).map(
    (label) =>
      Array.from(new TextDecoder(label).decode(bytes)).filter((letter) => menuWords[label].includes(letter))
        .length,
  );
  return (traditional ?? 0) - (simplified ?? 0);
}
