import { distance } from 'fastest-levenshtein';
import type { Text } from '../../core/text/text.ts';

/** The hint with what was probably meant, behind the words that stand before it; `undefined` where nothing is close. */
export function didYouMean(before: string, word: string, candidates: readonly string[]): Text | undefined {
  const close = closestTo(word, candidates);
  return close === undefined
    ? undefined
    : { en: `Did you mean: ${before} ${close}`, zh: `是不是想用：${before} ${close}` };
}

/**
 * The candidate that was probably meant, if one is close: a third of the letters may differ, at most three. The same
 * letters in another order count as one difference: `psuh` is the commonest way to mistype `push`.
 */
export function closestTo(word: string, candidates: readonly string[]): string | undefined {
  const given = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.min(3, Math.max(1, Math.floor(word.length / 3))) + 1;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    const differences =
      sorted(given) === sorted(known) ? Math.min(1, distance(given, known)) : distance(given, known);
    if (differences < bestDistance) [best, bestDistance] = [candidate, differences];
  }
  return best;
}

function sorted(word: string): string {
  return Array.from(word).toSorted().join('');
}
