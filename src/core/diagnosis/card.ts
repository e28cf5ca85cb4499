/** Why a signature of a card（卡券签名）is wrong. */
import type { Text } from '../text/text.ts';
import { jssdkMistakeWords } from './jssdk-texts.ts';
import {
  diagnose,
  type MistakeMaker,
  type MistakeWords,
  type SignatureDiagnosis,
  type Variant,
} from './search.ts';
import {
  otherCases,
  otherSeconds,
  otherUnits,
  permutations,
  withOther,
  type OtherValue,
} from './variants.ts';

/** What is known about a signature. */
export interface CardCase {
  /** All values by the names of the official page, in its order; `api_ticket` is the ticket, `timestamp` has digits. */
  readonly values: Values;
  /** Secrets of the same account that are taken for the ticket, as far as they are known. */
  readonly accessToken?: string | undefined;
  readonly jsapiTicket?: string | undefined;
}

type Values = Readonly<Record<string, string>>;

/** What is hashed, in its parts. */
interface CardText {
  readonly values: Values;
  /** Names in the order in which the values are joined. */
  readonly order: (values: Values) => readonly string[];
  /** `name=value` with "&" between, as for `wx.config`. */
  readonly named: boolean;
}

/** Checks a signature and names what is wrong with it. No text of the answer has a ticket or a token in it. */
export function diagnoseCard(input: CardCase, signature: string): SignatureDiagnosis {
  return diagnose(
    {
      right: { values: input.values, order: byBytes, named: false },
      makers: makers(input),
      format: (text) => format(text, text.values),
      formatShown: (text) => format(text, { ...text.values, api_ticket: '***' }),
      words,
    },
    signature,
  );
}

function format({ values, order, named }: CardText, shown: Values): string {
  const parts = order(values).map((name) => (named ? `${name}=${shown[name]}` : (shown[name] ?? '')));
  return parts.join(named ? '&' : '');
}

/** Empty values drop out. */
function names(values: Values): readonly string[] {
  return Object.keys(values).filter((name) => values[name] !== '');
}

function byBytes(values: Values): readonly string[] {
  const bytes = (name: string): Buffer => Buffer.from(values[name] ?? '');
  return names(values).toSorted((one, other) => Buffer.compare(bytes(one), bytes(other)));
}

function byLetters(values: Values): readonly string[] {
  const key = (name: string): string => (values[name] ?? '').toLowerCase();
  return names(values).toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

function makers(input: CardCase): readonly MistakeMaker<CardText, keyof typeof words>[] {
  return [
    { name: 'jsapi_ticket', make: (text) => withOther(text, 'api_ticket', known(input.jsapiTicket)) },
    {
      name: 'access_token_as_ticket',
      make: (text) => withOther(text, 'api_ticket', known(input.accessToken)),
    },
    { name: 'ticket_missing', make: (text) => withOther(text, 'api_ticket', [{ value: '' }]) },
    {
      name: 'timestamp_difference',
      make: (text) => withOther(text, 'timestamp', otherSeconds(text.values['timestamp'] ?? '')),
    },
    {
      name: 'nonce_case',
      make: (text) => withOther(text, 'nonce_str', otherCases(text.values['nonce_str'] ?? '')),
    },
    {
      name: 'timestamp_milliseconds',
      make: (text) => withOther(text, 'timestamp', otherUnits(text.values['timestamp'] ?? '')),
      wide: true,
    },
    { name: 'value_missing', make: withoutValue },
    {
      name: 'names_joined',
      make: (text) => [
        { state: { ...text, named: true, order: (values) => names(values).toSorted() } },
        { state: { ...text, named: true } },
      ],
    },
    { name: 'values_case', make: (text) => [{ state: { ...text, order: byLetters } }] },
    { name: 'values_unsorted', make: unsorted },
  ];
}

function known(secret: string | undefined): readonly OtherValue[] {
  return secret === undefined ? [] : [{ value: secret }];
}

function* withoutValue(text: CardText): Iterable<Variant<CardText>> {
  for (const name of names(text.values)) {
    if (name !== 'api_ticket')
      yield { state: { ...text, values: { ...text.values, [name]: '' } }, detail: name };
  }
}

function* unsorted(text: CardText): Iterable<Variant<CardText>> {
  // Six values have 720 orders; with milliseconds at the same time only the given one is tried.
  const orders = /^\d{13}$/.test(text.values['timestamp'] ?? '')
    ? [names(text.values)]
    : permutations(names(text.values));
  for (const order of orders) yield { state: { ...text, order: () => order } };
}

const useTicket: Text = {
  en: 'Sign with the ticket of GET /cgi-bin/ticket/getticket?type=wx_card',
  zh: '应使用 GET /cgi-bin/ticket/getticket?type=wx_card 返回的 ticket 签名',
};
const sortValues: Text = {
  en: 'Sort the values by bytes and join them with nothing between',
  zh: '把各个值按字节排序后直接拼接，不加分隔符',
};

const words = {
  jsapi_ticket: [{ en: 'The ticket of pages (jsapi) was used', zh: '用了网页的 ticket（jsapi）' }, useTicket],
  access_token_as_ticket: [
    { en: 'The access_token was used as the ticket', zh: '把 access_token 当成了 api_ticket' },
    useTicket,
  ],
  ticket_missing: [
    { en: 'There was no ticket when the signature was made', zh: '签名时没有取到 ticket' },
    useTicket,
  ],
  timestamp_difference: jssdkMistakeWords.timestamp_difference,
  nonce_case: jssdkMistakeWords.nonce_case,
  timestamp_milliseconds: jssdkMistakeWords.timestamp_milliseconds,
  value_missing: [
    { en: 'A value was left out: "%"', zh: '漏签了一个值：“%”' },
    {
      en: 'Sign every value that the page hands to WeChat, and hand over every value that is signed',
      zh: '页面传给微信的值与参与签名的值必须一致',
    },
  ],
  values_unsorted: [
    { en: 'The values were joined without sorting them', zh: '拼接之前没有排序' },
    sortValues,
  ],
  values_case: [
    { en: 'The values were sorted regardless of case, not by bytes', zh: '排序时忽略了大小写，应按字节排序' },
    sortValues,
  ],
  names_joined: [
    {
      en: 'The names were signed as well, as it is done for wx.config',
      zh: '把参数名也签了，那是 wx.config 的算法',
    },
    sortValues,
  ],
} satisfies Readonly<Record<string, MistakeWords>>;
