/** The plain command lines, which are nearly all: they need no parser, and loading one is a sixth of their start. */
import type { CommandDefinition, OptionSpec } from './command.ts';

export interface Words {
  readonly arguments: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * What commander would make of the words, where each of them is a whole flag of `specs`, its value or an argument, and
 * the arguments are as many as the command takes. `undefined` for everything else, which commander reads or refuses.
 */
export function readPlainWords(
  definition: CommandDefinition,
  specs: readonly OptionSpec<unknown>[],
  words: readonly string[],
): Words | undefined {
  const found: string[] = [];
  const flags: { readonly spec: OptionSpec<unknown>; readonly value: string | undefined }[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    // A negative number is no flag: none is called so.
    if (!word.startsWith('-') || /^-\d+$/.test(word)) found.push(word);
    else {
      const spec = specs.find((one) => namesOf(one).includes(word));
      if (spec === undefined || spec.flags.includes('[')) return undefined;
      const value = spec.flags.includes('<') ? words[(index += 1)] : undefined;
      if (spec.flags.includes('<') && !isPlainValue(spec, value)) return undefined;
      flags.push({ spec, value });
    }
  }
  if (!takesSoMany(definition, found.length)) return undefined;
  const options: Record<string, unknown> = {};
  for (const { spec, value } of flags) setOption(options, spec, value);
  return { arguments: found, options };
}

/** `['-f', '--force']` of `-f, --force`; the long one is the last. */
export function namesOf(spec: OptionSpec<unknown>): readonly string[] {
  return spec.flags.replace(/ [<[].*/, '').split(', ');
}

/** `noBackup` of `--no-backup`: the name under which a command declares the option. */
export function keyOf(spec: OptionSpec<unknown>): string {
  const name = (namesOf(spec).at(-1) ?? '').slice(2);
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** One flag is the negative of a choice of three; every other `--no-…` is a switch of its own. */
export function isNegative(spec: OptionSpec<unknown>): boolean {
  return namesOf(spec).at(-1) === '--no-color';
}

function isPlainValue({ choices }: OptionSpec<unknown>, value: string | undefined): boolean {
  return value !== undefined && !value.startsWith('-') && (choices?.includes(value) ?? true);
}

function takesSoMany({ arguments: specs }: CommandDefinition, count: number): boolean {
  const least = specs.filter(({ name }) => name.startsWith('<')).length;
  const most = specs.some(({ name }) => name.includes('...')) ? Number.POSITIVE_INFINITY : specs.length;
  return count >= least && count <= most;
}

function setOption(options: Record<string, unknown>, spec: OptionSpec<unknown>, value: string | undefined) {
  const key = keyOf(spec);
  if (isNegative(spec)) options['color'] = false;
  else if (value === undefined) options[key] = true;
  else if (spec.repeatable === true)
    options[key] = [...((options[key] as string[] | undefined) ?? []), value];
  else if (spec.choices !== undefined || spec.parse === undefined) options[key] = value;
  else options[key] = spec.parse(value, namesOf(spec).at(-1) ?? '');
}
