/** The platform's refusals as errors that say whose turn it is. Loaded when the first one comes. */
import { describeOddSecret, describeRight } from '../core/account/index.ts';
import { describeErrcode, type ErrcodeDescription, type ErrcodeOrigin } from '../core/errcode/index.ts';
import { PlatformError } from '../core/errors.ts';
import { defined } from '../core/text/defined.ts';
import { excerpt, sanitiseLine } from '../core/text/sanitise.ts';
import type { Text } from '../core/text/text.ts';

export interface Refusal {
  /** Anything but 0. */
  readonly errcode: number;
  /** As it came, with its rid. */
  readonly errmsg: string;
  /** Path of the call without its query, for example `/cgi-bin/stable_token`. */
  readonly path: string;
  readonly appId?: string | undefined;
  /** Whether it refuses a token that the platform, asked for a new one, has just named again. */
  readonly confirmed?: boolean;
  /** The AppSecret that was sent: never shown, but its form may tell why it was refused. */
  readonly appSecret?: string | undefined;
  /** Whether a simulator answers that it does not have the call: that says nothing about anybody's account. */
  readonly notSimulated?: boolean;
  /** Host of the API where it is not the official one; shown, so that nobody blames WeChat for a simulator. */
  readonly apiHost?: string | undefined;
}

const confirmedToken: Text = {
  en: 'Asked for a new token, WeChat named the same one again; the call was repeated with it and refused again',
  zh: '重新获取 access_token 时，微信返回的仍是同一个；用它重试后再次被拒绝',
};
/** Not a forced refresh: it ends the token for everybody, 20 times a day at most, and may change nothing here. */
const waitForToken: Text = {
  en: 'Run it again in a minute, and see who fetched the token: wechat-mp token --status',
  zh: '请一分钟后重试，并查看是谁获取的 access_token：wechat-mp token --status',
};

/** The endpoints that take the AppSecret. They use 40001 for a wrong AppSecret. */
const tokenPaths: ReadonlySet<string> = new Set(['/cgi-bin/token', '/cgi-bin/stable_token']);

/** Describes a refusal: meaning, who called what, the IP out of the errmsg, rid, and the next click or command. */
export async function platformError(refusal: Refusal): Promise<PlatformError> {
  const origin: ErrcodeOrigin = tokenPaths.has(refusal.path) ? 'token' : 'business';
  const description = await describeErrcode(refusal.errcode, origin);
  const { errmsg, rid } = splitErrmsg(refusal.errmsg);
  const ip = findIp(errmsg);
  const said = refusal.notSimulated === true ? notSimulated(refusal) : description;
  return new PlatformError({
    family: said.family,
    type: said.type,
    text: refusal.notSimulated === true ? said.meaning : headline(description),
    hint: refusal.confirmed === true ? waitForToken : hintFor(refusal, said.hint, ip),
    details: [
      whoCalledWhat(refusal, ip, rid),
      ...(refusal.confirmed === true ? [confirmedToken] : []),
      ...ownWords(description, errmsg),
      ...oddSecret(description, refusal.appSecret),
    ],
    retryable: description.retryable,
    facts: {
      errcode: refusal.errcode,
      errmsg,
      ...defined({ rid, ip }),
      path: refusal.path,
    },
  });
}

/**
 * Parts an errmsg from its request id.
 * Quirk: cgi-bin writes ` rid: …` after the words, the sns endpoints `, rid: …`; older answers end in ` hint: […]`.
 */
export function splitErrmsg(text: string): { errmsg: string; rid: string | undefined } {
  const line = sanitiseLine(text).slice(0, MAX_ERRMSG_LENGTH);
  const found = /(?:^|,? |,)rid: ?([0-9a-f]{8}(?:-[0-9a-f]{2,12}){1,4})\s*$/i.exec(line);
  return { errmsg: (found === null ? line : line.slice(0, found.index)).trim(), rid: found?.[1] };
}

/** Longer than any real one; a stranger's answer must not fill the terminal or the logs. */
const MAX_ERRMSG_LENGTH = 1000;

/** Quirk: `invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist` names the address twice; the first is the one to add. */
function findIp(errmsg: string): string | undefined {
  return /\bip:? ((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]*:[0-9a-f:.]+)/i.exec(errmsg)?.[1];
}

function headline({ code, family, meaning }: ErrcodeDescription): Text {
  return family === 'network'
    ? {
        en: `WeChat could not answer the request: ${meaning.en} (${code})`,
        zh: `微信暂时无法处理请求：${meaning.zh}（${code}）`,
      }
    : {
        en: `WeChat refused the request: ${meaning.en} (${code})`,
        zh: `微信拒绝了请求：${meaning.zh}（${code}）`,
      };
}

/** `203.0.113.7 called stable_token for wx1234567890abcdef   rid 6650d0c1-…`. */
function whoCalledWhat(
  { path, appId, apiHost }: Refusal,
  ip: string | undefined,
  rid: string | undefined,
): Text {
  const endpoint = path.replace(/^\/cgi-bin\//, '').replace(/^\//, '');
  const end = rid === undefined ? '' : `   rid ${rid}`;
  const en = [`${ip ?? 'This machine'} called ${endpoint}`];
  const zh = [`${ip === undefined ? '本机' : `${ip} `}调用 ${endpoint}`];
  if (appId !== undefined) {
    en.push(`for ${appId}`);
    zh.push(`，AppID ${appId}`);
  }
  if (apiHost !== undefined) {
    en.push(`on ${apiHost}`);
    zh.push(`，服务器 ${apiHost}`);
  }
  return { en: `${en.join(' ')}${end}`, zh: `${zh.join('')}${end}` };
}

/** The errmsg, where it says more than the table: which field, which button. */
function ownWords({ errmsg: known }: ErrcodeDescription, errmsg: string): Text[] {
  if (errmsg === '' || errmsg === known || errmsg.startsWith(known ?? '\0')) return [];
  const words = excerpt(errmsg);
  return [{ en: `WeChat says: ${words}`, zh: `微信原文：${words}` }];
}

/** 40125, and 40001 of the token endpoints: what the person can see from here. */
function oddSecret({ type }: ErrcodeDescription, appSecret: string | undefined): Text[] {
  const odd =
    type === 'invalid_appsecret' && appSecret !== undefined ? describeOddSecret(appSecret) : undefined;
  return odd === undefined ? [] : [odd];
}

/** The words of a call that the simulator does not have, in place of those of its 48001. */
function notSimulated({
  errcode,
  path,
}: Refusal): Pick<ErrcodeDescription, 'family' | 'type' | 'meaning' | 'hint'> {
  return {
    family: 'api',
    type: 'not_simulated',
    meaning: {
      en: `This call is not simulated: the simulator does not have ${path} (${errcode})`,
      zh: `未模拟此接口：模拟器没有 ${path}（${errcode}）`,
    },
    hint: {
      en: 'Try it on WeChat itself, or give it an answer with POST /_ctl/faults {"path","body"}',
      zh: '请直接在微信上调用，或用 POST /_ctl/faults {"path","body"} 为它指定应答',
    },
  };
}

/** Of a missing permission, first which kinds of account have it. */
function hintFor({ errcode, path }: Refusal, hint: Text | undefined, ip: string | undefined): Text {
  const advice = fillIn(hint, ip) ?? explain(errcode);
  const right = errcode === 48001 ? describeRight(path) : undefined;
  if (right === undefined) return advice;
  const [first = '', ...rest] = advice.en;
  return { en: `${right.en}; ${first.toLowerCase()}${rest.join('')}`, zh: `${right.zh}；${advice.zh}` };
}

function fillIn(hint: Text | undefined, ip: string | undefined): Text | undefined {
  if (hint === undefined) return undefined;
  return {
    en: hint.en.replace('{ip}', ip ?? 'the IP of this machine'),
    zh: hint.zh.replace('{ip}', ip ?? '本机的公网 IP'),
  };
}

function explain(errcode: number): Text {
  return {
    en: `Look for ${errcode} in the official table of return codes (全局返回码)`,
    zh: `请在官方“全局返回码”中查找 ${errcode}`,
  };
}
