/** What is uploaded for mass messages alone: articles（上传图文消息素材）, and videos made of temporary ones. */
import type { Clock, Random } from '../../../io/ports.ts';
import { type Article, charactersOf, parseArticles } from '../draft/state.ts';
import type { ChatContent } from '../../control/types/index.ts';
import { randomBase64Url } from '../../random/text.ts';
import type { Media } from '../media/state.ts';

/** They live as long as temporary media. */
const lifeMs = 3 * 86_400_000;
const keptUploads = 200;
/** Of articles, uploaded or sent; the oldest go first. */
const maxCharacters = 16 * 1024 * 1024;

export type MassVideo = Extract<ChatContent, { type: 'video' | 'shortvideo' }>;

interface Upload {
  readonly mediaId: string;
  readonly atMs: number;
  readonly articles: readonly Article[];
  readonly video?: MassVideo;
}

export interface SentArticle {
  readonly article: Article;
  readonly atMs: number;
  /** How often its page has been opened; `undefined` for one that was only uploaded. */
  readonly reads: number | undefined;
}

export interface SavedMassUploads {
  readonly uploads: readonly Upload[];
  readonly sent: readonly SentArticle[];
}

export function createMassUploads(clock: Clock, random: Random, media: Media) {
  let uploads: readonly Upload[] = [];
  let sent: readonly SentArticle[] = [];
  const isGood = ({ atMs }: Upload): boolean => clock.now() - atMs < lifeMs;
  const add = (upload: Upload): Upload => {
    uploads = withinBounds([...uploads.filter(isGood), upload].slice(-keptUploads), charactersOf);
    return upload;
  };
  const world = {
    // A cover may be a temporary picture, too.
    findPermanent: (mediaId: string) => media.find(mediaId),
    newPageId: () => randomBase64Url(random, 24).slice(0, 22),
  };
  const pages = (): readonly SentArticle[] => [
    ...sent,
    ...uploads
      .filter(isGood)
      .flatMap(({ articles, atMs }) => articles.map((article) => ({ article, atMs, reads: undefined }))),
  ];
  const create = (): Pick<Upload, 'mediaId' | 'atMs'> => ({
    mediaId: randomBase64Url(random, 64),
    atMs: clock.now(),
  });
  return {
    owns: (id: string) =>
      uploads.some(({ mediaId }) => mediaId === id) || pages().some((page) => isPage(page, id)),
    save: (): SavedMassUploads => ({ uploads: uploads.filter(isGood), sent }),
    restore(saved: SavedMassUploads): void {
      ({ uploads, sent } = saved);
    },
    /** Throws what `parseArticles` throws. */
    addArticles: (articles: unknown) => add({ ...create(), articles: parseArticles(articles, world) }),
    /** `video` has the id of the temporary one; the new one gets another. */
    addVideo(video: MassVideo): Upload {
      const created = create();
      return add({ ...created, articles: [], video: { ...video, media_id: created.mediaId } });
    },
    /** `undefined` for an id that is none, or too old. */
    find: (mediaId: string) => uploads.find((upload) => upload.mediaId === mediaId && isGood(upload)),
    /** Keeps the pages of what was sent, whatever becomes of the draft. */
    keepSent(articles: readonly Article[]): void {
      const others = sent.filter((page) => !articles.some(({ pageId }) => isPage(page, pageId)));
      const added = articles.map((article) => ({ article, atMs: clock.now(), reads: 0 }));
      sent = withinBounds([...others, ...added], ({ article }) => charactersOf({ articles: [article] }));
    },
    findSent: (pageId: string): Article | undefined => sent.find((page) => isPage(page, pageId))?.article,
    /** Takes pages away that end the addresses（群发删除）. */
    dropSent(urls: readonly string[]): void {
      sent = sent.filter(({ article }) => !urls.some((url) => url.endsWith(`/${article.pageId}`)));
    },
    /** The article of this page; counts that it is read. */
    openPage(pageId: string): SentArticle | undefined {
      sent = sent.map((page) => (isPage(page, pageId) ? { ...page, reads: (page.reads ?? 0) + 1 } : page));
      return pages().find((page) => isPage(page, pageId));
    },
  };
}

function isPage({ article }: SentArticle, pageId: string): boolean {
  return article.pageId === pageId;
}

/** The newest ones that fit, and at least the last. */
function withinBounds<Kept>(list: readonly Kept[], sizeOf: (each: Kept) => number): readonly Kept[] {
  let left = maxCharacters;
  const first = list.findLastIndex((each, index) => {
    left -= sizeOf(each);
    return left < 0 && index < list.length - 1;
  });
  return list.slice(first + 1);
}
