/**
 * Where a person clicks. The developer's pages of mp.weixin.qq.com moved to 微信开发者平台 in 2025; the old place
 * stands in brackets, because screenshots, tutorials and habits still show it.
 */
import type { Text } from '../text/text.ts';

const account = 'developers.weixin.qq.com/platform → 我的业务 → 公众号';
const information = `${account} → 基础信息`;
const domainsAndPushes = `${information} → 域名与消息推送配置`;
const oldSettings = 'mp.weixin.qq.com → 设置与开发 → 基本配置';

export const consolePlaces = {
  appId: moved(information, oldSettings),
  appSecret: moved(`${information} → 开发密钥`, oldSettings),
  ipWhitelist: moved(`${information} → 开发密钥 → API IP 白名单`, oldSettings),
  /** URL, Token（令牌）, EncodingAESKey and mode. */
  messagePush: moved(domainsAndPushes, `${oldSettings} → 服务器配置`),
  /** JS 接口安全域名, 网页授权域名, 业务域名: on both sites. */
  domains: onBothSites(domainsAndPushes, 'mp.weixin.qq.com → 公众号设置 → 功能设置'),
  /** Who may call what, and how often a day. */
  /** Where a rid is looked up, for 7 days. */
  ridDiagnosis: {
    en: 'developers.weixin.qq.com/console/devtools/debug?tab=errorDiag (API 报错诊断)',
    zh: 'developers.weixin.qq.com/console/devtools/debug?tab=errorDiag（API 报错诊断）',
  },
  permissions: moved(`${account} → 接口管理 → 接口权限与额度`, 'mp.weixin.qq.com → 设置与开发 → 接口权限'),
} satisfies Readonly<Record<string, Text>>;

/** Puts a place where a text says `{place:appId}`; a name that is not in the table stays as it is. */
export function fillInPlaces({ en, zh }: Text): Text {
  return { en: fillIn(en, 'en'), zh: fillIn(zh, 'zh') };
}

function fillIn(text: string, language: keyof Text): string {
  return text.replaceAll(/\{place:(\w+)\}/g, (whole, name: string) => {
    const found = Object.entries(consolePlaces).find(([each]) => each === name);
    return found === undefined ? whole : found[1][language];
  });
}

function moved(now: string, before: string): Text {
  return { en: `${now} (formerly ${before})`, zh: `${now}（原 ${before}）` };
}

function onBothSites(now: string, other: string): Text {
  return { en: `${now} (also ${other})`, zh: `${now}（或 ${other}）` };
}
