/** What is said about a callback URL before its port is open, without what answers requests there. */
import { type CallbackSecrets, type EncryptionMode, readEncodingAESKey } from '../core/callback/index.ts';
import { WechatMpError } from '../core/errors.ts';

/** A text message has a few kilobytes, three times that in compatible mode. */
export const maxCallbackBytes = 64 * 1024;

/** The account as its settings have it. */
export interface CallbackAccount extends Pick<CallbackSecrets, 'callbackToken' | 'appId'> {
  readonly mode: EncryptionMode;
  /** Needed with the AppID unless the mode is `plain`. */
  readonly encodingAESKey?: string | undefined;
}

/** Throws an error of family `account` where the mode needs a key or AppID that is missing or malformed. */
export function checkSecrets({ mode, appId, encodingAESKey }: CallbackAccount): void {
  if (mode === 'plain') return;
  if (appId !== undefined && encodingAESKey !== undefined) {
    readEncodingAESKey(encodingAESKey);
    return;
  }
  const missing = appId === undefined ? 'AppID' : 'EncodingAESKey';
  throw new WechatMpError({
    family: 'account',
    type: appId === undefined ? 'appid_missing' : 'aes_key_missing',
    text: {
      en: `Cannot open encrypted messages: no ${missing} is set`,
      zh: `无法处理加密消息：未设置 ${missing}`,
    },
    hint: {
      en: 'Set it with "wechat-mp profile add", or use --mode plain',
      zh: '请用“wechat-mp profile add”设置，或使用 --mode plain',
    },
  });
}
