/** The platform's refusals as errors that say whose turn it is. Loaded when the first one comes. */
import { describeOddSecret, describeRight } from '../core/account/index.ts';
import { describeErrcode, type ErrcodeDescription, type ErrcodeOrigin } from '../core/errcode/index.ts';
import { PlatformError } from '../core/errors.ts';
import { defined } from '../core/text/defined.ts';
import { sanitiseLine } from '../core/text/sanitise.ts';
import type { Text } from '../core/text/text.ts';
import * as say from './texts.ts';

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

/** The endpoints that take the AppSecret. They use 40001 for a wrong AppSecret. */
const tokenPaths: ReadonlySet<string> = new Set(['/cgi-bin/token', '/cgi-bin/stable_token']);

/** Describes a refusal: meaning, who called what, the IP out of the errmsg, rid, and the next click or command. */
export async function platformError(refusal: Refusal): Promise<PlatformError> {
  const origin: ErrcodeOrigin = tokenPaths.has(refusal.path) ? 'token' : 'business';
  const description = await describeErrcode(refusal.errcode, origin);
  const { errmsg, rid } = splitErrmsg(refusal.errmsg);
  const ip = findIp(errmsg);
  const said = refusal.notSimulated === true ? say.notSimulated(refusal) : description;
  return new PlatformError({
    family: said.family,
    type: said.type,
    text: refusal.notSimulated === true ? said.meaning : say.headline(description),
    hint: refusal.confirmed === true ? say.waitForToken : hintFor(refusal, said.hint, ip),
    details: [
      say.whoCalledWhat(refusal, ip, rid),
      ...(refusal.confirmed === true ? [say.confirmedToken] : []),
      ...say.ownWords(description, errmsg),
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

/** 40125, and 40001 of the token endpoints: what the person can see from here. */
function oddSecret({ type }: ErrcodeDescription, appSecret: string | undefined): Text[] {
  const odd =
    type === 'invalid_appsecret' && appSecret !== undefined
      ? describeOddSecret(appSecret, 'sent')
      : undefined;
  return odd === undefined ? [] : [odd];
}

/** Of a missing permission, first which kinds of account have it. */
function hintFor({ errcode, path }: Refusal, hint: Text | undefined, ip: string | undefined): Text {
  const advice = say.fillIn(hint, ip) ?? say.explain(errcode);
  const right = errcode === 48001 ? describeRight(path) : undefined;
  if (right === undefined) return advice;
  const [first = '', ...rest] = advice.en;
  return { en: `${right.en}; ${first.toLowerCase()}${rest.join('')}`, zh: `${right.zh}；${advice.zh}` };
}
