/** Parses words that are not plain with commander, and says in both languages what is wrong with them. */
import { Command, CommanderError, Option } from 'commander';
import { usageError, type WechatMpError } from '../../core/errors.ts';
import type { CommandDefinition, OptionSpec } from './command.ts';
import { isNegative, namesOf, type Words } from './plain-words.ts';

/** Throws a usage error for anything that is not among the definition's arguments and `specs`. */
export async function parseWords(
  path: readonly string[],
  definition: CommandDefinition,
  specs: readonly OptionSpec<unknown>[],
  words: readonly string[],
): Promise<Words> {
  const command = new Command(path.join(' '))
    .helpOption(false)
    .exitOverride()
    .showSuggestionAfterError(false);
  command.configureOutput({ writeErr: () => {}, writeOut: () => {} });
  for (const argument of definition.arguments) command.argument(argument.name);
  for (const spec of specs) if (mayBeMeant(spec, words)) command.addOption(commanderOption(spec));
  command.allowExcessArguments(false).action(() => {});
  try {
    command.parse(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw await translate(error, path, definition, specs);
    throw error;
  }
  return { arguments: command.args, options: command.opts() };
}

/** Making an option costs some 50 µs, and a command has thirty. Only those whose name can be among the words are made. */
function mayBeMeant(spec: OptionSpec<unknown>, words: readonly string[]): boolean {
  const names = namesOf(spec);
  return words.some(
    (word) =>
      names.includes(word.replace(/=.*/s, '')) || (/^-[^-]./.test(word) && (names[0] ?? '').length === 2),
  );
}

function commanderOption(spec: OptionSpec<unknown>): Option {
  const option = new Option(spec.flags);
  const { parse } = spec;
  const name = namesOf(spec).at(-1) ?? '';
  // commander would keep `--no-backup` as `backup: false`, and then lose what `--backup <file>` said.
  if (!isNegative(spec)) option.negate = false;
  if (spec.choices !== undefined) option.choices([...spec.choices]);
  else if (spec.repeatable === true)
    option.argParser((value: string, previous?: readonly string[]) => [...(previous ?? []), value]);
  else if (parse !== undefined) option.argParser((value: string) => parse(value, name));
  return option;
}

async function translate(
  error: CommanderError,
  path: readonly string[],
  definition: CommandDefinition,
  specs: readonly OptionSpec<unknown>[],
): Promise<WechatMpError> {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const optionName = quoted.replace(/^-\w, /, '');
  const line = ['wechat-mp', ...path, '--help'].join(' ');
  const help = { en: `Run: ${line}`, zh: `运行：${line}` };
  switch (error.code) {
    case 'commander.unknownOption': {
      const { closestTo } = await import('./suggest.ts');
      // Behind "=" may stand a secret, and letters of one dash are all equally close to each other.
      const name = (/^error: unknown option '(.*)'$/s.exec(error.message)?.[1] ?? '').replace(/=.*/s, '');
      const long = specs.flatMap(namesOf).filter((known) => known.startsWith('--'));
      const suggestion = name.startsWith('--') ? closestTo(name, long) : undefined;
      return usageError(
        'option_unknown',
        { en: `There is no option ${name} here`, zh: `这里没有 ${name} 这个选项` },
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
        { en: `Option ${optionName} needs a value`, zh: `选项 ${optionName} 后面要有值` },
        help,
      );
    case 'commander.excessArguments':
      return usageError(
        'argument_unexpected',
        { en: 'There are too many arguments', zh: '参数太多' },
        definition.program === undefined
          ? help
          : { en: 'A command to run stands after --', zh: '要运行的命令应写在 -- 之后' },
      );
    case 'commander.invalidArgument': {
      const allowed = /Allowed choices are (.*)\.$/.exec(error.message)?.[1];
      const given = / argument '(.*)' is invalid\. /s.exec(error.message)?.[1] ?? '';
      return usageError(
        'option_value_invalid',
        {
          en: `Cannot use "${given}" for ${optionName}${allowed === undefined ? '' : `: allowed are ${allowed}`}`,
          zh: `${optionName} 不能用 "${given}"${allowed === undefined ? '' : `：可选值为 ${allowed}`}`,
        },
        help,
      );
    }
    default:
      return usageError('usage', { en: error.message.replace(/^error: /, ''), zh: error.message }, help);
  }
}
