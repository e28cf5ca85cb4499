/** From the words of the command line to a command: the part before anything is loaded. */
import { defined } from '../../core/text/defined.ts';
import { entries, type Group, isGroup, type Leaf } from '../commands/index.ts';
import { settingsFlags } from '../settings/settings-flags.ts';
import { globalOptions } from './global-options.ts';
import { namesOf } from './plain-words.ts';

export interface Scan {
  /** The words that name a command, as far as they were found: `['menu', 'push']`. */
  readonly path: readonly string[];
  /** The command, where one was named. */
  readonly leaf?: Leaf;
  /** The group, where a group was named without one of its verbs. */
  readonly group?: Group;
  /** The first word that is no command. */
  readonly unknown?: string;
  /** What is left for the command's own parser. */
  readonly rest: readonly string[];
  readonly json: boolean;
  readonly help: boolean;
  readonly version: boolean;
  readonly quiet: boolean;
  readonly lang: string | undefined;
  /** undefined where neither `--color` nor `--no-color` was given. */
  readonly color: boolean | undefined;
  /** A flag that stands before the command although it is a command's own. */
  readonly misplaced?: string;
}

interface EarlyFlags {
  /** All flags that may stand before the command. */
  readonly names: ReadonlySet<string>;
  /** Those that take a value, so that the value is not taken for a command. */
  readonly valued: ReadonlySet<string>;
}

export function findEarlyFlags(): EarlyFlags {
  const names = new Set<string>();
  const valued = new Set<string>();
  for (const spec of [globalOptions, ...Object.values(settingsFlags)].flatMap((set) => Object.values(set))) {
    for (const name of namesOf(spec)) {
      names.add(name);
      if (spec.flags.includes('<')) valued.add(name);
    }
  }
  return { names, valued };
}

/** Finds the command in the words, wherever global flags stand. Never throws: errors come later, in the right language. */
export function scanArguments(argv: readonly string[]): Scan {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const rest: string[] = [];
  const path: string[] = [];
  let found: Leaf | Group | undefined;
  let unknown: string | undefined;
  let misplaced: string | undefined;
  let early: EarlyFlags | undefined;
  // Behind a flag of its own a command has no verb: the word may be the flag's value.
  let isWhole = false;
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const verbs: readonly (Leaf | Group)[] = found === undefined ? entries() : (found.verbs ?? []);
    const complete = isWhole || unknown !== undefined || verbs.length === 0;
    if (index >= end || complete || (word.startsWith('-') && word !== '-')) {
      rest.push(word);
      if (index >= end || complete) continue;
      const name = word.replace(/=.*/s, '');
      early ??= findEarlyFlags();
      if (name.startsWith('--') && !early.names.has(name)) {
        if (found === undefined || isGroup(found)) misplaced ??= name;
        else isWhole = true;
      }
      if (early.valued.has(word)) rest.push(...argv.slice((index += 1), index + 1));
      continue;
    }
    const next = verbs.find((entry) => entry.name === word);
    if (next === undefined) unknown = word;
    else {
      found = next;
      path.push(word);
    }
  }
  const flags = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length);
  const has = (...names: readonly string[]): boolean => names.some((name) => flags.includes(name));
  return {
    path,
    ...defined(found !== undefined && isGroup(found) ? { group: found } : { leaf: found }),
    ...defined({ unknown }),
    rest,
    json: has('--json'),
    help: has('-h', '--help'),
    version: has('-V', '--version'),
    quiet: has('-q', '--quiet'),
    lang: valueOf(flags, '--lang'),
    color: colorOf(flags),
    ...defined({ misplaced }),
  };
}

function colorOf(flags: readonly string[]): boolean | undefined {
  const last = flags.findLast((word) => word === '--color' || word === '--no-color');
  return last === undefined ? undefined : last === '--color';
}

function valueOf(flags: readonly string[], name: string): string | undefined {
  const index = flags.indexOf(name);
  if (index >= 0) return flags[index + 1];
  return flags.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}
