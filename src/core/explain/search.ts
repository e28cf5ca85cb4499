/** Finds what somebody may have meant: by words, and by what is close to a code or a name that nobody knows. */
import { distance } from 'fastest-levenshtein';
import { readPartByPart, splitErrmsg } from '../errcode/index.ts';
import { explain, type Explanation, explainAll, readTypes } from './explain.ts';
import { type Pasted, readWord } from './pasted.ts';

/** What is known of the names in a text. */
interface NamedTypes {
  readonly found: readonly Explanation[];
  readonly unknown: readonly string[];
}

/** Several names and numbers and nothing else（`no_account 40164`）are all meant; in a text without a code, our own types. */
export async function explainNames(text: string, pasted: Pasted): Promise<NamedTypes | undefined> {
  const words = [...new Set(text.trim().split(/[\s,，、;；]+/))];
  const listed = words.length > 1 ? await explainList(words, pasted) : undefined;
  return listed ?? (pasted.subjects.length > 0 ? undefined : await explainTypesIn(text));
}

/** A word without a `_` that nobody knows is a word of a sentence. */
async function explainList(words: readonly string[], pasted: Pasted): Promise<NamedTypes | undefined> {
  const subjects = words.map(readWord);
  if (subjects.includes(undefined)) return undefined;
  const each = await Promise.all(
    subjects.map(async ([subject] = []) =>
      subject === undefined ? undefined : await explain(subject, pasted),
    ),
  );
  const known = new Map(words.map((word, index) => [word, each[index]]));
  const names = words.filter((word) => !/^[-−]?\d+$/.test(word));
  const unknown = words.filter((word) => known.get(word) === undefined);
  const isSentence = names.some((name) => unknown.includes(name) && !name.includes('_'));
  if (isSentence || names.every((name) => unknown.includes(name))) return undefined;
  return { found: each.flatMap((one) => one ?? []), unknown };
}

async function explainTypesIn(text: string): Promise<NamedTypes | undefined> {
  const names = new Set(text.match(/(?<![\w./-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w/-])/g));
  if (names.size === 0) return undefined;
  const types = await readTypes();
  const own = [...names].filter((name) => Object.hasOwn(types, name));
  const found = await Promise.all(own.map((code) => explain({ kind: 'error_type', code })));
  return own.length === 0 ? undefined : { found: found.flatMap((one) => one ?? []), unknown: [] };
}

/** All that have each of the words in their code or their names, in either language. */
export async function findByWords(words: readonly string[]): Promise<readonly Explanation[]> {
  const wanted = words.map((word) => word.toLowerCase());
  return (await explainAll()).filter((each) => {
    const text = textOf(each);
    return wanted.every((word) => text.includes(word));
  });
}

function textOf({ code, names: { meaning, type, errmsg, official } }: Explanation): string {
  return [code, meaning.en, meaning.zh, type, errmsg, official].join(' ').toLowerCase();
}

const mostNear = 5;

/** The few that a code or a name was probably meant to be. */
export async function findNearest(code: number | string): Promise<readonly Explanation[]> {
  const given = String(code);
  const all = (await explainAll()).filter(
    (each) => typeof each.code === typeof code || each.names.type !== undefined,
  );
  const isNumber = typeof code === 'number';
  const ranked = all.map((each) => {
    const known = isNumber ? String(each.code) : (each.names.type ?? '');
    return { each, far: farFrom(given, known), apart: isNumber ? Math.abs(Number(each.code) - code) : 0 };
  });
  return ranked
    .filter(({ far, apart }) => !Number.isNaN(apart) && far <= (isNumber ? 2 : Math.max(2, given.length / 3)))
    .toSorted((one, other) => one.far - other.far || one.apart - other.apart)
    .slice(0, mostNear)
    .map(({ each }) => each);
}

/** How many characters differ; the same ones in another order count as one difference: the commonest slip. */
function farFrom(given: string, known: string): number {
  const far = distance(given, known);
  return far > 1 && sorted(given) === sorted(known) ? 1 : far;
}

function sorted(word: string): string {
  return Array.from(word).toSorted().join('');
}

/** Shorter words, as `ok`, stand everywhere. */
const leastWords = 2;
const leastLength = 10;
const leastOfficial = 6;
/** Between the words of an errmsg stand at most so many characters of what varies: an address, a name. */
const longestGap = 80;
/** A text of which nearly all letters are the words of one errmsg is that errmsg: no other part of the table is read. */
const nearlyAll = 0.8;

/**
 * The return code whose own words stand in the text, in their order: WeChat puts addresses and names between them. The
 * longest wins, and of the same words a code that much is known of.
 */
export async function findByErrmsg(text: string): Promise<number | undefined> {
  const given = splitErrmsg(text).errmsg.toLowerCase();
  // Without addresses, numbers and the rid, perhaps cut short.
  const bare = given.replace(/,?\s*\brid:.*$/s, '').replaceAll(/\S*[\d:]\S*/g, ' ');
  const letters = (bare.match(/[a-z_]+/g) ?? []).join('').length;
  const dense = text.replaceAll(/\s/g, '');
  let best: { readonly code: number; readonly weight: number } | undefined;
  for await (const { rows, helps } of readPartByPart()) {
    for (const [code, [official = '', errmsg = '']] of Object.entries(rows)) {
      const weight = Math.max(weightIn(given, errmsg), isIn(dense, official) ? official.length * 2 : 0);
      const known = Object.hasOwn(helps, code) ? 0.5 : 0;
      if (weight > 0 && weight + known > (best?.weight ?? 0))
        best = { code: Number(code), weight: weight + known };
    }
    if (best !== undefined && letters > 0 && best.weight >= nearlyAll * letters) break;
  }
  return best?.code;
}

function isIn(dense: string, official: string): boolean {
  return official.length >= leastOfficial && dense.includes(official.replaceAll(/\s/g, ''));
}

function weightIn(text: string, errmsg: string): number {
  const words = errmsg.toLowerCase().match(/[a-z\d_]+/g) ?? [];
  const length = words.join('').length;
  if (words.length < leastWords || length < leastLength) return 0;
  let at = -1;
  for (const [index, word] of words.entries()) {
    const found = text.indexOf(word, at + 1);
    if (found < 0 || (index > 0 && found - at > longestGap)) return 0;
    at = found + word.length - 1;
  }
  return length;
}
