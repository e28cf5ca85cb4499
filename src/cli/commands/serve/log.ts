/** One line a request of `serve`, or JSON objects tied by `id`. */
import { WechatMpError } from '../../../core/errors.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Text } from '../../../core/text/text.ts';
import { sanitiseLine } from '../../../core/text/sanitise.ts';
import type { CallbackRecord, Upstream } from '../../../server/callback-record.ts';
import type { Context } from '../../context.ts';
import { formatJson } from '../../frame/output.ts';
import { createLineLog } from '../../shared/long-running.ts';

/** A text in the log is cut after so many characters. */
const longestText = 60;
/** WeChat waits no longer, the network included. */
const patienceMs = 5000;

export function createServeLog(context: Context) {
  const explained = new Set<string>();
  const lines = createLineLog(context);
  return {
    flush: lines.flush,
    print(record: CallbackRecord): void {
      if (context.options.json) lines.write(events(context, record).map(formatJson));
      else lines.write([words(context, record)]);
      explain(context, record, explained);
    },
  };
}

/** What is wrong is said once for each rule; the lines name the rule alone. */
function explain(context: Context, record: CallbackRecord, explained: Set<string>): void {
  if (context.options.json) return;
  for (const { rule, text, hint } of problemsOf(record)) {
    if (explained.has(rule)) continue;
    explained.add(rule);
    context.warn({
      en: `#${record.id} ${rule}: ${text.en}. ${hint.en}`,
      zh: `#${record.id} ${rule}：${text.zh}。${hint.zh}`,
    });
  }
}

interface Explained {
  readonly rule: string;
  readonly text: Text;
  readonly hint: Text;
}

/** What is wrong with a reply, or why a request was refused, where somebody can set that right. */
function problemsOf(record: CallbackRecord): readonly Explained[] {
  if (record.kind === 'message') return record.verdict?.problems ?? [];
  const error = record.kind === 'refused' ? record.error : undefined;
  if (!(error instanceof WechatMpError) || error.hint === undefined) return [];
  return [{ rule: error.type, text: error.text, hint: error.hint }];
}

type Event = Readonly<Record<string, unknown>>;

function events(context: Context, record: CallbackRecord): readonly Event[] {
  const { id, status } = record;
  const ms = tenths(record.ms);
  if (record.kind === 'handshake') {
    const { upstream, echoed } = record;
    return [{ type: 'handshake', id, status, ms, ...upstreamEvent(context, upstream, { echoed }) }];
  }
  if (record.kind === 'refused')
    return [
      {
        type: 'refused',
        id,
        status,
        ms,
        method: record.method || null,
        reason: record.reason,
        ...defined({ omitted: record.omitted }),
      },
    ];
  const { message, event, answer, verdict } = record;
  return [
    {
      type: 'message',
      id,
      msg_type: typeName(record),
      ...defined({ event }),
      from: message.fromUserName,
      encrypted: record.encrypted,
      format: record.format,
      repeated: record.repeated,
      body: record.text,
    },
    {
      type: 'reply',
      id,
      status,
      ms,
      msg_type: answer === undefined || typeof answer === 'string' ? null : answer.msgType,
      timed_out: record.timedOut,
      body: record.body ?? null,
      ...upstreamEvent(context, record.upstream, {}),
      ...(verdict === undefined
        ? {}
        : {
            user_sees: record.ms > patienceMs ? 'unavailable' : verdict.userSees,
            problems: verdict.problems.map(({ text, hint, ...problem }) => ({
              ...problem,
              message: context.say(text),
              hint: context.say(hint),
            })),
          }),
    },
  ];
}

function upstreamEvent(context: Context, upstream: Upstream | undefined, more: Event): Event {
  if (upstream === undefined) return {};
  const { status, ms, error } = upstream;
  return {
    ...more,
    upstream: {
      status: status ?? null,
      ms: tenths(ms),
      ...defined({ error: error === undefined ? undefined : describe(context, error) }),
    },
  };
}

function words(context: Context, record: CallbackRecord): string {
  const end = `${record.status} ${Math.round(record.ms)} ms`;
  if (record.kind === 'refused') {
    const { id, method, reason, omitted } = record;
    const others =
      omitted === undefined ? undefined : { en: ` (${omitted} more)`, zh: `（另有 ${omitted} 个）` };
    const refused = `${context.say({ en: 'refused', zh: '已拒绝' })}: ${reason}`;
    return `#${id} ${(method || '–').padEnd(4)} ${refused}${others === undefined ? '' : context.say(others)}  ${end}`;
  }
  const marks = marksOf(context, record);
  const marked = marks.length === 0 ? '' : ` (${marks.join(', ')})`;
  if (record.kind === 'handshake')
    return `#${record.id} GET  ${context.say({ en: 'handshake', zh: '接入验证' })}${marked}  ${end}`;
  const { message, event } = record;
  const what = event === undefined ? typeName(record) : `event ${event}`;
  const said = 'content' in message ? ` "${cut(message.content)}"` : '';
  const from = message.fromUserName === '' ? '' : ` from ${message.fromUserName}`;
  const line = `#${record.id} POST ${what}${said}${from}${marked} → ${answerWords(record)}  ${end}`;
  // In this order: a secret with a control character in its middle would pass the redactor.
  return context.redactor.redact(sanitiseLine(line));
}

/** The type on the wire, or what stands in its place. */
function typeName({ message, name }: Extract<CallbackRecord, { readonly kind: 'message' }>): string {
  return message.msgType === 'unknown' ? name : message.msgType;
}

function answerWords({ answer, upstream }: Extract<CallbackRecord, { readonly kind: 'message' }>): string {
  if (answer === undefined) return `upstream ${upstream?.status ?? '–'}`;
  return typeof answer === 'string' ? answer || '""' : answer.msgType;
}

function marksOf(
  context: Context,
  record: Exclude<CallbackRecord, { readonly kind: 'refused' }>,
): readonly string[] {
  const marks: string[] = [];
  const mark = (here: boolean, en: string, zh: string): void => {
    if (here) marks.push(context.say({ en, zh }));
  };
  const { error } = record.upstream ?? {};
  if (record.kind === 'handshake') mark(!record.echoed, 'echostr was not returned', '未原样返回 echostr');
  else {
    mark(record.encrypted, 'encrypted', '加密');
    mark(record.repeated, 'repeated', '重复');
    mark(record.timedOut || record.ms > patienceMs, 'too slow', '超时');
    if (record.error !== undefined) marks.push(describe(context, record.error));
    for (const { rule } of record.verdict?.problems ?? []) marks.push(rule);
    mark(record.verdict?.userSees === 'unavailable', 'the person sees an error', '用户会看到故障提示');
  }
  if (error !== undefined) marks.push(describe(context, error));
  return marks;
}

function describe(context: Context, error: unknown): string {
  if (error instanceof WechatMpError) return context.say(error.text);
  return error instanceof Error ? error.message : String(error);
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}

function cut(text: string): string {
  if (text.length <= longestText) return text;
  const characters = Array.from(text);
  return characters.length <= longestText ? text : `${characters.slice(0, longestText).join('')}…`;
}
