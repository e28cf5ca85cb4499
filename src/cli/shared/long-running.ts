/** What `serve`, `simulator` and `relay` share: saying that they are ready, a line for each request, and stopping. */
import { WechatMpError } from '../../core/errors.ts';
import { own, parseJson } from '../../core/text/json-value.ts';
import type { Listening } from '../../io/ports.ts';
import type { Context } from '../context.ts';
import { unsuitable } from '../frame/flag-errors.ts';
import { exitCodeOf } from '../frame/output.ts';

/** Time for running requests after the first signal, in milliseconds. */
const graceMs = 2000;

/**
 * Says that the port is open: a JSON line or a sentence on stdout, and the ready file, which appears whole. Returns how
 * to take the file away.
 */
export async function announce(
  context: Context,
  line: Readonly<Record<string, unknown>>,
  words: string,
  readyFile: string | undefined,
): Promise<() => void> {
  const withdraw = await writeReadyFile(context, line, readyFile);
  if (context.options.json) context.event(line);
  else context.io.terminal.writeStdout(`${words}\n`);
  return withdraw;
}

/** The first words of a server for people; programs read the JSON line. */
export function listeningOn(context: Context, url: string): string {
  return context.say({ en: `listening on ${url}`, zh: `正在监听 ${url}` });
}

/** Refuses a file of somebody else before a port is opened. A ready file that a killed server has left is replaced. */
export async function checkReadyFile(context: Context, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const { checkOutput } = await import('../files/output-file.ts');
  await checkOutput(context, path, {
    force: false,
    keep: true,
    hint: { en: 'Choose another name for --ready-file', zh: '请为 --ready-file 换一个文件名' },
    differs: (old) => own(parseJson(old.toString('utf8')), 'type') !== 'ready',
  });
}

/**
 * The file appears whole or not at all; readable by its owner only, because the simulator's holds secrets. Returns how
 * to take it away, while the port is still open: as long as nobody else can have the same address, a file with our
 * content is ours.
 */
export async function writeReadyFile(
  context: Context,
  line: Readonly<Record<string, unknown>>,
  path: string | undefined,
): Promise<() => void> {
  if (path === undefined) return () => {};
  const { files } = context.io;
  const content = `${JSON.stringify(line)}\n`;
  try {
    files.write(path, content);
  } catch (error) {
    throw (await import('../files/output-file.ts')).unwritable(context.io.files, path, error);
  }
  return () => {
    try {
      if (files.read(path)?.toString('utf8') === content) files.remove(path);
    } catch {
      // It is no longer ours to read; whoever waits for it finds a port that is closed.
    }
  };
}

/** Waits for the first signal, then takes back what was announced and closes. Returns the exit code. */
export async function untilInterrupted(
  context: Context,
  listening: Listening,
  withdraw: () => void,
): Promise<number> {
  const signal = context.io.interruption();
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  withdraw();
  await listening.close(graceMs);
  context.note({ en: 'Stopped', zh: '已停止' });
  return exitCodeOf(signal.reason as WechatMpError);
}

export function parsePort(text: string, name: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw unsuitable('port_invalid', text, name, {
    en: 'a port is 0 to 65535, 0 asks for a free one',
    zh: '端口为 0 至 65535，0 表示自动选择',
  });
}

/** Servers of this tool are for this machine; anything wider is worth a warning. */
export function warnUnlessLoopback(context: Context, host: string): void {
  if (isLoopback(host)) return;
  context.warn({
    en: `Listening on ${host}: other machines can reach it`,
    zh: `正在监听 ${host}：其他机器也能访问`,
  });
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** The log of a server on stdout. */
export interface LineLog {
  readonly write: (lines: readonly string[]) => void;
  /** Writes what is still waiting. */
  readonly flush: () => void;
}

/**
 * Writes a line at once, before its answer leaves; those that follow in the same turn of the event loop are written
 * together, since under load a write for each would cost more than the answer.
 * A log that cannot be written ends with a warning and does not end the server.
 */
export function createLineLog(context: Context): LineLog {
  let waiting = '';
  let thisTurn = false;
  let broken = false;
  const flush = (): void => {
    const text = waiting;
    waiting = '';
    if (text === '' || broken) return;
    try {
      context.io.terminal.writeStdout(text);
    } catch (error) {
      broken = true;
      context.warn(
        error instanceof WechatMpError ? error.text : { en: 'Cannot write the log', zh: '无法写入日志' },
      );
    }
  };
  return {
    flush,
    write(lines) {
      for (const line of lines) waiting += `${line}\n`;
      if (thisTurn) return;
      flush();
      thisTurn = true;
      setImmediate(() => {
        thisTurn = false;
        flush();
      });
    },
  };
}
