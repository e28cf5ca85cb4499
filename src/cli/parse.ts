/** Parses a command's own words with commander, and says in both languages what is wrong with them. */
import { Command, CommanderError, Option } from 'commander';
import { usageError, type WechatMpError } from '../core/errors.ts';
import type { CommandDefinition, OptionSpec } from './command.ts';
import { globalOptions, type GlobalOptions } from './global-options.ts';
import { settingsFlags, type SettingsFlags } from './settings-flags.ts';

export interface ParsedCommand {
  readonly arguments: readonly string[];
  readonly options: GlobalOptions & SettingsFlags & Readonly<Record<string, unknown>>;
}

/** All options that a command takes, its own first. */
export function optionsOf(definition: CommandDefinition): readonly OptionSpec<unknown>[] {
  return [
    ...Object.values(definition.options),
    ...definition.settings.flatMap((group) => Object.values(settingsFlags[group])),
    ...Object.values(globalOptions),
  ];
}

/** Throws a usage error for anything that the command does not know. */
export async function parseCommand(
  path: readonly string[],
  definition: CommandDefinition,
  words: readonly string[],
): Promise<ParsedCommand> {
  const specs = optionsOf(definition);
  refuseSecrets(words, specs);
  const command = new Command(path.join(' '))
    .helpOption(false)
    .exitOverride()
    .showSuggestionAfterError(false);
  command.configureOutput({ writeErr: () => {}, writeOut: () => {} });
  for (const argument of definition.arguments) command.argument(argument.name);
  for (const spec of specs) command.addOption(commanderOption(spec));
  command.allowExcessArguments(false).action(() => {});
  try {
    command.parse(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw await translate(error, path, specs);
    throw error;
  }
  return { arguments: command.args, options: command.opts() };
}

function commanderOption(spec: OptionSpec<unknown>): Option {
  const option = new Option(spec.flags);
  const { parse } = spec;
  const name = spec.flags.replace(/ [<[].*/, '').replace(/^-\w, /, '');
  if (spec.choices !== undefined) option.choices([...spec.choices]);
  else if (spec.repeatable === true)
    option.argParser((value: string, previous?: readonly string[]) => [...(previous ?? []), value]);
  else if (parse !== undefined) option.argParser((value: string) => parse(value, name));
  return option;
}

const secretFlags = /^--(app-?secret|secret|access-token|callback-token|token|aes-key|encoding-aes-key)(=|$)/;

/** A secret on the command line is in the shell's history and in `ps`; it is refused before anything else is looked at. */
function refuseSecrets(words: readonly string[], specs: readonly OptionSpec<unknown>[]): void {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const word = words.slice(0, end).find((candidate) => secretFlags.test(candidate));
  if (word === undefined) return;
  const name = word.replace(/=.*/s, '');
  const ways = specs
    .map((spec) => spec.flags.replace(/ <.*/, ''))
    .filter((candidate) => /-(stdin|file)$/.test(candidate) && candidate !== '--env-file')
    .join(', ');
  throw usageError(
    'secret_on_command_line',
    {
      en: `Cannot take a secret from ${name}: the command line is visible in "ps" and in the shell history`,
      zh: `不能用 ${name} 传密钥：命令行会出现在 ps 和 shell 历史里`,
    },
    ways === ''
      ? { en: 'Use an environment variable or a profile', zh: '请使用环境变量或配置档案' }
      : {
          en: `Use ${ways}, an environment variable or a profile`,
          zh: `请使用 ${ways}、环境变量或配置档案`,
        },
  );
}

async function translate(
  error: CommanderError,
  path: readonly string[],
  specs: readonly OptionSpec<unknown>[],
): Promise<WechatMpError> {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const help = {
    en: `Run: wechat-mp ${path.join(' ')} --help`,
    zh: `运行：wechat-mp ${path.join(' ')} --help`,
  };
  switch (error.code) {
    case 'commander.unknownOption': {
      const { closestTo } = await import('./suggest.ts');
      const names = specs.flatMap((spec) => spec.flags.replace(/ [<[].*/, '').split(', '));
      const suggestion = closestTo(quoted.replace(/=.*/s, ''), names);
      return usageError(
        'option_unknown',
        { en: `There is no option ${quoted} here`, zh: `这里没有 ${quoted} 这个选项` },
        suggestion === undefined
          ? help
          : { en: `Did you mean ${suggestion}?`, zh: `是不是想用 ${suggestion}？` },
      );
    }
    case 'commander.missingArgument':
      return usageError(
        'argument_missing',
        { en: `Argument <${quoted}> is missing`, zh: `缺少参数 <${quoted}>` },
        help,
      );
    case 'commander.optionMissingArgument':
      return usageError(
        'option_value_missing',
        { en: `Option ${quoted} needs a value`, zh: `选项 ${quoted} 后面要有值` },
        help,
      );
    case 'commander.excessArguments':
      return usageError('argument_unexpected', { en: 'There are too many arguments', zh: '参数太多' }, help);
    case 'commander.invalidArgument': {
      const allowed = /Allowed choices are (.*)\.$/.exec(error.message)?.[1];
      const given = / argument '([^']*)' is invalid/.exec(error.message)?.[1] ?? '';
      return usageError(
        'option_value_invalid',
        {
          en: `Cannot use "${given}" for ${quoted}${allowed === undefined ? '' : `: allowed are ${allowed}`}`,
          zh: `${quoted} 不能用 "${given}"${allowed === undefined ? '' : `：可选值为 ${allowed}`}`,
        },
        help,
      );
    }
    default:
      return usageError('usage', { en: error.message.replace(/^error: /, ''), zh: error.message }, help);
  }
}
