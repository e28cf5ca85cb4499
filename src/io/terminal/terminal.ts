/** Standard input, output and error of this process. */
import { fstatSync, writeSync } from 'node:fs';
import { WechatMpError } from '../../core/errors.ts';
import { tooLarge } from '../../core/text/read-limits.ts';
import type { Terminal } from '../ports.ts';

/** The first use of `process.stdout` costs 3–5 ms, so data goes to the descriptor itself. */
export function createTerminal(): Terminal {
  let columns: number | undefined;
  return {
    get stdinIsTty() {
      return isTty(0);
    },
    get stdoutIsTty() {
      return isTty(1);
    },
    get stderrIsTty() {
      return isTty(2);
    },
    get columns() {
      return (columns ??= isTty(2) ? process.stderr.columns || 80 : 80);
    },
    writeStdout: (data) => writeAll(1, data),
    writeStderr: (data) => writeAll(2, data),
    readStdin,
    stdinChunks,
    ask: async () => (await import('./prompts.ts')).createPrompter(),
    spinner: async (text) => (await import('./spinner.ts')).startSpinner(text),
  };
}

/** Asks the file system first: only a character device can be a terminal, and loading `tty` costs 2 ms. */
function isTty(descriptor: number): boolean {
  try {
    const device = fstatSync(descriptor);
    if (!device.isCharacterDevice() || device.rdev === nullDevice) return false;
  } catch {
    return false;
  }
  // oxlint-disable-next-line typescript/no-require-imports -- loaded only where a terminal is likely
  return (require('tty') as typeof import('tty')).isatty(descriptor);
}

/** Linux's number of /dev/null, where CI and scripts send what they do not want. */
const nullDevice = 0x103;

const closed = new Set<number>();

/**
 * Writes everything, also to a pipe that is full and does not block. A reader that has gone away is not an error.
 * What cannot be told on stderr can be told nowhere; data that stdout does not take is an error.
 */
function writeAll(descriptor: number, data: string | Uint8Array): void {
  if (closed.has(descriptor)) return;
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(descriptor, bytes, offset);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EAGAIN') pause(1);
      else if (descriptor === 2 || code === 'EPIPE' || code === 'EBADF' || isHungUp(descriptor, code)) {
        closed.add(descriptor);
        return;
      } else throw stdoutFailed(error as NodeJS.ErrnoException);
    }
  }
}

/** A terminal that was closed answers with an error of the disk. */
function isHungUp(descriptor: number, code: string | undefined): boolean {
  return code === 'EIO' && fstatSync(descriptor).isCharacterDevice();
}

function stdoutFailed(cause: NodeJS.ErrnoException): WechatMpError {
  const full = cause.code === 'ENOSPC' || cause.code === 'EDQUOT';
  return new WechatMpError({
    family: 'local',
    type: full ? 'disk_full' : 'stdout_not_writable',
    text: {
      en: `Cannot write to standard output: ${full ? 'the disk is full' : (cause.code ?? cause.message)}`,
      zh: `无法写入标准输出：${full ? '磁盘已满' : (cause.code ?? cause.message)}`,
    },
    hint: {
      en: 'Free some space, or send the output elsewhere',
      zh: '请释放空间，或把输出写到别处',
    },
    cause,
  });
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

async function readStdin(maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      process.stdin.destroy();
      throw tooLarge('stdin', maxBytes);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* stdinChunks(signal: AbortSignal): AsyncIterable<Uint8Array> {
  signal.throwIfAborted();
  const stop = (): void => void process.stdin.destroy(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  try {
    yield* process.stdin as AsyncIterable<Uint8Array>;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
