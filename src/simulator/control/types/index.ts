/**
 * What the control side (`/_ctl/…`) of the simulator reads and answers, as JSON: for the page, for tests and for other
 * languages alike. Times are ISO 8601 UTC by the simulated clock. Errors are `ControlError` with status 400, 403 or 404.
 *
 * Secrets (AppSecret, Token, EncodingAESKey, access tokens) are shortened everywhere; the routes that say so show them
 * with `?secrets=show`.
 *
 * Lists with `[?wait=]` take a query that chooses and waits: fields of their entries, `contains`, `after`, `count`,
 * `limit` and `wait`; see `waiting.ts`. The header `x-next` is the address of the next page, `x-total` how many there are.
 *
 * Which call reads and answers what stands at each type; all calls with their examples in `control-calls.json`.
 */
import type { IpRequestView } from './access.ts';
import type { ChatMessage } from './phone.ts';
import type { CallbackView, PushView } from './push.ts';
import type { RequestRecord } from './request.ts';

export type * from './access.ts';
export type * from './form.ts';
export type * from './message.ts';
export type * from './phone.ts';
export type * from './push.ts';
export type * from './request.ts';

/** Every refusal of `/_ctl`. */
export interface ControlError {
  readonly error: { readonly type: string; readonly message: string; readonly message_zh: string };
}

/**
 * The names of the server-sent events with what their `data` is, one JSON value each. A page that connects again (or
 * gets `reset`) reads `/_ctl/state` and the lists anew: nothing is replayed.
 */
export interface ControlEvents {
  /** The first one, on every connection. */
  readonly hello: { readonly now: string };
  readonly request: RequestRecord;
  /** A push, at its start, after every attempt and at its end; the same `id` replaces what was there. */
  readonly push: PushView;
  readonly chat: { readonly openid: string; readonly message: ChatMessage };
  /** The account begins to type, or stops（客服输入状态）; `until` as in `ChatView`. */
  readonly typing: { readonly openid: string; readonly until: string | null };
  /** The menu, or who sees which one, has changed: read `/_ctl/chats/:openid` again. */
  readonly menu: Readonly<Record<string, never>>;
  readonly follower: FollowerView;
  /** Calls of the API side may have changed several of them: read `/_ctl/followers` again. */
  readonly followers: Readonly<Record<string, never>>;
  /** A template is new or gone: read `/_ctl/templates` again. */
  readonly templates: Readonly<Record<string, never>>;
  readonly callback: CallbackView;
  readonly settings: Readonly<Record<string, unknown>>;
  /** An address waits for the administrator, or has been decided on. */
  readonly ip_requests: readonly IpRequestView[];
  readonly clock: { readonly now: string; readonly offset_ms: number };
  readonly faults: readonly Readonly<Record<string, unknown>>[];
  /** Names of the scenarios that are on. */
  readonly scenario: readonly string[];
  /** The logs have been cleared: nothing else has changed. */
  readonly cleared: Readonly<Record<string, never>>;
  readonly reset: Readonly<Record<string, never>>;
}

/** `GET /_ctl/state`. Members that other nouns add (`tokens`, `tickets`, `qrcodes` …) come beside these. */
export interface ControlState {
  readonly now: string;
  readonly account: { readonly appid: string; readonly original_id: string };
  readonly settings: Readonly<Record<string, unknown>>;
  /** Calls of today by path. */
  readonly counters: Readonly<Record<string, { readonly used: number; readonly limit: number }>>;
  readonly qrcodes: { readonly newest: readonly QrCodeView[]; readonly [key: string]: unknown };
  readonly callback: CallbackView;
  readonly faults: readonly Readonly<Record<string, unknown>>[];
  /** Names of the scenarios that are on; `custom` is one of your own. */
  readonly scenario: readonly string[];
  readonly requests: number;
  readonly pushes: number;
  readonly [noun: string]: unknown;
}

/** All accounts and the clock as they were once. */
export interface SnapshotView {
  readonly name: string;
  /** When it was taken, by the simulated clock. */
  readonly at: string;
}

export interface QrCodeView {
  readonly scene_id?: number;
  readonly scene_str?: string;
  readonly permanent: boolean;
  readonly ticket: string;
  readonly url: string;
  readonly expires_at: string | null;
  readonly expired: boolean;
}

/** A person as `POST /_ctl/followers` answers them. */
export interface FollowerView {
  readonly openid: string;
  /** 微信号 */
  readonly wechat_id: string;
  /** The name that the phone shows; the API does not tell it. */
  readonly nickname: string;
  /** Whether the person follows（关注）at the moment. */
  readonly subscribed: boolean;
  /** 1 iOS, 2 Android, 3 others: decides on conditional menus, as tags do. */
  readonly client_platform_type: number;
  readonly tag_ids: readonly number[];
  readonly remark: string;
  readonly [key: string]: unknown;
}
