/** Runs a command line with this process's streams. */
import { spawn, type ChildProcess } from 'child_process';
import { constants } from 'os';
import { isatty } from 'tty';
import { WechatMpError } from '../core/errors.ts';
import type { Text } from '../core/text/text.ts';
import type { RunChild } from './ports.ts';

/** Time the command has to end after the first signal, in milliseconds. */
const graceMs = 2000;
/** How often it is looked whether the processes that the command started have ended, in milliseconds. */
const pollMs = 20;

/**
 * Resolves with the child's exit code, 128 + n where signal n ended it. Rejects with `command_not_found` or
 * `command_not_runnable` where it cannot start.
 * When it is interrupted, everything that the command has started ends before.
 */
export const runChild: RunChild = (command, environment, signal) =>
  new Promise((resolve, reject) => {
    const [program = '', ...words] = command;
    const grouped = canLeadGroup();
    const env = { ...process.env, ...environment };
    const child = spawn(program, words, { stdio: 'inherit', env, detached: grouped });
    let timer: NodeJS.Timeout | undefined;
    let killed = false;
    const kill = (): void => {
      killed = true;
      send(child, grouped, 'SIGKILL');
    };
    const pass = (): void => {
      send(child, grouped, 'SIGTERM');
      timer = setTimeout(kill, graceMs);
      // The second signal ends this process at once, and nothing of the command may stay behind.
      process.once('exit', kill);
    };
    const settle = (): void => {
      clearTimeout(timer);
      process.off('exit', kill);
      signal.removeEventListener('abort', pass);
    };
    signal.addEventListener('abort', pass, { once: true });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      settle();
      reject(cannotRun(program, cause));
    });
    child.on('close', (code, ended) => {
      const finish = (): void => {
        if (signal.aborted && grouped && !killed && send(child, grouped, 0)) {
          setTimeout(finish, pollMs);
          return;
        }
        settle();
        resolve(code ?? 128 + (ended === null ? 0 : constants.signals[ended]));
      };
      finish();
    });
  });

/**
 * Where no stream is a terminal, as in CI, the command leads a group of processes, so that a signal reaches what it has
 * started as well. At a terminal it stays in ours: Ctrl-C reaches all of it there, and outside it could not ask there for
 * a password.
 */
function canLeadGroup(): boolean {
  return process.platform !== 'win32' && ![0, 1, 2].some((descriptor) => isatty(descriptor));
}

/** Whether there was somebody to get it. Signal 0 only asks. */
function send(child: ChildProcess, grouped: boolean, signal: NodeJS.Signals | 0): boolean {
  if (!grouped || child.pid === undefined) return child.kill(signal);
  try {
    return process.kill(-child.pid, signal);
  } catch {
    return false;
  }
}

/** Told apart as a shell does: not there, or there and not to be started. */
function cannotRun(program: string, cause: NodeJS.ErrnoException): WechatMpError {
  const missing = cause.code === 'ENOENT';
  const reason = reasons.get(cause.code) ?? {
    en: cause.code ?? cause.message,
    zh: cause.code ?? cause.message,
  };
  return new WechatMpError({
    family: 'local',
    type: missing ? 'command_not_found' : 'command_not_runnable',
    text: { en: `Cannot run "${program}": ${reason.en}`, zh: `无法运行 "${program}"：${reason.zh}` },
    hint: {
      en: 'Check the command after --; inside a project, npx finds its own commands',
      zh: '请检查 -- 之后的命令；在项目中可用 npx 调用其自带命令',
    },
    cause,
  });
}

const reasons: ReadonlyMap<string | undefined, Text> = new Map([
  ['ENOENT', { en: 'there is no such command', zh: '找不到该命令' }],
  ['EACCES', { en: 'it is not executable', zh: '没有执行权限' }],
]);
