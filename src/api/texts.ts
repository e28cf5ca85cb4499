/** What people read of the platform's refusals. */
import { consolePlaces } from '../core/account/index.ts';
import type { ErrcodeDescription } from '../core/errcode/index.ts';
import { excerpt } from '../core/text/sanitise.ts';
import type { Text } from '../core/text/text.ts';
import type { Refusal } from './platform-error.ts';

export const confirmedToken: Text = {
  en: 'Asked for a new token, WeChat named the same one again; the call was repeated with it and refused again',
  zh: '重新获取 access_token 时，微信返回的仍是同一个；用它重试后再次被拒绝',
};
/** Not a forced refresh: it ends the token for everybody, 20 times a day at most, and may change nothing here. */
export const waitForToken: Text = {
  en: 'Run it again in a minute, and see who fetched the token: wechat-mp token --status',
  zh: '请一分钟后重试，并查看是谁获取的 access_token：wechat-mp token --status',
};

/** The relay has done already what a client would do. */
export const askRelay: Text = {
  en: 'The relay has replaced the token and asked again; its log says more, and who replaced the token: wechat-mp doctor, on its machine',
  zh: '中继已更换 access_token 并重试；请查看其日志，并在其所在机器上运行 wechat-mp doctor 查看是谁更换了 access_token',
};

/** What is said where a relay has made the call: address and AppSecret are those of the relay. */
export function ofRelay({ en, zh }: Text): Text {
  return {
    en: en
      .replace("this machine's IP", "the relay's IP")
      .replace('the IP of this machine', "the relay's IP")
      .replace('the AppSecret', "the relay's AppSecret"),
    zh: zh
      .replace('本机 IP', '中继的 IP')
      .replace('本机的公网 IP', '中继的公网 IP')
      .replace('AppSecret', '中继的 AppSecret'),
  };
}

/** Whoever calls through a relay has no AppSecret to correct. */
export function hintOfRelay(type: string, hint: Text | undefined): Text | undefined {
  if (type === 'invalid_appsecret' || type === 'invalid_appid') return copyThere;
  return hint && ofRelay(hint);
}

const copyThere: Text = {
  en: `Ask who runs the relay to copy AppID and AppSecret again from ${consolePlaces.appSecret.en}: its clients have none`,
  zh: `请中继的维护者到 ${consolePlaces.appSecret.zh}重新复制 AppID 和 AppSecret：客户端没有 AppSecret`,
};

export function headline({ code, family, meaning: known }: ErrcodeDescription, { relay }: Refusal): Text {
  const meaning = relay === undefined ? known : ofRelay(known);
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
export function whoCalledWhat(
  { path, appId, apiHost, relay }: Refusal,
  ip: string | undefined,
  rid: string | undefined,
): Text {
  const endpoint = path.replace(/^\/cgi-bin\//, '').replace(/^\//, '');
  const end = rid === undefined ? '' : `   rid ${rid}`;
  const who = relay === undefined ? 'This machine' : `The relay at ${relay}`;
  const zhWho = relay === undefined ? '本机' : `中继 ${relay} `;
  const en = [`${ip ?? who} called ${endpoint}`];
  const zh = [`${ip === undefined ? zhWho : `${ip} `}调用 ${endpoint}`];
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
export function ownWords({ errmsg: known }: ErrcodeDescription, errmsg: string): Text[] {
  if (errmsg === '' || errmsg === known || errmsg.startsWith(known ?? '\0')) return [];
  const words = excerpt(errmsg);
  return [{ en: `WeChat says: ${words}`, zh: `微信原文：${words}` }];
}

/** 45015 of a simulator: nobody has to wait for a person there. */
export function letFollowerWrite(url: string): Text {
  const call = `POST ${url}/_ctl/phone/<openid>/send {"type":"text","text":"hi"}`;
  return {
    en: `On the simulator let the follower write first: on its page, or with ${call}`,
    zh: `在模拟器上先让关注者发一条消息：在其页面上操作，或调用 ${call}`,
  };
}

/** The words of a call that the simulator does not have, in place of those of its 48001. `today` is its successor. */
export function notSimulated(
  { errcode, path }: Refusal,
  today: string | undefined,
): Pick<ErrcodeDescription, 'family' | 'type' | 'meaning'> & { readonly hint: Text } {
  return {
    family: 'api',
    type: 'not_simulated',
    meaning: {
      en: `This call is not simulated: the simulator does not have ${path} (${errcode})`,
      zh: `未模拟此接口：模拟器没有 ${path}（${errcode}）`,
    },
    hint: today === undefined ? tryElsewhere : useToday(today),
  };
}

const tryElsewhere: Text = {
  en: 'Try it on WeChat itself, or give it an answer with POST /_ctl/faults {"path","body"}',
  zh: '请直接在微信上调用，或用 POST /_ctl/faults {"path","body"} 为它指定应答',
};

function useToday(path: string): Text {
  return {
    en: `It is a call of before: ${path} does the same today, and is simulated`,
    zh: `这是旧接口：现在由 ${path} 代替，模拟器支持`,
  };
}
