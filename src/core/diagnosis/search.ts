/**
 * Finds out which mistakes lead to a wrong signature, by making them: one at a time, then two at once. Callbacks, pages
 * and cards have a table each of what people do wrong; how it is looked for is the same.
 */
import { hash } from 'node:crypto';
import type { Text } from '../text/text.ts';

/** One way to make a mistake: what is signed then, and what exactly was done where there are several ways. */
export interface Variant<State> {
  readonly state: State;
  readonly detail?: Detail | undefined;
}

/** A name or a value; a text where it is words. */
type Detail = string | Text;

/** All ways to make one mistake. Those of a list change the inside of the signed text first and its form last. */
export interface MistakeMaker<State, Name extends string> {
  readonly name: Name;
  readonly make: (state: State) => Iterable<Variant<State>>;
  /** Set where there may be a hundred ways or more: they are tried last beside another mistake, and never two such. */
  readonly wide?: boolean;
}

export interface MistakeMade<Name extends string> {
  readonly name: Name;
  readonly detail: Detail | undefined;
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
  for (const maker of makers) yield* withOneMore({ mistakes: [], state: right }, maker);
  if (most < 2) return;
  for (const wide of [false, true]) {
    for (const [index, first] of makers.entries()) {
      const seconds = makers.slice(index + 1).filter((second) => isWide(first, second) === wide);
      if (seconds.length === 0) continue;
      for (const between of withOneMore({ mistakes: [], state: right }, first)) {
        for (const second of seconds) yield* withOneMore(between, second);
      }
    }
  }
}

/** `undefined` for two wide ones. */
function isWide(...pair: readonly { readonly wide?: boolean }[]): boolean | undefined {
  const count = pair.filter(({ wide }) => wide === true).length;
  return count > 1 ? undefined : count === 1;
}

function* withOneMore<State, Name extends string>(
  { mistakes, state: from }: Explanation<State, Name>,
  { name, make }: MistakeMaker<State, Name>,
): Iterable<Explanation<State, Name>> {
  for (const { state, detail } of make(from)) yield { mistakes: [...mistakes, { name, detail }], state };
}

/** What is seen at the signature itself. */
export type FormMistakeName = keyof typeof digestWords;

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

/** What was done, as a clause that begins with a capital and has "%" for the detail; and what to do instead. */
export type MistakeWords = readonly [text: Text, fix: Text];

/** How one kind of signature is made, and how its mistakes are called. */
export interface SignatureKind<State, Name extends string> {
  readonly right: State;
  readonly makers: readonly MistakeMaker<State, Name>[];
  /** What is hashed. */
  readonly format: (state: State) => string;
  /** The same with every secret hidden. */
  readonly formatShown: (state: State) => string;
  readonly words: Readonly<Record<Name, MistakeWords>>;
}

export interface NamedMistake<Name extends string = string> {
  readonly name: Name | FormMistakeName;
  readonly text: Text;
  readonly fix: Text;
}

export interface SignatureDiagnosis<Name extends string = string> {
  /** Whether the signature is right. */
  readonly ok: boolean;
  /** Empty for a right signature, and where no known mistake and no two of them lead to it. */
  readonly mistakes: readonly NamedMistake<Name>[];
  /** What was hashed to get the signature, secrets hidden; `undefined` where nobody knows. */
  readonly signed: string | undefined;
  /** What must be hashed, secrets hidden. */
  readonly string1: string;
  /** The right signature. */
  readonly expected: string;
}

/** Two mistakes in one sentence; `undefined` where there is none. */
export function joinMistakes(
  mistakes: readonly Pick<NamedMistake, 'text' | 'fix'>[],
): { readonly text: Text; readonly fix: Text } | undefined {
  const [first, second] = mistakes;
  if (first === undefined || second === undefined) return first;
  const text = {
    en: `${first.text.en}; and ${lowerFirst(second.text.en)}`,
    zh: `${first.text.zh}；并且${second.text.zh}`,
  };
  if (first.fix === second.fix) return { text, fix: first.fix };
  return {
    text,
    fix: { en: `${first.fix.en}. ${second.fix.en}`, zh: `${first.fix.zh}；${second.fix.zh}` },
  };
}

/** The clause follows another one; a name such as "Encrypt" keeps its quotes and capitals. */
function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Checks a signature and names what is wrong with it. No text of the answer has a secret in it, but `expected`. */
export function diagnose<State, Name extends string>(
  kind: SignatureKind<State, Name>,
  signature: string,
): SignatureDiagnosis<Name> {
  const steps = diagnoseInSteps(kind, signature);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** The same for a server, which has others to answer meanwhile: `pause` is called every few milliseconds. */
export async function diagnoseInTurns<State, Name extends string>(
  kind: SignatureKind<State, Name>,
  signature: string,
  pause: () => Promise<void>,
): Promise<SignatureDiagnosis<Name>> {
  const steps = diagnoseInSteps(kind, signature);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await pause();
  }
}

function* diagnoseInSteps<State, Name extends string>(
  kind: SignatureKind<State, Name>,
  signature: string,
): Generator<undefined, SignatureDiagnosis<Name>> {
  const { right, words } = kind;
  const form = readDigest(signature);
  const found = form === undefined ? undefined : yield* search(kind, form);
  const made: readonly MistakeMade<Name | FormMistakeName>[] =
    form === undefined
      ? [{ name: 'signature_form', detail: String(Array.from(signature).length) }]
      : (found?.mistakes ?? []);
  return {
    ok: found !== undefined && made.length === 0,
    mistakes: made.map((mistake) => describe({ ...digestWords, ...words }, mistake)),
    signed: found === undefined ? undefined : kind.formatShown(found.state),
    string1: kind.formatShown(right),
    expected: hash('sha1', kind.format(right), 'hex'),
  };
}

function describe<Name extends string>(
  words: Readonly<Record<Name, MistakeWords>>,
  { name, detail }: MistakeMade<Name>,
): { readonly name: Name; readonly text: Text; readonly fix: Text } {
  const [text, fix] = words[name];
  if (detail === undefined) return { name, text, fix };
  const { en, zh } = typeof detail === 'string' ? { en: detail, zh: detail } : detail;
  return { name, text: { en: text.en.replace('%', () => en), zh: text.zh.replace('%', () => zh) }, fix };
}

/** What the search may cost: some tenths of a second, however long a text is. */
const mostWork = 300_000_000;
/** After this much somebody else may have a turn. */
const workATurn = 10_000_000;

/** A text is built, joined and hashed, so that each character counts several times. */
function workOf(text: string): number {
  return 4 * text.length + 500;
}

function* search<State, Name extends string>(
  { right, makers, format }: SignatureKind<State, Name>,
  { algorithm, digest, mistake }: DigestForm,
): Generator<undefined, Explanation<State, Name | FormMistakeName> | undefined> {
  const form =
    mistake === undefined ? [] : [{ name: mistake, detail: algorithm === 'md5' ? 'MD5' : 'SHA-256' }];
  let [work, turn] = [0, workATurn];
  for (const { state, mistakes } of explanations(right, makers, 2 - form.length)) {
    const text = format(state);
    if (hash(algorithm, text, 'hex') === digest) return { state, mistakes: [...mistakes, ...form] };
    work += workOf(text);
    if (mistakes.length > 1 && work > mostWork) return undefined;
    if (work < turn) continue;
    turn = work + workATurn;
    yield;
  }
  return undefined;
}

const hexDigest: Text = {
  en: 'Write the SHA-1 in lower-case hex digits',
  zh: 'SHA-1 应写成小写十六进制',
};

export const digestWords = {
  signature_case: [{ en: 'The signature is written in capitals', zh: '签名写成了大写' }, hexDigest],
  base64_digest: [{ en: 'The SHA-1 is written in Base64', zh: 'SHA-1 写成了 Base64' }, hexDigest],
  other_digest: [{ en: 'The signature is not a SHA-1 but %', zh: '签名用的不是 SHA-1，而是 %' }, hexDigest],
  signature_form: [
    {
      en: 'This is no signature: it must have 40 hex digits, and its length is %',
      zh: '这不是签名：应为 40 位十六进制，实际为 % 个字符',
    },
    { en: 'Copy the signature as a whole', zh: '请完整复制签名' },
  ],
} satisfies Readonly<Record<string, MistakeWords>>;
