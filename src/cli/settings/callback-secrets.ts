/** The secrets of the server configuration（服务器配置）, for the commands that need them. */
import { describeOddCallbackToken } from '../../core/account/index.ts';
import { WechatMpError } from '../../core/errors.ts';
import type { AesKey } from '../../core/callback/index.ts';
import type { Context } from '../context.ts';

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
  const odd = describeOddCallbackToken(found.value);
  if (odd !== undefined) context.warn(odd);
  return found.value;
}

/** The EncodingAESKey as it is written in the console, unchecked. */
export async function requireEncodingAESKey(context: Context): Promise<string> {
  const found = await context.settings.encodingAESKey();
  if (found !== undefined) return found.value;
  throw new WechatMpError({
    family: 'account',
    type: 'aes_key_missing',
    text: { en: 'There is no EncodingAESKey', zh: '没有配置 EncodingAESKey' },
    hint: {
      en: 'Set WECHAT_MP_AES_KEY, use --aes-key-stdin or --aes-key-file, or save it with "wechat-mp profile add"',
      zh: '设置 WECHAT_MP_AES_KEY，使用 --aes-key-stdin 或 --aes-key-file，或用 wechat-mp profile add 保存',
    },
  });
}

/** Key and AppID, for encrypting. Throws family `account` where one is missing, and a refusal of a malformed key. */
export async function requireCrypt(
  context: Context,
): Promise<{ readonly key: AesKey; readonly appId: string }> {
  const text = await requireEncodingAESKey(context);
  const { parseEncodingAESKey } = await import('../../core/account/account.ts');
  const { decodeEncodingAESKey } = await import('../../core/callback/message-crypto.ts');
  const key = decodeEncodingAESKey(parseEncodingAESKey(text));
  const appId = context.settings.appId?.value;
  if (appId !== undefined) return { key, appId };
  throw new WechatMpError({
    family: 'account',
    type: 'appid_missing',
    text: { en: 'There is no AppID: encrypted messages hold it', zh: '没有 AppID：加密消息中包含 AppID' },
    hint: {
      en: 'Set WECHAT_MP_APPID, use --appid, or save it with "wechat-mp profile add"',
      zh: '设置 WECHAT_MP_APPID，使用 --appid，或用 wechat-mp profile add 保存',
    },
  });
}
