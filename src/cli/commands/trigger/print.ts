/** What `trigger` prints: the answer, what is wrong with it, and what the person sees. */
import { modeNames } from '../../../core/callback/index.ts';
import { isOtherSuccess, type ProbeFinding } from '../../../core/diagnosis/index.ts';
import {
  describeUserSees,
  type DuplicateVerdict,
  type PassiveReply,
  unavailableText,
} from '../../../core/reply/index.ts';
import { defined } from '../../../core/text/defined.ts';
import { shellWord } from '../../../core/text/shell-word.ts';
import { sanitiseLine } from '../../../core/text/sanitise.ts';
import { toSnakeCase } from '../../../core/text/snake-case.ts';
import type { Text } from '../../../core/text/text.ts';
import { decodeUtf8 } from '../../../core/text/utf8.ts';
import type {
  Delivery,
  Push,
  PushRequest,
  PushTarget,
  ServerExchange,
} from '../../../simulator/push/index.ts';
import type { Context } from '../../context.ts';
import { columnsOf, hang, type Hanging } from '../../frame/fold.ts';
import { fixLine } from '../../frame/output.ts';
import type { Expectation } from './options.ts';
import type { TriggerFlags } from './trigger.ts';

/** The request of `--dry-run`, as it would be sent. */
export function printRequest(context: Context, target: PushTarget, request: PushRequest): number {
  const body = typeof request.body === 'string' ? request.body : (decodeUtf8(request.body) ?? '');
  const { url, headers } = request;
  const value = {
    request: { method: 'POST', url, mode: modeNames[target.mode], format: target.format, headers, body },
  };
  const head = Object.entries(headers).map(([name, text]) => `${name}: ${text}`);
  context.print(value, [`POST ${url}`, ...head, '', body].join('\n'));
  return 0;
}

interface DeliveryReport {
  readonly type: string;
  readonly target: PushTarget;
  readonly push: Push;
  readonly deliveries: readonly Delivery[];
  readonly duplicates: DuplicateVerdict | undefined;
  readonly flags: Pick<TriggerFlags, 'expect'>;
}

/** One message, with all its deliveries; the last one counts. */
export function printDelivery(context: Context, report: DeliveryReport): number {
  const { type, target, push, deliveries, duplicates, flags } = report;
  const last = deliveries.at(-1);
  if (last === undefined) throw new TypeError('there must be a delivery');
  const expected = meets(flags.expect, last);
  const ok = isRight(last) && expected !== false && duplicates?.deduplicated !== false;
  const value = {
    type,
    ok,
    ...deliveryObject(context, target, push, last),
    ...defined({ expected }),
    ...(duplicates === undefined ? {} : duplicateObject(context, deliveries, duplicates)),
  };
  const attempts = deliveries.length < 2 ? [] : attemptLines(context, deliveries);
  const lines: readonly ReportLine[] = [
    ...attempts,
    answerLine(context, type, last),
    ...problemLines(context, target, last),
    ...seenLines(context, last),
    ...(duplicates === undefined ? [] : [duplicateLine(context, duplicates)]),
    ...(expected === false && flags.expect !== undefined ? [unexpectedLine(context, flags.expect)] : []),
  ];
  printLines(context, value, lines);
  return ok ? 0 : 1;
}

function duplicateObject(context: Context, deliveries: readonly Delivery[], verdict: DuplicateVerdict) {
  return {
    attempts: deliveries.map(({ exchange, finding, verdict: judged }) => ({
      status: exchange.response?.status ?? null,
      ms: Math.round(exchange.ms),
      cause: finding?.cause ?? null,
      reply: judged?.reply?.msgType ?? null,
    })),
    deduplicated: verdict.deduplicated ?? null,
    deduplicated_why: context.say(verdict.why),
  };
}

function attemptLines(context: Context, deliveries: readonly Delivery[]): readonly Hanging[] {
  return deliveries.slice(0, -1).map((delivery, index) => {
    const name = context.say({ en: `attempt ${index + 1}`, zh: `第 ${index + 1} 次` });
    const { prefix, text } = answerLine(context, name, delivery);
    return { prefix: `  ${prefix}`, text };
  });
}

/** `text: 200 in 12 ms, text`, or why there is no answer. */
function answerLine(context: Context, name: string, delivery: Delivery): Hanging {
  const { exchange, finding, verdict } = delivery;
  const ms = Math.round(exchange.ms);
  const status = exchange.response?.status;
  const end =
    finding === undefined
      ? replyName(context, verdict?.reply)
      : `${context.say(finding.text)} (${finding.cause})`;
  const head = status === undefined ? '' : `${status}, `;
  return { prefix: isRight(delivery) ? '✓ ' : '✗ ', text: `${name}: ${head}${ms} ms, ${end}` };
}

export function replyName(context: Context, reply: PassiveReply | undefined): string {
  return reply?.msgType ?? context.say({ en: 'no reply', zh: '无回复' });
}

function problemLines(
  context: Context,
  target: PushTarget,
  { finding, exchange, verdict }: Delivery,
): readonly Hanging[] {
  const { language } = context;
  if (finding !== undefined) {
    return [{ prefix: '  ', text: fixLine(findingHint(finding, exchange, target), language) }];
  }
  return (verdict?.problems ?? []).flatMap(({ rule, severity, text, hint }) => [
    { prefix: severity === 'error' ? '  ✗ ' : '  ! ', text: `${context.say(text)}  [${rule}]` },
    { prefix: '    ', text: fixLine(hint, language) },
  ]);
}

function seenLines(context: Context, delivery: Delivery): readonly ReportLine[] {
  const prefix = `  ${context.say({ en: 'The person sees: ', zh: '用户看到：' })}`;
  const shown = shownText(delivery);
  // The reply stays as it is, line for line.
  if (delivery.userSees === 'reply' && shown !== null) return [`${prefix}${shown}`];
  return [{ prefix, text: context.say(describeUserSees(delivery.userSees)) }];
}

function duplicateLine(context: Context, { deduplicated, why }: DuplicateVerdict): Hanging {
  const line = (prefix: string, { en, zh }: Text): Hanging => ({
    prefix,
    text: context.say({ en: `${en}: ${why.en}`, zh: `${zh}：${why.zh}` }),
  });
  if (deduplicated === undefined)
    return line('– ', { en: 'Whether the work was done twice cannot be told', zh: '无法判断是否重复处理' });
  if (deduplicated) return line('✓ ', { en: 'The work was done once', zh: '只处理了一次' });
  return line('✗ ', { en: 'The work was done twice', zh: '重复处理了' });
}

function unexpectedLine(context: Context, expect: Expectation): string {
  const wanted = 'type' in expect ? expect.type : String(expect.pattern);
  return `✗ ${context.say({ en: `Expected ${wanted}`, zh: `预期为 ${wanted}` })}`;
}

/** A line that is printed as it is, or one that is folded. */
type ReportLine = string | Hanging;

/**
 * The value, or the lines without what a terminal would obey. A server may answer with the secrets that it was set up
 * with, on a page for debugging for one; they are taken out of both.
 */
export function printLines(context: Context, value: unknown, lines: readonly ReportLine[]): void {
  const hide = (text: string): string => context.redactor.hide(text);
  const columns = columnsOf(context);
  const text = lines.flatMap((line) =>
    typeof line === 'string'
      ? hide(line.split('\n').map(sanitiseLine).join('\n'))
      : hang({ prefix: line.prefix, text: hide(sanitiseLine(line.text)) }, columns),
  );
  context.print(mapTexts(value, hide), text.join('\n'));
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
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
function findingHint({ cause, hint }: ProbeFinding, { response }: ServerExchange, { url }: PushTarget): Text {
  if (!open.has(cause) || isOtherSuccess(response?.status)) return hint;
  const command = `wechat-mp handshake probe ${shellWord(url)} --post`;
  return {
    en: `${hint.en}. To see what it refuses: ${command}`,
    zh: `${hint.zh}。查明拒绝的原因：${command}`,
  };
}

/** What stands in the chat: the text, or what kind of thing; `null` for nothing. Never translated. */
function shownText({ userSees, verdict }: Delivery): string | null {
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

export function deliveryObject(context: Context, target: PushTarget, push: Push, delivery: Delivery) {
  const { request, exchange, finding, verdict } = delivery;
  const { response } = exchange;
  const say = context.say.bind(context);
  return {
    request: {
      url: request.url,
      mode: modeNames[target.mode],
      format: target.format,
      message: push.text,
    },
    response:
      response === undefined
        ? null
        : {
            status: response.status,
            ms: Math.round(exchange.ms),
            content_type: response.headers['content-type'] ?? null,
            body: decodeUtf8(response.body) ?? Buffer.from(response.body).toString('latin1'),
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
