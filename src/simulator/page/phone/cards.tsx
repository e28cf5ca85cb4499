/** Pictures, articles and the cards of a chat. */
import type { ComponentChild } from 'preact';
import type { ArticleView } from '../../console-types.ts';
import { say } from '../words.ts';
import { isLocalPicture, safeHref } from './links.ts';

type CardKind = 'video' | 'shortvideo' | 'music' | 'location' | 'link' | 'mini' | 'other';

const signs: Readonly<Record<CardKind, string>> = {
  video: '▶',
  shortvideo: '▶',
  music: '♫',
  location: '⊙',
  link: '↗',
  mini: '◎',
  other: '…',
};

export function Card({
  kind,
  title,
  text,
  href = '',
  foot = '',
}: {
  kind: CardKind;
  title: string;
  text: string;
  href?: string;
  foot?: string;
}): ComponentChild {
  const address = safeHref(href);
  const body = (
    <>
      <span class="card-sign" aria-hidden="true">
        {signs[kind]}
      </span>
      <span class="card-words">
        <span class="card-title">{title}</span>
        {text !== '' && <span class="card-text">{text}</span>}
        {foot !== '' && <span class="card-foot mono">{foot}</span>}
      </span>
    </>
  );
  if (address === undefined) return <div class={`card card-${kind}`}>{body}</div>;
  return (
    <a class={`card card-${kind}`} href={address} target="_blank" rel="noopener noreferrer">
      {body}
    </a>
  );
}

/** A picture of this machine is shown; of any other only the address, since the page asks nobody else for anything. */
export function Picture({ address, mediaId }: { address: string | null; mediaId: string }): ComponentChild {
  const alt = say({ en: 'Picture', zh: '图片' });
  if (address !== null && isLocalPicture(address)) return <img class="picture" src={address} alt={alt} />;
  const href = address === null ? undefined : safeHref(address);
  return (
    <div class="picture picture-empty">
      <span class="picture-sign" aria-hidden="true" />
      {href === undefined ? (
        <span>{alt}</span>
      ) : (
        <a href={href} target="_blank" rel="noopener noreferrer">
          {alt}
        </a>
      )}
      {mediaId !== '' && <span class="mono clip">{mediaId}</span>}
    </div>
  );
}

/** 图文消息: the first one large, the others as lines. */
export function ArticleCards({ articles }: { articles: readonly ArticleView[] }): ComponentChild {
  return (
    <div class="articles">
      {articles.map((article, index) => (
        <Article key={index} article={article} isFirst={index === 0} isOnly={articles.length === 1} />
      ))}
    </div>
  );
}

function Article({
  article,
  isFirst,
  isOnly,
}: {
  article: ArticleView;
  isFirst: boolean;
  isOnly: boolean;
}): ComponentChild {
  const href = safeHref(article.url);
  const body = (
    <>
      <span class={isFirst ? 'cover' : 'thumb'}>
        {isLocalPicture(article.pic_url) && <img src={article.pic_url} alt="" />}
      </span>
      <span class="article-words">
        <span class="card-title">{article.title}</span>
        {isOnly && article.description !== '' && <span class="card-text">{article.description}</span>}
      </span>
    </>
  );
  const name = `article ${isFirst ? 'first' : 'next'}`;
  if (href === undefined) return <div class={name}>{body}</div>;
  return (
    <a class={name} href={href} target="_blank" rel="noopener noreferrer">
      {body}
    </a>
  );
}
