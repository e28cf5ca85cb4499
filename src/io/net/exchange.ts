/** One request and its whole answer. */
import { setMaxListeners } from 'node:events';
import type { HttpRequest, HttpResponse } from '../ports.ts';

export type FailureReason = 'timeout' | 'body_too_large' | 'encoded_answer' | 'broken';

/** An exchange that did not come to its end. `cause` is undici's or the system's error and is not for people. */
export class ExchangeFailure extends Error {
  override readonly name = 'ExchangeFailure';
  readonly reason: FailureReason;
  /** Whether any byte of the request may have left. `false` is certain. */
  readonly sent: boolean;
  /** Whether the head of an answer had come. */
  readonly answered: boolean;

  constructor(reason: FailureReason, progress: { sent: boolean; answered: boolean }, cause?: unknown) {
    super(reason, { cause });
    this.reason = reason;
    this.sent = progress.sent;
    this.answered = progress.answered;
  }
}

/** Why a proxy did not open the way to the target: what it did. `unreachable` has the system's error as its cause. */
export type ProxyFault = 'unreachable' | 'closed' | 'foreign' | 'refused' | 'login' | 'denied';

/** Nothing was sent to the target. It never has undici's code for a closed socket, after which undici tries again. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
  readonly fault: ProxyFault;
  /** The proxy's own verdict, as `HTTP 403`. */
  readonly detail: string | undefined;

  constructor(fault: ProxyFault, more: { readonly detail?: string; readonly cause?: unknown } = {}) {
    super(more.detail === undefined ? fault : `${fault} (${more.detail})`, { cause: more.cause });
    this.fault = fault;
    this.detail = more.detail;
  }
}

/** What sends requests: an undici dispatcher, or what works as one. */
export interface Sender {
  dispatch(request: WireRequest, handler: WireHandler): unknown;
}

interface WireRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: HttpRequest['method'];
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | null;
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

interface WireController {
  abort(error: Error): void;
}

interface WireHandler {
  /** A connection stands, and nothing has been written. */
  onRequestStart(controller: WireController): void;
  onResponseStart(
    controller: WireController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void;
  onResponseData(controller: WireController, chunk: Buffer): void;
  onResponseEnd(): void;
  onResponseError(controller: WireController | undefined, error: Error): void;
}

/**
 * Sends the request and collects the answer. `dispatch` rather than undici's `request`: it needs no stream, bounds the
 * bytes per request, and knows whether the request had left this machine when something failed.
 * Rejects with an `ExchangeFailure`, or with the reason of the request's signal.
 */
export function exchange(sender: Sender, url: URL, request: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const answer = createCollector(request);
    let controller: WireController | undefined;
    let failure: unknown;

    const release = (): void => {
      clearTimeout(deadline);
      request.signal?.removeEventListener('abort', interrupt);
    };
    const fail = (reason: FailureReason, cause?: unknown): void => {
      stop(
        new ExchangeFailure(reason, { sent: controller !== undefined, answered: answer.hasHead() }, cause),
      );
    };
    const stop = (error: unknown): void => {
      if (failure !== undefined) return;
      failure = error;
      release();
      reject(error);
      controller?.abort(failure as Error);
    };
    const interrupt = (): void => stop(request.signal?.reason);
    // One deadline for look-up, connecting, waiting and reading: undici's own limits watch pauses, and a body that
    // drips never pauses. The timer also keeps the process alive while sockets, being unreferenced, do not.
    const deadline = setTimeout(() => fail('timeout'), request.timeoutMs);

    if (request.signal?.aborted) return interrupt();
    if (request.signal !== undefined) {
      // Any number of requests may wait for one signal; Node 20 warns of more than ten.
      setMaxListeners(0, request.signal);
      request.signal.addEventListener('abort', interrupt);
    }
    sender.dispatch(wireRequest(url, request), {
      onRequestStart(started) {
        // Too late is not sent at all.
        if (failure !== undefined) return started.abort(failure as Error);
        controller = started;
      },
      onResponseStart(_controller, status, headers) {
        const problem = answer.head(status, headers);
        if (problem !== undefined) fail(problem);
      },
      onResponseData(_controller, chunk) {
        if (!answer.add(chunk)) fail('body_too_large');
      },
      onResponseEnd() {
        if (failure !== undefined) return;
        release();
        // Not at once: undici frees the connection one turn of the event loop later (its own `setImmediate` comes after
        // this one), and a request that follows before that would open another.
        setImmediate(() => setImmediate(resolve, answer.response()));
      },
      onResponseError(_controller, error) {
        fail('broken', error);
      },
    });
  });
}

/** No `accept-encoding` is sent: a compressed answer could be a bomb, and the platform's answers are small. */
function wireRequest(url: URL, request: HttpRequest): WireRequest {
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: request.method,
    headers: { ...request.headers },
    body: request.body ?? null,
    headersTimeout: 0,
    bodyTimeout: 0,
  };
}

/** Keeps an answer's head and body within `maxBytes`. */
function createCollector({ maxBytes, keepEncoding }: HttpRequest) {
  const chunks: Buffer[] = [];
  let received = 0;
  let head: Omit<HttpResponse, 'body'> | undefined;
  return {
    hasHead: () => head !== undefined,
    head(
      status: number,
      rawHeaders: Record<string, string | string[] | undefined>,
    ): FailureReason | undefined {
      if (status < 200) return undefined; // An interim answer (100 Continue); the real one follows.
      const headers = joinHeaders(rawHeaders);
      head = { status, headers };
      const encoding = headers['content-encoding'] ?? '';
      if (keepEncoding !== true && !['', 'identity'].includes(encoding)) return 'encoded_answer';
      return Number(headers['content-length'] ?? 0) > maxBytes ? 'body_too_large' : undefined;
    },
    /** `false` when the limit is passed. */
    add(chunk: Buffer): boolean {
      received += chunk.length;
      if (received > maxBytes) return false;
      chunks.push(chunk);
      return true;
    },
    response: (): HttpResponse => ({
      status: 0,
      headers: {},
      ...head,
      body: Buffer.concat(chunks, received),
    }),
  };
}

export function joinHeaders(raw: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(raw).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return Object.fromEntries(entries);
}
