import * as fc from 'fast-check';
import { createCipheriv } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { VerificationError } from '../../../src/core/errors.ts';
import type { VerificationCheck } from '../../../src/core/errors.ts';
import {
  decodeEncodingAESKey,
  decryptMessage,
  encryptMessage,
  openEnvelope,
} from '../../../src/core/callback/message-crypto.ts';
import { vectors } from '../../helpers/vectors.ts';

const aesKey = '0123456789012345678901234567890123456789012';
const key = decodeEncodingAESKey(aesKey);
const appId = 'wx0123456789abcdef';
const random16 = Buffer.from('0123456789abcdef');
const encrypt = (message: string) => encryptMessage({ message, appId, key, random16 });
const decrypt = (text: string) => decryptMessage({ encrypt: text, appId, key });

function checkOf(work: () => unknown): VerificationCheck | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof VerificationError) return error.check;
    throw error;
  }
}

/** Encrypts bytes as they are, whatever they are. */
function encryptRaw(plain: Uint8Array): string {
  const bytes = Buffer.from(`${aesKey}=`, 'base64');
  const cipher = createCipheriv('aes-256-cbc', bytes, bytes.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64');
}

function plainOf(
  message: Uint8Array,
  options: { length?: number; id?: string; pad?: Uint8Array } = {},
): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(options.length ?? message.length);
  const content = Buffer.concat([random16, length, message, Buffer.from(options.id ?? appId)]);
  const count = 32 - (content.length % 32);
  return Buffer.concat([content, options.pad ?? Buffer.alloc(count, count)]);
}

describe('decodeEncodingAESKey()', () => {
  test('decodeEncodingAESKey() turns 43 times "A" into 32 zero bytes', () => {
    const zero = decodeEncodingAESKey('A'.repeat(43));
    expect(zero.key.export()).toEqual(Buffer.alloc(32));
    expect(zero.iv).toEqual(Buffer.alloc(16));
  });

  test('decodeEncodingAESKey() ignores the two bits too many of the last character', () => {
    expect(decodeEncodingAESKey(`${'A'.repeat(42)}D`).key.export()).toEqual(Buffer.alloc(32));
  });

  test.each(['A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}+`, ''])(
    'decodeEncodingAESKey() refuses %j',
    (text) => {
      expect(checkOf(() => decodeEncodingAESKey(text))).toBe('key');
    },
  );
});

describe('one key for many messages', () => {
  test('each message is encrypted and opened as by a cipher of its own', () => {
    const theKey = decodeEncodingAESKey(aesKey);
    const property = fc.property(
      fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.boolean())),
      (steps) => {
        for (const [message, isBroken] of steps) {
          const right = encryptRaw(plainOf(Buffer.from(message)));
          expect(encryptMessage({ message, appId, key: theKey, random16 })).toBe(right);
          if (isBroken) {
            const wrong = Buffer.concat([Buffer.alloc(32, 1), Buffer.from(right, 'base64')]).toString(
              'base64',
            );
            expect(checkOf(() => openEnvelope(wrong, theKey))).toBe('buffer');
            expect(checkOf(() => openEnvelope('AAAA', theKey))).toBe('decrypt');
          }
          expect(openEnvelope(right, theKey)).toMatchObject({ message, appId, random16 });
        }
      },
    );
    fc.assert(property, { numRuns: 50 });
  });
});

describe.each(vectors.crypto)('$source', (vector) => {
  const vectorKey = decodeEncodingAESKey(vector.encoding_aes_key);

  test('encryptMessage() gives the known text', () => {
    const { msg: message, appid } = vector;
    const random = Buffer.from(vector.random);
    expect(encryptMessage({ message, appId: appid, key: vectorKey, random16: random })).toBe(vector.encrypt);
    expect(Buffer.from(vector.encrypt, 'base64')).toHaveLength(vector.cipher_bytes);
  });

  test('decryptMessage() gives the known message', () => {
    expect(decryptMessage({ encrypt: vector.encrypt, appId: vector.appid, key: vectorKey })).toBe(vector.msg);
    const { random16: random, padding, message } = openEnvelope(vector.encrypt, vectorKey);
    expect(Buffer.from(random).toString()).toBe(vector.random);
    expect(padding).toBe(vector.pad);
    expect(Buffer.byteLength(message)).toBe(vector.msg_len);
  });
});

test.each([
  ['A'.repeat(42), 'got 42 characters'],
  ['A_'.repeat(22), 'got 44 characters, not all such'],
  [`${'A'.repeat(42)}+`, 'got 43 characters, not all such'],
])('decodeEncodingAESKey() says what is wrong with %j', (text, words) => {
  expect(() => decodeEncodingAESKey(text)).toThrow(new RegExp(`${words}$`));
});

describe('encryptMessage()', () => {
  test('encryptMessage() counts length in bytes, not characters', () => {
    expect(decrypt(encrypt('你好😀'))).toBe('你好😀');
    expect(openEnvelope(encrypt('你好😀'), key)).toMatchObject({ message: '你好😀', appId });
  });

  test.each([
    [1, 25, 64],
    [16, 10, 64],
    [17, 9, 64],
    [32, 26, 96],
  ])('encryptMessage() pads with %i bytes behind %i bytes of text', (padding, length, bytes) => {
    const text = encrypt('x'.repeat(length));
    expect(openEnvelope(text, key).padding).toBe(padding);
    expect(Buffer.from(text, 'base64')).toHaveLength(bytes);
  });

  test.each([0, 15, 17])('encryptMessage() refuses %i random bytes', (count) => {
    expect(() => encryptMessage({ message: '', appId, key, random16: Buffer.alloc(count) })).toThrow(
      TypeError,
    );
  });

  test('decryptMessage() reverses encryptMessage() for every text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (message, random) => {
          expect(decrypt(encryptMessage({ message, appId, key, random16: random }))).toBe(message);
        },
      ),
    );
  });
});

describe('decryptMessage()', () => {
  test('decryptMessage() fails with VerificationError or gives a text, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 128 }), (bytes) => {
        expect([undefined, 'base64', 'decrypt', 'buffer', 'appid']).toContain(
          checkOf(() => decrypt(Buffer.from(bytes).toString('base64'))),
        );
      }),
    );
  });

  test('decryptMessage() rejects another AppID', () => {
    const other = encryptMessage({ message: 'hi', appId: 'wx0123456789abcdee', key, random16 });
    expect(checkOf(() => decrypt(other))).toBe('appid');
    expect(checkOf(() => decrypt(encryptMessage({ message: 'hi', appId: '', key, random16 })))).toBe('appid');
    expect(
      checkOf(() => decrypt(encryptMessage({ message: 'hi', appId: `${appId}\0`, key, random16 }))),
    ).toBe('appid');
  });

  test('decryptMessage() rejects another key', () => {
    const other = decodeEncodingAESKey('B'.repeat(43));
    expect(checkOf(() => decryptMessage({ encrypt: encrypt('hi'), appId, key: other }))).toBe('buffer');
  });

  test('decryptMessage() rejects a length beyond the plaintext', () => {
    const message = Buffer.from('hello');
    const rest = 5 + appId.length;
    expect(checkOf(() => decrypt(encryptRaw(plainOf(message, { length: rest + 1 }))))).toBe('buffer');
    expect(checkOf(() => decrypt(encryptRaw(plainOf(message, { length: 0xffffffff }))))).toBe('buffer');
    expect(openEnvelope(encryptRaw(plainOf(message, { length: rest })), key).appId).toBe('');
  });

  test('decryptMessage() verifies each padding byte', () => {
    const message = Buffer.from('x'.repeat(9));
    const right = Buffer.alloc(17, 17);
    expect(decrypt(encryptRaw(plainOf(message, { pad: right })))).toBe('x'.repeat(9));
    for (let position = 0; position < right.length; position++) {
      const pad = Buffer.from(right);
      pad[position] = 16;
      expect(checkOf(() => decrypt(encryptRaw(plainOf(message, { pad }))))).toBe('buffer');
    }
  });

  test.each([0, 33, 48, 255])('decryptMessage() rejects a padding of %i', (last) => {
    const plain = Buffer.concat([plainOf(Buffer.from('hello')), Buffer.alloc(64, last)]);
    expect(checkOf(() => decrypt(encryptRaw(plain)))).toBe('buffer');
  });

  test('decryptMessage() rejects padding longer than the text', () => {
    expect(checkOf(() => decrypt(encryptRaw(Buffer.alloc(16, 32))))).toBe('buffer');
    expect(checkOf(() => decrypt(encryptRaw(Buffer.alloc(32, 32))))).toBe('buffer');
  });

  test('decryptMessage() rejects text that is not UTF-8', () => {
    expect(checkOf(() => decrypt(encryptRaw(plainOf(Buffer.from([0xff, 0xfe])))))).toBe('buffer');
  });

  test('decryptMessage() keeps a byte order mark of the message', () => {
    expect(decrypt(encrypt('\uFEFF<xml/>'))).toBe('\uFEFF<xml/>');
  });

  test.each(['', 'not base64!', 'AAAA', 'QUJD\n', `${'A'.repeat(42)}=`, '====', 'QQ'])(
    'decryptMessage() rejects %j before or while decoding',
    (text) => {
      expect(['base64', 'decrypt']).toContain(checkOf(() => decrypt(text)));
    },
  );

  test('decryptMessage() rejects a second spelling of the same Base64', () => {
    const text = encryptRaw(plainOf(Buffer.from('hello')));
    expect(decrypt(text)).toBe('hello');
    expect(checkOf(() => decrypt(text.replace(/=*$/, '')))).toBe(text.endsWith('=') ? 'base64' : undefined);
    expect(checkOf(() => decrypt(`${text}\n`))).toBe('base64');
  });

  test('decryptMessage() never shows key, message or AppID of the envelope', () => {
    const other = encryptMessage({ message: 'canary-message', appId: 'wxcanary', key, random16 });
    expect(() => decrypt(other)).toThrow(
      `Cannot accept the message: it was encrypted for another AppID, wanted "${appId}"`,
    );
  });
});

describe('wechat-crypto, another implementation', () => {
  interface Other {
    encrypt(text: string): string;
    decrypt(text: string): { message: string; id: string };
    getSignature(timestamp: string, nonce: string, encrypt: string): string;
  }
  const WXBizMsgCrypt = createRequire(import.meta.url)('wechat-crypto') as new (
    token: string,
    key: string,
    id: string,
  ) => Other;
  const other = new WXBizMsgCrypt('token123', aesKey, appId);

  test.each(['', 'hello', '你好，世界 😀 <xml>&]]>', 'x'.repeat(26), 'x'.repeat(9)])(
    'wechat-crypto and encryptMessage() read each other: %j',
    (message) => {
      expect(other.decrypt(encrypt(message))).toEqual({ message, id: appId });
      expect(decrypt(other.encrypt(message))).toBe(message);
    },
  );
});
