/** Media and articles as a chat shows them. */
import { articleAddress, coverOf, type Article } from '../draft/article.ts';
import type { ArticleView } from '../../control/types/index.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import type { Medium } from './state.ts';
import { mediaPath, pictureAddress } from './answers.ts';
import type { MediaType } from './rules.ts';

type Shelf = Pick<Platform, 'media'>;

/** Where the page sees it; `null` for an id that the simulator does not have. */
export function mediaUrl({ media }: Shelf, mediaId: string): string | null {
  const medium = media.find(mediaId);
  return medium === undefined ? null : mediaPath(medium);
}

/** A medium of one of these types that a message may name, temporary or permanent. Throws 40007. */
export function requireMedium({ media }: Shelf, mediaId: unknown, types: readonly MediaType[]): Medium {
  const medium = typeof mediaId === 'string' ? media.find(mediaId) : undefined;
  if (medium === undefined || !types.includes(medium.type)) throw new Refusal(40007);
  return medium;
}

/** Articles as cards; `origin` begins their addresses. */
export function articleCards(
  shelf: Shelf,
  articles: readonly Article[],
  origin: string,
): readonly ArticleView[] {
  return articles.map((article) => ({
    title: article.title,
    description: article.digest,
    pic_url: pictureUrl(shelf, coverOf(article), origin) ?? '',
    url: articleAddress(origin, article),
  }));
}

/** Where everybody can see a picture; `undefined` for an id that the simulator does not have. */
export function pictureUrl({ media }: Shelf, mediaId: string, origin: string): string | undefined {
  const medium = media.find(mediaId);
  return medium && pictureAddress(origin, medium);
}
