/** How many of the day's codes the batches of this machine have used (qrcode/create: 100,000 a day and account). */
import { maxCodes } from '../../../../core/qrcode/index.ts';
import { sha256Hex } from '../../../../core/text/digest.ts';
import type { Context } from '../../../context.ts';
import type { QrPlan } from './plan.ts';

/** The platform's day begins at midnight in Beijing. */
const beijingMs = 8 * 3600_000;

export interface QrBudget {
  readonly used: number;
  spend(): void;
}

/**
 * The count of an account is the length of a file, one byte a code: adding is one call of the system, which several
 * processes may do at once and a kill cannot spoil. Where there is no place for it, nothing is counted.
 */
export function openBudget({ io, settings }: Context, appId: string | undefined): QrBudget {
  const { files, clock } = io;
  const nothing: QrBudget = { used: 0, spend: () => {} };
  if (settings.cacheDirectory === undefined || appId === undefined) return nothing;
  const folder = `${settings.cacheDirectory}/quota`;
  const day = new Date(clock.now() + beijingMs).toISOString().slice(0, 10);
  const account = sha256Hex(`${settings.apiBase.value} ${appId}`);
  const path = `${folder}/${account}.qrcode-create.${day}`;
  try {
    files.makePrivate(folder);
    for (const name of files.list(folder)) if (!name.endsWith(day)) files.remove(`${folder}/${name}`);
    const used = files.stat(path)?.size;
    if (used === undefined) files.write(path, '');
    return { used: used ?? 0, spend: () => addQuietly(() => files.append(path, '.')) };
  } catch {
    return nothing;
  }
}

/** The code exists, whether it is counted or not. */
function addQuietly(add: () => void): void {
  try {
    add();
  } catch {
    // A full disk shows itself where the code is saved.
  }
}

/** Asks before codes that stay for ever. */
export async function confirmPermanent(context: Context, { tasks }: QrPlan): Promise<void> {
  const count = tasks.filter(({ row, entry }) => row.scene.permanent && entry === undefined).length;
  if (count === 0) return;
  const again = tasks.filter((task) => task.again !== undefined).length;
  const [twice, zhTwice] =
    again === 0 ? ['', ''] : [` ${again} of them may exist already.`, `其中 ${again} 个可能已存在。`];
  await context.confirm({
    en: `Create ${count} permanent QR ${count === 1 ? 'code' : 'codes'}? They can never be deleted, and an account has ${maxCodes} in all.${twice}`,
    zh: `创建 ${count} 个永久二维码吗？创建后无法删除，每个账号总共 ${maxCodes} 个。${zhTwice}`,
  });
}

/** Asks before a batch that the platform would refuse half way, as far as this machine knows. */
export async function confirmBudget(context: Context, { tasks }: QrPlan, { used }: QrBudget): Promise<void> {
  const count = tasks.filter(({ entry }) => entry === undefined).length;
  const left = Math.max(0, maxCodes - used);
  if (count <= left) return;
  await context.confirm({
    en: `Create ${count} codes, although about ${left} are left today? This machine has made ${used} for the account, and WeChat allows ${maxCodes} a day; the rest can follow tomorrow with --resume.`,
    zh: `创建 ${count} 个二维码吗？今天大约还剩 ${left} 个：本机今天已为该账号创建 ${used} 个，微信每天最多允许 ${maxCodes} 个；其余可于明天用 --resume 继续。`,
  });
}
