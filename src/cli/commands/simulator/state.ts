/** `simulator --state FILE`: what a simulator knows, kept for the next one. */
import path from 'node:path';
import { inputError, localError, WechatMpError } from '../../../core/errors.ts';
import { readLimits } from '../../../core/text/read-limits.ts';
import type { LockAttempt } from '../../../io/ports.ts';
import { parseSaved, type SavedSimulator } from '../../../simulator/account/saved.ts';
import type { Simulator } from '../../../simulator/simulator.ts';
import type { Context } from '../../context.ts';
import { readTextInput } from '../../files/text-input.ts';
import { unwritable } from '../../files/output-file.ts';

/** Changes within this time are written together. */
const settleMs = 200;
/** A large state is written less often: writing takes at most this part of the time. */
const restFactor = 20;
/** How every file of ours begins, also one that breaks off. */
const head = /^\{"version":\d{1,9},/;
/** What a writer leaves that was killed in the middle, behind the name of the file. */
const orphan = /^\.[a-z0-9]{1,12}\.tmp$/;

export interface StateFile {
  readonly saved: SavedSimulator | undefined;
  /** Makes the simulator of it. Throws an input error with the file's name for what no simulator has saved. */
  start<Made>(make: () => Made): Made;
  /** Something may have changed: it is written soon. */
  touch(simulator: Simulator): void;
  /** Writes what is there now. Throws where that is not possible. */
  write(simulator: Simulator): void;
  release(): void;
}

/**
 * Opens the file for one simulator alone. A file that breaks off is set aside and a new one begun; one that is no state,
 * or of a later version, is refused and stays as it is. Throws an input error for that, a local one where another
 * simulator has the file or where nothing can be written.
 */
export async function openState(context: Context, file: string): Promise<StateFile> {
  const locks = await context.io.locks();
  const attempt = (): LockAttempt => {
    try {
      return locks.tryLock(`${file}.lock`, { whileAlive: true });
    } catch (error) {
      throw unwritable(file, error);
    }
  };
  const first = attempt();
  // The first attempt takes away the lock of one that was killed.
  const lock = first.held ? first : attempt();
  if (!lock.held) throw stateTaken(file);
  try {
    removeOrphans(context, file);
    return createStateFile(context, file, await readState(context, file), () => lock.unlock());
  } catch (error) {
    lock.unlock();
    throw unwritable(file, error);
  }
}

function createStateFile(
  context: Context,
  file: string,
  saved: SavedSimulator | undefined,
  unlock: () => void,
): StateFile {
  const { clock, files } = context.io;
  const stop = new AbortController();
  let written = '';
  let waiting = false;
  let restMs = settleMs;
  const write: StateFile['write'] = (simulator) => {
    const startedAtMs = clock.monotonic();
    const text = JSON.stringify(simulator.save());
    if (text !== written) {
      try {
        files.write(file, text);
      } catch (error) {
        throw unwritable(file, error);
      }
      written = text;
    }
    restMs = Math.max(settleMs, restFactor * (clock.monotonic() - startedAtMs));
  };
  const writeSoon = async (simulator: Simulator): Promise<void> => {
    try {
      await clock.sleep(restMs, stop.signal);
      waiting = false;
      write(simulator);
    } catch (error) {
      // The simulator goes on; the last file that could be written stays.
      if (!stop.signal.aborted && error instanceof WechatMpError) context.warn(error.text);
    }
  };
  return {
    saved,
    start(make) {
      try {
        return make();
      } catch (error) {
        throw named(file, error);
      }
    },
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

async function readState(context: Context, file: string): Promise<SavedSimulator | undefined> {
  if (context.io.files.stat(file) === undefined) return undefined;
  const text = await readTextInput(context, file, readLimits.own);
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    if (!head.test(text)) throw notAState(file);
    const aside = `${file}.broken`;
    context.io.files.rename(file, aside);
    context.warn({
      en: `The state in "${file}" breaks off: a new one begins, the old one is kept as "${aside}"`,
      zh: `"${file}" 中的状态不完整：将重新开始，原文件保留为 "${aside}"`,
    });
    return undefined;
  }
  try {
    return parseSaved(value);
  } catch (error) {
    throw named(file, error);
  }
}

/** Nobody else writes here: the lock is ours. */
function removeOrphans({ io: { files } }: Context, file: string): void {
  const [folder, name] = [path.dirname(file), path.basename(file)];
  for (const entry of files.list(folder)) {
    if (entry.startsWith(name) && orphan.test(entry.slice(name.length))) {
      files.remove(path.join(folder, entry));
    }
  }
}

function named(file: string, error: unknown): unknown {
  return error instanceof WechatMpError && error.type === 'state_invalid' ? notAState(file) : error;
}

function notAState(file: string): WechatMpError {
  return inputError(
    'state_invalid',
    {
      en: `Cannot use "${file}" for --state: it is no state of a simulator`,
      zh: `--state 不能使用 "${file}"：它不是模拟器的状态文件`,
    },
    { en: 'Name a file that is not there yet', zh: '请使用一个尚不存在的文件名' },
    { file },
  );
}

function stateTaken(file: string): WechatMpError {
  return localError(
    'state_taken',
    {
      en: `Cannot use "${file}" for --state: another simulator uses it`,
      zh: `--state 不能使用 "${file}"：另一个模拟器正在使用它`,
    },
    {
      en: 'Stop the other one, or name another file',
      zh: '请先停止另一个模拟器，或使用其他文件',
    },
  );
}
