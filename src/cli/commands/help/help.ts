/** `help [path...]` and the topics. */
import { usageError, type WechatMpError } from '../../../core/errors.ts';
import { scanArguments, type Scan } from '../../frame/arguments.ts';
import { commandError } from '../../frame/command-error.ts';
import { defineCommand } from '../../frame/command.ts';
import { createPaint, wantsColor } from '../../frame/output.ts';

export const command = defineCommand({
  arguments: [
    {
      name: '[words...]',
      text: { en: 'A command such as "menu push", or a topic', zh: '命令（如 menu push）或主题' },
      values: ['<command>', 'exit-codes', 'environment', 'config', 'output', 'ci', 'scenario', 'topics'],
    },
  ],
  examples: [
    { command: 'wechat-mp help menu push', text: { en: 'Help on a command', zh: '某个命令的帮助' } },
    {
      command: 'wechat-mp help --json menu push',
      text: { en: 'The same as data, for programs', zh: '以数据形式输出，供程序使用' },
    },
    { command: 'wechat-mp help exit-codes', text: { en: 'Help on a topic', zh: '某个主题的帮助' } },
    { command: 'wechat-mp help topics', text: { en: 'All topics', zh: '全部主题' } },
  ],
  output: {
    en: 'The help text.\nJSON: {"version","commands":[{"path","summary","arguments","options","examples","output","exit_codes","effect","confirmation"}],"global_options","exit_codes","error_types","variables"}, where "output" is a JSON Schema and "effect" none, local or remote; of a topic {"topic","text"}',
    zh: '帮助文本。\nJSON：{"version","commands":[{"path","summary","arguments","options","examples","output","exit_codes","effect","confirmation"}],"global_options","exit_codes","error_types","variables"}，其中 "output" 为 JSON Schema，"effect" 为 none、local 或 remote；主题为 {"topic","text"}',
  },
  effect: 'none',
  async run(context, { arguments: words }) {
    const { io, language } = context;
    const colored = wantsColor(context.options.color, context.environment, io.terminal.stdoutIsTty);
    const paint = await createPaint(colored && !context.options.json);
    const { topics, renderTopic } = await import('./topics.ts');
    const [first = ''] = words;
    const topic = words.length === 1 && Object.hasOwn(topics, first) ? topics[first] : undefined;
    if (topic !== undefined) {
      const text = renderTopic(topic, language, paint);
      if (context.options.json) context.print({ topic: first, text }, '');
      else io.terminal.writeStdout(text);
      return;
    }
    const scan = scanArguments(words);
    if (scan.unknown !== undefined) {
      const { didYouMean } = await import('../../frame/suggest.ts');
      const hint = didYouMean('wechat-mp help', scan.unknown, Object.keys(topics));
      if (hint === undefined) throw commandError(scan);
      throw usageError(
        'topic_unknown',
        { en: `There is no topic "${scan.unknown}"`, zh: `没有 "${scan.unknown}" 这个主题` },
        hint,
      );
    }
    if (scan.rest.length > 0) throw tooManyWords(scan);
    if (context.options.json) {
      const { describeTool } = await import('./tree.ts');
      context.print(await describeTool(scan.path, (text) => context.say(text)), '');
      return;
    }
    const { renderHelp } = await import('../../frame/help.ts');
    // Help is our own text: its colours may pass.
    io.terminal.writeStdout(await renderHelp(scan, language, paint));
  },
});

function tooManyWords({ path, rest }: Scan): WechatMpError {
  const name = path.join(' ');
  return usageError(
    'topic_unknown',
    { en: `Command "${name}" has no "${rest[0]}"`, zh: `"${name}" 下面没有 "${rest[0]}"` },
    { en: `Run: wechat-mp help ${name}`, zh: `运行：wechat-mp help ${name}` },
  );
}
