/** `simulator --state FILE`: what a simulator knows, kept for the next one. */
import path from 'node:path';
import { inputError, localError, WechatMpError } from '../../../core/errors.ts';
import { readLimits } from '../../../core/text/read-limits.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Clock, LockAttempt } from '../../../io/ports.ts';
import { copyOf, parseSaved, type SavedSimulator } from '../../../simulator/account/saved.ts';
import { jsonParts, nextTurn } from '../../../simulator/control/turns.ts';
import type { Simulator } from '../../../simulator/simulator.ts';
import type { Context } from '../../context.ts';
import { readTextInput } from '../../files/text-input.ts';
import { unwritable } from '../../files/output-file.ts';

/** Changes within this time are written together. */
const settleMs = 200;
/** A large state is written less often: preparing it takes about this part of the time … */
const restFactor = 20;
/** … but what was done must not be lost with more than a moment of it. */
const maxRestMs = 1000;
/** How every file of ours begins, also one that breaks off. */
const head = /^\{"version":\d{1,9},/;
/** What a writer leaves that was killed in the middle, behind the name of the file. */
const orphan = /^\.[a-z0-9]{1,12}\.tmp$/;

export interface StateFile {
  readonly saved: SavedSimulator | undefined;
  /** Makes the simulator of it. Throws an input error with the file's name for what no simulator has saved. */
  start<Made>(make: () => Made): Made;
  /** Writes what is there now. Throws where that is not possible. */
  write(simulator: Simulator): void;
  /** Something may have changed: it is written soon, and others are answered meanwhile. */
  touch(simulator: Simulator): void;
  /** Writes what is there at the end. Throws where that is not possible. */
  finish(simulator: Simulator): Promise<void>;
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
      throw unwritable(context.io.files, file, error);
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
    throw unwritable(context.io.files, file, error);
  }
}

function createStateFile(
  context: Context,
  file: string,
  saved: SavedSimulator | undefined,
  unlock: () => void,
): StateFile {
  const stop = new AbortController();
  const writer = createWriter(context, file, stop.signal);
  let isOld = false;
  /** Said once, until it is over. */
  let isBroken = false;
  let writing: Promise<void> | undefined;
  const keepWriting = async (simulator: Simulator): Promise<void> => {
    while (isOld && !stop.signal.aborted) {
      try {
        await context.io.clock.sleep(isBroken ? maxRestMs : writer.restMs(), stop.signal);
        isOld = false;
        await writer.writeInTurns(simulator);
        if (isBroken) context.note(worksAgain(file));
        isBroken = false;
      } catch (error) {
        // The simulator goes on; the last file that could be written stays.
        if (stop.signal.aborted || !(error instanceof WechatMpError)) continue;
        if (!isBroken) context.warn(error.text);
        [isOld, isBroken] = [true, true];
      }
    }
    writing = undefined;
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
    write: (simulator) => writer.write(simulator),
    touch(simulator) {
      isOld = true;
      if (!stop.signal.aborted) writing ??= keepWriting(simulator);
    },
    async finish(simulator) {
      stop.abort();
      await writing;
      writer.write(simulator);
    },
    release() {
      stop.abort();
      unlock();
    },
  };
}

/** Writes what is different from the last time. */
function createWriter({ io }: Context, file: string, signal: AbortSignal) {
  const { clock, files } = io;
  let written: readonly string[] = [];
  let restMs = settleMs;
  const rest = (workMs: number): void => {
    restMs = Math.min(Math.max(settleMs, restFactor * workMs), maxRestMs);
  };
  return {
    /** How long others shall be left alone now. */
    restMs: (): number => restMs,
    /** At once. Throws a local error. */
    write(simulator: Simulator): void {
      const startedAtMs = clock.monotonic();
      const parts = [...jsonParts(simulator.save())];
      if (areSame(parts, written)) return;
      try {
        files.write(file, parts.join(''));
      } catch (error) {
        throw unwritable(files, file, error);
      }
      written = parts;
      rest(clock.monotonic() - startedAtMs);
    },
    /** All as it is in this moment, whatever changes while it is written. Rejects with a local error. */
    async writeInTurns(simulator: Simulator): Promise<void> {
      const take = (): Generator<string, undefined> => jsonParts(copyOf(simulator.save()));
      const { parts, workMs } = await readInTurns(clock, take, signal);
      rest(workMs);
      if (areSame(parts, written)) return;
      try {
        await (await io.manyFiles()).writeParts(file, parts, signal);
      } catch (error) {
        throw unwritable(files, file, error);
      }
      written = parts;
    },
  };
}

/** The parts of a large state, a turn of the event loop for each; `workMs` is how long others had to wait for it. */
async function readInTurns(
  clock: Pick<Clock, 'monotonic'>,
  take: () => Generator<string, undefined>,
  signal: AbortSignal,
): Promise<{ readonly parts: readonly string[]; readonly workMs: number }> {
  const parts: string[] = [];
  let workMs = 0;
  let left: Generator<string, undefined> | undefined;
  for (;;) {
    const startedAtMs = clock.monotonic();
    left ??= take();
    const { value } = left.next();
    workMs += clock.monotonic() - startedAtMs;
    if (value === undefined) return { parts, workMs };
    parts.push(value);
    await nextTurn();
    signal.throwIfAborted();
  }
}

function areSame(parts: readonly string[], others: readonly string[]): boolean {
  return parts.length === others.length && parts.every((part, index) => part === others[index]);
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

function worksAgain(file: string): Text {
  return {
    en: `"${file}" has the latest state again`,
    zh: `"${file}" 已重新保存为最新状态`,
  };
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
