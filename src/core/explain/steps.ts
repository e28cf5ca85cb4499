/** What the commands are good for that are named as the next step: one sentence each, wherever they are named. */
import type { Text } from '../text/text.ts';
import table from './steps.json' with { type: 'json' };

/** A command that helps, runnable as it stands. */
export interface NextStep {
  readonly command: string;
  readonly why: Text;
}

const reasons: Readonly<Record<string, Text>> = table;

/** The steps of the tables, with their reasons. */
export function stepsOf(commands: readonly string[]): readonly NextStep[] {
  return commands.flatMap((command) => {
    const why = reasons[command];
    return why === undefined ? [] : [{ command, why }];
  });
}

/** What a call takes, of which the platform has refused one. */
export function describeStep(path: string): NextStep {
  return {
    command: `wechat-mp api --describe ${path}`,
    why: {
      en: 'shows what the call takes, how often a day, and who may make it',
      zh: '查看该接口的参数、每日额度及可用的账号类型',
    },
  };
}

/** The way to everything that is known about a trouble. */
export function explainStep(key: string | number): NextStep {
  return {
    command: `wechat-mp explain ${key}`,
    why: { en: 'names the causes and what to do about each', zh: '列出原因与处理办法' },
  };
}
