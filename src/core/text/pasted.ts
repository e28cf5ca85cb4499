/** What people paste where one value was wanted: a whole answer of the API, quotes, characters that nobody sees. */
import { inputError, type WechatMpError } from '../errors.ts';
import { isObject, own, parseJson } from './json-value.ts';
import { plainName } from './secret-names.ts';
import type { Text } from './text.ts';

/** Which value was wanted. */
export interface Wanted {
  /** Where it was given, for example `--access-token-stdin`. */
  readonly place: string;
  /**
   * Its names in JSON: the first one that is there counts, whatever its case and with `_` and `-` or without. The very
   * first one is for people, too: `access_token`.
   */
  readonly keys: readonly string[];
}

export interface PastedValue {
  readonly value: string;
  /** What it was taken out of, in words for a note; missing where it was given as it is. */
  readonly found?: Text;
}

/**
 * Takes the value out of what was pasted. Throws an input error (`pasted_answer`) for an answer that does not hold it.
 * Nothing of what was pasted is ever quoted, because all of it may be secret.
 */
export function readPasted(text: string, wanted: Wanted): PastedValue {
  const outer = undress(text);
  const answer = readAnswer(outer.value, wanted);
  if (answer === undefined) return withFound(outer.value, outer.found);
  const inner = undress(answer);
  return withFound(inner.value, [...outer.found, jsonAnswer, ...inner.found]);
}

/** The sentence for the person who pasted it. */
export function pastedNote({ place, keys }: Wanted, found: Text): Text {
  const name = keys[0] ?? '';
  return {
    en: `Took the ${name} in ${place} out of ${found.en}`,
    zh: `已从 ${place} 中的${found.zh}里取出 ${name}`,
  };
}

const jsonAnswer: Text = { en: 'a JSON answer', zh: ' JSON 应答' };
const quotes: Text = { en: 'quotes', zh: '引号' };
const invisible: Text = { en: 'invisible characters', zh: '不可见字符' };

function withFound(value: string, found: readonly Text[]): PastedValue {
  if (found.length === 0) return { value };
  const unique = [...new Set(found)];
  return {
    value,
    found: {
      en: unique.map((text) => text.en).join(' and '),
      zh: unique.map((text) => text.zh).join('和'),
    },
  };
}

/** Format characters: the zero-width ones, byte order marks, soft hyphens and those that turn the direction. */
const FORMAT_CHARACTERS = /\p{Cf}/gu;
const QUOTED = /^(?:"(.+)"|'(.+)'|`(.+)`|“(.+)”|‘(.+)’|「(.+)」|＂(.+)＂|＇(.+)＇)$/su;

function undress(text: string): { readonly value: string; readonly found: readonly Text[] } {
  const visible = text.replace(FORMAT_CHARACTERS, '').trim();
  // Blanks at the ends, and a byte order mark, say how a file was written and not that something is odd.
  const found = visible === text.trim() ? [] : [invisible];
  const inQuotes = QUOTED.exec(visible)
    ?.slice(1)
    .find((part) => part !== undefined);
  if (inQuotes === undefined) return { value: visible, found };
  return { value: (jsonInText(visible) ?? inQuotes).trim(), found: [...found, quotes] };
}

/** An answer that was printed as a JSON string, with a backslash before each of its quotes. */
function jsonInText(text: string): string | undefined {
  if (!/^"\s*\{/.test(text)) return undefined;
  const value = parseJson(text);
  return typeof value === 'string' ? value : undefined;
}

/** `undefined` for text that is no JSON object. */
function readAnswer(text: string, wanted: Wanted): string | undefined {
  const otherwise = otherForms.find(({ form }) => form.test(text));
  if (otherwise !== undefined) throw pastedAnswer(wanted, otherwise.text);
  if (!/^\{\s*["}]/.test(text)) return undefined;
  const answer = parseJson(text);
  if (!isObject(answer)) {
    throw pastedAnswer(wanted, { en: 'it begins like JSON and breaks off', zh: '内容像是不完整的 JSON' });
  }
  const names = wanted.keys.map(plainName);
  for (const name of names) {
    const value = Object.entries(answer).find(([key]) => plainName(key) === name)?.[1];
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  const errcode = own(answer, 'errcode');
  if (typeof errcode === 'number' && errcode !== 0) {
    throw pastedAnswer(wanted, {
      en: `it holds WeChat's refusal ${errcode}`,
      zh: `内容是微信的错误应答 ${errcode}`,
    });
  }
  const other = KNOWN_KEYS.find(
    (key) => !names.includes(plainName(key)) && typeof own(answer, key) === 'string',
  );
  throw pastedAnswer(
    wanted,
    other === undefined
      ? { en: `it is JSON without "${wanted.keys[0]}"`, zh: `内容是 JSON，但没有“${wanted.keys[0]}”` }
      : {
          en: `it is JSON that holds "${other}" instead of "${wanted.keys[0]}"`,
          zh: `内容是 JSON，其中是“${other}”而不是“${wanted.keys[0]}”`,
        },
  );
}

/** What holds no value that could be found by its name, and what a program prints where it has none. */
const otherForms: readonly { readonly form: RegExp; readonly text: Text }[] = [
  { form: /^\[\s*["{\]]/, text: { en: 'it is a JSON list', zh: '内容是 JSON 数组' } },
  { form: /^<(?:[!?]|[a-z][\w-]*[\s/>])/i, text: { en: 'it is HTML or XML', zh: '内容是 HTML 或 XML' } },
  {
    form: /^\[object \w+\]$/,
    text: { en: 'it is how JavaScript prints an object', zh: '内容是 JavaScript 打印对象的结果' },
  },
];

/** What people confuse with one another. */
const KNOWN_KEYS = ['access_token', 'ticket', 'refresh_token', 'secret', 'appsecret', 'appid'];

function pastedAnswer({ place, keys }: Wanted, reason: Text): WechatMpError {
  return inputError(
    'pasted_answer',
    { en: `Cannot use ${place}: ${reason.en}`, zh: `无法使用 ${place}：${reason.zh}` },
    {
      en: `Give the ${keys[0]} alone, or the whole answer that holds it`,
      zh: `请只提供 ${keys[0]} 本身，或包含它的完整应答`,
    },
  );
}
