/** Linting a menu file: the rules of the platform, each problem with its place in the file. */
import { excerpt } from '../core/sanitise.ts';
import type { Text } from '../core/text.ts';
import type { MenuProblem, MenuRule } from '../core/menu-problem.ts';
import { validateMenuFile } from '../core/menu-rules.ts';
import { parseJsonTree, type JsonTree, type KeyPlace, type Place } from './json-tree.ts';
import { closestTo } from './suggest.ts';

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

/** Throws an input error with line and column where the text is no JSON. */
export function lintMenu(text: string, fileName: string): MenuLint {
  const source = parseJsonTree(text, fileName);
  const problems = [
    ...source.repeatedKeys.map(repeatedKey),
    ...validateMenuFile(source.value).map((problem) => placed(problem, source)),
  ];
  return {
    value: source.value,
    problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column),
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
