import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { explainDecryption } from '../../../../src/core/diagnosis/decryption/steps.ts';
import type { DecryptionInput, DecryptionReport } from '../../../../src/core/diagnosis/decryption/steps.ts';
import { vectors } from '../../../helpers/vectors.ts';

const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const otherKey = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno12';
const appId = 'wxba5fad812f8e6fb9';
const callbackToken = 'AAAAA';
const message = '<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[你好，世界 😀]]></Content></xml>';

interface Made {
  readonly key?: Buffer;
  readonly algorithm?: string;
  readonly head?: Buffer;
  readonly length?: number;
  readonly message?: string | Buffer;
  readonly appId?: string;
  readonly pad?: (content: Buffer) => Buffer;
}

const rightKey = Buffer.from(`${aesKey}=`, 'base64');
const pkcs7 = (block: number) => (content: Buffer) => {
  const count = block - (content.length % block);
  return Buffer.concat([content, Buffer.alloc(count, count)]);
};

/** Encrypts by the official recipe, without the tool's own code; each ingredient can be spoilt. */
function encrypt(made: Made = {}): string {
  const bytes = Buffer.from((made.message ?? message) as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(made.length ?? bytes.length);
  const content = Buffer.concat([
    made.head ?? Buffer.concat([Buffer.from('0123456789abcdef'), length]),
    bytes,
    Buffer.from(made.appId ?? appId),
  ]);
  const key = made.key ?? rightKey;
  const algorithm = made.algorithm ?? 'aes-256-cbc';
  const cipher = createCipheriv(algorithm, key, algorithm.endsWith('ecb') ? null : key.subarray(0, 16));
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update((made.pad ?? pkcs7(32))(content)), cipher.final()]).toString('base64');
}

const envelope = (text: string): string =>
  `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[${text}]]></Encrypt></xml>`;

async function explain(text: string, more: Partial<DecryptionInput> = {}): Promise<DecryptionReport> {
  return await explainDecryption({ body: envelope(text), encodingAESKey: aesKey, appId, ...more });
}

/** The steps as `name status number`, and the mistake where one is named. */
function outline({ steps }: DecryptionReport): readonly string[] {
  return steps.map(({ name, status, sampleCode, mistake }) =>
    [
      name,
      status,
      ...(sampleCode === 0 ? [] : [sampleCode]),
      ...(mistake === undefined ? [] : [mistake]),
    ].join(' '),
  );
}

const failures = (report: DecryptionReport): readonly string[] =>
  outline(report).filter((line) => line.includes(' fail '));

const sign = (encrypted: string, token = callbackToken): string =>
  createHash('sha1').update([token, '1714112445', '415670741', encrypted].toSorted().join('')).digest('hex');
const query = (encrypted: string, token?: string) => ({
  msgSignature: sign(encrypted, token),
  timestamp: '1714112445',
  nonce: '415670741',
});

describe('explainDecryption()', () => {
  test('says every step of the official example and its plain text', async () => {
    for (const vector of vectors.crypto) {
      const report = await explainDecryption({
        body: JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: vector.encrypt }),
        encodingAESKey: vector.encoding_aes_key,
        appId: vector.appid,
      });
      expect(report).toMatchObject({ message: vector.msg, key: 'current', appId: vector.appid });
      expect(report.steps.find(({ name }) => name === 'padding')?.text.en).toContain(`is ${vector.pad}, `);
      expect(report.steps.find(({ name }) => name === 'length')?.text.en).toContain(
        `${vector.msg_len} bytes`,
      );
    }
  });

  test('passes all steps with signature, key and AppID', async () => {
    const encrypted = encrypt();
    const report = await explain(encrypted, { callbackToken, query: query(encrypted) });
    expect(outline(report)).toEqual([
      'key pass',
      'envelope pass',
      'signature pass',
      'base64 pass',
      'cipher pass',
      'padding pass',
      'length pass',
      'appid pass',
      'message pass',
    ]);
    expect(report).toMatchObject({ ok: true, message, key: 'current', appId });
  });

  test('takes JSON, a reply with its own signature, and the bare text', async () => {
    const encrypted = encrypt({ message: '{"MsgType":"text"}' });
    const reply = {
      Encrypt: encrypted,
      MsgSignature: sign(encrypted),
      TimeStamp: 1714112445,
      Nonce: '415670741',
    };
    const report = await explainDecryption({
      body: JSON.stringify(reply),
      encodingAESKey: aesKey,
      appId,
      callbackToken,
    });
    expect(report).toMatchObject({ ok: true, message: '{"MsgType":"text"}' });
    expect(outline(report)[2]).toBe('signature pass');
    expect((await explain('')).steps.at(-1)).toMatchObject({ name: 'envelope', status: 'fail' });
    expect(await explainDecryption({ body: encrypted, encodingAESKey: aesKey, appId })).toMatchObject({
      ok: true,
    });
  });

  test('goes on after a wrong signature and names what was signed', async () => {
    const encrypted = encrypt();
    const wrong = await explain(encrypted, { callbackToken, query: query(encrypted, 'BBBBB') });
    expect(wrong).toMatchObject({ ok: false, message });
    expect(failures(wrong)).toEqual(['signature fail -40001']);
    const plain = createHash('sha1').update('1714112445415670741AAAAA').digest('hex');
    const named = await explain(encrypted, {
      callbackToken,
      query: { ...query(encrypted), msgSignature: plain },
    });
    expect(failures(named)).toEqual(['signature fail -40001 signature_as_msg_signature']);
    const tokenRight = await explain(encrypted, {
      callbackToken,
      query: { ...query('else'), signature: plain },
    });
    expect(failures(tokenRight)).toEqual(['signature fail -40001 msg_signature_alone_wrong']);
  });

  test('refuses a key that has not 43 letters and digits with -40004', async () => {
    for (const encodingAESKey of ['', aesKey.slice(1), `${aesKey}=`, `${aesKey.slice(1)}+`])
      expect(failures(await explain(encrypt(), { encodingAESKey }))).toEqual(['key fail -40004']);
  });

  test('opens with the previous key what the current one cannot', async () => {
    const old = encrypt({ key: Buffer.from(`${otherKey}=`, 'base64') });
    expect(await explain(old)).toMatchObject({ ok: false });
    const report = await explain(old, { previousEncodingAESKey: otherKey });
    expect(report).toMatchObject({ ok: true, key: 'previous', message });
    expect(report.steps.find(({ name }) => name === 'padding')?.text.en).toContain('previous EncodingAESKey');
    expect(await explain(encrypt(), { previousEncodingAESKey: otherKey })).toMatchObject({ key: 'current' });
  });

  test('names a message in the clear and a body that is none', async () => {
    const inTheClear = await explainDecryption({ body: message, encodingAESKey: aesKey });
    expect(failures(inTheClear)).toEqual(['envelope fail -40002 not_encrypted']);
    const html = await explainDecryption({ body: '<html></html>', encodingAESKey: aesKey });
    expect(failures(html)).toEqual(['envelope fail -40002']);
  });

  test.each([
    ['"+" read as space', (text: string) => text.replaceAll('+', ' '), 'base64_plus_as_space'],
    ['line breaks', (text: string) => text.replaceAll(/.{76}/g, '$&\n'), 'base64_line_breaks'],
    ['percent-encoding', encodeURIComponent, 'base64_percent_encoded'],
    [
      'the URL-safe alphabet',
      (text: string) => Buffer.from(text, 'base64').toString('base64url'),
      'base64_url_alphabet',
    ],
    ['a lost "="', (text: string) => text.replace(/=+$/, ''), 'base64_padding_lost'],
  ])('names %s in Encrypt and goes on', async (_what, spoil, name) => {
    const encrypted = encrypt({
      head: Buffer.from([...Array(16).fill(3), 0, 0, 0, Buffer.byteLength(message)]),
    });
    expect(encrypted).toMatch(/\+.*=$/);
    const report = await explain(spoil(encrypted));
    expect(failures(report)).toEqual([`base64 fail -40010 ${name}`]);
    expect(report).toMatchObject({ ok: false, message });
  });

  test.each<readonly [string, Made, string]>([
    ['the key as text', { key: Buffer.from(aesKey.slice(0, 32)) }, 'padding fail -40008 key_not_decoded'],
    ['AES-128', { key: rightKey.subarray(0, 16), algorithm: 'aes-128-cbc' }, 'padding fail -40008 aes_128'],
    ['ECB', { algorithm: 'aes-256-ecb' }, 'padding fail -40008 ecb'],
    [
      'no padding',
      { pad: (content) => content.subarray(0, 0 + content.length) },
      'padding fail -40008 padding_missing',
    ],
    [
      'zero bytes',
      { pad: (content) => Buffer.concat([content, Buffer.alloc(32 - (content.length % 32))]) },
      'padding fail -40008 padding_zero',
    ],
    [
      'the length with its lowest byte first',
      { head: Buffer.from([...Buffer.alloc(16, 7), Buffer.byteLength(message), 0, 0, 0]) },
      'length fail -40008 length_little_endian',
    ],
    // Zero is the same in both orders of bytes.
    ['an empty message', { message: '' }, 'message fail -40002'],
    ['the length in characters', { length: message.length }, 'appid fail -40005 length_in_characters'],
    [
      'the length in code points',
      { length: Array.from(message).length },
      'appid fail -40005 length_in_characters',
    ],
    [
      'a length that counts the AppID',
      { length: Buffer.byteLength(message) + appId.length },
      'appid fail -40005 length_with_appid',
    ],
    [
      'a length one byte behind the end',
      { length: Buffer.byteLength(message) + appId.length + 1 },
      'length fail -40008',
    ],
    ['no AppID', { appId: '' }, 'appid fail -40005 appid_missing'],
    ['another AppID', { appId: 'wx0123456789abcdef' }, 'appid fail -40005 other_appid'],
    ['an AppID in capitals', { appId: appId.toUpperCase() }, 'appid fail -40005 appid_spelling'],
    ['no random bytes', { head: lengthOf(message) }, 'length fail -40008 random_missing'],
    ['no length', { head: Buffer.alloc(16, 1) }, 'length fail -40008 length_missing'],
    [
      'a message that is not UTF-8',
      { message: Buffer.from([0x3c, 0xc4, 0xe3, 0xba, 0xc3]) },
      'message fail -40002 message_not_utf8',
    ],
    ['a message that is no XML', { message: '<xml><a></xml>' }, 'message fail -40002'],
  ])('names %s', async (_what, made, expected) => {
    // Without padding the content itself must fill the blocks.
    const whole = { ...made, message: made.message ?? message };
    const fitted = expected.endsWith('padding_missing') ? { ...whole, message: fill(message) } : whole;
    expect(failures(await explain(encrypt(fitted)))).toEqual([expected]);
  });

  test('names an Encrypt that was cut off, inside a block and between blocks', async () => {
    const bytes = Buffer.from(encrypt(), 'base64');
    const cut = (end: number): Promise<DecryptionReport> =>
      explain(bytes.subarray(0, end).toString('base64'));
    expect(failures(await cut(bytes.length - 5))).toEqual(['cipher fail -40007 encrypt_truncated']);
    expect(failures(await cut(bytes.length - 48))).toEqual(['padding fail -40008 encrypt_truncated']);
  });

  test('warns where the padding fills blocks of 16 bytes', async () => {
    const made = encrypt({ pad: pkcs7(16), message: `${message} `.padEnd(message.length + 16) });
    const short = Buffer.from(made, 'base64').length % 32 === 16 ? made : encrypt({ pad: pkcs7(16) });
    const report = await explain(short);
    expect(report.ok).toBe(true);
    expect(outline(report)).toContain('cipher warn');
  });

  test('names no mistake for another key and for random bytes', async () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const key = createHash('sha256').update(`key ${seed}`).digest();
      const report = await explain(encrypt({ key }));
      expect(report.ok).toBe(false);
      expect(report.steps.filter(({ mistake }) => mistake !== undefined)).toEqual([]);
    }
  });

  test('shows the AppID inside without comparing it where none is set', async () => {
    const report = await explain(encrypt(), { appId: undefined });
    expect(report).toMatchObject({ ok: true, appId });
    expect(outline(report)).toContain('appid skip');
  });

  test('never shows Token or key', async () => {
    const encrypted = encrypt();
    const shown = JSON.stringify(
      [
        await explain(encrypted),
        await explain(encrypt({ key: rightKey.subarray(0, 16), algorithm: 'aes-128-cbc' })),
      ].concat(await explain(encrypted, { callbackToken: 'Secret9Token', query: query(encrypted) })),
    );
    for (const secret of [aesKey, 'Secret9Token', sign(encrypted)]) expect(shown).not.toContain(secret);
  });
});

function lengthOf(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(text));
  return length;
}

/** A message that makes the content a multiple of 32 bytes. */
function fill(text: string): string {
  const missing = 32 - ((20 + Buffer.byteLength(text) + appId.length) % 32);
  return text.replace('<Content>', `<Content>${' '.repeat(missing)}`);
}
