import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatOf, parseFields } from '../../../src/core/callback/body.ts';
import {
  answerHandshake,
  openCallback,
  readCallbackQuery,
  sealReply,
  verifyQuery,
} from '../../../src/core/callback/callback.ts';
import type { EncryptionMode } from '../../../src/core/callback/mode.ts';
import type { CallbackQuery } from '../../../src/core/callback/callback.ts';
import { VerificationError } from '../../../src/core/errors.ts';
import {
  decodeEncodingAESKey,
  decryptMessage,
  encryptMessage,
} from '../../../src/core/callback/message-crypto.ts';
import { signMessage } from '../../../src/core/callback/message-signature.ts';
import { signUrl } from '../../../src/core/callback/signature.ts';
import { formatXml } from '../../../src/core/message/format-xml.ts';
import { flipBit } from '../../helpers/hostile.ts';
import { vectors } from '../../helpers/vectors.ts';

const callbackToken = 'token123';
const appId = 'wx0123456789abcdef';
const key = decodeEncodingAESKey('0123456789012345678901234567890123456789012');
const random16 = Buffer.from('0123456789abcdef');
const timestamp = '1700000000';
const nonce = '415670741';
const plainXml = formatXml({
  ToUserName: 'gh_97417a04a28d',
  FromUserName: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
  CreateTime: 1700000000,
  MsgType: 'text',
  Content: '你好，世界 😀 ]]>',
  MsgId: '24534963034417921',
});
const plainJson =
  '{"ToUserName":"gh","FromUserName":"o","CreateTime":1,"MsgType":"text","Content":"你好","MsgId":24534963034417921}';

const encrypt = (message: string, id = appId) => encryptMessage({ message, appId: id, key, random16 });
const plainQuery: CallbackQuery = { signature: signUrl(callbackToken, timestamp, nonce), timestamp, nonce };
const safeQuery = (encrypted: string): CallbackQuery => ({
  ...plainQuery,
  encryptType: 'aes',
  msgSignature: signMessage(callbackToken, timestamp, nonce, encrypted),
});
const envelope = (encrypted: string) => formatXml({ ToUserName: 'gh_97417a04a28d', Encrypt: encrypted });

function open(mode: EncryptionMode, query: CallbackQuery, body: string) {
  const verified = verifyQuery({ mode, query, callbackToken, body: () => body });
  return openCallback(verified, { mode, body, key, appId });
}

function checkOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof VerificationError) return error.check;
    throw error;
  }
}

describe('readCallbackQuery()', () => {
  test('readCallbackQuery() picks out the parameters of the platform', () => {
    const names = [
      'signature',
      'timestamp',
      'nonce',
      'echostr',
      'openid',
      'encrypt_type',
      'msg_signature',
      'other',
    ];
    expect(readCallbackQuery(new Map(names.map((name) => [name, `<${name}>`])))).toEqual({
      signature: '<signature>',
      timestamp: '<timestamp>',
      nonce: '<nonce>',
      echostr: '<echostr>',
      openId: '<openid>',
      encryptType: '<encrypt_type>',
      msgSignature: '<msg_signature>',
    });
  });
});

describe('answerHandshake()', () => {
  const query = {
    signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696',
    echostr: '4375120948345356249',
    timestamp: '1714036504',
    nonce: '1514711492',
  };

  test('answerHandshake() returns echostr unchanged', () => {
    expect(answerHandshake(query, 'AAAAA')).toBe('4375120948345356249');
  });

  test.each(['signature', 'echostr', 'timestamp', 'nonce'] as const)(
    'answerHandshake() refuses without %s',
    (name) => {
      expect(checkOf(() => answerHandshake({ ...query, [name]: undefined }, 'AAAAA'))).toBe('signature');
    },
  );

  test.each([
    { signature: 'f464b24fc39322e44b38aa78f5edd27bd1441697' },
    { timestamp: '1714036505' },
    { nonce: '1514711493' },
  ])('answerHandshake() refuses %j', (change) => {
    expect(checkOf(() => answerHandshake({ ...query, ...change }, 'AAAAA'))).toBe('signature');
  });

  test('answerHandshake() refuses another Token and does not show the right signature', () => {
    expect(() => answerHandshake(query, 'AAAAB')).toThrow(
      /^Cannot accept the request: "signature" is wrong$/,
    );
  });
});

describe('verifyQuery()', () => {
  const unread = (): string => {
    throw new Error('the body was read');
  };
  const { signature: _url, ...unsigned } = plainQuery;
  const wrong = '0'.repeat(40);
  const ciphered = safeQuery('cipher');
  const [right, cipher] = [plainQuery.signature, ciphered.msgSignature];

  /** Each line: what the query has of the two signatures, and whether each mode takes it. */
  test.each([
    ['signature only', { signature: right }, 'taken', 'taken', 'refused'],
    ['neither', {}, 'refused', 'refused', 'refused'],
    ['a wrong signature', { signature: wrong }, 'refused', 'refused', 'refused'],
    ['both', { signature: right, msgSignature: cipher }, 'taken', 'taken', 'taken'],
    ['msg_signature only', { msgSignature: cipher }, 'refused', 'taken', 'taken'],
    ['a wrong signature beside', { signature: wrong, msgSignature: cipher }, 'refused', 'refused', 'refused'],
    ['a wrong msg_signature', { signature: right, msgSignature: wrong }, 'taken', 'refused', 'refused'],
    ['the two exchanged', { signature: cipher, msgSignature: right }, 'refused', 'refused', 'refused'],
    ['encrypt_type alone', { signature: right, encryptType: 'aes' }, 'taken', 'refused', 'refused'],
    ['encrypt_type, no signature', { encryptType: 'raw' }, 'refused', 'refused', 'refused'],
  ])('verifyQuery() with %s: plain, compatible and safe mode', (_name, signatures, ...expected) => {
    const query = { ...unsigned, ...signatures };
    const found = (['plain', 'compatible', 'safe'] as const).map((mode) => {
      const check = checkOf(() =>
        verifyQuery({ mode, query, callbackToken, body: () => envelope('cipher') }),
      );
      return check === undefined ? 'taken' : check === 'signature' ? 'refused' : check;
    });
    expect(found).toEqual(expected);
  });

  test('verifyQuery() hands on the ciphertext that was signed, and nothing in the clear', () => {
    const body = () => envelope('cipher');
    expect(verifyQuery({ mode: 'safe', query: ciphered, callbackToken, body })).toMatchObject({
      encrypt: 'cipher',
      nonce,
    });
    expect(verifyQuery({ mode: 'plain', query: ciphered, callbackToken, body }).encrypt).toBeUndefined();
  });

  test('verifyQuery() reads no body before the signature of the URL, and none in the clear', () => {
    for (const mode of ['plain', 'compatible', 'safe'] as const) {
      const query = { ...ciphered, signature: wrong };
      expect(checkOf(() => verifyQuery({ mode, query, callbackToken, body: unread }))).toBe('signature');
    }
    expect(
      verifyQuery({ mode: 'plain', query: plainQuery, callbackToken, body: unread }).encrypt,
    ).toBeUndefined();
  });
});

describe('openCallback() in plain mode', () => {
  test.each([
    ['xml', plainXml],
    ['json', plainJson],
  ])('openCallback() opens a signed message as %s', (format, body) => {
    const opened = open('plain', plainQuery, body);
    expect(opened).toMatchObject({
      encrypted: false,
      format,
      text: body,
      message: { msgType: 'text', msgId: '24534963034417921' },
    });
  });

  test('openCallback() opens a message of compatible mode by its plain fields', () => {
    const body = plainXml.replace('</xml>', '<Encrypt>x</Encrypt></xml>');
    expect(open('plain', safeQuery('x'), body)).toMatchObject({
      encrypted: false,
      message: { content: '你好，世界 😀 ]]>' },
    });
  });

  test('openCallback() refuses a missing or wrong signature before it reads the body', () => {
    expect(checkOf(() => open('plain', {}, 'nonsense'))).toBe('signature');
    expect(checkOf(() => open('plain', { ...plainQuery, nonce: '1' }, 'nonsense'))).toBe('signature');
    expect(checkOf(() => open('plain', plainQuery, 'nonsense'))).toBe('xml');
  });

  test('openCallback() reads a message in the clear that has no type', () => {
    const body = '<xml><ToUserName>gh</ToUserName><InfoType>x</InfoType></xml>';
    expect(open('plain', plainQuery, body)).toMatchObject({ encrypted: false, text: body });
  });

  test('openCallback() says that an encrypted message cannot be read', () => {
    const encrypted = encrypt(plainXml);
    expect(checkOf(() => open('plain', safeQuery(encrypted), envelope(encrypted)))).toBe('encrypt');
  });
});

describe('formatOf()', () => {
  test.each([
    ['{', 'json'],
    [' \n{}', 'json'],
    ['\uFEFF{}', 'json'],
    ['x{}', 'xml'],
    ['<xml>{}</xml>', 'xml'],
    ['', 'xml'],
  ])('takes %j for %s', (body, format) => expect(formatOf(body)).toBe(format));

  test('a byte order mark before JSON is no part of it', () => {
    expect(parseFields('\uFEFF{"a":"b"}')).toEqual({ a: 'b' });
  });
});

describe('openCallback() in safe mode', () => {
  test.each([
    ['XML in XML', plainXml, envelope, 'xml'],
    [
      'JSON in JSON',
      plainJson,
      (text: string) => JSON.stringify({ ToUserName: 'gh', Encrypt: text }),
      'json',
    ],
  ] as const)('openCallback() opens %s', (_name, message, wrap, format) => {
    const encrypted = encrypt(message);
    expect(open('safe', safeQuery(encrypted), wrap(encrypted))).toMatchObject({
      encrypted: true,
      format,
      text: message,
      message: { msgType: 'text', msgId: '24534963034417921' },
    });
  });

  test('openCallback() opens the official sample', () => {
    const sample = vectors.crypto[0];
    if (sample?.token === undefined) throw new Error('the sample is missing');
    const body = JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: sample.encrypt });
    const verified = verifyQuery({
      mode: 'safe',
      query: {
        signature: '6c5c811b55cc85e0e1b54100749188c20beb3f5d',
        timestamp: '1714112445',
        nonce: '415670741',
        openId: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
        encryptType: 'aes',
        msgSignature: '046e02f8204d34f8ba5fa3b1db94908f3df2e9b3',
      },
      body: () => body,
      callbackToken: sample.token,
    });
    const opened = openCallback(verified, {
      mode: 'safe',
      body,
      appId: sample.appid,
      key: decodeEncodingAESKey(sample.encoding_aes_key),
    });
    expect(opened.message).toMatchObject({
      msgType: 'event',
      event: 'debug_demo',
      fields: { debug_str: 'hello world' },
    });
  });

  test('openCallback() needs msg_signature; signature does not replace it', () => {
    const encrypted = encrypt(plainXml);
    const { signature: _, ...withoutUrlSignature } = safeQuery(encrypted);
    expect(open('safe', withoutUrlSignature, envelope(encrypted)).encrypted).toBe(true);
    expect(checkOf(() => open('safe', plainQuery, envelope(encrypted)))).toBe('signature');
    expect(
      checkOf(() =>
        open('safe', { ...safeQuery(encrypted), msgSignature: plainQuery.signature }, envelope(encrypted)),
      ),
    ).toBe('signature');
    expect(
      checkOf(() =>
        open(
          'safe',
          { ...safeQuery(encrypted), signature: safeQuery(encrypted).msgSignature },
          envelope(encrypted),
        ),
      ),
    ).toBe('signature');
  });

  test('openCallback() accepts no plain message, whatever the request asks for', () => {
    for (const encryptType of [undefined, 'raw', 'aes']) {
      expect(checkOf(() => open('safe', { ...plainQuery, encryptType }, plainXml))).toBe('encrypt');
    }
  });

  test('openCallback() ignores plain fields beside the encrypted ones', () => {
    const encrypted = encrypt(plainXml);
    const body = formatXml({ Content: 'forged', MsgType: 'text', Encrypt: encrypted });
    expect(open('safe', safeQuery(encrypted), body).message).toMatchObject({ content: '你好，世界 😀 ]]>' });
  });

  test('openCallback() checks the signature before it decrypts', () => {
    expect(checkOf(() => open('safe', safeQuery('other'), envelope('not base64!')))).toBe('signature');
    expect(checkOf(() => open('safe', safeQuery('not base64!'), envelope('not base64!')))).toBe('base64');
  });

  test('openCallback() refuses another AppID', () => {
    const encrypted = encrypt(plainXml, 'wx0123456789abcdee');
    expect(checkOf(() => open('safe', safeQuery(encrypted), envelope(encrypted)))).toBe('appid');
  });

  test.each(['<xml><a></xml>', 'hello', '<!DOCTYPE x><xml></xml>', '{'])(
    'openCallback() refuses %j inside the envelope',
    (message) => {
      const encrypted = encrypt(message);
      expect(checkOf(() => open('safe', safeQuery(encrypted), envelope(encrypted)))).toBe('xml');
    },
  );

  test('openCallback() refuses a repeated Encrypt', () => {
    const encrypted = encrypt(plainXml);
    const body = formatXml({ Encrypt: [encrypted, encrypted] });
    expect(checkOf(() => open('safe', safeQuery(encrypted), body))).toBe('xml');
  });

  test('openCallback() says that the key is missing', () => {
    const encrypted = encrypt(plainXml);
    const input = { mode: 'safe' as const, body: envelope(encrypted) };
    const query = safeQuery(encrypted);
    const verified = verifyQuery({ ...input, query, callbackToken, body: () => input.body });
    expect(checkOf(() => openCallback(verified, input))).toBe('key');
    const error = (name: string) => `Cannot handle encrypted messages: ${name} is not set`;
    expect(() => openCallback(verified, { ...input, appId })).toThrow(error('EncodingAESKey'));
    expect(() => openCallback(verified, { ...input, key })).toThrow(error('AppID'));
  });

  test('openCallback() refuses one flipped bit at every place of every signed or encrypted field', () => {
    const encrypted = encrypt(plainXml);
    const { encryptType: _unsigned, ...covered } = safeQuery(encrypted);
    const fields = { ...covered, encrypt: encrypted };
    for (const [name, value = ''] of Object.entries(fields)) {
      for (let bit = 0; bit < value.length * 8; bit += 1) {
        const { encrypt: text, ...query } = { ...fields, [name]: flipBit(value, bit) };
        // A character that XML forbids ends it earlier, in the envelope.
        const expected = name === 'encrypt' ? /^(?:signature|xml)$/ : /^signature$/;
        expect(
          checkOf(() => open('safe', query, envelope(text))),
          `${name}, bit ${bit}`,
        ).toMatch(expected);
      }
    }
    expect(open('safe', covered, envelope(encrypted)).encrypted).toBe(true);
  });
});

describe('openCallback() without the signature of the URL', () => {
  test('openCallback() refuses one changed character in any field that msg_signature covers', () => {
    const encrypted = encrypt(plainXml);
    const { signature: _, ...covered } = safeQuery(encrypted);
    const fields = { ...covered, encrypt: encrypted };
    fc.assert(
      fc.property(fc.constantFrom('timestamp', 'nonce', 'msgSignature', 'encrypt'), fc.nat(), (name, at) => {
        const value = fields[name] ?? '';
        const position = at % value.length;
        const other = value[position] === '0' ? '1' : '0';
        const changed = { ...fields, [name]: value.slice(0, position) + other + value.slice(position + 1) };
        expect(checkOf(() => open('safe', changed, envelope(changed.encrypt)))).toBe('signature');
      }),
    );
    expect(open('safe', covered, envelope(encrypted)).encrypted).toBe(true);
  });
});

describe('openCallback() in compatible mode', () => {
  const body = (encrypted: string) => plainXml.replace('</xml>', `<Encrypt>${encrypted}</Encrypt></xml>`);

  test('openCallback() opens encrypted and plain messages', () => {
    const encrypted = encrypt(plainXml.replace('你好', '再见'));
    expect(open('compatible', safeQuery(encrypted), body(encrypted))).toMatchObject({
      encrypted: true,
      message: { content: '再见，世界 😀 ]]>' },
    });
    expect(open('compatible', plainQuery, plainXml).encrypted).toBe(false);
    expect(open('compatible', { ...plainQuery, encryptType: 'raw' }, plainXml).encrypted).toBe(false);
  });

  test('openCallback() refuses a wrong msg_signature even where plain fields are there', () => {
    const encrypted = encrypt(plainXml);
    expect(checkOf(() => open('compatible', safeQuery('other'), body(encrypted)))).toBe('signature');
    expect(
      checkOf(() => open('compatible', { ...safeQuery('other'), encryptType: undefined }, body(encrypted))),
    ).toBe('signature');
    expect(checkOf(() => open('compatible', { ...plainQuery, encryptType: 'aes' }, body(encrypted)))).toBe(
      'signature',
    );
  });

  test('openCallback() refuses a plain message without a right signature', () => {
    expect(checkOf(() => open('compatible', { timestamp, nonce }, plainXml))).toBe('signature');
    expect(checkOf(() => open('compatible', { ...plainQuery, timestamp: '1700000001' }, plainXml))).toBe(
      'signature',
    );
  });
});

describe('sealReply()', () => {
  const seal = (reply: string, format: 'xml' | 'json' = 'xml') =>
    sealReply({ reply, format, callbackToken, key, appId, timestamp: 1700000001, nonce, random16 });

  test.each(['', 'success'])('sealReply() sends %j as it is', (reply) => {
    expect(seal(reply)).toBe(reply);
  });

  test('sealReply() makes the official encrypted reply', () => {
    const sample = vectors.crypto[1];
    if (sample?.token === undefined) throw new Error('the sample is missing');
    expect(
      sealReply({
        reply: sample.msg,
        format: 'json',
        callbackToken: sample.token,
        key: decodeEncodingAESKey(sample.encoding_aes_key),
        appId: sample.appid,
        timestamp: 1713424427,
        nonce: '415670741',
        random16: Buffer.from(sample.random),
      }),
    ).toBe(
      `{"Encrypt":"${sample.encrypt}","MsgSignature":"1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1","TimeStamp":1713424427,"Nonce":"415670741"}`,
    );
  });

  test.each(['xml', 'json'] as const)('sealReply() makes an envelope in %s that opens again', (format) => {
    const fields = parseFields(seal(plainXml, format));
    expect(Object.keys(fields)).toEqual(['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce']);
    expect(fields).toMatchObject({ TimeStamp: '1700000001', Nonce: nonce });
    const encrypted = fields['Encrypt'] as string;
    expect(fields['MsgSignature']).toBe(signMessage(callbackToken, '1700000001', nonce, encrypted));
    expect(decryptMessage({ encrypt: encrypted, appId, key })).toBe(plainXml);
  });

  test('sealReply() says that the key is missing', () => {
    expect(
      checkOf(() => sealReply({ reply: 'x', format: 'xml', callbackToken, timestamp: 1, nonce, random16 })),
    ).toBe('key');
  });
});

describe('verifyQuery() names the parameter that is missing', () => {
  const body = envelope(encrypt(plainXml));
  const full = safeQuery(encrypt(plainXml));
  const without = (query: CallbackQuery, name: keyof CallbackQuery): CallbackQuery => ({
    ...query,
    [name]: undefined,
  });
  const refusal = (mode: EncryptionMode, query: CallbackQuery): string => {
    try {
      verifyQuery({ mode, query, callbackToken, body: () => body });
      return 'accepted';
    } catch (error) {
      return error instanceof VerificationError ? error.text.en : String(error);
    }
  };

  test.each(['signature', 'timestamp', 'nonce'] as const)('in plain mode: %s', (name) => {
    expect(refusal('plain', plainQuery)).toBe('accepted');
    const query = without(plainQuery, name);
    expect(refusal('plain', query)).toBe(`Cannot verify the request: "${name}" is missing in its query`);
  });

  test.each([
    ['msgSignature', 'msg_signature'],
    ['timestamp', 'timestamp'],
    ['nonce', 'nonce'],
  ] as const)('in safe mode without a signature of the URL: %s', (name, parameter) => {
    const query = without(full, 'signature');
    expect(refusal('safe', query)).toBe('accepted');
    expect(refusal('safe', without(query, name))).toBe(
      `Cannot verify the request: "${parameter}" is missing in its query`,
    );
  });

  test('and a nonce comes out as it went in, in the clear as well', () => {
    const inPlain = verifyQuery({ mode: 'plain', query: plainQuery, callbackToken, body: () => plainXml });
    const inSafe = verifyQuery({ mode: 'safe', query: full, callbackToken, body: () => body });
    expect([inPlain.nonce, inPlain.encrypt]).toEqual([nonce, undefined]);
    expect([inSafe.nonce, inSafe.encrypt]).toEqual([nonce, encrypt(plainXml)]);
  });
});

test.each(['xml', 'json'] as const)('sealReply() writes its envelope as %s', (format) => {
  const sealed = sealReply({
    callbackToken,
    key,
    appId,
    reply: plainXml,
    format,
    timestamp: 1,
    nonce,
    random16,
  });
  expect(sealed.startsWith(format === 'json' ? '{"Encrypt":"' : '<xml><Encrypt>')).toBe(true);
  expect(Object.keys(parseFields(sealed))).toEqual(['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce']);
});
