/** 草稿箱: what has been written and not yet published. */
import type { Clock, Random } from '../../../io/ports.ts';
import { randomBase64Url } from '../../random/text.ts';
import type { Media, Medium } from '../media/state.ts';
import { isObject, own } from '../../../core/text/json-value.ts';
import { Refusal } from '../../server/refusal.ts';

/** The platform names no limits; these are the simulator's. */
const maxDrafts = 10_000;
const maxCharacters = 32 * 1024 * 1024;

export interface Draft {
  readonly mediaId: string;
  readonly articles: readonly Article[];
  readonly updatedAtMs: number;
}

export type Drafts = ReturnType<typeof createDrafts>;

export function createDrafts(clock: Clock, random: Random, media: Media) {
  const drafts = new Map<string, Draft>();
  const pages = new Map<string, { readonly article: Article; readonly updatedAtMs: number }>();
  let characters = 0;
  const world: ArticleWorld = {
    findPermanent: (mediaId) => media.findPermanent(mediaId),
    newPageId: () => randomBase64Url(random, 24).slice(0, 22),
  };
  const get = (mediaId: unknown): Draft => {
    const found = typeof mediaId === 'string' ? drafts.get(mediaId) : undefined;
    if (found === undefined) throw new Refusal(40007);
    return found;
  };
  const remove = (draft: Draft): void => {
    drafts.delete(draft.mediaId);
    for (const { pageId } of draft.articles) pages.delete(pageId);
    characters -= charactersOf(draft);
  };
  const put = (draft: Draft): Draft => {
    const before = drafts.get(draft.mediaId);
    const more = charactersOf(draft) - (before === undefined ? 0 : charactersOf(before));
    if (drafts.size - (before === undefined ? 0 : 1) >= maxDrafts || characters + more > maxCharacters)
      throw new Refusal(45034);
    if (before !== undefined) remove(before);
    drafts.set(draft.mediaId, draft);
    for (const article of draft.articles) {
      pages.set(article.pageId, { article, updatedAtMs: draft.updatedAtMs });
    }
    characters += charactersOf(draft);
    return draft;
  };
  return {
    owns: (id: string): boolean => drafts.has(id) || pages.has(id),
    // One that changes is another one: whoever has the list can keep it.
    save: (): readonly Draft[] => Object.freeze([...drafts.values()]),
    restore(saved: readonly Draft[]): void {
      for (const draft of drafts.values()) remove(draft);
      for (const draft of saved) put(draft);
    },
    /** Throws what `parseArticles` throws, and 45034 where the box is full. */
    add: (articles: unknown): Draft =>
      put({
        articles: parseArticles(articles, world),
        mediaId: randomBase64Url(random, 64),
        updatedAtMs: clock.now(),
      }),
    /** Throws 40007. */
    get,
    find: (mediaId: string): Draft | undefined => drafts.get(mediaId),
    /** The article of this page, while it is a draft. */
    findPage: (pageId: string) => pages.get(pageId),
    /** Replaces one article, counted from 0. Throws 40007, 40114 and what `parseArticle` throws. */
    update(mediaId: unknown, index: unknown, value: unknown): void {
      const draft = get(mediaId);
      const before = typeof index === 'number' ? draft.articles[index] : undefined;
      if (before === undefined) throw new Refusal(40114);
      // The address of an article stays.
      const article = { ...parseArticle(value, world), pageId: before.pageId };
      const articles = draft.articles.map((each) => (each === before ? article : each));
      put({ ...draft, articles, updatedAtMs: clock.now() });
    },
    /** Throws 40007. */
    delete(mediaId: unknown): void {
      remove(get(mediaId));
    },
    /** Newest first. */
    list: () => [...drafts.values()].toSorted((one, other) => other.updatedAtMs - one.updatedAtMs),
  };
}

export function charactersOf({ articles }: { readonly articles: readonly Article[] }): number {
  return articles.reduce(
    (sum, { title, author, content, digest }) =>
      sum + title.length + author.length + content.length + digest.length,
    0,
  );
}

export interface Article {
  /** Of its address: `/s/<pageId>`. */
  readonly pageId: string;
  readonly type: 'news' | 'newspic';
  readonly title: string;
  readonly author: string;
  readonly digest: string;
  readonly content: string;
  readonly sourceUrl: string;
  /** The cover; empty for `newspic`, whose first picture it is. */
  readonly thumbMediaId: string;
  readonly showCoverPic: 0 | 1;
  readonly needOpenComment: 0 | 1;
  readonly onlyFansCanComment: 0 | 1;
  readonly imageMediaIds: readonly string[];
  /** How the cover is cut, as it was sent. */
  readonly crops: Readonly<Record<string, unknown>>;
}

const maxArticles = 8;
const maxTitleCharacters = 64;
const maxDigestCharacters = 120;
const maxContentCharacters = 20_000;
const maxContentBytes = 1024 * 1024;
const maxUrlBytes = 1024;
const maxPictures = 20;
/** 摘要: what is shown of an article with one of its own. */
const ownDigestCharacters = 54;
/** Three sets of four numbers need a few hundred. */
const maxCropCharacters = 2000;
const cropNames = ['pic_crop_235_1', 'pic_crop_1_1', 'cover_info'];

export interface ArticleWorld {
  readonly findPermanent: (mediaId: string) => Medium | undefined;
  readonly newPageId: () => string;
}

/** The `articles` of draft/add. Throws 44003 for none, 45008 for more than eight, and what an article throws. */
export function parseArticles(value: unknown, world: ArticleWorld): readonly Article[] {
  if (!Array.isArray(value) || value.length === 0) throw new Refusal(44003);
  if (value.length > maxArticles) throw new Refusal(45008);
  return value.map((each) => parseArticle(each, world));
}

/**
 * Throws 10170002 for another type, 45003 for a title that is missing or too long, 45004, 45005, 44003 for no content,
 * 45002 for too much, 40007 for a picture that is no permanent one, 53406 for a product, and 40097 for a field of
 * another kind.
 */
export function parseArticle(value: unknown, world: ArticleWorld): Article {
  const type = own(value, 'article_type') ?? 'news';
  if (type !== 'news' && type !== 'newspic') throw new Refusal(10170002);
  // The account has not opened the selling of products (带货).
  if (isObject(own(value, 'product_info')) || own(value, 'product_key') !== undefined)
    throw new Refusal(53406);
  const title = text(value, 'title');
  const digest = text(value, 'digest');
  const content = withoutScripts(text(value, 'content'));
  const sourceUrl = text(value, 'content_source_url');
  checkTitle(title);
  if (lengthOf(digest) > maxDigestCharacters) throw new Refusal(45004);
  checkContent(content);
  if (Buffer.byteLength(sourceUrl) > maxUrlBytes) throw new Refusal(45005);
  return {
    pageId: world.newPageId(),
    type,
    title,
    author: text(value, 'author'),
    digest: digest === '' && type === 'news' ? digestOf(content) : digest,
    content,
    sourceUrl,
    thumbMediaId: type === 'news' ? picture(own(value, 'thumb_media_id'), world) : '',
    showCoverPic: flag(value, 'show_cover_pic'),
    needOpenComment: flag(value, 'need_open_comment'),
    onlyFansCanComment: flag(value, 'only_fans_can_comment'),
    imageMediaIds: type === 'newspic' ? pictureList(value, world) : [],
    crops: cropsOf(value),
  };
}

function checkTitle(title: string): void {
  if (title === '' || lengthOf(title) > maxTitleCharacters) throw new Refusal(45003);
}

function checkContent(content: string): void {
  if (content.trim() === '') throw new Refusal(44003);
  if (lengthOf(content) >= maxContentCharacters || Buffer.byteLength(content) >= maxContentBytes)
    throw new Refusal(45002);
}

/** A plain article that takes comments, without a cover. Throws 45003, 44003 or 45002, as `parseArticle` does. */
export function openArticle(title: string, html: string, onlyFansCanComment: 0 | 1): Article {
  const content = withoutScripts(html);
  checkTitle(title);
  checkContent(content);
  return {
    pageId: '',
    type: 'news',
    title,
    author: '',
    digest: digestOf(content),
    content,
    sourceUrl: '',
    thumbMediaId: '',
    showCoverPic: 0,
    needOpenComment: 1,
    onlyFansCanComment,
    imageMediaIds: [],
    crops: {},
  };
}

function lengthOf(words: string): number {
  return Array.from(words).length;
}

function text(value: unknown, name: string): string {
  const found = own(value, name) ?? '';
  if (typeof found !== 'string') throw new Refusal(40097);
  return found;
}

/** Quirk: also as text, as forms of the past sent them. */
function flag(value: unknown, name: string): 0 | 1 {
  const found = own(value, name) ?? 0;
  if (found === 0 || found === '0') return 0;
  if (found === 1 || found === '1') return 1;
  throw new Refusal(40097);
}

function picture(mediaId: unknown, { findPermanent }: ArticleWorld): string {
  const found = typeof mediaId === 'string' ? findPermanent(mediaId) : undefined;
  if (found === undefined || (found.type !== 'image' && found.type !== 'thumb')) throw new Refusal(40007);
  return found.mediaId;
}

function pictureList(value: unknown, world: ArticleWorld): readonly string[] {
  const list = own(own(value, 'image_info'), 'image_list');
  if (!Array.isArray(list) || list.length < 1 || list.length > maxPictures) throw new Refusal(40097);
  return list.map((each) => picture(own(each, 'image_media_id'), world));
}

function cropsOf(value: unknown): Article['crops'] {
  const crops = cropNames.map((name) => [name, own(value, name)]).filter(([, crop]) => crop !== undefined);
  if (!crops.every(([, crop]) => isShort(crop))) throw new Refusal(40097);
  return Object.fromEntries(crops);
}

/** Anything that short can also be written again. */
function isShort(value: unknown): boolean {
  try {
    return JSON.stringify(value).length <= maxCropCharacters;
  } catch {
    // Nested deeper than the stack.
    return false;
  }
}

/** Quirk: scripts are taken out without a word（此处会去除 JS）. */
function withoutScripts(html: string): string {
  // Each match ends at the end of the text at the latest, so that nothing is looked at twice, however long it is.
  return html.replaceAll(/<script\b[^>]*(?:>[\s\S]*?(?:<\/script\s*>|$)|$)/gi, '');
}

/** Quirk: without a digest the beginning of the words is it. */
function digestOf(html: string): string {
  const words = html
    .replaceAll(/<\/?(?:p|div|section|h\d|li|tr|br|blockquote)\b[^<>]*>/gi, ' ')
    .replaceAll(/<[^<>]*>/g, '')
    .replaceAll('&nbsp;', ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return Array.from(words).slice(0, ownDigestCharacters).join('');
}
