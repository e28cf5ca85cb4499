/** Being asked: by whole requests, by streams, and by programs that look for the platform. */
import type { Text } from '../../core/text/text.ts';

/** A request as a handler sees it; the body is complete and within the limit. */
export interface ServerRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** The query as it came, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
  readonly remoteAddress: string;
}

export interface ServerResponse {
  readonly status: number;
  /** Empty for an answer without the header. */
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

export type ServerHandler = (request: ServerRequest) => Promise<ServerResponse> | ServerResponse;

export interface ListenOptions {
  readonly host: string;
  /** 0 asks the system for a free port. */
  readonly port: number;
  /** A longer body is answered 413 and not read on. */
  readonly maxBodyBytes: number;
  /** Connections without traffic are ended after this time, 10 s by default; answers that take longer need more. */
  readonly idleMs?: number;
}

export interface Listening {
  /** `http://127.0.0.1:8090`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, lets running requests finish for at most `graceMs`, then closes everything. */
  close(graceMs?: number): Promise<void>;
}

/** A request that was answered before a handler could see it. */
export interface RefusedRequest {
  readonly status: number;
  readonly reason: 'bad_request' | 'headers_too_large' | 'body_too_large' | 'timeout';
  /** Empty where it could not be read. */
  readonly method: string;
  readonly remoteAddress: string;
}

interface HandlerOptions extends ListenOptions {
  readonly onRefused?: ((refused: RefusedRequest) => void) | undefined;
}

/** Starts a server. Rejects with family `local`, type `port_taken` or `port_forbidden`. */
export type Listen = (handler: ServerHandler, options: HandlerOptions) => Promise<Listening>;

/** What a function for `listenFetch` may reject with: the beginning of an answer, after which the connection ends. */
export interface CutAnswer {
  readonly cut:
    | {
        readonly status: number;
        readonly headers: Readonly<Record<string, string>>;
        readonly bytes: Uint8Array;
      }
    | undefined;
}

/** Starts a server around a `Request`/`Response` function, as the simulator is one. */
export type ListenFetch = (
  handler: (request: Request) => Promise<Response> | Response,
  options: ListenOptions,
) => Promise<Listening>;

export interface InterceptOptions {
  /** The user's own: their proxy and the authorities that they trust stay in use. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly maxBodyBytes: number;
  /** The certificates begin a day before. */
  readonly nowMs: number;
  /** Hears of a program that came for the platform and left without a request. */
  readonly tell: (trouble: Text) => void;
  /** Hears of each connection to another host, which is passed on as it is. */
  readonly passed: (host: string) => void;
}

/** Programs that have these variables reach the handler under the platform's real addresses. */
export interface Interception {
  readonly variables: Readonly<Record<string, string>>;
  /** `http://127.0.0.1:41234`. */
  readonly proxy: string;
  /** The file with the certificate of the authority that was made for this run. */
  readonly authority: string;
  /** Folders that runs had left which were killed; they are removed. */
  readonly left: readonly string[];
  /** Ends every connection and removes the files. */
  readonly close: () => void;
}

/** Answers https to the platform's hosts by a `Request`/`Response` function. Throws the system's error for the files. */
export type Intercept = (
  handler: (request: Request) => Promise<Response> | Response,
  options: InterceptOptions,
) => Promise<Interception>;

/** A request whose body may still be on its way. */
export interface StreamRequest {
  readonly method: string;
  /** As it came: a path with its query, or, from those who take the server for a proxy, a whole URL. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** 0 without a body, `undefined` for one that is sent in chunks and does not say how long it is. */
  readonly bodyLength: number | undefined;
  /** To be read once at most. Throws when the client goes away in the middle. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Aborted when the client has gone before it had the whole answer. */
  readonly gone: AbortSignal;
}

export interface StreamResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What is given piece by piece is sent piece by piece, as fast as the client reads. */
  readonly body: string | Uint8Array | AsyncIterable<Uint8Array>;
}

export type StreamHandler = (request: StreamRequest) => Promise<StreamResponse>;

type StreamOptions = Omit<ListenOptions, 'maxBodyBytes'>;
/** Starts a server that hands requests on before their bodies have come. Rejects as `Listen` does. */
export type ListenStream = (handler: StreamHandler, options: StreamOptions) => Promise<Listening>;
