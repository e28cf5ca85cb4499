/** Media on the wire: their content with its headers, and the addresses under which it can be seen. */
import { articleAddress, coverOf } from '../draft/view.ts';
import type { Article } from '../draft/state.ts';
import type { ArticleView } from '../../control/types/index.ts';
import type { Platform } from '../../account/platform.ts';
import { bytesAnswer } from '../../server/answers.ts';
import { Refusal } from '../../server/refusal.ts';
import type { Medium } from './state.ts';
import type { MediaType } from './rules.ts';

/** A download（获取临时素材）. */
export function downloadAnswer(medium: Medium): Response {
  return contentAnswer(medium, {
    // Quirk: the name is the media id, not that of the upload.
    'content-disposition': `attachment; filename="${downloadName(medium)}"`,
  });
}

/** Somebody looks at it: nothing in it may act as a page. */
export function contentAnswer(
  { bytes, contentType }: Pick<Medium, 'bytes' | 'contentType'>,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return bytesAnswer(bytes, {
    'content-type': contentType,
    'content-length': String(bytes.length),
    'cache-control': 'no-cache',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    ...headers,
  });
}

function downloadName({ mediaId, fileName }: Medium): string {
  const ending = /\.[a-z0-9]{2,5}$/i.exec(fileName)?.[0] ?? '';
  return `${mediaId.replaceAll(/[^\w.-]/g, '_')}${ending}`;
}

/** Where everybody can see a picture; the beginning of the path is that of the platform's own addresses. */
export function pictureAddress(origin: string, { key }: Pick<Medium, 'key'>): string {
  return `${origin}/mmbiz/${key}/0`;
}

export function videoAddress(origin: string, { key }: Medium): string {
  return `${origin}/mpvideo/${key}`;
}

/** Where the simulator's page shows it. */
export function mediaPath({ mediaId }: Medium): string {
  return `/_ctl/media/${encodeURIComponent(mediaId)}`;
}

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
