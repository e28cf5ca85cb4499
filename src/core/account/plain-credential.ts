/** What a credential looks like as it usually comes: alone, and not recognisably something else. */
import type { CredentialKind } from './pasted-credential.ts';

/** Whether this is an AppID（开发者ID）: `wx` and 16 hex digits. */
export function isAppId(text: string): boolean {
  return /^wx[0-9a-fA-F]{16}$/.test(text);
}

/** Whether the console would take it as a Token（令牌）: 3 to 32 letters and digits. */
export function isCallbackToken(text: string): boolean {
  return /^[A-Za-z0-9]{3,32}$/.test(text);
}

/** Whether it has the form of an EncodingAESKey（消息加解密密钥）: 43 letters and digits. */
export function isEncodingAESKey(text: string): boolean {
  return /^[A-Za-z0-9]{43}$/.test(text);
}

/**
 * Whether a text can be used as it stands, so that `readCredential` would give it back. Every start reads such values,
 * and whoever asks here first need not load what reads the others.
 */
export function isPlainCredential(kind: CredentialKind, text: string): boolean {
  if (kind === 'appid') return isAppId(text);
  return /^[\w-]+$/.test(text) && !/^(?:wx|gh_|null$|undefined$|None$|NaN$)/.test(text);
}
