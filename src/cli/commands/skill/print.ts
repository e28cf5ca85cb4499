/** `skill print`: the guide for coding agents on stdout. */
import { defineCommand } from '../../frame/command.ts';
import { formatGuide } from '../../shared/agents/guide.ts';

export const command = defineCommand({
  examples: [
    { command: 'wechat-mp skill print', text: { en: 'Read it', zh: '查看指南' } },
    { command: 'wechat-mp skill print --lang zh', text: { en: 'In Chinese', zh: '中文版' } },
  ],
  output: {
    en: 'The guide in Markdown, under 500 words.\nJSON: {"text"}',
    zh: 'Markdown 格式的指南，不超过 500 词。\nJSON：{"text"}',
  },
  effect: 'none',
  async run(context) {
    const text = formatGuide(context.language);
    context.print({ text }, text.trimEnd());
  },
});
