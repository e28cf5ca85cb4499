/** Customer-service messages (客服消息): from the body of message/custom/send to what the phone shows. */
import { isObject, own } from '../core/json-value.ts';
import type { ChatContent } from './console-types.ts';
import { Refusal } from './refusal.ts';

/** No page names this limit; it is that of a passive reply. */
const maxTextBytes = 2048;

type Reader = (content: unknown) => ChatContent;

const readers: Readonly<Record<string, Reader>> = {
  text: readText,
  image: (content) => ({ type: 'image', media_id: mediaId(content), pic_url: null }),
  voice: (content) => ({ type: 'voice', media_id: mediaId(content), recognition: null }),
  video: (content) => ({
    type: 'video',
    media_id: mediaId(content),
    title: text(content, 'title'),
    description: text(content, 'description'),
  }),
  music: (content) => ({
    type: 'music',
    title: text(content, 'title'),
    description: text(content, 'description'),
    music_url: text(content, 'musicurl'),
    hq_music_url: text(content, 'hqmusicurl'),
    thumb_media_id: mediaId(content, 'thumb_media_id'),
  }),
  news: readNews,
  msgmenu: (content) => ({
    type: 'msgmenu',
    head: text(content, 'head_content'),
    list: listOf(content, 'list').map((entry) => ({
      id: text(entry, 'id'),
      content: text(entry, 'content'),
    })),
    tail: text(content, 'tail_content'),
  }),
  miniprogrampage: (content) => ({
    type: 'miniprogrampage',
    title: text(content, 'title'),
    appid: text(content, 'appid'),
    pagepath: text(content, 'pagepath'),
    thumb_media_id: mediaId(content, 'thumb_media_id'),
  }),
  mpnews: (content) => ({ type: 'other', name: 'mpnews', fields: { media_id: mediaId(content) } }),
  mpnewsarticle: (content) => {
    const articleId = text(content, 'article_id');
    if (articleId === '') throw new Refusal(53600);
    return { type: 'other', name: 'mpnewsarticle', fields: { article_id: articleId } };
  },
  wxcard: (content) => ({ type: 'other', name: 'wxcard', fields: { card_id: text(content, 'card_id') } }),
};

/** Throws 40008 for a type that does not exist or has no object of its name, and the errcode of what is wrong in it. */
export function parseCustomMessage(body: Readonly<Record<string, unknown>>): ChatContent {
  const type = own(body, 'msgtype');
  const read = typeof type === 'string' && Object.hasOwn(readers, type) ? readers[type] : undefined;
  const content = typeof type === 'string' ? own(body, type) : undefined;
  if (read === undefined || !isObject(content)) throw new Refusal(40008);
  return read(content);
}

function readText(content: unknown): ChatContent {
  const words = text(content, 'content');
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
      title: text(article, 'title'),
      description: text(article, 'description'),
      pic_url: text(article, 'picurl'),
      url: text(article, 'url'),
    })),
  };
}

function text(value: unknown, name: string): string {
  const found = own(value, name);
  if (found === undefined) return '';
  if (typeof found !== 'string') throw new Refusal(47001);
  return found;
}

function mediaId(content: unknown, name = 'media_id'): string {
  const id = text(content, name);
  if (id === '') throw new Refusal(40007);
  return id;
}

function listOf(content: unknown, name: string): readonly unknown[] {
  const list = own(content, name);
  return Array.isArray(list) ? list : [];
}
