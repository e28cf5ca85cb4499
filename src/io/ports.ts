/** The outside world as interfaces. `io/node.ts` has the real ones; tests bring their own. */
import type { Dirent } from 'node:fs';
import type { Text } from '../core/text/text.ts';
import type { RedisAddress } from '../core/token/index.ts';

export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. May jump: it is the wall clock. */
  now(): number;
  /** Milliseconds that never go back, for measuring how long something took. */
  monotonic(): number;
  /** Resolves after that many milliseconds; rejects with the signal's reason when it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export interface Random {
  /** That many unpredictable bytes. */
  bytes(count: number): Uint8Array;
}

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

/** Files of the tool. Everything is synchronous: a command reads few and small ones, and that is the fastest start. */
export interface Files {
  /**
   * The whole file, or `undefined` where there is none. Throws an input error (`file_too_large`) where more than
   * `maxBytes` come, also out of a device or a pipe; the limit of our own files unless told otherwise. Throws the
   * system's error for anything else.
   */
  read(path: string, maxBytes?: number): Buffer | undefined;
  /**
   * Writes the whole file or leaves the old one untouched: private temporary file, fsync, size check, rename.
   * `mode` is 0600 unless told otherwise. Throws the system's error (ENOSPC, EACCES, EROFS …).
   * `sync: false` leaves out the fsync, for one of thousands of files whose content is checked before it is relied on:
   * a loss of power may then leave an empty one.
   */
  write(path: string, data: string | Uint8Array, mode?: number, options?: { readonly sync?: boolean }): void;
  /** Makes a file that must not be there yet (EEXIST, also for a symbolic link), with mode 0644, to add to. */
  create(path: string): GrowingFile;
  /** Makes a directory and its parents for everybody to see, where they are missing. */
  makeFolder(directory: string): void;
  /** Removes a file; silent where there is none. */
  remove(path: string): void;
  /** Renames within one file system. */
  rename(from: string, to: string): void;
  /** Names in a directory; empty where there is none. */
  list(directory: string): string[];
  /** What stands in a directory, in no order; a link is neither a file nor a directory. Throws the system's error. */
  entries(directory: string): readonly Pick<Dirent, 'name' | 'isFile' | 'isDirectory' | 'isSymbolicLink'>[];
  /**
   * Makes a directory and its parents with mode 0700, and the files in it that are ours (all, unless told otherwise)
   * private; repairs a wider mode of an existing one and returns what was repaired. Throws a `WechatMpError` (family `local`) for a foreign owner.
   */
  makePrivate(directory: string, isOurs?: (name: string) => boolean): readonly Text[];
  /** Adds to the end of a file that somebody else keeps, as `$GITHUB_OUTPUT` is; makes it where there is none. */
  append(path: string, data: string): void;
  /** Mode, age, size and kind of a file, or `undefined` where there is none. */
  stat(path: string): FileFacts | undefined;
}

/** A file that is open for adding. */
export interface GrowingFile {
  /** Adds to the end, whole or nothing; only a death in the middle, or a disk that fails altogether, leaves a part. */
  add(data: string): void;
  /** What was added survives a loss of power from now on. */
  sync(): void;
  close(): void;
}

export interface FileFacts {
  /** Permissions, without those of others on Windows, where they mean nothing. */
  readonly mode: number;
  readonly mtimeMs: number;
  readonly size: number;
  readonly directory: boolean;
}

/** Who holds a lock, as far as its file says. */
export interface LockHolder {
  readonly host?: string;
  readonly pid?: number;
  /** How long the lock has been held, in milliseconds of the file system's clock. */
  readonly ageMs: number;
}

/** A lock between processes that survives the death of its holder at any point. */
export interface Locks {
  /**
   * One attempt. Removes a dead holder's lock, but leaves the next attempt to the caller.
   * A holder is dead after 30 s, or `leaseMs`, unless it calls `renew` more often; with `whileAlive` a process of this
   * machine is not dead before it has ended.
   */
  tryLock(path: string, options?: { readonly whileAlive?: boolean; readonly leaseMs?: number }): LockAttempt;
}

export type LockAttempt =
  | {
      readonly held: true;
      /** Whether it was still ours. Never throws for trouble of the disk: then the lock stays, and dies with its owner. */
      unlock(): boolean;
      /** Begins the lease anew. `false` when the lock is no longer ours. */
      renew(): boolean;
    }
  | { readonly held: false; readonly holder: LockHolder };

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

/** Where the command reads and writes. */
export interface Terminal {
  readonly stdinIsTty: boolean;
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  /** Displayed columns of stderr; 80 where it is no terminal. */
  readonly columns: number;
  writeStdout(data: string | Uint8Array): void;
  writeStderr(data: string): void;
  /** All of standard input; throws an input error (`file_too_large`) where more than `maxBytes` come. */
  readStdin(maxBytes: number): Promise<Buffer>;
  /** Standard input piece by piece as it comes; throws the signal's reason when that is aborted. */
  stdinChunks(signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Questions on stderr. A cancelled question rejects with family `interrupted`. */
  ask(): Promise<Prompter>;
  /** A spinner on stderr. */
  spinner(text: string): Promise<Spinner>;
}

export interface Prompter {
  text(question: string, check?: (answer: string) => string | undefined): Promise<string>;
  /** Nothing that is typed appears. */
  secret(question: string, check?: (answer: string) => string | undefined): Promise<string>;
  /** No is the default; `words` are what the two answers are called. */
  confirm(question: string, words: { readonly yes: string; readonly no: string }): Promise<boolean>;
  /** One of a few, with the arrow keys; resolves with its value. */
  choose(question: string, choices: readonly PromptChoice[]): Promise<string>;
}

export interface PromptChoice {
  readonly value: string;
  readonly label: string;
  /** Stands beside the one that is pointed at. */
  readonly hint: string;
}

export interface Spinner {
  /** Replaces the text. */
  update(text: string): void;
  stop(): void;
}

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

/** Starts a server. Rejects with family `local`, type `port_taken` or `port_forbidden`. */
export type Listen = (handler: ServerHandler, options: ListenOptions) => Promise<Listening>;

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

/** A body of unknown length, written down to be sent again with its length. */
export interface Spool {
  add(bytes: Uint8Array): Promise<void>;
  /** From the beginning. */
  read(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Runs a command line as a child with this process's streams. */
export type RunChild = (
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<number>;

export interface Io {
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  /** Loaded when it is first asked for: a warm cache needs no lock. */
  locks(): Promise<Locks>;
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly platform: string;
  /** As Node.js writes it: `22.11.0`. */
  readonly nodeVersion: string;
  /** The path by which this program was started, a link as it is. */
  readonly program: string;
  readonly host: string;
  readonly pid: number;
  /** The HTTP client, loaded when it is first asked for. `proxy` overrides the environment's. */
  fetch(options: {
    readonly proxy?: string | undefined;
    readonly environment: Readonly<Record<string, string | undefined>>;
  }): Promise<Fetch>;
  listen(): Promise<Listen>;
  listenFetch(): Promise<ListenFetch>;
  intercept(): Promise<Intercept>;
  listenStream(): Promise<ListenStream>;
  /** The HTTP client for bodies of any length. */
  streamFetch(options: Parameters<Io['fetch']>[0]): Promise<StreamFetch>;
  /** A file for the owner's eyes only, which no other program finds; it is gone with the process. */
  spool(): Promise<Spool>;
  runChild(): Promise<RunChild>;
  /** A shared store; nothing is sent before the first command. `timeoutMs` is for one command with its connection. */
  redis(address: RedisAddress, timeoutMs: number): Promise<Redis>;
  /** Opens a page in a browser of this machine; says whether there was one. */
  openPage(): Promise<(url: string) => Promise<boolean>>;
  /** Aborted by a signal that ends, with a `WechatMpError` of family `interrupted`. The second signal ends at once. */
  interruption(): AbortSignal;
}
