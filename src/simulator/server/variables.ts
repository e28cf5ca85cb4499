/** What a program needs to know of a simulator. */
import type { ReadyLine } from '../account/account.ts';

/** The five variables that this tool reads; for other programs a fair choice, too. */
export function simulatorVariables(
  ready: Omit<ReadyLine, 'type' | 'accounts'>,
): Readonly<Record<string, string>> {
  return {
    WECHAT_MP_API_BASE: ready.url,
    WECHAT_MP_APPID: ready.appid,
    WECHAT_MP_APPSECRET: ready.secret,
    WECHAT_MP_CALLBACK_TOKEN: ready.callback_token,
    WECHAT_MP_AES_KEY: ready.aes_key,
  };
}
