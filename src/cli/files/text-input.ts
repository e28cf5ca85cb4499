/** Messages that people hand in: a file, or standard input. */
import { usageError } from '../../core/errors.ts';
import { readLimits } from '../../core/text/read-limits.ts';
import type { Context } from '../context.ts';
import { readTextInput } from './input-file.ts';
import type { SettingsFlags } from '../settings/settings-flags.ts';

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
