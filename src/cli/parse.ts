/** Parses a command's own words. */
import type { CommandDefinition, OptionSpec } from './command.ts';
import { globalOptions, type GlobalOptions } from './global-options.ts';
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
  const specs = optionsOf(definition);
  const secret = secretFlagError(words, specs.flatMap(namesOf));
  if (secret !== undefined) throw secret;
  if (areArguments(definition, words)) return { arguments: words, options: withDefaults(specs, {}) };
  const { parseWords } = await import('./parse-words.ts');
  const parsed = await parseWords(path, definition, specs, words);
  return { arguments: parsed.arguments, options: withDefaults(specs, parsed.options) };
}

/** Words without a flag, as many as the command takes, need no parser; that spares a fifth of such a start. */
function areArguments(definition: CommandDefinition, words: readonly string[]): boolean {
  const names = definition.arguments.map((argument) => argument.name);
  const least = names.filter((name) => name.startsWith('<')).length;
  const most = names.some((name) => name.includes('...')) ? Number.POSITIVE_INFINITY : names.length;
  return words.length >= least && words.length <= most && words.every((word) => !word.startsWith('-'));
}

/** All options that a command takes, its own first. */
function optionsOf(definition: CommandDefinition): readonly OptionSpec<unknown>[] {
  return [
    ...Object.values(definition.options),
    ...definition.settings.flatMap((group) => Object.values(settingsFlags[group])),
    ...Object.values(globalOptions),
  ];
}

/** `['-f', '--force']` of `-f, --force`; the long one is the last. */
export function namesOf(spec: OptionSpec<unknown>): readonly string[] {
  return spec.flags.replace(/ [<[].*/, '').split(', ');
}

/** A switch that was not given is `false`; the two that are a choice of three, `color` and `input`, stay as they are. */
function withDefaults(
  specs: readonly OptionSpec<unknown>[],
  given: Readonly<Record<string, unknown>>,
): ParsedCommand['options'] {
  const values: Record<string, unknown> = { input: true, ...given };
  for (const spec of specs) {
    const flag = (namesOf(spec).at(-1) ?? '').slice(2);
    if (!spec.flags.includes('<') && !/^(no-)?(color|input)$/.test(flag)) values[camelCase(flag)] ??= false;
  }
  return values as unknown as ParsedCommand['options'];
}

function camelCase(flag: string): string {
  return flag.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
