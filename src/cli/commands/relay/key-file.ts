/** The key file of a relay: read at the start, and again when somebody has changed it. */
import { WechatMpError } from '../../../core/errors.ts';
import { readLimits } from '../../../core/text/read-limits.ts';
import type { Text } from '../../../core/text/text.ts';
import { findOddities, parseKeyFile, type RelayClient } from '../../../relay/clients.ts';
import type { Context } from '../../context.ts';
import { readTextFile } from '../../files/input-file.ts';

export interface KeyFile {
  readonly clients: readonly RelayClient[];
  /** Looks whether the file has changed, every few seconds however often it is called. */
  look(): void;
}

/** So long a key that was taken out of the file may still work, in milliseconds. */
const LOOK_EVERY_MS = 2000;
/** Anybody but the owner may do something with the file. */
const OTHERS = 0o077;

/**
 * Throws an input error for a file that cannot be used. Later on a mistake in it is a warning, and the clients stay as
 * they were.
 */
export function openKeyFile(
  context: Context,
  path: string,
  known: { readonly paths: readonly string[]; readonly appIds: readonly string[] },
  onChange: (clients: readonly RelayClient[]) => void,
): KeyFile {
  const { files, clock } = context.io;
  const read = (): readonly RelayClient[] => {
    const clients = parseKeyFile(readTextFile(files, path, readLimits.text, '--key-file'), path);
    for (const { key } of clients) context.redactor.add(key);
    for (const { line, text } of findOddities(clients, known)) context.warn(inLine(path, line, text));
    return clients;
  };
  const clients = read();
  warnOfMode(context, path);
  let stamp = stampOf(context, path);
  let nextMs = clock.monotonic() + LOOK_EVERY_MS;
  return {
    clients,
    look() {
      if (clock.monotonic() < nextMs) return;
      nextMs = clock.monotonic() + LOOK_EVERY_MS;
      const now = stampOf(context, path);
      if (now === stamp) return;
      stamp = now;
      try {
        const changed = read();
        onChange(changed);
        context.note({
          en: `Read ${path} again: ${changed.length} clients`,
          zh: `已重新读取 ${path}：${changed.length} 个客户端`,
        });
      } catch (error) {
        if (!(error instanceof WechatMpError)) throw error;
        context.warn({
          en: `${error.text.en}; the clients stay as they were`,
          zh: `${error.text.zh}；客户端保持不变`,
        });
      }
    },
  };
}

function stampOf({ io }: Context, path: string): string {
  try {
    const { mtimeMs = 0, size = 0 } = io.files.stat(path) ?? {};
    return `${mtimeMs} ${size}`;
  } catch {
    return '';
  }
}

function inLine(path: string, line: number, text: Text): Text {
  return { en: `${path}, line ${line}: ${text.en}`, zh: `${path} 第 ${line} 行：${text.zh}` };
}

function warnOfMode(context: Context, path: string): void {
  const { mode = 0, directory = true } = context.io.files.stat(path) ?? {};
  if (directory || (mode & OTHERS) === 0) return;
  context.warn({
    en: `Other users of this machine can read ${path}, which holds keys: chmod 600 ${path}`,
    zh: `本机其他用户可以读取含有密钥的 ${path}：请执行 chmod 600 ${path}`,
  });
}
