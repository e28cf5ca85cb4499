/** Runs a command line with this process's streams. */
import { spawn } from 'child_process';
import { constants } from 'os';
import { WechatMpError } from '../core/errors.ts';
import type { RunChild } from './ports.ts';

/** Time a child has to end after the first signal, in milliseconds. */
const graceMs = 2000;

/** Resolves with the child's exit code, 128 + n where signal n ended it. Rejects with `local` where it cannot start. */
export const runChild: RunChild = (command, environment, signal) =>
  new Promise((resolve, reject) => {
    const [program = '', ...words] = command;
    const child = spawn(program, words, { stdio: 'inherit', env: { ...process.env, ...environment } });
    let timer: NodeJS.Timeout | undefined;
    // A terminal sends SIGINT to the child as well; a plain kill of this process does not reach it.
    const pass = (): void => {
      child.kill('SIGTERM');
      timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    };
    signal.addEventListener('abort', pass, { once: true });
    child.on('error', (cause: NodeJS.ErrnoException) => {
      signal.removeEventListener('abort', pass);
      reject(cannotRun(program, cause));
    });
    child.on('close', (code, ended) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', pass);
      resolve(code ?? 128 + (ended === null ? 0 : constants.signals[ended]));
    });
  });

function cannotRun(program: string, cause: NodeJS.ErrnoException): WechatMpError {
  const missing = cause.code === 'ENOENT';
  return new WechatMpError({
    family: 'local',
    type: 'command_not_runnable',
    text: {
      en: `Cannot run "${program}": ${missing ? 'there is no such command' : (cause.code ?? cause.message)}`,
      zh: `无法运行 "${program}"：${missing ? '找不到该命令' : (cause.code ?? cause.message)}`,
    },
    hint: {
      en: 'Check the command after --; inside a project, npx finds its own commands',
      zh: '请检查 -- 之后的命令；在项目中可用 npx 调用其自带命令',
    },
    cause,
  });
}
