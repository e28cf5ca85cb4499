/** Reading the bodies of `/_ctl`: every refusal names the field and what it must be. */
import { inputError, WechatMpError } from '../../core/errors.ts';
import { isObject } from '../../core/text/json-value.ts';
import type { Text } from '../../core/text/text.ts';
import type { Platform } from '../account/platform.ts';
import type { Follower } from '../nouns/user/state.ts';
import {
  bodyForm,
  limitForm,
  missingKey,
  mustBeObjects,
  mustBeFlag,
  mustBeOneOf,
  mustNotBeEmpty,
  numberRange,
  onlyValue,
  placeWithin,
  repeatedParameter,
  textAt,
  textTooLong,
  unknownKey,
  unknownParameter,
  unknownPerson,
} from './texts.ts';

export type Body = Readonly<Record<string, unknown>>;

/** The longest text that a phone or a form sends. */
const maxTextLength = 20_000;

/** One JSON object; an empty text is an empty one. Throws an input error otherwise. */
export function parseBody(text: string, { optional = false } = {}): Body {
  if (optional && text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Falls through to the same error: both are a body that is not one JSON object.
  }
  throw inputError('invalid_body', bodyForm);
}

/** The body of a call that can do without one. */
export async function readBody({ req }: { req: { text(): Promise<string> } }): Promise<Body> {
  return parseBody(await req.text(), { optional: true });
}

/** Either refusal lists the fields: whoever tries a call without its manual learns them at once. */
export function checkKeys(body: Body, known: readonly string[], required: readonly string[] = []): void {
  const list = quoteAll(known);
  const unknown = Object.keys(body).find((key) => !known.includes(key));
  if (unknown !== undefined) refuse(unknownKey(list, unknown));
  const missing = required.find((key) => body[key] === undefined);
  if (missing !== undefined) refuse(missingKey(list, missing));
}

/** A parameter that a call does not have is refused, and so is one that comes twice: neither is left out in silence. */
export function checkParameters(names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) refuse(unknownParameter(quoteAll(known), unknown), 'invalid_query');
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) refuse(repeatedParameter(repeated), 'invalid_query');
}

/** The objects of a list, each read by `read`. Throws an input error that names the entry. */
export function readEntries<Entry>(
  body: Body,
  key: string,
  read: (entry: Body) => Entry,
  type: string,
): readonly Entry[] {
  const list = body[key] ?? [];
  if (Array.isArray(list) && list.every((entry): entry is Body => isObject(entry)))
    return list.map((entry, index) => readAt(`${key}[${index}]`, () => read(entry)));
  return refuse(mustBeObjects(key), type);
}

/** Says which part an error is about; of a part within a part the whole way. */
export function readAt<Part>(place: string, read: () => Part): Part {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WechatMpError)) throw error;
    const { text, facts } = error;
    const { place: within } = facts;
    if (typeof within !== 'string')
      throw error.with({ text: textAt(place, text), facts: { ...facts, place } });
    throw error.with({ text: placeWithin(place, text), facts: { ...facts, place: `${place}.${within}` } });
  }
}

/** Names as a list in quotes, each language with its own. */
export function quoteAll(names: readonly string[]): Text {
  return {
    en: names.map((name) => `"${name}"`).join(', '),
    zh: names.map((name) => `“${name}”`).join('、'),
  };
}

export function optionalText(body: Body, key: string): string | undefined {
  const value = body[key];
  if (value === undefined || (typeof value === 'string' && value.length <= maxTextLength)) return value;
  return refuse(textTooLong(key, maxTextLength));
}

export function requiredText(body: Body, key: string): string {
  const value = optionalText(body, key);
  if (value !== undefined && value !== '') return value;
  return refuse(mustNotBeEmpty(key));
}

export function optionalFlag(body: Body, key: string, type?: string): boolean | undefined {
  const value = body[key];
  if (value === undefined || typeof value === 'boolean') return value;
  return refuse(mustBeFlag(key), type);
}

export function optionalChoice<Choice extends string>(
  body: Body,
  key: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = body[key];
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  const list = quoteAll(choices);
  return refuse(mustBeOneOf(key, list));
}

export function numberWithin(value: unknown, key: string, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  return refuse(numberRange(key, least, most));
}

export function formatError({ type, text }: WechatMpError): { error: Record<string, string> } {
  return { error: { type, message: text.en, message_zh: text.zh } };
}

export function refuse(text: Text, type = 'invalid_body'): never {
  throw inputError(type, text);
}

/** Whether it can be the path of a call of the API side. */
export function isCallPath(path: string): boolean {
  return /^\/[^?#\s]*$/.test(path) && !/^\/_ctl(\/|$)/.test(path);
}

/** Whom a call is about. Throws an input error for an openid that nobody has. */
export function personNamed({ followers }: Pick<Platform, 'followers'>, openId: string): Follower {
  return followers.find(openId) ?? refuse(unknownPerson(openId), 'unknown_person');
}

interface Asked {
  readonly req: { query(name: string): string | undefined };
}

/** Whether a call asks for secrets as they are. */
export function showsSecrets(asked: Asked): boolean {
  return readOnlyValue(asked, 'secrets', 'show') !== undefined;
}

/** The other form of an answer that a call can ask for. */
export function readFormat<Format extends string>(asked: Asked, format: Format): Format | undefined {
  return readOnlyValue(asked, 'format', format);
}

/** A parameter that has one value, or is left out. */
function readOnlyValue<Value extends string>({ req }: Asked, name: string, value: Value): Value | undefined {
  const wanted = req.query(name);
  if (wanted === undefined) return undefined;
  return wanted === value ? value : refuse(onlyValue(name, value), 'invalid_query');
}

/** As many entries as a call wants at a time; all of them where it does not say. */
export function readLimit(text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const limit = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= most ? limit : refuse(limitForm(most), 'invalid_query');
}

/** Where the entries behind the last one of a page are; whoever waited for them has waited. */
export function nextPage(url: string, last: string | number): string {
  const { pathname, searchParams } = new URL(url);
  for (const name of ['wait', 'count']) searchParams.delete(name);
  searchParams.set('after', String(last));
  return `${pathname}?${searchParams.toString()}`;
}

/**
 * The Base64 in a data URL, or `undefined` where the text is none. The content is searched for what must not be there:
 * a pattern that has to match all of it remembers every character, and some megabytes exhaust its memory.
 */
export function base64Of(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const comma = text.indexOf(',');
  const content = text.slice(comma + 1);
  if (!/^data:.{0,200};base64,$/s.test(text.slice(0, comma + 1))) return undefined;
  return content === '' || /[^\w+/=\s]/.test(content) ? undefined : content;
}
