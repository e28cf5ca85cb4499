/** Orders that are taken for the order of bytes. */

export type Order = (texts: readonly string[]) => readonly string[];

export const asNamed: Order = (texts) => texts;
/** Three of them, the Token last. */
export const asInQuery: Order = (texts) => (texts.length === 3 ? [...texts.slice(1), texts[0] ?? ''] : texts);

/** Numbers by their value: before the words, after them, as PHP's `sort` does, and as subtracting texts does. */
export const numericOrders: readonly Order[] = [
  (texts) => [...wordsOf(texts), ...numbersOf(texts)],
  (texts) => [...numbersOf(texts), ...wordsOf(texts)],
  (texts) =>
    texts.toSorted((a, b) => (isNumber(a) && isNumber(b) ? Number(a) - Number(b) : compareText(a, b))),
  (texts) => texts.toSorted((a, b) => Number(a) - Number(b)),
];

function wordsOf(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => !isNumber(text)).toSorted();
}

function numbersOf(texts: readonly string[]): readonly string[] {
  return texts.filter(isNumber).toSorted((a, b) => Number(a) - Number(b));
}

function isNumber(text: string): boolean {
  return text !== '' && Number.isFinite(Number(text));
}

/** As `localeCompare`, `strcasecmp` and the collations of databases order. */
export function localeOrders(): readonly Order[] {
  const collators = ['en', 'zh'].map((language) => new Intl.Collator(language));
  return [
    ...collators.map(
      (collator): Order =>
        (texts) =>
          texts.toSorted(collator.compare),
    ),
    (texts) => texts.toSorted((a, b) => compareText(a.toLowerCase(), b.toLowerCase())),
  ];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
