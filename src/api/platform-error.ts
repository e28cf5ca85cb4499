/** The platform's refusals as errors that say whose turn it is. Loaded when the first one comes. */
import { describeOddSecret, describeRight } from '../core/account/index.ts';
import { findKnownCalls } from '../core/catalogue/index.ts';
import {
  DEAD_TOKEN_CODES,
  describeErrcode,
  type ErrcodeDescription,
  findIp,
  originOf,
  splitErrmsg,
} from '../core/errcode/index.ts';
import { PlatformError } from '../core/errors.ts';
import { defined } from '../core/text/defined.ts';
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
  /** The relay that has made the call: then it was another machine. */
  readonly relay?: string | undefined;
  /** Host of the API where it is not the official one; shown, so that nobody blames WeChat for a simulator. */
  readonly apiHost?: string | undefined;
  /** Address of the simulator, where one refuses: what it waits for can be done on it. */
  readonly simulator?: string | undefined;
}

/** Describes a refusal: meaning, who called what, the IP out of the errmsg, rid, and the next click or command. */
export async function platformError(refusal: Refusal): Promise<PlatformError> {
  const { errmsg, rid } = splitErrmsg(refusal.errmsg);
  const ip = findIp(errmsg);
  const description = await describeErrcode(refusal.errcode, originOf(refusal.path), ip);
  const [advice] = description.fixes;
  const [call] = refusal.notSimulated === true ? await findKnownCalls(refusal.path) : [];
  const said =
    refusal.notSimulated === true
      ? say.notSimulated(refusal, call?.replacedBy)
      : { ...description, hint: advice };
  return new PlatformError({
    family: said.family,
    type: said.type,
    text: refusal.notSimulated === true ? said.meaning : say.headline(description, refusal),
    hint: refusal.confirmed === true ? say.waitForToken : hintFor(refusal, said),
    details: [
      say.whoCalledWhat(refusal, ip, rid),
      ...(refusal.confirmed === true ? [say.confirmedToken] : []),
      ...say.ownWords(description, errmsg),
      // Through a relay a key was sent in its place.
      ...oddSecret(description, refusal.relay === undefined ? refusal.appSecret : undefined),
      ...(refusal.errcode === 45015 && refusal.simulator !== undefined
        ? [say.letFollowerWrite(refusal.simulator)]
        : []),
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

/** 40125, and 40001 of the token endpoints: what the person can see from here. */
function oddSecret({ type }: ErrcodeDescription, appSecret: string | undefined): Text[] {
  const odd =
    type === 'invalid_appsecret' && appSecret !== undefined
      ? describeOddSecret(appSecret, 'sent')
      : undefined;
  return odd === undefined ? [] : [odd];
}

/** Of a missing permission, first which kinds of account have it. */
function hintFor(
  { errcode, path, relay, notSimulated }: Refusal,
  { type, hint: advice }: { readonly type: string; readonly hint: Text | undefined },
): Text | undefined {
  if (relay !== undefined && type !== 'invalid_appsecret' && DEAD_TOKEN_CODES.has(errcode))
    return say.askRelay;
  const right = errcode === 48001 && notSimulated !== true ? describeRight(path) : undefined;
  if (right === undefined || advice === undefined)
    return relay === undefined ? advice : say.hintOfRelay(type, advice);
  const [first = '', ...rest] = advice.en;
  return { en: `${right.en}; ${first.toLowerCase()}${rest.join('')}`, zh: `${right.zh}；${advice.zh}` };
}
