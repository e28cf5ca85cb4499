/** The parser of JSON with comments; its mistakes are named with their place. */
import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { inputError, type WechatMpError } from '../../core/errors.ts';
import type { Text } from '../../core/text/text.ts';

/** Throws an input error with line and column. The content has no byte order mark. */
export function parseJsonNode(content: string, fileName: string): Node {
  const errors: ParseError[] = [];
  const root = parseWithComments(content, errors, fileName);
  const first = errors[0];
  if (first === undefined && root !== undefined) return root;
  const offset = first?.offset ?? 0;
  const before = content.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - before.lastIndexOf('\n');
  const other = otherFormat(content);
  if (other !== undefined) throw otherwise(fileName, other, { line, column });
  const name = first === undefined ? 'ValueExpected' : printParseErrorCode(first.error);
  const what = mistakes[name] ?? { en: name, zh: name };
  throw inputError(
    'json_invalid',
    {
      en: `Cannot read "${fileName}" as JSON: ${what.en} at line ${line}, column ${column}`,
      zh: `无法将 "${fileName}" 解析为 JSON：第 ${line} 行第 ${column} 列${what.zh}`,
    },
    { en: `Correct ${fileName}:${line}:${column}`, zh: `请修改 ${fileName}:${line}:${column}` },
    { file: fileName, line, column },
  );
}

/** What the parser calls the mistakes, in words. */
const mistakes: Readonly<Record<string, Text>> = {
  InvalidSymbol: { en: 'there is an unknown word', zh: '有无法识别的内容' },
  InvalidNumberFormat: { en: 'a number is malformed', zh: '的数字格式不正确' },
  PropertyNameExpected: { en: 'a key in double quotes is missing', zh: '缺少用双引号括起的键名' },
  ValueExpected: { en: 'a value is missing', zh: '缺少值' },
  ColonExpected: { en: '":" is missing', zh: '缺少 ":"' },
  CommaExpected: { en: '"," is missing', zh: '缺少 ","' },
  CloseBraceExpected: { en: '"}" is missing', zh: '缺少 "}"' },
  CloseBracketExpected: { en: '"]" is missing', zh: '缺少 "]"' },
  EndOfFileExpected: { en: 'something follows the end', zh: '有多余的内容' },
  UnexpectedEndOfComment: { en: 'a comment is not closed', zh: '的注释没有结束' },
  UnexpectedEndOfString: { en: 'a text is not closed', zh: '的字符串没有结束' },
  UnexpectedEndOfNumber: { en: 'a number breaks off', zh: '的数字不完整' },
  InvalidUnicode: { en: 'a "\\u" escape is malformed', zh: '的 "\\u" 转义不正确' },
  InvalidEscapeCharacter: { en: 'an escape is unknown', zh: '有未知的转义字符' },
  InvalidCharacter: {
    en: 'a text holds a control character that must be escaped',
    zh: '的字符串中有必须转义的控制字符',
  },
};

function parseWithComments(content: string, errors: ParseError[], fileName: string): Node | undefined {
  try {
    return parseTree(content, errors, { allowTrailingComma: true, allowEmptyContent: false });
  } catch (error) {
    // The parser calls itself for every level.
    if (!(error instanceof RangeError)) throw error;
    throw jsonTooDeep(fileName);
  }
}

export function jsonTooDeep(fileName: string): WechatMpError {
  return inputError('json_too_deep', {
    en: `Cannot read "${fileName}" as JSON: it is nested too deeply`,
    zh: `无法将 "${fileName}" 解析为 JSON：嵌套层数过多`,
  });
}

/** What people hand in where JSON is wanted. */
type OtherFormat = 'yaml' | 'commonjs' | 'module';

/** A guess, made only where the content is no JSON. */
function otherFormat(content: string): OtherFormat | undefined {
  const [first = ''] = content
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(\/\/|#)/.test(line));
  if (/^export\s+(default|const)\b/.test(first) || /^import\s/.test(first)) return 'module';
  if (/^(module\.)?exports\b|^(const|let|var)\s|^['"]use strict['"]/.test(first)) return 'commonjs';
  return /^(---(\s|$)|%YAML|- |['"]?[$\w-]+['"]?\s*:(\s|$))/.test(first) ? 'yaml' : undefined;
}

function otherwise(
  fileName: string,
  format: OtherFormat,
  place: { readonly line: number; readonly column: number },
): WechatMpError {
  const name = format === 'yaml' ? 'YAML' : 'JavaScript';
  const command = converters[format](shellWord(fileName), shellWord(asJson(fileName)));
  return inputError(
    'json_invalid',
    {
      en: `Cannot read "${fileName}" as JSON: it looks like ${name}`,
      zh: `无法将 "${fileName}" 解析为 JSON：看起来是 ${name}`,
    },
    { en: `Convert it: ${command}`, zh: `请转换：${command}` },
    { file: fileName, ...place, format: name.toLowerCase() },
  );
}

const converters: Readonly<Record<OtherFormat, (file: string, json: string) => string>> = {
  yaml: (file, json) => `npx js-yaml ${file} > ${json}`,
  commonjs: (file, json) => `node -p "JSON.stringify(require(path.resolve('${file}')), null, 2)" > ${json}`,
  module: (file, json) =>
    `node --input-type=module -e "import m from '${/^[./]/.test(file) ? file : `./${file}`}'; console.log(JSON.stringify(m, null, 2))" > ${json}`,
};

/** Throws an input error for JSON in a text, as a program makes it that turns a value into JSON twice. */
export function refuseJsonInText(value: unknown, fileName: string): void {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return;
  const file = shellWord(fileName);
  const command = `node -p "JSON.parse(fs.readFileSync('${file}', 'utf8'))" > ${shellWord(asJson(fileName, '.new.json'))}`;
  throw inputError(
    'json_invalid',
    {
      en: `Cannot use "${fileName}": it holds one text with JSON inside, so it was turned into JSON twice`,
      zh: `无法使用 "${fileName}"：内容是一个包含 JSON 的字符串，即被重复序列化了一次`,
    },
    { en: `Take it out: ${command}`, zh: `请取出：${command}` },
    { file: fileName, format: 'json_in_string' },
  );
}

function asJson(fileName: string, ending = '.json'): string {
  return `${fileName.replace(/\.\w+$/, '')}${ending}`;
}

/** Names with anything that a shell would read are left for the person to fill in. */
function shellWord(fileName: string): string {
  return fileName !== 'stdin' && /^[\w./-]+$/.test(fileName) && !fileName.startsWith('-') ? fileName : 'FILE';
}
