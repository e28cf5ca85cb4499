/** `sign-url --check`: whether a signature is right, and which mistake leads to it if not. */
import {
  diagnoseJssdk,
  type SignatureDiagnosis,
  type String1Difference,
} from '../../../core/diagnosis/index.ts';
import { WechatMpError } from '../../../core/errors.ts';
import { cleanUrl } from '../../../core/jssdk/index.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import { fixLine } from '../../frame/output.ts';
import type { SignTools, SignUrlOptions } from './sign-url.ts';

interface Question {
  readonly words: readonly string[];
  readonly options: SignUrlOptions;
}

export async function checkSignature(
  context: Context,
  question: Question,
  tools: SignTools,
): Promise<number> {
  const { options } = question;
  const ticket = tools.getTicket(context, options, options.type ?? 'jsapi');
  if (options.type === 'wx_card') {
    const { diagnoseCards } = await import('./card.ts');
    const signature = (options.check ?? '').trim();
    const known = await knownSecrets(context);
    const diagnosis = await diagnoseCards(context, { ...question, signature }, ticket, known);
    const next: Next = { isCard: true, isGiven: true, source: await sourceOf(context, options) };
    return print(context, diagnosis, next);
  }
  const page = readPage(context, question);
  const fields = {
    nonceStr: options.nonce ?? '',
    timestamp: String(options.timestamp),
    ticket: await ticket(),
  };
  const input = {
    ...fields,
    url: page.url + (page.fragment === '' ? fragmentOf(options.string1 ?? '') : page.fragment),
    typedUrl: page.typed,
    ...(await knownSecrets(context)),
  };
  const next: Next = {
    isWhole: page.fragment !== '',
    isGiven: options.check !== undefined,
    source: await sourceOf(context, options),
  };
  if (options.string1 === undefined)
    return print(context, diagnoseJssdk(input, (options.check ?? '').trim()), next);
  const { compareString1, hashString1 } = await import('../../../core/diagnosis/string1.ts');
  const right = { ...fields, url: page.url };
  const signature = options.check?.trim() ?? hashString1(fields.ticket, options.string1);
  const difference = compareString1(right, options.string1);
  return print(context, diagnoseJssdk(input, signature), next, difference);
}

/** Where the ticket came from, never the ticket. */
type TicketSource =
  | { readonly from: 'fetched'; readonly appid: string }
  | { readonly from: 'file'; readonly file: string }
  | { readonly from: 'stdin' };

async function sourceOf(
  context: Context,
  { ticketFile, ticketStdin }: SignUrlOptions,
): Promise<TicketSource> {
  if (ticketStdin) return { from: 'stdin' };
  if (ticketFile !== undefined) return { from: 'file', file: ticketFile };
  const { findAppId } = await import('../../settings/platform.ts');
  return { from: 'fetched', appid: await findAppId(context) };
}

function describeSource(source: TicketSource): Text {
  switch (source.from) {
    case 'fetched':
      return { en: `fetched for ${source.appid}`, zh: `为 ${source.appid} 获取` };
    case 'file':
      return { en: `read from ${source.file}`, zh: `读自 ${source.file}` };
    case 'stdin':
      return { en: 'read from stdin', zh: '读自 stdin' };
  }
}

/** What decides the advice where no mistake was found. */
interface Next {
  readonly source: TicketSource;
  /** Whether there is a signature to judge, not only the text of --string1. */
  readonly isGiven: boolean;
  readonly isCard?: boolean;
  /** Whether the URL was given with a fragment. */
  readonly isWhole?: boolean;
}

interface Page {
  readonly url: string;
  readonly typed: string;
  readonly fragment: string;
}

/** The URL is the last part of string1, so whatever follows a "#" in it was signed as a fragment. */
function fragmentOf(string1: string): string {
  return /&url=[^#]*(#.*)$/s.exec(string1)?.[1] ?? '';
}

/** The form that a browser shows decides. */
function readPage(context: Context, { words: [given = ''], options }: Question): Page {
  const { url, typed, warnings } = cleanUrl(given, options.asIs ? 'as-is' : 'browser');
  for (const { text } of warnings) context.warn(text);
  if (url !== typed) {
    context.note({
      en: `Compared with the URL as a browser shows it: ${url} (as it is written: --as-is)`,
      zh: `已按浏览器显示的形式比较：${url}（按原样比较：--as-is）`,
    });
  }
  return { url, typed, fragment: given.slice(typed.length) };
}

interface KnownSecrets {
  readonly accessToken: string | undefined;
  readonly jsapiTicket: string | undefined;
  readonly cardTicket: string | undefined;
}

/** What somebody may have taken for the ticket, as far as this machine holds it: nothing is fetched for this. */
async function knownSecrets(context: Context): Promise<KnownSecrets> {
  const { openTickets, openTokens } = await import('../../settings/platform.ts');
  const peek = async (
    open: () => Promise<{ peek(): Promise<{ value: string } | undefined> }>,
  ): Promise<string | undefined> => {
    try {
      const found = (await (await open()).peek())?.value;
      if (found !== undefined) context.redactor.add(found);
      return found;
    } catch (error) {
      // Without an account there is no cache to look into, and the ticket was given.
      if (error instanceof WechatMpError) return undefined;
      throw error;
    }
  };
  return {
    accessToken: (await context.settings.accessToken())?.value ?? (await peek(() => openTokens(context))),
    jsapiTicket: await peek(() => openTickets(context, 'jsapi')),
    cardTicket: await peek(() => openTickets(context, 'wx_card')),
  };
}

/** `difference`: null where the text of --string1 is right, `undefined` where there is none. */
function print(
  context: Context,
  diagnosis: SignatureDiagnosis,
  next: Next,
  difference?: String1Difference | null,
): number {
  const { mistakes, signed, string1, expected } = diagnosis;
  const ok = diagnosis.ok && (difference ?? null) === null;
  const unknown = mistakes.length === 0 && !ok ? unknownMistake(difference, next) : undefined;
  const value = {
    ok,
    mistakes: mistakes.map(({ name, text, fix }) => ({
      name,
      message: context.say(text),
      hint: context.say(fix),
    })),
    hint: unknown === undefined ? null : context.say(unknown.fix),
    ticket_source: next.source,
    signed: signed ?? null,
    string1,
    expected,
    ...defined({ difference }),
  };
  const source = unknown === undefined ? undefined : context.say(describeSource(next.source));
  const shown = unknown === undefined ? mistakes : [unknown];
  context.print(value, ok ? 'valid' : describe(context, diagnosis, shown, source, difference));
  return ok ? 0 : 1;
}

interface Mistake {
  readonly text: Text;
  readonly fix: Text;
}

function describe(
  context: Context,
  { signed, string1, expected }: SignatureDiagnosis,
  mistakes: readonly Mistake[],
  source: string | undefined,
  difference: String1Difference | null | undefined,
): string {
  const rows: readonly (readonly [label: string, text: string | undefined])[] = [
    [context.say({ en: 'signed:    ', zh: '实际签名：' }), signed],
    [context.say({ en: 'right:     ', zh: '应当签名：' }), string1],
    [context.say({ en: 'signature: ', zh: '正确结果：' }), expected],
    [context.say({ en: 'ticket:    ', zh: 'ticket：  ' }), source],
  ];
  return [
    ...mistakes.flatMap((one) => [`✗ ${context.say(one.text)}`, `  ${fixLine(one.fix, context.language)}`]),
    ...describeDifference(context, difference ?? undefined),
    ...rows.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label}${text}`])),
  ].join('\n');
}

function unknownMistake(
  difference: String1Difference | null | undefined,
  { isGiven, isCard, isWhole, source }: Next,
): Mistake {
  if (difference === null) {
    return {
      text: {
        en: 'The text that was hashed is right, and the signature is not its SHA-1',
        zh: '参与签名的字符串正确，但签名不是它的 SHA-1',
      },
      fix: {
        en: 'Hash exactly these bytes in UTF-8, with the ticket in its place, and write lower-case hex digits',
        zh: '请对该字符串（含真实 ticket）的 UTF-8 字节做 SHA-1，写成小写十六进制',
      },
    };
  }
  const text = isGiven
    ? {
        en: 'The signature does not belong to these values, and no known mistake leads to it',
        zh: '签名与这些值不符，也不是已知的常见错误所致',
      }
    : {
        en: 'The text of --string1 is not the right one, and no known mistake leads to it',
        zh: '--string1 的内容不正确，也不是已知的常见错误所致',
      };
  if (difference !== undefined)
    return {
      text,
      fix: { en: 'Look at the first difference below', zh: '请查看下面第一处不同' },
    };
  const from = describeSource(source);
  const parts: readonly Text[] = [
    {
      en: `Is it the same ticket? The one used here was ${from.en}`,
      zh: `请确认用的是同一个 ticket：这里的 ticket ${from.zh}`,
    },
    ...(isCard || isWhole
      ? []
      : [
          {
            en: 'Give the URL as the address bar shows it, with its fragment (#…): without it, a fragment that was signed may not be found',
            zh: '请按地址栏原样给出 URL，包括 # 及其后部分：缺少时可能查不出签名误带了 #',
          },
        ]),
    isCard
      ? {
          en: 'Compare the text your server hashes with the right one',
          zh: '请将服务器实际签名的字符串与正确的字符串逐项对比',
        }
      : {
          en: 'Compare the text your server hashes with the right one, or give it with --string1',
          zh: '请将服务器实际签名的字符串与正确的字符串逐项对比，或用 --string1 给出',
        },
  ];
  return {
    text,
    fix: { en: parts.map(({ en }) => en).join('. '), zh: parts.map(({ zh }) => zh).join('；') },
  };
}

function describeDifference(context: Context, difference: String1Difference | undefined): readonly string[] {
  if (difference === undefined) return [];
  const { at, part, given, right } = difference;
  return [
    `  ${context.say({
      en: `string1 differs from character ${at} on, in ${part}:`,
      zh: `string1 从第 ${at} 个字符（${part}）开始不同：`,
    })}`,
    `    ${context.say({ en: 'yours: ', zh: '你的：' })}${given}`,
    `    ${context.say({ en: 'right: ', zh: '正确：' })}${right}`,
  ];
}
