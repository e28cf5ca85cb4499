/** From the words of the command line to a command: the part before anything is loaded. */
import { usageError, type WechatMpError } from '../core/errors.ts';
import { entries, isGroup, type Group, type Leaf } from './commands/index.ts';
import { globalOptions } from './global-options.ts';
import { secretFlagError } from './secret-flags.ts';
import { settingsFlags } from './settings-flags.ts';

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

/** Flags that take a value, so that the value is not taken for a command. */
const valued = new Set<string>();
/** All flags that may stand before the command. */
const early = new Set<string>();
for (const { flags } of [globalOptions, ...Object.values(settingsFlags)].flatMap((set) =>
  Object.values(set),
)) {
  for (const name of flags.replace(/ <.*/, '').split(', ')) {
    early.add(name);
    if (flags.includes('<')) valued.add(name);
  }
}

/** Finds the command in the words, wherever global flags stand. Never throws: errors come later, in the right language. */
export function scanArguments(argv: readonly string[]): Scan {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const rest: string[] = [];
  const path: string[] = [];
  let found: Leaf | Group | undefined;
  let unknown: string | undefined;
  let misplaced: string | undefined;
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const complete = unknown !== undefined || (found !== undefined && !isGroup(found));
    if (index >= end || complete || (word.startsWith('-') && word !== '-')) {
      rest.push(word);
      if (index >= end || complete) continue;
      const name = word.replace(/=.*/s, '');
      if (name.startsWith('--') && !early.has(name)) misplaced ??= name;
      if (valued.has(word)) rest.push(...argv.slice((index += 1), index + 1));
      continue;
    }
    const candidates: readonly (Leaf | Group)[] = found === undefined ? entries() : (found as Group).verbs;
    const next = candidates.find((entry) => entry.name === word);
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
    ...(found === undefined ? {} : isGroup(found) ? { group: found } : { leaf: found }),
    ...(unknown === undefined ? {} : { unknown }),
    rest,
    json: has('--json'),
    help: has('-h', '--help'),
    version: has('-V', '--version'),
    quiet: has('-q', '--quiet'),
    lang: valueOf(flags, '--lang'),
    color: colorOf(flags),
    ...(misplaced === undefined ? {} : { misplaced }),
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

/** The error for a command line that names no command. */
export async function commandError(scan: Scan): Promise<WechatMpError> {
  const path = scan.path.join(' ');
  const secret = secretFlagError(scan.rest, [...early]);
  if (secret !== undefined) return secret;
  if (scan.misplaced !== undefined) return misplacedFlag(scan.misplaced);
  if (scan.unknown === undefined) {
    const verbs = scan.group?.verbs.map((verb) => verb.name).join(', ') ?? '';
    return usageError(
      'command_missing',
      { en: `Command "${path}" needs one of: ${verbs}`, zh: `"${path}" 后面要跟一个子命令：${verbs}` },
      { en: `Run: wechat-mp ${path} --help`, zh: `运行：wechat-mp ${path} --help` },
    );
  }
  const names = (scan.group?.verbs ?? entries()).map((entry) => entry.name);
  const { closestTo } = await import('./suggest.ts');
  const suggestion = closestTo(scan.unknown, names);
  const full = [...scan.path, scan.unknown].join(' ');
  const help = `wechat-mp ${[...scan.path, ''].join(' ')}--help`;
  return usageError(
    'command_unknown',
    { en: `There is no command "${full}"`, zh: `没有 "${full}" 这个命令` },
    suggestion === undefined
      ? { en: `Run: ${help}`, zh: `运行：${help}` }
      : {
          en: `Did you mean: wechat-mp ${[...scan.path, suggestion].join(' ')}`,
          zh: `是不是想用：wechat-mp ${[...scan.path, suggestion].join(' ')}`,
        },
  );
}

/** What follows such a flag cannot be told from a command, so nothing is said about it. */
function misplacedFlag(name: string): WechatMpError {
  return usageError(
    'option_misplaced',
    {
      en: `Option ${name} cannot stand before a command`,
      zh: `选项 ${name} 不能写在命令前面`,
    },
    {
      en: `Write it after the command: wechat-mp <command> ${name}`,
      zh: `请写在命令之后：wechat-mp <命令> ${name}`,
    },
  );
}
