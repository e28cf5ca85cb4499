/** What a relay says to its clients, in both languages; without a full stop, to stand behind "relay:". */
import type { Text } from '../core/text/text.ts';

export const keyMissing: Text = {
  en: 'Send the key of this client: "Authorization: Bearer KEY", or as the secret of the token call',
  zh: '请提供客户端密钥：“Authorization: Bearer 密钥”，或作为获取 access_token 时的 secret',
};
export const keyInvalid: Text = {
  en: 'The relay knows no client with this key; in an SDK, the secret is the key and not the AppSecret',
  zh: '中继没有使用该密钥的客户端；在 SDK 中，secret 应填客户端密钥，而不是 AppSecret',
};
export const tokenInvalid: Text = {
  en: 'This access_token is none of the relay, or its key has been replaced: get a new one from the relay',
  zh: '该 access_token 不是中继签发的，或其密钥已更换：请向中继重新获取',
};
export const tokenExpired: Text = {
  en: "The relay's token has expired: get a new one from the relay",
  zh: '中继签发的 access_token 已过期：请向中继重新获取',
};
export const forbidden: Text = {
  en: 'The key of this client does not open this path',
  zh: '该客户端的密钥无权调用此路径',
};
export const readOnly: Text = {
  en: 'The relay passes on reading calls only, and this one changes something',
  zh: '中继只转发只读接口，而该接口会产生变更',
};
export const pathUnknown: Text = {
  en: "Only calls of the platform's catalogue are passed on, and this path is none of them",
  zh: '中继只转发接口目录中的接口，该路径不在其中',
};
export const withdrawn: Text = {
  en: 'WeChat has withdrawn this call',
  zh: '微信已下线该接口',
};
export const accountUnknown: Text = {
  en: 'The relay does not serve this AppID',
  zh: '中继没有配置该 AppID',
};
export const accountMissing: Text = {
  en: 'The relay serves several accounts: put the AppID before the path, http://host:8787/wx…/cgi-bin/…',
  zh: '中继服务多个公众号：请在路径前加上 AppID，如 http://主机:8787/wx…/cgi-bin/…',
};
export const requestInvalid: Text = {
  en: 'The request cannot be passed on as it is',
  zh: '请求无法转发',
};
export const methodUnknown: Text = {
  en: 'The platform takes GET and POST only',
  zh: '微信接口只接受 GET 和 POST',
};
export const targetInvalid: Text = {
  en: 'The relay is no proxy: send a path, such as /cgi-bin/menu/get',
  zh: '中继不是代理服务器：请发送路径，例如 /cgi-bin/menu/get',
};
export const parameterTwice: Text = {
  en: 'A parameter stands twice in the query, and which of them counts decides whether the call only reads',
  zh: '查询参数重复，而以哪个为准决定了该接口是否只读',
};
export const bodyTooLarge: Text = {
  en: 'The body is longer than 64 MiB',
  zh: '请求体超过 64 MiB',
};
export const rateLimit: Text = {
  en: 'The client has used up the calls that its key allows for now; nothing was sent',
  zh: '该客户端当前的调用次数已用完；请求未发送',
};
export const quota: Text = {
  en: 'WeChat has just said that no calls are left for this path; nothing was sent',
  zh: '微信刚刚表示该接口的调用次数已用完；请求未发送',
};
export const tooFast: Text = {
  en: 'WeChat has just said that this path is called too often in a minute; nothing was sent',
  zh: '微信刚刚表示该接口每分钟的调用过于频繁；请求未发送',
};
export const stopping: Text = {
  en: 'The relay is being stopped; nothing was sent',
  zh: '中继正在停止；请求未发送',
};
export const unreachable: Text = {
  en: 'The relay got no answer of the platform',
  zh: '中继未收到微信的应答',
};
export const upstreamTimeout: Text = {
  en: 'The platform did not answer the relay in time',
  zh: '微信未在规定时间内应答中继',
};
export const redirected: Text = {
  en: 'The platform redirects the call, and redirects are not followed',
  zh: '微信要求重定向，而中继不跟随重定向',
};
export const noSpace: Text = {
  en: 'The relay has no room for a body that is sent in chunks; send it with Content-Length',
  zh: '中继没有空间暂存分块发送的请求体；请带 Content-Length 发送',
};
export const noSecret: Text = {
  en: 'The relay itself has no AppSecret of this account',
  zh: '中继没有该公众号的 AppSecret',
};
export const grantType: Text = { en: 'invalid grant_type', zh: 'grant_type 无效' };
export const postOnly: Text = { en: 'require POST method', zh: '需要 POST 方法' };
export const ticketType: Text = {
  en: 'type must be jsapi or wx_card',
  zh: 'type 应为 jsapi 或 wx_card',
};
export const failed: Text = {
  en: 'The relay has failed at this request: a mistake of its own',
  zh: '中继处理该请求时出错，这是中继自身的问题',
};
