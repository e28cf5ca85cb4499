/** What `wx.config` and the calls behind it say when they fail, and why（JS-SDK 附录5：常见错误及解决方法）. */
import { consolePlaces } from '../account/index.ts';
import type { Text } from '../text/text.ts';

export interface JssdkErrorCause {
  /** Pieces of `errMsg`, in small letters; one is enough. */
  readonly patterns: readonly string[];
  readonly text: Text;
}

/** The first with a pattern in `errMsg` counts: particular ones come before general ones. */
export const jssdkErrorCauses: readonly JssdkErrorCause[] = [
  {
    patterns: ['invalid url domain'],
    text: {
      en: `The domain is not on the list of JS-safe domains (JS 接口安全域名) at ${consolePlaces.domains.en}, the port is not 80 or 443, or the appId belongs to another account`,
      zh: `当前域名未加入 JS 接口安全域名，请在 ${consolePlaces.domains.zh}中检查；也可能是端口不是 80/443，或 appId 不是该公众号的`,
    },
  },
  {
    patterns: ['invalid signature', '63002'],
    text: {
      en: 'The signature does not belong to this URL, ticket, nonceStr and timestamp; sign-url --check names the mistake',
      zh: '签名与当前 URL、ticket、nonceStr、timestamp 不符；可用 sign-url --check 查出原因',
    },
  },
  {
    patterns: ['permission value is offline verifying'],
    text: {
      en: 'wx.config has not run, or the call is missing in jsApiList, or it came before wx.ready',
      zh: 'wx.config 尚未执行，或 jsApiList 中没有该接口，或在 wx.ready 之前就调用了',
    },
  },
  {
    patterns: ['permission denied'],
    text: {
      en: 'The account has no right to this call: not verified, or not allowed for its kind',
      zh: '该公众号没有此接口的权限：未认证，或该类型账号不支持',
    },
  },
  {
    patterns: ['function not exist'],
    text: { en: 'This WeChat app is too old for the call', zh: '当前微信版本过低，不支持此接口' },
  },
  {
    patterns: ['invalid appid'],
    text: { en: 'The appId does not exist or is misspelt', zh: 'appId 不存在或写错了' },
  },
  {
    patterns: ['system error'],
    text: {
      en: 'WeChat calls a wrong signature so as well: check it with sign-url --check, then try again',
      zh: '签名错误时微信也会这样提示：请先用 sign-url --check 检查签名，再重试',
    },
  },
];
