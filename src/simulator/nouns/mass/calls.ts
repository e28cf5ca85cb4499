/** 群发: messages to a tag, to a list or to all, their state and speed, and what is uploaded for them. */
import { inTurns } from '../../control/turns.ts';
import { articleAddress } from '../draft/view.ts';
import { inBody, post, unused, wholeBody } from '../../server/endpoint.ts';
import { findPerson } from '../user/state.ts';
import { articleCards, mediaPath, requireMedium } from '../media/view.ts';
import { isObject, own } from '../../../core/text/json-value.ts';
import type { Article } from '../draft/state.ts';
import type { Audience } from './state.ts';
import type { ChatContent } from '../../control/types/index.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import type { Medium } from '../media/state.ts';
import { wireText } from '../../server/wire.ts';

const minOpenIds = 2;
const maxOpenIds = 10_000;
const callsAMinute = 60;
/** Units of 10,000 a minute, by the speed from 0. */
const realSpeeds = [80, 60, 45, 30, 10];

type Body = Readonly<Record<string, unknown>>;

const everybody = (): boolean => true;

const sendPaths = ['/cgi-bin/message/mass/sendall', '/cgi-bin/message/mass/send'] as const;
const sentMessage = { msg_id: { answer: 'msg_id', of: sendPaths } } as const;

export const calls = [
  post('/cgi-bin/message/mass/sendall', {
    reads: wholeBody,
    fills: { media_id: { answer: 'media_id', of: ['/cgi-bin/draft/add'] } },
    answer(fields, platform, { origin }) {
      const filter = own(fields.body, 'filter');
      const isToAll = own(filter, 'is_to_all') === true;
      return send(platform, { body: fields.body, origin, isToAll, audience: audienceOf(platform, filter) });
    },
  }),
  post('/cgi-bin/message/mass/send', {
    reads: wholeBody,
    answer(fields, platform, { origin }) {
      const audience = listed(platform, own(fields.body, 'touser'));
      return send(platform, { body: fields.body, origin, isToAll: false, audience });
    },
  }),
  post('/cgi-bin/message/mass/preview', {
    reads: wholeBody,
    answer: (fields, platform, { origin }) => preview(platform, fields.body, origin),
  }),
  post('/cgi-bin/message/mass/get', {
    reads: inBody('msg_id'),
    fills: sentMessage,
    answer({ msg_id: id }, { mass }) {
      const { msgId, state } = mass.find(id);
      return { msg_id: msgId, msg_status: state };
    },
  }),
  post('/cgi-bin/message/mass/delete', {
    reads: inBody('msg_id', 'article_idx', 'url'),
    fills: sentMessage,
    answer: (fields, platform) => remove(platform, fields),
  }),
  post('/cgi-bin/message/mass/speed/get', {
    reads: unused(wholeBody),
    answer(_, { mass }) {
      const speed = mass.speed();
      return { speed, realspeed: realSpeeds[speed] };
    },
  }),
  post('/cgi-bin/message/mass/speed/set', {
    reads: inBody('speed'),
    answer: ({ speed }, { mass }) => mass.setSpeed(speed),
  }),
  post('/cgi-bin/media/uploadnews', {
    reads: inBody('articles'),
    fills: { thumb_media_id: { answer: 'media_id', of: ['/cgi-bin/material/add_material'] } },
    answer({ articles }, { massUploads }) {
      const { mediaId, atMs } = massUploads.addArticles(articles);
      return { type: 'news', media_id: mediaId, created_at: createdAt(atMs) };
    },
  }),
  post('/cgi-bin/media/uploadvideo', {
    reads: inBody('media_id', 'title', 'description'),
    fills: { media_id: { answer: 'media_id', of: ['/cgi-bin/media/upload'] } },
    answer(fields, platform) {
      const medium = requireMedium(platform, fields.media_id, ['video']);
      const { mediaId, atMs } = platform.massUploads.addVideo({
        type: 'video',
        media_id: medium.mediaId,
        title: wireText(fields, 'title'),
        description: wireText(fields, 'description'),
        media_url: mediaPath(medium),
        thumb_url: null,
      });
      return { type: 'video', media_id: mediaId, created_at: createdAt(atMs) };
    },
  }),
];

/** Everybody, or everybody with the tag. Throws 40035 for neither, 45159 for a tag that is none. */
function audienceOf({ followers, tags }: Platform, filter: unknown): Audience {
  if (!isObject(filter)) throw new Refusal(40035);
  const isToAll = own(filter, 'is_to_all');
  const people = followers.following();
  if (isToAll === true) return { people, isMeant: everybody };
  if (isToAll !== undefined && isToAll !== false) throw new Refusal(40035);
  const tagId = own(filter, 'tag_id') ?? own(filter, 'group_id');
  if (tagId === undefined) throw new Refusal(40035);
  const id = tags.check(tagId);
  return { people, isMeant: ({ tagIds }) => tagIds.includes(id) };
}

/** Throws 40130, 40032, or 40003 for an openid that is none of the account's. */
function listed({ followers }: Platform, list: unknown): Audience {
  if (!Array.isArray(list) || list.length < minOpenIds) throw new Refusal(40130);
  if (list.length > maxOpenIds) throw new Refusal(40032);
  const people = [...new Set<unknown>(list)].map((openId) => findPerson(followers, openId));
  return { people, isMeant: everybody };
}

interface Sending {
  readonly body: Body;
  readonly origin: string;
  readonly isToAll: boolean;
  readonly audience: Audience;
}

async function send(platform: Platform, { body, origin, isToAll, audience }: Sending): Promise<Body> {
  const parsed = parseMassMessage(body, { platform, origin });
  const clientId = wireText(body, 'clientmsgid');
  platform.quota.countMinute('message/mass', callsAMinute);
  const { mass } = platform;
  const { msgId, dataId } = mass.send({
    message: { ...parsed, articleUrls: parsed.articles.map((each) => articleAddress(origin, each)) },
    clientId: clientId === '' ? undefined : clientId,
    audience,
    isToAll,
    ignoresReprint: own(body, 'send_ignore_reprint') === 1,
  });
  platform.massUploads.keepSent(parsed.articles);
  await inTurns(mass.counting());
  return { errcode: 0, errmsg: 'send job submission success', msg_id: msgId, msg_data_id: dataId };
}

/** Quirk: `towxname` (微信号) comes before `touser`. */
function preview(platform: Platform, body: Body, origin: string): Body {
  const { followers, chats, mass, massUploads } = platform;
  const weChatId = wireText(body, 'towxname');
  const person =
    weChatId === '' ? findPerson(followers, own(body, 'touser')) : followers.findByAnyId(weChatId);
  if (person === undefined) throw new Refusal(40132);
  if (!person.follows) throw new Refusal(43004);
  if (person.isBlacklisted) throw new Refusal(43019);
  const { content, articles } = parseMassMessage(body, { platform, origin });
  massUploads.keepSent(articles);
  chats.add(person.openId, { from: 'account', origin: 'mass', push_id: null, content });
  return { errcode: 0, errmsg: 'preview success', msg_id: mass.nextPreviewId() };
}

/** Quirk: the message stays in the chats; the pages of its articles go. */
function remove({ mass, massUploads }: Platform, body: Body): void {
  const [id, url] = [own(body, 'msg_id'), wireText(body, 'url')];
  const job = (id === undefined ? mass.findByUrl(url) : undefined) ?? mass.find(id);
  const index = own(body, 'article_idx') ?? 0;
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0) throw new Refusal(40060);
  mass.remove(job, index);
  massUploads.dropSent(index === 0 ? job.articleUrls : job.articleUrls.slice(index - 1, index));
}

function createdAt(atMs: number): number {
  return Math.floor(atMs / 1000);
}

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
