/** `man wechat-mp`, made of what `help --json` says. */
import type { ToolDescription } from '../../src/cli/commands/help/tree.ts';

type Command = ToolDescription['commands'][number];
type Option = ToolDescription['global_options'][number];

/** The text of `wechat-mp.1`. Without a date: the same sources make the same page. */
export function formatManPage(tool: ToolDescription): string {
  return [
    `.TH WECHAT\\-MP 1 "" "wechat\\-mp ${tool.version}" "User Commands"`,
    '.SH NAME',
    'wechat\\-mp \\- tools for WeChat Official Account developers',
    '.SH SYNOPSIS',
    '.B wechat\\-mp',
    '.I command',
    '.RI [ options ]',
    '.SH DESCRIPTION',
    text(
      'Command-line tools for developers of WeChat Official Accounts, with a simulator of WeChat inside: build and test without an account and without a network. Data goes to standard output, everything else to standard error.',
    ),
    '.SH COMMANDS',
    ...tool.commands.flatMap(commandPart),
    '.SH GLOBAL OPTIONS',
    ...tool.global_options.flatMap(optionPart),
    '.SH ENVIRONMENT',
    ...tool.variables.flatMap(({ name, summary }) => ['.TP', `.B ${text(name)}`, text(summary)]),
    '.SH EXIT STATUS',
    ...Object.entries(tool.exit_codes).flatMap(([code, summary]) => ['.TP', `.B ${code}`, text(summary)]),
    '.SH FILES',
    ...[
      ['wechat-mp.json', 'The project file, found upwards from the current directory'],
      ['~/.config/wechat-mp/config.json', 'Profiles; secrets stand beside it in secrets.json'],
    ].flatMap(([file = '', summary = '']) => ['.TP', `.I ${text(file)}`, text(summary)]),
    '.SH SEE ALSO',
    text(
      'wechat-mp help <topic> for exit-codes, environment, config, output, ci and scenario; wechat-mp help --json has all of this as data.',
    ),
    '',
  ].join('\n');
}

function commandPart({ path, arguments: places, summary, options, examples }: Command): string[] {
  const words = places.map(({ name, required, repeatable, after }) => {
    const inner = `${after === undefined ? '' : `${after} `}${name}${repeatable ? '...' : ''}`;
    return required ? `<${inner}>` : `[${inner}]`;
  });
  return [
    `.SS "${text(['wechat-mp', ...path, ...words].join(' '))}"`,
    `${text(summary)}.`,
    ...options.flatMap(optionPart),
    '.PP',
    'Examples:',
    '.nf',
    ...examples.map(({ command }) => `.RS\n${text(command)}\n.RE`),
    '.fi',
  ];
}

function optionPart({ flags, value, choices, summary }: Option): string[] {
  const names = `.B ${text(flags.join(', '))}${value === undefined ? '' : ` \\fI${text(value)}\\fR`}`;
  const more = choices === undefined ? '' : ` (${choices.join(', ')})`;
  return ['.TP', names, text(`${summary}${more}`)];
}

/** A backslash, a hyphen that is no dash, and a dot or a quote that would begin a request. */
function text(plain: string): string {
  return plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replace(/^(?=[.'])/, '\\&');
}
