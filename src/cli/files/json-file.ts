/** The parser of JSON with comments; its mistakes are named with their place. */
import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { inputError, type WechatMpError } from '../../core/errors.ts';
import { pointer } from '../../core/menu/index.ts';
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

function jsonTooDeep(fileName: string): WechatMpError {
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

/** Both begin at 1. A column is a UTF-16 code unit, as editors and JSON's own parsers count them; a BOM is none. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface KeyPlace {
  readonly name: string;
  readonly path: string;
  readonly place: Place;
}

export interface JsonTree {
  /** Has `__proto__` as a key like any other. */
  readonly value: unknown;
  /** Keys that an object has twice, at the place of the later one, which is the one that counts. */
  readonly repeatedKeys: readonly KeyPlace[];
  /** Keys that most programs lose, or take for something else. */
  readonly prototypeKeys: readonly KeyPlace[];
  /**
   * Place of the value at a JSON pointer, or that of its name with `'key'`; that of the nearest parent where there is
   * none.
   */
  placeOf(path: string, part?: 'key' | 'value'): Place;
}

/** Far more than any file of ours has; a limit, so that no file can exhaust the stack of those who walk it. */
const maxDepth = 128;

interface FoundKey {
  readonly name: string;
  readonly path: string;
  readonly offset: number;
}

interface Found {
  readonly fileName: string;
  readonly offsets: Map<string, { readonly key: number; readonly value: number }>;
  readonly repeated: FoundKey[];
  readonly prototypes: FoundKey[];
}

/** Throws an input error with line and column where the text is no JSON. Comments and commas at the end are welcome. */
export function parseJsonTree(text: string, fileName: string): JsonTree {
  const content = text.startsWith('\u{feff}') ? text.slice(1) : text;
  const root = parseJsonNode(content, fileName);
  const found: Found = { fileName, offsets: new Map(), repeated: [], prototypes: [] };
  const value = readNode(root, '', root.offset, found, 1);
  const placeAt = placer(content);
  const placed = (keys: readonly FoundKey[]): KeyPlace[] =>
    keys.map(({ name, path, offset }) => ({ name, path, place: placeAt(offset) }));
  return {
    value,
    repeatedKeys: placed(found.repeated),
    prototypeKeys: placed(found.prototypes),
    placeOf: (path, part = 'value') => placeAt(nearest(found.offsets, path)?.[part] ?? 0),
  };
}

/**
 * The value of a node. Not the parser's own: that one sets prototypes where a key is `__proto__`, and so the key would
 * be gone before anybody could refuse it.
 */
function readNode(node: Node, path: string, keyOffset: number, found: Found, depth: number): unknown {
  if (depth > maxDepth) throw jsonTooDeep(found.fileName);
  found.offsets.set(path, { key: keyOffset, value: node.offset });
  const children = node.children ?? [];
  if (node.type === 'array')
    return children.map((child, index) =>
      readNode(child, pointer(path, index), child.offset, found, depth + 1),
    );
  if (node.type !== 'object') return node.value;
  const entries = new Map<string, unknown>();
  for (const { children: [key, child] = [] } of children) {
    if (key === undefined || child === undefined) continue;
    const name = String(key.value);
    const at = { name, path: pointer(path, name), offset: key.offset };
    if (entries.has(name)) found.repeated.push(at);
    if (name === '__proto__') found.prototypes.push(at);
    entries.set(name, readNode(child, at.path, key.offset, found, depth + 1));
  }
  return Object.fromEntries(entries);
}

function nearest<T>(offsets: ReadonlyMap<string, T>, path: string): T | undefined {
  const here = offsets.get(path);
  return here === undefined && path !== '' ? nearest(offsets, path.slice(0, path.lastIndexOf('/'))) : here;
}

/** Turns offsets into places without counting the lines again each time. */
function placer(content: string): (offset: number) => Place {
  const starts = [0, ...Array.from(content.matchAll(/\n/g), ({ index }) => index + 1)];
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
