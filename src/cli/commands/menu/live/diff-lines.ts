/** Differences between menus as people read them, one or a few lines each. */
import type { ConditionalStep, MenuChange, NormalButton } from '../../../../core/menu/index.ts';
import { sanitiseLine } from '../../../../core/text/sanitise.ts';
import { terminalWidth } from '../../../../core/text/terminal-width.ts';
import type { Language, Text } from '../../../../core/text/text.ts';
import type { Context } from '../../../context.ts';
import { createPaint, type Paint, wantsColor } from '../../../frame/output.ts';
import { describeRule } from './texts.ts';

/** How lines are written: everything from outside is made safe here, since colours come afterwards. */
export interface LineStyle {
  readonly language: Language;
  readonly paint: Paint;
  readonly columns: number;
}

/** The style of stdout, or of stderr, whose colours are the context's. */
export async function lineStyle(context: Context, stream: 'stdout' | 'stderr'): Promise<LineStyle> {
  const { language, options, environment, io } = context;
  const { columns, stdoutIsTty } = io.terminal;
  const paint =
    stream === 'stderr'
      ? context.paint
      : await createPaint(wantsColor(options.color, environment, stdoutIsTty));
  return { language, paint, columns };
}

/** `+` new, `-` gone, `~` changed, `>` moved. */
export function changeLines(style: LineStyle, changes: readonly MenuChange[]): readonly string[] {
  return changes.flatMap((change) => lineOf(style, change));
}

function lineOf(style: LineStyle, change: MenuChange): readonly string[] {
  const { op, from, to, trail } = change;
  if (op === 'move') return [moveLine(style, change)];
  const isButton = typeof (from ?? to) === 'object';
  if (!isButton) return fieldLines(style, change);
  const button = (op === 'add' ? to : from) as NormalButton;
  const paint = op === 'add' ? style.paint.good : style.paint.error;
  const mark = op === 'add' ? '+' : '-';
  return buttonLines(button, trail).map((line) => paint(`${mark} ${line}`));
}

/** A button, and each of those it opens. */
function buttonLines(button: NormalButton, trail: readonly string[]): readonly string[] {
  const { name: _name, sub_button: children = [], ...fields } = button;
  const values = Object.values(fields).filter((value) => typeof value === 'string');
  return [
    [nameOf(trail), ...values.map(sanitiseLine)].join('  '),
    ...children.flatMap((child) => buttonLines(child, [...trail, child.name ?? ''])),
  ];
}

function nameOf(trail: readonly string[]): string {
  return trail.map(sanitiseLine).join(' › ');
}

/** On one line where it fits; else the values below each other. */
function fieldLines({ paint, columns }: LineStyle, { path, from, to, trail }: MenuChange): readonly string[] {
  const head = `${nameOf(trail)}  ${path.slice(path.lastIndexOf('/') + 1)}`;
  const [old, wanted] = [from, to].map((value) =>
    typeof value === 'string' ? sanitiseLine(value) : undefined,
  );
  const line = `${head}: ${old ?? '–'} → ${wanted ?? '–'}`;
  if (terminalWidth(line) + 2 <= columns) return [`${paint.warning('~')} ${line}`];
  return [
    `${paint.warning('~')} ${head}`,
    ...(old === undefined ? [] : [`  ${paint.error(`- ${old}`)}`]),
    ...(wanted === undefined ? [] : [`  ${paint.good(`+ ${wanted}`)}`]),
  ];
}

function moveLine({ language, paint }: LineStyle, { path, from, trail, cameFrom = [] }: MenuChange): string {
  const [old, now] = [cameFrom.slice(0, -1), trail.slice(0, -1)];
  const source = typeof from === 'string' ? from : '';
  const [oldPlace, nowPlace] = [placeIn(source), placeIn(path)];
  const isSameList = source.replace(/\d+$/, '') === path.replace(/\d+$/, '');
  const bar = { en: 'the menu bar', zh: '菜单栏' }[language];
  const [oldList, nowList] = [old, now].map((list) => (list.length === 0 ? bar : nameOf(list)));
  const words: Text = isSameList
    ? { en: `from place ${oldPlace} to ${nowPlace}`, zh: `从第 ${oldPlace} 位移到第 ${nowPlace} 位` }
    : {
        en: `from ${oldList}, place ${oldPlace}, to ${nowList}, place ${nowPlace}`,
        zh: `从“${oldList}”第 ${oldPlace} 位移到“${nowList}”第 ${nowPlace} 位`,
      };
  return `${paint.strong('>')} ${sanitiseLine(trail.at(-1) ?? '')}  ${words[language]}`;
}

/** Counted from 1, as people do. */
function placeIn(path: string): number {
  return Number(path.slice(path.lastIndexOf('/') + 1)) + 1;
}

/** One line a conditional menu, its changes below it. Those that stay as they are have none. */
export function conditionalLines(style: LineStyle, steps: readonly ConditionalStep[]): readonly string[] {
  return steps.flatMap((step) => (step.op === 'same' ? [] : stepLines(style, step)));
}

function stepLines(
  style: LineStyle,
  step: Exclude<ConditionalStep, { readonly op: 'same' }>,
): readonly string[] {
  const { language, paint } = style;
  const [rule, id] = 'wanted' in step ? [step.wanted.rule, ''] : [step.live.rule, step.live.menuId];
  const title = { en: 'conditional menu: ', zh: '个性化菜单：' }[language];
  const number = id === '' ? '' : ` (menuid ${sanitiseLine(id)})`;
  const { mark, text } = stepWords[step.op];
  const color = { add: paint.good, remove: paint.error }[step.op as string] ?? paint.warning;
  const head = `${mark} ${title}${describeRule(rule)[language]}${number}`;
  const line = `${color(head)}  ${text[language]}`;
  if (step.op === 'add')
    return [line, ...step.wanted.menu.button.flatMap((button) => inner(button, '+', paint.good))];
  if (step.op === 'remove')
    return [line, ...step.live.menu.button.flatMap((button) => inner(button, '-', paint.error))];
  const narrow = { ...style, columns: style.columns - 4 };
  return [
    line,
    ...('changes' in step ? changeLines(narrow, step.changes).map((change) => `    ${change}`) : []),
  ];
}

function inner(button: NormalButton, mark: string, paint: (text: string) => string): readonly string[] {
  return buttonLines(button, [button.name ?? '']).map((line) => `    ${paint(`${mark} ${line}`)}`);
}

const stepWords: Readonly<Record<Exclude<ConditionalStep['op'], 'same'>, { mark: string; text: Text }>> = {
  add: { mark: '+', text: { en: 'is new', zh: '新增' } },
  change: { mark: '~', text: { en: 'is replaced', zh: '替换' } },
  move: {
    mark: '>',
    text: { en: 'is made again: the newest that matches is shown', zh: '重新创建：匹配时以最新的为准' },
  },
  remove: { mark: '-', text: { en: 'is not in the file', zh: '文件中没有' } },
  keep: { mark: '=', text: { en: 'is not in the file and stays', zh: '文件中没有，保留' } },
};
