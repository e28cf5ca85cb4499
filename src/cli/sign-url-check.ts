/** `sign-url --check`: whether a signature is right, and which mistake leads to it if not. */
import { WechatMpError } from '../core/errors.ts';
import { cleanUrl } from '../core/jssdk.ts';
import { diagnoseJssdk } from '../core/diagnosis/jssdk.ts';
import type { SignatureDiagnosis } from '../core/diagnosis/search.ts';
import type { Context } from './context.ts';
import { fixLine } from './output.ts';
import type { SignTools, SignUrlOptions } from './sign-url-options.ts';

interface Question {
  readonly words: readonly string[];
  readonly options: SignUrlOptions;
  readonly signature: string;
}

/** Returns the exit code. */
export async function checkSignature(
  context: Context,
  question: Question,
  tools: SignTools,
): Promise<number> {
  const { options } = question;
  const ticket = tools.getTicket(context, options, options.type ?? 'jsapi');
  if (options.type === 'wx_card') {
    const { diagnoseCards } = await import('./sign-url-card.ts');
    return print(context, await diagnoseCards(context, question, ticket, await knownSecrets(context)));
  }
  const [url = ''] = question.words;
  for (const { text } of cleanUrl(url).warnings) context.warn(text);
  const input = {
    url,
    nonceStr: options.nonce ?? '',
    timestamp: String(options.timestamp),
    ticket: await ticket(),
    ...(await knownSecrets(context)),
  };
  return print(context, diagnoseJssdk(input, question.signature));
}

export interface KnownSecrets {
  readonly accessToken: string | undefined;
  readonly jsapiTicket: string | undefined;
  readonly cardTicket: string | undefined;
}

/** What somebody may have taken for the ticket, as far as this machine holds it: nothing is fetched for this. */
async function knownSecrets(context: Context): Promise<KnownSecrets> {
  const { openTickets, openTokens } = await import('./platform.ts');
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

function print(context: Context, diagnosis: SignatureDiagnosis): number {
  const { ok, mistakes, signed, string1, expected } = diagnosis;
  const value = {
    ok,
    mistakes: mistakes.map(({ name, text, fix }) => ({
      name,
      message: context.say(text),
      hint: context.say(fix),
    })),
    signed: signed ?? null,
    string1,
    expected,
  };
  context.print(value, ok ? 'valid' : describe(context, diagnosis));
  return ok ? 0 : 1;
}

function describe(context: Context, { mistakes, signed, string1, expected }: SignatureDiagnosis): string {
  const unknown = context.say({
    en: '✗ The signature does not belong to these values, and no known mistake leads to it',
    zh: '✗ 签名与这些值不符，也不是已知的常见错误所致',
  });
  const compare = {
    en: 'Compare the text your server hashes with the right one below; is it the same ticket?',
    zh: '请将服务器实际签名的字符串与下面的正确字符串逐项对比，并确认用的是同一个 ticket',
  };
  const rows: readonly (readonly [label: string, text: string | undefined])[] = [
    [context.say({ en: 'signed:    ', zh: '实际签名：' }), signed],
    [context.say({ en: 'right:     ', zh: '应当签名：' }), string1],
    [context.say({ en: 'signature: ', zh: '正确结果：' }), expected],
  ];
  return [
    ...(mistakes.length === 0
      ? [unknown, `  ${fixLine(compare, context.language)}`]
      : mistakes.flatMap((one) => [`✗ ${context.say(one.text)}`, `  ${fixLine(one.fix, context.language)}`])),
    ...rows.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label}${text}`])),
  ].join('\n');
}
