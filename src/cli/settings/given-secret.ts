/** Secrets that flags give, in a file or on standard input, and what is wrong with one that cannot be used. */
import { inputError, usageError } from '../../core/errors.ts';
import { defined } from '../../core/text/defined.ts';
import { readLimits } from '../../core/text/read-limits.ts';
import type { Files, Terminal } from '../../io/ports.ts';
import { readInputFile } from '../files/input-file.ts';
import { isUtf16 } from '../files/text-input.ts';

/** No secret is longer. What is, is read as far as `readLimits` says, and named. */
const longestSecretBytes = 4096;

export function readSecretFile(files: Files, flag: string, path: string): string {
  return lineOf(readInputFile(files, path, readLimits.secret, flag), flag);
}

export async function readSecretStdin(terminal: Terminal, flag: string): Promise<string> {
  return lineOf(await terminal.readStdin(readLimits.secret), flag);
}

/** One line ending is how files and pipes end; anything else round the secret is worth a warning. */
function lineOf(bytes: Uint8Array, flag: string): string {
  if (bytes.length > longestSecretBytes) {
    throw inputError('secret_too_long', {
      en: `Cannot use ${flag}: more than ${longestSecretBytes} bytes are no secret`,
      zh: `${flag} 的内容超过 ${longestSecretBytes} 字节，不像是密钥`,
    });
  }
  if (isUtf16(bytes)) throw notUtf8(flag);
  return Buffer.from(bytes)
    .toString('utf8')
    .replace(/\r?\n$/, '');
}

/** Throws for what is left of a text when everything round the secret is gone, and is none all the same. */
export function checkOneLine(value: string, flag: string, file?: string): void {
  const lines = value.split(/[\r\n]+/);
  if (lines.length > 1) throw severalLines(lines, flag, file);
  // A zero, or what was no UTF-8: neither is in a secret.
  if (/[\0\u{fffd}]/u.test(value)) throw notOneLine(flag);
  if (value !== '') return;
  throw inputError('secret_empty', { en: `Cannot use ${flag}: it is empty`, zh: `${flag} 的内容为空` });
}

export function twoSources(name: string): Error {
  return usageError('flags_conflict', {
    en: `Flags --${name}-stdin and --${name}-file exclude each other`,
    zh: `--${name}-stdin 与 --${name}-file 不能同时使用`,
  });
}

export function stdinTaken(flag: string, taker: string): Error {
  return usageError('stdin_taken', {
    en: `Cannot read ${flag}: standard input already feeds ${taker}`,
    zh: `无法读取 ${flag}：标准输入已经用于 ${taker}`,
  });
}

/** No command that converts is offered: it would leave a second file with the secret. */
function notUtf8(flag: string): Error {
  return inputError(
    'not_utf8',
    {
      en: `Cannot use ${flag}: it is UTF-16, as PowerShell 5 and Notepad may write it, not UTF-8`,
      zh: `无法使用 ${flag}：内容是 UTF-16 编码（PowerShell 5 或记事本可能这样保存），不是 UTF-8`,
    },
    { en: 'Save it again as UTF-8', zh: '请以 UTF-8 重新保存' },
    { encoding: 'UTF-16' },
  );
}

function notOneLine(flag: string): Error {
  return inputError(
    'secret_not_one_line',
    {
      en: `Cannot use ${flag}: it must be one line of plain text in UTF-8`,
      zh: `无法使用 ${flag}：内容应为一行 UTF-8 纯文本`,
    },
    {
      en: 'Save it again as UTF-8, with the secret and nothing else',
      zh: '请以 UTF-8 重新保存，文件中只放密钥',
    },
  );
}

function severalLines(lines: readonly string[], flag: string, file: string | undefined): Error {
  const isViaKey = flag === '--via-key-file';
  const isKeyFile = isViaKey && lines.some((line) => /^\s*[\w.@-]+\s*:/.test(line));
  const keyFile = {
    en: 'It looks like the key file of the relay: save the key of this machine alone, what stands behind "name:"',
    zh: '这像是中继的密钥文件：请只保存本机的密钥，即“名称:”之后的一段',
  };
  const alone = {
    en: `Keep the line with the ${isViaKey ? 'key' : 'secret'} alone`,
    zh: '请只保留密钥所在的一行',
  };
  const [place, placeZh] = file === undefined ? ['it', '内容'] : [`"${file}"`, `"${file}" `];
  return inputError(
    'secret_not_one_line',
    {
      en: `Cannot use ${flag}: ${place} has ${lines.length} lines, and one is wanted`,
      zh: `无法使用 ${flag}：${placeZh}有 ${lines.length} 行，应只有一行`,
    },
    isKeyFile ? keyFile : alone,
    defined({ file }),
  );
}
