/** What the platform sends to a callback URL（接收普通消息, 接收事件推送）: the query it signs and the body it seals. */
import { defined } from '../text/defined.ts';
import { parseFields } from './body.ts';
import type { EncryptionMode, MessageFormat } from './mode.ts';
import { VerificationError } from '../errors.ts';
import { type Fields, textField, writeMessage } from '../message/index.ts';
import { encryptMessage, type AesKey } from './message-crypto.ts';
import { signMessage } from './message-signature.ts';
import { signUrl } from './signature.ts';

/** The body of a push, with the `Encrypt` text that `msg_signature` covers. */
export interface SealedPush {
  readonly body: string;
  /** Missing in plain mode. */
  readonly encrypt?: string;
}

/**
 * Puts a plain message into the body of a push: as it is（明文）, beside its ciphertext（兼容）or as a ciphertext alone
 * （安全）. `random16` is 16 unpredictable bytes. Throws `VerificationError` (`xml`) where compatible mode is wanted for
 * a text that is no message.
 */
export function sealPush(input: {
  readonly text: string;
  readonly mode: EncryptionMode;
  readonly format: MessageFormat;
  readonly key?: AesKey | undefined;
  readonly appId?: string | undefined;
  readonly random16: Uint8Array;
}): SealedPush {
  const { text, mode, format, key, appId, random16 } = input;
  if (mode === 'plain') return { body: text };
  if (key === undefined || appId === undefined) {
    throw new TypeError('sealPush() needs a key and an AppID in this mode');
  }
  const encrypt = encryptMessage({ message: text, appId, key, random16 });
  const fields = mode === 'compatible' ? parseFields(text) : recipientOf(text);
  return { body: writeMessage({ ...fields, Encrypt: encrypt }, format), encrypt };
}

/** The recipient stands outside, too. A text that is no message has none. */
function recipientOf(text: string): Fields {
  const toUserName = quietField(text, 'ToUserName');
  return toUserName === undefined ? {} : { ToUserName: toUserName };
}

/** Who a message is from（FromUserName）; `undefined` where the text names nobody. */
export function senderOf(text: string): string | undefined {
  return quietField(text, 'FromUserName')?.trim();
}

function quietField(text: string, name: string): string | undefined {
  try {
    return textField(parseFields(text), name);
  } catch (error) {
    if (error instanceof VerificationError) return undefined;
    throw error;
  }
}

/** The parameters of a push in the platform's order; `timestamp` is Unix seconds. */
export function signPush(input: {
  readonly callbackToken: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly openId?: string | undefined;
  readonly encrypt?: string | undefined;
}): Readonly<Record<string, string>> {
  const { callbackToken, timestamp, nonce, openId, encrypt } = input;
  return {
    signature: signUrl(callbackToken, timestamp, nonce),
    timestamp,
    nonce,
    ...defined({ openid: openId }),
    ...(encrypt === undefined
      ? {}
      : {
          encrypt_type: 'aes',
          msg_signature: signMessage(callbackToken, timestamp, nonce, encrypt),
        }),
  };
}
