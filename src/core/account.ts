import { consolePlaces } from './console-places.ts';
import { inputError } from './errors.ts';

/** Whether this is an AppID（开发者ID）: `wx` and 16 hex digits. */
export function isAppId(text: string): boolean {
  return /^wx[0-9a-fA-F]{16}$/.test(text);
}

/** The AppID, unchanged. Throws an input error that does not quote the value: a secret may have been pasted here. */
export function parseAppId(text: string): string {
  if (isAppId(text)) return text;
  const length = text.length;
  throw inputError(
    'appid_invalid',
    {
      en: `Cannot use this AppID: an AppID is "wx" and 16 hex digits, got ${length} ${length === 1 ? 'character' : 'characters'}`,
      zh: `AppID 无效：应为“wx”加 16 位十六进制数字，实际为 ${length} 个字符`,
    },
    {
      en: `Copy the AppID from ${consolePlaces.appId.en}`,
      zh: `请从 ${consolePlaces.appId.zh} 复制 AppID`,
    },
  );
}

/** The callback Token（令牌）, unchanged: 3 to 32 letters and digits. Throws an input error without the value. */
export function parseCallbackToken(text: string): string {
  if (/^[A-Za-z0-9]{3,32}$/.test(text)) return text;
  throw inputError(
    'callback_token_invalid',
    {
      en: `Cannot use this callback Token: it must be 3 to 32 letters and digits, got ${describe(text)}`,
      zh: `令牌（Token）无效：应为 3 至 32 位英文字母或数字，实际为${describeInChinese(text)}`,
    },
    {
      en: `Copy the Token from ${consolePlaces.messagePush.en}`,
      zh: `请从 ${consolePlaces.messagePush.zh} 复制令牌`,
    },
  );
}

/** The EncodingAESKey（消息加解密密钥）, unchanged: exactly 43 letters and digits. Throws an input error without the value. */
export function parseEncodingAESKey(text: string): string {
  if (isEncodingAESKey(text)) return text;
  throw inputError(
    'aes_key_invalid',
    {
      en: `Cannot use this EncodingAESKey: it must be 43 letters and digits, got ${describe(text)}`,
      zh: `EncodingAESKey 无效：应为 43 位英文字母或数字，实际为${describeInChinese(text)}`,
    },
    isEncodingAESKey(text.replace(/=+$/, ''))
      ? paddedKey
      : {
          en: `Copy it from ${consolePlaces.messagePush.en}`,
          zh: `请从 ${consolePlaces.messagePush.zh} 复制`,
        },
  );
}

/** Libraries add it, because 32 bytes in Base64 end with it. */
const paddedKey = {
  en: 'Leave the = at the end out: the console shows the key without it',
  zh: '请去掉末尾的“=”：后台显示的密钥不含该字符',
};

export function isEncodingAESKey(text: string): boolean {
  return /^[A-Za-z0-9]{43}$/.test(text);
}

function describe(text: string): string {
  const count = text.length === 1 ? '1 character' : `${text.length} characters`;
  return /^[A-Za-z0-9]*$/.test(text) ? count : `${count}, some of them neither letters nor digits`;
}

function describeInChinese(text: string): string {
  const count = ` ${text.length} 个字符`;
  return /^[A-Za-z0-9]*$/.test(text) ? count : `${count}，其中有字母和数字以外的字符`;
}
