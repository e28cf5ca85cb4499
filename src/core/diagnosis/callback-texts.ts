/** The mistakes in signatures of callbacks in words. `%` is what exactly was done. */
import { consolePlaces } from '../account/index.ts';
import type { Text } from '../text/text.ts';
import type { MistakeWords } from './search.ts';

const trim: Text = {
  en: 'Cut what stands round the Token where it is read, or save it again without',
  zh: '读取令牌（Token）时去掉首尾多余字符，或重新保存',
};
const sortByBytes: Text = {
  en: 'Sort by bytes: sort() in JavaScript, sort($a, SORT_STRING) in PHP, sorted() in Python',
  zh: '按字节排序：JavaScript 用 sort()，PHP 用 sort($a, SORT_STRING)，Python 用 sorted()',
};
const signWire: Text = {
  en: 'Sign the text of "Encrypt" exactly as it stands in the body, without line breaks and not encoded again',
  zh: '对消息体中“Encrypt”的原文签名，不加换行，不再次编码',
};

const sameRequest: Text = {
  en: 'Pass the query and the body of one and the same request, as they came',
  zh: '请原样传入同一次请求的参数和消息体',
};

export const callbackMistakeWords = {
  unsorted: [{ en: 'The values were joined without sorting them', zh: '拼接之前没有排序' }, sortByBytes],
  numeric_order: [
    { en: 'The values were sorted as numbers, not as text', zh: '按数字大小排序了，应按文本排序' },
    sortByBytes,
  ],
  locale_order: [
    {
      en: 'The values were sorted in the order of a language or regardless of case, not by bytes',
      zh: '按语言习惯或忽略大小写排序了，应按字节排序',
    },
    sortByBytes,
  ],
  other_order: [{ en: 'The values were joined in another order', zh: '各个值的拼接顺序不对' }, sortByBytes],
  token_space: [{ en: 'The Token that was used has a %', zh: '所用的令牌（Token）%' }, trim],
  token_newline: [
    { en: 'The Token that was used has a line break: %', zh: '所用的令牌（Token）带有换行：%' },
    trim,
  ],
  token_bom: [
    {
      en: 'The Token that was used has an invisible character: %',
      zh: '所用的令牌（Token）带有不可见字符：%',
    },
    { en: 'Save the file with the Token as UTF-8 without BOM', zh: '把保存令牌的文件另存为无 BOM 的 UTF-8' },
  ],
  token_quoted: [
    { en: 'The Token that was used stands in %', zh: '所用的令牌（Token）带有%' },
    { en: 'Take the quotes away in the configuration', zh: '请去掉配置中的引号' },
  ],
  token_case: [
    { en: 'The Token that was used is written in another case', zh: '所用的令牌（Token）大小写不同' },
    { en: 'Copy the Token letter by letter from the console', zh: '请从后台原样复制令牌（Token）' },
  ],
  token_missing: [
    {
      en: 'The Token was left out: it was empty where the signature was made',
      zh: '签名时令牌（Token）为空',
    },
    { en: 'Check that the server reads its configuration', zh: '请检查服务器是否读到了配置' },
  ],
  other_value_as_token: [
    { en: 'The % was used as the Token', zh: '把 % 当成了令牌（Token）' },
    {
      en: `Use the Token of ${consolePlaces.messagePush.en}`,
      zh: `应使用 ${consolePlaces.messagePush.zh}中的令牌（Token）`,
    },
  ],
  msg_signature_as_signature: [
    { en: 'This is msg_signature: it also covers "Encrypt"', zh: '这是 msg_signature：它还覆盖“Encrypt”' },
    {
      en: 'Compare "signature" without "Encrypt", and "msg_signature" with it',
      zh: '“signature”不含“Encrypt”，“msg_signature”才包含',
    },
  ],
  signature_as_msg_signature: [
    { en: 'This is signature: it does not cover "Encrypt"', zh: '这是 signature：它不覆盖“Encrypt”' },
    {
      en: 'For encrypted messages compare "msg_signature", made of Token, timestamp, nonce and "Encrypt"',
      zh: '加密消息应比较“msg_signature”，由 Token、timestamp、nonce 和“Encrypt”四项生成',
    },
  ],
  encrypt_line_breaks: [
    { en: '"Encrypt" was signed with other line breaks', zh: '签名时“Encrypt”中的换行不同' },
    signWire,
  ],
  encrypt_plus_as_space: [
    { en: '"+" in "Encrypt" was read as a space', zh: '“Encrypt”中的“+”被读成了空格' },
    {
      en: 'Take "Encrypt" from the raw body, not from a decoded form',
      zh: '请从原始消息体读取“Encrypt”，不要经过表单解码',
    },
  ],
  encrypt_percent_encoded: [
    {
      en: '"Encrypt" was percent-encoded or decoded before it was signed',
      zh: '签名前对“Encrypt”做了 URL 编码或解码',
    },
    signWire,
  ],
  timestamp_milliseconds: [
    {
      en: 'The timestamp was signed in the wrong unit: seconds and milliseconds were mixed up',
      zh: '签名时的 timestamp 单位不对：秒与毫秒混淆',
    },
    { en: 'Sign the timestamp exactly as it stands in the query', zh: '请用查询参数中的 timestamp 原文签名' },
  ],
  echostr_signed: [
    { en: 'echostr was signed too', zh: '把 echostr 也加入了签名' },
    { en: 'Sign Token, timestamp and nonce only', zh: '只对 Token、timestamp、nonce 三项签名' },
  ],
  separator: [
    { en: 'The values were joined with "%" between them', zh: '拼接时各值之间多了“%”' },
    { en: 'Join them with nothing between, as join("") does', zh: '直接拼接，不加分隔符，例如 join("")' },
  ],
  signature_alone_wrong: [
    {
      en: 'The Token is right, since msg_signature agrees: signature was changed, or belongs to another request',
      zh: '令牌（Token）正确，因为 msg_signature 相符：signature 被改动过，或属于另一次请求',
    },
    sameRequest,
  ],
  msg_signature_alone_wrong: [
    {
      en: 'The Token is right, since signature agrees: msg_signature or the body ("Encrypt") was changed, or they belong to two requests',
      zh: '令牌（Token）正确，因为 signature 相符：msg_signature 或消息体（“Encrypt”）被改动过，或两者不属于同一次请求',
    },
    sameRequest,
  ],
} satisfies Readonly<Record<string, MistakeWords>>;

export type CallbackMistakeName = keyof typeof callbackMistakeWords;
