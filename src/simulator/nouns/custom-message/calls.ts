/** 客服消息: messages that the account sends by itself, and the typing state. */
import { inBody, messageBody, post } from '../../server/endpoint.ts';
import { findFollower, findPerson } from '../user/state.ts';
import { checkSpeaker } from '../kfaccount/calls.ts';
import { isObject, own } from '../../../core/text/json-value.ts';
import type { ChatContent } from '../../control/types/index.ts';
import { articleCards, mediaPath, requireMedium } from '../media/view.ts';
import type { MediaType } from '../media/state.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import { wireText } from '../../server/wire.ts';

/** Typing needs that either side has written within this time. */
const recentMs = 30_000;

export const calls = [
  post('/cgi-bin/message/custom/send', {
    reads: messageBody(45002),
    answer(fields, platform, { origin }) {
      // Whoever has left is known, and is refused with 45015 because their window is closed.
      const { openId, blocksMessages } = findPerson(platform.followers, own(fields.body, 'touser'));
      if (blocksMessages === true) throw new Refusal(48002);
      checkSpeaker(platform, fields.body);
      platform.chats.sendCustom(openId, parseCustomMessage(fields.body, { platform, origin }));
      platform.typing.stop(openId);
    },
  }),
  post('/cgi-bin/message/custom/typing', {
    reads: inBody('touser', 'command'),
    changes: ['typing'],
    answer({ touser, command }, platform) {
      const { openId } = findFollower(platform.followers, touser);
      if (command !== 'Typing' && command !== 'CancelTyping') throw new Refusal(45072);
      if (!hasRecentMessage(platform, openId)) throw new Refusal(45080);
      if (command === 'Typing') platform.typing.start(openId);
      else platform.typing.stop(openId);
    },
  }),
];

function hasRecentMessage({ chats, clock }: Platform, openId: string): boolean {
  const last = chats.list(openId).findLast(({ from }) => from !== 'system');
  return last !== undefined && clock.now() - Date.parse(last.at) < recentMs;
}

/** No page names this limit; it is that of a passive reply. */
const maxTextBytes = 2048;

/** What media ids and article ids stand for. */
export interface CustomMessageShelf {
  readonly platform: Pick<Platform, 'media' | 'drafts' | 'publications'>;
  /** The beginning of the addresses of articles. */
  readonly origin: string;
}

type Reader = (content: unknown, shelf: CustomMessageShelf) => ChatContent;

/** A thumb is a small picture, and pictures serve as covers. */
const covers = ['thumb', 'image'] as const;

const readers: Readonly<Record<string, Reader>> = {
  text: readText,
  image: (content, shelf) => ({ type: 'image', ...medium(content, shelf, ['image']), pic_url: null }),
  voice: (content, shelf) => ({ type: 'voice', ...medium(content, shelf, ['voice']), recognition: null }),
  video: (content, shelf) => ({
    type: 'video',
    ...medium(content, shelf, ['video']),
    // The cover is optional, a wrong one is not.
    thumb_url: wireText(content, 'thumb_media_id') === '' ? null : cover(content, shelf).thumb_url,
    title: wireText(content, 'title'),
    description: wireText(content, 'description'),
  }),
  music: (content, shelf) => ({
    type: 'music',
    title: wireText(content, 'title'),
    description: wireText(content, 'description'),
    music_url: wireText(content, 'musicurl'),
    hq_music_url: wireText(content, 'hqmusicurl'),
    ...cover(content, shelf),
  }),
  news: readNews,
  msgmenu: (content) => ({
    type: 'msgmenu',
    head: wireText(content, 'head_content'),
    list: listOf(content, 'list').map((entry) => ({
      id: wireText(entry, 'id'),
      content: wireText(entry, 'content'),
    })),
    tail: wireText(content, 'tail_content'),
  }),
  miniprogrampage: (content, shelf) => ({
    type: 'miniprogrampage',
    title: wireText(content, 'title'),
    appid: wireText(content, 'appid'),
    pagepath: wireText(content, 'pagepath'),
    ...cover(content, shelf),
  }),
  mpnews: (content, { platform, origin }) => {
    const { articles } = platform.drafts.get(own(content, 'media_id'));
    if (articles.length > 1) throw new Refusal(45008);
    return { type: 'news', articles: articleCards(platform, articles, origin) };
  },
  mpnewsarticle: (content, { platform, origin }) => {
    const found = platform.publications.findArticles(wireText(content, 'article_id'));
    const articles = found?.status === 'success' ? found.articles.filter(({ isDeleted }) => !isDeleted) : [];
    if (articles.length === 0) throw new Refusal(53600);
    return { type: 'news', articles: articleCards(platform, articles.slice(0, 1), origin) };
  },
  wxcard: (content) => ({ type: 'other', name: 'wxcard', fields: { card_id: wireText(content, 'card_id') } }),
};

/**
 * Throws 40008 for a type that does not exist or has no object of its name, 40007 for media that the account does not
 * have, and the errcode of what else is wrong in it.
 */
export function parseCustomMessage(
  body: Readonly<Record<string, unknown>>,
  shelf: CustomMessageShelf,
): ChatContent {
  const type = own(body, 'msgtype');
  const read = typeof type === 'string' && Object.hasOwn(readers, type) ? readers[type] : undefined;
  const content = typeof type === 'string' ? own(body, type) : undefined;
  if (read === undefined || !isObject(content)) throw new Refusal(40008);
  return read(content, shelf);
}

function readText(content: unknown): ChatContent {
  const words = wireText(content, 'content');
  if (words === '') throw new Refusal(44004);
  if (Buffer.byteLength(words) > maxTextBytes) throw new Refusal(45002);
  return { type: 'text', text: words };
}

function readNews(content: unknown): ChatContent {
  const articles = listOf(content, 'articles');
  if (articles.length === 0) throw new Refusal(44003);
  if (articles.length > 1) throw new Refusal(45008);
  return {
    type: 'news',
    articles: articles.map((article) => ({
      title: wireText(article, 'title'),
      description: wireText(article, 'description'),
      pic_url: wireText(article, 'picurl'),
      url: wireText(article, 'url'),
    })),
  };
}

function medium(content: unknown, { platform }: CustomMessageShelf, types: readonly MediaType[]) {
  const found = requireMedium(platform, own(content, 'media_id'), types);
  return { media_id: found.mediaId, media_url: mediaPath(found) };
}

function cover(content: unknown, { platform }: CustomMessageShelf) {
  const found = requireMedium(platform, own(content, 'thumb_media_id'), covers);
  return { thumb_media_id: found.mediaId, thumb_url: mediaPath(found) };
}

function listOf(content: unknown, name: string): readonly unknown[] {
  const list = own(content, name);
  return Array.isArray(list) ? list : [];
}
