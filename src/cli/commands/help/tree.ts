/** `help --json`: everything that the tool takes and prints, as data. Flat, leaves only. */
import { defined } from '../../../core/text/defined.ts';
import type { Text } from '../../../core/text/text.ts';
import { exitCodes, exitCodesOfTypes } from '../../frame/exit.ts';
import { globalOptions } from '../../frame/global-options.ts';
import { namesOf } from '../../frame/plain-words.ts';
import type { ArgumentSpec, CommandDefinition, OptionSpec } from '../../frame/command.ts';
import { outputSchemas } from '../../schemas/index.ts';
import { settingsFlags } from '../../settings/settings-flags.ts';
import { allLeaves, type Leaf } from '../index.ts';
import { topics } from './topics.ts';
import { version } from '../../../../package.json';

type Say = (text: Text) => string;

/** The commands whose words begin with `path`: all of them for none. */
export async function describeTool(path: readonly string[], say: Say) {
  const leaves = allLeaves().filter(({ words }) => path.every((word, index) => words[index] === word));
  return {
    version,
    commands: await Promise.all(
      leaves.map(async ({ words, leaf }) => describeCommand(words, leaf, (await leaf.load()).command, say)),
    ),
    global_options: optionsOf(globalOptions, say),
    exit_codes: Object.fromEntries(
      rowsOf('exit-codes').flatMap(([codes, text]) => codesOf(codes).map((code) => [code, say(text)])),
    ),
    error_types: await listErrorTypes(),
    variables: rowsOf('environment').flatMap(([names, text]) =>
      names.split(', ').map((name) => ({ name, summary: say(text) })),
    ),
  };
}

export type ToolDescription = Awaited<ReturnType<typeof describeTool>>;

function describeCommand(path: readonly string[], leaf: Leaf, command: CommandDefinition, say: Say) {
  const { program, confirmation } = command;
  const settings = command.settings.map((group) => settingsFlags[group]);
  return {
    path,
    summary: say(leaf.summary),
    arguments: [
      ...command.arguments.map((argument) => describeArgument(argument, say)),
      ...(program === undefined ? [] : [{ ...describeArgument(program, say), after: '--' as const }]),
    ],
    options: [command.options, ...settings].flatMap((set) => optionsOf(set, say)),
    examples: command.examples.map((example) => ({ command: example.command, summary: say(example.text) })),
    output: outputSchemas[path.join(' ')] ?? {},
    exit_codes: Object.fromEntries(
      Object.entries(command.exitCodes).map(([code, text]) => [code, say(text)]),
    ),
    effect: command.effect,
    confirmation:
      confirmation === undefined ? null : { option: confirmation.option, when: say(confirmation.when) },
  };
}

interface ArgumentDescription {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  readonly repeatable: boolean;
  readonly choices?: readonly string[];
  /** What it stands behind. */
  readonly after?: '--';
}

function describeArgument({ name, text, choices }: ArgumentSpec, say: Say): ArgumentDescription {
  return {
    name: name.replaceAll(/^[<[](?:-- )?|(?:\.\.\.)?[\]>]$/g, ''),
    summary: say(text),
    required: name.startsWith('<'),
    repeatable: name.includes('...'),
    ...defined({ choices }),
  };
}

function optionsOf(set: Readonly<Record<string, OptionSpec<unknown>>>, say: Say) {
  return Object.values(set).map((option) => {
    const place = / [<[]([^\]>]+)[\]>]$/.exec(option.flags)?.[1];
    return {
      flags: namesOf(option),
      ...defined({ value: place, choices: option.choices }),
      ...(option.repeatable === true && { repeatable: true }),
      summary: say(option.text),
    };
  });
}

/** `129–131, 143` is four codes. */
function codesOf(text: string): readonly number[] {
  return text.split(', ').flatMap((part) => {
    const [from = 0, to = from] = part.split('–').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

function rowsOf(topic: 'exit-codes' | 'environment') {
  return topics[topic]?.rows ?? [];
}

interface ErrorTypeDescription {
  readonly type: string;
  readonly exit_code: number;
  /** The codes of WeChat that it stands for. */
  readonly errcodes?: readonly number[];
}

/** Our own, and those that stand for codes of WeChat; any other code is `errcode_<number>`. */
async function listErrorTypes(): Promise<readonly ErrorTypeDescription[]> {
  const [{ types }, { readAllCodes }] = await Promise.all([
    import('../../../core/explain/types.json'),
    import('../../../core/errcode/codes.ts'),
  ]);
  const own = Object.entries<{ readonly family: string }>(types).map(([type, { family }]) => ({
    type,
    exit_code: exitCodesOfTypes.get(type) ?? exitCodeOfFamily(family),
  }));
  const { helps } = await readAllCodes();
  const ofWechat = new Map<string, ErrorTypeDescription>();
  for (const [code, { type, family = 'api' }] of Object.entries(helps)) {
    // `40001:token` is what 40001 means where a token is asked for.
    const errcodes = [...(ofWechat.get(type)?.errcodes ?? []), Number.parseInt(code, 10)];
    ofWechat.set(type, { type, exit_code: exitCodeOfFamily(family), errcodes });
  }
  return [...own, ...ofWechat.values()];
}

function exitCodeOfFamily(family: string): number {
  return exitCodes[family as keyof typeof exitCodes];
}
