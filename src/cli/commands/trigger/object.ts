/** A delivery as data: what `trigger --json` prints, and what the exit code depends on. */
import type { EncryptionMode } from '../../../core/callback/index.ts';
import { isOtherSuccess, type ProbeFinding } from '../../../core/diagnosis/index.ts';
import { type PassiveReply, unavailableText } from '../../../core/reply/index.ts';
import { toSnakeCase } from '../../../core/text/snake-case.ts';
import type { Text } from '../../../core/text/text.ts';
import { decodeUtf8 } from '../../../core/text/utf8.ts';
import type { ServerExchange } from '../../../simulator/push/exchange.ts';
import type { Delivery, Push, PushTarget } from '../../../simulator/push/push.ts';
import type { Context } from '../../context.ts';
import type { Expectation } from './options.ts';

const modeNames: Readonly<Record<EncryptionMode, string>> = {
  plain: 'plain',
  compatible: 'compat',
  safe: 'safe',
};

export function modeName(mode: EncryptionMode): string {
  return modeNames[mode];
}

/** Whether the platform would take the answer. */
export function isRight({ verdict }: Delivery): boolean {
  return verdict?.valid === true;
}

/** Whether the answer is as `--expect` wants it; `undefined` where nothing is expected. */
export function meets(expect: Expectation | undefined, { verdict }: Delivery): boolean | undefined {
  if (expect === undefined) return undefined;
  if (verdict === undefined) return false;
  const { reply, text } = verdict;
  if ('type' in expect) {
    return expect.type === 'none' ? reply === undefined && verdict.valid : reply?.msgType === expect.type;
  }
  return expect.pattern.test(reply?.msgType === 'text' ? reply.content : (text ?? ''));
}

/** Refusals that look at nothing but the message cannot explain. */
const open: ReadonlySet<string> = new Set(['forbidden', 'body_parser', 'body_limit', 'status']);

/** What to do about a refusal; where it does not show why, the command that tries it out. */
export function findingHint(
  { cause, hint }: ProbeFinding,
  { answer }: ServerExchange,
  { url }: PushTarget,
): Text {
  if (!open.has(cause) || isOtherSuccess(answer?.status)) return hint;
  const command = `wechat-mp handshake probe ${shellWord(url)} --post`;
  return {
    en: `${hint.en}. To see what it refuses: ${command}`,
    zh: `${hint.zh}。查明拒绝的原因：${command}`,
  };
}

/** As a shell takes it, with quotes only where it must be. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** What stands in the chat: the text, or what kind of thing; `null` for nothing. Never translated. */
export function shownText({ userSees, verdict }: Delivery): string | null {
  if (userSees === 'unavailable') return unavailableText;
  const reply = verdict?.reply;
  return userSees === 'nothing' || reply === undefined ? null : describeReply(reply);
}

function describeReply(reply: PassiveReply): string {
  switch (reply.msgType) {
    case 'text':
      return reply.content;
    case 'image':
    case 'voice':
      return `[${reply.msgType}] ${reply.mediaId}`;
    case 'video':
      return `[video] ${reply.title ?? reply.mediaId}`;
    case 'music':
      return `[music] ${reply.title ?? ''}`.trimEnd();
    case 'news':
      return `[news] ${reply.articles[0]?.title ?? ''}`.trimEnd();
    case 'transfer_customer_service':
    case 'transfer_biz_ai_ivr':
      return `[${reply.msgType}]`;
  }
}

/** The members that every answer has. */
export function deliveryObject(context: Context, target: PushTarget, push: Push, delivery: Delivery) {
  const { request, exchange, finding, verdict } = delivery;
  const { answer } = exchange;
  const say = context.say.bind(context);
  return {
    request: {
      url: request.url,
      mode: modeName(target.mode),
      format: target.format,
      message: push.text,
    },
    response:
      answer === undefined
        ? null
        : {
            status: answer.status,
            ms: Math.round(exchange.ms),
            content_type: answer.headers['content-type'] ?? null,
            body: decodeUtf8(answer.body) ?? Buffer.from(answer.body).toString('latin1'),
          },
    reply: verdict?.reply === undefined ? null : toSnakeCase(verdict.reply),
    encrypted: verdict?.encrypted ?? false,
    valid: isRight(delivery),
    problems: [
      ...(finding === undefined
        ? []
        : [
            {
              rule: finding.cause,
              severity: 'error',
              message: say(finding.text),
              hint: say(findingHint(finding, exchange, target)),
              field: null,
            },
          ]),
      ...(verdict?.problems ?? []).map(({ rule, severity, text, hint, field }) => ({
        rule,
        severity,
        message: say(text),
        hint: say(hint),
        field: field ?? null,
      })),
    ],
    user_sees: delivery.userSees,
    user_sees_text: shownText(delivery),
  };
}
