/** Ways in which values go wrong that have nothing to do with what is signed. */
import type { Text } from '../text/text.ts';

/** A value as it was signed, and what is odd about it. */
export interface OtherValue {
  readonly value: string;
  readonly detail?: string | Text | undefined;
}

/** The state with each of these in place of one of its values, where that changes it. */
export function* withOther<
  Name extends string,
  State extends { readonly values: Readonly<Record<Name, string>> },
>(
  state: State,
  name: Name,
  others: Iterable<OtherValue>,
): Iterable<{ readonly state: State; readonly detail: OtherValue['detail'] }> {
  for (const { value, detail } of others) {
    if (value !== state.values[name])
      yield { state: { ...state, values: { ...state.values, [name]: value } }, detail };
  }
}

export function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((first, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [first, ...rest]),
  );
}

/** Milliseconds for seconds, of which nobody knows which it was; and seconds for given milliseconds. */
export function* otherUnits(timestamp: string): Iterable<OtherValue> {
  if (/^\d{13}$/.test(timestamp)) yield { value: timestamp.slice(0, -3) };
  if (!/^\d{10}$/.test(timestamp)) return;
  for (let ms = 0; ms < 1000; ms += 1) yield { value: timestamp + String(ms).padStart(3, '0') };
}

const mostSeconds = 10;

/** The clock was asked twice: once for what is signed, and once for what is sent. */
export function* otherSeconds(timestamp: string): Iterable<OtherValue> {
  if (!/^\d{10}$/.test(timestamp)) return;
  for (let difference = 1; difference <= mostSeconds; difference += 1) {
    yield { value: String(Number(timestamp) + difference), detail: `+${difference}` };
    yield { value: String(Number(timestamp) - difference), detail: `-${difference}` };
  }
}

/** In small letters, in capitals, and with the first letter alone changed. */
export function otherCases(value: string): readonly OtherValue[] {
  const [first, rest] = [value.charAt(0), value.slice(1)];
  return [
    value.toLowerCase(),
    value.toUpperCase(),
    first.toUpperCase() + rest,
    first.toLowerCase() + rest,
  ].map((changed) => ({ value: changed }));
}

export function decodeQuietly(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
