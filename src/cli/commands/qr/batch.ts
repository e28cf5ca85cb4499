/** `qr batch`: a table of scenes becomes a folder of codes (批量生成带参数的二维码). */
import type { Client } from '../../../api/client.ts';
import { readLimits } from '../../../core/text/read-limits.ts';
import type { Context } from '../../context.ts';
import { inputName, readTextInput } from '../../files/text-input.ts';
import { defineCommand, flag, parsed, value } from '../../frame/command.ts';
import { unsuitable } from '../../frame/flag-errors.ts';
import { openBusyClient } from '../../settings/platform.ts';
import { confirmBudget, confirmPermanent, openBudget, type QrBudget } from './batch/budget.ts';
import { outDirMissing, resumeMissing } from './batch/texts.ts';
import { checkTargets, hasImage, openFolder, type QrFolder, readFolder, sheetName } from './batch/folder.ts';
import {
  entryKey,
  type QrEntry,
  type QrManifest,
  type UnknownCode,
  wireEntry,
  wireUnknown,
} from './batch/manifest.ts';
import { planBatch, type QrPlan } from './batch/plan.ts';
import { startProgress } from './batch/progress.ts';
import {
  batchError,
  type BatchReport,
  findMissing,
  groupLines,
  printSummary,
  wireFailure,
  withUnsaved,
} from './batch/report.ts';
import { printPlan } from './batch/report.ts';
import { type QrRow, readRows } from './batch/rows.ts';
import { type BatchOutcome, runBatch } from './batch/run.ts';

const defaultConcurrency = 8;
/** More connections than this the platform takes for an attack, and one machine cannot use. */
const maxConcurrency = 64;
/** A process has 2 s after the first signal; what is under way gets most of it. */
const graceMs = 1500;

export const command = defineCommand({
  settings: ['account', 'token'],
  arguments: [
    {
      name: '<file>',
      text: {
        en: 'CSV with the columns scene,name,expire,permanent, "-" for stdin',
        zh: 'CSV 文件，列为 scene,name,expire,permanent，“-”表示 stdin',
      },
    },
  ],
  options: {
    outDir: value('--out-dir <folder>', { en: 'Where the images go', zh: '图片存放目录' }),
    resume: flag('--resume', {
      en: 'Go on with what the folder holds; valid images stay',
      zh: '接着目录中已有的结果继续，有效图片保留',
    }),
    retryUnknown: flag('--retry-unknown', {
      en: 'With --resume: make permanent codes again that may exist',
      zh: '与 --resume 同用：重新创建可能已存在的永久二维码',
    }),
    concurrency: parsed(
      '--concurrency <n>',
      { en: 'Calls at a time, 8 by default, at most 64', zh: '并发数，默认 8，最多 64' },
      parseConcurrency,
    ),
    sheet: flag('--sheet', {
      en: 'Write index.html, a sheet of all codes for checking and printing',
      zh: '生成 index.html，汇总所有二维码以便核对和打印',
    }),
    textScenes: flag('--text-scenes', {
      en: 'Take scenes of digits as texts, too',
      zh: '纯数字的场景值也当作文本',
    }),
    dryRun: flag('--dry-run', {
      en: 'Check the table and say what would be made; call nobody',
      zh: '仅检查表格并说明将创建什么，不发请求',
    }),
  },
  examples: [
    {
      command: 'wechat-mp qr batch shops.csv --out-dir codes --sheet',
      text: { en: 'All codes of a table, with a page to print', zh: '按表格批量生成，并生成可打印的页面' },
    },
    {
      command: 'wechat-mp qr batch shops.csv --out-dir codes --resume',
      text: { en: 'Go on after a stop', zh: '中断后继续' },
    },
    {
      command: 'wechat-mp qr batch shops.csv --out-dir codes --dry-run',
      text: { en: 'Only check the table', zh: '仅检查表格' },
    },
  ],
  output: {
    en: 'A line of counts. The folder gets one JPEG for each row, named after "name" or else "scene", and manifest.json; while it runs, finished codes are lines of manifest.jsonl, so that a kill loses at most the calls under way.\nA permanent code whose creation got no clear answer may exist, and nobody can look it up: it is asked for once, and its row is "unknown" in the manifest. --resume leaves such rows alone, --retry-unknown makes them again.\nA scene of digits without leading zeros is a number, anything else (007, too) a text. "expire" is like 7d, 30d by default; "permanent" is yes or no.\nJSON, one object a line: {"type":"ready",…}, for each row {"type":"code",…}, {"type":"failure","line",…} or {"type":"unknown","line",…}, last {"type":"summary","rows","made","valid","failed","unknown","not_reached","missing":[…]}; with --dry-run {"type":"plan",…} lines',
    zh: '一行统计。目录中每行对应一张 JPEG，以“name”（缺省为“scene”）命名，另有 manifest.json；运行期间，已完成的二维码逐行写入 manifest.jsonl，被强制终止时最多损失进行中的请求。\n创建永久二维码时若没有得到明确应答，该二维码可能已存在且无法查询：只请求一次，清单中该行记为 "unknown"。--resume 不再处理这些行，--retry-unknown 则重新创建。\n不带前导零的纯数字场景值为数字，其余（包括 007）为文本。“expire”如 7d，默认 30d；“permanent”为 yes 或 no。\nJSON 每行一个对象：先是 {"type":"ready",…}，每行数据一个 {"type":"code",…}、{"type":"failure","line",…} 或 {"type":"unknown","line",…}，最后是 {"type":"summary","rows","made","valid","failed","unknown","not_reached","missing":[…]}；--dry-run 时为 {"type":"plan",…}',
  },
  exitCodes: {
    2: {
      en: 'The table has a mistake, or the folder has files that would be replaced',
      zh: '表格有误，或目录中的已有文件会被覆盖',
    },
    4: { en: 'Some rows failed or are unknown; they are listed', zh: '部分行失败或状态不明，会列出' },
    6: { en: 'The quota is used up; --resume goes on later', zh: '配额已用完，之后可用 --resume 继续' },
    7: { en: 'Another run works in the folder, or the disk is full', zh: '目录正被其他进程使用，或磁盘已满' },
  },
  effect: 'remote',
  confirmation: {
    option: '--yes',
    when: {
      en: 'For permanent codes, and for more than the day has left',
      zh: '含永久二维码，或超过当日剩余数量时',
    },
  },
  async run(context, { arguments: [file = ''], options }) {
    const directory = options.outDir;
    if (directory === undefined || directory === '') throw outDirMissing();
    if (options.retryUnknown && !options.resume) throw resumeMissing();
    const rows = await readTable(context, file, options.textScenes);
    const batch: Batch = {
      appId: (await context.settings.appId())?.value,
      rows,
      directory,
      ...options,
      concurrency: options.concurrency ?? defaultConcurrency,
    };
    if (options.dryRun) {
      printPlan(context, rows, planFolder(context, batch));
      return;
    }
    const folder = await openFolder(context, directory);
    try {
      const report = await makeCodes(context, folder, batch);
      printSummary(context, report);
      const error = batchError(report);
      if (error !== undefined) throw error;
    } finally {
      await folder.close();
    }
  },
});

interface Batch {
  readonly appId: string | undefined;
  readonly rows: readonly QrRow[];
  readonly directory: string;
  readonly resume: boolean;
  readonly retryUnknown: boolean;
  readonly sheet: boolean;
  readonly concurrency: number;
}

async function readTable(context: Context, path: string, textScenes: boolean): Promise<readonly QrRow[]> {
  const text = await readTextInput(context, path, readLimits.table);
  const { parseTable } = await import('./batch/csv.ts');
  const file = inputName(path);
  return readRows(parseTable(text, file), { file, textScenes });
}

function planFolder(context: Context, batch: Batch): QrPlan {
  const { rows, directory, resume, sheet, retryUnknown } = batch;
  const earlier = readFolder(context, batch, resume);
  const files = rows.map((row) => row.file);
  checkTargets(context, directory, sheet ? [...files, sheetName] : files, earlier);
  return planBatch(rows, earlier, {
    nowMs: context.io.clock.now(),
    hasImage: (entry) => hasImage(context, directory, entry),
    retryUnknown,
  });
}

async function makeCodes(context: Context, folder: QrFolder, batch: Batch): Promise<BatchReport> {
  const { rows, directory, sheet } = batch;
  const plan = planFolder(context, batch);
  await confirmPermanent(context, plan);
  const budget = openBudget(context, batch.appId);
  await confirmBudget(context, plan, budget);
  const pending = plan.tasks.flatMap(({ entry }) => entry ?? []);
  const again = plan.tasks.flatMap((task) => task.again ?? []);
  const asked = [...plan.unknown, ...again, ...plan.leftUnknown];
  folder.begin(manifestOf(context, [...plan.kept, ...pending], asked, batch, plan));
  context.event({
    type: 'ready',
    rows: rows.length,
    to_make: plan.tasks.length,
    valid: plan.kept.length,
    out_dir: directory,
  });
  for (const code of plan.unknown) context.event({ type: 'unknown', ...wireUnknown(code) });
  const outcome = await makeAll(context, folder, plan, budget, batch.concurrency);
  const entries = rows.flatMap(({ scene }) => folder.entries.get(entryKey(scene)) ?? []);
  const done = entries.filter((entry) => entry.image !== undefined);
  const unknown = rows.flatMap(({ scene }) => folder.unknown.get(entryKey(scene)) ?? []);
  const missing = findMissing(rows, done, outcome.failures, unknown);
  try {
    await folder.finish({
      ...manifestOf(context, entries, [...folder.unknown.values()], batch, plan),
      missing,
    });
    if (sheet) await writeSheet(context, folder, done, { missing: missing.length, unknown: unknown.length });
  } catch (error) {
    // Where the disk is full already, the first error says what matters and the journal has it all.
    if (outcome.stop?.family !== 'local') throw withUnsaved(error, folder.unsaved);
  }
  const { unsaved } = folder;
  return { rows, plan, outcome, missing, unknown, unsaved, directory, sheet };
}

async function makeAll(
  context: Context,
  folder: QrFolder,
  plan: QrPlan,
  budget: QrBudget,
  concurrency: number,
): Promise<BatchOutcome> {
  if (plan.tasks.length === 0) return { done: 0, failures: [], stop: undefined, seconds: 0 };
  const { clock, random } = context.io;
  const interruption = context.io.interruption();
  const hardStop = stopLater(context, interruption);
  const client: Client = await openBusyClient(context, hardStop.signal);
  const progress = startProgress(context, plan.tasks.length);
  const lines = groupLines(context);
  try {
    return await runBatch(plan.tasks, {
      client,
      folder,
      clock,
      random,
      concurrency,
      interruption,
      onMade: () => budget.spend(),
      onDone({ scene }) {
        progress.step();
        const entry = folder.entries.get(entryKey(scene));
        if (entry !== undefined) lines.add({ type: 'code', ...wireEntry(entry) });
      },
      onFailed(failure) {
        progress.step();
        lines.add(wireFailure(context, failure, folder.unknown.has(entryKey(failure.row.scene))));
      },
    });
  } finally {
    lines.end();
    progress.stop();
    hardStop.release();
  }
}

/** A signal that follows the interruption after a while: an answer on its way may be a code that exists for ever. */
function stopLater(
  { io }: Context,
  interruption: AbortSignal,
): { readonly signal: AbortSignal; release(): void } {
  const stop = new AbortController();
  const released = new AbortController();
  const follow = (): void => {
    io.clock.sleep(graceMs, released.signal).then(
      () => stop.abort(interruption.reason),
      () => {},
    );
  };
  interruption.addEventListener('abort', follow, { once: true });
  return {
    signal: stop.signal,
    release() {
      interruption.removeEventListener('abort', follow);
      released.abort();
    },
  };
}

function manifestOf(
  context: Context,
  codes: readonly QrEntry[],
  unknown: readonly UnknownCode[],
  { rows, appId }: Batch,
  plan: QrPlan,
): QrManifest {
  const done = codes.filter(({ image }) => image !== undefined);
  return {
    appId,
    apiBase: context.settings.apiBase.value,
    codes,
    missing: findMissing(rows, done, [], unknown),
    unknown,
    leftOver: plan.leftOver,
  };
}

async function writeSheet(
  context: Context,
  folder: QrFolder,
  codes: readonly QrEntry[],
  lacking: { readonly missing: number; readonly unknown: number },
): Promise<void> {
  const { formatQrSheet } = await import('./batch/sheet.ts');
  folder.writeSheet(formatQrSheet(codes, lacking, context.language));
}

function parseConcurrency(text: string, name: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= maxConcurrency) return count;
  throw unsuitable('concurrency_invalid', text, name, {
    en: `it must be 1 to ${maxConcurrency}`,
    zh: `应为 1 至 ${maxConcurrency}`,
  });
}
