/** The pages on which a person answers WeChat's own questions in a browser（网页授权, 一次性订阅消息）. */
import { createHash } from 'node:crypto';
import type { Language, Text } from '../../../core/text/text.ts';
import { escapeHtml, htmlResponse, languageOf } from '../../server/html-page.ts';
import type { Platform } from '../../account/platform.ts';
import type { FormAnswer } from './forms.ts';

/** Where every form of these pages goes. */
export const answerPath = '/connect/answer';

/** A text in both languages, or a name that is the same in both. */
type Words = Text | string;

export interface Question {
  readonly title: Words;
  readonly lines: readonly Words[];
  /** One of them is chosen before a button is pressed. */
  readonly choice?: {
    readonly legend: Text;
    readonly options: readonly { readonly value: string; readonly words: Words; readonly note?: Words }[];
  };
  /** The first one is the one to press. */
  readonly buttons: readonly { readonly value: string; readonly words: Words }[];
}

export interface Notice {
  readonly title: Words;
  readonly lines: readonly Words[];
  readonly status?: number;
}

/** Asks; `answer` makes of what is pressed the answer to the browser. Everything that is shown is escaped. */
export function askOnPage(
  { forms, account }: Platform,
  request: Request,
  question: Question,
  answer: (answer: FormAnswer, request: Request) => Response | Promise<Response>,
): Response {
  const language = languageOf(request);
  const { title, lines, choice, buttons } = question;
  const say = (words: Words): string => escapeHtml(wordsIn(language, words));
  const form = [
    `<form method="post" action="${answerPath}?appid=${escapeHtml(account.appId)}">`,
    `<input type="hidden" name="form" value="${forms.open(answer)}">`,
    ...(choice === undefined ? [] : [formatChoice(choice, say)]),
    '<div class="buttons">',
    ...buttons.map(
      ({ value, words }) =>
        `<button name="button" value="${escapeHtml(value)}" type="submit">${say(words)}</button>`,
    ),
    '</div>',
    '</form>',
  ].join('\n');
  return pageAnswer(language, wordsIn(language, title), [
    ...lines.map((line) => `<p>${say(line)}</p>`),
    form,
  ]);
}

/** Says something that there is no answer to. */
export function tellOnPage(request: Request, { title, lines, status }: Notice): Response {
  const language = languageOf(request);
  const paragraphs = lines.map((line) => `<p>${escapeHtml(wordsIn(language, line))}</p>`);
  return pageAnswer(language, wordsIn(language, title), paragraphs, status);
}

function wordsIn(language: Language, words: Words): string {
  return typeof words === 'string' ? words : words[language];
}

function formatChoice(
  { legend, options }: NonNullable<Question['choice']>,
  say: (words: Words) => string,
): string {
  const rows = options.map(({ value, words, note }, index) => {
    const checked = index === 0 ? ' checked' : '';
    const small = note === undefined ? '' : ` <small>${say(note)}</small>`;
    return `<label><input type="radio" name="choice" value="${escapeHtml(value)}"${checked}> <span>${say(words)}${small}</span></label>`;
  });
  return `<fieldset><legend>${say(legend)}</legend>\n${rows.join('\n')}\n</fieldset>`;
}

const style = `
:root{color-scheme:light dark;--back:#f2f2f2;--card:#fff;--text:#191919;--soft:#5b5b5b;--line:#d5d5d5;--green:#04743a;--on-green:#fff}
@media (prefers-color-scheme:dark){:root{--back:#111;--card:#1e1e1e;--text:#e6e6e6;--soft:#a8a8a8;--line:#3a3a3a;--green:#3ecf7f;--on-green:#08150d}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
main{max-width:26rem;min-height:100vh;margin:0 auto;padding:2.5rem 1.5rem;background:var(--card);overflow-wrap:anywhere}
h1{margin:0 0 1rem;font-size:1.25rem}
p{margin:0 0 .75rem}
fieldset{margin:1rem 0;padding:0;border:0}
legend{padding:0;color:var(--soft)}
label{display:flex;gap:.75rem;align-items:center;min-height:3rem;border-bottom:1px solid var(--line)}
small{display:block;color:var(--soft);font-size:.8125rem}
input{flex:none;width:1.25rem;height:1.25rem;margin:0;accent-color:var(--green)}
.buttons{display:grid;gap:.75rem;margin-top:1.5rem}
button{min-height:3rem;padding:.5rem 1rem;border:1px solid var(--line);border-radius:.5rem;background:transparent;color:inherit;font:inherit;cursor:pointer}
button:first-child{border-color:var(--green);background:var(--green);color:var(--on-green);font-weight:600}
:focus-visible{outline:3px solid var(--green);outline-offset:2px}
footer{margin-top:2rem;color:var(--soft);font-size:.8125rem}
`;

/**
 * A form may lead anywhere over HTTP: browsers check every redirect behind it, and those are the developer's own.
 * A script it can never be.
 */
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  'form-action http: https:',
  "base-uri 'none'",
  "frame-ancestors 'none'",
];

const footer: Text = {
  en: 'This page belongs to the wechat-mp simulator, in the place of WeChat',
  zh: '此页面由 wechat-mp 模拟器提供，代替微信的页面',
};

function pageAnswer(language: Language, title: string, parts: readonly string[], status?: number): Response {
  return htmlResponse({
    language,
    status,
    title,
    style,
    body: [`<h1>${escapeHtml(title)}</h1>`, ...parts, `<footer>${footer[language]}</footer>`],
    policy,
    // The form must say where it comes from, which "no-referrer" would keep from it.
    referrer: 'same-origin',
  });
}
