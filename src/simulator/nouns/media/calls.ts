/** 素材管理: temporary media, permanent media, and the pictures inside articles. */
import { isObject, own } from '../../../core/text/json-value.ts';
import type { Call } from '../../server/call.ts';
import { get, inBody, inQuery, post, upload } from '../../server/endpoint.ts';
import { downloadAnswer, pictureAddress, videoAddress } from './view.ts';
import { checkArticlePicture, checkMediaType, checkUpload } from './rules.ts';
import type { Part } from '../../server/multipart.ts';
import { pageRange } from '../../server/wire.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import type { MediaKind, Medium } from './state.ts';

/** What the form offers; what the file is, its first bytes say. */
const accept = 'image/*,audio/*,video/*,.amr';
const newestMedium = { media_id: { answer: 'media_id', of: ['/cgi-bin/media/upload'] } } as const;
const newestMaterial = { media_id: { answer: 'media_id', of: ['/cgi-bin/material/add_material'] } } as const;

export const calls = [
  post('/cgi-bin/media/upload', {
    reads: { ...inQuery('type'), ...upload('media', { accept }) },
    fills: { type: { value: 'image' } },
    answer(fields, { media }) {
      const type = checkMediaType(fields.type);
      const checked = checkUpload(type, uploadOf(fields), 'temporary');
      const { mediaId, createdAtMs } = media.addTemporary(type, checked);
      const id = type === 'thumb' ? { thumb_media_id: mediaId } : { media_id: mediaId };
      return { type, ...id, created_at: Math.floor(createdAtMs / 1000) };
    },
  }),
  get('/cgi-bin/media/get', {
    reads: inQuery('media_id'),
    fills: newestMedium,
    answer({ media_id: id }, { media }, { origin }) {
      const medium = found(media.findTemporary(idOf(id)));
      // Quirk: a video is not sent, only its address.
      if (medium.type === 'video') return { video_url: videoAddress(origin, medium) };
      return downloadAnswer(medium);
    },
  }),
  get('/cgi-bin/media/get/jssdk', {
    reads: inQuery('media_id'),
    answer({ media_id: id }, { media }) {
      const voice = found(media.findTemporary(idOf(id)));
      if (voice.isOfJssdk !== true) throw new Refusal(40007);
      return downloadAnswer({ ...voice, bytes: silentSpeex, contentType: 'voice/speex', fileName: '.speex' });
    },
  }),
  post('/cgi-bin/media/uploadimg', {
    reads: upload('media', { accept: 'image/png,image/jpeg' }),
    answer: (fields, { media }, { origin }) => ({
      url: pictureAddress(origin, media.addArticlePicture(checkArticlePicture(uploadOf(fields)))),
    }),
  }),
  post('/cgi-bin/material/add_material', {
    reads: {
      ...inQuery('type'),
      ...upload('media', {
        accept,
        text: {
          part: 'description',
          example: { title: 'VIDEO_TITLE', introduction: 'INTRODUCTION' },
          hint: { en: 'Only with type=video', zh: '仅 type=video 时需要' },
        },
      }),
    },
    fills: { type: { value: 'image' } },
    answer(fields, { media }, call) {
      const type = checkMediaType(fields.type);
      const checked = checkUpload(type, uploadOf(fields), 'permanent');
      const medium = media.addPermanent(type, checked, type === 'video' ? wordsOf(call) : undefined);
      const hasAddress = type === 'image' || type === 'thumb';
      return { media_id: medium.mediaId, ...(hasAddress && { url: pictureAddress(call.origin, medium) }) };
    },
  }),
  post('/cgi-bin/material/get_material', {
    reads: inBody('media_id'),
    fills: newestMaterial,
    answer({ media_id: id }, { media }, { origin }) {
      const medium = found(media.findPermanent(idOf(id)));
      if (medium.type !== 'video') return downloadAnswer(medium);
      const { title, introduction } = medium;
      return { title, description: introduction, down_url: videoAddress(origin, medium) };
    },
  }),
  post('/cgi-bin/material/del_material', {
    reads: inBody('media_id'),
    fills: newestMaterial,
    answer({ media_id: id }, { media, menu }) {
      const mediaId = idOf(id);
      if (menu.names(mediaId)) throw new Refusal(48005);
      media.delete(mediaId);
    },
  }),
  get('/cgi-bin/material/get_materialcount', {
    answer: (_, { media }) => ({
      voice_count: media.count('voice'),
      video_count: media.count('video'),
      image_count: media.count('image'),
      // Articles are drafts today; nothing makes permanent ones.
      news_count: 0,
    }),
  }),
  post('/cgi-bin/material/batchget_material', {
    reads: inBody('type', 'offset', 'count'),
    answer(fields, platform, { origin }) {
      const media = listOf(platform, fields.type);
      const items = pageRange(media, fields).map((medium) => formatItem(medium, origin));
      return { total_count: media.length, item_count: items.length, item: items };
    },
  }),
];

/** A second in which nothing is said: fifty frames without a signal in either band, with an end each. */
const silentSpeex = new Uint8Array(Array.from({ length: 50 }, () => [0x04, 0x3c]).flat());

function uploadOf({ media }: { readonly media: () => Part }) {
  const { fileName = '', bytes } = media();
  return { fileName, bytes };
}

function idOf(value: unknown): string {
  if (value === undefined || value === '') throw new Refusal(41006);
  if (typeof value !== 'string') throw new Refusal(40007);
  return value;
}

function found(medium: Medium | undefined): Medium {
  if (medium === undefined) throw new Refusal(40007);
  return medium;
}

/** What stands beside a permanent video: a field with JSON in it. Throws 47001. */
function wordsOf(call: Call): { readonly title: string; readonly introduction: string } {
  let words: unknown;
  try {
    words = JSON.parse(call.field('description') ?? '');
  } catch {
    throw new Refusal(47001);
  }
  const [title, introduction] = [own(words, 'title'), own(words, 'introduction') ?? ''];
  if (!isObject(words) || typeof title !== 'string' || typeof introduction !== 'string')
    throw new Refusal(47001);
  return { title, introduction };
}

const kinds: readonly unknown[] = ['image', 'voice', 'video'];

function listOf({ media }: Platform, type: unknown): readonly Medium[] {
  if (type === 'news') return [];
  if (!kinds.includes(type)) throw new Refusal(40004);
  return media.list(type as MediaKind);
}

function formatItem(medium: Medium, origin: string): Record<string, unknown> {
  const { mediaId, type, fileName, createdAtMs } = medium;
  return {
    media_id: mediaId,
    name: fileName,
    update_time: Math.floor(createdAtMs / 1000),
    ...((type === 'image' || type === 'thumb') && { url: pictureAddress(origin, medium) }),
  };
}
