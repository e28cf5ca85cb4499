/** The rows of a batch: every one is checked before anything is sent, and every mistake is told with its line. */
import { WechatMpError } from '../../../../core/errors.ts';
import {
  maxCodes,
  maxExpireSeconds,
  type QrScene,
  type SceneProblem,
  validateScene,
} from '../../../../core/qrcode/index.ts';
import { sha1Hex } from '../../../../core/text/digest.ts';
import { durationRefusal, readDuration } from '../../../../core/text/duration.ts';
import { excerpt } from '../../../../core/text/sanitise.ts';
import type { Text } from '../../../../core/text/text.ts';
import type { Table, TableRow } from './csv.ts';
import { fileNameKey, safeFileName } from './file-name.ts';
import { sceneText } from './manifest.ts';
import { repeatedIn, textScenesHint, wrongCount } from './texts.ts';

export interface QrRow {
  readonly line: number;
  readonly scene: QrScene;
  readonly name: string;
  /** Name of the picture in the folder; no two are the same for any file system. */
  readonly file: string;
}

interface RowOptions {
  readonly file: string;
  /** Scenes of digits are texts, too. */
  readonly textScenes: boolean;
}

/** A file in which every row is wrong must not fill the terminal. */
const shownProblems = 20;

interface RowProblem {
  readonly line: number;
  readonly text: Text;
}

type NamedRow = Omit<QrRow, 'file'>;

/** Throws an input error that lists what is wrong. */
export function readRows(table: Table, options: RowOptions): readonly QrRow[] {
  const { file } = options;
  const count = table.rows.length;
  if (count === 0 || count > maxCodes) throw wrongCount(file, count);
  const problems: RowProblem[] = [];
  const rows = table.rows.map((row) => readRow(row, table.header.length, options, problems));
  const good = rows.filter((row) => row !== undefined);
  problems.push(...findDuplicates(good));
  if (problems.length > 0) throw rowsInvalid(file, problems);
  return nameFiles(good);
}

/** `undefined` for a row whose scene cannot be understood; whatever is wrong is added to `problems`. */
function readRow(
  { line, cells, count }: TableRow,
  width: number,
  options: RowOptions,
  problems: RowProblem[],
): NamedRow | undefined {
  const add = (text: Text): void => void problems.push({ line, text });
  if (count !== width) {
    add({
      en: `there are ${count} cells, the header has ${width}`,
      zh: `有 ${count} 个单元格，表头为 ${width} 个`,
    });
    return undefined;
  }
  if (hasControls(cells.scene) || hasControls(cells.name)) {
    add({ en: 'there are control characters', zh: '含有控制字符' });
    return undefined;
  }
  if (cells.scene === '') {
    add({ en: 'the scene is missing', zh: '缺少场景值' });
    return undefined;
  }
  const permanent = readPermanent(cells.permanent, add);
  const expireSeconds = readExpire(cells.expire, permanent, add);
  const value = readSceneValue(cells.scene, options.textScenes);
  const scene: QrScene = permanent
    ? { permanent, scene: value }
    : { permanent, scene: value, expireSeconds: expireSeconds ?? maxExpireSeconds };
  for (const problem of validateScene(scene)) add(inRow(problem, value));
  return { line, scene, name: cells.name === '' ? cells.scene : cells.name };
}

/**
 * A whole number without leading zeros is a number for the platform, anything else a text: a number would lose the
 * zeros of "007", and pushes bring both as text.
 */
function readSceneValue(text: string, textScenes: boolean): number | string {
  return !textScenes && /^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

// oxlint-disable-next-line no-control-regex
const controls = /[\x00-\x1f\x7f-\x9f]/;

function hasControls(text: string): boolean {
  return controls.test(text);
}

const yes = new Set(['yes', 'y', 'true', '1', '是']);
const no = new Set(['no', 'n', 'false', '0', '否', '']);

function readPermanent(text: string, add: (text: Text) => void): boolean {
  const word = text.toLowerCase();
  if (!yes.has(word) && !no.has(word)) {
    const shown = excerpt(text, 40);
    add({
      en: `"permanent" must be yes or no, got "${shown}"`,
      zh: `“permanent”应为 yes 或 no，实际为“${shown}”`,
    });
  }
  return yes.has(word);
}

function readExpire(text: string, permanent: boolean, add: (text: Text) => void): number | undefined {
  if (text === '') return undefined;
  if (permanent) {
    add({ en: 'a permanent code has no "expire"', zh: '永久二维码不能有“expire”' });
    return undefined;
  }
  const { ms, refused } = readDuration(text);
  if (ms !== undefined) return ms / 1000;
  const { en, zh } = durationRefusal(text, '"expire"', refused);
  const seconds = /^\d+$/.test(text)
    ? { en: `, or ${text}s for seconds`, zh: `，秒数写作 ${text}s` }
    : { en: '', zh: '' };
  add({ en: `${en.replace('Cannot', 'cannot')}${seconds.en}`, zh: `${zh}${seconds.zh}` });
  return undefined;
}

/** The sentences of `qr create` without their beginning; and what to do about a long number, as phone numbers are. */
function inRow({ text, field }: SceneProblem, scene: number | string): Text {
  const tail =
    field === 'scene' && typeof scene === 'number' && scene > 0 ? textScenesHint : { en: '', zh: '' };
  const clause = {
    en: text.en.replace(/^Cannot create the QR code: /, ''),
    zh: text.zh.replace(/^无法创建二维码：/, ''),
  };
  return { en: clause.en + tail.en, zh: clause.zh + tail.zh };
}

function findDuplicates(rows: readonly NamedRow[]): readonly RowProblem[] {
  const scenes = new Map<string, number>();
  const names = new Map<string, number>();
  return rows.flatMap(({ line, scene, name }) => {
    const sceneLine = remember(scenes, sceneText(scene), line);
    const nameLine = remember(names, name, line);
    if (sceneLine !== undefined)
      return [{ line, text: repeatedIn('scene', '场景值', sceneText(scene), sceneLine) }];
    return nameLine === undefined ? [] : [{ line, text: repeatedIn('name', '名称', name, nameLine) }];
  });
}

/** The line that had the key before. */
function remember(lines: Map<string, number>, key: string, line: number): number | undefined {
  const before = lines.get(key);
  if (before === undefined) lines.set(key, line);
  return before;
}

/** Different names may be one file, as "Shop" and "shop" on many systems: all of those get a mark of their scene. */
function nameFiles(rows: readonly NamedRow[]): readonly QrRow[] {
  const named = rows.map((row) => ({ row, base: safeFileName(row.name) }));
  const counts = new Map<string, number>();
  for (const { base } of named) counts.set(fileNameKey(base), (counts.get(fileNameKey(base)) ?? 0) + 1);
  const alone = ({ base }: { base: string }): boolean => counts.get(fileNameKey(base)) === 1;
  const taken = new Set(named.filter(alone).map(({ base }) => fileNameKey(base)));
  return named.map((item) => {
    if (alone(item)) return { ...item.row, file: `${item.base}.jpg` };
    const key = sceneText(item.row.scene);
    for (let length = 6; ; length += 1) {
      const base = `${item.base}-${sha1Hex(key).slice(0, length)}`;
      if (taken.has(fileNameKey(base))) continue;
      taken.add(fileNameKey(base));
      return { ...item.row, file: `${base}.jpg` };
    }
  });
}

function rowsInvalid(file: string, problems: readonly RowProblem[]): WechatMpError {
  const sorted = problems.toSorted((one, other) => one.line - other.line);
  const more = sorted.length - shownProblems;
  const count = sorted.length;
  return new WechatMpError({
    family: 'input',
    type: 'rows_invalid',
    text: {
      en: `Cannot use "${file}": ${count} ${count === 1 ? 'mistake' : 'mistakes'} in its rows; nothing was created`,
      zh: `无法使用“${file}”：数据中有 ${count} 处错误，没有创建任何二维码`,
    },
    details: [
      ...sorted.slice(0, shownProblems).map(({ line, text }) => ({
        en: `${file}:${line}: ${text.en}`,
        zh: `${file}:${line}：${text.zh}`,
      })),
      ...(more > 0 ? [{ en: `… and ${more} more`, zh: `……另有 ${more} 处` }] : []),
    ],
    hint: { en: 'Correct these lines and run it again', zh: '请修正这些行后重新运行' },
    facts: { file, problems: count, lines: [...new Set(sorted.map(({ line }) => line))].slice(0, 1000) },
  });
}
