/** An article as a page（图文页）: what anybody sees who opens its address. */
import type { Language, Text } from '../../../core/text/text.ts';
import { coverOf } from '../draft/view.ts';
import type { Article } from '../draft/state.ts';
import { escapeHtml, htmlResponse } from '../../server/html-page.ts';

/** What the author wrote is HTML of theirs: no script runs, no form goes anywhere, and only pictures of this simulator load. */
const policy = [
  "default-src 'none'",
  "img-src 'self'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  'sandbox allow-popups',
];

interface Shown {
  readonly language: Language;
  readonly article: Article;
  /** What the account is called; empty where it has no name. */
  readonly account: string;
  /** When it was published, or was written last, in milliseconds since 1970. */
  readonly atMs: number;
  /** How often it has been opened; `undefined` for a draft. */
  readonly reads: number | undefined;
  /** Addresses of its pictures by their media ids; what is gone has none. */
  readonly pictureOf: (mediaId: string) => string | undefined;
}

const words = {
  draft: { en: 'Draft', zh: '草稿' },
  reads: { en: 'Reads', zh: '阅读' },
  source: { en: 'Read the original', zh: '阅读原文' },
  deleted: { en: 'The author has deleted this article', zh: '该内容已被发布者删除' },
  banned: { en: 'This article breaks the rules and cannot be read', zh: '此内容因违规无法查看' },
  unknown: { en: 'There is no such article', zh: '链接不存在' },
} as const satisfies Readonly<Record<string, Text>>;

export function articleAnswer({ language, article, account, atMs, reads, pictureOf }: Shown): Response {
  const isPictures = article.type === 'newspic';
  const cover = article.showCoverPic === 1 ? [coverOf(article)] : [];
  const pictures = (isPictures ? article.imageMediaIds : cover)
    .map(pictureOf)
    .filter((address) => address !== undefined);
  const facts = [
    article.author,
    account,
    dateInBeijing(atMs),
    reads === undefined ? words.draft[language] : '',
  ];
  const foot = [
    sourceLink(language, article),
    reads === undefined ? '' : `${words.reads[language]} ${reads}`,
  ];
  return page(language, 200, article.title, [
    `<h1>${escapeHtml(article.title)}</h1>`,
    line(facts.map(escapeHtml)),
    ...pictures.map((address) => `<p><img src="${escapeHtml(address)}" alt=""></p>`),
    `<div>${isPictures ? escapeHtml(article.content).replaceAll('\n', '<br>') : article.content}</div>`,
    line(foot),
  ]);
}

function line(parts: readonly string[]): string {
  return `<p class="facts">${parts.filter((part) => part !== '').join(' · ')}</p>`;
}

/** What stands in the place of an article that is not there, or no more. */
export function missingArticleAnswer(language: Language, why: 'deleted' | 'banned' | 'unknown'): Response {
  const told = words[why][language];
  return page(language, why === 'unknown' ? 404 : 200, told, [`<p class="gone">${told}</p>`]);
}

function page(language: Language, status: number, title: string, body: readonly string[]): Response {
  return htmlResponse({ language, status, title, style, body, policy, referrer: 'no-referrer' });
}

const style = [
  'body{margin:0;background:#fff;color:#222;font:17px/1.7 system-ui,sans-serif}',
  'main{max-width:677px;margin:0 auto;padding:20px 16px 48px;overflow-wrap:break-word}',
  'h1{margin:0 0 12px;font-size:22px;line-height:1.4}',
  'img{max-width:100%;height:auto}',
  '.facts{color:#666;font-size:15px}.facts a{color:#576b95}',
  '.gone{padding-top:30vh;text-align:center;color:#666}',
].join('');

/** 阅读原文; only an address of the web is a link. */
function sourceLink(language: Language, { sourceUrl }: Article): string {
  if (!/^https?:\/\//i.test(sourceUrl)) return '';
  return `<a href="${escapeHtml(sourceUrl)}" target="_blank" rel="noopener noreferrer">${words.source[language]}</a>`;
}

function dateInBeijing(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
}
