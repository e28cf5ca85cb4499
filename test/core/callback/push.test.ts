import { describe, expect, test } from 'vitest';
import { openCallback, readCallbackQuery, verifyQuery } from '../../../src/core/callback/callback.ts';
import { decodeEncodingAESKey } from '../../../src/core/callback/message-crypto.ts';
import { sealPush, senderOf, signPush } from '../../../src/core/callback/push.ts';
import { appendQuery, digitsOf } from '../../../src/core/callback/push-query.ts';

const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const appId = 'wxba5fad812f8e6fb9';
const key = decodeEncodingAESKey(aesKey);
const random16 = Buffer.from('0123456789abcdef');
const text =
  '<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName>' +
  '<CreateTime>1714037059</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好]]></Content>' +
  '<MsgId>24534963034417920</MsgId></xml>';

const seal = (mode: 'plain' | 'compatible' | 'safe', format: 'xml' | 'json' = 'xml', message = text) =>
  sealPush({ text: message, mode, format, key, appId, random16 });

describe('sealPush()', () => {
  test('leaves a plain message byte for byte as it is', () => {
    expect(seal('plain')).toEqual({ body: text });
  });

  test.each(['xml', 'json'] as const)('shows only the recipient in safe mode, in %s', (format) => {
    const { body, encrypt } = seal('safe', format);
    expect(body).not.toContain('你好');
    expect(body).not.toContain('o1');
    expect(body).toContain('gh_1');
    expect(body).toContain(encrypt);
  });

  test('names no recipient of a text that has none', () => {
    for (const message of ['success', '<xml><Event>x</Event></xml>']) {
      const { body, encrypt } = seal('safe', 'json', message);
      expect(JSON.parse(body)).toEqual({ Encrypt: encrypt });
    }
  });

  test('has the plain fields beside the ciphertext in compatible mode', () => {
    const { body, encrypt } = seal('compatible');
    expect(body).toContain('<Content><![CDATA[你好]]></Content>');
    expect(body).toContain(`<Encrypt><![CDATA[${encrypt}]]></Encrypt>`);
  });

  test.each(['plain', 'compatible', 'safe'] as const)('is opened by the server side in %s mode', (mode) => {
    const { body, encrypt } = seal(mode);
    const parameters = signPush({
      callbackToken: 'AAAAA',
      timestamp: '1714036504',
      nonce: '1514711492',
      openId: 'o1',
      encrypt,
    });
    const query = readCallbackQuery(new Map(Object.entries(parameters)));
    const verified = verifyQuery({ callbackToken: 'AAAAA', mode, query, body: () => body });
    const opened = openCallback(verified, { key, appId, mode, body });
    expect(opened.message).toMatchObject({ msgType: 'text', content: '你好', msgId: '24534963034417920' });
  });

  test('needs a key where it encrypts', () => {
    const input = { text, mode: 'safe', format: 'xml', random16 } as const;
    const error = 'sealPush() needs a key and an AppID in this mode';
    for (const half of [{}, { key }, { appId }])
      expect(() => sealPush({ ...input, ...half })).toThrow(new TypeError(error));
  });
});

describe('signPush()', () => {
  test('signs the official examples', () => {
    const plain = { callbackToken: 'AAAAA', timestamp: '1714037059', nonce: '486452656' };
    expect(signPush(plain)).toEqual({
      signature: '899cf89e464efb63f54ddac96b0a0a235f53aa78',
      timestamp: '1714037059',
      nonce: '486452656',
    });
  });

  test('adds msg_signature and encrypt_type only for a ciphertext', () => {
    const input = { callbackToken: 'AAAAA', timestamp: '1714112445', nonce: '415670741', openId: 'o1' };
    expect(Object.keys(signPush(input))).toEqual(['signature', 'timestamp', 'nonce', 'openid']);
    expect(signPush({ ...input, encrypt: 'x' })).toMatchObject({
      encrypt_type: 'aes',
      msg_signature: expect.stringMatching(/^[0-9a-f]{40}$/),
    });
  });
});

describe('appendQuery()', () => {
  test.each([
    ['http://x/a', 'http://x/a?n=1%2B%3D'],
    ['http://x/a?b=1', 'http://x/a?b=1&n=1%2B%3D'],
    ['http://x/a?', 'http://x/a?n=1%2B%3D'],
    ['http://x/a?b=1&', 'http://x/a?b=1&n=1%2B%3D'],
    ['http://x/a?b=%20+#top', 'http://x/a?b=%20+&n=1%2B%3D'],
  ])('keeps what %s has', (url, expected) => {
    expect(appendQuery(url, { n: '1+=' })).toBe(expected);
  });
});

describe('senderOf()', () => {
  test('names the sender, and nobody in a text that is no message', () => {
    expect(senderOf(text)).toBe('o1');
    expect(senderOf('{"FromUserName":"o2"}')).toBe('o2');
    for (const other of ['', 'success', '<xml></xml>', '<html>']) expect(senderOf(other)).toBeUndefined();
  });
});

describe('digitsOf()', () => {
  test('has one digit from 1 to 9 for each byte', () => {
    expect(digitsOf(Uint8Array.of(0, 8, 9, 255))).toBe('1914');
  });
});
