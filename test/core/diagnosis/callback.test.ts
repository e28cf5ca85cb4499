import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { diagnoseCallback, type CallbackCase } from '../../../src/core/diagnosis/callback.ts';
import { callbackMistakeWords } from '../../../src/core/diagnosis/callback-texts.ts';
import { digestWords, joinMistakes } from '../../../src/core/diagnosis/search.ts';

const token = 'WeChat9Token';
const timestamp = '1714036504';
const nonce = '486452656';
// Two "+", more than one line of 76, and a first letter whose place depends on how one sorts.
const encrypt = `aB+/${'xYz0+1/2'.repeat(20)}==`;
const echostr = '4375120948345356249';

type Text = string;
const hex = (text: Text, algorithm = 'sha1'): string => createHash(algorithm).update(text).digest('hex');
const sorted = (...texts: readonly Text[]): Text => texts.toSorted().join('');

const forUrl = (given: string): CallbackCase => ({
  given,
  kind: 'signature',
  callbackToken: token,
  timestamp,
  nonce,
  encrypt,
  echostr,
  otherValues: { AppID: 'wxba5fad812f8e6fb9', AppSecret: undefined },
});
const forMessage = (given: string): CallbackCase => ({ ...forUrl(given), kind: 'msg_signature' });

const insertBreaks = (width: number, end: string): Text =>
  (encrypt.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(end);

/** What a developer does wrong, written out, and what it must be called. */
const mistakes: readonly (readonly [what: string, name: string, input: CallbackCase])[] = [
  ['upper-case hex', 'signature_case', forUrl(hex(sorted(token, timestamp, nonce)).toUpperCase())],
  ['no sorting', 'unsorted', forUrl(hex(token + timestamp + nonce))],
  [
    'no sorting, query order',
    'unsorted',
    { ...forUrl(hex(`${timestamp}086452656${token}`)), nonce: '086452656' },
  ],
  ['no sorting of four', 'unsorted', forMessage(hex(token + timestamp + nonce + encrypt))],
  [
    'sorting as numbers',
    'numeric_order',
    forUrl(hex(nonce + timestamp + token)), // By bytes the timestamp comes first: 1… before 4….
  ],
  // By bytes the Token comes before Encrypt: W before a.
  ['localeCompare', 'locale_order', forMessage(hex(timestamp + nonce + encrypt + token))],
  ['some other order', 'other_order', forUrl(hex(nonce + token + timestamp))],
  ['a space before the Token', 'token_space', forUrl(hex(sorted(` ${token}`, timestamp, nonce)))],
  ['a space after the Token', 'token_space', forUrl(hex(sorted(`${token} `, timestamp, nonce)))],
  ['a line end after the Token', 'token_newline', forUrl(hex(sorted(`${token}\n`, timestamp, nonce)))],
  ['a Windows line end', 'token_newline', forMessage(hex(sorted(`${token}\r\n`, timestamp, nonce, encrypt)))],
  ['a BOM before the Token', 'token_bom', forUrl(hex(`${timestamp}${nonce}\u{feff}${token}`))],
  ['a Token in quotes', 'token_quoted', forUrl(hex(sorted(`"${token}"`, timestamp, nonce)))],
  ['a Token in small letters', 'token_case', forUrl(hex(sorted(token.toLowerCase(), timestamp, nonce)))],
  ['a Token in capitals', 'token_case', forUrl(hex(sorted(token.toUpperCase(), timestamp, nonce)))],
  ['an empty Token', 'token_missing', forUrl(hex(sorted(timestamp, nonce)))],
  ['an undefined Token', 'token_missing', forUrl(hex(sorted('undefined', timestamp, nonce)))],
  ['the AppID as Token', 'other_value_as_token', forUrl(hex(sorted('wxba5fad812f8e6fb9', timestamp, nonce)))],
  [
    'msg_signature given',
    'msg_signature_as_signature',
    forUrl(hex(sorted(token, timestamp, nonce, encrypt))),
  ],
  ['signature given', 'signature_as_msg_signature', forMessage(hex(sorted(token, timestamp, nonce)))],
  ...[64, 76].flatMap((width) =>
    ['\n', '\r\n'].map(
      (end) =>
        [
          `Encrypt in lines of ${width} with ${JSON.stringify(end)}`,
          'encrypt_line_breaks',
          forMessage(hex(sorted(token, timestamp, nonce, insertBreaks(width, end)))),
        ] as const,
    ),
  ),
  [
    'Encrypt with the breaks that only its giver sees',
    'encrypt_line_breaks',
    { ...forMessage(hex(sorted(token, timestamp, nonce, encrypt))), encrypt: insertBreaks(60, '\n') },
  ],
  [
    '+ read as space',
    'encrypt_plus_as_space',
    forMessage(hex(sorted(token, timestamp, nonce, encrypt.replaceAll('+', ' ')))),
  ],
  [
    'Encrypt percent-encoded',
    'encrypt_percent_encoded',
    forMessage(hex(sorted(token, timestamp, nonce, encodeURIComponent(encrypt)))),
  ],
  ['milliseconds', 'timestamp_milliseconds', forUrl(hex(sorted(token, `${timestamp}000`, nonce)))],
  [
    'milliseconds with a rest',
    'timestamp_milliseconds',
    forUrl(hex(sorted(token, `${timestamp}987`, nonce))),
  ],
  [
    'seconds of given milliseconds',
    'timestamp_milliseconds',
    { ...forUrl(hex(sorted(token, timestamp, nonce))), timestamp: `${timestamp}123` },
  ],
  ['echostr signed', 'echostr_signed', forUrl(hex(sorted(token, timestamp, nonce, echostr)))],
  [
    'toString() of the list',
    'separator',
    forUrl(hex([token, timestamp, nonce].toSorted().toString())), // Commas.
  ],
  ['lines', 'separator', forUrl(hex([token, timestamp, nonce].toSorted().join('\n')))],
  [
    'Base64 instead of hex',
    'base64_digest',
    forUrl(
      createHash('sha1')
        .update(sorted(token, timestamp, nonce))
        .digest('base64'),
    ),
  ],
  ['MD5', 'other_digest', forUrl(hex(sorted(token, timestamp, nonce), 'md5'))],
  ['SHA-256', 'other_digest', forUrl(hex(sorted(token, timestamp, nonce), 'sha256'))],
  [
    'signature from elsewhere beside a right msg_signature',
    'signature_alone_wrong',
    { ...forUrl(hex('elsewhere')), msgSignature: hex(sorted(token, timestamp, nonce, encrypt)) },
  ],
  [
    'msg_signature from elsewhere beside a right signature',
    'msg_signature_alone_wrong',
    { ...forMessage(hex('elsewhere')), signature: hex(sorted(token, timestamp, nonce)) },
  ],
  ['a digit too few', 'signature_form', forUrl(hex(sorted(token, timestamp, nonce)).slice(1))],
  ['no signature at all', 'signature_form', forMessage('')],
];

const namesFor = (input: CallbackCase) => diagnoseCallback(input).map(({ name }) => name);

describe('diagnoseCallback()', () => {
  test.each(mistakes)('names %s as %s', (_what, name, input) => {
    expect(namesFor(input)).toEqual([name]);
  });

  test('is asked for every mistake it knows by one of these tests', () => {
    const known = [...Object.keys(callbackMistakeWords), ...Object.keys(digestWords)];
    expect(new Set(mistakes.map(([, name]) => name))).toEqual(new Set(known));
  });

  test.each([
    [
      'capitals, unsorted',
      ['unsorted', 'signature_case'],
      forUrl(hex(token + timestamp + nonce).toUpperCase()),
    ],
    [
      'a Token with a line end, unsorted',
      ['token_newline', 'unsorted'],
      forUrl(hex(`${token}\n${timestamp}${nonce}`)),
    ],
    [
      'a Token in small letters, sorted as numbers',
      ['token_case', 'numeric_order'],
      forUrl(hex(nonce + timestamp + token.toLowerCase())),
    ],
    [
      'the AppID as Token, with commas',
      ['other_value_as_token', 'separator'],
      forUrl(hex(['wxba5fad812f8e6fb9', timestamp, nonce].toSorted().join(','))),
    ],
    [
      'Encrypt in lines, MD5',
      ['encrypt_line_breaks', 'other_digest'],
      forMessage(hex(sorted(token, timestamp, nonce, insertBreaks(76, '\n')), 'md5')),
    ],
    [
      'milliseconds, unsorted',
      ['timestamp_milliseconds', 'unsorted'],
      forMessage(hex(`${token}${timestamp}987${nonce}${encrypt}`)),
    ],
  ])('names two mistakes at once: %s', (_what, names, input) => {
    expect(namesFor(input)).toEqual(names);
  });

  test.each([
    ['signature', { ...forMessage(hex('elsewhere')), signature: hex(sorted('Other', timestamp, nonce)) }],
    ['msg_signature', { ...forUrl(hex('elsewhere')), msgSignature: hex('elsewhere too') }],
    [
      'msg_signature without Encrypt',
      { ...forUrl(hex('elsewhere')), msgSignature: hex(sorted(token, timestamp, nonce)), encrypt: undefined },
    ],
  ])('does not call the Token right by a wrong %s', (_what, input) => {
    expect(namesFor(input)).toEqual([]);
  });

  test('does not name three mistakes', () => {
    const three = hex(`${timestamp}${nonce}${token.toLowerCase()}\n`).toUpperCase();
    expect(namesFor(forUrl(three))).toEqual([]);
  });

  test('never shows the right signature, the Token, or a placeholder', () => {
    for (const [, , input] of mistakes) {
      const shown = JSON.stringify(diagnoseCallback(input));
      for (const secret of [
        token,
        hex(sorted(token, timestamp, nonce)),
        hex(sorted(token, timestamp, nonce, encrypt)),
        '%',
      ])
        expect(shown).not.toContain(secret);
    }
  });

  test('says in both languages where the Token differs', () => {
    expect(diagnoseCallback(forUrl(hex(sorted(`${token}\n`, timestamp, nonce))))[0]?.text).toEqual({
      en: 'The Token that was used has a line break: 0A after it',
      zh: '所用的令牌（Token）带有换行：后面多出 0A',
    });
  });

  test('joins two mistakes to a sentence', () => {
    expect(
      joinMistakes(diagnoseCallback(forUrl(hex(token + timestamp + nonce).toUpperCase())))?.text,
    ).toEqual({
      en: 'The values were joined without sorting them; and the signature is written in capitals',
      zh: '拼接之前没有排序；并且签名写成了大写',
    });
    expect(joinMistakes([])).toBeUndefined();
    const [one] = diagnoseCallback(forUrl(hex(token + timestamp + nonce)));
    if (one === undefined) throw new Error('there is no mistake');
    expect(joinMistakes([one])).toEqual(one);
    expect(joinMistakes([one, one])?.fix).toEqual(one.fix);
  });

  test('names nothing for random signatures of either kind', () => {
    const given = hex('random');
    expect(namesFor(forUrl(given))).toEqual([]);
    expect(namesFor(forMessage(given))).toEqual([]);
  });

  test('names nothing for a signature of another Token', () => {
    expect(namesFor(forUrl(hex(sorted('another', timestamp, nonce))))).toEqual([]);
  });
});
