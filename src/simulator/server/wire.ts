/** Members of a body as clients send them, and lists that are read by `offset` and `count`. */
import { own } from '../../core/text/json-value.ts';
import { Refusal } from './refusal.ts';

const maxCount = 20;

/** The entries that the body asks for: `offset` from 0, `count` 1 to 20. Throws 40097. */
export function pageRange<Entry>(list: readonly Entry[], body: unknown): readonly Entry[] {
  const [offset, count] = [readWhole(own(body, 'offset')), readWhole(own(body, 'count'))];
  if (offset === undefined || count === undefined || count < 1 || count > maxCount) throw new Refusal(40097);
  return list.slice(offset, offset + count);
}

/** A whole number from 0, also as text: PHP programs send what they had in a form. `undefined` for anything else. */
export function readWhole(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

/** A text of a call's body; empty where there is none. Throws 47001 for anything else. */
export function wireText(body: unknown, name: string): string {
  const value = own(body, name);
  if (value === undefined) return '';
  if (typeof value !== 'string') throw new Refusal(47001);
  return value;
}
