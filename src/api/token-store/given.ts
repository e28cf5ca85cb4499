/** A token that was given by hand: nothing renews it, and no store keeps it. */
import { accountError, inputError, usageError, type WechatMpError } from '../../core/errors.ts';
import { isCredentialText } from '../../core/token/index.ts';
import type { Credential, TokenSource } from '../token-source.ts';

/**
 * A token given by hand, for example in `WECHAT_MP_ACCESS_TOKEN`: never fetched, never stored, and nothing can renew it.
 * Throws an input error for what cannot be a token.
 */
export function givenToken(value: string): TokenSource {
  if (!isCredentialText(value)) throw givenTokenInvalid();
  const credential: Credential = {
    value,
    expiresAtMs: Number.POSITIVE_INFINITY,
    source: 'given',
    endpoint: 'given',
  };
  return {
    get: async ({ force = false } = {}) => {
      if (force) throw givenTokenFixed();
      return credential;
    },
    renew: async () => {
      throw givenTokenRefused();
    },
    peek: async () => undefined,
    clear: async () => false,
  };
}

function givenTokenRefused(): WechatMpError {
  return accountError(
    'given_token_refused',
    {
      en: 'WeChat refuses the access token that was given by hand, and the tool cannot renew it',
      zh: '微信拒绝了手动提供的 access_token，本工具无法更新它',
    },
    {
      en: 'Give a new token, or unset WECHAT_MP_ACCESS_TOKEN and configure AppID and AppSecret',
      zh: '请提供新的 access_token，或取消 WECHAT_MP_ACCESS_TOKEN 并配置 AppID 和 AppSecret',
    },
  );
}

function givenTokenFixed(): WechatMpError {
  return usageError(
    'given_token_fixed',
    {
      en: 'Cannot refresh an access token that was given by hand',
      zh: '无法刷新手动提供的 access_token',
    },
    {
      en: 'Unset WECHAT_MP_ACCESS_TOKEN and configure AppID and AppSecret',
      zh: '请取消 WECHAT_MP_ACCESS_TOKEN，并配置 AppID 和 AppSecret',
    },
  );
}

function givenTokenInvalid(): WechatMpError {
  return inputError(
    'given_token_invalid',
    {
      en: 'Cannot use the access token that was given by hand: it must be 1 to 512 printable ASCII characters without blanks',
      zh: '手动提供的 access_token 无法使用：应为 1 到 512 个可见的 ASCII 字符，不含空格',
    },
    {
      en: 'Paste the token alone, without quotes and line breaks',
      zh: '请只粘贴 access_token 本身，不带引号和换行',
    },
  );
}
