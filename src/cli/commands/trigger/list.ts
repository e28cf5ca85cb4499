/** `trigger --list`: the types of messages and events, without what sends them. */
import { sampleSummaries } from '../../../simulator/push/index.ts';
import type { Context } from '../../context.ts';
import { columnsOf, formatTable } from '../../frame/fold.ts';

export function printList(context: Context): number {
  const value = sampleSummaries.map(({ id, kind, msgType, event, title }) => ({
    type: id,
    kind,
    msg_type: msgType,
    event: event ?? null,
    title: context.say(title),
  }));
  const rows = sampleSummaries.map(({ id, msgType, event, title }) => [
    id,
    event ?? msgType,
    context.say(title),
  ]);
  context.print({ types: value }, formatTable(rows, columnsOf(context)));
  return 0;
}
