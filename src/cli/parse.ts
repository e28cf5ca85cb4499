/** Parses a command's own words. */
import type { CommandDefinition, OptionSpec } from './command.ts';
import { globalOptions, type GlobalOptions } from './global-options.ts';
import { namesOf, readPlainWords } from './plain-words.ts';
import { secretFlagError } from './secret-flags.ts';
import { settingsFlags, type SettingsFlags } from './settings-flags.ts';

export interface ParsedCommand {
  readonly arguments: readonly string[];
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
  const secret = secretFlagError(words, () => specs.flatMap(namesOf));
  if (secret !== undefined) throw secret;
  const plain = readPlainWords(definition, specs, words);
  const read = plain ?? (await (await import('./parse-words.ts')).parseWords(path, definition, specs, words));
  return { arguments: read.arguments, options: withDefaults(sets, read.options) };
}

type OptionSet = Readonly<Record<string, OptionSpec<unknown>>>;

/** All options that a command takes, its own first. */
function optionSets(definition: CommandDefinition): readonly OptionSet[] {
  return [definition.options, ...definition.settings.map((group) => settingsFlags[group]), globalOptions];
}

/** These two are a choice of three: given, denied, or neither. */
const threefold = ['color', 'noColor', 'noInput'];

/** A switch that was not given is `false`. */
function withDefaults(
  sets: readonly OptionSet[],
  given: Readonly<Record<string, unknown>>,
): ParsedCommand['options'] {
  const values: Record<string, unknown> = { input: true, ...given };
  for (const [key, { flags }] of sets.flatMap((set) => Object.entries(set))) {
    if (!flags.includes('<') && !threefold.includes(key)) values[key] ??= false;
  }
  return values as unknown as ParsedCommand['options'];
}
