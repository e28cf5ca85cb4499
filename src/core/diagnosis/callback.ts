/** Why a signature of a callback（验证消息来自微信服务器, 消息体签名）is wrong. */
import { signMessage, signUrl, sortByBytes, verifySignature } from '../callback/index.ts';
import { callbackMistakeWords, type CallbackMistakeName } from './callback-texts.ts';
import { diagnose, type MistakeMaker, type NamedMistake, type Variant } from './search.ts';
import {
  decodeQuietly,
  otherCases,
  otherUnits,
  permutations,
  withOther,
  type OtherValue,
} from './variants.ts';

/** What is known about a signature that turned out to be wrong. */
export interface CallbackCase {
  /** As it was given. */
  readonly given: string;
  /** Which of the two it was given as. */
  readonly kind: 'signature' | 'msg_signature';
  readonly callbackToken: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly encrypt?: string | undefined;
  /** Both signatures of the same query, where they are known. */
  readonly signature?: string | undefined;
  readonly msgSignature?: string | undefined;
  /** Signed by some libraries although it must not be. */
  readonly echostr?: string | undefined;
  /** Other values of the same account that are taken for the Token, by name. */
  readonly otherValues?: Readonly<Record<string, string | undefined>>;
}

/** What was done, with words for people. They say nothing about the signature that would be right. */
export type CallbackMistake = NamedMistake<CallbackMistakeName>;

type PartName = 'token' | 'timestamp' | 'nonce' | 'encrypt' | 'echostr';

/** What is hashed, in its parts. */
interface SignedTexts {
  readonly values: Readonly<Record<PartName, string>>;
  /** Which of them, in the order in which the documents name them. */
  readonly parts: readonly PartName[];
  readonly order: Order;
  readonly separator: string;
}

/**
 * Names the mistakes, at most two, that lead to exactly this wrong signature; none where no known ones do: then another
 * Token, or other values, were signed. A match cannot be chance: some hundred thousand SHA-1 values are tried.
 */
export function diagnoseCallback(input: CallbackCase): readonly CallbackMistake[] {
  const { kind, msgSignature } = input;
  if (kind === 'signature' && msgSignature !== undefined && input.given === msgSignature) {
    const [text, fix] = callbackMistakeWords.msg_signature_as_signature;
    return [{ name: 'msg_signature_as_signature', text, fix }];
  }
  const { mistakes } = diagnose(
    {
      right: rightTexts(input),
      makers: callbackMistakes(input),
      format,
      // Nothing of it is shown: the Token is in it.
      formatShown: () => '',
      words: callbackMistakeWords,
    },
    input.given,
  );
  return mistakes.length > 0 ? mistakes : aloneWrong(input);
}

/** Where the other signature of the request agrees, it is not the Token that is wrong. */
function aloneWrong(input: CallbackCase): readonly CallbackMistake[] {
  const { kind, callbackToken, timestamp, nonce, encrypt, signature = '', msgSignature = '' } = input;
  const isTokenRight =
    kind === 'msg_signature'
      ? verifySignature(signature, signUrl(callbackToken, timestamp, nonce))
      : encrypt !== undefined &&
        verifySignature(msgSignature, signMessage(callbackToken, timestamp, nonce, encrypt));
  if (!isTokenRight) return [];
  const name = `${kind}_alone_wrong` as const;
  const [text, fix] = callbackMistakeWords[name];
  return [{ name, text, fix }];
}

function rightTexts({
  kind,
  callbackToken,
  timestamp,
  nonce,
  encrypt = '',
  echostr = '',
}: CallbackCase): SignedTexts {
  return {
    values: { token: callbackToken, timestamp, nonce, encrypt, echostr },
    parts: ['token', 'timestamp', 'nonce', ...(kind === 'msg_signature' ? ['encrypt' as const] : [])],
    order: sortByBytes,
    separator: '',
  };
}

function format({ values, parts, order, separator }: SignedTexts): string {
  return order(parts.map((part) => values[part])).join(separator);
}

type Maker = MistakeMaker<SignedTexts, CallbackMistakeName>;

/** Values first, then their order, then how they are joined. */
export function callbackMistakes(input: CallbackCase): readonly Maker[] {
  const { kind, encrypt, echostr, otherValues = {} } = input;
  const locales = localeOrders();
  return [
    { name: 'token_space', make: (texts) => tokens(texts, spaces) },
    { name: 'token_newline', make: (texts) => tokens(texts, lineEnds) },
    { name: 'token_bom', make: (texts) => tokens(texts, invisibles) },
    { name: 'token_quoted', make: (texts) => tokens(texts, quotes) },
    { name: 'token_case', make: (texts) => withOther(texts, 'token', otherCases(texts.values.token)) },
    { name: 'token_missing', make: (texts) => withOther(texts, 'token', missingTokens) },
    { name: 'other_value_as_token', make: (texts) => withOther(texts, 'token', others(otherValues)) },
    {
      name: 'msg_signature_as_signature',
      make: (texts) => (kind === 'signature' && encrypt !== undefined ? withPart(texts, 'encrypt') : []),
    },
    {
      name: 'signature_as_msg_signature',
      make: (texts) =>
        kind === 'msg_signature'
          ? [{ state: { ...texts, parts: texts.parts.filter((part) => part !== 'encrypt') } }]
          : [],
    },
    { name: 'encrypt_line_breaks', make: (texts) => encrypts(texts, brokenTexts) },
    {
      name: 'encrypt_plus_as_space',
      make: (texts) => encrypts(texts, (text) => [text.replaceAll('+', ' '), text.replaceAll(' ', '+')]),
    },
    {
      name: 'encrypt_percent_encoded',
      make: (texts) => encrypts(texts, (text) => [encodeURIComponent(text), decodeQuietly(text)]),
    },
    {
      name: 'timestamp_milliseconds',
      make: (texts) => withOther(texts, 'timestamp', otherUnits(texts.values.timestamp)),
      wide: true,
    },
    {
      name: 'echostr_signed',
      make: (texts) => (echostr === undefined ? [] : withPart(texts, 'echostr')),
    },
    { name: 'unsorted', make: (texts) => ordered(texts, [asNamed, asInQuery]) },
    { name: 'numeric_order', make: (texts) => ordered(texts, numericOrders) },
    { name: 'locale_order', make: (texts) => ordered(texts, locales) },
    { name: 'other_order', make: otherOrders },
    {
      name: 'separator',
      make: (texts) =>
        separators.map(({ value, detail }) => ({ state: { ...texts, separator: value }, detail })),
    },
  ];
}

function withPart(texts: SignedTexts, part: PartName): readonly Variant<SignedTexts>[] {
  return texts.parts.includes(part) ? [] : [{ state: { ...texts, parts: [...texts.parts, part] } }];
}

type Surrounding = readonly [before: string, after: string, en: string, zh: string];

const spaces: readonly Surrounding[] = [
  [' ', '', 'space before it', '前面多一个空格'],
  ['', ' ', 'space after it', '后面多一个空格'],
  [' ', ' ', 'spaces round it', '前后都有空格'],
  ['', '\t', 'tab after it', '后面多一个制表符'],
  ['', '\u3000', 'wide space after it', '后面多一个全角空格'],
  ['', '\u00a0', 'no-break space after it', '后面多一个不换行空格'],
];
const lineEnds: readonly Surrounding[] = [
  ['', '\n', '0A after it', '后面多出 0A'],
  ['', '\r\n', '0D 0A after it', '后面多出 0D 0A'],
  ['', '\r', '0D after it', '后面多出 0D'],
];
const invisibles: readonly Surrounding[] = [
  ['\ufeff', '', 'EF BB BF before it', '前面多出 EF BB BF'],
  ['', '\u200b', 'E2 80 8B after it', '后面多出 E2 80 8B'],
];
const quotes: readonly Surrounding[] = [
  ['"', '"', 'double quotes', '双引号'],
  ["'", "'", 'single quotes', '单引号'],
];

function tokens(texts: SignedTexts, surroundings: readonly Surrounding[]): Iterable<Variant<SignedTexts>> {
  const { token } = texts.values;
  const values = surroundings.map(([before, after, en, zh]) => ({
    value: before + token + after,
    detail: { en, zh },
  }));
  return withOther(texts, 'token', values);
}

const missingTokens = ['', 'undefined', 'null', 'None'].map((value) => ({ value }));

function others(values: Readonly<Record<string, string | undefined>>): readonly OtherValue[] {
  return Object.entries(values).flatMap(([detail, value]) =>
    value === undefined ? [] : [{ value, detail }],
  );
}

function encrypts(
  texts: SignedTexts,
  change: (encrypt: string) => readonly string[],
): Iterable<Variant<SignedTexts>> {
  if (!texts.parts.includes('encrypt')) return [];
  const values = change(texts.values.encrypt).map((value) => ({ value }));
  return withOther(texts, 'encrypt', values);
}

/** Base64 as mail, PEM and the Base64 commands break it; or the same without the breaks that were given. */
function brokenTexts(encrypt: string): readonly string[] {
  const broken = [76, 64].flatMap((width) => {
    const lines = encrypt.match(new RegExp(`.{1,${width}}`, 'gs')) ?? [];
    return ['\n', '\r\n'].flatMap((end) => [lines.join(end), lines.join(end) + end]);
  });
  return [
    ...broken,
    `${encrypt}\n`,
    `${encrypt}\r\n`,
    `\n${encrypt}\n`,
    encrypt.replaceAll(/\s/g, ''),
    encrypt.trim(),
  ];
}

/** What is taken for the order of bytes. */
type Order = (texts: readonly string[]) => readonly string[];

const asNamed: Order = (texts) => texts;
/** Three of them, the Token last. */
const asInQuery: Order = (texts) => (texts.length === 3 ? [...texts.slice(1), texts[0] ?? ''] : texts);

/** Numbers by their value: before the words, after them, as PHP's `sort` does, and as subtracting texts does. */
const numericOrders: readonly Order[] = [
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
function localeOrders(): readonly Order[] {
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
  return Number(a > b) - Number(a < b);
}

function ordered(texts: SignedTexts, orders: readonly Order[]): readonly Variant<SignedTexts>[] {
  return orders.map((order) => ({ state: { ...texts, order } }));
}

function otherOrders(texts: SignedTexts): readonly Variant<SignedTexts>[] {
  const { parts } = texts;
  return permutations(parts.map((_, index) => index)).map((indexes) => ({
    state: { ...texts, order: (all) => indexes.map((index) => all[index] ?? '') },
  }));
}

const separators: readonly OtherValue[] = [
  { value: ' ', detail: { en: 'space', zh: '空格' } },
  { value: '\n', detail: { en: 'line break', zh: '换行' } },
  ...[',', '&', '-', '_', '|', '+'].map((value) => ({ value, detail: value })),
];
