/** Why a signature for `wx.config`（JS-SDK 使用权限签名算法）is wrong. */
import { sortByBytes } from '../callback/index.ts';
import { jssdkMistakeWords, type JssdkMistakeName } from './jssdk-texts.ts';
import { urlMistakes } from './page-url.ts';
import {
  diagnose,
  diagnoseInTurns,
  type MistakeMaker,
  type SignatureDiagnosis,
  type SignatureKind,
  type Variant,
} from './search.ts';
import { otherCases, otherSeconds, otherUnits, permutations, withOther } from './variants.ts';

/** What is known about a signature: the values that the page hands to `wx.config`, and the ticket. */
export interface JssdkCase {
  /** As the browser shows it, with its fragment where it has one. */
  readonly url: string;
  /** As somebody wrote it, where the browser shows it otherwise. */
  readonly typedUrl?: string | undefined;
  readonly ticket: string;
  readonly nonceStr: string;
  /** Digits: seconds, or by mistake milliseconds. */
  readonly timestamp: string;
  /** Secrets of the same account that are taken for the ticket, as far as they are known. */
  readonly accessToken?: string | undefined;
  readonly cardTicket?: string | undefined;
}

/** What is hashed, in its parts. */
interface SignedText {
  readonly values: Readonly<Record<PartName, string>>;
  /** The ticket as it may be shown. */
  readonly shownTicket: string;
  readonly names: Readonly<Record<PartName, string>>;
  readonly order: readonly PartName[];
  readonly separator: string;
  readonly end: string;
  /** Applied to every value. */
  readonly encode: ((value: string) => string) | undefined;
  /** Only the values, sorted and joined, as for cards. */
  readonly valuesOnly: boolean;
}

type PartName = 'ticket' | 'nonceStr' | 'timestamp' | 'url';

/**
 * Checks a signature and names what is wrong with it. Some hundred thousand texts are tried, far too few for a match by
 * chance.
 */
export function diagnoseJssdk(input: JssdkCase, signature: string): JssdkDiagnosis {
  return judgeUnit(input, diagnose(kindOf(input), signature));
}

/** The same for a server: `pause` is called every few milliseconds, so that others get their answers meanwhile. */
export async function diagnoseJssdkInTurns(
  input: JssdkCase,
  signature: string,
  pause: () => Promise<void>,
): Promise<JssdkDiagnosis> {
  return judgeUnit(input, await diagnoseInTurns(kindOf(input), signature, pause));
}

type JssdkDiagnosis = SignatureDiagnosis<JssdkMistakeName>;

function kindOf(input: JssdkCase): SignatureKind<SignedText, JssdkMistakeName> {
  return {
    right: rightText(input),
    makers: jssdkMistakes(input),
    format: formatText,
    formatShown: formatShownText,
    words: jssdkMistakeWords,
  };
}

/** Seconds may have been signed where milliseconds are handed to wx.config. */
function judgeUnit(input: JssdkCase, found: JssdkDiagnosis): JssdkDiagnosis {
  const known = found.mistakes.some(({ name }) => name === 'timestamp_milliseconds');
  if (found.signed === undefined || known || !isMilliseconds(input.timestamp)) return found;
  const [text, fix] = jssdkMistakeWords.timestamp_milliseconds;
  return {
    ...found,
    ok: false,
    mistakes: [...found.mistakes, { name: 'timestamp_milliseconds', text, fix }],
  };
}

const inOrder: readonly PartName[] = ['ticket', 'nonceStr', 'timestamp', 'url'];
const usualNames = { ticket: 'jsapi_ticket', nonceStr: 'noncestr', timestamp: 'timestamp', url: 'url' };

/** What must be hashed（string1）. */
export function rightText(input: JssdkCase): SignedText {
  return {
    values: {
      ticket: input.ticket,
      nonceStr: input.nonceStr,
      timestamp: isMilliseconds(input.timestamp) ? input.timestamp.slice(0, -3) : input.timestamp,
      url: input.url.replace(/#.*$/s, ''),
    },
    shownTicket: hidden,
    names: usualNames,
    order: inOrder,
    separator: '&',
    end: '',
    encode: undefined,
    valuesOnly: false,
  };
}

export function isMilliseconds(timestamp: string): boolean {
  return /^\d{13}$/.test(timestamp);
}

/** Stands for every secret in a text that people see. */
const hidden = '***';

export function formatText(text: SignedText): string {
  return format(text, text.values);
}

/** The same without the ticket. */
export function formatShownText(text: SignedText): string {
  if (!text.valuesOnly) return format(text, { ...text.values, ticket: text.shownTicket });
  const { encode = (value: string) => value } = text;
  const values = Object.entries(text.values).map(([name, value]) => ({ name, value: encode(value) }));
  // The ticket's own letters decide where it stands.
  return values
    .toSorted((one, other) => Buffer.compare(Buffer.from(one.value), Buffer.from(other.value)))
    .map(({ name, value }) => (name === 'ticket' ? text.shownTicket : value))
    .join('');
}

function format(text: SignedText, values: SignedText['values']): string {
  const { encode = (value: string) => value, names, separator } = text;
  if (text.valuesOnly) return sortByBytes(Object.values(values).map(encode)).join('');
  // A loop: hundreds of thousands of texts are made here.
  let joined = '';
  for (const part of text.order)
    joined += `${joined === '' ? '' : separator}${names[part]}=${encode(values[part])}`;
  return joined + text.end;
}

/** Those of the URL come first; the other way round a pair such as "fragment kept and encoded" would not be found. */
export function jssdkMistakes(input: JssdkCase): readonly MistakeMaker<SignedText, JssdkMistakeName>[] {
  const urls = urlMistakes(input.url, input.typedUrl).map(({ name, make, wide = false }) => ({
    name,
    wide,
    make: (text: SignedText) => withOther(text, 'url', make(text.values.url)),
  }));
  return [
    ...urls,
    {
      name: 'access_token_as_ticket',
      make: (text) => otherTicket(text, input.accessToken, '<access_token>'),
    },
    { name: 'card_ticket', make: (text) => otherTicket(text, input.cardTicket, '<wx_card ticket>') },
    { name: 'ticket_missing', make: (text) => missingTicket(text) },
    { name: 'ticket_space', make: (text) => spacedTicket(text) },
    {
      name: 'timestamp_difference',
      make: (text) => withOther(text, 'timestamp', otherSeconds(text.values.timestamp)),
    },
    { name: 'nonce_case', make: (text) => withOther(text, 'nonceStr', otherCases(text.values.nonceStr)) },
    { name: 'timestamp_milliseconds', make: (text) => milliseconds(text, input.timestamp), wide: true },
    { name: 'parameter_name', make: otherNames },
    { name: 'values_encoded', make: encodedValues },
    { name: 'parameter_order', make: otherOrders },
    { name: 'separator', make: separators },
    { name: 'card_algorithm', make: (text) => [{ state: { ...text, valuesOnly: true } }] },
  ];
}

function otherTicket(
  text: SignedText,
  ticket: string | undefined,
  shownTicket: string,
): readonly Variant<SignedText>[] {
  if (ticket === undefined) return [];
  return [{ state: { ...text, values: { ...text.values, ticket }, shownTicket } }];
}

function* missingTicket(text: SignedText): Iterable<Variant<SignedText>> {
  for (const value of ['', 'undefined', 'null', 'None', 'nil', '[object Object]', '[object Promise]']) {
    const values = { ...text.values, ticket: value };
    yield { state: { ...text, values, shownTicket: value }, detail: value };
  }
}

function* spacedTicket(text: SignedText): Iterable<Variant<SignedText>> {
  for (const [before, after] of [
    ['', '\n'],
    ['', '\r\n'],
    ['', ' '],
    [' ', ''],
    ['"', '"'],
    ["'", "'"],
  ] as const) {
    const values = { ...text.values, ticket: before + text.values.ticket + after };
    yield { state: { ...text, values, shownTicket: before + hidden + after } };
  }
}

/** Milliseconds that are given were signed as they are; else nobody knows which it was. */
function milliseconds(text: SignedText, given: string): Iterable<Variant<SignedText>> {
  return withOther(text, 'timestamp', isMilliseconds(given) ? [{ value: given }] : otherUnits(given));
}

const otherSpellings: readonly Partial<Record<PartName, string>>[] = [
  { nonceStr: 'nonceStr' },
  { timestamp: 'timeStamp' },
  { nonceStr: 'nonceStr', timestamp: 'timeStamp' },
  { nonceStr: 'nonce_str' },
  { nonceStr: 'nonce' },
  { ticket: 'ticket' },
  { ticket: 'jsapiTicket' },
  { ticket: 'jsApiTicket' },
  { url: 'URL' },
  { ticket: 'jsapiTicket', nonceStr: 'nonceStr' },
  { ticket: 'api_ticket' },
  { ticket: 'access_token' },
];

/** In the order that the documents have, and sorted by these names where that is another one. */
const otherNamings = otherSpellings.flatMap((spelling) => {
  const names = { ...usualNames, ...spelling };
  const sorted = inOrder.toSorted((one, other) => (names[one] < names[other] ? -1 : 1));
  const isSorted = sorted.every((part, index) => part === inOrder[index]);
  const orders = isSorted ? [inOrder] : [inOrder, sorted];
  return orders.map((order) => ({ names, order, detail: Object.values(spelling).join(', ') }));
});

function* otherNames(text: SignedText): Iterable<Variant<SignedText>> {
  for (const { names, order, detail } of otherNamings) yield { state: { ...text, names, order }, detail };
}

/** As the builders of query strings write values; most of them differ only in blanks and in small letters. */
function* encodedValues(text: SignedText): Iterable<Variant<SignedText>> {
  for (const encode of [encodeURIComponent, formEncode, (value: string) => lowerEscapes(formEncode(value))]) {
    yield { state: { ...text, encode } };
  }
}

function formEncode(value: string): string {
  return new URLSearchParams({ '': value }).toString().slice(1);
}

function lowerEscapes(value: string): string {
  return value.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

/** They are asked for once for each of the thousand milliseconds. */
const orders = permutations(inOrder);

function* otherOrders(text: SignedText): Iterable<Variant<SignedText>> {
  for (const order of orders) {
    const detail = order.map((part) => text.names[part]).join(', ');
    if (order.some((part, index) => part !== text.order[index])) yield { state: { ...text, order }, detail };
  }
}

function* separators(text: SignedText): Iterable<Variant<SignedText>> {
  yield { state: { ...text, end: '&' } };
  for (const separator of ['', '&amp;', ',', ', ', ' ', '\n']) yield { state: { ...text, separator } };
}
