import { VerificationError } from '../../../src/core/errors.ts';
import { describe, expect, test } from 'vitest';
import { parseFields } from '../../../src/core/callback/body.ts';
import { sealReply, verifyQuery } from '../../../src/core/callback/callback.ts';
import { decodeEncodingAESKey } from '../../../src/core/callback/message-crypto.ts';
import { textField } from '../../../src/core/message/index.ts';
import { readMessage } from '../../../src/core/message/message.ts';
import { describeUserSees, judgeReply, openReply, unavailableText } from '../../../src/core/reply/verdict.ts';
import { formatReply } from '../../../src/core/reply/reply.ts';
import { vectors } from '../../helpers/vectors.ts';

const secrets = {
  callbackToken: 'token123',
  appId: 'wx0123456789abcdef',
  key: decodeEncodingAESKey('0123456789012345678901234567890123456789012'),
};
const push = (fields: Readonly<Record<string, string>>) =>
  readMessage({ ToUserName: 'gh_1', FromUserName: 'o_1', CreateTime: '1714037059', ...fields });
const message = push({ MsgType: 'text', Content: 'hello', MsgId: '1' });
const reply = formatReply(
  { msgType: 'text', content: '你好' },
  { toUserName: 'o_1', fromUserName: 'gh_1', createTime: 1714037059 },
);
const seal = (text: string, timestamp = 1714037059) =>
  sealReply({
    ...secrets,
    reply: text,
    format: 'xml',
    timestamp,
    nonce: '415670741',
    random16: Buffer.from('0123456789abcdef'),
  });
const plain = { message, format: 'xml', mode: 'plain', encrypted: false } as const;
const safe = { message, format: 'xml', mode: 'safe', encrypted: true, secrets } as const;
const short = ({ valid, userSees, problems }: ReturnType<typeof judgeReply>) => [
  valid,
  userSees,
  ...problems.map(({ rule }) => rule),
];

describe('judgeReply()', () => {
  test('judgeReply() finds a good reply good, plain and encrypted', () => {
    expect(judgeReply({ ...plain, body: reply })).toEqual({
      reply: { msgType: 'text', content: '你好' },
      text: reply,
      encrypted: false,
      valid: true,
      problems: [],
      userSees: 'reply',
    });
    expect(judgeReply({ ...safe, body: Buffer.from(seal(reply)) })).toEqual({
      reply: { msgType: 'text', content: '你好' },
      text: reply,
      encrypted: true,
      valid: true,
      problems: [],
      userSees: 'reply',
    });
  });

  test.each(['', 'success'])('judgeReply() takes %j in every mode, and the person sees nothing', (body) => {
    expect(short(judgeReply({ ...plain, body }))).toEqual([true, 'nothing']);
    expect(short(judgeReply({ ...safe, body }))).toEqual([true, 'nothing']);
  });

  test('judgeReply() refuses a plain reply in safe mode, and takes it in compatible mode', () => {
    expect(short(judgeReply({ ...safe, body: reply }))).toEqual([false, 'unavailable', 'not-encrypted']);
    expect(short(judgeReply({ ...safe, mode: 'compatible', body: reply }))).toEqual([true, 'reply']);
  });

  test.each([
    ['nobody', ''],
    ['undefined', 'undefined'],
    ['another person', 'o_2'],
  ])('judgeReply() names the mode where an encrypted push is answered in the clear to %s', (_who, to) => {
    const blind = reply.replace('o_1', to);
    expect(short(judgeReply({ ...safe, body: blind }))).toEqual([false, 'unavailable', 'mode']);
    expect(short(judgeReply({ ...safe, body: '{"code":0}' }))).toEqual([
      false,
      'unavailable',
      'json',
      'not-encrypted',
    ]);
    expect(short(judgeReply({ ...safe, mode: 'compatible', body: blind }))).not.toContain('mode');
  });

  test('judgeReply() does not name the mode where the sender stands on the wrong side', () => {
    const swapped = reply.replace('o_1', 'X').replace('gh_1', 'o_1').replace('X', 'gh_1');
    const found = short(judgeReply({ ...safe, body: swapped }));
    expect(found).toEqual([false, 'unavailable', 'to-user', 'from-user', 'not-encrypted']);
  });

  test('judgeReply() refuses an encrypted reply to a plain push', () => {
    expect(short(judgeReply({ ...plain, body: seal(reply) }))).toEqual([false, 'unavailable', 'encrypted']);
  });

  test.each([
    ['another Token', { ...secrets, callbackToken: 'token124' }],
    ['another AppID', { ...secrets, appId: 'wx0123456789abcdee' }],
    ['another key', { ...secrets, key: decodeEncodingAESKey('1123456789012345678901234567890123456789012') }],
    ['no key', { callbackToken: 'token123' }],
  ])('judgeReply() cannot open an envelope with %s', (_, other) => {
    const verdict = judgeReply({ ...safe, secrets: other, body: seal(reply) });
    expect(short(verdict)).toEqual([false, 'unavailable', 'envelope']);
    expect(verdict.text).toBeUndefined();
  });

  test.each(['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce'])(
    'judgeReply() wants %s in an envelope',
    (name) => {
      const body = seal(reply).replace(new RegExp(`<${name}>.*</${name}>\n`), '');
      expect(judgeReply({ ...safe, body }).valid).toBe(false);
    },
  );

  test('judgeReply() judges the reply and the envelope round it', () => {
    expect(short(judgeReply({ ...safe, body: seal(reply.replace('o_1', 'o_2')) }))).toEqual([
      false,
      'unavailable',
      'to-user',
    ]);
    expect(short(judgeReply({ ...safe, body: `\n${seal(reply)}` }))).toEqual([
      false,
      'unavailable',
      'before-xml',
    ]);
  });

  test('judgeReply() lets a time in milliseconds pass, and shows the first of two articles', () => {
    expect(short(judgeReply({ ...plain, body: reply.replace('1714037059', '1714037059000') }))).toEqual([
      true,
      'reply',
      'create-time-ms',
    ]);
    const article = { title: 't', description: 'd', picUrl: 'p', url: 'u' };
    const two = formatReply(
      { msgType: 'news', articles: [article, article] },
      { toUserName: 'o_1', fromUserName: 'gh_1', createTime: 1714037059 },
    );
    expect(short(judgeReply({ ...plain, body: two }))).toEqual([false, 'reply', 'one-article']);
  });

  test('judgeReply() lets a TimeStamp in milliseconds pass, and warns of it', () => {
    const verdict = judgeReply({ ...safe, body: seal(reply, 1714037059000) });
    expect(short(verdict)).toEqual([true, 'reply', 'timestamp-ms']);
    expect(verdict.problems[0]).toMatchObject({ severity: 'warning', field: 'TimeStamp' });
    for (const time of [17140370590, 17140370590000])
      expect(short(judgeReply({ ...safe, body: seal(reply, time) }))).toEqual([true, 'reply']);
  });

  test('says nothing against an envelope that it has no secrets for', () => {
    expect(judgeReply({ ...safe, secrets: undefined, body: seal(reply) })).toEqual({
      reply: undefined,
      text: undefined,
      encrypted: true,
      valid: true,
      problems: [],
      userSees: 'nothing',
    });
  });

  test('gives the text of an answer in bytes', () => {
    expect(judgeReply({ ...plain, body: Buffer.from(reply) }).text).toBe(reply);
    expect(judgeReply({ ...plain, body: 'oops' })).toMatchObject({ reply: undefined, text: 'oops' });
  });

  test('judges an answer to JSON as one, where blanks stand round a word too', () => {
    const json = '{"demo_resp":"good luck"}';
    expect(short(judgeReply({ ...plain, format: 'json', body: json }))).toEqual([true, 'nothing']);
    const blank = reply.replace('[o_1]', '[ o_1 ]').replace('[gh_1]', '[x]');
    expect(short(judgeReply({ ...safe, body: blank }))).toEqual([
      false,
      'unavailable',
      'from-user',
      'not-encrypted',
    ]);
    const transfer = reply.replace('[text]', '[ transfer_customer_service ]');
    expect(short(judgeReply({ ...plain, body: transfer }))).toEqual([true, 'nothing']);
  });

  test('judgeReply() knows that customer service and pages leave nothing to see in the chat', () => {
    const transfer = formatReply(
      { msgType: 'transfer_customer_service' },
      { toUserName: 'o_1', fromUserName: 'gh_1', createTime: 1714037059 },
    );
    expect(short(judgeReply({ ...plain, body: transfer }))).toEqual([true, 'nothing']);
    const view = push({ MsgType: 'event', Event: 'VIEW', EventKey: 'http://x/' });
    expect(short(judgeReply({ ...plain, message: view, body: reply }))).toEqual([
      true,
      'nothing',
      'not-shown',
    ]);
    expect(short(judgeReply({ ...plain, message: view, body: 'oops' }))).toEqual([
      false,
      'nothing',
      'not-xml',
    ]);
  });
});

describe('openReply()', () => {
  test.each(['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce'])('names %s where it is not there', (name) => {
    const fields = parseFields(seal(reply));
    const error = `Cannot open the encrypted reply: "${name}" is missing`;
    const { [name]: _, ...others } = fields;
    for (const value of [others, { ...fields, [name]: '' }, { ...fields, [name]: ' ' }])
      expect(() => openReply(value, secrets)).toThrow(error);
    expect(openReply({ ...fields, [name]: ` ${textField(fields, name)}\n` }, secrets)).toBe(reply);
  });

  test.each(['key', 'appId'])('needs %s to open an envelope', (name) => {
    expect(() => openReply(parseFields(seal(reply)), { ...secrets, [name]: undefined })).toThrow(
      'Cannot open the encrypted reply: EncodingAESKey or AppID is not set',
    );
  });

  test('openReply() opens the answer of the official page', () => {
    const official = vectors.crypto.find(({ msg }) => msg.includes('demo_resp'));
    if (official === undefined) throw new Error('the vector is gone');
    const { encrypt, msg_signature = '', timestamp = '', nonce = '', token = '', appid } = official;
    const body = JSON.stringify({
      Encrypt: encrypt,
      MsgSignature: msg_signature,
      TimeStamp: Number(timestamp),
      Nonce: nonce,
    });
    const own = { callbackToken: token, appId: appid, key: decodeEncodingAESKey(official.encoding_aes_key) };
    expect(openReply(parseFields(body), own)).toBe('{"demo_resp":"good luck"}');
    expect(() => openReply(parseFields(body), { ...own, callbackToken: `${token}x` })).toThrow(
      'MsgSignature',
    );
  });

  test('openReply() reads what sealReply() seals, which verifyQuery() never takes for a push', () => {
    const sealed = parseFields(seal(reply));
    expect(openReply(sealed, secrets)).toBe(reply);
    const { callbackToken } = secrets;
    expect(() => verifyQuery({ callbackToken, mode: 'safe', query: {}, body: () => seal(reply) })).toThrow(
      VerificationError,
    );
  });
});

describe('describeUserSees()', () => {
  test("describeUserSees() quotes the platform's own words", () => {
    expect(describeUserSees('unavailable')).toEqual({
      en: `"${unavailableText}"`,
      zh: `“${unavailableText}”`,
    });
    expect(describeUserSees('reply')).toEqual({ en: 'the reply', zh: '回复内容' });
    expect(describeUserSees('nothing')).toEqual({ en: 'nothing', zh: '什么也看不到' });
    expect(unavailableText).toBe('该公众号提供的服务出现故障，请稍后再试');
  });
});
