/** What is said of a relay: where it cannot be reached, and what it refuses. Each names the relay and who can help. */
import { accountError, type ErrorFamily, usageError, WechatMpError } from '../../core/errors.ts';
import { defined } from '../../core/text/defined.ts';
import { excerpt } from '../../core/text/sanitise.ts';
import type { Text } from '../../core/text/text.ts';
import type { RelayRefusal } from './relay.ts';

const checkAddress: Text = {
  en: 'Check that the relay runs, and its address in WECHAT_MP_VIA or --via; nothing goes past it (--via none does)',
  zh: '请检查中继是否在运行，以及 WECHAT_MP_VIA 或 --via 中的地址；不会绕过中继直接发送（--via none 可不经中继）',
};

/** Errors of the way to the relay. A proxy that fails stays a proxy that fails. */
export function unreached(base: string, error: WechatMpError): WechatMpError {
  const { family, text, facts } = error;
  if (family !== 'network' || /^(?:proxy|body_too_large)/.test(error.type)) return error;
  const { type, text: words } = troubleOf(error);
  return error.with({
    type,
    text: { en: `${words.en} ${base}: ${text.en}`, zh: `${words.zh} ${base}：${text.zh}` },
    hint: checkAddress,
    facts: { ...facts, relay: base },
  });
}

function troubleOf({ type, facts }: WechatMpError): { readonly type: string; readonly text: Text } {
  if (type === 'timeout') {
    const text = { en: 'No answer in time from the relay at', zh: '中继未在时限内应答：' };
    return { type: 'relay_silent', text };
  }
  if (facts['request_sent'] === false) {
    return { type: 'relay_unreachable', text: { en: 'Cannot reach the relay at', zh: '无法连接中继' } };
  }
  const text = { en: 'No whole answer from the relay at', zh: '没有收到中继的完整应答：' };
  return { type: 'relay_broke_off', text };
}

/** Something answers, and it is no relay: a page, a gateway, another service. */
export function notARelay(base: string, status: number): WechatMpError {
  return new WechatMpError({
    family: 'network',
    type: 'relay_answer',
    text: {
      en: `What answers at ${base} is not a relay (HTTP ${status})`,
      zh: `${base} 的应答并非来自中继（HTTP ${status}）`,
    },
    hint: {
      en: 'Check the address in WECHAT_MP_VIA or --via; a gateway in front of a relay answers so while the relay is down',
      zh: '请检查 WECHAT_MP_VIA 或 --via 中的地址；中继停止时，其前面的网关也会这样应答',
    },
    retryable: status >= 500,
    facts: {
      relay: base,
      http_status: status,
      request_sent: true,
      ...defined({ request_refused: (status >= 400 && status < 500) || undefined }),
    },
  });
}

/** An answer of the relay's own that lacks what it promises. */
export function unusable(base: string, path: string): WechatMpError {
  return new WechatMpError({
    family: 'network',
    type: 'relay_answer',
    text: {
      en: `Cannot use what the relay at ${base} answers to ${path}`,
      zh: `中继 ${base} 对 ${path} 的应答无法使用`,
    },
    hint: { en: 'It may be of another version: update both', zh: '两端版本可能不同：请都更新' },
    facts: { relay: base },
  });
}

const askOwner = (en: string, zh: string): Text => ({
  en: `Ask who runs the relay: ${en}`,
  zh: `请联系中继的维护者：${zh}`,
});

const keyWanted: Text = {
  en: 'Ask who runs it for a key, and give it in WECHAT_MP_VIA_KEY or with --via-key-file',
  zh: '请向中继的维护者索取密钥，放进 WECHAT_MP_VIA_KEY 或用 --via-key-file 提供',
};

/** No list of paths opens these: they hand out what the relay keeps. */
const ownPaths: ReadonlySet<string> = new Set(['/token', '/ticket', '/metrics']);
const ownPathWanted = askOwner(
  'the line of the key must name {path} beside what it opens now; where it names no path, write name:key:/,{path} (/ is all calls)',
  '须在密钥文件中为该密钥加上 {path}，并保留已有的路径；未列出路径的，写成 名称:密钥:/,{path}（/ 表示全部接口）',
);

const accountMissing = {
  type: 'relay_account_missing',
  family: 'account',
  en: 'serves several accounts, and none was named',
  zh: '服务于多个公众号，而没有指定其中一个',
  hint: {
    en: 'Name it with --appid or WECHAT_MP_APPID, or at the end of the address: https://relay/<appid>',
    zh: '请用 --appid 或 WECHAT_MP_APPID 指定，或写在地址末尾：https://中继/<appid>',
  },
} as const;

const logSaysWhy = askOwner('its log says why', '其日志中有原因');
const lookForPath: Text = {
  en: 'Look for the path: wechat-mp api --list <words>',
  zh: '查找接口路径：wechat-mp api --list <词>',
};

interface Words {
  readonly type: string;
  readonly family: ErrorFamily;
  /** Behind "The relay at …"; `{path}` and `{account}` are what was asked for. */
  readonly en: string;
  readonly zh: string;
  readonly hint: Text;
}

/** In case of doubt the relay has the last word: what it says itself stands below. */
const known: readonly Words[] = [
  { type: 'relay_key_missing', family: 'account', en: 'wants a key', zh: '需要密钥', hint: keyWanted },
  {
    type: 'relay_key_invalid',
    family: 'account',
    en: 'does not know this key',
    zh: '不认识该密钥',
    hint: keyWanted,
  },
  {
    type: 'relay_forbidden',
    family: 'account',
    en: 'gives this key no right to {path}',
    zh: '未授予该密钥调用 {path} 的权限',
    hint: askOwner(
      '{path} must stand in the line of the key in its key file',
      '须在其密钥文件中为该密钥加上 {path}',
    ),
  },
  {
    type: 'relay_read_only',
    family: 'account',
    en: 'is read-only, and {path} changes something',
    zh: '为只读模式，而 {path} 会产生变更',
    hint: askOwner('it was started with --read-only', '它启动时带有 --read-only'),
  },
  {
    type: 'relay_path_unknown',
    family: 'api',
    en: 'passes on documented calls only, and {path} is none',
    zh: '只转发有文档的接口，而 {path} 不在其中',
    hint: lookForPath,
  },
  {
    type: 'relay_call_withdrawn',
    family: 'api',
    en: 'does not pass on {path}, which WeChat has withdrawn',
    zh: '不转发 {path}：微信已下线该接口',
    hint: lookForPath,
  },
  {
    type: 'relay_account_unknown',
    family: 'account',
    en: 'does not serve {account}',
    zh: '不服务于 {account}',
    hint: {
      en: 'Check --appid, WECHAT_MP_APPID, the profile, and "appid" in wechat-mp.json',
      zh: '请检查 --appid、WECHAT_MP_APPID、配置档案，以及 wechat-mp.json 中的 "appid"',
    },
  },
  accountMissing,
  {
    type: 'relay_request_invalid',
    family: 'api',
    en: 'does not understand the request',
    zh: '无法理解该请求',
    hint: { en: 'Look at it with --debug', zh: '请用 --debug 查看' },
  },
  {
    type: 'relay_body_too_large',
    family: 'api',
    en: 'does not take a body of this size',
    zh: '不接受这么大的请求体',
    hint: { en: 'Send less at a time', zh: '请减小单次发送的内容' },
  },
  {
    type: 'relay_rate_limit',
    family: 'limit',
    en: 'lets this key make no more calls for now; nothing was sent to WeChat',
    zh: '暂不允许该密钥继续调用；未向微信发送任何请求',
    hint: askOwner('the rate stands in the line of the key', '频率写在密钥文件中该密钥的一行'),
  },
  {
    type: 'relay_quota',
    family: 'limit',
    en: 'holds back {path}, of which WeChat has nothing left; nothing was sent',
    zh: '暂停转发 {path}：微信侧额度已用完；未发送任何请求',
    hint: { en: 'See what is left: wechat-mp quota', zh: '查看剩余额度：wechat-mp quota' },
  },
  { type: 'relay_stopping', family: 'network', en: 'is being stopped', zh: '正在停止', hint: checkAddress },
  {
    type: 'relay_upstream_unreachable',
    family: 'network',
    en: 'got no answer from WeChat',
    zh: '没有得到微信的应答',
    hint: logSaysWhy,
  },
  {
    type: 'relay_upstream_timeout',
    family: 'network',
    en: 'got no answer from WeChat in time',
    zh: '未在时限内得到微信的应答',
    hint: logSaysWhy,
  },
];

/** A refusal of the relay itself. One of a type that is not a relay's own is trouble that it has had with the token. */
export function refusedBy(base: string, refusal: RelayRefusal): WechatMpError {
  const { type, status, message, path, appId, retryAfterSeconds, sent } = refusal;
  const words = known.find((each) => each.type === type);
  const fill = ({ en, zh }: Text): Text => {
    const [account, zhAccount] =
      appId === undefined ? ['the account of its address', '其地址中的公众号'] : [appId, appId];
    return {
      en: en.replaceAll('{path}', () => path).replace('{account}', account),
      zh: zh.replaceAll('{path}', () => path).replace('{account}', zhAccount),
    };
  };
  const { en, zh } = fill(words ?? { en: `could not do it (${type})`, zh: `未能完成（${type}）` });
  const family = words?.family ?? familyOf(status);
  const hint = type === 'relay_forbidden' && ownPaths.has(path) ? ownPathWanted : words?.hint;
  const wait: Text[] =
    retryAfterSeconds === undefined
      ? []
      : [{ en: `Again in ${retryAfterSeconds} s`, zh: `${retryAfterSeconds} 秒后可重试` }];
  return new WechatMpError({
    family,
    type: words === undefined ? 'relay_failed' : type,
    text: { en: `The relay at ${base} ${en}`, zh: `中继 ${base} ${zh}` },
    details: [...wait, ...(message === undefined ? [] : [said(message)])],
    hint: fill(hint ?? logSaysWhy),
    retryable: family === 'network' || family === 'limit',
    facts: {
      relay: base,
      http_status: status,
      path,
      ...defined({
        relay_type: words === undefined ? type : undefined,
        retry_after: retryAfterSeconds,
        // Whatever is refused before it was passed on has changed nothing.
        request_refused: status < 500 || undefined,
        request_sent: sent ?? (type === 'relay_stopping' ? false : undefined),
      }),
    },
  });
}

function familyOf(status: number): ErrorFamily {
  if (status >= 500) return 'network';
  return status === 429 ? 'limit' : 'account';
}

function said(message: string): Text {
  const words = excerpt(message);
  return { en: `It says: ${words}`, zh: `中继原文：${words}` };
}

export function accountWanted(base: string): WechatMpError {
  return accountError(
    'relay_account_missing',
    { en: `The relay at ${base} ${accountMissing.en}`, zh: `中继 ${base} ${accountMissing.zh}` },
    accountMissing.hint,
    { relay: base },
  );
}

export function relayRefreshes(base: string): WechatMpError {
  return usageError(
    'relay_refreshes',
    {
      en: `Cannot refresh the token: it belongs to the relay at ${base}`,
      zh: `无法刷新 access_token：它由中继 ${base} 管理`,
    },
    {
      en: 'The relay replaces a dead token by itself; --force is for the machine that it runs on',
      zh: '中继会自行更换失效的 access_token；--force 只能在中继所在的机器上使用',
    },
  );
}

/** A relay is asked by its key alone. */
export function keyMissing(base: string): WechatMpError {
  return accountError(
    'relay_key_missing',
    { en: `There is no key for the relay at ${base}`, zh: `没有中继 ${base} 的密钥` },
    keyWanted,
    { relay: base },
  );
}
