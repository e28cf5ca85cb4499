/** 草稿箱: what has been written and not yet published. */
import type { Clock, Random } from '../../../io/ports.ts';
import { parseArticle, parseArticles, type Article, type ArticleWorld } from './article.ts';
import type { Owner } from '../../account/owner.ts';
import type { Persistent } from '../../account/persistent.ts';
import { randomBase64Url } from '../../random/text.ts';
import { Refusal } from '../../server/refusal.ts';
import type { Media } from '../media/state.ts';

/** The platform names no limits; these are the simulator's. */
const maxDrafts = 10_000;
const maxCharacters = 32 * 1024 * 1024;

export interface Draft {
  readonly mediaId: string;
  readonly articles: readonly Article[];
  readonly updatedAtMs: number;
}

export interface Drafts extends Persistent<readonly Draft[]>, Owner {
  /** Throws what `parseArticles` throws, and 45034 where the box is full. */
  add(articles: unknown): Draft;
  /** Throws 40007. */
  get(mediaId: unknown): Draft;
  find(mediaId: string): Draft | undefined;
  /** The article of this page, while it is a draft. */
  findPage(pageId: string): { readonly article: Article; readonly updatedAtMs: number } | undefined;
  /** Replaces one article, counted from 0. Throws 40007, 40114 and what `parseArticle` throws. */
  update(mediaId: unknown, index: unknown, article: unknown): void;
  /** Throws 40007. */
  delete(mediaId: unknown): void;
  /** Newest first. */
  list(): readonly Draft[];
}

export function createDrafts(clock: Clock, random: Random, media: Media): Drafts {
  const drafts = new Map<string, Draft>();
  const pages = new Map<string, { readonly article: Article; readonly updatedAtMs: number }>();
  let characters = 0;
  const world: ArticleWorld = {
    findPermanent: (mediaId) => media.findPermanent(mediaId),
    newPageId: () => randomBase64Url(random, 24).slice(0, 22),
  };
  const get: Drafts['get'] = (mediaId) => {
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
    owns: (id) => drafts.has(id) || pages.has(id),
    save: () => [...drafts.values()],
    restore(saved) {
      for (const draft of drafts.values()) remove(draft);
      for (const draft of saved) put(draft);
    },
    add: (articles) =>
      put({
        articles: parseArticles(articles, world),
        mediaId: randomBase64Url(random, 64),
        updatedAtMs: clock.now(),
      }),
    get,
    find: (mediaId) => drafts.get(mediaId),
    findPage: (pageId) => pages.get(pageId),
    update(mediaId, index, value) {
      const draft = get(mediaId);
      const before = typeof index === 'number' ? draft.articles[index] : undefined;
      if (before === undefined) throw new Refusal(40114);
      // The address of an article stays.
      const article = { ...parseArticle(value, world), pageId: before.pageId };
      const articles = draft.articles.map((each) => (each === before ? article : each));
      put({ ...draft, articles, updatedAtMs: clock.now() });
    },
    delete(mediaId) {
      remove(get(mediaId));
    },
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
