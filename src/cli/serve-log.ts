/** One line a request of `serve`, or JSON objects tied by `id`. */
import { sanitiseLine } from '../core/sanitise.ts';
import type { CallbackRecord } from '../server/callback-record.ts';
import type { Context } from './context.ts';

/** A text in the log is cut after so many characters. */
const longestText = 60;

export function printRecord(context: Context, record: CallbackRecord): void {
  if (context.options.json) for (const event of events(record)) context.event(event);
  else context.io.terminal.writeStdout(`${sanitiseLine(context.redactor.redact(words(context, record)))}\n`);
}

function events(record: CallbackRecord): readonly Readonly<Record<string, unknown>>[] {
  const { id, status } = record;
  const ms = Math.round(record.ms * 10) / 10;
  if (record.kind === 'handshake') return [{ type: 'handshake', id, status, ms }];
  if (record.kind === 'refused')
    return [{ type: 'refused', id, status, ms, method: record.method, reason: record.reason }];
  const { message, answer } = record;
  return [
    {
      type: 'message',
      id,
      msg_type: message.msgType,
      ...('event' in message ? { event: message.event } : {}),
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
      msg_type: typeof answer === 'string' ? null : answer.msgType,
      timed_out: record.timedOut,
      body: record.body,
    },
  ];
}

function words(context: Context, record: CallbackRecord): string {
  const end = `${record.status} ${Math.round(record.ms)} ms`;
  if (record.kind === 'handshake')
    return `#${record.id} GET  ${context.say({ en: 'handshake', zh: '接入验证' })}  ${end}`;
  if (record.kind === 'refused') {
    return `#${record.id} ${record.method.padEnd(4)} ${context.say({ en: 'refused', zh: '已拒绝' })}: ${record.reason}  ${end}`;
  }
  const { message, answer } = record;
  const what = 'event' in message ? `event ${message.event}` : message.msgType;
  const said = 'content' in message ? ` "${cut(message.content)}"` : '';
  const reply = typeof answer === 'string' ? answer || '""' : answer.msgType;
  const marks = [
    record.encrypted ? context.say({ en: 'encrypted', zh: '加密' }) : '',
    record.repeated ? context.say({ en: 'repeated', zh: '重复' }) : '',
    record.timedOut ? context.say({ en: 'too slow', zh: '超时' }) : '',
  ].filter((mark) => mark !== '');
  const marked = marks.length === 0 ? '' : ` (${marks.join(', ')})`;
  return `#${record.id} POST ${what}${said} from ${message.fromUserName}${marked} → ${reply}  ${end}`;
}

function cut(text: string): string {
  const characters = Array.from(text);
  return characters.length <= longestText ? text : `${characters.slice(0, longestText).join('')}…`;
}
