/** `explain <rid>`: what WeChat kept of a request. */
import { fetchRequest, type KeptRequest } from '../../../api/openapi.ts';
import { WechatMpError } from '../../../core/errors.ts';
import type { Pasted } from '../../../core/explain/index.ts';
import type { Context } from '../../context.ts';

const ridLifeMs = 7 * 86_400_000;

/**
 * What the platform kept of the request, where a rid is all that there is to go by: a text with a code is explained
 * without asking anybody. Asked only for a whole rid of the last 7 days, and where an account is configured. Whatever
 * goes wrong is a note: the rest is known without it.
 */
export async function lookUp(context: Context, { rid }: Pasted): Promise<KeptRequest | undefined> {
  if (rid?.atMs === undefined || !rid.whole) return undefined;
  if (context.io.clock.now() - rid.atMs > ridLifeMs) return undefined;
  const { settings } = context;
  const given = settings.via ?? (await settings.accessToken());
  if (given === undefined && (await settings.appId()) === undefined) return undefined;
  // A token of the classic endpoint would end the one that others hold: no question is worth that.
  if (given === undefined && settings.tokenEndpoint.value === 'classic') return undefined;
  try {
    const { openClient } = await import('../../settings/platform.ts');
    const asking = { en: 'Asking WeChat what became of it', zh: '正在向微信查询' };
    return await context.wait(asking, fetchRequest(await openClient(context), rid.rid));
  } catch (error) {
    if (!(error instanceof WechatMpError) || error.family === 'interrupted') throw error;
    context.note({
      en: `WeChat could not be asked about the rid: ${error.text.en}`,
      zh: `无法向微信查询该 rid：${error.text.zh}`,
    });
    return undefined;
  }
}
