/** All accounts as they were once, by a name: each test of a suite begins at the same place. */
import { inputError } from '../../core/errors.ts';
import type { Step } from '../control/session/journal.ts';
import type { Work } from '../control/turns.ts';
import type { SnapshotView } from '../control/types/index.ts';
import { copyOf, lengthOf, type SavedAccount, type SavedSnapshot } from './saved.ts';
import { snapshotNameForm, tooManySnapshots, unknownSnapshotText } from './texts.ts';

/** With what was there by then stands in the state file as well, which has an end. */
const most = { snapshots: 20, megabytes: 64 } as const;

/** What had been done with each account, by its number; it is not in the file. */
type Journals = ReadonlyMap<number, readonly Step[]>;

export interface SnapshotWorld {
  now(): number;
  offsetMs(): number;
  save(): readonly SavedAccount[];
  journals(): Journals;
  /** `mark` is different for every snapshot that was ever taken. */
  goBack(snapshot: SavedSnapshot, mark: string, journals: Journals): Work;
}

export type Snapshots = ReturnType<typeof createSnapshots>;

export function createSnapshots(saved: readonly SavedSnapshot[], world: SnapshotWorld) {
  const all = new Map<string, { readonly snapshot: SavedSnapshot; readonly journals: Journals }>(
    saved.map((snapshot) => [
      snapshot.name,
      { snapshot: Object.freeze({ ...snapshot }), journals: new Map() },
    ]),
  );
  let lastNumber = Math.max(0, ...saved.map(({ number }) => number));
  const list = (): readonly SavedSnapshot[] => Array.from(all.values(), ({ snapshot }) => snapshot);
  const find = (name: string) => {
    const found = all.get(name);
    if (found === undefined) throw inputError('unknown_snapshot', unknownSnapshotText(name, [...all.keys()]));
    return found;
  };
  return {
    list: (): readonly SnapshotView[] => list().map(viewOf),
    /** One of the same name is replaced. Throws an input error for a name that is none, and where there is no more room. */
    take(name: string): SnapshotView {
      if (!/^[^\p{Cc}\p{Cs}]{1,64}$/u.test(name)) throw inputError('invalid_body', snapshotNameForm);
      const accounts = copyOf(world.save());
      const others = list().filter((other) => other.name !== name);
      const characters = lengthOf(accounts) + lengthOf(others);
      if (others.length >= most.snapshots || characters > most.megabytes * 1024 * 1024) {
        throw inputError('too_many_snapshots', tooManySnapshots(most));
      }
      // It stays as it is: a state file that is written is not given a copy of each, see `copyOf`.
      const snapshot: SavedSnapshot = Object.freeze({
        name,
        at: new Date(world.now()).toISOString(),
        number: (lastNumber += 1),
        offsetMs: world.offsetMs(),
        accounts,
      });
      all.delete(name);
      all.set(name, { snapshot, journals: world.journals() });
      return viewOf(snapshot);
    },
    /** Throws an input error for a name that there is not. */
    *restore(name: string): Work<SnapshotView> {
      const { snapshot, journals } = find(name);
      yield* world.goBack(copyOf({ ...snapshot }), ` since snapshot ${snapshot.number}`, journals);
      return viewOf(snapshot);
    },
    remove(name: string): void {
      find(name);
      all.delete(name);
    },
    save: list,
  };
}

function viewOf({ name, at }: SavedSnapshot): SnapshotView {
  return { name, at };
}
