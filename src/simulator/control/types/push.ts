/** Pushes and the server configuration, as JSON; a part of `types/index.ts`. */
import type { Text } from '../../../core/text/text.ts';
import type { Waiting } from './phone.ts';

/** `POST /_ctl/push`: any sample of `GET /_ctl/samples` with changes, as `trigger` takes them. */
export interface PushOrder extends Waiting {
  readonly type: string;
  /** The openid; the first follower by default. */
  readonly from?: string;
  readonly key?: string;
  /** Places with dots, and numbers for list members: `{"SendPicsInfo.Count":"2"}`. */
  readonly set?: Readonly<Record<string, string>>;
  readonly unset?: readonly string[];
}

/** `POST /_ctl/push`: a message of any kind, known or not, XML or JSON, sent as it is written. */
export interface RawPushOrder extends Waiting {
  readonly message: string;
}

export interface SampleView {
  readonly id: string;
  readonly kind: 'message' | 'event';
  readonly msg_type: string;
  readonly event: string | null;
  readonly title: Text;
}

export interface PushView {
  readonly id: number;
  /** The AppID, where the simulator has several accounts. */
  readonly account?: string;
  readonly at: string;
  readonly openid: string;
  /** The sample it was made of; of a message that was written out its `Event`, `MsgType` or `InfoType`. */
  readonly type: string;
  readonly msg_type: string;
  readonly event: string | null;
  readonly event_key: string | null;
  readonly state:
    | 'sending'
    /** An answer came with status 200; `valid` says whether the platform takes it. */
    | 'answered'
    /** Three attempts without an answer. */
    | 'failed'
    /** Never sent, see `skipped`. */
    | 'skipped';
  readonly skipped: 'no_server' | 'paused' | 'interrupted' | null;
  readonly mode: PushMode;
  readonly format: 'xml' | 'json';
  readonly plain: string;
  readonly attempts: readonly PushAttempt[];
  /** The answer, decrypted where it came encrypted; `null` where there is none or it cannot be opened. */
  readonly reply_text: string | null;
  readonly reply_encrypted: boolean;
  /** The passive reply in the answer, with names in snake_case; `null` for `success`, nothing, or no reply. */
  readonly reply: Readonly<Record<string, unknown>> | null;
  readonly valid: boolean | null;
  readonly problems: readonly ProblemView[];
  readonly user_sees: 'reply' | 'nothing' | 'unavailable';
}

export type PushMode = 'plain' | 'compat' | 'safe';

export interface PushAttempt {
  readonly at: string;
  readonly ms: number;
  /** With the signed query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As it was sent: in safe mode the ciphertext in its envelope. */
  readonly body: string;
  readonly signatures: readonly SignatureSteps[];
  /** `null` where none came. */
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  } | null;
  /** Why this is no answer; `null` for one with status 200. */
  readonly failure: ProblemView | null;
}

/** How a signature comes about, to be compared with the developer's own. The Token is masked unless asked for. */
export interface SignatureSteps {
  readonly name: 'signature' | 'msg_signature';
  /** In the order of the bytes. */
  readonly sorted: readonly {
    readonly name: 'token' | 'timestamp' | 'nonce' | 'encrypt';
    readonly value: string;
  }[];
  readonly joined: string;
  readonly sha1: string;
}

export interface ProblemView {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly text: Text;
  readonly hint: Text | null;
  readonly field: string | null;
}

/** 服务器配置 */
export interface CallbackView {
  /** `null`: no server is configured, and nothing is pushed. */
  readonly url: string | null;
  readonly token: string;
  readonly aes_key: string;
  readonly mode: PushMode;
  readonly format: 'xml' | 'json';
  /** After ten pushes in a row without an answer nothing is pushed until then. */
  readonly paused_until: string | null;
}

/** What is left out stays as it is; `"url":null` switches the server off. */
export interface CallbackChange {
  readonly url?: string | null;
  readonly token?: string;
  readonly aes_key?: string;
  readonly mode?: PushMode;
  readonly format?: 'xml' | 'json';
  /** Whether the server is asked first, as WeChat does; true by default. */
  readonly check?: boolean;
}

export interface CallbackSaved {
  readonly saved: boolean;
  /** What the console says: 提交成功, token验证失败, 请求URL超时. */
  readonly console_text: string;
  readonly callback: CallbackView;
  /** As `handshake probe` prints them; empty without a check. */
  readonly checks: readonly CheckView[];
}

export interface CheckView {
  readonly name: string;
  readonly status: 'pass' | 'fail' | 'warn' | 'skip';
  readonly cause: string | null;
  readonly text: Text;
  readonly hint: Text | null;
  readonly http_status: number | null;
  readonly ms: number | null;
}
