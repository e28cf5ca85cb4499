/** What a batch says in the end: a summary, and exactly which rows are missing. */
import { WechatMpError } from '../../../../core/errors.ts';
import { defined } from '../../../../core/text/defined.ts';
import type { Text } from '../../../../core/text/text.ts';
import type { Context } from '../../../context.ts';
import { type MissingRow, type QrEntry, type UnknownCode, wireScene, wireUnknown } from './manifest.ts';
import type { QrPlan } from './plan.ts';
import { formatSeconds, perSecond } from './progress.ts';
import type { QrRow } from './rows.ts';
import type { BatchOutcome, RowFailure } from './run.ts';
import { aboutUnknown, formatLines, hintOfStop, incomplete, lookAndGoOn } from './texts.ts';

/** So many rows are told on the terminal; the manifest has them all. */
const shownRows = 20;

export interface BatchReport {
  readonly rows: readonly QrRow[];
  readonly plan: QrPlan;
  readonly outcome: BatchOutcome;
  readonly missing: readonly MissingRow[];
  /** Those of them whose permanent code may exist. */
  readonly unknown: readonly UnknownCode[];
  /** Codes that no file has taken. */
  readonly unsaved: readonly QrEntry[];
  readonly directory: string;
  readonly sheet: boolean;
}

/** Rows without a picture, in the order of the table. */
export function findMissing(
  rows: readonly QrRow[],
  done: readonly QrEntry[],
  failures: readonly RowFailure[],
  unknown: readonly UnknownCode[],
): readonly MissingRow[] {
  const doneLines = new Set(done.map(({ line }) => line));
  const reasons = new Map(failures.map(({ row, error }) => [row.line, error.type]));
  for (const { line } of unknown) reasons.set(line, 'unknown');
  return rows
    .filter(({ line }) => !doneLines.has(line))
    .map(({ line, scene, name }) => ({ line, scene, name, reason: reasons.get(line) ?? 'not_reached' }));
}

/** One row that failed, at once for those who read along. */
/** As a line of JSON. */
export function wireFailure(context: Context, { row, error }: RowFailure, unknown: boolean) {
  const { errcode } = error.facts;
  return {
    type: unknown ? 'unknown' : 'failure',
    line: row.line,
    name: row.name,
    ...wireScene(row.scene),
    error: error.type,
    ...defined({ errcode }),
    message: context.say(error.text),
  };
}

/** A reader that is woken for each of hundreds of lines a second keeps the batch from its calls. */
const groupMs = 50;

/** Lines of JSON that are written together. */
export function groupLines(context: Context): { add(line: Record<string, unknown>): void; end(): void } {
  const ended = new AbortController();
  let waiting: Record<string, unknown>[] = [];
  const write = (): void => {
    context.event(...waiting);
    waiting = [];
  };
  return {
    add(line) {
      if (waiting.push(line) === 1) context.io.clock.sleep(groupMs, ended.signal).then(write, () => {});
    },
    end() {
      ended.abort();
      write();
    },
  };
}

export function printSummary(context: Context, report: BatchReport): void {
  const { rows, plan, outcome, missing, unknown, directory, sheet } = report;
  const { seconds } = outcome;
  const failed = outcome.failures.length - failuresIn(outcome, unknown);
  const rate = perSecond(outcome.done, seconds);
  if (context.options.json) {
    context.event({
      type: 'summary',
      rows: rows.length,
      made: outcome.done,
      valid: plan.kept.length,
      failed,
      unknown: unknown.length,
      not_reached: missing.length - failed - unknown.length,
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
    ...(unknown.length === 0
      ? []
      : [{ en: `${unknown.length} of them unknown`, zh: `其中 ${unknown.length} 个状态不明` }]),
  ];
  context.print(undefined, {
    en: `${directory}: ${parts.map(({ en }) => en).join(', ')}`,
    zh: `${directory}：${parts.map(({ zh }) => zh).join('，')}`,
  });
}

/** How many of the failed rows may have their code. */
function failuresIn({ failures }: BatchOutcome, unknown: readonly UnknownCode[]): number {
  const lines = new Set(unknown.map(({ line }) => line));
  return failures.filter(({ row }) => lines.has(row.line)).length;
}

/** What to throw in the end; `undefined` when every row has its picture. */
export function batchError(report: BatchReport): WechatMpError | undefined {
  const { missing, unknown, rows, directory, outcome } = report;
  const { stop } = outcome;
  if (missing.length === 0 && stop === undefined) return undefined;
  const count = {
    en: `${missing.length} of ${rows.length} codes are missing, those of ${formatLines(missing).en}; all are listed in ${directory}/manifest.json`,
    zh: `${rows.length} 个二维码中缺少 ${missing.length} 个：${formatLines(missing).zh}；完整清单见 ${directory}/manifest.json`,
  };
  const details = [
    ...describeFailures(outcome.failures),
    ...describeUnknown(unknown, outcome.failures),
    count,
  ];
  const facts = { missing: missing.length, unknown: unknown.length, rows: rows.length, folder: directory };
  if (stop === undefined) {
    return new WechatMpError({
      family: 'api',
      type: 'batch_incomplete',
      text: incomplete(report),
      details,
      hint: unknown.length === 0 ? lookAndGoOn : aboutUnknown(missing.length > unknown.length),
      facts,
    });
  }
  const error = stop.with({
    details: [...stop.details, ...details],
    hint: unknown.length === 0 ? hintOfStop(stop) : aboutUnknown(true),
    facts: { ...stop.facts, ...facts },
  });
  return withUnsaved(error, report.unsaved) as WechatMpError;
}

/** Rows of earlier runs; those of this run stand among the failures, or were under way when it was interrupted. */
function describeUnknown(unknown: readonly UnknownCode[], failures: readonly RowFailure[]): readonly Text[] {
  const told = new Set(failures.map(({ row }) => row.line));
  const rest = unknown.filter(({ line }) => !told.has(line));
  const more = rest.length - shownRows;
  return [
    ...rest.slice(0, shownRows).map(({ line, name, reason, askedAtMs }) => {
      const at = new Date(askedAtMs).toISOString();
      return {
        en: `line ${line}, "${name}": unknown, it was asked for at ${at} without a clear answer (${reason}) and may exist`,
        zh: `第 ${line} 行“${name}”：状态不明，${at} 发出的请求没有得到明确应答（${reason}），该二维码可能已存在`,
      };
    }),
    ...(more > 0 ? [{ en: `… and ${more} more unknown rows`, zh: `……另有 ${more} 行状态不明` }] : []),
  ];
}

/** Codes that exist and that the disk did not take: what is not said here is lost. */
export function withUnsaved(error: unknown, unsaved: readonly QrEntry[]): unknown {
  if (!(error instanceof WechatMpError) || unsaved.length === 0) return error;
  const lines = unsaved.map(({ line, name, ticket, url }) => ({
    en: `line ${line}, "${name}": made, but not saved; ticket ${ticket}, ${url}`,
    zh: `第 ${line} 行“${name}”：已创建但未能保存；ticket ${ticket}，${url}`,
  }));
  return error.with({
    details: [...error.details, ...lines],
    facts: {
      ...error.facts,
      unsaved: unsaved.map(({ line, name, scene, ticket, url }) => {
        // A field that is called "ticket" is taken for a secret.
        return { line, name, ...wireScene(scene), permanent: scene.permanent, qr_ticket: ticket, url };
      }),
    },
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

/** What a run would do, one line for each row that is not done. */
export function printPlan(context: Context, rows: readonly QrRow[], plan: QrPlan): void {
  const lines = plan.tasks.map(({ row, entry }) => {
    const action = entry === undefined ? 'create' : 'image';
    context.event({
      type: 'plan',
      action,
      line: row.line,
      name: row.name,
      ...wireScene(row.scene),
      permanent: row.scene.permanent,
      file: row.file,
    });
    const words = actions[action];
    return context.say({ en: `${words.en}  ${row.file}`, zh: `${words.zh}  ${row.file}` });
  });
  for (const code of plan.unknown) context.event({ type: 'plan', action: 'unknown', ...wireUnknown(code) });
  for (const entry of plan.leftOver) context.event({ type: 'plan', action: 'left_over', ...describe(entry) });
  context.event({
    type: 'summary',
    dry_run: true,
    rows: rows.length,
    create: plan.tasks.filter(({ entry }) => entry === undefined).length,
    image: plan.tasks.filter(({ entry }) => entry !== undefined).length,
    valid: plan.kept.length,
    unknown: plan.unknown.length,
    left_over: plan.leftOver.length,
  });
  if (context.options.json) return;
  const left = plan.leftOver.map(({ file }) =>
    context.say({ en: `left over  ${file}`, zh: `多余  ${file}` }),
  );
  const unknown = plan.unknown.map(({ line, name }) =>
    context.say({
      en: `unknown, left alone  line ${line}, ${name}`,
      zh: `状态不明，不处理  第 ${line} 行 ${name}`,
    }),
  );
  const [more, zhMore] =
    unknown.length === 0 ? ['', ''] : [`, ${unknown.length} unknown`, `，状态不明 ${unknown.length} 个`];
  const total = context.say({
    en: `Would make ${plan.tasks.length} of ${rows.length} codes; ${plan.kept.length} are there${more}, ${plan.leftOver.length} left over`,
    zh: `将处理 ${rows.length} 个中的 ${plan.tasks.length} 个；已有 ${plan.kept.length} 个${zhMore}，多余 ${plan.leftOver.length} 个`,
  });
  context.print(undefined, [...lines, ...unknown, ...left, total].join('\n'));
}

const actions = { create: { en: 'create', zh: '创建' }, image: { en: 'image only', zh: '仅下载图片' } };

function describe({ name, scene, file, ticket }: QrEntry): Readonly<Record<string, unknown>> {
  return { name, ...wireScene(scene), permanent: scene.permanent, file, ticket };
}
