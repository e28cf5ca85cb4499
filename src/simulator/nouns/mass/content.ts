/** Mass messages（群发）: from the body of message/mass/… to what the phones show. */
import { isObject, own } from '../../../core/text/json-value.ts';
import type { Article } from '../draft/article.ts';
import type { ChatContent } from '../../control/types/index.ts';
import { mediaPath } from '../media/answers.ts';
import { articleCards, requireMedium } from '../media/chat.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import type { Medium } from '../media/state.ts';
import { wireText } from '../template/text.ts';

const maxPictures = 20;
/** No page names a limit; this one keeps the simulator small. */
const maxTextBytes = 64 * 1024;

export interface MassMessage {
  readonly type: string;
  readonly content: ChatContent;
  /** Empty for anything else. */
  readonly articles: readonly Article[];
}

/** What media ids stand for, and the beginning of the addresses that lead to it. */
interface World {
  readonly platform: Platform;
  readonly origin: string;
}

type Reader = (content: unknown, world: World) => Omit<MassMessage, 'type'>;

const readers: Readonly<Record<string, Reader>> = {
  text: (content) => message({ type: 'text', text: readText(content) }),
  voice(content, world) {
    const medium = requireMedium(world.platform, own(content, 'media_id'), ['voice']);
    return message({ type: 'voice', ...seen(medium), recognition: null });
  },
  image: (content, world) => message(readPictures(content, world)),
  mpvideo(content, { platform }) {
    const video = platform.massUploads.find(wireText(content, 'media_id'))?.video;
    if (video === undefined) throw new Refusal(40007);
    return message(video);
  },
  mpnews(content, { platform, origin }) {
    const id = wireText(content, 'media_id');
    const { drafts, massUploads } = platform;
    const articles = drafts.find(id)?.articles ?? massUploads.find(id)?.articles ?? [];
    if (articles.length === 0) throw new Refusal(40007);
    return { content: { type: 'news', articles: articleCards(platform, articles, origin) }, articles };
  },
  wxcard(content) {
    const card_id = wireText(content, 'card_id');
    if (card_id === '') throw new Refusal(40097);
    return message({ type: 'other', name: 'wxcard', fields: { card_id } });
  },
};

/** Throws 40008 for a type that does not exist or has no object of its name, and the errcode of what is wrong in it. */
export function parseMassMessage(body: Readonly<Record<string, unknown>>, world: World): MassMessage {
  const type = own(body, 'msgtype');
  const read = typeof type === 'string' && Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (typeof type !== 'string' || read === undefined) throw new Refusal(40008);
  // Quirk: pictures are of the type "image", and several of them stand in "images".
  const found = own(body, type) ?? (type === 'image' ? own(body, 'images') : undefined);
  if (!isObject(found)) throw new Refusal(40008);
  return { type, ...read(found, world) };
}

function message(content: ChatContent): Omit<MassMessage, 'type'> {
  return { content, articles: [] };
}

function readText(content: unknown): string {
  const text = wireText(content, 'content');
  if (text === '') throw new Refusal(44004);
  if (Buffer.byteLength(text) > maxTextBytes) throw new Refusal(45002);
  return text;
}

function readPictures(content: unknown, world: World): ChatContent {
  const list = own(content, 'media_ids');
  if (list === undefined) {
    const medium = requireMedium(world.platform, own(content, 'media_id'), ['image']);
    return { type: 'image', ...seen(medium), pic_url: null };
  }
  if (!Array.isArray(list) || list.length === 0) throw new Refusal(40007);
  if (list.length > maxPictures) throw new Refusal(40215);
  const pictures = list.map((id: unknown) => seen(requireMedium(world.platform, id, ['image'])));
  return { type: 'album', pictures, text: wireText(content, 'recommend') };
}

function seen(medium: Medium): { readonly media_id: string; readonly media_url: string } {
  return { media_id: medium.mediaId, media_url: mediaPath(medium) };
}
