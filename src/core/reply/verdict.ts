import {
  type CallbackSecrets,
  decryptMessage,
  type EncryptionMode,
  type MessageFormat,
  signMessage,
  verifySignature,
} from '../callback/index.ts';
import { VerificationError } from '../errors.ts';
import { type Fields, type IncomingMessage, textField } from '../message/index.ts';
import { parseReply, type ParsedReply } from './parse.ts';
import { isMilliseconds, replyError, replyWarning, type ReplyProblem } from './problem.ts';
import { readReply, type PassiveReply } from './reply.ts';
import { showsReply, validateReply } from './rules.ts';
import * as say from './texts.ts';
import type { Text } from '../text/text.ts';

/** What happens in the person's chat. */
export type UserSees =
  | /** The reply, or the first of its articles. */
    'reply'
    /** Nothing: none was sent, or this push has no chat, or customer service takes over. */
  | 'nothing'
  /** 该公众号提供的服务出现故障，请稍后再试 */
  | 'unavailable';

/** The platform's own words in the person's chat when an answer fails. */
export const unavailableText = '该公众号提供的服务出现故障，请稍后再试';

export interface ReplyVerdict {
  /** The reply, where the answer holds one that is complete. */
  readonly reply: PassiveReply | undefined;
  /** The answer in the clear; `undefined` where an envelope cannot be opened. */
  readonly text: string | undefined;
  readonly encrypted: boolean;
  /** Whether there is no error; warnings are let pass. */
  readonly valid: boolean;
  readonly problems: readonly ReplyProblem[];
  readonly userSees: UserSees;
}

/**
 * Judges the body of an HTTP 200 answer to a push as the platform would: opens it where it is encrypted, reads it,
 * lists every problem and says what the person sees. `mode` and `encrypted` are those of the push. Never throws.
 */
export function judgeReply(input: {
  readonly body: string | Uint8Array;
  readonly message: IncomingMessage;
  readonly format: MessageFormat;
  readonly mode: EncryptionMode;
  readonly encrypted: boolean;
  /** Needed to open encrypted answers. */
  readonly secrets?: CallbackSecrets | undefined;
}): ReplyVerdict {
  const { message, format } = input;
  const outer = parseReply(input.body);
  const opened = input.encrypted && outer.kind === 'envelope' ? open(outer, input.secrets) : undefined;
  const inner = opened?.text === undefined ? outer : parseReply(opened.text);
  const problems = problemsOf(input, outer, inner, opened);
  return {
    reply: inner.kind === 'reply' ? readReply(inner.fields) : undefined,
    text: opened === undefined ? plainText(input.body) : opened.text,
    encrypted: outer.kind === 'envelope',
    valid: problems.every(({ severity }) => severity !== 'error'),
    problems,
    userSees: whatUserSees(inner, problems, message, format),
  };
}

type JudgedReply = Parameters<typeof judgeReply>[0];

function problemsOf(
  input: JudgedReply,
  outer: ParsedReply,
  inner: ParsedReply,
  opened: Opened | undefined,
): readonly ReplyProblem[] {
  if (wasNotOpened(input, outer)) return [...outer.problems, replyError('mode', say.otherMode)];
  const { message, format } = input;
  const problems: ReplyProblem[] = [];
  if (opened !== undefined) problems.push(...outer.problems, ...checkTimeStamp(outer), ...opened.problems);
  if (opened === undefined || opened.text !== undefined)
    problems.push(...validateReply(inner, message, { format }));
  if (mustBeEncrypted(input, outer)) problems.push(replyError('not-encrypted', say.notEncrypted));
  return problems;
}

function checkTimeStamp(outer: ParsedReply): readonly ReplyProblem[] {
  const value = outer.kind === 'envelope' ? outer.fields['TimeStamp'] : undefined;
  const found = typeof value === 'string' ? value.trim() : '';
  return isMilliseconds(found) ? [replyWarning('timestamp-ms', say.timeStampMs(found), 'TimeStamp')] : [];
}

function mustBeEncrypted(
  { mode, encrypted }: { readonly mode: EncryptionMode; readonly encrypted: boolean },
  { kind }: ParsedReply,
): boolean {
  return mode === 'safe' && encrypted && kind === 'reply';
}

/**
 * Whether the server answers in the clear a message that it did not open: the envelope does not say whom the reply must
 * go to. All other faults of such a reply follow from that.
 */
function wasNotOpened(input: JudgedReply, outer: ParsedReply): boolean {
  if (!mustBeEncrypted(input, outer) || outer.kind !== 'reply' || outer.format === 'json') return false;
  const { fields } = outer;
  const { fromUserName } = input.message;
  // Swapped, the two are another fault, and show that it was opened.
  return !['ToUserName', 'FromUserName'].some((name) => {
    const found = fields[name];
    return typeof found === 'string' && found.trim() === fromUserName;
  });
}

/** Errors that leave the person something to see. */
const shownAllTheSame: ReadonlySet<ReplyProblem['rule']> = new Set(['one-article'] as const);

/** What the person sees of an answer that came in time, with status 200. */
function whatUserSees(
  reply: ParsedReply,
  problems: readonly ReplyProblem[],
  message: IncomingMessage,
  format: MessageFormat = 'xml',
): UserSees {
  if (!showsReply(message, format)) return 'nothing';
  if (problems.some(({ rule, severity }) => severity === 'error' && !shownAllTheSame.has(rule)))
    return 'unavailable';
  if (reply.kind !== 'reply') return 'nothing';
  return textField(reply.fields, 'MsgType')?.trim().startsWith('transfer_') === true ? 'nothing' : 'reply';
}

/** The same in words. */
export function describeUserSees(sees: UserSees): Text {
  switch (sees) {
    case 'reply':
      return { en: 'the reply', zh: '回复内容' };
    case 'nothing':
      return { en: 'nothing', zh: '什么也看不到' };
    case 'unavailable':
      return { en: `"${unavailableText}"`, zh: `“${unavailableText}”` };
  }
}

interface Opened {
  readonly text: string | undefined;
  readonly problems: readonly ReplyProblem[];
}

function open({ fields }: { readonly fields: Fields }, secrets: CallbackSecrets | undefined): Opened {
  if (secrets === undefined) return { text: undefined, problems: [] };
  try {
    return { text: openReply(fields, secrets), problems: [] };
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return { text: undefined, problems: [replyError('envelope', say.envelope(error))] };
  }
}

/**
 * Opens the envelope of an encrypted reply and checks its `MsgSignature`. Throws `VerificationError` with the check that
 * failed.
 */
export function openReply(fields: Fields, secrets: CallbackSecrets): string {
  const part = (name: string): string => {
    const value = textField(fields, name)?.trim();
    if (value !== undefined && value !== '') return value;
    throw new VerificationError('xml', {
      en: `Cannot open the encrypted reply: "${name}" is missing`,
      zh: `无法打开加密回复：缺少“${name}”`,
    });
  };
  const [encrypt, signature] = [part('Encrypt'), part('MsgSignature')];
  const expected = signMessage(secrets.callbackToken, part('TimeStamp'), part('Nonce'), encrypt);
  if (!verifySignature(signature, expected)) {
    throw new VerificationError('signature', {
      en: 'Cannot accept the encrypted reply: "MsgSignature" is wrong',
      zh: '加密回复不可接受：“MsgSignature”不正确',
    });
  }
  const { key, appId } = secrets;
  if (key === undefined || appId === undefined) {
    throw new VerificationError('key', {
      en: 'Cannot open the encrypted reply: EncodingAESKey or AppID is not set',
      zh: '无法打开加密回复：未设置 EncodingAESKey 或 AppID',
    });
  }
  return decryptMessage({ encrypt, appId, key });
}

function plainText(body: string | Uint8Array): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}
