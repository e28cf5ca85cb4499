/** Token sources over real files in a temporary folder, with a platform that the test plays. */
import type { IssuedCredential } from '../../src/core/token/access-token.ts';
import {
  createCredentialKey,
  type CredentialEndpoint,
  type CredentialKey,
} from '../../src/core/token/credential-key.ts';
import { PlatformError, WechatMpError, type ErrorFamily } from '../../src/core/errors.ts';
import type { Text } from '../../src/core/text/text.ts';
import { createTokenSource, type TokenSource, type TokenSourceParts } from '../../src/api/token-source.ts';
import { createFileStore } from '../../src/api/token-store/file.ts';
import type { TokenStore } from '../../src/api/token-store/store.ts';
import { createFiles } from '../../src/io/files/files.ts';
import { createLocks } from '../../src/io/files/locks.ts';
import type { Clock, Files } from '../../src/io/ports.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { temporaryFolder } from './command.ts';

/** What one call may take, with waiting and asking. */
export const TIMEOUT_MS = 10_000;

export const T0 = Date.UTC(2026, 0, 5, 12);

export function keyFor(endpoint: CredentialEndpoint, secret = 'secret-0123456789abcdef'): CredentialKey {
  return createCredentialKey({
    apiBase: 'https://api.weixin.qq.com',
    appId: 'wx0123456789abcdef',
    endpoint,
    secret,
  });
}

/** Long enough for the history to show its ends. */
export function tokenNumber(number: number): string {
  return `50_token-${String(number).padStart(4, '0')}-${'x'.repeat(16)}`;
}

export interface World {
  readonly clock: ManualClock;
  readonly directory: string;
  readonly key: CredentialKey;
  readonly store: TokenStore;
  readonly notes: Text[];
  /** What the platform was asked, in order. */
  readonly asked: { readonly forceRefresh: boolean; readonly signal: AbortSignal }[];
  /** What it answers next; a new token of 7200 s unless told otherwise. */
  answers: (() => Promise<IssuedCredential> | IssuedCredential)[];
  /** A source as another process would have it. */
  source(changes?: Partial<TokenSourceParts>): TokenSource;
}

export function createWorld(
  endpoint: CredentialEndpoint = 'stable_token',
  changes: { readonly files?: Files; readonly directory?: string; readonly nowhere?: boolean } = {},
): World {
  const clock = createManualClock(T0);
  const directory = changes.directory ?? temporaryFolder();
  const key = keyFor(endpoint);
  const notes: Text[] = [];
  const note = (text: Text): void => void notes.push(text);
  const files = changes.files ?? createFiles();
  const store = createFileStore({
    files,
    locks: async () => createLocks(),
    clock,
    directory: changes.nowhere === true ? undefined : directory,
    note,
  });
  const asked: World['asked'] = [];
  const random = { bytes: (count: number) => new Uint8Array(count).fill(128) };
  const world: World = {
    clock: clock satisfies Clock,
    directory,
    key,
    store,
    notes,
    asked,
    answers: [],
    source: (more) =>
      createTokenSource({
        key,
        store,
        clock,
        random,
        host: 'box',
        pid: 4711,
        timeoutMs: TIMEOUT_MS,
        note,
        fetchIssued: async (request) => {
          asked.push(request);
          const answer = world.answers.shift();
          return answer === undefined
            ? { value: tokenNumber(asked.length), expiresInSeconds: 7200, issuedAtMs: clock.now() }
            : await answer();
        },
        ...more,
      }),
  };
  return world;
}

export function platformError(errcode: number, family: ErrorFamily = 'account'): PlatformError {
  return new PlatformError({
    family,
    type: `code_${errcode}`,
    text: { en: `WeChat refused (${errcode})`, zh: `微信拒绝了请求 (${errcode})` },
    hint: { en: 'Look it up', zh: '请查阅' },
    facts: { errcode, errmsg: 'refused', rid: '6650d0c1-2f3a-11112222' },
  });
}

export function networkError(): WechatMpError {
  return new WechatMpError({
    family: 'network',
    type: 'refused',
    text: { en: 'Cannot reach WeChat', zh: '无法连接微信' },
    retryable: true,
  });
}

/** The error that a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<WechatMpError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof WechatMpError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}
