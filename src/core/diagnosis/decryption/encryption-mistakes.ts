/** The mistakes people make when they encrypt a callback, each recognised by undoing it. */
import { createDecipheriv } from 'node:crypto';
import { decodeBase64 } from '../../callback/index.ts';
import type { Text } from '../../text/text.ts';
import { encryptionMistakeWords } from './mistake-texts.ts';

type EncryptionMistakeName = keyof typeof encryptionMistakeWords;

export interface EncryptionMistake {
  readonly name: EncryptionMistakeName;
  readonly text: Text;
  readonly fix: Text;
}

/** Base64 that is not the one right spelling, and the spelling that was meant. */
export interface Base64Mistake {
  readonly name:
    | 'base64_percent_encoded'
    | 'base64_plus_as_space'
    | 'base64_line_breaks'
    | 'base64_url_alphabet'
    | 'base64_padding_lost';
  readonly repaired: string;
  readonly text: Text;
}

const randomBytes = 16;
const lengthBytes = 4;

/** Tells what was done to a Base64 text; `undefined` where no known change explains it. */
export function findBase64Mistake(encrypt: string): Base64Mistake | undefined {
  return base64Repairs
    .map(([name, repair, text]) => ({ name, repaired: repair(encrypt), text }))
    .find(({ repaired }) => repaired !== encrypt && decodeBase64(repaired) !== undefined);
}

/** Whether a text can be `Encrypt`, as an encrypted echostr is: Base64 of whole blocks, at least two. */
export function isEncryptedText(text: string): boolean {
  const bytes = decodeBase64(text) ?? Buffer.from(findBase64Mistake(text)?.repaired ?? '', 'base64');
  return bytes.length >= 32 && bytes.length % 16 === 0;
}

const base64Repairs: readonly (readonly [
  name: Base64Mistake['name'],
  repair: (text: string) => string,
  text: Text,
])[] = [
  [
    'base64_percent_encoded',
    (text) => text.replaceAll(/%(2B|2F|3D)/gi, (code) => decodeURIComponent(code)),
    { en: 'it is percent-encoded', zh: '经过了 URL 编码' },
  ],
  [
    'base64_plus_as_space',
    (text) => text.replaceAll(' ', '+'),
    { en: '"+" was read as a space', zh: '“+”被读成了空格' },
  ],
  [
    'base64_line_breaks',
    (text) => text.replaceAll(/\s/g, ''),
    { en: 'it has line breaks', zh: '其中有换行' },
  ],
  [
    'base64_url_alphabet',
    (text) => (/[-_]/.test(text) ? padded(text.replaceAll('-', '+').replaceAll('_', '/')) : text),
    { en: 'it is the URL-safe kind with "-" and "_"', zh: '使用了含“-”和“_”的 URL 安全写法' },
  ],
  ['base64_padding_lost', padded, { en: 'the "=" at its end are lost', zh: '末尾的“=”丢失' }],
];

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** What is known where decrypting did not lead to a message of this account. */
export interface EncryptionCase {
  readonly cipher: Buffer;
  /** Decrypted with the right key and without automatic padding. */
  readonly plain: Buffer;
  readonly encodingAESKey: string;
  readonly appId: string | undefined;
}

/**
 * Names the mistake that explains such a ciphertext（消息加解密说明）, or `undefined`: then the key is another one, or the
 * ciphertext is damaged. The AppID at the right place, or a message that begins as one, is what proves each of them.
 */
export function findEncryptionMistake(input: EncryptionCase): EncryptionMistake | undefined {
  const name = recognisers.find(([, recognise]) => recognise(input))?.[0];
  return name === undefined ? undefined : { name, ...encryptionMistakeWords[name] };
}

type Recogniser = (input: EncryptionCase) => boolean;

const recognisers: readonly (readonly [EncryptionMistakeName, Recogniser])[] = [
  [
    'length_with_appid',
    ({ plain, appId }) =>
      layouts(plain).some(
        (content) =>
          endsAt(content, length(content)) &&
          appId !== undefined &&
          content.toString('latin1').endsWith(appId),
      ),
  ],
  ['appid_missing', ({ plain }) => layouts(plain).some((content) => endsAt(content, length(content)))],
  [
    'length_in_characters',
    ({ plain, appId }) => layouts(plain).some((content) => countsCharacters(content, appId)),
  ],
  [
    'length_little_endian',
    ({ plain, appId }) => fits(plain, (content) => content.readUInt32LE(randomBytes), appId),
  ],
  [
    'length_missing',
    ({ plain, appId }) => layouts(plain).some((content) => isBare(content.subarray(randomBytes), appId)),
  ],
  [
    'random_missing',
    ({ plain, appId }) => fits(Buffer.concat([Buffer.alloc(randomBytes), plain]), length, appId),
  ],
  ['padding_zero', ({ plain, appId }) => plain.at(-1) === 0 && holds(trimZeros(plain), length, appId)],
  ['padding_missing', ({ plain, appId }) => holds(plain, length, appId)],
  [
    'key_not_decoded',
    (input) => opensWith(input, Buffer.from(input.encodingAESKey.slice(0, 32)), 'aes-256-cbc'),
  ],
  ['aes_128', (input) => opensWith(input, keyBytes(input).subarray(0, 16), 'aes-128-cbc')],
  ['ecb', (input) => opensWith(input, keyBytes(input), 'aes-256-ecb')],
  [
    'encrypt_truncated',
    ({ plain }) => layouts(plain).length === 0 && looksLikeMessage(plain.subarray(randomBytes + lengthBytes)),
  ],
];

function keyBytes({ encodingAESKey }: EncryptionCase): Buffer {
  return Buffer.from(`${encodingAESKey}=`, 'base64');
}

function opensWith({ cipher, appId }: EncryptionCase, key: Buffer, algorithm: string): boolean {
  const iv = algorithm.endsWith('ecb') ? null : key.subarray(0, 16);
  const decipher = createDecipheriv(algorithm, key, iv).setAutoPadding(false);
  return fits(Buffer.concat([decipher.update(cipher), decipher.final()]), length, appId);
}

/** The content without its padding, where that is right. */
function layouts(plain: Buffer): readonly Buffer[] {
  const padding = plain.at(-1) ?? 0;
  const isPadded =
    padding >= 1 && padding <= 32 && plain.subarray(-padding).every((byte) => byte === padding);
  const content = isPadded ? plain.subarray(0, plain.length - padding) : undefined;
  return content === undefined || content.length < randomBytes + lengthBytes ? [] : [content];
}

function length(content: Buffer): number {
  return content.readUInt32BE(randomBytes);
}

function fits(plain: Buffer, read: (content: Buffer) => number, appId: string | undefined): boolean {
  return layouts(plain).some((content) => holds(content, read, appId));
}

/** Whether the message ends where the length says and the AppID follows. */
function holds(content: Buffer, read: (content: Buffer) => number, appId: string | undefined): boolean {
  if (content.length < randomBytes + lengthBytes) return false;
  const rest = content.subarray(randomBytes + lengthBytes + read(content)).toString('latin1');
  return rest === appId || (appId === undefined && /^wx[0-9a-f]{16}$/i.test(rest));
}

function endsAt(content: Buffer, messageLength: number): boolean {
  const rest = content.subarray(randomBytes + lengthBytes);
  return messageLength === rest.length && looksLikeMessage(rest);
}

/** Characters as JavaScript and Java count them, or as Python does. */
function countsCharacters(content: Buffer, appId: string | undefined): boolean {
  const rest = content.subarray(randomBytes + lengthBytes).toString('utf8');
  const end = appId ?? /wx[0-9a-f]{16}$/i.exec(rest)?.[0];
  if (end === undefined || !rest.endsWith(end)) return false;
  const message = rest.slice(0, -end.length);
  const counted = length(content);
  return (
    counted !== Buffer.byteLength(message) &&
    (counted === message.length || counted === Array.from(message).length)
  );
}

function isBare(rest: Buffer, appId: string | undefined): boolean {
  return looksLikeMessage(rest) && (appId === undefined || rest.toString('latin1').endsWith(appId));
}

function looksLikeMessage(bytes: Buffer): boolean {
  return /^\s*(?:<xml>|<\?xml|\{\s*")/.test(bytes.subarray(0, 64).toString('latin1'));
}

function trimZeros(plain: Buffer): Buffer {
  let end = plain.length;
  while (end > 0 && plain[end - 1] === 0) end -= 1;
  return plain.subarray(0, end);
}
