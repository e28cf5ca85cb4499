/** `simulator --state FILE`: what a simulator knows, kept for the next one. */
import { inputError, WechatMpError } from '../core/errors.ts';
import { isObject, own } from '../core/json-value.ts';
import type { SavedSimulator, Simulator } from '../simulator/simulator.ts';
import type { LockAttempt } from '../io/ports.ts';
import type { Context } from './context.ts';
import { readTextInput } from './input-file.ts';
import { unwritable } from './output-file.ts';

/** Changes within this time are written together. */
const settleMs = 200;
const maxBytes = 256 * 1024 * 1024;
/** How every file of ours begins. */
const head = '{"version":1,';

export interface StateFile {
  readonly saved: SavedSimulator | undefined;
  /** Something may have changed: it is written soon. */
  touch(simulator: Simulator): void;
  /** Writes what is there now. Throws where that is not possible. */
  write(simulator: Simulator): void;
  /** Lets another simulator have the file. */
  release(): void;
}

/**
 * Opens the file for one simulator alone. A file that breaks off is set aside and a new one begun; one that is no state
 * is refused and stays as it is. Throws an input error for that, a local one where another simulator has the file.
 */
export async function openState(context: Context, path: string): Promise<StateFile> {
  const locks = await context.io.locks();
  const attempt = (): LockAttempt => locks.tryLock(`${path}.lock`, { whileAlive: true });
  const first = attempt();
  // The first attempt takes away the lock of one that was killed.
  const lock = first.held ? first : attempt();
  if (!lock.held) throw stateTaken(path);
  try {
    return createStateFile(context, path, await readState(context, path), () => lock.unlock());
  } catch (error) {
    lock.unlock();
    throw error;
  }
}

function createStateFile(
  context: Context,
  path: string,
  saved: SavedSimulator | undefined,
  unlock: () => void,
): StateFile {
  const { clock, files } = context.io;
  const stop = new AbortController();
  let written = '';
  let waiting = false;
  const write: StateFile['write'] = (simulator) => {
    const text = JSON.stringify(simulator.save());
    if (text === written) return;
    try {
      files.write(path, text);
    } catch (error) {
      throw unwritable(path, error);
    }
    written = text;
  };
  const writeSoon = async (simulator: Simulator): Promise<void> => {
    try {
      await clock.sleep(settleMs, stop.signal);
      waiting = false;
      write(simulator);
    } catch (error) {
      // The simulator goes on; the last file that could be written stays.
      if (!stop.signal.aborted && error instanceof WechatMpError) context.warn(error.text);
    }
  };
  return {
    saved,
    write,
    touch(simulator) {
      if (waiting || stop.signal.aborted) return;
      waiting = true;
      void writeSoon(simulator);
    },
    release() {
      stop.abort();
      unlock();
    },
  };
}

async function readState(context: Context, path: string): Promise<SavedSimulator | undefined> {
  if (context.io.files.stat(path) === undefined) return undefined;
  const text = await readTextInput(context, path, maxBytes);
  if (text.trim() === '') return undefined;
  if (!text.startsWith(head)) throw notAState(path);
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(own(value, 'platform')) && isObject(own(value, 'account'))) return value as SavedSimulator;
    throw notAState(path);
  } catch (error) {
    if (error instanceof WechatMpError) throw error;
    const aside = `${path}.broken`;
    context.io.files.rename(path, aside);
    context.warn({
      en: `The state in "${path}" breaks off: a new one begins, the old one is kept as "${aside}"`,
      zh: `"${path}" 中的状态不完整：将重新开始，原文件保留为 "${aside}"`,
    });
    return undefined;
  }
}

function notAState(path: string): WechatMpError {
  return inputError(
    'state_invalid',
    {
      en: `Cannot use "${path}" for --state: it is no state of a simulator`,
      zh: `--state 不能使用 "${path}"：它不是模拟器的状态文件`,
    },
    { en: 'Name a file that is not there yet', zh: '请使用一个尚不存在的文件名' },
    { file: path },
  );
}

function stateTaken(path: string): WechatMpError {
  return new WechatMpError({
    family: 'local',
    type: 'state_taken',
    text: {
      en: `Cannot use "${path}" for --state: another simulator uses it`,
      zh: `--state 不能使用 "${path}"：另一个模拟器正在使用它`,
    },
    hint: {
      en: 'Stop the other one, or name another file',
      zh: '请先停止另一个模拟器，或使用其他文件',
    },
  });
}
