/** The text of a template (模板内容) and the values that go into it: names, rules and the card that comes of both. */
import { isObject, own } from '../../../core/text/json-value.ts';
import type { TemplateCard } from '../../control/types/index.ts';
import { wireText } from '../../server/wire.ts';
import { Refusal } from '../../server/refusal.ts';

interface Placeholder {
  /** The words before it, without their colon. */
  readonly label: string;
  /** `thing1` of `{{thing1.DATA}}` */
  readonly keyword: string;
}

export function placeholdersOf(content: string): readonly Placeholder[] {
  return Array.from(
    content.matchAll(/([^{}\n]*)\{\{\s*(\w+)\.DATA\s*\}\}/g),
    ([, label = '', keyword = '']) => ({ label: label.replace(/[\s:：]+$/, '').trim(), keyword }),
  );
}

/** Characters are counted as people see them: a Chinese one is one. */
const within =
  (most: number) =>
  (value: string): boolean =>
    Array.from(value).length <= most;
const like =
  (pattern: RegExp) =>
  (value: string): boolean =>
    pattern.test(value);

const dayForm = /\d{1,4}\s*[年/.-]\s*\d{1,2}\s*[月/.-]\s*\d{1,2}|\d{1,2}月\d{1,2}日/;
const clockForm = /\d{1,2}[:：时点]/;

/** What may stand in a keyword, by its kind（参数值内容限制说明）. Older templates have keywords of no kind. */
const kinds: Readonly<Record<string, (value: string) => boolean>> = {
  thing: within(20),
  const: within(20),
  character_string: like(/^[\x20-\x7e]{1,32}$/),
  number: like(/^[+-]?\d[\d.]{0,31}$/),
  letter: like(/^[A-Za-z]{1,32}$/),
  symbol: like(/^[^\p{L}\p{N}]{1,5}$/u),
  phrase: within(5),
  name: (value) => within(20)(value) && (value.match(/\p{Script=Han}/gu)?.length ?? 0) <= 10,
  amount: like(/^[^\d.,]?\s*\d[\d,]{0,12}(?:\.\d{1,2})?\s*\p{Script=Han}{0,3}$/u),
  phone_number: like(/^[\d+() -]{1,17}$/),
  car_number: within(8),
  date: like(dayForm),
  time: (value) => dayForm.test(value) || clockForm.test(value),
};

interface Options {
  /** Whether a keyword without a kind must have a value, too. */
  readonly isComplete: boolean;
  /** The values that an `enum_string` keyword can take. */
  readonly choices?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** The lines of a card. Throws 47001 for `data` that is no object, 47003 with the keyword whose value is missing or wrong. */
export function fillTemplate(
  content: string,
  data: unknown,
  { isComplete, choices = {} }: Options,
): TemplateCard['lines'] {
  if (!isObject(data)) throw new Refusal(47001);
  return placeholdersOf(content).map(({ label, keyword }) => {
    const entry = own(data, keyword);
    const value = readValue(entry);
    const kind = /^([a-z_]+?)\d+$/.exec(keyword)?.[1] ?? '';
    const rule = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
    const isChosen = Object.hasOwn(choices, keyword);
    const isRequired = isComplete || rule !== undefined || isChosen;
    if (value === undefined || (value.trim() === '' && isRequired)) {
      if (isRequired) throw invalid(keyword);
      return { label, value: '', color: null };
    }
    const isGood = isChosen ? (choices[keyword]?.includes(value) ?? false) : (rule?.(value) ?? true);
    if (!isGood) throw invalid(keyword);
    return { label, value, color: readColor(own(entry, 'color')) };
  });
}

function invalid(keyword: string): Refusal {
  return new Refusal(47003, `argument invalid! data.${keyword}.value invalid`);
}

/** A number is taken for its digits, as programs often send one. */
function readValue(entry: unknown): string | undefined {
  const value = own(entry, 'value');
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

function readColor(color: unknown): string | null {
  return typeof color === 'string' && /^#[0-9A-Fa-f]{6}$/.test(color) ? color : null;
}

/**
 * What a tap on the card opens. Throws 40013 for a page of a mini program without an AppID.
 * Quirk: a mini program of empty texts is none; a widely used Go library sends it with every message.
 */
export function readTarget(body: unknown, urlName: string): Pick<TemplateCard, 'url' | 'miniprogram'> {
  const url = wireText(body, urlName);
  const mini = own(body, 'miniprogram') ?? {};
  if (!isObject(mini)) throw new Refusal(47001);
  const appid = wireText(mini, 'appid');
  // Quirk: older programs write "pagepath" as "path" (seen in client libraries).
  const pagepath = wireText(mini, 'pagepath') || wireText(mini, 'path');
  if (appid === '' && pagepath !== '') throw new Refusal(40013);
  return { url: url === '' ? null : url, miniprogram: appid === '' ? null : { appid, pagepath } };
}
