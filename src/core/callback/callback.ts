import { VerificationError } from '../errors.ts';
import {
  type Fields,
  formatXml,
  type IncomingMessage,
  readMessage,
  textField,
  type XmlLimits,
} from '../message/index.ts';
import { formatOf, parseFields } from './body.ts';
import { decryptMessage, encryptMessage, type AesKey } from './message-crypto.ts';
import { signMessage, signTexts, verifySignature } from './message-signature.ts';
import type { EncryptionMode, MessageFormat } from './mode.ts';

/** The parameters of a callback URL. Missing ones are `undefined`. */
export interface CallbackQuery {
  readonly signature?: string | undefined;
  /** Unix seconds as decimal text. */
  readonly timestamp?: string | undefined;
  readonly nonce?: string | undefined;
  readonly echostr?: string | undefined;
  readonly openId?: string | undefined;
  readonly encryptType?: string | undefined;
  readonly msgSignature?: string | undefined;
}

/** Picks the platform's parameters out of a query that is decoded already. */
export function readCallbackQuery(parameters: Pick<ReadonlyMap<string, string>, 'get'>): CallbackQuery {
  return {
    signature: parameters.get('signature'),
    timestamp: parameters.get('timestamp'),
    nonce: parameters.get('nonce'),
    echostr: parameters.get('echostr'),
    openId: parameters.get('openid'),
    encryptType: parameters.get('encrypt_type'),
    msgSignature: parameters.get('msg_signature'),
  };
}

/** The account's side of a callback. The key is needed in the modes `compatible` and `safe` only. */
export interface CallbackSecrets {
  readonly callbackToken: string;
  readonly key?: AesKey | undefined;
  readonly appId?: string | undefined;
}

/**
 * Answers the handshake（接入）: returns `echostr` unchanged, to be sent as the whole body.
 * Throws `VerificationError` (`signature`) where the signature or a parameter is missing or wrong.
 */
export function answerHandshake(query: CallbackQuery, callbackToken: string): string {
  verifyUrlSignature(query, callbackToken);
  if (query.echostr === undefined) {
    throw new VerificationError('signature', {
      en: 'Cannot answer the handshake: "echostr" is missing',
      zh: '无法应答接入验证：缺少“echostr”',
    });
  }
  return query.echostr;
}

/** Checks `signature`. Throws `VerificationError` (`signature`). */
function verifyUrlSignature({ signature, timestamp, nonce }: CallbackQuery, callbackToken: string): void {
  if (signature === undefined || timestamp === undefined || nonce === undefined)
    throw missing({ signature, timestamp, nonce });
  if (!verifySignature(signature, signTexts([callbackToken, timestamp, nonce])))
    throw wrongSignature('signature');
}

/** Not exported, so that nothing but `verifyQuery` can make a `VerifiedQuery`. */
const proof = Symbol('verified');

/** A query whose signatures were found right; only with one a message can be opened. */
export interface VerifiedQuery {
  readonly [proof]: true;
  /** `nonce` of the request, which an encrypted answer repeats. */
  readonly nonce: string;
  /** The ciphertext that `msg_signature` covers; `undefined` where the message is in the clear. */
  readonly encrypt: string | undefined;
}

/**
 * The signature rule of pushes（消息推送）, the whole of it: a message in the clear needs a right `signature`; one that is
 * encrypted needs a right `msg_signature`, and `signature` must be right where it is there. `body` is asked for only
 * after `signature` was looked at, and only for `Encrypt`. Throws `VerificationError` with the check that failed.
 */
export function verifyQuery(input: {
  readonly mode: EncryptionMode;
  readonly query: CallbackQuery;
  readonly callbackToken: string;
  readonly body: () => string;
  readonly limits?: XmlLimits;
}): VerifiedQuery {
  const { mode, query, callbackToken } = input;
  const encrypted = mode === 'safe' || (mode === 'compatible' && asksForDecryption(query));
  if (!encrypted || query.signature !== undefined) verifyUrlSignature(query, callbackToken);
  if (!encrypted) return { [proof]: true, nonce: query.nonce ?? '', encrypt: undefined };
  const encrypt = requireEncrypt(parseFields(input.body(), input.limits));
  const { msgSignature, timestamp, nonce } = query;
  if (msgSignature === undefined || timestamp === undefined || nonce === undefined)
    throw missing({ msg_signature: msgSignature, timestamp, nonce });
  if (!verifySignature(msgSignature, signMessage(callbackToken, timestamp, nonce, encrypt))) {
    throw wrongSignature('msg_signature');
  }
  return { [proof]: true, nonce, encrypt };
}

/** A push that was verified, decrypted and read. */
export interface OpenedCallback {
  readonly message: IncomingMessage;
  /** Whether it came encrypted; the answer goes back in the same form. */
  readonly encrypted: boolean;
  /** Format of the body as it came, which the answer's envelope takes too. */
  readonly format: MessageFormat;
  /** The plain message as text. */
  readonly text: string;
}

/**
 * Opens a push（接收消息）whose query was verified: what was signed is decrypted, and nothing else of the body is read
 * then. Throws `VerificationError` with the check that failed.
 */
export function openCallback(
  { encrypt }: VerifiedQuery,
  input: Pick<CallbackSecrets, 'key' | 'appId'> & {
    readonly mode: EncryptionMode;
    readonly body: string;
    readonly limits?: XmlLimits;
  },
): OpenedCallback {
  const { body, limits } = input;
  const format = formatOf(body);
  if (encrypt !== undefined) {
    const text = decryptMessage({ encrypt, ...requireKey(input) });
    return { message: readMessage(parseFields(text, limits)), encrypted: true, format, text };
  }
  const fields = parseFields(body, limits);
  if (isEnvelopeOnly(fields)) throw unexpectedlyEncrypted(input.mode);
  return { message: readMessage(fields), encrypted: false, format, text: body };
}

/** Whether nothing but a ciphertext and its recipient is there. Not every message in the clear has a MsgType. */
function isEnvelopeOnly(fields: Fields): boolean {
  return fields['Encrypt'] !== undefined && Object.keys(fields).every((name) => envelopeNames.has(name));
}

const envelopeNames: ReadonlySet<string> = new Set(['Encrypt', 'ToUserName', 'AppId']);

/** In compatible mode: anything that looks encrypted is held to the stricter check. */
function asksForDecryption(query: CallbackQuery): boolean {
  return query.msgSignature !== undefined || (query.encryptType !== undefined && query.encryptType !== 'raw');
}

function requireEncrypt(outer: Fields): string {
  const encrypt = textField(outer, 'Encrypt')?.trim();
  if (encrypt !== undefined && encrypt !== '') return encrypt;
  throw new VerificationError(
    'encrypt',
    { en: 'Cannot accept the message: it must be encrypted', zh: '消息不可接受：应为密文' },
    {
      en: 'Set 消息加解密方式 to 安全模式 in the console, or serve with --mode plain',
      zh: '请在后台把消息加解密方式设为安全模式，或使用 --mode plain',
    },
  );
}

/**
 * Puts an encrypted text into the envelope of a reply, with `MsgSignature`. `success` and the empty text are not
 * enveloped. `timestamp` is Unix seconds; `random16` is 16 unpredictable bytes.
 */
export function sealReply(
  input: CallbackSecrets & {
    readonly reply: string;
    readonly format: MessageFormat;
    readonly timestamp: number;
    readonly nonce: string;
    readonly random16: Uint8Array;
  },
): string {
  if (input.reply === '' || input.reply === 'success') return input.reply;
  const { key, appId } = requireKey(input);
  const encrypt = encryptMessage({ message: input.reply, appId, key, random16: input.random16 });
  const envelope = {
    Encrypt: encrypt,
    MsgSignature: signMessage(input.callbackToken, String(input.timestamp), input.nonce, encrypt),
    TimeStamp: input.timestamp,
    Nonce: input.nonce,
  };
  return input.format === 'json' ? JSON.stringify(envelope) : formatXml(envelope);
}

function requireKey(secrets: Pick<CallbackSecrets, 'key' | 'appId'>): { key: AesKey; appId: string } {
  const { key, appId } = secrets;
  if (key === undefined || appId === undefined) {
    throw new VerificationError(
      'key',
      {
        en: `Cannot handle encrypted messages: ${key === undefined ? 'EncodingAESKey' : 'AppID'} is not set`,
        zh: `无法处理加密消息：未设置${key === undefined ? ' EncodingAESKey' : ' AppID'}`,
      },
      { en: 'Set it with: wechat-mp profile add', zh: '请设置：wechat-mp profile add' },
    );
  }
  return { key, appId };
}

function missing(parameters: Readonly<Record<string, string | undefined>>): VerificationError {
  const [parameter = ''] = Object.keys(parameters).filter((name) => parameters[name] === undefined);
  return new VerificationError('signature', {
    en: `Cannot verify the request: "${parameter}" is missing in its query`,
    zh: `无法验证请求：查询参数中缺少“${parameter}”`,
  });
}

function wrongSignature(parameter: 'signature' | 'msg_signature'): VerificationError {
  return new VerificationError(
    'signature',
    { en: `Cannot accept the request: "${parameter}" is wrong`, zh: `请求不可接受：“${parameter}”不正确` },
    {
      en: 'Compare the callback Token with the console, or find the mistake: wechat-mp handshake check <url>',
      zh: '请与后台核对令牌（Token），或查找原因：wechat-mp handshake check <url>',
    },
  );
}

function unexpectedlyEncrypted(mode: EncryptionMode): VerificationError {
  return new VerificationError(
    'encrypt',
    {
      en: `Cannot read the message: it is encrypted, but the mode here is "${mode}"`,
      zh: `无法读取消息：收到的是密文，而当前模式为“${mode}”`,
    },
    {
      en: 'Set the EncodingAESKey and serve with --mode safe',
      zh: '请设置 EncodingAESKey 并使用 --mode safe',
    },
  );
}
