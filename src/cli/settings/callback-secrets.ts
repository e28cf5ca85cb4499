/** The secrets of the server configuration（服务器配置）, for the commands that need them. */
import { isCallbackToken } from '../../core/account/index.ts';
import type { AesKey, EncryptionMode } from '../../core/callback/index.ts';
import type { Context } from '../context.ts';

/** The callback Token (令牌). An unusual one is used all the same, with a warning: the platform decides. */
export async function requireCallbackToken(context: Context): Promise<string> {
  const found = await context.settings.callbackToken();
  if (found === undefined) throw (await import('./account-trouble.ts')).missingCallbackToken();
  if (context.explains) (await import('../shared/explain/verbose.ts')).tellCallbackToken(context, found);
  if (!isCallbackToken(found.value)) {
    const { describeOddCallbackToken } = await import('../../core/account/account.ts');
    const odd = describeOddCallbackToken(found.value);
    if (odd !== undefined) context.warn(odd);
  }
  return found.value;
}

/** The EncodingAESKey as it is written in the console, unchecked. */
export async function requireEncodingAESKey(context: Context): Promise<string> {
  const found = await context.settings.encodingAESKey();
  if (found !== undefined) return found.value;
  throw (await import('./account-trouble.ts')).missingAesKey();
}

/**
 * The mode of pushes where nobody says another: that of the running simulator whose account is in force, else safe mode
 * with an EncodingAESKey, else plain mode.
 */
export async function usualMode(context: Context): Promise<EncryptionMode> {
  const { settings } = context;
  const key = await settings.encodingAESKey();
  const simulated = key?.level === 'profile' ? settings.simulatorMode : undefined;
  const mode = simulated ?? (key === undefined ? 'plain' : 'safe');
  if (context.explains)
    (await import('../shared/explain/verbose.ts')).tellMode(context, mode, simulated ?? key);
  return mode;
}

/** Key and AppID, for encrypting. Throws family `account` where one is missing, and a refusal of a malformed key. */
export async function requireCrypt(
  context: Context,
): Promise<{ readonly key: AesKey; readonly appId: string }> {
  const text = await requireEncodingAESKey(context);
  const { parseEncodingAESKey } = await import('../../core/account/account.ts');
  const { decodeEncodingAESKey } = await import('../../core/callback/message-crypto.ts');
  const key = decodeEncodingAESKey(parseEncodingAESKey(text));
  const appId = (await context.settings.appId())?.value;
  if (appId !== undefined) return { key, appId };
  throw (await import('./account-trouble.ts')).missingAppIdForEncryption();
}
