/** Linting a menu file: the rules of the platform, each problem with its place in the file. */
import { WechatMpError } from '../../../core/errors.ts';
import { type MenuProblem, type MenuRule, menuTexts, validateMenuFile } from '../../../core/menu/index.ts';
import { excerpt, sanitiseLine } from '../../../core/text/sanitise.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import {
  type JsonTree,
  type KeyPlace,
  parseJsonTree,
  type Place,
  refuseJsonInText,
} from '../../files/json-file.ts';
import { fixLine } from '../../frame/output.ts';
import { closestTo } from '../../frame/suggest.ts';

export interface PlacedProblem extends Place {
  readonly rule: MenuRule;
  readonly severity: MenuProblem['severity'];
  readonly path: string;
  readonly errcode?: number | undefined;
  readonly alternative?: number | undefined;
  readonly text: Text;
  readonly hint?: Text | undefined;
}

export interface MenuLint {
  readonly value: unknown;
  /** From the top of the file to its end. */
  readonly problems: readonly PlacedProblem[];
}

/** Longer names are no slips of the pen, and comparing them costs time. */
const maxSuggestedLength = 40;

/** Throws an input error with line and column where the text is no JSON. `ownAppId`: see `validateMenuFile`. */
export function lintMenu(text: string, fileName: string, ownAppId?: () => string | undefined): MenuLint {
  const source = parseJsonTree(text, fileName);
  refuseJsonInText(source.value, fileName);
  const problems = [
    ...source.repeatedKeys.map(repeatedKey),
    ...validateMenuFile(source.value, ownAppId).map((problem) => placed(problem, source)),
  ];
  return {
    value: source.value,
    problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column),
  };
}

/** The problems for people: notices of one rule as one, so that they leave room for what matters. */
export function withGroupedNotices(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  const told = new Set<MenuRule>();
  return problems.flatMap((problem) => {
    if (problem.severity !== 'notice') return [problem];
    if (told.has(problem.rule)) return [];
    told.add(problem.rule);
    const others = problems.filter(({ rule, severity }) => rule === problem.rule && severity === 'notice');
    return [others.length === 1 ? problem : grouped(problem, others.slice(1))];
  });
}

const maxNamedLines = 5;

function grouped(problem: PlacedProblem, others: readonly PlacedProblem[]): PlacedProblem {
  const lines = [...new Set(others.map(({ line }) => line))].filter((line) => line !== problem.line);
  const named = lines.slice(0, maxNamedLines);
  const { en, zh } = problem.text;
  const where =
    named.length === 0
      ? { en: '', zh: '' }
      : {
          en: ` (${named.length === 1 ? 'line' : 'lines'} ${named.join(', ')}${lines.length > named.length ? ', …' : ''})`,
          zh: `（第 ${named.join('、')} 行${lines.length > named.length ? '等' : ''}）`,
        };
  return {
    ...problem,
    text: {
      en: `${en}; so ${others.length === 1 ? 'does 1' : `do ${others.length}`} more${where.en}`,
      zh: `${zh}；另有 ${others.length} 处相同${where.zh}`,
    },
  };
}

function placed({ choices, at, say, ...found }: MenuProblem, source: JsonTree): PlacedProblem {
  const place = source.placeOf(found.path, at ?? 'value');
  const problem = { ...found, ...say(menuTexts) };
  const meant =
    choices === undefined || choices.given.length > maxSuggestedLength
      ? undefined
      : closestTo(choices.given, choices.known);
  if (meant === undefined) return { ...problem, ...place };
  const { hint: _general, text, ...rest } = problem;
  return {
    ...rest,
    ...place,
    text: { en: `${text.en}; did you mean "${meant}"?`, zh: `${text.zh}；是否想写“${meant}”？` },
  };
}

function repeatedKey({ name, path, place }: KeyPlace): PlacedProblem {
  const key = excerpt(name, 60);
  return {
    rule: 'json-duplicate-key',
    severity: 'warning',
    path,
    ...place,
    text: {
      en: `The key "${key}" is here twice; only this one counts`,
      zh: `键“${key}”重复出现；只有这一个生效`,
    },
    hint: { en: 'Remove one of them', zh: '请删除其中一个' },
  };
}

/** `menu.json:12:17: error   top-level name is 18 bytes; WeChat allows 16  [name-bytes]  (40018)` */
export function problemLine(file: string, problem: PlacedProblem): Text {
  const place = `${file}:${problem.line}:${problem.column}:`;
  const marks = [`[${problem.rule}]`, ...codeMark(problem)].join('  ');
  const severity = severities[problem.severity];
  return {
    en: sanitiseLine(`${place} ${severity.en} ${lowerFirst(problem.text.en)}  ${marks}`),
    zh: sanitiseLine(`${place} ${severity.zh} ${problem.text.zh}  ${marks}`),
  };
}

const severities: Readonly<Record<PlacedProblem['severity'], Text>> = {
  error: { en: 'error  ', zh: '错误' },
  warning: { en: 'warning', zh: '警告' },
  notice: { en: 'notice ', zh: '提示' },
};

/** All problems, each hint below the first that has it. */
export function problemLines(file: string, problems: readonly PlacedProblem[]): readonly Text[] {
  const told = new Set<string>();
  return problems.flatMap((problem) => {
    const line = problemLine(file, problem);
    const { hint } = problem;
    if (hint === undefined || told.has(hint.en)) return [line];
    told.add(hint.en);
    return [
      line,
      { en: `  ${sanitiseLine(fixLine(hint, 'en'))}`, zh: `  ${sanitiseLine(fixLine(hint, 'zh'))}` },
    ];
  });
}

/** A workflow command that shows the problem beside its line: `::error file=menu.json,line=12,col=17::…`. */
export function annotation(
  file: string,
  place: { readonly line: number; readonly column: number },
  severity: PlacedProblem['severity'],
  message: string,
): string {
  const { line, column } = place;
  return `::${severity} file=${escapeProperty(file)},line=${line},col=${column}::${escapeData(message)}`;
}

/** What an annotation says of a problem. */
export function annotationText(problem: PlacedProblem): Text {
  const marks = [`[${problem.rule}]`, ...codeMark(problem)].join(' ');
  const { text, hint } = problem;
  return {
    en: `${text.en} ${marks}${hint === undefined ? '' : `\n${hint.en}`}`,
    zh: `${text.zh} ${marks}${hint === undefined ? '' : `\n${hint.zh}`}`,
  };
}

/** The code, or both where the documentation has two. */
function codeMark({ errcode, alternative }: PlacedProblem): readonly string[] {
  if (errcode === undefined) return [];
  return [alternative === undefined ? `(${errcode})` : `(${errcode}/${alternative})`];
}

/** The text goes on behind the word "error"; a quoted name stays as it is, and so do "WeChat" and "URL". */
function lowerFirst(text: string): string {
  return text.replace(/^[A-Z](?=[a-z-]* )/, (letter) => letter.toLowerCase());
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Before a menu is sent: warnings are printed on stderr, errors are thrown as one. */
export function warnOrRefuse(context: Context, name: string, problems: readonly PlacedProblem[]): void {
  for (const problem of problems) {
    if (problem.severity === 'warning') context.warn(problemLine(name, problem));
  }
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw invalidMenu(context, name, errors);
}

function invalidMenu(context: Context, name: string, errors: readonly PlacedProblem[]): WechatMpError {
  const count = errors.length;
  const byWeChat = errors.every(({ errcode }) => errcode !== undefined);
  return new WechatMpError({
    family: 'input',
    type: 'menu_invalid',
    text: {
      en: `Cannot use "${name}": ${byWeChat ? 'WeChat would refuse it, ' : ''}${count} ${count === 1 ? 'error' : 'errors'}`,
      zh: `无法使用 "${name}"：${byWeChat ? '微信会拒绝，' : ''}共 ${count} 处错误`,
    },
    details: errors.map((problem) => problemLine(name, problem)),
    hint: count === 1 ? (errors[0]?.hint ?? nothingSent) : nothingSent,
    facts: {
      file: name,
      problems: errors.map(({ rule, path, line, column, errcode, text }) => ({
        rule,
        path,
        line,
        column,
        errcode,
        message: context.say(text),
      })),
    },
  });
}

const nothingSent: Text = { en: 'Correct the file; nothing was sent', zh: '请修改文件；未发送任何请求' };
