/** `sign-url --type wx_card`: what a page hands to wx.addCard and wx.chooseCard (卡券签名). */
import { diagnoseCard, type SignatureDiagnosis } from '../../../core/diagnosis/index.ts';
import { usageError } from '../../../core/errors.ts';
import {
  type AddCardFields,
  type CardChoice,
  type CardEntry,
  type ChooseCardFields,
  createCardChoice,
  createCardEntry,
} from '../../../core/jssdk/index.ts';
import type { Context } from '../../context.ts';
import { formatJson } from '../../frame/output.ts';
import { findAppId } from '../../settings/platform.ts';
import { formatEnvironment, formatScriptJson } from './formats.ts';
import type { SignTools, SignUrlOptions } from './sign-url.ts';

type Common = Pick<AddCardFields, 'timestamp' | 'nonceStr'>;

export async function signCards(
  context: Context,
  cardIds: readonly string[],
  options: SignUrlOptions,
  tools: SignTools,
): Promise<void> {
  checkTexts([...cardIds, ...textsOf(options)]);
  const getTicket = tools.getTicket(context, options, 'wx_card');
  const ids = options.call === 'chooseCard' ? [cardIds[0] ?? ''] : cardIds;
  const appId = options.call === 'chooseCard' ? await findAppId(context) : '';
  const ticket = await getTicket();
  const cards = ids.map((cardId) => sign(ticket, cardId, appId, options, commonOf(context, options)));
  if (options.call === 'chooseCard') noteUnverified(context);
  await print(context, cards, options);
}

/** Where the secrets come from is the caller's affair. */
export async function diagnoseCards(
  context: Context,
  {
    words,
    options,
    signature,
  }: { readonly words: readonly string[]; readonly options: SignUrlOptions; readonly signature: string },
  getTicket: () => Promise<string>,
  known: { readonly accessToken: string | undefined; readonly jsapiTicket: string | undefined },
): Promise<SignatureDiagnosis> {
  const choose = options.call === 'chooseCard';
  const { timestamp, nonceStr } = commonOf(context, options);
  const common = { api_ticket: await getTicket(), timestamp, nonce_str: nonceStr, card_id: words[0] ?? '' };
  if (choose) noteUnverified(context);
  const values: Readonly<Record<string, string>> = choose
    ? {
        ...common,
        app_id: await findAppId(context),
        location_id: options.locationId ?? '',
        card_type: options.cardType ?? '',
      }
    : { ...common, code: options.code ?? '', openid: options.openid ?? '' };
  return diagnoseCard({ values, ...known }, signature);
}

function textsOf({ nonce, code, openid, cardType, locationId }: SignUrlOptions): readonly string[] {
  return [nonce, code, openid, cardType, locationId].map((text) => text ?? '');
}

/** A line break would become another `key=value` line of the output, in CI another step output. */
function checkTexts(texts: readonly string[]): void {
  // oxlint-disable-next-line no-control-regex
  if (!texts.some((text) => /[\x00-\x1f\x7f]/.test(text))) return;
  throw usageError('control_character', {
    en: 'Cannot sign this: no value may have line breaks or other control characters',
    zh: '无法签名：各个值中不能有换行或其他控制字符',
  });
}

function commonOf(context: Context, options: SignUrlOptions): Common {
  const { clock, random } = context.io;
  return {
    timestamp: String(options.timestamp ?? Math.floor(clock.now() / 1000)),
    nonceStr: options.nonce ?? Buffer.from(random.bytes(12)).toString('base64url'),
  };
}

function sign(
  ticket: string,
  cardId: string,
  appId: string,
  options: SignUrlOptions,
  common: Common,
): CardEntry | CardChoice {
  if (options.call !== 'chooseCard') {
    const fields: AddCardFields = {
      ticket,
      cardId,
      code: options.code ?? '',
      openId: options.openid ?? '',
      ...common,
    };
    return createCardEntry(fields);
  }
  const { locationId = '', cardType = '' } = options;
  const fields: ChooseCardFields = { ticket, appId, locationId, cardType, cardId, ...common };
  return createCardChoice(fields);
}

function noteUnverified(context: Context): void {
  context.note({
    en: 'Note: which values cardSign covers is not verified against WeChat',
    zh: '注意：cardSign 的签名规则尚未在微信上验证',
  });
}

async function print(
  context: Context,
  cards: readonly (CardEntry | CardChoice)[],
  { call = 'addCard', format = 'lines' }: SignUrlOptions,
): Promise<void> {
  const { terminal } = context.io;
  const [first] = cards;
  if (first === undefined) return;
  if (context.options.json || format === 'json') {
    terminal.writeStdout(cards.map((card) => `${formatJson(card)}\n`).join(''));
  } else if (format === 'lines') {
    context.print(undefined, cards.map((card) => lines(card)).join('\n\n'));
  } else if (format === 'config') {
    const value = call === 'addCard' ? { cardList: cards } : first;
    terminal.writeStdout(`wx.${call}(${formatScriptJson(value, 2)});\n`);
  } else if (format === 'env') {
    terminal.writeStdout(formatEnvironment({ ...first }));
  } else {
    const { appendGithubOutput } = await import('../../shared/github.ts');
    appendGithubOutput(context, lines(first));
  }
}

function lines(card: CardEntry | CardChoice): string {
  return Object.entries(card)
    .map(([name, text]) => `${name}=${text}`)
    .join('\n');
}
