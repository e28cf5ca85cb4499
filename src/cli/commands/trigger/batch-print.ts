/** What `trigger` prints about many messages: the table of all, repetitions, spoilt ones. */
import { modeNames } from '../../../core/callback/index.ts';
import { defined } from '../../../core/text/defined.ts';
import { sanitiseLine } from '../../../core/text/sanitise.ts';
import type { Text } from '../../../core/text/text.ts';
import { type Delivery, type Push, type PushTarget, type Tampering } from '../../../simulator/push/index.ts';
import type { Context } from '../../context.ts';
import { columnsOf, formatTable, type Hanging } from '../../frame/fold.ts';
import type { Expectation } from './options.ts';
import { deliveryObject, isRight, meets, printLines, replyName } from './print.ts';
import type { Tally } from './tally.ts';

export interface TypeResult {
  readonly type: string;
  readonly push: Push;
  readonly delivery: Delivery;
}

/** `--all`: a row for each type; the exit code is for CI. */
export function printAll(
  context: Context,
  target: PushTarget,
  results: readonly TypeResult[],
  { expect, wanted }: { readonly expect: Expectation | undefined; readonly wanted: number },
): number {
  const rows = results.map((result) => ({
    ...result,
    ok: isRight(result.delivery) && meets(expect, result.delivery) !== false,
  }));
  const failed = rows.filter(({ ok }) => !ok);
  const stopped = rows.length < wanted;
  const allRight = failed.length === 0 && !stopped;
  const value = {
    ok: allRight,
    mode: modeNames[target.mode],
    total: rows.length,
    failed: failed.length,
    ...defined({ wanted: stopped ? wanted : undefined }),
    results: rows.map(({ type, push, delivery, ok }) => ({
      type,
      ok,
      ...deliveryObject(context, target, push, delivery),
    })),
  };
  const table = formatTable(
    rows.map(({ type, delivery, ok }) => [
      ok ? '✓' : '✗',
      type,
      String(delivery.exchange.response?.status ?? '–'),
      `${Math.round(delivery.exchange.ms)} ms`,
      rowEnd(context, delivery),
    ]),
    columnsOf(context),
  );
  const passed = rows.length - failed.length;
  const summary = context.say({
    en: `${passed} of ${rows.length} types answered properly`,
    zh: `${rows.length} 种消息中有 ${passed} 种应答正确`,
  });
  const early = context.say({
    en: `– stopped early: ${rows.length} of ${wanted} types were tried`,
    zh: `– 提前停止：共 ${wanted} 种消息，已测试 ${rows.length} 种`,
  });
  printLines(context, value, [
    ...(rows.length === 0 ? [] : [table, '', summary]),
    ...(stopped ? [early] : []),
  ]);
  return allRight ? 0 : 1;
}

/** Made safe before it is folded: a secret in two pieces would no longer be found. */
function rowEnd(context: Context, { finding, verdict }: Delivery): string {
  const problem = verdict?.problems.find(({ severity }) => severity === 'error');
  let end = replyName(context, verdict?.reply);
  if (finding !== undefined) end = `${context.say(finding.text)} (${finding.cause})`;
  else if (problem !== undefined) end = `${context.say(problem.text)}  [${problem.rule}]`;
  return context.redactor.hide(sanitiseLine(end));
}

/** `stopped` says how far a run came that was interrupted. */
export function printRepeated(
  context: Context,
  type: string,
  tally: Tally,
  tookMs: number,
  stopped?: { readonly wanted: number; readonly sent: number },
): number {
  const { total, failed, causes } = tally;
  const ms = tally.ms();
  const ok = failed === 0 && stopped === undefined;
  const value = { type, ok, total, failed, took_ms: Math.round(tookMs), ms, causes, ...stopped };
  const lines: Hanging[] = [];
  if (stopped !== undefined) {
    const { sent, wanted } = stopped;
    const text = context.say({
      en: `stopped early: ${sent} of ${wanted} sent, ${total} answered or failed`,
      zh: `提前停止：共 ${wanted} 条，已发送 ${sent} 条，其中 ${total} 条已有结果`,
    });
    lines.push({ prefix: '– ', text: `${type}: ${text}` });
  }
  if (total > 0) {
    const text = context.say({
      en: `${total - failed} of ${total} answered properly; ${ms.p50} ms median, ${ms.p99} ms p99, ${ms.max} ms longest`,
      zh: `${total} 条中有 ${total - failed} 条应答正确；中位数 ${ms.p50} 毫秒，p99 ${ms.p99} 毫秒，最长 ${ms.max} 毫秒`,
    });
    const unfinished = failed === 0 && stopped !== undefined;
    lines.push({ prefix: unfinished ? '– ' : `${ok ? '✓' : '✗'} `, text: `${type}: ${text}` });
  }
  for (const [cause, count] of Object.entries(causes))
    lines.push({ prefix: '  ✗ ', text: `${cause}: ${count}` });
  printLines(context, value, lines);
  return ok ? 0 : 1;
}

/** Refused is what has another status than 200, and what is answered otherwise than the honest message was. */
export function printTampered(
  context: Context,
  report: {
    readonly type: string;
    readonly tampering: Tampering;
    readonly target: PushTarget;
    readonly control: Delivery;
    readonly delivery: Delivery;
  },
): number {
  const { type, tampering, control, delivery } = report;
  const honestTaken = isRight(control);
  const refused = isRefused(control, delivery);
  const value = {
    type,
    ok: refused && honestTaken,
    tamper: tampering,
    refused,
    control: { taken: honestTaken, status: control.exchange.response?.status ?? null },
    response: { status: delivery.exchange.response?.status ?? null, ms: Math.round(delivery.exchange.ms) },
  };
  const verdict: Text = refused
    ? { en: 'the server refuses the spoilt message', zh: '服务器拒绝了被篡改的消息' }
    : { en: 'the server takes the spoilt message as if it were genuine', zh: '服务器接受了被篡改的消息' };
  const lines = [
    {
      prefix: refused ? '✓ ' : '✗ ',
      text: `${type}, ${tampering}: ${context.say(verdict)} (HTTP ${delivery.exchange.response?.status ?? '–'})`,
    },
    ...(honestTaken
      ? []
      : [
          `✗ ${context.say({ en: 'the honest message is not taken either', zh: '未篡改的消息也没有被接受' })}`,
        ]),
  ];
  printLines(context, value, lines);
  return refused && honestTaken ? 0 : 1;
}

function isRefused(control: Delivery, delivery: Delivery): boolean {
  const { verdict, exchange } = delivery;
  if (verdict === undefined) return exchange.response !== undefined;
  if (!verdict.valid) return true;
  // Silence may be a refusal, but only where the honest message got a reply.
  return verdict.reply === undefined && control.verdict?.reply !== undefined;
}
