/** Several changes in a row that may end half way: what was done is said, so that nobody has to guess. */
import type { Client } from '../../../../api/client.ts';
import { getMenu } from '../../../../api/menu.ts';
import { isUnclear } from '../../../../api/repeat.ts';
import { WechatMpError } from '../../../../core/errors.ts';
import { type MatchRule, readConditional, readLiveMenu } from '../../../../core/menu/index.ts';
import { defined } from '../../../../core/text/defined.ts';
import type { Text } from '../../../../core/text/text.ts';
import type { Context } from '../../../context.ts';
import { again, marks, notThere, titleOf, wait } from './texts.ts';

export type StepName =
  'backup' | 'create' | 'look' | 'add_conditional' | 'delete_conditional' | 'delete' | 'verify';
export type StepStatus = 'not_done' | 'done' | 'failed' | 'unknown';

export interface Step {
  readonly step: StepName;
  readonly rule?: MatchRule;
  readonly menuId?: string;
  /** Does it. What it hands back is done instead of the steps that were to follow. */
  readonly run: () => Promise<readonly Step[] | void>;
}

export interface StepReport {
  readonly step: StepName;
  readonly matchrule?: MatchRule;
  readonly menuid?: string;
  readonly status: StepStatus;
}

export function reportStep({ step, rule, menuId }: Step, status: StepStatus): StepReport {
  return { step, ...defined({ matchrule: rule, menuid: menuId }), status };
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
  const lines = isHalf ? [...all.map(([step, how]) => line(step, how)), advice(failed, status)] : [];
  return error.with({
    details: [...error.details, ...lines],
    facts: { ...error.facts, steps: all.map(([step, how]) => reportStep(step, how)) },
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

function advice({ step }: Step, status: StepStatus): Text {
  return status === 'unknown' && step === 'add_conditional' ? wait : again;
}

function line(step: Step, status: StepStatus): Text {
  const title = titleOf(step);
  const mark = marks[status];
  return { en: `${mark.en} ${title.en}`, zh: `${mark.zh} ${title.zh}` };
}

export interface MenuChange {
  readonly make: () => Promise<unknown>;
  /** Reads whether what was wanted is so now. */
  readonly isMade: () => Promise<boolean>;
  /** Whether making it twice is the same as making it once. Then it may be made once more where it is not there. */
  readonly repeatable: boolean;
}

/**
 * Makes a change. Where the answer is unclear and the change is there all the same, that is told and all is well; else
 * the error of the answer is thrown on, with what reading back has shown.
 */
export async function makeSure(context: Context, { make, isMade, repeatable }: MenuChange): Promise<void> {
  for (let isLast = !repeatable; ; isLast = true) {
    const unclear = await make().then(
      () => undefined,
      (error: unknown) => {
        if (isUnclear(error)) return error;
        throw error;
      },
    );
    if (unclear === undefined) return;
    if (await lookFor(isMade, unclear)) {
      context.note({
        en: `The answer was unclear (${unclear.text.en}), but reading back shows that it is done`,
        zh: `应答不明确（${unclear.text.zh}），但回读确认已经生效`,
      });
      return;
    }
    if (isLast) throw stillUnclear(unclear, notThere);
  }
}

async function lookFor(isMade: () => Promise<boolean>, unclear: WechatMpError): Promise<boolean> {
  try {
    return await isMade();
  } catch (error) {
    if (!(error instanceof WechatMpError) || error.family === 'interrupted') throw error;
    throw stillUnclear(unclear, {
      en: `Reading back failed, too: ${error.text.en}`,
      zh: `回读也失败了：${error.text.zh}`,
    });
  }
}

function stillUnclear(error: WechatMpError, found: Text): WechatMpError {
  const { details, facts } = error;
  return error.with({
    details: [...details, found],
    retryable: false,
    facts: { ...facts, outcome: 'unknown' },
  });
}

/** Whether there is no menu any more that was made by API. */
export async function isMenuGone(client: Client): Promise<boolean> {
  const { origin, conditional } = readLiveMenu(await getMenu(client), undefined);
  return origin === 'none' && conditional.length === 0;
}

/** Whether no conditional menu has this id any more. */
export async function isConditionalGone(client: Client, menuId: string): Promise<boolean> {
  return readConditional(await getMenu(client)).every((entry) => entry.menuId !== menuId);
}
