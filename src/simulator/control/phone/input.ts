/** Reading what a phone is told to do. */
import {
  checkKeys,
  numberWithin,
  optionalChoice,
  optionalFlag,
  optionalText,
  refuse,
  requiredText,
  type Body,
} from '../input.ts';
import type { PhoneMedia } from './media.ts';
import { buttonForm, codeForm, picturesRange } from './texts.ts';

/** As the wire writes a place. */
interface WirePlace {
  readonly latitude: string;
  readonly longitude: string;
  readonly scale: string;
  readonly label: string;
}

export interface Tap {
  /** From 0: the button, and the sub-button. */
  readonly button: readonly number[];
  readonly scan: { readonly type: string; readonly result: string };
  readonly pictures: number;
  readonly location: WirePlace;
}

const maxPictures = 9;
const somewhere = { latitude: 23.134521, longitude: 113.358803, scale: 15, label: '广州市海珠区' };

export interface WantedCode {
  readonly ticket?: string;
  readonly url?: string;
}

export function readCode(body: Body): WantedCode {
  checkKeys(body, ['ticket', 'url', 'follow', 'wait']);
  optionalFlag(body, 'follow');
  const [ticket, url] = [optionalText(body, 'ticket'), optionalText(body, 'url')];
  if (ticket !== undefined && url === undefined) return { ticket };
  if (url !== undefined && ticket === undefined) return { url };
  return refuse(codeForm);
}

/** The code of `follow`, which can do without. */
export function readOptionalCode(body: Body): WantedCode | undefined {
  checkKeys(body, ['ticket', 'url', 'wait']);
  return body['ticket'] === undefined && body['url'] === undefined ? undefined : readCode(body);
}

export function readTap(body: Body): Tap {
  checkKeys(body, ['button', 'scan_result', 'scan_type', 'pictures', 'location', 'wait'], ['button']);
  const { button, pictures = 1, location = somewhere } = body;
  if (!Array.isArray(button) || ![1, 2].includes(button.length) || !button.every(isIndex)) refuse(buttonForm);
  if (!isIndex(pictures) || pictures < 1 || pictures > maxPictures) refuse(picturesRange(maxPictures));
  return {
    button,
    scan: {
      type: optionalChoice(body, 'scan_type', ['qrcode', 'barcode']) ?? 'qrcode',
      result: optionalText(body, 'scan_result') ?? 'https://example.com/',
    },
    pictures,
    location: readPlace(location),
  };
}

function isIndex(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 100;
}

function readPlace(value: unknown): WirePlace {
  const place = (typeof value === 'object' && value !== null ? value : {}) as Body;
  return {
    latitude: String(numberWithin(place['latitude'], 'latitude', -90, 90)),
    longitude: String(numberWithin(place['longitude'], 'longitude', -180, 180)),
    scale: String(numberWithin(place['scale'] ?? somewhere.scale, 'scale', 1, 30)),
    label: optionalText(place, 'label') ?? '',
  };
}

/** 上报地理位置: numbers as the wire writes them. */
export function readLocationReport(body: Body): Readonly<Record<string, string>> {
  checkKeys(body, ['latitude', 'longitude', 'precision', 'wait'], ['latitude', 'longitude']);
  return {
    Latitude: numberWithin(body['latitude'], 'latitude', -90, 90).toFixed(6),
    Longitude: numberWithin(body['longitude'], 'longitude', -180, 180).toFixed(6),
    Precision: numberWithin(body['precision'] ?? 65, 'precision', 0, 100_000).toFixed(6),
  };
}

interface MessageAction {
  readonly sampleId: string;
  readonly changes: Readonly<Record<string, string | undefined>>;
}

type Reader = {
  readonly keys: readonly string[];
  readonly required?: readonly string[];
  readonly read: (body: Body, media: PhoneMedia) => MessageAction['changes'];
};

const video: Reader = {
  keys: ['media_id', 'data'],
  read: (body, media) => {
    const sent = media.video(body);
    return { MediaId: sent.video.mediaId, ThumbMediaId: sent.cover.mediaId };
  },
};

const messages = {
  text: {
    keys: ['text', 'msgmenu_id'],
    required: ['text'],
    read: (body) => ({
      Content: requiredText(body, 'text'),
      bizmsgmenuid: optionalText(body, 'msgmenu_id'),
    }),
  },
  image: {
    keys: ['media_id', 'pic_url', 'data'],
    read: (body, media) => {
      const address = optionalText(body, 'pic_url');
      const picture = media.picture(body);
      return { PicUrl: address ?? media.pictureAddress(picture), MediaId: picture.mediaId };
    },
  },
  voice: {
    keys: ['media_id', 'recognition', 'data'],
    read: (body, media) => {
      const recognition = optionalText(body, 'recognition');
      const { voice, wide } = media.voice(body);
      return {
        MediaId: voice.mediaId,
        Format: voice.contentType === 'audio/mp3' ? 'mp3' : 'amr',
        MediaId16K: wide.mediaId,
        Recognition: recognition,
      };
    },
  },
  video,
  shortvideo: video,
  location: {
    keys: ['latitude', 'longitude', 'scale', 'label'],
    required: ['latitude', 'longitude'],
    read: (body) => {
      const { latitude, longitude, scale, label } = readPlace(body);
      return { Location_X: latitude, Location_Y: longitude, Scale: scale, Label: label };
    },
  },
  link: {
    keys: ['title', 'description', 'url'],
    required: ['title', 'url'],
    read: (body) => ({
      Title: requiredText(body, 'title'),
      Description: optionalText(body, 'description') ?? '',
      Url: requiredText(body, 'url'),
    }),
  },
  miniprogrampage: {
    keys: ['title', 'appid', 'pagepath'],
    required: ['title'],
    read: (body, media) => {
      const fields = {
        Title: requiredText(body, 'title'),
        AppId: optionalText(body, 'appid') ?? 'wx0000000000000000',
        PagePath: optionalText(body, 'pagepath') ?? 'pages/index/index',
      };
      const cover = media.picture();
      return { ...fields, ThumbUrl: media.pictureAddress(cover), ThumbMediaId: cover.mediaId };
    },
  },
} as const satisfies Readonly<Record<string, Reader>>;

export function readMessageAction(body: Body, media: PhoneMedia): MessageAction {
  const types = Object.keys(messages) as (keyof typeof messages)[];
  const type = optionalChoice(body, 'type', types) ?? 'text';
  const { keys, required, read }: Reader = messages[type];
  checkKeys(body, ['type', ...keys, 'wait'], required);
  return { sampleId: type, changes: read(body, media) };
}
