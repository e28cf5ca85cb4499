/** Walks a JSON file that people wrote, collects the mistakes in it with their places, and refuses it in the end. */
import { inputError, WechatMpError } from '../../core/errors.ts';
import { pointer } from '../../core/menu/index.ts';
import { isObject } from '../../core/text/json-value.ts';
import type { Text } from '../../core/text/text.ts';
import { closestTo } from '../frame/suggest.ts';
import { type JsonTree, type Place, refuseJsonInText } from './json-file.ts';

type Note = (text: Text, path: string, part?: 'key') => void;

interface Mistake extends Place {
  readonly text: Text;
}

/** Throws an input error at once for JSON that stands in a text. */
export function createChecker(tree: JsonTree, fileName: string) {
  refuseJsonInText(tree.value, fileName);
  const mistakes: Mistake[] = tree.repeatedKeys.map(({ name, place }) => ({
    text: { en: `"${name}" is here twice`, zh: `“${name}”重复出现` },
    ...place,
  }));
  const note: Note = (text, path, part) => {
    mistakes.push({ text, ...tree.placeOf(path, part) });
  };
  return {
    root: new Spot(tree.value, '', note),
    /** Throws an input error with the place of the first mistake in the file, if there is one. */
    finish(): void {
      const [first, ...others] = mistakes.toSorted(
        (one, other) => one.line - other.line || one.column - other.column,
      );
      if (first !== undefined) throw refusal(fileName, first, others);
    },
  };
}

function refusal(fileName: string, first: Mistake, others: readonly Mistake[]): WechatMpError {
  const at = ({ line, column }: Place): string => `${fileName}:${line}:${column}`;
  const error = inputError(
    'rules_invalid',
    {
      en: `Cannot use "${fileName}": ${first.text.en}, at line ${first.line}, column ${first.column}`,
      zh: `无法使用 "${fileName}"：第 ${first.line} 行第 ${first.column} 列：${first.text.zh}`,
    },
    { en: `Correct ${at(first)}`, zh: `请修改 ${at(first)}` },
    { file: fileName, line: first.line, column: first.column },
  );
  const details = others.map((other) => ({
    en: `${at(other)}: ${other.text.en}`,
    zh: `${at(other)}：${other.text.zh}`,
  }));
  return error.with({ details });
}

/** A value with its place. Each method notes a mistake where the value is not what is asked for. */
export class Spot {
  readonly #value: unknown;
  readonly #path: string;
  readonly #note: Note;

  constructor(value: unknown, path: string, note: Note) {
    this.#value = value;
    this.#path = path;
    this.#note = note;
  }

  isObject(): boolean {
    return isObject(this.#value);
  }

  isText(): boolean {
    return typeof this.#value === 'string';
  }

  wrong(text: Text): void {
    this.#note(text, this.#path);
  }

  /** One of a few words was wanted. */
  notOneOf(found: string, wanted: readonly string[]): void {
    const close = closestTo(found, wanted);
    this.wrong(
      close === undefined
        ? {
            en: `"${found}" must be one of ${wanted.join(', ')}`,
            zh: `“${found}”应为 ${wanted.join('、')} 之一`,
          }
        : { en: `"${found}" is unknown; "${close}" is close`, zh: `未知的“${found}”；也许是“${close}”` },
    );
  }

  /** One member of an object, whatever else it has. */
  member(name: string): Spot | undefined {
    const object = this.#object();
    if (object === undefined) return undefined;
    if (Object.hasOwn(object, name)) return this.#child(name, object[name]);
    this.wrong({ en: `"${name}" is missing`, zh: `缺少“${name}”` });
    return undefined;
  }

  /** The members of an object that may have these names and no others. */
  members({
    required,
    optional,
  }: {
    readonly required: readonly string[];
    readonly optional: readonly string[];
  }): Readonly<Record<string, Spot | undefined>> {
    const object = this.#object();
    if (object === undefined) return {};
    const known = [...required, ...optional];
    const unknown = Object.keys(object).filter((name) => !known.includes(name));
    for (const name of unknown) this.#note(unknownName(name, known), pointer(this.#path, name), 'key');
    // A misspelt name is missing as well, and once is enough.
    const meant = unknown.map((name) => closestTo(name, known));
    for (const name of required) {
      if (!Object.hasOwn(object, name) && !meant.includes(name)) this.member(name);
    }
    return Object.fromEntries(
      known
        .filter((name) => Object.hasOwn(object, name))
        .map((name) => [name, this.#child(name, object[name])]),
    );
  }

  /** The entries of a list; `name` is what the list is called. */
  items(name: string): readonly Spot[] {
    if (Array.isArray(this.#value))
      return this.#value.map((item: unknown, index) => this.#child(index, item));
    const kind = kindOf(this.#value);
    this.wrong({ en: `"${name}" must be a list, got ${kind.en}`, zh: `“${name}”应为列表，实际为${kind.zh}` });
    return [];
  }

  text(): string | undefined {
    if (typeof this.#value === 'string') return this.#value;
    const kind = kindOf(this.#value);
    this.wrong({ en: `A text is wanted, got ${kind.en}`, zh: `此处应为文本，实际为${kind.zh}` });
    return undefined;
  }

  /** A text that is not empty. */
  word(): string | undefined {
    const found = this.text();
    if (found?.trim() !== '') return found;
    this.wrong({ en: 'The text must not be empty', zh: '文本不能为空' });
    return undefined;
  }

  texts(): readonly { readonly at: Spot; readonly text: string }[] {
    const value = this.#value;
    if (typeof value === 'string') return [{ at: this, text: value }];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, inner]) =>
      this.#child(Array.isArray(value) ? Number(name) : name, inner).texts(),
    );
  }

  #object(): Readonly<Record<string, unknown>> | undefined {
    if (isObject(this.#value)) return this.#value;
    const kind = kindOf(this.#value);
    this.wrong({ en: `An object is wanted, got ${kind.en}`, zh: `此处应为对象，实际为${kind.zh}` });
    return undefined;
  }

  #child(key: string | number, value: unknown): Spot {
    return new Spot(value, pointer(this.#path, key), this.#note);
  }
}

function unknownName(name: string, known: readonly string[]): Text {
  const close = closestTo(name, known);
  return {
    en: `"${name}" is unknown; ${close === undefined ? `known are ${known.join(', ')}` : `"${close}" is close`}`,
    zh: `未知的“${name}”；${close === undefined ? `可用的有 ${known.join('、')}` : `也许是“${close}”`}`,
  };
}

function kindOf(value: unknown): Text {
  if (value === null) return { en: 'null', zh: ' null' };
  if (Array.isArray(value)) return { en: 'a list', zh: '列表' };
  if (typeof value === 'object') return { en: 'an object', zh: '对象' };
  if (typeof value === 'string') return { en: 'a text', zh: '文本' };
  if (typeof value === 'number') return { en: 'a number', zh: '数字' };
  if (typeof value === 'boolean') return { en: 'true or false', zh: '布尔值' };
  return { en: 'nothing', zh: '空' };
}
