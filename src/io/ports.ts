/** The outside world as interfaces. `io/node.ts` has the real ones; tests bring their own. */
import type { RedisAddress } from '../core/token/index.ts';
import type { Fetch, Redis, StreamFetch } from './ports/clients.ts';
import type { Files, Locks, ManyFiles, Spool } from './ports/files.ts';
import type { Intercept, Listen, ListenFetch, ListenStream } from './ports/servers.ts';

export type * from './ports/clients.ts';
export type * from './ports/files.ts';
export type * from './ports/servers.ts';

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
  manyFiles(): Promise<ManyFiles>;
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
    /** Where the address stands, for hints; `--api-base` unless told otherwise. */
    readonly addressFlag?: string | undefined;
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
