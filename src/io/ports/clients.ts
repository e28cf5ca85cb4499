/** Asking others: over HTTP, whole or piece by piece, and a Redis. */

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Milliseconds for the whole exchange, from look-up to the last byte of the body. */
  readonly timeoutMs: number;
  /** More bytes than this in the answer are an error. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Plain http to other machines as well. Only for what carries no secret: pushes and handshakes do not. */
  readonly allowHttp?: boolean;
  /** A compressed answer comes as it is, instead of being refused. */
  readonly keepEncoding?: boolean;
  /** The answer has its `way`. */
  readonly tellWay?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; a repeated header is joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** How the connection was made, where that was asked for and no proxy made it. */
  readonly way?: ConnectionWay;
}

/** The steps of a connection, in milliseconds since the one before. */
export interface ConnectionWay {
  /** The address that was connected to. */
  readonly address: string;
  /** Missing where the URL has an address. */
  readonly lookUpMs?: number;
  readonly connectMs: number;
  /** Missing for plain http. */
  readonly tlsMs?: number;
}

/**
 * Sends one request. Redirects are not followed and come back as they are.
 * Rejects with a `WechatMpError` of family `network` (types `timeout`, `dns`, `tls`, `refused`, `reset`, `proxy`,
 * `body_too_large`, `truncated_answer`, `encoded_answer`, `not_http`, `http_not_loopback`, `network`), whose text names
 * the host and never the query. The facts of a timeout have its `phase`: `dns`, `connect`, `tls`, `answer` or `body`.
 */
export type Fetch = (request: HttpRequest) => Promise<HttpResponse>;

/** What a Redis answered: texts, whole numbers, nothing, or a list of these. */
export type RedisReply = string | number | null | readonly RedisReply[];

export interface Redis {
  /**
   * Sends one command; `key` is a key of it, by which a cluster knows the node. The first one connects.
   * Rejects with a `WechatMpError` that names the store and never its password: `store_unreachable`, `store_silent`,
   * `store_login`, `store_refused`.
   */
  send(key: string, command: readonly string[]): Promise<RedisReply>;
}

/** A request that is sent, and answered, piece by piece. */
export interface StreamCall {
  readonly method: 'GET' | 'POST';
  /** Only its origin counts. */
  readonly origin: URL;
  /** Path and query, as they go on the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body:
    Uint8Array | { readonly bytes: AsyncIterable<Uint8Array>; readonly length: number } | undefined;
  /** Milliseconds in which nothing may come forward: sending, waiting or receiving. */
  readonly idleMs: number;
  /** So much of an answer is waited for before it is handed over. */
  readonly holdBytes: number;
  readonly signal: AbortSignal;
}

export interface StreamedAnswer extends Pick<HttpResponse, 'status' | 'headers'> {
  readonly start: Uint8Array;
  /** What follows, where there is more than was waited for; it must be read, or the signal aborted. */
  readonly rest: AsyncIterable<Uint8Array> | undefined;
}

/** Sends one request, as `Fetch` does, for bodies of any length. Rejects as `Fetch` does. */
export type StreamFetch = (call: StreamCall) => Promise<StreamedAnswer>;
