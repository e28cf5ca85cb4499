/** One request of the platform to a developer's server. */
import { WechatMpError } from '../../core/errors.ts';
import { judgeNetworkError, type ProbeFinding } from '../../core/diagnosis/index.ts';
import type { Clock, Fetch, HttpResponse } from '../../io/ports.ts';

/** The platform waits this long for a whole answer. */
const answerTimeoutMs = 5000;
/** More than any honest answer; a page that is longer is told from its beginning. */
const maxAnswerBytes = 1024 * 1024;
export const platformHeaders: Readonly<Record<string, string>> = {
  'user-agent': 'Mozilla/4.0',
  accept: '*/*',
  pragma: 'no-cache',
};

/** One request and the response to it, or what kept that from coming. */
export interface ServerExchange {
  readonly url: string;
  readonly ms: number;
  readonly response?: HttpResponse;
  readonly error?: WechatMpError;
}

interface ExchangeWorld {
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** Sends one request as the platform does. A failure on the way is a result, too; an interruption is thrown. */
export async function exchangeWith(
  { fetch, clock, signal }: ExchangeWorld,
  request: {
    readonly method: 'GET' | 'POST';
    readonly url: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string | Uint8Array;
    /** Less than the platform's own time. */
    readonly timeoutMs?: number;
  },
): Promise<ServerExchange> {
  const startedAtMs = clock.monotonic();
  const common = {
    timeoutMs: answerTimeoutMs,
    maxBytes: maxAnswerBytes,
    allowHttp: true,
    keepEncoding: true,
  };
  try {
    const headers = { ...platformHeaders, ...request.headers };
    const response = await fetch({ ...common, ...request, headers, signal });
    return { url: request.url, response, ms: clock.monotonic() - startedAtMs };
  } catch (error) {
    if (!(error instanceof WechatMpError) || error.family === 'interrupted') throw error;
    return { url: request.url, error, ms: clock.monotonic() - startedAtMs };
  }
}

export function networkFinding({ error }: ServerExchange): ProbeFinding | undefined {
  return error === undefined ? undefined : judgeNetworkError(error, answerTimeoutMs);
}
