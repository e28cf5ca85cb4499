/** Questions on stderr, drawn by clack. */
import { confirm, isCancel, password, select, text } from '@clack/prompts';
import { WechatMpError } from '../../core/errors.ts';
import { interruption } from '../interruption.ts';
import type { Prompter } from '../ports.ts';

/** A signal ends the question, too, and leaves the terminal as it was. */
const common = () => ({ input: process.stdin, output: process.stderr, signal: interruption() });

export function createPrompter(): Prompter {
  return {
    text: async (question, check) =>
      answered<string>(await text({ message: question, validate: checkText(check), ...common() })),
    secret: async (question, check) =>
      answered<string>(
        await password({ message: question, validate: checkText(check), mask: '•', ...common() }),
      ),
    confirm: async (question, { yes, no }) =>
      answered<boolean>(
        await confirm({ message: question, active: yes, inactive: no, initialValue: false, ...common() }),
      ),
    choose: async (question, choices) =>
      answered<string>(await select({ message: question, options: [...choices], ...common() })),
  };
}

function checkText(check: ((answer: string) => string | undefined) | undefined) {
  return (answer: string | undefined): string | undefined => check?.(answer ?? '');
}

function answered<T extends string | boolean>(answer: T | symbol): T {
  interruption().throwIfAborted();
  if (!isCancel(answer)) return answer as T;
  throw new WechatMpError({
    family: 'interrupted',
    type: 'interrupted',
    text: { en: 'Cancelled; nothing was changed', zh: '已取消，未做任何更改' },
  });
}
