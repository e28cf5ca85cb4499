/** Problems of a menu file as lines: for people, and as annotations of GitHub Actions. */
import { sanitiseLine } from '../../../core/text/sanitise.ts';
import type { Text } from '../../../core/text/text.ts';
import type { PlacedProblem } from './linter.ts';
import { fixLine } from '../../frame/output.ts';

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
