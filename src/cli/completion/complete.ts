/** What a shell asks at each Tab: which words could stand here. Nothing is said on stderr, whatever happens. */
import { parseJson } from '../../core/text/json-value.ts';
import type { Language, Text } from '../../core/text/text.ts';
import type { Io } from '../../io/ports.ts';
import { entries, type Group, type Leaf } from '../commands/index.ts';
import { scanArguments } from '../frame/arguments.ts';
import type { ArgumentSpec, CommandDefinition, OptionSpec } from '../frame/command.ts';
import { globalOptions } from '../frame/global-options.ts';
import { chooseLanguage } from '../frame/language.ts';
import { namesOf } from '../frame/plain-words.ts';
import { settingsFlags } from '../settings/settings-flags.ts';
import { findValues } from './values.ts';

export interface Candidate {
  readonly value: string;
  readonly text?: Text;
}

/** What the shell offers by itself besides: names of files or of folders, or what the program after `--` takes. */
export type ShellPart = 'none' | 'files' | 'folders' | 'program';

export interface Offer {
  readonly candidates: readonly Candidate[];
  readonly part: ShellPart;
}

/** What is asked of a command's definition here: what of it is JSON. */
export type CompletedCommand = Pick<CommandDefinition, 'arguments' | 'program' | 'options' | 'settings'>;

/** Beside the tool, made by the build: a key must not wait for all that a command imports. */
export const tableName = 'completion.json';

/** What the words before the cursor name, and what is known of the place where it stands. */
interface Position {
  /** What may follow the name: of a group, or of a command that has verbs. */
  readonly verbs: readonly Leaf[] | undefined;
  readonly definition: CompletedCommand | undefined;
  readonly options: readonly OptionSpec<unknown>[];
  /** Names of the flags that were given. */
  readonly given: ReadonlySet<string>;
  /** The flag whose value is written at the cursor. */
  readonly open: OptionSpec<unknown> | undefined;
  /** The arguments that stand before it. */
  readonly arguments: readonly string[];
}

const nothing: Offer = { candidates: [], part: 'none' };

/** `wechat-mp __complete <shell> <words…>`, the last of which is being typed. Returns the exit code. */
export async function answerShell(words: readonly string[], io: Io): Promise<number> {
  try {
    const line = readAsked(words);
    const language = chooseLanguage(undefined, io.environment);
    const offer = await complete(line, io);
    io.terminal.writeStdout(formatReply(line, offer, language));
  } catch {
    // Somebody is typing: a broken file is told when the command runs.
  }
  return 0;
}

/** What could stand in the place of the last word. */
export async function complete(line: Omit<AskedLine, 'cut'>, io: Io): Promise<Offer> {
  const { current } = line;
  const position = await findPosition(line.before, io);
  if (position === undefined) return nothing;
  const { definition, options, open } = position;
  if (line.before.includes('--'))
    return definition?.program === undefined ? nothing : { ...nothing, part: 'program' };
  if (open !== undefined) return startingWith(current, await findValues(sourcesOf(open), [], io));
  const assigned = /^(--[^=]+=)(.*)$/s.exec(current);
  if (assigned !== null) {
    const [, name = '', value = ''] = assigned;
    const option = options.find((each) => namesOf(each).includes(name.slice(0, -1)));
    if (option === undefined || !takesValue(option)) return nothing;
    const offer = startingWith(value, await findValues(sourcesOf(option), [], io));
    return {
      ...offer,
      candidates: offer.candidates.map((each) => ({ ...each, value: `${name}${each.value}` })),
    };
  }
  if (current.startsWith('-')) return startingWith(current, { candidates: flagsAt(position), part: 'none' });
  if (definition === undefined) return startingWith(current, { candidates: namesAt(position), part: 'none' });
  const index = Math.min(position.arguments.length, definition.arguments.length - 1);
  const argument = definition.arguments[index];
  const before = position.arguments.slice(Math.max(index, 0));
  if (argument !== undefined && (before.length === 0 || argument.name.includes('...')))
    return startingWith(current, await findValues(sourcesOf(argument), before, io));
  // Where no argument can come any more, only flags can, and a verb behind the bare name.
  const verbs = line.before.some((word) => word.startsWith('-')) ? [] : (position.verbs ?? []);
  const candidates = [...verbs.map(offered), ...flagsAt(position)];
  return startingWith(current, { candidates, part: 'none' });
}

function startingWith(word: string, { candidates, part }: Offer): Offer {
  return { candidates: candidates.filter(({ value }) => value.startsWith(word)), part };
}

async function findPosition(before: readonly string[], io: Io): Promise<Position | undefined> {
  const scan = scanArguments(before);
  if (scan.unknown !== undefined) return undefined;
  const definition = scan.leaf === undefined ? undefined : await findDefinition(scan.path, scan.leaf, io);
  const options = [
    ...Object.values(definition?.options ?? {}),
    ...(definition === undefined
      ? Object.values(settingsFlags)
      : definition.settings.map((group) => settingsFlags[group])
    ).flatMap((set) => Object.values<OptionSpec<unknown>>(set)),
    ...Object.values(globalOptions),
  ];
  const given = new Set<string>();
  const words: string[] = [];
  let open: OptionSpec<unknown> | undefined;
  for (const word of scan.rest) {
    if (word === '--') break;
    if (open !== undefined) open = undefined;
    else if (word.startsWith('-') && word !== '-') {
      const name = word.replace(/=.*/s, '');
      const option = options.find((each) => namesOf(each).includes(name));
      for (const each of option === undefined ? [] : namesOf(option)) given.add(each);
      if (option !== undefined && takesValue(option) && name === word) open = option;
    } else words.push(word);
  }
  return { verbs: (scan.group ?? scan.leaf)?.verbs, definition, options, given, open, arguments: words };
}

/** Out of the table of the build, else out of the command itself. */
async function findDefinition(path: readonly string[], leaf: Leaf, io: Io): Promise<CompletedCommand> {
  const text = io.files.read(`${import.meta.dirname}/${tableName}`)?.toString('utf8');
  const table = parseJson(text ?? '') as Readonly<Record<string, CompletedCommand>> | undefined;
  return table?.[path.join(' ')] ?? (await leaf.load()).command;
}

function takesValue({ flags }: OptionSpec<unknown>): boolean {
  return flags.includes('<');
}

function namesAt({ verbs }: Position): readonly Candidate[] {
  return (verbs ?? entries()).map(offered);
}

function offered({ name, summary }: Leaf | Group): Candidate {
  return { value: name, text: summary };
}

/** The long names: the short ones are for those who know them. Before a command only the flags of all commands are sure. */
function flagsAt({ definition, options, given }: Position): readonly Candidate[] {
  const known = definition === undefined ? Object.values<OptionSpec<unknown>>(globalOptions) : options;
  return known
    .filter((option) => option.repeatable === true || !namesOf(option).some((name) => given.has(name)))
    .map((option) => ({ value: namesOf(option).at(-1) ?? '', text: option.text }));
}

/** What is said of it, and else what the name of its place says: `<file>`. */
function sourcesOf(spec: ArgumentSpec | OptionSpec<unknown>): readonly string[] {
  if (spec.choices !== undefined) return spec.choices;
  if (spec.values !== undefined) return spec.values;
  const place = /[<[]([\w-]+)/.exec('flags' in spec ? spec.flags : spec.name)?.[1] ?? '';
  return [`<${place}>`];
}

/** The line as a shell hands it over. */
interface AskedLine {
  /** The words between the program and the one that is being typed. */
  readonly before: readonly string[];
  readonly current: string;
  /** How much of the current word the shell keeps by itself, and must not get again. */
  readonly cut: number;
}

/**
 * `bash <line>` is the line up to the cursor, since bash breaks words at `=` and `:`; the others say their words.
 * `powershell-next` stands for an empty last word, which some versions of PowerShell cannot hand over.
 */
function readAsked([shell = '', ...words]: readonly string[]): AskedLine {
  const all = shell === 'bash' ? splitLine(words[0] ?? '').slice(1) : words;
  const whole = shell === 'powershell-next' ? [...all, ''] : all;
  const current = whole.at(-1) ?? '';
  const cut = shell === 'bash' ? Math.max(current.lastIndexOf('='), current.lastIndexOf(':')) + 1 : 0;
  return { before: whole.slice(0, -1), current, cut };
}

/** The first line says what the shell adds by itself; each further one is a word, a tab and what it means. */
function formatReply({ cut }: AskedLine, { candidates, part }: Offer, language: Language): string {
  const lines = candidates.map(({ value, text }) => `${value.slice(cut)}\t${text?.[language] ?? ''}`);
  return [part, ...lines, ''].join('\n');
}

/** Words as a POSIX shell reads them; the last one may be empty, or have an open quote. */
function splitLine(line: string): readonly string[] {
  const words = Array.from(line.matchAll(/(?:[^\s'"\\]|\\.?|'[^']*'?|"(?:[^"\\]|\\.?)*"?)+/gs), ([word]) =>
    unquote(word),
  );
  return /(?:^|[^\\])\s$/.test(line) && !hasOpenQuote(line) ? [...words, ''] : words;
}

function unquote(word: string): string {
  return word.replaceAll(
    /'([^']*)'?|"((?:[^"\\]|\\.?)*)"?|\\(.?)/gs,
    (_, single?: string, double?: string, escaped?: string) =>
      single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped ?? '',
  );
}

function hasOpenQuote(line: string): boolean {
  return /['"]/.test(line.replaceAll(/\\.|'[^']*'|"(?:[^"\\]|\\.)*"/gs, ''));
}
