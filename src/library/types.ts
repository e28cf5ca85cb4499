/** The types of the package's library: a simulator inside a test's own process. */
import type {
  AuthorizeAction,
  AuthorizeResult,
  CallbackChange,
  CallbackSaved,
  CallbackView,
  ChatMessage,
  ChatView,
  CommentAction,
  ControlState,
  FollowAction,
  FollowerView,
  LocationReport,
  PhoneResult,
  PushMode,
  PushOrder,
  PushView,
  RequestRecord,
  ScanAction,
  SendAction,
  SnapshotView,
  TapAction,
} from '../simulator/control/types/index.ts';

export type * from '../simulator/control/types/index.ts';
export type { Text } from '../core/text/text.ts';

/** An official account; everything is optional, and what is left out is invented. */
export interface AccountOptions {
  readonly appid?: string;
  readonly secret?: string;
  /** 令牌: 3 to 32 letters and digits. */
  readonly callbackToken?: string;
  /** EncodingAESKey: 43 letters and digits. */
  readonly aesKey?: string;
  /** The server that gets messages and events; it is not asked before the first push. */
  readonly to?: string;
  /** `plain` by default. */
  readonly mode?: PushMode;
  /** `xml` by default. */
  readonly format?: 'xml' | 'json';
  /** A shipped one by its name (`token-conflict`, `callback-down` …), or the whole of one. */
  readonly scenario?: string | Readonly<Record<string, unknown>>;
}

/** Everything is optional; what is said of an account is said of the first one. */
export interface SimulatorOptions extends AccountOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Makes secrets, tokens, ids and pushes the same every time. */
  readonly seed?: number;
  /** Calls that are known and not simulated answer the example of the documentation; they are refused otherwise. */
  readonly examples?: boolean;
  /** Further accounts beside the first one. Their scenarios have no `clock`: all accounts have one time. */
  readonly accounts?: readonly AccountOptions[];
}

/** A simulated WeChat platform that listens on 127.0.0.1. Refusals of its calls reject with an `Error`. */
export interface Simulator extends Account {
  /** The API base of all accounts: `http://127.0.0.1:43210`. */
  readonly url: string;
  /** The accounts of the start; the first one is the simulator itself. */
  readonly accounts: readonly Account[];
  /** Makes one more account; it is gone after the next `reset` of the simulator. */
  addAccount(options?: AccountOptions): Promise<Account>;
  /** Everything as it was at the start, the time and all accounts included; for `beforeEach`. */
  reset(): Promise<void>;
  /** Keeps all accounts and the clock as they are now, by a name; for the end of `beforeAll`. */
  snapshot(name: string): Promise<SnapshotView>;
  /** Everything as it was when the snapshot was taken, with empty logs; for `beforeEach`. */
  restore(name: string): Promise<SnapshotView>;
  /** Stops listening. */
  close(): Promise<void>;
}

/** One official account and what happens to it. */
export interface Account {
  readonly appid: string;
  readonly secret: string;
  readonly callbackToken: string;
  readonly aesKey: string;
  /** The account's original id（原始 ID）, `gh_…`. */
  readonly originalId: string;
  /** The five variables that `wechat-mp` reads, for programs that a test starts. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes a follower, or changes the one with this openid. */
  follower(change?: Readonly<Record<string, unknown>>): Promise<FollowerView>;
  /** What this person does. */
  phone(openid: string): Phone;
  /** Any message or event by its name (`wechat-mp trigger --list`), with changes; resolves when it has been answered. */
  push(type: string, order?: Omit<PushOrder, 'type'>): Promise<PushView>;
  /** All pushes, oldest first. */
  pushes(): Promise<readonly PushView[]>;
  /** All calls of the API side, oldest first, without secrets. */
  requests(): Promise<readonly RequestRecord[]>;
  /**
   * Resolves with the calls, the pushes that have ended or the messages of a chat that match, oldest first, as soon as
   * there are as many as wanted since the start, the last reset or the last clearing; rejects when the time is over.
   * `waitFor('requests', {path: '/cgi-bin/message/custom/send'})` is for what a server does after it has answered.
   */
  waitFor<What extends keyof Waits>(
    what: What,
    ...wanted: {} extends Waits[What]['wanted'] ? [Waits[What]['wanted']?] : [Waits[What]['wanted']]
  ): Promise<readonly Waits[What]['found'][]>;
  /** Puts the clock forward: `"2h"`, `"1.5h"`, `"30d"`. */
  advance(duration: string): Promise<void>;
  /** Lets the next calls of a path go wrong: `{path: '/cgi-bin/menu/create', errcode: 45009}`. */
  fault(fault: Readonly<Record<string, unknown>>): Promise<void>;
  /** Changes switches of the account: `{whitelist: []}`. */
  settings(change: Readonly<Record<string, unknown>>): Promise<void>;
  callback(): Promise<CallbackView>;
  /** Changes the server configuration; resolves with `saved: false` where the server does not pass the handshake. */
  setCallback(change: CallbackChange): Promise<CallbackSaved>;
  state(): Promise<ControlState>;
  /** The account as it was at the start; the time goes on. */
  reset(): Promise<void>;
  /** Any other call below `/_ctl/`: `control('POST', 'scenario', {name: 'slow-platform'})`. */
  control(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

/** What `waitFor` can wait for, what chooses it, and what is found. */
export interface Waits {
  readonly requests: { readonly wanted: WantedRequests; readonly found: RequestRecord };
  readonly pushes: { readonly wanted: WantedPushes; readonly found: PushView };
  readonly chat: { readonly wanted: WantedMessages; readonly found: ChatMessage };
}

interface Wanted {
  /** How many; 1 by default. */
  readonly count?: number;
  /** How long to wait: `"500ms"`, `"10s"`; `"4s"` by default, a little less than test runners do. */
  readonly wait?: string;
  /** Only entries behind the one with this `id`. */
  readonly after?: number;
  /** A text that stands somewhere in the entry. */
  readonly contains?: string;
}

export interface WantedRequests extends Wanted, Partial<Pick<RequestRecord, 'path' | 'method' | 'note'>> {
  readonly status?: number;
  readonly errcode?: number;
}

export interface WantedPushes extends Wanted, Partial<Pick<PushView, 'type' | 'msg_type' | 'openid'>> {
  readonly event?: string;
}

export interface WantedMessages extends Wanted, Partial<Pick<ChatMessage, 'from' | 'origin'>> {
  /** Whose chat it is. */
  readonly openid: string;
}

export interface Phone {
  follow(action?: FollowAction): Promise<PhoneResult>;
  unfollow(): Promise<PhoneResult>;
  scan(action: ScanAction): Promise<PhoneResult>;
  tap(button: readonly number[], how?: Omit<TapAction, 'button'>): Promise<PhoneResult>;
  /** A text, or another message. */
  send(message: string | SendAction): Promise<PhoneResult>;
  location(report: LocationReport): Promise<PhoneResult>;
  /** Writes under an article that has been published or sent, or deletes what they wrote（留言）. */
  comment(action: CommentAction): Promise<PhoneResult>;
  /** Opens an authorisation page（网页授权）, allows it unless told otherwise, and tells where that leads. */
  authorize(action: AuthorizeAction): Promise<AuthorizeResult>;
  chat(): Promise<ChatView>;
}

/** Starts a simulator on a free port. Rejects for a value that the platform could not have, and for a port that is taken. */
export type CreateSimulator = (options?: SimulatorOptions) => Promise<Simulator>;
