/** Keeps the simulator's tokens and real ones apart: neither ever reaches the other's server. */
import { isLoopbackBase } from '../core/account/index.ts';
import { accountError } from '../core/errors.ts';

/** Every token of the simulator begins like this; no real one does. */
const SIMULATOR_TOKEN_PREFIX = 'SIM_';

/**
 * Throws family `account`, type `simulator_token`, where a simulator's token would go to (or came from) another host
 * than this machine, and where a real one would go to a server on this machine. The token is not named; where another
 * library keeps it, that `place` is.
 */
export function checkTokenOrigin(token: string, apiBase: string, place?: string): void {
  const isSimulated = token.startsWith(SIMULATOR_TOKEN_PREFIX);
  if (isSimulated === isLoopbackBase(apiBase)) return;
  const { host } = new URL(apiBase);
  throw accountError(
    'simulator_token',
    isSimulated
      ? {
          en: `Cannot use a simulator's access token with "${host}": only a simulator accepts it`,
          zh: `不能在“${host}”上使用模拟器的 access_token：它只对模拟器有效`,
        }
      : {
          en: `Cannot use a real access token with "${host}": only tokens that begin with "${SIMULATOR_TOKEN_PREFIX}" go to this machine`,
          zh: `不能在“${host}”上使用真实的 access_token：发往本机的 access_token 必须以“${SIMULATOR_TOKEN_PREFIX}”开头`,
        },
    place === undefined
      ? {
          en: 'Check --profile, --api-base and WECHAT_MP_ACCESS_TOKEN: they must mean the same platform',
          zh: '请检查 --profile、--api-base 和 WECHAT_MP_ACCESS_TOKEN 是否指向同一平台',
        }
      : {
          en: `It comes from ${place}: choose another --store or --api-base`,
          zh: `它来自 ${place}：请换用其他 --store 或 --api-base`,
        },
  );
}
