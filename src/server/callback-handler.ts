import { WechatMpError } from '../core/errors.ts';
import { decodeEncodingAESKey } from '../core/callback/index.ts';
import type { ServerHandler, ServerResponse } from '../io/ports.ts';
import type { CallbackService, Decide, Decision, DecisionContext } from './callback-decision.ts';
import type { CallbackRecord, Exchange } from './callback-record.ts';

export interface CallbackHandlerOptions extends CallbackService {
  readonly callbackToken: string;
  /** Needed unless the mode is `plain`. */
  readonly appId?: string | undefined;
  readonly encodingAESKey?: string | undefined;
  /** Receives one record for each request, after its answer is decided. */
  readonly onEvent?: ((record: CallbackRecord, exchange: Exchange) => void) | undefined;
  /** How far a request's timestamp may be off; `Infinity` switches the check off. */
  readonly maxSkewSeconds?: number | undefined;
  /** When the answer is given up and `success` is sent; `Infinity` waits for ever. */
  readonly deadlineMs?: number | undefined;
}

/** The platform repeats a push within 15 seconds; clocks of servers differ by minutes. */
const defaultMaxSkewSeconds = 300;
/** The platform waits for 5 seconds, the network included. */
const defaultDeadlineMs = 4500;
/** A text message has a few kilobytes, three times that in compatible mode. */
export const maxCallbackBytes = 64 * 1024;

/**
 * The developer's side of a callback URL（服务器配置）: verifies handshakes and pushes, answers them before the platform
 * gives up, and answers repeated pushes once. Every refusal of a genuine-looking request is the same 403 with an empty
 * body, so that it teaches nothing.
 * Throws an error of family `account` where the mode needs a key or AppID that is missing or malformed.
 */
export function createCallbackHandler(options: CallbackHandlerOptions): ServerHandler {
  const context = createContext(options);
  // Loaded with the first request, not before the port is open: it brings what decrypts and reads.
  let decide: Decide | undefined;
  let loading: Promise<Decide> | undefined;
  let count = 0;
  return (request) => {
    const id = String(++count);
    const started = options.clock.monotonic();
    const finish = ({ response, outcome }: Decision): ServerResponse => {
      const ms = options.clock.monotonic() - started;
      const { method, path, remoteAddress } = request;
      const record = { id, method, path, remoteAddress, status: response.status, ms, ...outcome };
      options.onEvent?.(record, { request, response });
      return response;
    };
    if (decide === undefined) {
      loading ??= import('./callback-decision.ts').then(
        ({ createDecide }) => (decide = createDecide(context)),
      );
      return loading.then(async (loaded) => finish(await loaded(request, started)));
    }
    // What can be decided at once is answered at once: every turn of the event loop would delay the others.
    const decision = decide(request, started);
    return decision instanceof Promise ? decision.then(finish) : finish(decision);
  };
}

function createContext(options: CallbackHandlerOptions): DecisionContext {
  const secrets = options.mode === 'plain' ? undefined : requireKey(options);
  return {
    ...options,
    ...secrets,
    maxSkewSeconds: options.maxSkewSeconds ?? defaultMaxSkewSeconds,
    deadlineMs: options.deadlineMs ?? (options.delayMs === undefined ? defaultDeadlineMs : Infinity),
    maxBodyBytes: maxCallbackBytes,
  };
}

function requireKey({ appId, encodingAESKey }: CallbackHandlerOptions) {
  if (appId !== undefined && encodingAESKey !== undefined)
    return { appId, key: decodeEncodingAESKey(encodingAESKey) };
  const missing = appId === undefined ? 'AppID' : 'EncodingAESKey';
  throw new WechatMpError({
    family: 'account',
    type: appId === undefined ? 'appid_missing' : 'aes_key_missing',
    text: {
      en: `Cannot open encrypted messages: no ${missing} is set`,
      zh: `无法处理加密消息：未设置 ${missing}`,
    },
    hint: {
      en: 'Set it with "wechat-mp profile add", or use --mode plain',
      zh: '请用“wechat-mp profile add”设置，或使用 --mode plain',
    },
  });
}
