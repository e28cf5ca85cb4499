/** Judges a call of `wx.config` as the WeChat app does（JS-SDK 使用权限签名算法）. */
import { diagnoseJssdkInTurns, joinMistakes } from '../../core/diagnosis/index.ts';
import { cleanUrl, formatString1 } from '../../core/jssdk/index.ts';
import type { JssdkVerdict } from './types/index.ts';
import type { Mask } from '../server/mask.ts';
import type { Platform } from '../account/platform.ts';
import { checkKeys, refuse, requiredText, type Body } from './input.ts';
import {
  appIdForm,
  compareString1,
  invalidSignature,
  letServerFetch,
  noTicketFetched,
  passes,
  timestampForm,
} from './texts.ts';

export async function judgeJssdk(
  { account, tickets }: Platform,
  body: Body,
  mask: Mask,
): Promise<JssdkVerdict> {
  const fields = ['appId', 'timestamp', 'nonceStr', 'signature', 'url'];
  checkKeys(body, fields, fields);
  const [appId, nonceStr] = [requiredText(body, 'appId'), requiredText(body, 'nonceStr')];
  const signature = requiredText(body, 'signature');
  const timestamp = readTimestamp(body['timestamp']);
  const shown = requiredText(body, 'url');
  const { url, typed } = cleanUrl(shown);
  if (appId !== account.appId) return wrongAppId(account.appId);
  const ticket = tickets.current('jsapi');
  if (ticket === undefined) return noTicket;
  const string1 = mask.text(formatString1({ ticket, nonceStr, timestamp, url }));
  const cardTicket = tickets.current('wx_card');
  const page = url + shown.slice(typed.length);
  const known = { url: page, typedUrl: typed, ticket, nonceStr, timestamp, cardTicket };
  const found = await diagnoseJssdkInTurns(known, signature, nextTurn);
  if (found.ok) return { ...passed, string1 };
  const mistake = joinMistakes(found.mistakes);
  return {
    ok: false,
    err_msg: 'config:invalid signature',
    mistake: found.mistakes[0]?.name ?? null,
    text: mistake?.text ?? invalidSignature,
    hint: mistake?.fix ?? compareString1,
    string1,
  };
}

/** Lets the other requests of this server have their answers. */
async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Quirk: in `wx.config` a number and a text of digits are the same. */
function readTimestamp(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text === 'string' && /^\d{1,16}$/.test(text)) return text;
  return refuse(timestampForm);
}

const passed: Omit<JssdkVerdict, 'string1'> = {
  ok: true,
  err_msg: 'config:ok',
  mistake: null,
  text: passes,
  hint: null,
};

function wrongAppId(appId: string): JssdkVerdict {
  return {
    ok: false,
    err_msg: 'config:invalid appid',
    mistake: 'appid',
    text: appIdForm(appId),
    hint: null,
    string1: null,
  };
}

const noTicket: JssdkVerdict = {
  ok: false,
  err_msg: 'config:invalid signature',
  mistake: 'no-ticket',
  text: noTicketFetched,
  hint: letServerFetch,
  string1: null,
};
