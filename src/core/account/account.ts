import { consolePlaces } from './console-places.ts';
import { inputError } from '../errors.ts';
import { isAppId, isCallbackToken, isEncodingAESKey } from './plain-credential.ts';
import type { Text } from '../text/text.ts';

/** The AppID, unchanged. Throws an input error that does not quote the value: a secret may have been pasted here. */
export function parseAppId(text: string): string {
  if (isAppId(text)) return text;
  const mistaken = mistakenForAppId.find(({ form }) => form.test(text))?.text;
  throw inputError(
    'appid_invalid',
    {
      en: `Cannot use this AppID: ${mistaken?.en ?? `an AppID is "wx" and 16 hex digits, got ${describe(text).en}`}`,
      zh: `AppID 无效：${mistaken?.zh ?? `应为“wx”加 16 位十六进制数字，实际为${describe(text).zh}`}`,
    },
    {
      en: `Copy the AppID from ${consolePlaces.appId.en}`,
      zh: `请从 ${consolePlaces.appId.zh}复制 AppID`,
    },
  );
}

/** Other things that have a form of their own and are taken for the AppID. */
const mistakenForAppId: readonly { readonly form: RegExp; readonly text: Text }[] = [
  {
    form: /^gh_/i,
    text: {
      en: '"gh_…" is the original ID (原始ID) of an account, which is another number',
      zh: '“gh_…”是公众号的原始 ID，不是 AppID',
    },
  },
  {
    form: /^ww[0-9a-f]{16}$/i,
    text: {
      en: '"ww…" is a CorpID of WeCom (企业微信), which has an API of its own',
      zh: '“ww…”是企业微信的 CorpID，企业微信使用另一套接口',
    },
  },
  {
    form: /^WX[0-9a-f]{16}$/i,
    text: { en: 'it must begin with "wx" in small letters', zh: '应以小写“wx”开头' },
  },
  {
    form: /^wxid_/i,
    text: { en: '"wxid_…" is the WeChat ID of a person', zh: '“wxid_…”是个人微信号，不是 AppID' },
  },
  {
    form: /^wx[0-9a-z]{16}$/i,
    text: {
      en: 'it has 18 characters as it must, but some are letters after f',
      zh: '长度正确，但含有 f 之后的字母',
    },
  },
  { form: /^[0-9a-f]{32}$/i, text: { en: 'this looks like an AppSecret', zh: '内容像是 AppSecret' } },
  {
    form: /^[A-Za-z0-9]{43}$/,
    text: { en: 'this looks like an EncodingAESKey', zh: '内容像是 EncodingAESKey' },
  },
  { form: /^o[\w-]{27}$/, text: { en: "this looks like a follower's OpenID", zh: '内容像是用户的 OpenID' } },
];

/** The callback Token（令牌）, unchanged: 3 to 32 letters and digits. Throws an input error without the value. */
export function parseCallbackToken(text: string): string {
  if (isCallbackToken(text)) return text;
  throw inputError(
    'callback_token_invalid',
    {
      en: `Cannot use this callback Token: it must be 3 to 32 letters and digits, got ${describe(text).en}`,
      zh: `令牌（Token）无效：应为 3 至 32 位英文字母或数字，实际为${describe(text).zh}`,
    },
    {
      en: `Copy the Token from ${consolePlaces.messagePush.en}`,
      zh: `请从 ${consolePlaces.messagePush.zh}复制令牌`,
    },
  );
}

/** What is odd about the form of a callback Token that is used all the same, because the platform decides. */
export function describeOddCallbackToken(text: string): Text | undefined {
  if (isCallbackToken(text)) return undefined;
  const { en, zh } = describe(text);
  return {
    en: `The callback Token is unusual: the console takes 3 to 32 letters and digits, and this has ${en}`,
    zh: `令牌（Token）不符合常规：后台要求 3 至 32 位英文字母或数字，实际为${zh}`,
  };
}

/** The EncodingAESKey（消息加解密密钥）, unchanged: exactly 43 letters and digits. Throws an input error without the value. */
export function parseEncodingAESKey(text: string): string {
  if (isEncodingAESKey(text)) return text;
  throw inputError(
    'aes_key_invalid',
    {
      en: `Cannot use this EncodingAESKey: it must be 43 letters and digits, got ${describe(text).en}`,
      zh: `EncodingAESKey 无效：应为 43 位英文字母或数字，实际为${describe(text).zh}`,
    },
    isEncodingAESKey(text.replace(/=+$/, ''))
      ? paddedKey
      : {
          en: `Copy it from ${consolePlaces.messagePush.en}`,
          zh: `请从 ${consolePlaces.messagePush.zh}复制`,
        },
  );
}

/** Libraries add it, because 32 bytes in Base64 end with it. */
const paddedKey = {
  en: 'Leave the = at the end out: the console shows the key without it',
  zh: '请去掉末尾的“=”：后台显示的密钥不含该字符',
};

/**
 * What is odd about the form of an AppSecret, where something is; never a part of it. Those of the console have 32 digits
 * and letters from a to f, but nothing says that it must be so: for the moment after WeChat has refused one.
 */
export function describeOddSecret(secret: string, when: 'typed' | 'sent'): Text | undefined {
  if (/^[0-9a-f]{32}$/.test(secret)) return undefined;
  const { en, zh } = describe(secret);
  const odd = oddities.some(({ form }) => form.test(secret));
  const others: Text = odd || /^[0-9a-f]*$/.test(secret) ? { en: '', zh: '' } : lettersOf(secret);
  return {
    en: `The AppSecret${when === 'sent' ? ' that was sent' : ''} has ${en}${others.en}; one from the console has 32, digits and a to f`,
    zh: `${when === 'sent' ? '所用的' : '输入的'} AppSecret 有${zh}${others.zh}；后台的 AppSecret 为 32 位，由数字和 a 至 f 组成`,
  };
}

function lettersOf(secret: string): Text {
  return /[g-z]/i.test(secret)
    ? { en: ', some of them letters after f', zh: '，其中有 f 之后的字母' }
    : { en: ', some of them capital letters', zh: '，其中有大写字母' };
}

const oddities: readonly { readonly form: RegExp; readonly text: Text }[] = [
  { form: /\p{Cf}/u, text: { en: 'an invisible character', zh: '不可见字符' } },
  { form: /\s/u, text: { en: 'a blank', zh: '空白字符' } },
  { form: /["'`“”‘’]/u, text: { en: 'a quote', zh: '引号' } },
  { form: /[\u{ff01}-\u{ff5e}]/u, text: { en: 'a full-width character', zh: '全角字符' } },
  {
    form: /[^A-Za-z0-9]/u,
    text: { en: 'something that is neither a letter nor a digit', zh: '字母和数字以外的字符' },
  },
];

/** `44 characters, among them a blank`: the form of a text, for people, without a piece of it. */
function describe(text: string): Text {
  const { length } = text;
  const odd = oddities.find(({ form }) => form.test(text))?.text;
  return {
    en: `${length} ${length === 1 ? 'character' : 'characters'}${odd === undefined ? '' : `, among them ${odd.en}`}`,
    zh: ` ${length} 个字符${odd === undefined ? '' : `，其中有${odd.zh}`}`,
  };
}
