/** The HTTP client for bodies of any length: nothing is kept but what is waited for, and the reader sets the pace. */
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import buildConnector from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import { createOutlet, type FetchOptions, type Outlet } from './fetch.ts';
import { ExchangeFailure, joinHeaders } from './exchange.ts';
import type { StreamCall, StreamedAnswer, StreamFetch } from '../ports.ts';

/** So many at once to one host: what waits longer than its time says so. */
const MAX_CONNECTIONS = 256;
/** An answer that its reader does not take waits in the connection once so much is here. */
const MAX_QUEUED_BYTES = 262_144;

/** Makes the client. Connections stay open between requests and do not keep the process alive. */
export function createStreamFetch(options: FetchOptions): StreamFetch {
  const outlet = createOutlet(options);
  const agent = new Agent({ connect: createConnector(outlet), connections: MAX_CONNECTIONS });
  return async (call) => {
    const waiting = outlet.proxyFor(call.origin);
    const proxy = waiting === undefined ? undefined : await waiting;
    const tell = (error: unknown): Promise<unknown> =>
      outlet.describe(error, call.origin, { timeoutMs: call.idleMs, maxBytes: Infinity }, proxy);
    return await new Exchange(call, tell).start(proxy?.dispatcher ?? agent);
  };
}

/** Longer than any sensible time for an answer, which decides; this only bounds abandoned sockets. */
const CONNECT_TIMEOUT_MS = 120_000;

function createConnector(outlet: Outlet): buildConnector.connector {
  const connect = buildConnector({ timeout: CONNECT_TIMEOUT_MS });
  return (details, callback) => {
    // undici returns the socket although its types do not say so. The deadline's timer keeps the process alive while
    // somebody waits; a connection that nobody waits for any more must not.
    const socket = connect(details, callback) as unknown as Socket;
    socket.unref();
    outlet.watch(socket, details);
  };
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #call: StreamCall;
  readonly #tell: (error: unknown) => Promise<unknown>;
  readonly #idle: NodeJS.Timeout;
  /** Whether the time runs: not while the client is the one who is slow. */
  #isTimed = true;
  readonly #interrupt = (): void => this.#stop(this.#call.signal.reason);
  #controller: Dispatcher.DispatchController | undefined;
  #head: Pick<StreamedAnswer, 'status' | 'headers'> | undefined;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #failure: unknown;
  #ended = false;
  /** Who waits for the answer, until it is handed over. */
  #wanted: { resolve: (answer: StreamedAnswer) => void; reject: (error: unknown) => void } | undefined;
  /** Wakes the reader of what follows. */
  #wake = (): void => {};

  constructor(call: StreamCall, tell: (error: unknown) => Promise<unknown>) {
    this.#call = call;
    this.#tell = tell;
    this.#idle = setTimeout(() => {
      if (this.#isTimed) this.#fail('timeout');
      else this.#idle.refresh();
    }, call.idleMs);
  }

  start(dispatcher: Dispatcher): Promise<StreamedAnswer> {
    const { origin, path, method, headers, body, signal } = this.#call;
    return new Promise((resolve, reject) => {
      this.#wanted = { resolve, reject };
      if (signal.aborted) return this.#interrupt();
      signal.addEventListener('abort', this.#interrupt, { once: true });
      const streamed = body !== undefined && 'bytes' in body ? body : undefined;
      dispatcher.dispatch(
        {
          origin: origin.origin,
          path,
          method,
          headers:
            streamed === undefined ? headers : { ...headers, 'content-length': String(streamed.length) },
          body:
            streamed === undefined ? ((body as Uint8Array | undefined) ?? null) : this.#paced(streamed.bytes),
          headersTimeout: 0,
          bodyTimeout: 0,
        } as Dispatcher.DispatchOptions,
        this,
      );
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Called when a connection stands and nothing has been written. Too late is not sent at all.
    if (this.#failure !== undefined) return controller.abort(this.#failure as Error);
    this.#controller = controller;
    this.#idle.refresh();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    raw: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return; // An interim answer (100 Continue); the real one follows.
    const headers = joinHeaders(raw);
    this.#head = { status, headers };
    this.#idle.refresh();
    if (!['', 'identity'].includes(headers['content-encoding'] ?? '')) this.#fail('encoded_answer');
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#idle.refresh();
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#wanted !== undefined) {
      if (this.#bytes > this.#call.holdBytes) this.#handOver(this.#rest());
    } else if (this.#bytes > MAX_QUEUED_BYTES) {
      // The time is the reader's now, who has a limit of its own.
      this.#isTimed = false;
      controller.pause();
    }
    this.#wake();
  }

  onResponseEnd(): void {
    this.#ended = true;
    this.#release();
    this.#handOver(undefined);
    this.#wake();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#fail('broken', error);
  }

  /** What the client sends is waited for without a limit of ours; what it has sent must leave in time. */
  async *#paced(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    this.#isTimed = false;
    for await (const chunk of bytes) {
      this.#resume();
      yield chunk;
      this.#isTimed = false;
    }
    this.#resume();
  }

  async *#rest(): AsyncIterable<Uint8Array> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) {
          this.#bytes -= chunk.length;
          yield chunk;
          continue;
        }
        if (this.#failure !== undefined) throw await this.#tell(this.#failure);
        if (this.#ended) return;
        this.#resume();
        this.#controller?.resume();
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      // Whoever stops reading has no use for what is still to come.
      if (!this.#ended) this.#stop(new ExchangeFailure('broken', { sent: true, answered: true }));
    }
  }

  #resume(): void {
    this.#isTimed = true;
    if (this.#failure === undefined && !this.#ended) this.#idle.refresh();
  }

  #handOver(rest: AsyncIterable<Uint8Array> | undefined): void {
    const wanted = this.#wanted;
    if (wanted === undefined || this.#head === undefined) return;
    this.#wanted = undefined;
    const [first = Buffer.alloc(0)] = this.#chunks;
    const start = this.#chunks.length > 1 ? Buffer.concat(this.#chunks, this.#bytes) : first;
    this.#chunks = [];
    this.#bytes = 0;
    wanted.resolve({ ...this.#head, start, rest });
  }

  #fail(reason: ExchangeFailure['reason'], cause?: unknown): void {
    const progress = { sent: this.#controller !== undefined, answered: this.#head !== undefined };
    this.#stop(new ExchangeFailure(reason, progress, cause));
  }

  #stop(error: unknown): void {
    if (this.#failure !== undefined || this.#ended) return;
    this.#failure = error;
    this.#release();
    const wanted = this.#wanted;
    this.#wanted = undefined;
    this.#controller?.abort(error as Error);
    if (wanted !== undefined) void this.#tell(error).then(wanted.reject, wanted.reject);
    this.#wake();
  }

  #release(): void {
    clearTimeout(this.#idle);
    this.#call.signal.removeEventListener('abort', this.#interrupt);
  }
}
