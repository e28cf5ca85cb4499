/** 发布能力: drafts that were published, or are on their way, with what became of each. */
import type { Clock, Random } from '../../../io/ports.ts';
import { articleAddress } from '../draft/view.ts';
import { type Article, charactersOf, type Draft, type Drafts } from '../draft/state.ts';
import type { Outbox } from '../../push/index.ts';
import { randomBase64Url } from '../../random/text.ts';
import { Refusal } from '../../server/refusal.ts';

/** The platform names no limits; these are the simulator's, and the oldest are forgotten. */
const maxPublications = 1000;
const maxCharacters = 32 * 1024 * 1024;
/** Far from those of mass messages: comments know an article by its `msg_data_id` alone. */
const firstPublishId = 2_650_000_000;

/** `publish_status` by what it means. */
export const publishStatuses = {
  success: 0,
  publishing: 1,
  /** 原创失败 */
  not_original: 2,
  failed: 3,
  /** 平台审核不通过 */
  refused: 4,
  /** 成功后用户删除所有文章 */
  deleted: 5,
  /** 成功后系统封禁所有文章 */
  banned: 6,
} as const;

export type PublishStatus = keyof typeof publishStatuses;

export interface PublishedArticle extends Article {
  isDeleted: boolean;
  reads: number;
}

export interface Publication {
  readonly publishId: string;
  readonly msgDataId: string;
  readonly draftId: string;
  readonly articleId: string;
  readonly articles: readonly PublishedArticle[];
  /** The beginning of the addresses in its event: what the submitting call called the simulator. */
  readonly origin: string;
  status: PublishStatus;
  /** When it was submitted, and then when it ended. */
  updatedAtMs: number;
}

export interface SavedPublications {
  readonly list: readonly Publication[];
  readonly lastId: number;
}

interface PublicationsWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
}

export function createPublications({ clock, random, drafts, outbox }: PublicationsWorld) {
  let list: Publication[] = [];
  let lastId = firstPublishId;
  const newId = (length: number): string => randomBase64Url(random, 44).slice(0, length);
  const end = (publication: Publication, status: PublishStatus): boolean => {
    const { status: before, draftId } = publication;
    const isEnd = status !== 'publishing' && status !== 'deleted' && status !== 'banned';
    if (before === 'success' ? status !== 'banned' : before !== 'publishing' || !isEnd) return false;
    publication.status = status;
    publication.updatedAtMs = clock.now();
    // Quirk: what has been published leaves the draft box.
    if (status === 'success' && drafts.find(draftId) !== undefined) drafts.delete(draftId);
    if (isEnd) outbox.post({ sampleId: 'publish_finish', fields: eventFields(publication) });
    return true;
  };
  const add = (draftId: string, articles: readonly Article[], origin: string): Publication => {
    const id = String((lastId += 1));
    const publication = newPublication({ id, draftId, articles, origin, atMs: clock.now() }, newId);
    list.push(publication);
    forgetOldest(list);
    return publication;
  };
  const findArticles = (articleId: string): Publication | undefined =>
    list.find((each) => each.articleId === articleId && hasArticles(each));

  return {
    owns: (id: string): boolean => list.some((each) => idsOf(each).includes(id)),
    save: (): SavedPublications => ({ list, lastId }),
    restore(saved: SavedPublications): void {
      list = saved.list.map((each) => structuredClone(each));
      lastId = saved.lastId;
    },
    /** Ends at once with this status; `publishing` waits for `end`. */
    submit(draft: Draft, origin: string, status: PublishStatus): Publication {
      const publication = add(draft.mediaId, draft.articles, origin);
      end(publication, status);
      return publication;
    },
    /** One that has been out for a while: nobody is told of it. */
    addPublished(articles: readonly Article[]): Publication {
      const publication = add('', articles, '');
      publication.status = 'success';
      return publication;
    },
    /** Ends one that is on its way, with its event; or bans one that was published. `false` for one that cannot end so. */
    end,
    find: (publishId: string): Publication | undefined => list.find((each) => each.publishId === publishId),
    /** One whose articles are out, or have been. */
    findArticles,
    findPage(pageId: string) {
      for (const publication of list) {
        const article = publication.articles.find((each) => each.pageId === pageId);
        if (article !== undefined && hasArticles(publication)) return { publication, article };
      }
      return undefined;
    },
    /** Deletes one article, counted from 1, or all of them with 0. Throws 53600 and 40060. */
    delete(articleId: unknown, index: unknown): void {
      const publication = typeof articleId === 'string' ? findArticles(articleId) : undefined;
      if (publication === undefined) throw new Refusal(53600);
      deleteArticles(publication, index);
      publication.updatedAtMs = clock.now();
    },
    /** Oldest first. */
    list: (): readonly Publication[] => [...list],
  };
}

interface Submitted {
  readonly id: string;
  readonly draftId: string;
  readonly articles: readonly Article[];
  readonly origin: string;
  readonly atMs: number;
}

function newPublication(
  { id, draftId, articles, origin, atMs }: Submitted,
  newId: (length: number) => string,
): Publication {
  return {
    publishId: id,
    msgDataId: id,
    draftId,
    articleId: newId(43),
    articles: articles.map((each) => ({ ...each, pageId: newId(22), isDeleted: false, reads: 0 })),
    origin,
    status: 'publishing',
    updatedAtMs: atMs,
  };
}

function deleteArticles(publication: Publication, index: unknown): void {
  const { articles } = publication;
  const chosen = index === 0 ? articles : articles.slice(Number(index) - 1, Number(index));
  if (!Number.isInteger(index) || Number(index) < 0 || chosen.length === 0) throw new Refusal(40060);
  for (const article of chosen) article.isDeleted = true;
  if (articles.every(({ isDeleted }) => isDeleted)) publication.status = 'deleted';
}

function idsOf({ publishId, articleId, articles }: Publication): readonly string[] {
  return [publishId, articleId, ...articles.map(({ pageId }) => pageId)];
}

function forgetOldest(list: Publication[]): void {
  let characters = list.reduce((sum, each) => sum + charactersOf(each), 0);
  while (list.length > 1 && (list.length > maxPublications || characters > maxCharacters)) {
    const oldest = list.shift();
    characters -= oldest === undefined ? 0 : charactersOf(oldest);
  }
}

/** Whether its articles came out. */
export function hasArticles({ status }: Publication): boolean {
  return status === 'success' || status === 'deleted' || status === 'banned';
}

/** The places of the articles that failed. */
export function failedPlaces({ status, articles }: Publication): readonly number[] {
  return status === 'not_original' || status === 'refused' ? articles.map((_, index) => index + 1) : [];
}

function eventFields(publication: Publication) {
  const { publishId, status, articleId, articles, origin } = publication;
  const places = failedPlaces(publication).map(String);
  const items = articles.map((article, index) => ({
    idx: String(index + 1),
    article_url: articleAddress(origin, article),
  }));
  return {
    PublishEventInfo: {
      publish_id: publishId,
      publish_status: String(publishStatuses[status]),
      ...(hasArticles(publication) && {
        article_id: articleId,
        article_detail: { count: String(items.length), item: items },
      }),
      ...(places.length > 0 && { fail_idx: places }),
    },
  };
}
