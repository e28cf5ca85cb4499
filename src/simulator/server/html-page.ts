/** Pages that a browser gets of the platform itself: small, without scripts, and in the language of the browser. */
import type { Language } from '../../core/text/text.ts';

export interface HtmlPage {
  readonly language: Language;
  readonly status?: number | undefined;
  readonly title: string;
  readonly style: string;
  /** HTML, line by line: whatever comes from a stranger is escaped in it. */
  readonly body: readonly string[];
  readonly policy: readonly string[];
  readonly referrer: 'no-referrer' | 'same-origin';
}

/** Chinese for a browser that names it first, else English. */
export function languageOf({ headers }: Request): Language {
  return /^\s*zh\b/i.test(headers.get('accept-language') ?? '') ? 'zh' : 'en';
}

export function htmlResponse({
  language,
  status = 200,
  title,
  style,
  body,
  policy,
  referrer,
}: HtmlPage): Response {
  const locale = language === 'zh' ? 'zh-CN' : 'en';
  const html = [
    '<!doctype html>',
    `<html lang="${locale}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...body,
    '</main>',
    '</body>',
    '</html>\n',
  ].join('\n');
  return new Response(html, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': locale,
      'content-security-policy': policy.join('; '),
      'x-content-type-options': 'nosniff',
      'referrer-policy': referrer,
      'cache-control': 'no-store',
    },
  });
}

/** For text and for attributes in quotes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
