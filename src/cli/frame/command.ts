/** What a command is: one record that feeds the parser, the help and the documentation. */
import type { Text } from '../../core/text/text.ts';
import type { Context } from '../context.ts';

/** An option of a command. `T` is what `run` gets. */
export interface OptionSpec<T> {
  /** As commander writes it: `--scene <n>`, `-f, --force`, `--no-verify`. */
  readonly flags: string;
  readonly text: Text;
  /** Turns the text behind the flag into a value; throws a usage error. */
  readonly parse?: ((value: string, flag: string) => T) | undefined;
  readonly choices?: readonly string[];
  readonly values?: ValueSources | undefined;
  readonly repeatable?: boolean;
  /** Keeps `T` in the type; never there at run time. */
  readonly type?: T;
}

/**
 * What completion offers where a value stands: words, and sources such as `<file>` or `<profile>`, which
 * `completion/values.ts` knows. Without it the name of the place is the source.
 */
type ValueSources = readonly string[];

export interface ArgumentSpec {
  /** `<url...>`, `[file]`: as in the usage line. */
  readonly name: string;
  readonly text: Text;
  readonly choices?: readonly string[];
  readonly values?: ValueSources;
}

interface Example {
  readonly command: string;
  readonly text: Text;
}

/** What a command may change: nothing; files of this machine; the account at WeChat, or somebody's server. */
type Effect = 'none' | 'local' | 'remote';

/** What answers the question that a command asks before it acts, and when it asks. */
interface Confirmation {
  readonly option: '--yes' | '--confirm';
  readonly when: Text;
}

export interface CommandDefinition {
  readonly arguments: readonly ArgumentSpec[];
  /** A program to run, with its own words; it stands only after `--`. */
  readonly program: ArgumentSpec | undefined;
  readonly options: Readonly<Record<string, OptionSpec<unknown>>>;
  /** Groups of settings whose flags this command takes besides its own; see `settings-flags.ts`. */
  readonly settings: readonly SettingsGroup[];
  readonly examples: readonly Example[];
  readonly output: Text;
  /** Exit codes that mean something particular here. */
  readonly exitCodes: Readonly<Record<number, Text>>;
  readonly effect: Effect;
  readonly confirmation: Confirmation | undefined;
  readonly run: (context: Context, input: CommandInput<Record<string, never>>) => Promise<number | void>;
}

export type SettingsGroup = 'account' | 'token' | 'callback';

interface CommandInput<Options> {
  readonly arguments: readonly string[];
  /** The program after `--` and its words; empty where there is no `--`. */
  readonly program: readonly string[];
  readonly options: Options;
}

type ValueOf<Spec> = Spec extends OptionSpec<infer T> ? T : never;

/** What `run` gets for the options of a command; those that were not given are not there. */
export type OptionValues<Specs> = {
  readonly [Name in keyof Specs as undefined extends ValueOf<Specs[Name]> ? never : Name]: ValueOf<
    Specs[Name]
  >;
} & {
  readonly [Name in keyof Specs as undefined extends ValueOf<Specs[Name]> ? Name : never]?: ValueOf<
    Specs[Name]
  >;
};

interface CommandSource<Specs> {
  readonly arguments?: readonly ArgumentSpec[];
  readonly program?: ArgumentSpec;
  readonly options?: Specs;
  readonly settings?: readonly SettingsGroup[];
  readonly examples: readonly Example[];
  readonly output: Text;
  readonly exitCodes?: Readonly<Record<number, Text>>;
  readonly effect: Effect;
  readonly confirmation?: Confirmation;
  readonly run: (context: Context, input: CommandInput<OptionValues<Specs>>) => Promise<number | void>;
}

/** Defines a command. `run` returns the exit code where it is not 0. */
export function defineCommand<const Specs extends Readonly<Record<string, OptionSpec<unknown>>> = {}>(
  source: CommandSource<Specs>,
): CommandDefinition {
  return {
    arguments: source.arguments ?? [],
    program: source.program,
    options: source.options ?? {},
    settings: source.settings ?? [],
    examples: source.examples,
    output: source.output,
    exitCodes: source.exitCodes ?? {},
    effect: source.effect,
    confirmation: source.confirmation,
    run: source.run as unknown as CommandDefinition['run'],
  };
}

export function flag(flags: string, text: Text): OptionSpec<boolean> {
  return { flags, text };
}

export function value(flags: string, text: Text, values?: ValueSources): OptionSpec<string | undefined> {
  return { flags, text, values };
}

/** An option with a text that must mean something. */
export function parsed<T>(
  flags: string,
  text: Text,
  parse: (value: string, flag: string) => T,
  values?: ValueSources,
): OptionSpec<T | undefined> {
  return { flags, text, parse, values };
}

/** An option with one of a few words. */
export function choice<const Choice extends string>(
  flags: string,
  text: Text,
  choices: readonly Choice[],
): OptionSpec<Choice | undefined> {
  return { flags, text, choices };
}
