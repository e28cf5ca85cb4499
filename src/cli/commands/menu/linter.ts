/** Linting a menu file: the rules of the platform, each problem with its place in the file. */
import { excerpt } from '../../../core/text/sanitise.ts';
import type { Text } from '../../../core/text/text.ts';
import { type MenuProblem, type MenuRule, validateMenuFile } from '../../../core/menu/index.ts';
import { refuseJsonInText } from '../../files/json-file.ts';
import { parseJsonTree, type JsonTree, type KeyPlace, type Place } from '../../files/json-tree.ts';
import { closestTo } from '../../frame/suggest.ts';

export interface PlacedProblem extends Place {
  readonly rule: MenuRule;
  readonly severity: MenuProblem['severity'];
  /** JSON pointer into the file. */
  readonly path: string;
  readonly errcode?: number | undefined;
  readonly alternative?: number | undefined;
  readonly text: Text;
  readonly hint?: Text | undefined;
}

export interface MenuLint {
  /** The file's value. */
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

/** Lines of a group that are named. */
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

function placed({ choices, at, ...problem }: MenuProblem, source: JsonTree): PlacedProblem {
  const place = source.placeOf(problem.path, at ?? 'value');
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
