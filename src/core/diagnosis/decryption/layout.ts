/** The decrypted bytes: padding, random bytes, length, message, AppID — each as a step. */
import { createDecipheriv } from 'node:crypto';
import { parseFields } from '../../callback/index.ts';
import { failed, passed, skipped, warned, type DecryptionStep } from './step.ts';
import { notUtf8, wrongLength, wrongPadding } from './texts.ts';
import { VerificationError } from '../../errors.ts';
import type { Text } from '../../text/text.ts';
import { decodeUtf8 } from '../../text/utf8.ts';

const cipherBlock = 16;
const paddingBlock = 32;
/** 16 random bytes and 4 bytes of length. */
const headBytes = 20;

/** The ciphertext of a right Base64 text, if it can be one. */
export function readCipher(encrypt: string): { readonly step: DecryptionStep; readonly bytes?: Buffer } {
  const bytes = Buffer.from(encrypt, 'base64');
  const { length } = bytes;
  if (length % cipherBlock !== 0) {
    const step = failed(
      'cipher',
      {
        en: `The ciphertext must be a multiple of 16 bytes, got ${length}: a part of it is missing or was added`,
        zh: `密文长度应为 16 字节的整数倍，实际为 ${length} 字节：内容有缺失或多余`,
      },
      {
        en: 'Pass the whole body; look for a limit of a column, a log or a buffer',
        zh: '请传入完整内容；检查字段、日志或缓冲区的长度限制',
      },
      'encrypt_truncated',
    );
    return { step };
  }
  const step =
    length % paddingBlock === 0
      ? passed('cipher', {
          en: `The ciphertext has ${length} bytes, ${length / cipherBlock} blocks of AES`,
          zh: `密文共 ${length} 字节，即 ${length / cipherBlock} 个 AES 分组`,
        })
      : warned(
          'cipher',
          {
            en: `The ciphertext has ${length} bytes, which is no multiple of 32: it was filled up to 16-byte blocks`,
            zh: `密文共 ${length} 字节，不是 32 的整数倍：加密时按 16 字节分组做了填充`,
          },
          {
            en: 'Switch automatic padding off and fill up to a multiple of 32 bytes: WeChat may refuse it as it is',
            zh: '请关闭自动填充，按 32 字节的整数倍补足：微信可能不接受当前的写法',
          },
        );
  return { step, bytes };
}

/** Decrypts whole blocks and leaves the padding where it is. */
export function decryptCipher(cipher: Buffer, key: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([decipher.update(cipher), decipher.final()]);
}

/** What decrypted bytes hold; the steps end with the first that fails, except for the AppID. */
export interface OpenedPlain {
  readonly steps: readonly DecryptionStep[];
  readonly message?: string | undefined;
  readonly appId?: string | undefined;
}

/** `wantedAppId` is not compared where it is missing. An echostr is no message. */
export function openPlain(
  plain: Buffer,
  {
    appId: wantedAppId,
    mayBeEchostr,
  }: { readonly appId: string | undefined; readonly mayBeEchostr: boolean },
): OpenedPlain {
  const padding = plain.at(-1) ?? 0;
  const tail = plain.subarray(-padding);
  const isPadded = padding >= 1 && padding <= paddingBlock && tail.every((byte) => byte === padding);
  if (!isPadded || plain.length < padding + headBytes) return { steps: [wrongPadding(padding)] };
  const steps = [
    passed('padding', {
      en: `The last byte is ${padding}, and so are the ${padding} last ones`,
      zh: `末字节为 ${padding}，末尾 ${padding} 个字节均为该值`,
    }),
  ];
  const content = plain.subarray(0, plain.length - padding);
  const length = content.readUInt32BE(16);
  const there = content.length - headBytes;
  if (length > there) return { steps: [...steps, wrongLength(length, there)] };
  const message = content.subarray(headBytes, headBytes + length);
  const appId = content.subarray(headBytes + length).toString('utf8');
  steps.push(
    passed('length', {
      en: `The length field says ${length} bytes of ${there}; the AppID has the other ${there - length}`,
      zh: `长度字段为 ${length} 字节，共有 ${there} 字节，其余 ${there - length} 字节为 AppID`,
    }),
    compareAppId(appId, wantedAppId),
  );
  const text = decodeUtf8(message);
  steps.push(text === undefined ? notUtf8() : readInner(text, mayBeEchostr));
  return { steps, message: text, appId };
}

function compareAppId(found: string, wanted: string | undefined): DecryptionStep {
  const shown = JSON.stringify(found.slice(0, 64));
  if (wanted === undefined) {
    return skipped('appid', {
      en: `The AppID is ${shown}; not compared, because none is set`,
      zh: `AppID 为 ${shown}；未设置 AppID，没有比较`,
    });
  }
  if (found === wanted) return passed('appid', { en: `The AppID is ${shown}`, zh: `AppID 为 ${shown}` });
  return failed(
    'appid',
    { en: `The AppID must be "${wanted}", got ${shown}`, zh: `AppID 应为“${wanted}”，实际为 ${shown}` },
    {
      en: 'Use the AppID of the account that the key belongs to: wechat-mp profile show',
      zh: '请使用该密钥所属账号的 AppID：wechat-mp profile show',
    },
    appIdMistake(found, wanted),
  );
}

function appIdMistake(found: string, wanted: string): string | undefined {
  if (found === '') return 'appid_missing';
  if (found.trim().toLowerCase() === wanted.toLowerCase()) return 'appid_spelling';
  return /^wx[0-9a-f]{16}$/i.test(found) ? 'other_appid' : undefined;
}

/** Replies such as "success" are never encrypted, so that anything else than the two formats is worth a word. */
function readInner(text: string, mayBeEchostr: boolean): DecryptionStep {
  if (mayBeEchostr && /^\d{1,32}$/.test(text)) {
    return passed('message', {
      en: `This is an encrypted echostr: answer ${text}`,
      zh: `这是加密的 echostr：应返回 ${text}`,
    });
  }
  if (text === '') {
    return failed(
      'message',
      { en: 'The message is empty: nothing was encrypted but the AppID', zh: '消息为空：密文中只有 AppID' },
      { en: 'Encrypt the whole message', zh: '请加密完整的消息' },
    );
  }
  const isJson = text.trimStart().startsWith('{');
  try {
    parseFields(text);
    return passed('message', wellFormed(isJson ? 'JSON' : 'XML', Buffer.byteLength(text)));
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return failed('message', error.text, {
      en: 'Look at the message itself: wechat-mp crypto decrypt',
      zh: '查看消息原文：wechat-mp crypto decrypt',
    });
  }
}

function wellFormed(format: string, bytes: number): Text {
  return {
    en: `The message is well-formed ${format} of ${bytes} bytes`,
    zh: `消息为格式正确的 ${format}，共 ${bytes} 字节`,
  };
}
