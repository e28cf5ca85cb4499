/** How much is read of a file, a device or a pipe: one that never ends is refused there, and memory stays small. */
import { inputError, type WechatMpError } from '../errors.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

/** Bytes, by what is read. */
export const readLimits = {
  /** JSON, rules, messages, variables: what people write. */
  text: MiB,
  /** Secrets and tickets. */
  secret: 64 * KiB,
  /** CSV: a hundred thousand rows with long names. */
  table: 64 * MiB,
  /** What this tool writes itself: state, manifest, recordings, cache. */
  own: 256 * MiB,
} as const;

/** How long a named pipe is waited for that nobody has opened for writing: its writer may start a little later. */
export const pipeWaitMs = 10_000;

/** A named pipe without a writer. */
export function noWriter(file: string): WechatMpError {
  const seconds = pipeWaitMs / 1000;
  return inputError(
    'pipe_without_writer',
    {
      en: `Cannot read "${file}": it is a pipe, and nothing was written to it within ${seconds} s`,
      zh: `无法读取 "${file}"：这是一个管道，${seconds} 秒内没有数据写入`,
    },
    { en: 'Start the program that writes to it', zh: '请先启动向其写入数据的程序' },
    { file },
  );
}

/** More is there than may be read. `file` is what messages call it. */
export function tooLarge(file: string, maxBytes: number): WechatMpError {
  const limit = maxBytes % MiB === 0 ? `${maxBytes / MiB} MiB` : `${maxBytes / KiB} KiB`;
  return inputError(
    'file_too_large',
    {
      en: `Cannot read "${file}": it is longer than ${limit}, the most that is read here`,
      zh: `无法读取 "${file}"：内容超过 ${limit}，这是此处的读取上限`,
    },
    { en: 'Check the path: the right file is shorter', zh: '请检查路径：正确的文件不会这么大' },
    { file, limit_bytes: maxBytes },
  );
}
