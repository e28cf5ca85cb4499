/** Texts that people hand in: a file, or standard input. What is wrong with one is told by `input-file.ts`, loaded only then. */
import { usageError } from '../../core/errors.ts';
import { readLimits } from '../../core/text/read-limits.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import type { Files } from '../../io/ports.ts';
import type { Context } from '../context.ts';
import type { SettingsFlags } from '../settings/settings-flags.ts';

/**
 * A file, or standard input for `-`, as text: UTF-8 with or without a byte order mark, which goes. Throws an input error
 * for a file that cannot be read, and for another encoding.
 */
export async function readTextInput(context: Context, path: string, maxBytes: number): Promise<string> {
  const { files, terminal } = context.io;
  const bytes = path === '-' ? await terminal.readStdin(maxBytes) : await readInput(files, path, maxBytes);
  const text = decodeText(bytes);
  if (text === undefined) throw (await import('./input-file.ts')).notUtf8(inputName(path), bytes);
  return text;
}

async function readInput(files: Files, path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const bytes = files.read(path, maxBytes);
    if (bytes !== undefined) return bytes;
  } catch (error) {
    throw (await import('./input-file.ts')).failedRead(error, path);
  }
  throw (await import('./input-file.ts')).notThere(files, path);
}

/** Without a byte order mark; `undefined` for what is not UTF-8. */
export function decodeText(bytes: Uint8Array): string | undefined {
  // Without its mark UTF-16 may well be UTF-8 in form, with a zero behind each letter.
  const text = isUtf16(bytes) ? undefined : decodeUtf8(bytes);
  return text?.startsWith('\uFEFF') === true ? text.slice(1) : text;
}

/** By its mark, or by the zeros beside the first two letters, which are ASCII in everything that is read here. */
export function isUtf16([a, b, c, d]: Uint8Array): boolean {
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  const littleEndian = b === 0 && d === 0 && a !== 0 && c !== 0 && c !== undefined;
  const bigEndian = a === 0 && c === 0 && b !== 0 && d !== 0 && d !== undefined;
  return littleEndian || bigEndian;
}

export function inputName(path: string): string {
  return path === '-' ? 'stdin' : path;
}

/**
 * The text of a file, or of standard input where none is named. Throws a usage error where standard input is taken by a
 * secret, and an input error for what is not UTF-8.
 */
export async function readText(
  context: Context,
  file: string | undefined,
  options: unknown,
  maxBytes: number = readLimits.text,
): Promise<string> {
  const path = file ?? '-';
  refuseTakenStdin(file, options);
  if (path === '-') announceTerminal(context);
  return await readTextInput(context, path, maxBytes);
}

/**
 * Throws a usage error where the message and a secret would both come from standard input. Asked before the secret is
 * read, which would be the message otherwise.
 */
export function refuseTakenStdin(file: string | undefined, options: unknown): void {
  const flags = options as SettingsFlags;
  if (file !== undefined && file !== '-') return;
  const taken = flags.callbackTokenStdin ? '--callback-token-stdin' : flags.aesKeyStdin && '--aes-key-stdin';
  if (taken) {
    throw usageError(
      'stdin_taken',
      {
        en: `Cannot read the message from standard input: ${taken} reads it already`,
        zh: `无法从标准输入读取消息：标准输入已用于 ${taken}`,
      },
      { en: 'Name a file with the message', zh: '请给出消息文件' },
    );
  }
}

function announceTerminal(context: Context): void {
  if (context.io.terminal.stdinIsTty) {
    context.note({
      en: 'Reading the message from the terminal; Ctrl-D ends it',
      zh: '正在从终端读取消息，按 Ctrl-D 结束',
    });
  }
}
