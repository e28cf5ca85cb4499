import { VerificationError } from '../errors.ts';
import { isObject, parseJson } from '../text/json-value.ts';
import { emptyFields, maxDepth, type Fields, type FieldValue } from './fields.ts';

/**
 * Reads a mini program's JSON push（JSON 格式）as fields. Numbers come as the text they were written with.
 * Throws `VerificationError` (`xml`, the official name of that check) without quoting the input.
 */
export function parseJsonFields(text: string): Fields {
  if (parseJson(text) === undefined) throw malformed('the body is not valid JSON', '内容不是合法的 JSON');
  const value = parseJson(quoteNumbers(text));
  if (!isObject(value)) throw malformed('the body must be one object', '内容应为一个对象');
  return toFields(value, 1);
}

/**
 * Quirk: `MsgId` arrives as a number above 2^53, which `JSON.parse` would round. Quoting all numbers keeps them exact.
 * Only valid JSON gets here: an unclosed string would make the pattern quadratic.
 */
function quoteNumbers(text: string): string {
  return text.replaceAll(/"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}

function toFields(value: Readonly<Record<string, unknown>>, depth: number): Fields {
  const fields = emptyFields();
  for (const [name, entry] of Object.entries(value)) {
    if (name === '__proto__') throw malformed('it has a reserved name', '含有保留名称');
    const field = toField(entry, depth + 1);
    if (field !== undefined) fields[name] = field;
  }
  return fields;
}

function toField(value: unknown, depth: number): FieldValue | undefined {
  if (depth > maxDepth)
    throw malformed(`it is nested deeper than ${maxDepth} levels`, `嵌套超过 ${maxDepth} 层`);
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    return value.map((entry) => toField(entry, depth + 1)).filter((entry) => entry !== undefined);
  }
  return isObject(value) ? toFields(value, depth) : undefined;
}

function malformed(en: string, zh: string): VerificationError {
  return new VerificationError('xml', { en: `Cannot read JSON: ${en}`, zh: `无法读取 JSON：${zh}` });
}
