/** 素材管理: temporary media, permanent media, and the pictures inside articles. */
import { isObject, own } from '../../../core/text/json-value.ts';
import { createAdder, ok, type ApiApp, type Call } from '../../server/endpoint.ts';
import { downloadAnswer, pictureAddress, videoAddress } from './answers.ts';
import { checkArticlePicture, checkMediaType, checkUpload } from './rules.ts';
import { pageRange } from '../../server/paging.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import type { MediaKind, Medium } from './state.ts';

/** The name of the part in every upload. */
const part = 'media';

export function addMediaRoutes(app: ApiApp, platform: Platform): void {
  const add = createAdder(app, platform);
  add('POST', 'media/upload', (call) => {
    const type = checkMediaType(call.query('type'));
    const { mediaId, createdAtMs } = platform.media.addTemporary(
      type,
      checkUpload(type, uploadOf(call), 'temporary'),
    );
    const id = type === 'thumb' ? { thumb_media_id: mediaId } : { media_id: mediaId };
    return { type, ...id, created_at: Math.floor(createdAtMs / 1000) };
  });
  add('GET', 'media/get', (call) => {
    const medium = found(platform.media.findTemporary(idOf(call.query('media_id'))));
    // Quirk: a video is not sent, only its address.
    if (medium.type === 'video') return { video_url: videoAddress(call.origin, medium) };
    return downloadAnswer(medium);
  });
  add('POST', 'media/uploadimg', (call) => {
    const medium = platform.media.addArticlePicture(checkArticlePicture(uploadOf(call)));
    return { url: pictureAddress(call.origin, medium) };
  });
  addMaterialRoutes(add, platform);
}

function addMaterialRoutes(add: ReturnType<typeof createAdder>, platform: Platform): void {
  add('POST', 'material/add_material', (call) => {
    const type = checkMediaType(call.query('type'));
    const file = checkUpload(type, uploadOf(call), 'permanent');
    const medium = platform.media.addPermanent(type, file, type === 'video' ? wordsOf(call) : undefined);
    const url = type === 'image' || type === 'thumb' ? { url: pictureAddress(call.origin, medium) } : {};
    return { media_id: medium.mediaId, ...url };
  });
  add('POST', 'material/get_material', (call) => {
    const medium = found(platform.media.findPermanent(idOf(own(call.json(), 'media_id'))));
    if (medium.type !== 'video') return downloadAnswer(medium);
    const { title, introduction } = medium;
    return { title, description: introduction, down_url: videoAddress(call.origin, medium) };
  });
  add('POST', 'material/del_material', (call) => {
    const mediaId = idOf(own(call.json(), 'media_id'));
    if (platform.menu.names(mediaId)) throw new Refusal(48005);
    platform.media.delete(mediaId);
    return ok;
  });
  add('GET', 'material/get_materialcount', () => ({
    voice_count: platform.media.count('voice'),
    video_count: platform.media.count('video'),
    image_count: platform.media.count('image'),
    // Articles are drafts today; nothing makes permanent ones.
    news_count: 0,
  }));
  add('POST', 'material/batchget_material', (call) => {
    const body = call.json();
    const media = listOf(platform, own(body, 'type'));
    const items = pageRange(media, body).map((medium) => formatItem(medium, call.origin));
    return { total_count: media.length, item_count: items.length, item: items };
  });
}

/** The file of an upload. */
function uploadOf(call: Call) {
  const { fileName = '', bytes } = call.file(part);
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
