import { createSecretKey, type KeyObject } from 'node:crypto';
import { VerificationError, type VerificationCheck } from '../errors.ts';
import { decodeBase64 } from './base64.ts';
import type { Text } from '../text/text.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { readEncodingAESKey } from './aes-key.ts';
import { type CbcChain, createCbcChain } from './cbc-chain.ts';

/** An EncodingAESKey made ready once: a key object costs a tenth of what a raw buffer costs at every message. */
export interface AesKey {
  readonly key: KeyObject;
  /** The first 16 of the 32 key bytes. */
  readonly iv: Uint8Array;
  readonly chain: CbcChain;
}

/** Quirk: PKCS#7 with blocks of 32 bytes around a cipher of 16-byte blocks, so OpenSSL's own padding check must be off. */
const paddingBlock = 32;
const cipherBlock = 16;
const randomBytes = 16;
const lengthBytes = 4;

/** Makes the EncodingAESKey of the console ready. Throws `VerificationError` (`key`). */
export function decodeEncodingAESKey(text: string): AesKey {
  const bytes = readEncodingAESKey(text);
  const [key, iv] = [createSecretKey(bytes), bytes.subarray(0, 16)];
  return { key, iv, chain: createCbcChain(key, iv) };
}

/**
 * Encrypts a message for the `Encrypt` field（消息加解密说明）: AES-256-CBC over 16 random bytes, the length of the message
 * in bytes (4 bytes, big-endian), the message in UTF-8 and the AppID. Returns standard Base64.
 * `random16` is 16 unpredictable bytes. Throws a `TypeError` if it is not 16 bytes long.
 */
export function encryptMessage(input: {
  readonly message: string;
  readonly appId: string;
  readonly key: AesKey;
  readonly random16: Uint8Array;
}): string {
  if (input.random16.length !== randomBytes) throw new TypeError('random16 must be 16 bytes');
  const messageLength = Buffer.byteLength(input.message);
  const end = randomBytes + lengthBytes + messageLength + Buffer.byteLength(input.appId);
  const pad = paddingBlock - (end % paddingBlock);
  const plain = Buffer.allocUnsafe(end + pad);
  plain.set(input.random16);
  plain.writeUInt32BE(messageLength, randomBytes);
  plain.write(input.message, randomBytes + lengthBytes);
  plain.write(input.appId, randomBytes + lengthBytes + messageLength);
  plain.fill(pad, end);
  return input.key.chain.encrypt(plain).toString('base64');
}

/** What is inside an `Encrypt` field, before the AppID is compared. */
export interface DecryptedEnvelope {
  readonly random16: Uint8Array;
  readonly message: string;
  readonly appId: string;
  /** Number of padding bytes, 1 to 32. */
  readonly padding: number;
}

/**
 * Decrypts an `Encrypt` field and checks that it was made for this account. Check `msg_signature` first.
 * Throws `VerificationError`: `base64`, `decrypt`, `buffer` or `appid`.
 */
export function decryptMessage(input: {
  readonly encrypt: string;
  readonly appId: string;
  readonly key: AesKey;
}): string {
  const envelope = openEnvelope(input.encrypt, input.key);
  if (envelope.appId !== input.appId) {
    fail(
      'appid',
      {
        en: `Cannot accept the message: it was encrypted for another AppID, wanted "${input.appId}"`,
        zh: `消息不可接受：它是为另一个 AppID 加密的，应为“${input.appId}”`,
      },
      {
        en: 'Check that AppID and EncodingAESKey belong to the same account: wechat-mp profile show',
        zh: '请确认 AppID 与 EncodingAESKey 属于同一账号：wechat-mp profile show',
      },
    );
  }
  return envelope.message;
}

/** Decrypts an `Encrypt` field without comparing the AppID. Throws `VerificationError`: `base64`, `decrypt` or `buffer`. */
export function openEnvelope(encrypt: string, key: AesKey): DecryptedEnvelope {
  const bytes = decodeBase64(encrypt) ?? notBase64();
  const plain = decrypt(bytes, key);
  const padding = checkPadding(plain);
  const content = plain.subarray(0, plain.length - padding);
  const start = randomBytes + lengthBytes;
  if (content.length < start) illegalBuffer('the decrypted text is too short', '解密后的内容过短');
  const length = content.readUInt32BE(randomBytes);
  if (length > content.length - start) {
    illegalBuffer('the length field points behind the end', '长度字段超出了内容的末尾');
  }
  return {
    random16: content.subarray(0, randomBytes),
    message: requireUtf8(content.subarray(start, start + length)),
    appId: requireUtf8(content.subarray(start + length)),
    padding,
  };
}

function notBase64(): never {
  return fail('base64', {
    en: 'Cannot decode "Encrypt": it must be standard Base64 with padding',
    zh: '“Encrypt”无法解码：应为带填充的标准 Base64',
  });
}

function decrypt(bytes: Buffer, key: AesKey): Buffer {
  if (bytes.length % cipherBlock !== 0) {
    fail('decrypt', {
      en: `Cannot decrypt "Encrypt": its length must be a multiple of 16 bytes, got ${bytes.length}`,
      zh: `“Encrypt”无法解密：长度应为 16 字节的整数倍，实际为 ${bytes.length} 字节`,
    });
  }
  return key.chain.decrypt(bytes);
}

/**
 * The number of padding bytes. Widespread libraries treat bad padding as none; here it is refused, because a message
 * that was encrypted with the right key never has it.
 */
function checkPadding(plain: Buffer): number {
  const padding = plain.at(-1) ?? 0;
  let right = padding >= 1 && padding <= paddingBlock && padding <= plain.length;
  for (let index = 1; right && index <= padding; index += 1) right = plain[plain.length - index] === padding;
  if (!right) {
    illegalBuffer('its padding is wrong', '填充字节不正确', {
      en: 'Check the EncodingAESKey: a wrong key shows up as wrong padding',
      zh: '请检查 EncodingAESKey：密钥不对时通常表现为填充错误',
    });
  }
  return padding;
}

function requireUtf8(bytes: Uint8Array): string {
  return decodeUtf8(bytes) ?? illegalBuffer('the decrypted text is not UTF-8', '解密后的内容不是 UTF-8');
}

function illegalBuffer(en: string, zh: string, hint?: Text): never {
  return fail('buffer', { en: `Cannot open "Encrypt": ${en}`, zh: `“Encrypt”无法打开：${zh}` }, hint);
}

function fail(check: VerificationCheck, text: Text, hint?: Text): never {
  throw new VerificationError(check, text, hint);
}
