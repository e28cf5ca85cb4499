import { parseAppId, parseCallbackToken, parseEncodingAESKey } from '../../core/account/index.ts';
import type { EncryptionMode } from '../../core/callback/index.ts';
import type { Random } from '../../io/ports.ts';
import { randomAlphanumeric, randomHex } from '../random/text.ts';

/** An official account, as the console shows it. */
export interface SimulatedAccount {
  readonly appId: string;
  readonly secret: string;
  /** 令牌: what signs the pushes. */
  readonly callbackToken: string;
  readonly encodingAESKey: string;
  /** 原始 ID (`gh_…`): the `ToUserName` of every push. */
  readonly originalId: string;
}

/** With what the server configuration（服务器配置）is now: the console may have changed it since the start. */
export interface CurrentAccount extends SimulatedAccount {
  /** Empty where it has none. */
  readonly name: string;
  readonly mode: EncryptionMode;
}

/** The first line of a simulator that is ready; the keys are a promise to scripts. */
export interface ReadyLine {
  readonly type: 'ready';
  readonly url: string;
  readonly appid: string;
  readonly secret: string;
  readonly callback_token: string;
  readonly aes_key: string;
  /** All of them, the first one included; only where there are several. */
  readonly accounts?: readonly AccountLine[];
}

export type AccountLine = Pick<ReadyLine, 'appid' | 'secret' | 'callback_token' | 'aes_key'>;

/** Takes what is given and invents the rest. Throws an input error for a value that the platform could not have. */
export function createAccount(random: Random, given: Partial<SimulatedAccount> = {}): SimulatedAccount {
  const invented = inventAccount(random);
  return {
    appId: given.appId === undefined ? invented.appId : parseAppId(given.appId),
    secret: given.secret ?? invented.secret,
    callbackToken:
      given.callbackToken === undefined ? invented.callbackToken : parseCallbackToken(given.callbackToken),
    encodingAESKey:
      given.encodingAESKey === undefined
        ? invented.encodingAESKey
        : parseEncodingAESKey(given.encodingAESKey),
    originalId: given.originalId ?? invented.originalId,
  };
}

export function readyLine(accounts: readonly SimulatedAccount[], url: string): ReadyLine {
  const [first, ...others] = accounts.map(accountLine);
  if (first === undefined) throw new TypeError('a simulator has at least one account');
  return {
    type: 'ready',
    url,
    ...first,
    ...(others.length > 0 && { accounts: [first, ...others] }),
  };
}

function accountLine(account: SimulatedAccount): AccountLine {
  return {
    appid: account.appId,
    secret: account.secret,
    callback_token: account.callbackToken,
    aes_key: account.encodingAESKey,
  };
}

function inventAccount(random: Random): SimulatedAccount {
  return {
    appId: `wx${randomHex(random, 16)}`,
    secret: randomHex(random, 32),
    callbackToken: randomAlphanumeric(random, 24),
    // 43 characters hold 258 bits, the key has 256: a last character with the two spare bits at zero suits strict decoders.
    encodingAESKey: randomAlphanumeric(random, 42) + randomAlphanumeric(random, 1, 'AEIMQUYcgkosw048'),
    originalId: `gh_${randomHex(random, 12)}`,
  };
}
