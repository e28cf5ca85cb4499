/** Templates, subscriptions, mass messages, automatic replies and publications, as JSON; a part of `types/index.ts`. */
import type { Waiting } from './phone.ts';

/** A message made of a template: 模板消息, 订阅通知 or 一次性订阅消息. */
export interface TemplateCard {
  readonly type: 'template';
  readonly kind: 'template' | 'subscription' | 'one_time';
  readonly template_id: string;
  readonly title: string;
  /** In the order of the template; `label` is empty for a line that is only a value (`first`, `remark`). */
  readonly lines: readonly {
    readonly label: string;
    readonly value: string;
    /** `#RRGGBB`; `null` for the ordinary one. */
    readonly color: string | null;
  }[];
  /** What a tap opens; `null` for nothing. */
  readonly url: string | null;
  /** Opens in the place of `url`. */
  readonly miniprogram: { readonly appid: string; readonly pagepath: string } | null;
}

/** Several pictures in one mass message, with its words. */
export interface PictureAlbum {
  readonly type: 'album';
  /** `media_url` as in `ChatContent`. */
  readonly pictures: readonly { readonly media_id: string; readonly media_url: string | null }[];
  readonly text: string;
}

/** `GET /_ctl/templates`: what the account can send now. Each `template_id` works at once. */
export interface TemplatesView {
  readonly template: readonly TemplateView[];
  readonly subscription: readonly (TemplateView & {
    /** `one_time`: an accept is good for one message; `long_term`: until it is taken back. */
    readonly lasts: 'one_time' | 'long_term';
  })[];
  readonly one_time: { readonly template_id: string };
}

export interface TemplateView {
  readonly template_id: string;
  readonly title: string;
  /** With `{{thing1.DATA}}` where values go. */
  readonly content: string;
  /** The names in `content`: `["thing1"]`. */
  readonly keywords: readonly string[];
}

/**
 * A person answers the pop-up of 订阅通知, or changes the settings of the account. At least one of
 * `accept`, `reject` and `one_time_scene` is there.
 */
export interface SubscribeAction extends Waiting {
  readonly accept?: readonly string[];
  readonly reject?: readonly string[];
  /**
   * Where it happens: the pop-up of a web page (by default) or of an article, which pushes `subscribe_msg_popup_event`;
   * or the settings of the account, which push `subscribe_msg_change_event` for what is rejected there.
   */
  readonly where?: 'page' | 'article' | 'settings';
  /** 一次性订阅消息: the person allows one message of this scene (0 to 10000), without the page `/mp/subscribemsg`. */
  readonly one_time_scene?: number;
}

/** `GET /_ctl/chats/:openid/subscriptions`: one per subscription template about which the person was asked. */
export interface SubscriptionView {
  readonly template_id: string;
  readonly status: 'accept' | 'reject';
  /** How many messages may still be sent; `null` without end. */
  readonly left: number | null;
}

/**
 * `POST /_ctl/outcomes`: what becomes of the next messages that the platform accepts. Exactly one of the first three.
 * `GET` lists what waits, oldest first.
 */
export interface OutcomeOrder {
  /** `Status` of TEMPLATESENDJOBFINISH. */
  readonly template?: 'failed: system failed' | 'failed:user block';
  /**
   * `Status` of MASSSENDJOBFINISH: `send fail` or an `err(…)` of the platform. `reprint`: the originality check（原创校验）
   * finds one, and `send_ignore_reprint` decides. `hold`: it stays SENDING until `POST /_ctl/mass/:msg_id`.
   */
  readonly mass?: string;
  /** How freepublish/submit ends. `hold`: it stays in progress until `POST /_ctl/publications/:publish_id`. */
  readonly publish?: 'not_original' | 'failed' | 'refused' | 'hold';
  /** How many in a row, 1 by default. */
  readonly times?: number;
}

/** `GET /_ctl/mass`: the mass messages, oldest first. */
export interface MassView {
  readonly msg_id: number;
  readonly at: string;
  readonly status: 'SENDING' | 'SEND_SUCCESS' | 'SEND_FAIL' | 'DELETE';
  readonly type: string;
  readonly client_msg_id: string | null;
  readonly total_count: number;
  readonly filter_count: number;
  readonly sent_count: number;
  readonly error_count: number;
}

/**
 * `POST /_ctl/autoreply`（自动回复）, in the shape of get_current_autoreply_info; `{}` takes all replies away. What is
 * answered is shown only while no server is configured: on the platform either excludes the other.
 */
export interface AutoReplyInfo {
  readonly is_add_friend_reply_open: 0 | 1;
  readonly is_autoreply_open: 0 | 1;
  readonly add_friend_autoreply_info?: AutoReply;
  readonly message_default_autoreply_info?: AutoReply;
  readonly keyword_autoreply_info?: { readonly list: readonly KeywordRule[] };
}

/** `content` is the words, the media id, or the address of a video. */
export interface AutoReply {
  readonly type: 'text' | 'img' | 'voice' | 'video';
  readonly content: string;
}

export interface KeywordRule {
  readonly rule_name: string;
  /** Unix seconds; the time of saving by default. */
  readonly create_time: number;
  readonly reply_mode: 'reply_all' | 'random_one';
  readonly keyword_list_info: readonly {
    readonly type: 'text';
    readonly match_mode: 'contain' | 'equal';
    readonly content: string;
  }[];
  readonly reply_list_info: readonly (AutoReply | NewsReply)[];
}

export interface NewsReply {
  readonly type: 'news';
  readonly content?: string;
  readonly news_info: { readonly list: readonly AutoReplyArticle[] };
}

export interface AutoReplyArticle {
  readonly title: string;
  readonly author: string;
  readonly digest: string;
  readonly show_cover: 0 | 1;
  readonly cover_url: string;
  readonly content_url: string;
  readonly source_url: string;
}

/** `GET /_ctl/publications`, oldest first: what freepublish/submit has begun, with what became of it. */
export interface PublicationView {
  readonly publish_id: string;
  /** When it was submitted, and then when it changed last. */
  readonly at: string;
  /**
   * `publish_status` in words. One that is `publishing` waits for `POST /_ctl/publications/:publish_id` with
   * `{"status":"success"}`, `not_original`, `failed` or `refused`, which push PUBLISHJOBFINISH; one with `success` can be
   * `banned`.
   */
  readonly status: 'success' | 'publishing' | 'not_original' | 'failed' | 'refused' | 'deleted' | 'banned';
  readonly draft_media_id: string;
  /** `null` before its articles are out. */
  readonly article_id: string | null;
  readonly articles: readonly {
    readonly title: string;
    readonly url: string;
    readonly is_deleted: boolean;
    readonly reads: number;
  }[];
}

/** `GET /_ctl/kf_sessions`（客服会话）: people who wait for customer service, and those who are served. */
export interface ServiceSessionView {
  readonly openid: string;
  /** `null` for somebody who waits. */
  readonly kf_account: string | null;
  /** The only account that may take somebody who waits; `null` for any. */
  readonly wanted: string | null;
  /** When they wrote last, or since when they are served. */
  readonly at: string;
  /** What they wrote last: the text, or the kind of message in brackets; `null` where the chat has forgotten it. */
  readonly said: string | null;
}

/** `POST /_ctl/kf_sessions`: what a worker does, exactly one of the three. */
export interface ServiceSessionAction {
  readonly openid: string;
  /** Takes the person (`kf_create_session`); somebody who is served by another is handed over (`kf_switch_session`). */
  readonly kf_account?: string;
  /** Appears in the chat. */
  readonly say?: string;
  /** Ends the session (`kf_close_session`). */
  readonly close?: true;
}

/** `GET /_ctl/comments`: articles that are out, published or sent, with what people wrote under them（留言）. */
export interface CommentedArticle {
  readonly msg_data_id: number;
  /** From 0. */
  readonly index: number;
  readonly title: string;
  /** Whether it takes comments. */
  readonly open: boolean;
  readonly followers_only: boolean;
  /** Newest first. */
  readonly comments: readonly {
    readonly user_comment_id: number;
    readonly openid: string;
    readonly at: string;
    readonly content: string;
    /** 精选 */
    readonly elected: boolean;
    readonly reply: string | null;
  }[];
}

/** Somebody comments on an article, named by its address or its id; or deletes a comment of their own. */
export type CommentAction = Waiting &
  (
    | { readonly url: string; readonly content: string }
    | { readonly msg_data_id: number | string; readonly index?: number; readonly content: string }
    | { readonly delete: number }
  );

/** `POST /_ctl/migrations`（账号迁移）: people of another account follow this one from now on, as changeopenid tells. */
export interface MigrationView {
  readonly from_appid: string;
  readonly at: string;
  readonly people: readonly { readonly ori_openid: string; readonly new_openid: string }[];
}
