/** JSON files that people write: a byte order mark and comments are welcome, mistakes are named with their place. */
import { parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { inputError } from '../core/errors.ts';

/** Throws an input error with line and column. */
export function parseJsonFile(text: string, fileName: string): unknown {
  const content = text.startsWith('\u{feff}') ? text.slice(1) : text;
  const errors: ParseError[] = [];
  const value = parseWithComments(content, errors, fileName);
  const first = errors[0];
  if (first === undefined) return value;
  const before = content.slice(0, first.offset);
  const line = before.split('\n').length;
  const column = first.offset - before.lastIndexOf('\n');
  const what = printParseErrorCode(first.error);
  throw inputError(
    'json_invalid',
    {
      en: `Cannot read "${fileName}" as JSON: ${what} at line ${line}, column ${column}`,
      zh: `无法将 "${fileName}" 解析为 JSON：第 ${line} 行第 ${column} 列 ${what}`,
    },
    { en: `Correct ${fileName}:${line}:${column}`, zh: `请修改 ${fileName}:${line}:${column}` },
    { file: fileName, line, column },
  );
}

function parseWithComments(content: string, errors: ParseError[], fileName: string): unknown {
  try {
    return parse(content, errors, { allowTrailingComma: true, allowEmptyContent: false });
  } catch (error) {
    // The parser calls itself for every level.
    if (!(error instanceof RangeError)) throw error;
    throw inputError('json_too_deep', {
      en: `Cannot read "${fileName}" as JSON: it is nested too deeply`,
      zh: `无法将 "${fileName}" 解析为 JSON：嵌套层数过多`,
    });
  }
}
