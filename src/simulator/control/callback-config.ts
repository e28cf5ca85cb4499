/** 服务器配置: where pushes go and how they are made, and the check that WeChat makes before it is saved. */
import { parseCallbackToken, parseEncodingAESKey } from '../../core/account/index.ts';
import {
  checkServerUrl,
  type EncryptionMode,
  type MessageFormat,
  modeNames,
  modesByName,
} from '../../core/callback/index.ts';
import { defined } from '../../core/text/defined.ts';
import type { Clock, Fetch, Random } from '../../io/ports.ts';
import type { SimulatedAccount } from '../account/account.ts';
import type { ProbeCheck } from '../push/index.ts';
import { type Body, checkKeys, optionalChoice, optionalFlag, optionalText, refuse } from './input.ts';
import type { CallbackSaved, CallbackView, CheckView, PushMode } from './types/index.ts';
import { serverUrlForm } from './texts.ts';

/** Quirk: how many failures it takes is not documented; that pushing starts again after a minute is（自动屏蔽）. */
const failuresBeforePause = 10;
const pauseMs = 60_000;

export interface CallbackSettings {
  /** `undefined`: no server, nothing is pushed. */
  readonly url: string | undefined;
  readonly callbackToken: string;
  readonly encodingAESKey: string;
  readonly mode: EncryptionMode;
  readonly format: MessageFormat;
}

interface CallbackOptions {
  readonly account: SimulatedAccount;
  readonly clock: Clock;
  readonly start: Partial<CallbackSettings>;
}

export type CallbackConfig = ReturnType<typeof createCallbackConfig>;

export function createCallbackConfig({ account, clock, start }: CallbackOptions) {
  const { callbackToken, encodingAESKey } = account;
  const first: CallbackSettings = {
    url: undefined,
    callbackToken,
    encodingAESKey,
    mode: 'plain',
    format: 'xml',
    ...start,
  };
  let settings = first;
  let failures = 0;
  let pausedUntilMs = 0;
  const set = (next: CallbackSettings): void => {
    settings = next;
    failures = 0;
    pausedUntilMs = 0;
  };
  return {
    set,
    appId: account.appId,
    settings: (): CallbackSettings => settings,
    parse: (body: Body) => parseCallbackChange(body, settings),
    isPaused: (): boolean => clock.now() < pausedUntilMs,
    /** Counts towards the pause; an answer ends the count. */
    note(answered: boolean): void {
      failures = answered ? 0 : failures + 1;
      if (failures < failuresBeforePause) return;
      failures = 0;
      pausedUntilMs = clock.now() + pauseMs;
    },
    view: (showsSecrets = false): CallbackView => ({
      url: settings.url ?? null,
      token: showsSecrets ? settings.callbackToken : '…',
      aes_key: showsSecrets ? settings.encodingAESKey : ends(settings.encodingAESKey),
      mode: modeNames[settings.mode],
      format: settings.format,
      paused_until: clock.now() < pausedUntilMs ? new Date(pausedUntilMs).toISOString() : null,
    }),
    reset: (): void => set(first),
  };
}

function ends(secret: string): string {
  return `${secret.slice(0, 4)}…${secret.slice(-4)}`;
}

export interface CallbackFlags {
  readonly to?: string | undefined;
  readonly mode?: PushMode | undefined;
  readonly format?: MessageFormat | undefined;
}

/** Where a simulator pushes to from its start, by flags or by the library's options. Throws a usage error for an address that is none. */
export function readCallback({ to, mode, format }: CallbackFlags): Partial<CallbackSettings> {
  return defined({
    url: to === undefined ? undefined : checkServerUrl(to, '--to'),
    mode: mode === undefined ? undefined : modesByName[mode],
    format,
  });
}

/** Reads a change of these settings. Throws an input error for what the console would not take. */
export function parseCallbackChange(
  body: Body,
  before: CallbackSettings,
): { readonly settings: CallbackSettings; readonly check: boolean } {
  checkKeys(body, ['url', 'token', 'aes_key', 'mode', 'format', 'check']);
  const mode = optionalChoice(body, 'mode', ['plain', 'compat', 'safe']);
  const [token, aesKey] = [optionalText(body, 'token'), optionalText(body, 'aes_key')];
  return {
    check: optionalFlag(body, 'check') ?? true,
    settings: {
      url: body['url'] === undefined ? before.url : parseUrl(body['url']),
      callbackToken: token === undefined ? before.callbackToken : parseCallbackToken(token),
      encodingAESKey: aesKey === undefined ? before.encodingAESKey : parseEncodingAESKey(aesKey),
      mode: mode === undefined ? before.mode : modesByName[mode],
      format: optionalChoice(body, 'format', ['xml', 'json']) ?? before.format,
    },
  };
}

function parseUrl(value: unknown): string | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value)) return value;
  return refuse(serverUrlForm);
}

export interface CheckWorld {
  readonly openFetch: () => Promise<Fetch>;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
}

/** Saves a change as the console does: where the server does not pass the handshake（接入）, nothing is saved. */
export async function saveCallback(
  config: CallbackConfig,
  { openFetch, clock, random, signal }: CheckWorld,
  body: Body,
): Promise<CallbackSaved> {
  const { settings, check } = config.parse(body);
  const checks: ProbeCheck[] = [];
  if (check && settings.url !== undefined) {
    const { probeHandshake } = await import('../push/probe.ts');
    const { url, callbackToken } = settings;
    const fetch = await openFetch();
    checks.push(...(await probeHandshake({ url, callbackToken, fetch, clock, random, signal })));
  }
  // The console itself asks only this; what else the probe finds is worth knowing, but no reason to refuse.
  const handshake = checks[0];
  const saved = handshake?.status !== 'fail';
  if (saved) config.set(settings);
  const failure = handshake?.cause === 'timeout' ? '请求URL超时' : 'token验证失败';
  return {
    saved,
    console_text: saved ? '提交成功' : failure,
    callback: config.view(),
    checks: checks.map(formatCheck),
  };
}

function formatCheck({ name, status, cause, text, hint, httpStatus, ms }: ProbeCheck): CheckView {
  return {
    name,
    status,
    cause: cause ?? null,
    text,
    hint: hint ?? null,
    http_status: httpStatus ?? null,
    ms: ms === undefined ? null : Math.round(ms),
  };
}
