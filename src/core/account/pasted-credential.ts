/** What people paste where an AppID, a secret, a Token or a key belongs, and the value out of it. */
import { inputError } from '../errors.ts';
import { pastedNote, readPasted } from '../text/pasted.ts';
import { plainName } from '../text/secret-names.ts';
import type { Text } from '../text/text.ts';

export type CredentialKind =
  'appid' | 'secret' | 'accessToken' | 'ticket' | 'callbackToken' | 'aesKey' | 'viaKey';

export interface ReadCredential {
  readonly value: string;
  /** What was done to get the value, a sentence each; none where it was given as it is. */
  readonly notes: readonly Text[];
}

/** For people, and then as settings files of this tool and of client libraries call it. */
const names: Readonly<Record<CredentialKind, readonly [string, ...string[]]>> = {
  appid: ['AppID', 'WECHAT_MP_APPID', 'WECHAT_APPID', 'WX_APPID'],
  secret: ['AppSecret', 'secret', 'WECHAT_MP_APPSECRET', 'WECHAT_SECRET', 'WECHAT_APPSECRET', 'WX_APPSECRET'],
  accessToken: ['access_token', 'WECHAT_MP_ACCESS_TOKEN'],
  ticket: ['ticket', 'jsapi_ticket', 'WECHAT_JSAPI_TICKET', 'WX_JSAPI_TICKET'],
  callbackToken: ['Token', 'callbackToken', 'WECHAT_MP_CALLBACK_TOKEN', 'WECHAT_TOKEN'],
  aesKey: ['EncodingAESKey', 'aesKey', 'WECHAT_MP_AES_KEY', 'WECHAT_AES_KEY'],
  viaKey: ['viaKey', 'WECHAT_MP_VIA_KEY'],
};

/**
 * Reads what was given for a credential at `place`, for example `--secret-file`. Throws an input error for what is
 * recognisably something else, and never quotes it: all of it may be secret. Whether WeChat could have issued such a
 * value is for others to judge.
 */
export function readCredential(kind: CredentialKind, text: string, place: string): ReadCredential {
  const notes: Text[] = [];
  const wanted = { place, keys: names[kind] };
  const pasted = readPasted(withoutLabel(kind, text.trim(), place, notes), wanted);
  if (pasted.found !== undefined) notes.push(pastedNote(wanted, pasted.found));
  const value = inUsualLetters(kind, pasted.value, place, notes);
  if (kind !== 'appid' && /^(?:wx[0-9a-f]{16}|gh_[0-9a-f]{12})$/.test(value)) {
    throw cannotUse(kind, place, {
      en: 'this is the ID of an account, which is no secret',
      zh: '内容是公众号的 ID，不是密钥',
    });
  }
  // A callback Token is chosen by its owner, who may choose any word.
  if (kind !== 'callbackToken' && /^(?:null|undefined|None|NaN)$/.test(value)) {
    throw cannotUse(kind, place, {
      en: `"${value}" is what a program prints for a value that it does not have`,
      zh: `“${value}”是程序在没有值时输出的内容`,
    });
  }
  // Quotes with nothing between them.
  return { value: /^(?:""|''|“”|‘’)$/.test(value) ? '' : value, notes };
}

/**
 * What must not be shown of a text that was given for a secret. Not the text as it stands: the beginning of a JSON object
 * or of a line with a name is in many an innocent sentence.
 */
export function secretsIn(kind: CredentialKind, text: string): readonly string[] {
  try {
    return [readCredential(kind, text, '').value];
  } catch {
    return text.match(/[\w+/-]{20,}/g) ?? [];
  }
}

/** The value of a line `WECHAT_MP_APPSECRET=…` or `AppSecret: …`. Other names may be the beginning of a value. */
function withoutLabel(kind: CredentialKind, text: string, place: string, notes: Text[]): string {
  const [, label = '', value = ''] =
    /^(?:export\s+|set\s+|\$env:)?["']?([A-Za-z][\w-]{1,40})["']?\s*[=:：＝]\s*(\S.*)$/u.exec(text) ?? [];
  const owner = (Object.keys(names) as CredentialKind[]).find((each) =>
    names[each].some((name) => plainName(name) === plainName(label)),
  );
  if (owner === undefined) return text;
  if (owner !== kind) {
    const other = names[owner][0];
    throw cannotUse(kind, place, {
      en: `this is a line with the ${other}`,
      zh: `内容是 ${other} 的一行配置`,
    });
  }
  notes.push({
    en: `Took the ${names[kind][0]} in ${place} out of a line with its name`,
    zh: `已从 ${place} 的“名称=值”一行中取出 ${names[kind][0]}`,
  });
  return value;
}

/** Full-width letters（全角）, as Chinese input methods write them, are the usual ones; so is an AppID in capitals. */
function inUsualLetters(kind: CredentialKind, text: string, place: string, notes: Text[]): string {
  const [name] = names[kind];
  const halfWidth = /[\u{ff01}-\u{ff5e}]/u.test(text) ? text.normalize('NFKC') : text;
  if (halfWidth !== text) {
    notes.push({
      en: `Read the full-width characters of the ${name} in ${place} as the usual ones`,
      zh: `已把 ${place} 中 ${name} 的全角字符转为半角`,
    });
  }
  const isShouted = kind === 'appid' && /^wx[0-9a-f]{16}$/i.test(halfWidth) && !halfWidth.startsWith('wx');
  if (!isShouted) return halfWidth;
  notes.push({
    en: `Wrote the AppID in ${place} in small letters, as WeChat does`,
    zh: `已把 ${place} 中的 AppID 转为小写`,
  });
  return halfWidth.toLowerCase();
}

function cannotUse(kind: CredentialKind, place: string, reason: Text): Error {
  const [name] = names[kind];
  return inputError(
    'credential_mistaken',
    { en: `Cannot use ${place}: ${reason.en}`, zh: `无法使用 ${place}：${reason.zh}` },
    { en: `Give the ${name} alone`, zh: `请只提供 ${name} 本身` },
  );
}
