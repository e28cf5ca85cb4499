/** What a tap on a menu button does, by its type（自定义菜单事件推送）. */
import { createHash } from 'node:crypto';
import { own } from '../../../core/text/json-value.ts';
import type { FieldValue } from '../../../core/message/index.ts';
import type { Text } from '../../../core/text/text.ts';
import type { ChatContent } from '../types/index.ts';
import { refuse } from '../input.ts';
import type { PhoneMedia } from './media.ts';
import type { Tap } from './input.ts';
import { miniProgramOpens, noButton, nothingComes, receivingMessage, scanned } from './texts.ts';

export interface Step {
  readonly pushes: readonly {
    readonly sampleId: string;
    readonly changes: Readonly<Record<string, FieldValue>>;
  }[];
  /** Quirk: only click and the two scancode types let the account write（客服消息）. */
  readonly opensWindow: boolean;
  readonly isParent: boolean;
  readonly opens?: string | undefined;
  readonly notice?: Text;
  readonly shows?: ChatContent;
}

interface Menu {
  readonly menuId: number;
  readonly button: readonly unknown[];
}

interface Tapped {
  readonly tap: Tap;
  readonly menuId: number;
  readonly media: PhoneMedia;
  /** A field of the button as text; empty where it has none. */
  readonly field: (name: string) => string;
}

const nothing: Step = { pushes: [], opensWindow: false, isParent: false };

/** Throws an input error for a place where there is no button. */
export function tapButton({ menuId, button }: Menu, tap: Tap, media: PhoneMedia): Step {
  const found = find(button, tap.button);
  const children = own(found, 'sub_button');
  if (Array.isArray(children) && children.length > 0) return { ...nothing, isParent: true };
  const field = (name: string): string => {
    const text = own(found, name);
    return typeof text === 'string' ? text : '';
  };
  const perform = types[field('type')];
  return perform === undefined ? nothing : { ...nothing, ...perform({ tap, menuId, media, field }) };
}

function find(buttons: readonly unknown[], [first = -1, second]: readonly number[]): unknown {
  const top = buttons[first];
  const children = own(top, 'sub_button');
  let found = top;
  if (second !== undefined) found = Array.isArray(children) ? children[second] : undefined;
  if (found !== undefined) return found;
  return refuse(noButton([first, second].filter((place) => place !== undefined).join(', ')), 'no_button');
}

const types: Readonly<Record<string, (tapped: Tapped) => Partial<Step>>> = {
  click: ({ field }) => ({
    pushes: [{ sampleId: 'menu_click', changes: { EventKey: field('key') } }],
    opensWindow: true,
  }),
  view: ({ field, menuId }) => ({
    pushes: [{ sampleId: 'menu_view', changes: { EventKey: field('url'), MenuId: String(menuId) } }],
    opens: field('url'),
  }),
  miniprogram: ({ field, menuId }) => ({
    pushes: [
      {
        sampleId: 'menu_view_miniprogram',
        changes: { EventKey: field('pagepath'), MenuId: String(menuId) },
      },
    ],
    notice: miniProgramOpens(field('appid'), field('pagepath')),
  }),
  scancode_push: (tapped) => {
    const { result } = tapped.tap.scan;
    const isLink = /^https?:\/\//i.test(result);
    return {
      ...scan('menu_scancode_push', tapped),
      ...(isLink ? { opens: result } : {}),
      notice: scanned(result),
    };
  },
  scancode_waitmsg: (tapped) => ({
    ...scan('menu_scancode_waitmsg', tapped),
    notice: receivingMessage,
  }),
  pic_sysphoto: (tapped) => pictures('menu_pic_sysphoto', { ...tapped, tap: { ...tapped.tap, pictures: 1 } }),
  pic_photo_or_album: (tapped) => pictures('menu_pic_photo_or_album', tapped),
  pic_weixin: (tapped) => pictures('menu_pic_weixin', tapped),
  location_select: ({ tap, field }) => {
    const { latitude, longitude, scale, label } = tap.location;
    const place = { Location_X: latitude, Location_Y: longitude, Scale: scale, Label: label };
    return {
      pushes: [
        {
          sampleId: 'menu_location_select',
          changes: { EventKey: field('key'), SendLocationInfo: { ...place, Poiname: '' } },
        },
        { sampleId: 'location', changes: place },
      ],
    };
  },
  media_id: (tapped) => sends(tapped, 'media_id'),
  article_id: (tapped) => sendsArticles(tapped, 'article_id'),
  // Quirk: articles among the permanent media are gone since there are drafts, and the button with them.
  view_limited: ({ field }) => ({ notice: isMissing(field('media_id')) }),
  article_view_limited: ({ field, media }) => {
    const [article] = media.articles(field('article_id')) ?? [];
    if (article === undefined) return { notice: isMissing(field('article_id')) };
    return { opens: article.url };
  },
  // What only the web console makes: the platform answers by itself.
  text: ({ field }) => ({ shows: { type: 'text', text: field('value') } }),
  img: (tapped) => sends(tapped, 'value'),
  photo: (tapped) => sends(tapped, 'value'),
  voice: (tapped) => sends(tapped, 'value'),
  video: (tapped) => sends(tapped, 'value'),
  news: (tapped) => sendsArticles(tapped, 'value'),
};

function sends({ field, media }: Tapped, name: string): Partial<Step> {
  const content = media.sent(field(name));
  return content === undefined ? { notice: isMissing(field(name)) } : { shows: content };
}

function sendsArticles({ field, media }: Tapped, name: string): Partial<Step> {
  const articles = media.articles(field(name)) ?? [];
  return articles.length === 0 ? { notice: isMissing(field(name)) } : { shows: { type: 'news', articles } };
}

function scan(sampleId: string, { tap, field }: Tapped): Pick<Step, 'pushes' | 'opensWindow'> {
  const info = { ScanType: tap.scan.type, ScanResult: tap.scan.result };
  return {
    pushes: [{ sampleId, changes: { EventKey: field('key'), ScanCodeInfo: info } }],
    opensWindow: true,
  };
}

/** The event with the sums of the pictures, and then each picture as a message. */
function pictures(sampleId: string, { tap, field, media }: Tapped): Pick<Step, 'pushes'> {
  const taken = Array.from({ length: tap.pictures }, () => media.picture());
  const info = {
    Count: String(taken.length),
    PicList: {
      item: taken.map(({ bytes }) => ({ PicMd5Sum: createHash('md5').update(bytes).digest('hex') })),
    },
  };
  const images = taken.map((picture) => ({
    sampleId: 'image',
    changes: { PicUrl: media.pictureAddress(picture), MediaId: picture.mediaId },
  }));
  return {
    pushes: [{ sampleId, changes: { EventKey: field('key'), SendPicsInfo: info } }, ...images],
  };
}

/** Whether the platform refuses such a button when the menu is made is not settled; here it is the tap that tells. */
function isMissing(id: string): Text {
  return nothingComes(id);
}
