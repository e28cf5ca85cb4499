/** Lists that are read by `offset` and `count`. */
import { own } from '../core/json-value.ts';
import { Refusal } from './refusal.ts';

const maxCount = 20;

/** The entries that the body asks for: `offset` from 0, `count` 1 to 20. Throws 40097. */
export function pageRange<Entry>(list: readonly Entry[], body: unknown): readonly Entry[] {
  const [offset, count] = [own(body, 'offset'), own(body, 'count')];
  if (!isWhole(offset) || offset < 0 || !isWhole(count) || count < 1 || count > maxCount)
    throw new Refusal(40097);
  return list.slice(offset, offset + count);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
