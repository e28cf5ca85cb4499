/** One line a request of `relay`, in words or as JSON. */
import { defined } from '../../../core/text/defined.ts';
import { sanitiseLine } from '../../../core/text/sanitise.ts';
import type { RelayRecord } from '../../../relay/metrics.ts';
import { relayTokens } from '../../../relay/relay-token.ts';
import type { Context } from '../../context.ts';
import { formatJson } from '../../frame/output.ts';

/** Of a path that is none of the platform's, so much is shown. */
const longestPath = 100;

export function requestLine(context: Context, record: RelayRecord): string {
  const { atMs, method, account, client, status, errcode, ms, outcome, isRepeated } = record;
  const path = shownPath(context, record);
  const trouble = record.trouble === undefined ? undefined : shown(context, context.say(record.trouble));
  if (context.options.json) {
    return formatJson({
      type: 'request',
      at: new Date(atMs).toISOString(),
      account: account ?? null,
      client: client ?? null,
      method: shownMethod(method),
      path,
      status,
      errcode: errcode ?? null,
      ms: Math.round(ms * 10) / 10,
      relay: outcome,
      repeated: isRepeated,
      ...defined({ trouble }),
    });
  }
  const verdict = outcome === 'passed' || outcome === 'answered' ? '' : ` ${outcome}`;
  const again = isRepeated ? ` (${context.say({ en: 'sent twice', zh: '重发一次' })})` : '';
  const code = errcode === undefined ? '' : ` errcode ${errcode}`;
  return `${account ?? '–'} ${client ?? '–'} ${shownMethod(method)} ${path} → ${status}${code}${verdict}${again}  ${Math.round(ms)} ms${trouble === undefined ? '' : `  ${trouble}`}`;
}

/** A path of the catalogue is ours; any other is a stranger's text, which may have a key or a token in it. */
function shownPath(context: Context, { path, isKnownPath }: RelayRecord): string {
  if (isKnownPath) return path;
  const text = shown(context, path.slice(0, 4 * longestPath)).replaceAll(relayTokens, '***');
  return text.length > longestPath ? `${text.slice(0, longestPath)}…` : text;
}

/** In this order: a secret with a control character in its middle would pass the redactor. */
function shown({ redactor }: Context, text: string): string {
  return redactor.redact(sanitiseLine(text));
}

function shownMethod(method: string): string {
  return method.slice(0, 10);
}
