/** `help [path...]` and the topics. */
import { usageError } from '../../core/errors.ts';
import { commandError, scanArguments } from '../arguments.ts';
import { defineCommand } from '../command.ts';
import { createPaint, wantsColor } from '../output.ts';

export const command = defineCommand({
  arguments: [
    {
      name: '[words...]',
      text: { en: 'A command such as "menu push", or a topic', zh: '命令（如 menu push）或主题' },
    },
  ],
  examples: [
    { command: 'wechat-mp help menu push', text: { en: 'Help on a command', zh: '某个命令的帮助' } },
    { command: 'wechat-mp help exit-codes', text: { en: 'Help on a topic', zh: '某个主题的帮助' } },
  ],
  output: { en: 'The help text.', zh: '帮助文本。' },
  async run(context, { arguments: words }) {
    const { io, language } = context;
    const paint = await createPaint(
      wantsColor(context.options.color, context.environment, io.terminal.stdoutIsTty),
    );
    const { topics, renderTopic } = await import('../topics.ts');
    const [first = ''] = words;
    const topic = words.length === 1 ? topics[first] : undefined;
    if (topic !== undefined) {
      context.print(
        { topic: first, text: renderTopic(topic, language, paint) },
        renderTopic(topic, language, paint).trimEnd(),
      );
      return;
    }
    const scan = scanArguments(words);
    if (scan.unknown !== undefined) {
      const { closestTo } = await import('../suggest.ts');
      const close = closestTo(scan.unknown, Object.keys(topics));
      if (close === undefined) throw await commandError(scan);
      throw usageError(
        'topic_unknown',
        { en: `There is no topic "${scan.unknown}"`, zh: `没有 "${scan.unknown}" 这个主题` },
        { en: `Did you mean: wechat-mp help ${close}`, zh: `是不是想用：wechat-mp help ${close}` },
      );
    }
    const { renderHelp } = await import('../help.ts');
    const text = await renderHelp(scan, language, paint);
    context.print({ command: scan.path.join(' '), text }, text.trimEnd());
  },
});
