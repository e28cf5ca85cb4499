/** The secrets of the server configuration（服务器配置）, for the commands that need them. */
import { WechatMpError } from '../core/errors.ts';
import type { Context } from './context.ts';

/** The callback Token (令牌). An unusual one is used all the same, with a warning: the platform decides. */
export async function requireCallbackToken(context: Context): Promise<string> {
  const found = await context.settings.callbackToken();
  if (found === undefined) {
    throw new WechatMpError({
      family: 'account',
      type: 'no_callback_token',
      text: { en: 'There is no callback Token', zh: '没有配置令牌（Token）' },
      hint: {
        en: 'Set WECHAT_MP_CALLBACK_TOKEN, use --callback-token-stdin or --callback-token-file, or save it with "wechat-mp profile add"',
        zh: '设置 WECHAT_MP_CALLBACK_TOKEN，使用 --callback-token-stdin 或 --callback-token-file，或用 wechat-mp profile add 保存',
      },
    });
  }
  if (!/^[A-Za-z0-9]{3,32}$/.test(found.value)) {
    context.warn({
      en: 'The callback Token is unusual: the console takes 3 to 32 letters and digits',
      zh: '令牌（Token）不符合常规：后台要求 3 至 32 位英文字母或数字',
    });
  }
  return found.value;
}
