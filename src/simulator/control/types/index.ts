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
 * | Call | Reads | Answers |
 * |---|---|---|
 * | `GET /_ctl/events` | – | server-sent events, see `ControlEvents` |
 * | `GET /_ctl/state` | – | `ControlState` |
 * | `GET /_ctl/state?format=file` | – | what `simulator --state` reads, of all accounts and with their secrets |
 * | `GET /_ctl/openapi.json` | – | OpenAPI 3.0, of the calls of the platform and of these |
 * | `GET /_ctl/followers[?limit=&after=]` | – | `FollowerView[]`, everybody the account knows, at most 1000 at a time |
 * | `POST /_ctl/followers` | see the followers' state | the follower |
 * | `GET /_ctl/chats/:openid[?wait=]` | – | `ChatView` |
 * | `GET /_ctl/media/:media_id` | – | the content of media of a chat, with its own `content-type` |
 * | `GET /_ctl/publications` | – | `PublicationView[]`, oldest first |
 * | `POST /_ctl/publications/:publish_id` | `{"status":"success"}`, see `PublicationView` | `PublicationView`; ends one that is on hold, or bans one |
 * | `POST /_ctl/phone/:openid/follow` | `FollowAction` | `PhoneResult` |
 * | `POST /_ctl/phone/:openid/unfollow` | `Waiting` | `PhoneResult` |
 * | `POST /_ctl/phone/:openid/scan` | `ScanAction` | `PhoneResult` |
 * | `POST /_ctl/phone/:openid/tap` | `TapAction` | `PhoneResult` |
 * | `POST /_ctl/phone/:openid/send` | `SendAction` | `PhoneResult` |
 * | `POST /_ctl/phone/:openid/location` | `LocationReport` | `PhoneResult` |
 * | `POST /_ctl/phone/:openid/subscribe` | `SubscribeAction` | `PhoneResult` |
 * | `GET /_ctl/chats/:openid/subscriptions` | – | `SubscriptionView[]` |
 * | `GET /_ctl/templates` | – | `TemplatesView` |
 * | `GET /_ctl/mass` | – | `MassView[]`, oldest first, the last 1000 |
 * | `POST /_ctl/mass/:msg_id` | `{"status":"send success"}`, see `OutcomeOrder` | `MassView`; ends one that is on hold |
 * | `GET /_ctl/kf_sessions` | – | `ServiceSessionView[]`, those who wait first |
 * | `POST /_ctl/kf_sessions` | `ServiceSessionAction` | the same |
 * | `GET /_ctl/comments` | – | `CommentedArticle[]` |
 * | `POST /_ctl/phone/:openid/comment` | `CommentAction` | `PhoneResult` |
 * | `GET /_ctl/migrations` | – | `MigrationView[]` |
 * | `POST /_ctl/migrations` | `{"from_appid","openids"}` | `MigrationView` |
 * | `GET /_ctl/outcomes` | – | `OutcomeOrder[]` |
 * | `POST /_ctl/outcomes` | `OutcomeOrder` | `OutcomeOrder[]` |
 * | `GET /_ctl/autoreply` | – | `AutoReplyInfo` |
 * | `POST /_ctl/autoreply` | `AutoReplyInfo` or `{}` | `AutoReplyInfo` |
 * | `POST /_ctl/phone/:openid/browse` | `BrowseAction` | `BrowseResult` |
 * | `POST /_ctl/phone/:openid/authorize` | `AuthorizeAction` | `AuthorizeResult` |
 * | `POST /_ctl/phone/:openid/revoke` | `RevokeAction` | `RevokeResult` |
 * | `POST /_ctl/phone/:openid/password` | `{}` | `RevokeResult`: all web tokens of the person end |
 * | `POST /_ctl/phone/:openid/profile` | `ProfileAction` | `ProfileAction` |
 * | `GET /_ctl/ip-requests` | – | `IpRequestView[]`, oldest first |
 * | `POST /_ctl/ip-requests` | `IpDecision` | `IpRequestView` |
 * | `POST /_ctl/push` | `PushOrder` or `RawPushOrder` | `PushView` |
 * | `GET /_ctl/samples` | – | `SampleView[]`: the types that `POST /_ctl/push` takes |
 * | `GET /_ctl/pushes[?wait=]` | – | `PushView[]`, oldest first, the last 200 |
 * | `GET /_ctl/pushes/:id[?secrets=show]` | – | `PushView` |
 * | `POST /_ctl/pushes/:id/again` | `Waiting` | `PushView` of the new push: same content, new `MsgId` and time |
 * | `GET /_ctl/callback[?secrets=show]` | – | `CallbackView` |
 * | `POST /_ctl/callback` | `CallbackChange` | `CallbackSaved`; status 422 where it was not saved |
 * | `GET /_ctl/catalogue` | – | `CatalogueEntry[]` |
 * | `POST /_ctl/call` | `ApiCall` | `ApiAnswer` |
 * | `GET /_ctl/requests[?wait=]` | – | `RequestRecord[]` (requests.ts), oldest first, the last 1000 |
 * | `GET /_ctl/requests?format=har` | – | the same as an HTTP archive, HAR 1.2 |
 * | `DELETE /_ctl/requests`, `DELETE /_ctl/pushes` | – | `[]`: the log is empty, everything else stays |
 * | `GET /_ctl/test[?secrets=show]` | – | `SavedTest` |
 * | `GET /_ctl/requests/:id[?secrets=show]` | – | `RequestDetail` |
 * | `POST /_ctl/requests/:id/again` | `{"fresh_token":true}` or `{}` | `ApiAnswer` |
 * | `POST /_ctl/jssdk` | `JssdkCall` | `JssdkVerdict` |
 * | `POST /_ctl/jssdk/voice` | – | `{"media_id"}`: the `serverId` of a voice that a page has recorded and uploaded |
 * | `POST /_ctl/jssdk/page` | `{"url"}` | `{"url"}`: where the page opens with the stand-in for jweixin |
 * | `GET /_ctl/picture` | – | the picture of the account, with its own `content-type` |
 * | `GET /_ctl/scenarios` | – | `ScenarioView[]` |
 * | `POST /_ctl/scenario` | `{"name":"token-conflict"}` or a scenario object | `ControlState` |
 * | `DELETE /_ctl/scenario` | – | `ControlState`: settings, server and faults are what they were before the scenario |
 * | `POST /_ctl/snapshot` | `{"name"}` | `SnapshotView` |
 * | `POST /_ctl/restore` | `{"name"}` | `SnapshotView`; status 404 for a name that there is not |
 * | `GET /_ctl/snapshots` | – | `SnapshotView[]` |
 * | `DELETE /_ctl/snapshots/:name` | – | `SnapshotView[]`: those that are left |
 * | `DELETE /_ctl/clock` | – | as `GET`: back to real time |
 * | `DELETE /_ctl/faults/:id` | – | the faults that are left |
 * | `GET|POST /_ctl/settings`, `GET|POST /_ctl/clock`, `GET|POST|DELETE /_ctl/faults`, `POST /_ctl/reset` | as in app.ts | |
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
