/** Help: one line, usage, runnable examples, then flags, then output and exit codes. */
import type { Language, Text } from '../../core/text/text.ts';
import type { Scan } from './arguments.ts';
import type { CommandDefinition, OptionSpec } from './command.ts';
import { isGroup, sections, type Group, type Leaf } from '../commands/index.ts';
import { terminalWidth } from '../../core/text/terminal-width.ts';
import { fold, foldWidth } from './fold.ts';
import { globalOptions } from './global-options.ts';
import type { Paint } from './output.ts';
import { settingsFlags } from '../settings/settings-flags.ts';

/** The help for whatever the words name: everything, a group or a command. */
export async function renderHelp(
  scan: Pick<Scan, 'path' | 'leaf' | 'group'>,
  language: Language,
  paint: Paint,
): Promise<string> {
  const printer = new Printer(language, paint);
  if (scan.leaf !== undefined) renderCommand(printer, scan.path, scan.leaf, (await scan.leaf.load()).command);
  else if (scan.group !== undefined) renderGroup(printer, scan.group);
  else renderRoot(printer);
  return printer.toString();
}

function renderRoot(printer: Printer): void {
  printer.line({
    en: 'wechat-mp – tools for WeChat Official Account (公众号) developers',
    zh: 'wechat-mp – 微信公众号开发者的命令行工具',
  });
  printer.title({ en: 'Usage', zh: '用法' });
  printer.raw('  wechat-mp <command> [options]');
  for (const section of sections) {
    printer.title(section.title);
    printer.table(section.entries.map((entry) => [usageName(entry), entry.summary]));
  }
  printer.title({ en: 'Examples', zh: '示例' });
  printer.raw(
    printer.paint.dim(
      `  # ${{ en: 'A phone, every request, any API call: http://127.0.0.1:8090', zh: '模拟手机、请求记录、接口调试：http://127.0.0.1:8090' }[printer.language]}`,
    ),
  );
  printer.raw('  wechat-mp simulator --open');
  printer.raw('  wechat-mp simulator -- wechat-mp token');
  printer.raw('  wechat-mp menu push menu.json');
  printer.raw('  wechat-mp qr create --scene 123 --out qr.jpg');
  printer.title({ en: 'Options', zh: '选项' });
  printer.options(Object.values(globalOptions));
  printer.title({ en: 'More', zh: '更多' });
  printer.raw('  wechat-mp help {exit-codes | environment | config | output | ci | scenario}');
}

function usageName(entry: Leaf | Group): string {
  const verbs = (entry.verbs ?? []).map(({ name }) => name).join('|');
  if (isGroup(entry)) return `${entry.name} ${verbs}`;
  return verbs === '' ? entry.name : `${entry.name} [${verbs}]`;
}

function renderGroup(printer: Printer, group: Group): void {
  printer.line(group.summary);
  printer.title({ en: 'Usage', zh: '用法' });
  printer.raw(`  wechat-mp ${group.name} {${group.verbs.map((verb) => verb.name).join(' | ')}}`);
  printer.title({ en: 'Commands', zh: '命令' });
  printer.table(group.verbs.map((verb) => [`${group.name} ${verb.name}`, verb.summary]));
  printer.title({ en: 'More', zh: '更多' });
  printer.raw(`  wechat-mp ${group.name} ${group.verbs[0]?.name ?? ''} --help`);
}

function renderCommand(
  printer: Printer,
  path: readonly string[],
  leaf: Leaf,
  command: CommandDefinition,
): void {
  printer.line(leaf.summary);
  printer.title({ en: 'Usage', zh: '用法' });
  const { arguments: named, program } = command;
  const words = ['wechat-mp', ...path, ...named.map((argument) => argument.name), '[options]'];
  printer.raw(`  ${[...words, ...(program === undefined ? [] : [program.name])].join(' ')}`);
  for (const { name } of leaf.verbs ?? []) printer.raw(`  wechat-mp ${[...path, name].join(' ')} --help`);
  printer.title({ en: 'Examples', zh: '示例' });
  for (const example of command.examples) {
    printer.raw(printer.paint.dim(`  # ${example.text[printer.language]}`));
    for (const line of example.command.split('\n')) printer.raw(`  ${line}`);
  }
  const places = program === undefined ? named : [...named, program];
  if (places.length > 0) {
    printer.title({ en: 'Arguments', zh: '参数' });
    printer.table(places.map((argument) => [argument.name, argument.text]));
  }
  const own = [
    ...Object.values(command.options),
    ...command.settings.flatMap((group) => Object.values(settingsFlags[group])),
  ];
  if (own.length > 0) {
    printer.title({ en: 'Options', zh: '选项' });
    printer.options(own);
  }
  printer.title({ en: 'Global options', zh: '全局选项' });
  const names = Object.values(globalOptions).map(({ flags }) => flags.replace(', ', '/'));
  printer.paragraph({
    en: `${names.join('  ')} – what they do: wechat-mp --help`,
    zh: `${names.join('  ')} – 说明见 wechat-mp --help`,
  });
  printer.title({ en: 'Output', zh: '输出' });
  printer.paragraph(command.output);
  printer.title({ en: 'Exit codes', zh: '退出码' });
  printer.table([
    ...Object.entries(command.exitCodes).map(([code, text]): [string, Text] => [code, text]),
    ['…', { en: 'as in "wechat-mp help exit-codes"', zh: '其余见 wechat-mp help exit-codes' }],
  ]);
}

/** Collects lines; knows how wide Chinese characters are. */
export class Printer {
  readonly language: Language;
  readonly paint: Paint;
  readonly #lines: string[] = [];

  constructor(language: Language, paint: Paint) {
    this.language = language;
    this.paint = paint;
  }

  raw(line: string): void {
    this.#lines.push(line);
  }

  line(text: Text): void {
    this.raw(text[this.language]);
  }

  title(text: Text): void {
    this.raw('');
    this.raw(this.paint.strong(text[this.language]));
  }

  paragraph(text: Text): void {
    for (const line of text[this.language].split('\n'))
      for (const part of fold(line, foldWidth - 2)) this.raw(`  ${part}`);
  }

  options(options: readonly OptionSpec<unknown>[]): void {
    this.table(
      options.map((option) => [
        option.flags.startsWith('-') && !option.flags.startsWith('--') ? option.flags : `    ${option.flags}`,
        option.choices === undefined
          ? option.text
          : {
              en: `${option.text.en} (${option.choices.join(', ')})`,
              zh: `${option.text.zh}（${option.choices.join('、')}）`,
            },
      ]),
    );
  }

  /** Two columns; the second is folded under itself. A very wide name gets a line of its own. */
  table(rows: readonly (readonly [string, Text])[]): void {
    const left = Math.min(34, Math.max(...rows.map(([name]) => terminalWidth(name))));
    for (const [name, text] of rows) {
      const [first = '', ...more] = fold(text[this.language], foldWidth - left - 4);
      if (terminalWidth(name) > left) this.raw(`  ${name}`);
      const label = terminalWidth(name) > left ? '' : name;
      this.raw(`  ${label}${' '.repeat(left - terminalWidth(label))}  ${first}`.trimEnd());
      for (const line of more) this.raw(' '.repeat(left + 4) + line);
    }
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}
