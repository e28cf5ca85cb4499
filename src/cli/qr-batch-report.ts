/** What a batch says in the end: a summary, and exactly which rows are missing. */
import { WechatMpError } from '../core/errors.ts';
import { wireScene, type MissingRow } from '../core/qr-manifest.ts';
import type { Text } from '../core/text.ts';
import type { Context } from './context.ts';
import type { BatchOutcome, RowFailure } from './qr-batch.ts';
import type { QrPlan } from './qr-plan.ts';
import { formatSeconds, perSecond } from './qr-progress.ts';
import type { QrRow } from './qr-rows.ts';

/** So many rows are told on the terminal; the manifest has them all. */
const shownRows = 20;

export interface BatchReport {
  readonly rows: readonly QrRow[];
  readonly plan: QrPlan;
  readonly outcome: BatchOutcome;
  readonly missing: readonly MissingRow[];
  readonly seconds: number;
  readonly directory: string;
  readonly sheet: boolean;
}

/** Rows without a picture, in the order of the table. */
export function findMissing(
  rows: readonly QrRow[],
  done: ReadonlySet<number>,
  failures: readonly RowFailure[],
): readonly MissingRow[] {
  const reasons = new Map(failures.map(({ row, error }) => [row.line, error.type]));
  return rows
    .filter(({ line }) => !done.has(line))
    .map(({ line, scene, name }) => ({ line, scene, name, reason: reasons.get(line) ?? 'not_reached' }));
}

/** One row that failed, at once for those who read along. */
export function tellFailure(context: Context, { row, error }: RowFailure): void {
  const { errcode } = error.facts;
  context.event({
    type: 'failure',
    line: row.line,
    name: row.name,
    ...wireScene(row.scene),
    error: error.type,
    ...(errcode === undefined ? {} : { errcode }),
    message: context.say(error.text),
  });
}

/** The summary on stdout. */
export function printSummary(context: Context, report: BatchReport): void {
  const { rows, plan, outcome, missing, seconds, directory, sheet } = report;
  const rate = perSecond(outcome.done, seconds);
  if (context.options.json) {
    context.event({
      type: 'summary',
      rows: rows.length,
      made: outcome.done,
      valid: plan.kept.length,
      failed: outcome.failures.length,
      not_reached: missing.length - outcome.failures.length,
      left_over: plan.leftOver.length,
      seconds: Math.round(seconds * 1000) / 1000,
      codes_per_second: rate === undefined ? null : Number(rate),
      manifest: `${directory}/manifest.json`,
      sheet: sheet ? `${directory}/index.html` : null,
      missing: missing.map(({ line, scene, name, reason }) => ({ line, name, ...wireScene(scene), reason })),
    });
    return;
  }
  const took =
    seconds < 60 ? { en: `${seconds.toFixed(1)} s`, zh: `${seconds.toFixed(1)} 秒` } : formatSeconds(seconds);
  const speed =
    outcome.done === 0 || rate === undefined
      ? { en: '', zh: '' }
      : { en: ` (${took.en}, ${rate} a second)`, zh: `（${took.zh}，每秒 ${rate} 个）` };
  const kept = plan.kept.length;
  const parts: readonly Text[] = [
    { en: `${outcome.done} made${speed.en}`, zh: `新建 ${outcome.done} 个${speed.zh}` },
    ...(kept === 0 ? [] : [{ en: `${kept} were there`, zh: `已有 ${kept} 个` }]),
    ...(missing.length === 0 ? [] : [{ en: `${missing.length} missing`, zh: `缺少 ${missing.length} 个` }]),
  ];
  context.print(
    undefined,
    context.say({
      en: `${directory}: ${parts.map(({ en }) => en).join(', ')}`,
      zh: `${directory}：${parts.map(({ zh }) => zh).join('，')}`,
    }),
  );
}

/** What to throw in the end; `undefined` when every row has its picture. */
export function batchError(report: BatchReport): WechatMpError | undefined {
  const { missing, rows, directory, outcome } = report;
  const { stop } = outcome;
  if (missing.length === 0 && stop === undefined) return undefined;
  const count = {
    en: `${missing.length} of ${rows.length} codes are missing, those of ${formatLines(missing).en}; all are listed in ${directory}/manifest.json`,
    zh: `${rows.length} 个二维码中缺少 ${missing.length} 个：${formatLines(missing).zh}；完整清单见 ${directory}/manifest.json`,
  };
  const goOn = { en: 'run it again with --resume', zh: '加上 --resume 重新运行' };
  const facts = { missing: missing.length, rows: rows.length, folder: directory };
  if (stop === undefined) {
    return new WechatMpError({
      family: 'api',
      type: 'batch_incomplete',
      text: {
        en: `${missing.length} of ${rows.length} codes could not be made`,
        zh: `${rows.length} 个二维码中有 ${missing.length} 个未能创建`,
      },
      details: [...describeFailures(outcome.failures), count],
      hint: {
        en: 'Look at the rows above, then run it again with --resume',
        zh: '请查看上面各行，然后加上 --resume 重新运行',
      },
      facts,
    });
  }
  const { family, type, text, hint, details, retryable, cause } = stop;
  return new WechatMpError({
    family,
    type,
    text,
    details: [...details, ...describeFailures(outcome.failures), count],
    hint:
      hint === undefined || hint.en.includes('--resume')
        ? (hint ?? { en: 'To go on, run it again with --resume', zh: '如需继续，请加上 --resume 重新运行' })
        : { en: `${hint.en}; then ${goOn.en}`, zh: `${hint.zh}；然后${goOn.zh}` },
    retryable,
    facts: { ...stop.facts, ...facts },
    cause,
  });
}

function describeFailures(failures: readonly RowFailure[]): readonly Text[] {
  const more = failures.length - shownRows;
  return [
    ...failures.slice(0, shownRows).map(({ row, error }) => ({
      en: `line ${row.line}, "${row.name}": ${error.text.en}`,
      zh: `第 ${row.line} 行“${row.name}”：${error.text.zh}`,
    })),
    ...(more > 0 ? [{ en: `… and ${more} more rows`, zh: `……另有 ${more} 行` }] : []),
  ];
}

/** `lines 3, 8-12 and 700-5001`; a long list is cut. */
export function formatLines(rows: readonly Pick<MissingRow, 'line'>[]): Text {
  const ranges: { from: number; to: number }[] = [];
  for (const { line } of rows) {
    const last = ranges.at(-1);
    if (last !== undefined && line === last.to + 1) last.to = line;
    else ranges.push({ from: line, to: line });
  }
  const shown = ranges
    .slice(0, shownRanges)
    .map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
  const cut = ranges.length > shownRanges;
  const [only] = rows;
  return {
    en: `${rows.length === 1 ? 'line' : 'lines'} ${shown.join(', ')}${cut ? ' …' : ''}`,
    zh: only === undefined ? '' : `第 ${shown.join('、')} 行${cut ? '等' : ''}`,
  };
}
const shownRanges = 8;
