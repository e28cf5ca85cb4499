/** A change of a menu whose answer leaves open whether it was made: reading back settles it, nothing else does. */
import type { Client } from '../../../../api/client.ts';
import { getMenu } from '../../../../api/menu.ts';
import { isUnclear } from '../../../../api/repeat.ts';
import { WechatMpError } from '../../../../core/errors.ts';
import { readConditional, readLiveMenu } from '../../../../core/menu/index.ts';
import type { Text } from '../../../../core/text/text.ts';
import type { Context } from '../../../context.ts';

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

const notThere: Text = {
  en: 'Reading back does not show it; it may still arrive',
  zh: '回读未见生效；但仍可能稍后生效',
};

function stillUnclear(error: WechatMpError, found: Text): WechatMpError {
  const { family, type, text, hint, details, facts, cause } = error;
  return new WechatMpError({
    family,
    type,
    text,
    hint,
    details: [...details, found],
    retryable: false,
    facts: { ...facts, outcome: 'unknown' },
    cause,
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
