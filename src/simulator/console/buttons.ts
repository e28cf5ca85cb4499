/** What a tap on a menu button does, by its type（自定义菜单事件推送）. */
import { own } from '../../core/json-value.ts';
import type { FieldValue } from '../../core/fields.ts';
import type { Text } from '../../core/text.ts';
import type { Random } from '../../io/ports.ts';
import type { ChatContent } from '../console-types.ts';
import { randomBase64Url, randomHex } from '../random-text.ts';
import { refuse } from './input.ts';
import type { Tap } from './phone-input.ts';

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
  /** What the platform itself sends. */
  readonly shows?: ChatContent;
}

interface Menu {
  readonly menuId: number;
  readonly button: readonly unknown[];
}

interface Tapped {
  readonly tap: Tap;
  readonly menuId: number;
  readonly random: Random;
  /** A field of the button as text; empty where it has none. */
  readonly field: (name: string) => string;
}

const nothing: Step = { pushes: [], opensWindow: false, isParent: false };

/** Throws an input error for a place where there is no button. */
export function tapButton({ menuId, button }: Menu, tap: Tap, random: Random): Step {
  const found = find(button, tap.button);
  const children = own(found, 'sub_button');
  if (Array.isArray(children) && children.length > 0) return { ...nothing, isParent: true };
  const field = (name: string): string => {
    const text = own(found, name);
    return typeof text === 'string' ? text : '';
  };
  const perform = types[field('type')];
  return perform === undefined ? nothing : { ...nothing, ...perform({ tap, menuId, random, field }) };
}

function find(buttons: readonly unknown[], [first = -1, second]: readonly number[]): unknown {
  const top = buttons[first];
  const children = own(top, 'sub_button');
  const found =
    second === undefined ? top : Array.isArray(children) ? (children[second] as unknown) : undefined;
  if (found !== undefined) return found;
  return refuse(
    {
      en: `There is no button at [${[first, second].filter((place) => place !== undefined).join(', ')}]`,
      zh: `位置 [${[first, second].filter((place) => place !== undefined).join(', ')}] 没有按钮`,
    },
    'no_button',
  );
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
    notice: {
      en: `The mini program ${field('appid')} opens: ${field('pagepath')}`,
      zh: `打开小程序 ${field('appid')}：${field('pagepath')}`,
    },
  }),
  scancode_push: (tapped) => {
    const { result } = tapped.tap.scan;
    const isLink = /^https?:\/\//i.test(result);
    return {
      ...scan('menu_scancode_push', tapped),
      ...(isLink ? { opens: result } : {}),
      notice: { en: `Scanned: ${result}`, zh: `扫码结果：${result}` },
    };
  },
  scancode_waitmsg: (tapped) => ({
    ...scan('menu_scancode_waitmsg', tapped),
    notice: { en: 'Receiving message', zh: '消息接收中' },
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
  media_id: ({ field }) => ({ shows: { type: 'image', media_id: field('media_id'), pic_url: null } }),
  article_id: ({ field }) => ({ shows: article(field('article_id')) }),
  view_limited: ({ field }) => ({ notice: opensArticle(field('media_id')) }),
  article_view_limited: ({ field }) => ({ notice: opensArticle(field('article_id')) }),
  // What only the web console makes: the platform answers by itself.
  text: ({ field }) => ({ shows: { type: 'text', text: field('value') } }),
  img: ({ field }) => ({ shows: { type: 'image', media_id: field('value'), pic_url: null } }),
  photo: ({ field }) => ({ shows: { type: 'image', media_id: field('value'), pic_url: null } }),
  voice: ({ field }) => ({ shows: { type: 'voice', media_id: field('value'), recognition: null } }),
  video: ({ field }) => ({
    shows: { type: 'video', media_id: field('value'), title: '', description: '' },
  }),
  news: ({ field }) => ({ shows: article(field('value')) }),
};

function scan(sampleId: string, { tap, field }: Tapped): Pick<Step, 'pushes' | 'opensWindow'> {
  const info = { ScanType: tap.scan.type, ScanResult: tap.scan.result };
  return {
    pushes: [{ sampleId, changes: { EventKey: field('key'), ScanCodeInfo: info } }],
    opensWindow: true,
  };
}

/** The event with the sums of the pictures, and then each picture as a message. */
function pictures(sampleId: string, { tap, field, random }: Tapped): Pick<Step, 'pushes'> {
  const sums = Array.from({ length: tap.pictures }, () => randomHex(random, 32));
  const info = {
    Count: String(sums.length),
    PicList: { item: sums.map((sum) => ({ PicMd5Sum: sum })) },
  };
  const images = sums.map(() => ({ sampleId: 'image', changes: inventedPicture(random) }));
  return {
    pushes: [{ sampleId, changes: { EventKey: field('key'), SendPicsInfo: info } }, ...images],
  };
}

/** A picture that nobody took: its address leads nowhere. */
export function inventedPicture(random: Random): Readonly<Record<'PicUrl' | 'MediaId', string>> {
  return {
    PicUrl: `http://mmbiz.qpic.cn/mmbiz_jpg/${randomBase64Url(random, 40)}/0`,
    MediaId: randomBase64Url(random, 64),
  };
}

function article(id: string): ChatContent {
  return { type: 'other', name: 'article', fields: { article_id: id } };
}

function opensArticle(id: string): Text {
  return { en: `The article ${id} opens`, zh: `打开图文 ${id}` };
}
