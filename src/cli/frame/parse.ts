/** Parses a command's own words. */
import type { CommandDefinition, OptionSpec } from './command.ts';
import { globalOptions, type GlobalOptions } from './global-options.ts';
import { namesOf, readPlainWords } from './plain-words.ts';
import { plainName } from '../../core/text/secret-names.ts';
import { settingsFlags, type SettingsFlags } from '../settings/settings-flags.ts';

export interface ParsedCommand {
  readonly arguments: readonly string[];
  readonly program: readonly string[];
  readonly options: GlobalOptions & SettingsFlags & Readonly<Record<string, unknown>>;
}

/** Throws a usage error for anything that the command does not know. */
export async function parseCommand(
  path: readonly string[],
  definition: CommandDefinition,
  words: readonly string[],
): Promise<ParsedCommand> {
  const sets = optionSets(definition);
  const specs = sets.flatMap((set) => Object.values(set));
  if (words.some(isPerhapsRefused)) {
    const { refusedFlagError } = await import('../settings/refused-flags.ts');
    const refused = refusedFlagError(words, () => specs.flatMap(namesOf));
    if (refused !== undefined) throw refused;
  }
  const { own, program } = splitProgram(definition, words);
  if (program !== undefined && !program[0]) throw (await import('./command-error.ts')).programMissing();
  const plain = readPlainWords(definition, specs, own);
  const read = plain ?? (await (await import('./parse-words.ts')).parseWords(path, definition, specs, own));
  return { arguments: read.arguments, program: program ?? [], options: withDefaults(sets, read.options) };
}

/** A first look, with which most starts are done: what is refused names a secret, or is a flag of Node.js. */
function isPerhapsRefused(word: string): boolean {
  return word.startsWith('--') && /secret|token|key|ticket|envfile/.test(plainName(word));
}

function splitProgram(definition: CommandDefinition, words: readonly string[]) {
  const end = definition.program === undefined ? -1 : words.indexOf('--');
  return end < 0 ? { own: words } : { own: words.slice(0, end), program: words.slice(end + 1) };
}

type OptionSet = Readonly<Record<string, OptionSpec<unknown>>>;

/** All options that a command takes, its own first. */
function optionSets(definition: CommandDefinition): readonly OptionSet[] {
  return [definition.options, ...definition.settings.map((group) => settingsFlags[group]), globalOptions];
}

/** A choice of three: given, denied, or neither. */
const threefold = ['color', 'noColor'];

/** A switch that was not given is `false`. */
function withDefaults(
  sets: readonly OptionSet[],
  given: Readonly<Record<string, unknown>>,
): ParsedCommand['options'] {
  const values: Record<string, unknown> = { ...given };
  for (const [key, { flags }] of sets.flatMap((set) => Object.entries(set))) {
    if (!flags.includes('<') && !threefold.includes(key)) values[key] ??= false;
  }
  return values as unknown as ParsedCommand['options'];
}
