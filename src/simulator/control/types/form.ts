/** The API form, the log and the JS-SDK check, as JSON; a part of `types/index.ts`. */
import type { Text } from '../../../core/text/text.ts';
import type { RequestRecord } from './request.ts';

/** A call of the catalogue for the form（接口调试）. */
export interface CatalogueEntry {
  readonly group: string;
  readonly name: string;
  readonly title: Text;
  readonly method: string;
  readonly path: string;
  /** Names of query parameters; `name=value` is a fixed one. `access_token` is filled in. */
  readonly query: readonly string[];
  readonly body: 'json' | 'multipart' | null;
  readonly body_example: unknown;
  readonly response_example: unknown;
  readonly needs_token: boolean;
  /** How often it may be called, as WeChat's pages name it. */
  readonly daily_quota: number | null;
  readonly monthly_quota: number | null;
  /** Address of the official page, where it is known. */
  readonly doc: string | null;
  readonly simulated: boolean;
  /** How the form fills fields in, by their names. */
  readonly fills: Readonly<Record<string, FormFill>>;
  readonly upload: FormUpload | null;
}

/** What a form has in a field beforehand. */
export type FormFill =
  | { readonly value: string }
  /** What the newest good answer of one of these calls has in a member. */
  | { readonly answer: string; readonly of: readonly string[] }
  /** What the account has: the tag or the template that was made last, or the first template of a kind. */
  | { readonly known: 'tag' | 'newest_template' | 'template' | 'subscription_template' | 'one_time_template' }
  | { readonly left_out: true };

export interface FormUpload {
  readonly part: string;
  readonly accept: string;
  readonly text?: { readonly part: string; readonly example: unknown; readonly hint: Text };
}

/**
 * `POST /_ctl/call`: a call through the form. The token is filled in where `query` has no `access_token`. One that uploads a file comes as
 * `multipart/form-data`: this as JSON in the part `call`, without `body`; the other parts are sent as they are.
 */
export interface ApiCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** A value is sent as JSON in raw UTF-8, a text as it is. */
  readonly body?: unknown;
  /** False sends no token; true by default. */
  readonly token?: boolean;
}

export interface ApiAnswer {
  readonly request: RequestRecord;
  /** `null` where the connection was dropped without an answer. */
  readonly status: number | null;
  readonly content_type: string;
  /** A JSON value, a text, or for pictures, sounds and films of at most 1 MB a `data:` URL. */
  readonly body: unknown;
  readonly errcode: number | null;
  /** What the errcode means and what to do; `null` for success. */
  readonly explanation: { readonly meaning: Text; readonly hint: Text | null } | null;
}

/** One call of the log with what the list leaves out. */
export interface RequestDetail extends RequestRecord {
  readonly url: string;
  readonly request_headers: Readonly<Record<string, string>>;
  /** As text, bounded; `null` where there was none or it is binary. */
  readonly request_body: string | null;
  readonly response_headers: Readonly<Record<string, string>>;
  /** What the errcode means and what to do; `null` for success. */
  readonly explanation: ApiAnswer['explanation'];
  /** The call as one line for a shell. */
  readonly curl: string;
  /** Whether `again` can send it: a body of more than 16 KB is not kept. */
  readonly repeatable: boolean;
}

/** `POST /_ctl/jssdk`: the argument of `wx.config` and the page it was called on, in the spelling of the JS-SDK. */
export interface JssdkCall {
  readonly appId: string;
  readonly timestamp: number | string;
  readonly nonceStr: string;
  readonly signature: string;
  /** `location.href`, with its fragment. */
  readonly url: string;
}

export interface JssdkVerdict {
  readonly ok: boolean;
  /** As the JS-SDK says it: `config:ok`, `config:invalid signature` … */
  readonly err_msg: string;
  /** The mistake where it is a known one: `fragment_kept` … */
  readonly mistake: string | null;
  readonly text: Text;
  readonly hint: Text | null;
  /** What had to be hashed, with the ticket masked. */
  readonly string1: string | null;
}

/** `GET /_ctl/test[?secrets=show]`: what has been done since the start, as a test for Vitest. */
export interface SavedTest {
  readonly steps: number;
  /** The whole file. Token and EncodingAESKey in it are shortened unless they are asked for. */
  readonly code: string;
}

export interface ScenarioView {
  readonly name: string;
  readonly text: Text;
}
