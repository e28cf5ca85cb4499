/** Fields of a body as they are written on a command line: `name=value`, `tag[name]=value`, `openid_list[]=value`. */
import { usageError, type WechatMpError } from '../errors.ts';
import { parseJson } from '../text/json-value.ts';
import type { Text } from '../text/text.ts';

export interface Field {
  /** `tag[name]`. */
  readonly key: string;
  /** `undefined` for `openid_list[]` alone: an empty list. */
  readonly value: unknown;
}

/** Parts `key=text` at its first `=`. Throws a usage error where there is none, unless it ends in `[]`. */
export function splitField(word: string): { readonly key: string; readonly text: string | undefined } {
  const cut = word.indexOf('=');
  if (cut > 0) return { key: word.slice(0, cut), text: word.slice(cut + 1) };
  if (cut < 0 && word.endsWith('[]') && word.length > 2) return { key: word, text: undefined };
  throw unusable(word, { en: 'it must be name=value', zh: '应写成 名称=值' });
}

/**
 * The value that a text stands for: JSON where it is JSON, a text elsewhere. Throws a usage error for a number that would
 * lose digits.
 */
export function typedValue(text: string, key: string): unknown {
  const value = parseJson(text);
  if (value === undefined) return text;
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw unusable(
      `${key}=${text}`,
      { en: 'as a number it would lose digits', zh: '作为数字会丢失精度' },
      {
        en: `Send it as text: -f ${key}=${text}; or as it is, in a file: --input FILE`,
        zh: `请作为文本发送：-f ${key}=${text}；或写入文件：--input FILE`,
      },
    );
  }
  return value;
}

/** Objects and lists while they are put together. No value is either of them, and no name in a Map means anything. */
type Members = Map<string, unknown>;
class Items {
  readonly list: unknown[] = [];
}

const maxLevels = 2;

/** The body that the fields make, in their order. Throws a usage error where they contradict each other. */
export function buildBody(fields: readonly Field[]): Readonly<Record<string, unknown>> {
  const root: Members = new Map();
  for (const { key, value } of fields) putMember(root, parseKey(key), value, key);
  return finishMembers(root);
}

function parseKey(key: string): readonly string[] {
  const found = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(key);
  if (found === null) {
    throw unusable(key, { en: 'it must be name, name[key] or name[]', zh: '应为 name、name[key] 或 name[]' });
  }
  const inner = Array.from((found[2] ?? '').matchAll(/\[([^[\]]*)\]/g), ([, name = '']) => name);
  if (inner.length <= maxLevels) return [found[1] ?? '', ...inner];
  throw unusable(
    key,
    { en: `fields nest ${maxLevels} levels deep at most`, zh: `字段最多嵌套 ${maxLevels} 层` },
    { en: 'Write the body into a file: --input FILE', zh: '请把请求体写入文件：--input FILE' },
  );
}

function putMember(
  members: Members,
  [name = '', next, ...rest]: readonly string[],
  value: unknown,
  key: string,
) {
  const found = members.get(name);
  if (next === undefined) {
    if (found !== undefined) throw contradiction(key);
    members.set(name, value);
    return;
  }
  const inner = found ?? (next === '' ? new Items() : new Map<string, unknown>());
  members.set(name, inner);
  if (next === '' && inner instanceof Items) putItem(inner, rest, value, key);
  else if (next !== '' && inner instanceof Map) putMember(inner, [next, ...rest], value, key);
  else throw contradiction(key);
}

/** Behind `a[]`: an item, or a member of the last item, which is a new one as soon as the last has that member. */
function putItem({ list }: Items, rest: readonly string[], value: unknown, key: string): void {
  const [name] = rest;
  if (name === undefined) {
    if (value !== undefined) list.push(value);
    return;
  }
  if (name === '') throw contradiction(key);
  const last = list.at(-1);
  const item: Members = last instanceof Map && !last.has(name) ? last : new Map();
  if (item !== last) list.push(item);
  putMember(item, rest, value, key);
}

function finish(value: unknown): unknown {
  if (value instanceof Items) return value.list.map(finish);
  return value instanceof Map ? finishMembers(value) : value;
}

function finishMembers(members: Members): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Array.from(members, ([name, value]) => [name, finish(value)]));
}

function contradiction(key: string): WechatMpError {
  return unusable(key, { en: 'another field says something else there', zh: '与其他字段冲突' });
}

function unusable(text: string, why: Text, hint?: Text): WechatMpError {
  return usageError(
    'field_invalid',
    { en: `Cannot use the field "${text}": ${why.en}`, zh: `无法使用字段 "${text}"：${why.zh}` },
    hint,
  );
}
