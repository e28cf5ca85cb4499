/** What a phone does and shows, as JSON; a part of `types/index.ts`. */
import type { Text } from '../../../core/text/text.ts';
import type { FollowerView } from './index.ts';
import type { PictureAlbum, TemplateCard } from './message.ts';
import type { PushView } from './push.ts';

/** All actions answer when their pushes have ended, unless `wait` is false: then at once, and events tell the rest. */
export interface Waiting {
  readonly wait?: boolean;
}

/** `GET /_ctl/chats/:openid` */
export interface ChatView {
  readonly follower: FollowerView;
  /** Oldest first, the last 200. */
  readonly messages: readonly ChatMessage[];
  /** The menu that this person sees; `null` where there is none. */
  readonly menu: readonly MenuButton[] | null;
  /** Until when the account may write（客服消息）; `null` where it may not. */
  readonly window_until: string | null;
  /** Until when the account is shown to be typing（客服输入状态）; `null` where it is not. */
  readonly typing_until: string | null;
}

/** A button as the platform stores it; a parent has `sub_button` with entries and no type. */
export interface MenuButton {
  readonly name: string;
  readonly type?: string;
  readonly key?: string;
  readonly url?: string;
  readonly media_id?: string;
  readonly article_id?: string;
  readonly appid?: string;
  readonly pagepath?: string;
  readonly sub_button: readonly MenuButton[];
}

export interface ChatMessage {
  /** Grows with time within one chat. */
  readonly id: number;
  readonly at: string;
  /** Who speaks; `system` is the grey line in the middle. */
  readonly from: 'person' | 'account' | 'system';
  /** How an account's message came. */
  readonly origin:
    'phone' | 'reply' | 'custom' | 'service' | 'menu' | 'platform' | 'template' | 'mass' | 'autoreply';
  /** The push behind it; `null` where there is none. */
  readonly push_id: number | null;
  readonly content: ChatContent;
}

/**
 * What a message shows. Texts are raw: the page must not take them for HTML (only `<a href>` in `text` is a link).
 * A `…_url` of media is a path of this simulator (`/_ctl/media/…`) with the content itself, or `null` where it has no
 * such media; what it has may be gone later (status 404). An article's `url` and `pic_url` are whole addresses.
 */
export type ChatContent =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'image';
      readonly media_id: string;
      /** `PicUrl` of a person's own picture. */
      readonly pic_url: string | null;
      readonly media_url: string | null;
    }
  | {
      readonly type: 'voice';
      readonly media_id: string;
      readonly recognition: string | null;
      /** Browsers play mp3 and wav, and no amr. */
      readonly media_url: string | null;
    }
  | {
      readonly type: 'video' | 'shortvideo';
      readonly media_id: string;
      readonly title: string;
      readonly description: string;
      readonly media_url: string | null;
      readonly thumb_url: string | null;
    }
  | {
      readonly type: 'music';
      readonly title: string;
      readonly description: string;
      readonly music_url: string;
      readonly hq_music_url: string;
      readonly thumb_media_id: string;
      readonly thumb_url: string | null;
    }
  | {
      readonly type: 'location';
      readonly latitude: string;
      readonly longitude: string;
      readonly scale: string;
      readonly label: string;
    }
  | { readonly type: 'link'; readonly title: string; readonly description: string; readonly url: string }
  | { readonly type: 'news'; readonly articles: readonly ArticleView[] }
  | {
      readonly type: 'miniprogrampage';
      readonly title: string;
      readonly appid: string;
      readonly pagepath: string;
      readonly thumb_media_id: string;
      readonly thumb_url: string | null;
    }
  | {
      readonly type: 'msgmenu';
      readonly head: string;
      /** A tap on one is `SendAction` with `{"type":"text","text":content,"msgmenu_id":id}`. */
      readonly list: readonly { readonly id: string; readonly content: string }[];
      readonly tail: string;
    }
  | TemplateCard
  | PictureAlbum
  /** Anything else that can be sent: its name and its fields. */
  | { readonly type: 'other'; readonly name: string; readonly fields: Readonly<Record<string, unknown>> }
  /** 该公众号提供的服务出现故障，请稍后再试 */
  | { readonly type: 'unavailable'; readonly text: string; readonly reason: Text; readonly hint: Text | null }
  | { readonly type: 'notice'; readonly text: Text };

export interface ArticleView {
  readonly title: string;
  readonly description: string;
  readonly pic_url: string;
  readonly url: string;
}

/** Nothing else: found by search. With a code: by scanning it. */
export interface FollowAction extends Waiting {
  readonly ticket?: string;
  readonly url?: string;
}

/** Exactly one of the two: the ticket of a code, or what the code contains. */
export interface ScanAction extends Waiting {
  readonly ticket?: string;
  readonly url?: string;
  /** Whether somebody who does not follow taps 关注; true by default. */
  readonly follow?: boolean;
}

/** A tap on a button of the menu that this person sees. */
export interface TapAction extends Waiting {
  /** Place in the menu from 0: `[1]`, or `[1, 0]` for the first sub-button of the second button. */
  readonly button: readonly number[];
  /** What a scancode_… button reads. */
  readonly scan_result?: string;
  readonly scan_type?: 'qrcode' | 'barcode';
  /** How many pictures a pic_… button sends: 1 to 9, and 1 for the camera. */
  readonly pictures?: number;
  /** Where a location_select button points. */
  readonly location?: Place;
}

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
  readonly scale?: number;
  readonly label?: string;
}

/**
 * A file that the person sends: a data URL (`data:image/png;base64,…`), within the platform's limits for its type. The
 * type of the URL does not matter, the content does.
 */
interface SentFile {
  /** Of media that the simulator has already. Without both it makes a small file of its own. */
  readonly media_id?: string;
  readonly data?: string;
}

/** A message of the person, by its type. What the `MediaId` of the push names can be downloaded with media/get. */
export type SendAction = Waiting &
  (
    | { readonly type: 'text'; readonly text: string; readonly msgmenu_id?: string }
    | ({ readonly type: 'image'; readonly pic_url?: string } & SentFile)
    | ({ readonly type: 'voice'; readonly recognition?: string } & SentFile)
    | ({ readonly type: 'video' | 'shortvideo' } & SentFile)
    | ({ readonly type: 'location' } & Place)
    | { readonly type: 'link'; readonly title: string; readonly description?: string; readonly url: string }
    | {
        readonly type: 'miniprogrampage';
        readonly title: string;
        readonly appid?: string;
        readonly pagepath?: string;
      }
  );

/** 上报地理位置 */
export interface LocationReport extends Waiting {
  readonly latitude: number;
  readonly longitude: number;
  readonly precision?: number;
}

export interface PhoneResult {
  readonly outcome:
    | 'done'
    /** Follows already, or does not: nothing happened. */
    | 'no_change'
    /** The code is past its life: the phone says so. */
    | 'code_expired'
    /** The code is none of this account's. */
    | 'code_unknown'
    /** A parent opened its sub-menu. */
    | 'sub_menu';
  /** What the phone says or opens; `null` where it only goes on. */
  readonly notice: Text | null;
  readonly opened: string | null;
  /** In the order they were sent; with `"wait":false` as they are so far. */
  readonly pushes: readonly PushView[];
  readonly messages: readonly ChatMessage[];
}
