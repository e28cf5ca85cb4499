/** Finds out which mistakes lead to a wrong signature, by making them: one at a time, then two at once. */
import { hash } from 'node:crypto';
import type { Text } from './text.ts';

/** One way to make a mistake: what is signed then, and what exactly was done where there are several ways. */
export interface Variant<State> {
  readonly state: State;
  readonly detail?: string | undefined;
}

/** All ways to make one mistake. Those of a list change the inside of the signed text first and its form last. */
export interface MistakeMaker<State, Name extends string> {
  readonly name: Name;
  readonly make: (state: State) => Iterable<Variant<State>>;
}

export interface MistakeMade<Name extends string> {
  readonly name: Name;
  readonly detail: string | undefined;
}

export interface Explanation<State, Name extends string> {
  readonly mistakes: readonly MistakeMade<Name>[];
  /** What was signed. */
  readonly state: State;
}

/**
 * Every state that at most `most` mistakes lead to. One mistake comes before two, and an earlier one of the list before
 * a later one: where several explain the same signature, the commoner one is named.
 */
export function* explanations<State, Name extends string>(
  right: State,
  makers: readonly MistakeMaker<State, Name>[],
  most: number,
): Iterable<Explanation<State, Name>> {
  yield { mistakes: [], state: right };
  if (most < 1) return;
  for (const { name, make } of makers) {
    for (const { state, detail } of make(right)) yield { mistakes: [{ name, detail }], state };
  }
  if (most < 2) return;
  for (const [index, first] of makers.entries()) {
    for (const { state: between, detail } of first.make(right)) {
      const made = { name: first.name, detail };
      for (const { name, make } of makers.slice(index + 1)) {
        for (const variant of make(between)) {
          yield { mistakes: [made, { name, detail: variant.detail }], state: variant.state };
        }
      }
    }
  }
}

/** What is seen at the signature itself. */
export type FormMistakeName = 'signature_case' | 'base64_digest' | 'other_digest' | 'signature_form';

/** How a digest was written: the length and the letters of a signature tell it without any search. */
export interface DigestForm {
  readonly algorithm: 'sha1' | 'md5' | 'sha256';
  /** Lower-case hex digits. */
  readonly digest: string;
  readonly mistake: Exclude<FormMistakeName, 'signature_form'> | undefined;
}

/** `undefined` for what is no digest at all. */
export function readDigest(signature: string): DigestForm | undefined {
  if (/^[0-9a-f]{40}$/.test(signature)) return { algorithm: 'sha1', digest: signature, mistake: undefined };
  const lower = signature.toLowerCase();
  if (/^[0-9a-f]{40}$/.test(lower)) return { algorithm: 'sha1', digest: lower, mistake: 'signature_case' };
  if (/^[0-9a-f]{32}$/.test(lower)) return { algorithm: 'md5', digest: lower, mistake: 'other_digest' };
  if (/^[0-9a-f]{64}$/.test(lower)) return { algorithm: 'sha256', digest: lower, mistake: 'other_digest' };
  if (!/^[\w+/-]{27}=?$/.test(signature)) return undefined;
  const digest = Buffer.from(signature, 'base64').toString('hex');
  return { algorithm: 'sha1', digest, mistake: 'base64_digest' };
}

/** How one kind of signature is made, and how its mistakes are called. */
export interface SignatureKind<State, Name extends string> {
  readonly right: State;
  readonly makers: readonly MistakeMaker<State, Name>[];
  /** How many mistakes are tried at once. */
  readonly most: 1 | 2;
  /** What is hashed. */
  readonly format: (state: State) => string;
  /** The same with every secret hidden. */
  readonly formatShown: (state: State) => string;
  /** What was done, as a clause that begins with a capital and has "%" for the detail; and what to do instead. */
  readonly words: Readonly<Record<Name | FormMistakeName, readonly [text: Text, fix: Text]>>;
}

export interface NamedMistake {
  readonly name: string;
  readonly text: Text;
  readonly fix: Text;
}

export interface SignatureDiagnosis {
  /** Whether the signature is right. */
  readonly ok: boolean;
  /** Empty for a right signature, and where no known mistake and no two of them lead to it. */
  readonly mistakes: readonly NamedMistake[];
  /** What was hashed to get the signature, secrets hidden; `undefined` where nobody knows. */
  readonly signed: string | undefined;
  /** What must be hashed, secrets hidden. */
  readonly string1: string;
  /** The right signature. */
  readonly expected: string;
}

/** Checks a signature and names what is wrong with it. No text of the answer has a secret in it. */
export function diagnose<State, Name extends string>(
  kind: SignatureKind<State, Name>,
  signature: string,
): SignatureDiagnosis {
  const { right, words } = kind;
  const form = readDigest(signature);
  const found = form === undefined ? undefined : search(kind, form);
  const made =
    form === undefined
      ? [{ name: 'signature_form' as const, detail: String(Array.from(signature).length) }]
      : (found?.mistakes ?? []);
  return {
    ok: found !== undefined && made.length === 0,
    mistakes: made.map(({ name, detail = '' }) => {
      const [text, fix] = words[name];
      const fill = (sentence: string): string => sentence.replace('%', () => detail);
      return { name, text: { en: fill(text.en), zh: fill(text.zh) }, fix };
    }),
    signed: found === undefined ? undefined : kind.formatShown(found.state),
    string1: kind.formatShown(right),
    expected: hash('sha1', kind.format(right), 'hex'),
  };
}

function search<State, Name extends string>(
  { right, makers, most, format }: SignatureKind<State, Name>,
  { algorithm, digest, mistake }: DigestForm,
): Explanation<State, Name | FormMistakeName> | undefined {
  const form =
    mistake === undefined ? [] : [{ name: mistake, detail: algorithm === 'md5' ? 'MD5' : 'SHA-256' }];
  for (const { state, mistakes } of explanations(right, makers, most - form.length)) {
    if (hash(algorithm, format(state), 'hex') === digest) return { state, mistakes: [...mistakes, ...form] };
  }
  return undefined;
}
