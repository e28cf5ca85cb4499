/** How things are printed: data on stdout, talk on stderr, errors as one object. */
import { WechatMpError } from '../../core/errors.ts';
import { sanitise } from '../../core/text/sanitise.ts';
import type { Language, Text } from '../../core/text/text.ts';
import { exitCodes, exitCodesOfTypes } from './exit.ts';

/** Colours of talk; every member returns its text unchanged where colour is off. */
export interface Paint {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly good: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly strong: (text: string) => string;
}

const plain = (text: string): string => text;
export const noPaint: Paint = { error: plain, warning: plain, good: plain, dim: plain, strong: plain };

/** Whether a stream gets colour: `--color/--no-color` > `NO_COLOR` > `FORCE_COLOR` > `TERM=dumb` > is it a terminal. */
export function wantsColor(
  flag: boolean | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  isTty: boolean,
): boolean {
  if (flag !== undefined) return flag;
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  const force = environment['FORCE_COLOR'] ?? '';
  if (force !== '') return force !== '0' && force !== 'false';
  if (environment['TERM'] === 'dumb') return false;
  return isTty;
}

export async function createPaint(color: boolean): Promise<Paint> {
  if (!color) return noPaint;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return { error: chalk.red, warning: chalk.yellow, good: chalk.green, dim: chalk.dim, strong: chalk.bold };
}

/** Control characters that JSON may hold as they are, and bidi overrides: a terminal must not obey them. */
// oxlint-disable-next-line no-control-regex
const unsafeInJson = /[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]/g;

/** One line of JSON that is safe on a terminal; the same value for every parser. */
export function formatJson(value: unknown): string {
  return escapeControls(JSON.stringify(value));
}

/** The same for a JSON text of several lines. */
export function escapeControls(json: string): string {
  return json.replaceAll(
    unsafeInJson,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof WechatMpError)) return exitCodes.bug;
  return exitCodesOfTypes.get(error.type) ?? exitCodes[error.family];
}

/** The error for people, the most useful lines last. `more` is a command that says more. */
export function errorLines(
  error: unknown,
  language: Language,
  paint: Paint,
  more?: string,
): readonly string[] {
  const mark = paint.error('✗');
  if (!(error instanceof WechatMpError)) {
    const request = {
      en: 'This is a mistake in wechat-mp; please report it with the lines above',
      zh: '这是 wechat-mp 自身的错误，请连同上面的内容一起反馈',
    };
    const stack = error instanceof Error ? (error.stack ?? '').split('\n').slice(1, 6) : [];
    return [
      ...stack.map((line) => paint.dim(sanitise(line))),
      `${mark} ${sanitise(bugMessage(error))}`,
      `  ${request[language]}`,
    ];
  }
  return [
    `${mark} ${sanitise(error.text[language])}`,
    ...error.details.map((line) => `  ${sanitise(line[language])}`),
    ...(error.hint === undefined ? [] : [`  ${fixLine(error.hint, language, paint.strong)}`]),
    ...(more === undefined ? [] : [`  ${{ en: 'More: ', zh: '更多：' }[language]}${more}`]),
  ];
}

/** The way out of a trouble, behind its label. */
export function fixLine(hint: Text, language: Language, strong = plain): string {
  return `${strong({ en: 'Fix: ', zh: '解决：' }[language])}${sanitise(hint[language])}`;
}

export function bugMessage(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
