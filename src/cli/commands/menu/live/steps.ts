/** Several changes in a row that may end half way: what was done is said, so that nobody has to guess. */
import { isUnclear } from '../../../../api/repeat.ts';
import { WechatMpError } from '../../../../core/errors.ts';
import type { MatchRule } from '../../../../core/menu/index.ts';
import { defined } from '../../../../core/text/defined.ts';
import type { Text } from '../../../../core/text/text.ts';
import type { Context } from '../../../context.ts';
import { describeRule } from './rule-text.ts';

type StepName = 'backup' | 'create' | 'look' | 'add_conditional' | 'delete_conditional' | 'delete' | 'verify';
type StepStatus = 'not_done' | 'done' | 'failed' | 'unknown';

export interface Step {
  readonly step: StepName;
  /** Of a conditional menu. */
  readonly rule?: MatchRule;
  readonly menuId?: string;
  /** Does it. What it hands back is done instead of the steps that were to follow. */
  readonly run: () => Promise<readonly Step[] | void>;
}

/** A step as scripts read it. */
export interface StepReport {
  readonly step: StepName;
  readonly matchrule?: MatchRule;
  readonly menuid?: string;
  readonly status: StepStatus;
}

export function reportStep({ step, rule, menuId }: Step, status: StepStatus): StepReport {
  return {
    step,
    ...defined({ matchrule: rule, menuid: menuId }),
    status,
  };
}

/**
 * Takes one step after another. A failure is thrown on with all steps in its details and facts; where the outcome of a
 * step is not known, it says so, and nothing further is done.
 */
export async function takeSteps(context: Context, steps: readonly Step[]): Promise<readonly StepReport[]> {
  const done: Step[] = [];
  let left = steps;
  for (let step = left[0]; step !== undefined; step = left[0]) {
    left = left.slice(1);
    try {
      left = (await context.wait(titleOf(step), step.run())) ?? left;
    } catch (error) {
      throw halfWay(error, done, step, left);
    }
    done.push(step);
  }
  return done.map((step) => reportStep(step, 'done'));
}

function halfWay(error: unknown, done: readonly Step[], failed: Step, left: readonly Step[]): unknown {
  if (!(error instanceof WechatMpError)) return error;
  const status = statusOf(error, failed);
  const all: readonly (readonly [Step, StepStatus])[] = [
    ...done.map((step) => [step, 'done'] as const),
    [failed, status],
    ...left.map((step) => [step, 'not_done'] as const),
  ];
  // Where nothing was changed there is nothing to sort out.
  const isHalf = status === 'unknown' || done.some(isWrite);
  const { family, type, text, hint, details, retryable, facts, cause } = error;
  return new WechatMpError({
    family,
    type,
    text,
    hint,
    retryable,
    cause,
    details: [
      ...details,
      ...(isHalf ? [...all.map(([step, how]) => line(step, how)), advice(failed, status)] : []),
    ],
    facts: { ...facts, steps: all.map(([step, how]) => reportStep(step, how)) },
  });
}

/** A call that was cut off, whether by the network or by Ctrl-C, may have been carried out all the same. */
function statusOf(error: WechatMpError, step: Step): StepStatus {
  return isWrite(step) && (error.family === 'interrupted' || isUnclear(error)) ? 'unknown' : 'failed';
}

const writes: readonly StepName[] = ['create', 'add_conditional', 'delete_conditional', 'delete'];

function isWrite({ step }: Step): boolean {
  return writes.includes(step);
}

const again: Text = {
  en: 'Running the same command again is safe: what is done already is not done twice',
  zh: '可以放心重新运行同一命令：已完成的步骤不会重复执行',
};

const wait: Text = {
  en: 'Wait a moment before you run it again; it looks first, and what has arrived is not added twice',
  zh: '请稍候再重新运行；命令会先读取线上状态，已生效的不会重复添加',
};

function advice({ step }: Step, status: StepStatus): Text {
  return status === 'unknown' && step === 'add_conditional' ? wait : again;
}

function line(step: Step, status: StepStatus): Text {
  const title = titleOf(step);
  const mark = marks[status];
  return { en: `${mark.en} ${title.en}`, zh: `${mark.zh} ${title.zh}` };
}

const marks: Readonly<Record<StepStatus, Text>> = {
  done: { en: '✓ done:    ', zh: '✓ 已完成：' },
  failed: { en: '✗ failed:  ', zh: '✗ 失败：  ' },
  unknown: { en: '? unknown: ', zh: '? 未知：  ' },
  not_done: { en: '– not done:', zh: '– 未执行：' },
};

function titleOf({ step, rule = {}, menuId }: Step): Text {
  const words = describeRule(rule);
  const id = menuId === undefined ? '' : ` (menuid ${menuId})`;
  const titles: Readonly<Record<StepName, Text>> = {
    backup: { en: 'Saving what is live', zh: '备份线上菜单' },
    create: { en: 'Sending the menu', zh: '发送菜单' },
    add_conditional: {
      en: `Adding the conditional menu for ${words.en}`,
      zh: `添加个性化菜单：${words.zh}`,
    },
    delete_conditional: {
      en: `Deleting the conditional menu for ${words.en}${id}`,
      zh: `删除个性化菜单：${words.zh}${id}`,
    },
    delete: { en: 'Deleting the menu', zh: '删除菜单' },
    look: { en: 'Looking for the conditional menus', zh: '确认个性化菜单仍在' },
    verify: { en: 'Reading the menu back', zh: '回读校验' },
  };
  return titles[step];
}
