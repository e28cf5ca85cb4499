/** Articles as the platform shows them: in answers, and where everybody can read them. */
import { own } from '../../../core/text/json-value.ts';
import { readWhole } from '../../server/wire.ts';
import { Refusal } from '../../server/refusal.ts';
import type { Article } from './state.ts';

/** As draft/get and its like write it. `origin` begins its address. */
export function formatArticle(article: Article, origin: string): Record<string, unknown> {
  const isPictures = article.type === 'newspic';
  return {
    // Quirk: only what is not an ordinary article says what it is.
    ...(isPictures && { article_type: article.type }),
    title: article.title,
    author: article.author,
    digest: article.digest,
    content: article.content,
    content_source_url: article.sourceUrl,
    thumb_media_id: coverOf(article),
    show_cover_pic: article.showCoverPic,
    need_open_comment: article.needOpenComment,
    only_fans_can_comment: article.onlyFansCanComment,
    url: articleAddress(origin, article),
    ...article.crops,
    ...(isPictures && {
      image_info: { image_list: article.imageMediaIds.map((id) => ({ image_media_id: id })) },
    }),
  };
}

export function coverOf({ thumbMediaId, imageMediaIds }: Article): string {
  return thumbMediaId || (imageMediaIds[0] ?? '');
}

export function articleAddress(origin: string, { pageId }: Article): string {
  return `${origin}/s/${pageId}`;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * How an article is shown in a list: without its content if the body has `"no_content": 1`. The argument is judged here,
 * whatever is in the list. Quirk: 0 and 1 in the documentation; clients send booleans, too. Throws 40097 for the rest.
 */
export function contentReader(body: unknown): (article: Fields) => Fields {
  const given = own(body, 'no_content') ?? false;
  const noContent = typeof given === 'boolean' ? Number(given) : readWhole(given);
  if (noContent !== 0 && noContent !== 1) throw new Refusal(40097);
  return ({ content, ...rest }) => (noContent === 1 ? rest : { ...rest, content });
}
