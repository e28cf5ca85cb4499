/** Articles, templates and the other cards of a chat. */
import type { ArticleView, TemplateCard } from '../../control/types/index.ts';
import { Button } from '../parts/box.tsx';
import { askFor } from '../parts/field-dialog.tsx';
import { notify } from '../parts/notice.ts';
import { Shown } from '../parts/shown.tsx';
import { say } from '../words.ts';
import { comment } from './actions.ts';
import { isLocalPicture, isSimulatedArticle, safeHref } from './links.ts';
import { PhoneLink } from './dialogs/phone-link.tsx';

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
  thumb = null,
}: {
  kind: CardKind;
  title: string;
  text: string;
  href?: string;
  foot?: string;
  thumb?: string | null;
}) {
  return (
    <PhoneLink class={`card card-${kind}`} href={safeHref(href)}>
      <span class="card-sign" aria-hidden="true">
        <Shown src={thumb} alt="">
          {signs[kind]}
        </Shown>
      </span>
      <span class="card-words">
        <span class="card-title">{title}</span>
        {text !== '' && <span class="card-text">{text}</span>}
        {foot !== '' && <span class="card-foot mono">{foot}</span>}
      </span>
    </PhoneLink>
  );
}

/** 图文消息: the first one large, the others as lines. */
export function ArticleCards({ articles }: { articles: readonly ArticleView[] }) {
  return (
    <div class="articles">
      {articles.map((article, index) => (
        <Article key={index} article={article} isFirst={index === 0} isOnly={articles.length === 1} />
      ))}
      <CommentLink articles={articles.filter(({ url }) => isSimulatedArticle(url, location.origin))} />
    </div>
  );
}

/** 写留言: under articles that are this simulator's own. */
function CommentLink({ articles: [first, ...others] }: { articles: readonly ArticleView[] }) {
  if (first === undefined) return null;
  const options = [first, ...others].map(({ url, title }) => ({
    value: url,
    label: { en: title, zh: title },
  }));
  const words = { en: 'Write a comment', zh: '写留言' };
  const ask = (): void =>
    askFor({
      title: words,
      action: { en: 'Send', zh: '发送' },
      fields: [
        { name: 'url', label: { en: 'Article', zh: '文章' }, kind: 'select', value: first.url, options },
        { name: 'content', label: { en: 'Comment', zh: '留言' }, kind: 'long', rows: 3, required: true },
      ],
      submit: async ({ url = first.url, content = '' }) => {
        if (await comment({ url, content })) notify({ en: 'Comment sent', zh: '留言已提交' });
      },
    });
  return (
    <div class="template-foot">
      <Button class="link" text={words} act={ask} />
    </div>
  );
}

function Article({ article, isFirst, isOnly }: { article: ArticleView; isFirst: boolean; isOnly: boolean }) {
  return (
    <PhoneLink class={`article ${isFirst ? 'first' : 'next'}`} href={safeHref(article.url)}>
      <span class={isFirst ? 'cover' : 'thumb'}>
        <Shown src={isLocalPicture(article.pic_url) ? article.pic_url : null} alt="" />
      </span>
      <span class="article-words">
        <span class="card-title">{article.title}</span>
        {isOnly && article.description !== '' && <span class="card-text">{article.description}</span>}
      </span>
    </PhoneLink>
  );
}

/** 模板消息, 订阅通知, 一次性订阅消息: a title, lines, and where a tap leads. */
export function TemplateMessage({ content }: { content: TemplateCard }) {
  const { title, lines, url, miniprogram } = content;
  const href = miniprogram === null && url !== null ? safeHref(url) : undefined;
  return (
    <div class="template">
      <p class="card-title">{title}</p>
      <dl>
        {lines.map(({ label, value, color }, index) => (
          <div key={index} class={label === '' ? 'template-alone' : ''}>
            <dt>{label}</dt>
            <dd style={color === null ? {} : { color }}>{value}</dd>
          </div>
        ))}
      </dl>
      {href !== undefined && (
        <PhoneLink class="template-foot" href={href}>
          {say({ en: 'Details', zh: '详情' })}
        </PhoneLink>
      )}
      {miniprogram !== null && (
        <p class="template-foot">
          {say({ en: 'Opens the mini program', zh: '进入小程序' })}{' '}
          <span class="mono">{`${miniprogram.appid} ${miniprogram.pagepath}`}</span>
        </p>
      )}
    </div>
  );
}
