/** `sign-url`: what a page hands to wx.config (JS-SDK 使用权限签名算法). */
import type { TicketType } from '../../../api/ticket.ts';
import { usageError } from '../../../core/errors.ts';
import { cleanUrl, jssdkConfig, type JssdkConfig } from '../../../core/jssdk/index.ts';
import { readLimits } from '../../../core/text/read-limits.ts';
import type { Context } from '../../context.ts';
import { choice, defineCommand, flag, type OptionValues, parsed, value } from '../../frame/command.ts';
import { unsuitable } from '../../frame/flag-errors.ts';
import { formatJson } from '../../frame/output.ts';

const flags = {
  stdin: flag('--stdin', { en: 'One URL a line from stdin', zh: '从 stdin 逐行读取地址' }),
  check: value('--check <signature>', {
    en: 'Check a signature, name the mistake; needs --nonce, --timestamp',
    zh: '校验签名并指出错误；需 --nonce 和 --timestamp',
  }),
  string1: value('--string1 <text>', {
    en: 'What your server hashed, *** for the ticket: shows where it differs',
    zh: '服务器实际签名的字符串（ticket 可写成 ***）：指出从哪里开始不同',
  }),
  asIs: flag('--as-is', {
    en: 'Sign the URL as it is written, not as a browser shows it',
    zh: '按给出的写法签名，不转换为浏览器显示的形式',
  }),
  ticketStdin: flag('--ticket-stdin', { en: 'Read the ticket from stdin', zh: '从 stdin 读取 ticket' }),
  ticketFile: value('--ticket-file <file>', { en: 'Read the ticket from a file', zh: '从文件读取 ticket' }),
  timestamp: parsed(
    '--timestamp <seconds>',
    { en: 'Unix seconds, now by default', zh: 'Unix 秒，默认为当前时间' },
    parseTimestamp,
  ),
  nonce: value('--nonce <text>', { en: 'nonceStr, random by default', zh: 'nonceStr，默认随机' }),
  apiList: value('--api-list <names>', {
    en: 'jsApiList, separated by commas',
    zh: 'jsApiList，用逗号分隔',
  }),
  openTags: value('--open-tags <names>', {
    en: 'openTagList, such as wx-open-launch-weapp, separated by commas',
    zh: 'openTagList，如 wx-open-launch-weapp，用逗号分隔',
  }),
  format: choice('--format <name>', { en: 'Shape of the output', zh: '输出格式' }, [
    'lines',
    'json',
    'config',
    'html',
    'env',
    'github',
  ]),
  type: choice('--type <name>', { en: 'Pages (default) or cards', zh: '网页（默认）或卡券' }, [
    'jsapi',
    'wx_card',
  ]),
  call: choice(
    '--call <name>',
    { en: 'Cards: sign for this call, addCard by default', zh: '卡券：签名用于哪个接口，默认 addCard' },
    ['addCard', 'chooseCard'],
  ),
  code: value('--code <text>', { en: 'addCard: code of the card', zh: 'addCard：卡券 code' }),
  openid: value('--openid <id>', { en: 'addCard: who may take it', zh: 'addCard：指定领取者' }),
  cardType: value('--card-type <type>', {
    en: 'chooseCard: such as GROUPON',
    zh: 'chooseCard：如 GROUPON',
  }),
  locationId: value('--location-id <id>', { en: 'chooseCard: shopId', zh: 'chooseCard：门店 ID' }),
};

export type SignUrlOptions = OptionValues<typeof flags>;

export const command = defineCommand({
  arguments: [
    {
      name: '[url...]',
      text: {
        en: 'Addresses of pages; with --type wx_card, card ids',
        zh: '网页地址；--type wx_card 时为卡券 ID',
      },
    },
  ],
  settings: ['account', 'token'],
  options: flags,
  examples: [
    {
      command: "wechat-mp sign-url 'https://example.com/a?x=1' --api-list scanQRCode --json",
      text: { en: 'An object for wx.config', zh: '可直接交给 wx.config 的对象' },
    },
    {
      command: "wechat-mp sign-url 'https://example.com/a' --format html > test.html",
      text: { en: 'A page that shows what wx.config says', zh: '生成测试页，显示 wx.config 的结果' },
    },
    {
      command:
        'wechat-mp sign-url https://example.com/a --nonce abc --timestamp 1714036504 \\\n  --check 75d179db3f6cd621e8c674d2659ab8da02a0f058',
      text: { en: 'Why wx.config says "invalid signature"', zh: '排查 wx.config 的 invalid signature' },
    },
    {
      command: 'wechat-mp sign-url --stdin < urls.txt',
      text: { en: 'One JSON object for each line', zh: '每行地址输出一个 JSON 对象' },
    },
  ],
  output: {
    en: 'appId, timestamp, nonceStr, signature and url as key=value lines; config is a call of wx.config, html a page that makes it.\nJSON: {"appId","timestamp","nonceStr","signature","jsApiList","openTagList"?,"url"}; several URLs: one object a line, with --stdin also "line" and "warnings". A line that is no URL is reported on stderr and left out, the others are signed; the exit code is 2 then.\nThe URL is signed as a browser shows it, which is said where it was written otherwise.\n--check: "valid", or the mistake. JSON: {"ok","mistakes":[{"name","message","hint"}],"hint","ticket_source":{"from","appid"?,"file"?},"signed","string1","expected"}, where "hint" is for what no known mistake leads to; --string1 adds "difference":{"at","part","given","right"}.\nwx_card: {"cardId","cardExt"} for each card; chooseCard: {"shopId","cardType","cardId","timestamp","nonceStr","signType","cardSign"}, not verified against WeChat.',
    zh: 'appId、timestamp、nonceStr、signature、url，每行 key=value；config 为 wx.config 调用代码，html 为测试页。\nJSON：{"appId","timestamp","nonceStr","signature","jsApiList","openTagList"?,"url"}；多个地址时每行一个对象，--stdin 另有 "line" 和 "warnings"。无效的行在 stderr 报告并跳过，其余照常签名，此时退出码为 2。\n按浏览器显示的形式签名，与给出的写法不同时会说明。\n--check：正确时输出“valid”，否则指出错误。JSON：{"ok","mistakes":[{"name","message","hint"}],"hint","ticket_source":{"from","appid"?,"file"?},"signed","string1","expected"}，不是已知错误时 "hint" 给出排查办法；--string1 另有 "difference":{"at","part","given","right"}。\nwx_card：每张卡券输出 {"cardId","cardExt"}；chooseCard：{"shopId","cardType","cardId","timestamp","nonceStr","signType","cardSign"}，尚未在微信上验证。',
  },
  exitCodes: { 1: { en: 'What --check or --string1 gives is wrong', zh: '--check 或 --string1 不正确' } },
  effect: 'none',
  async run(context, { arguments: urls, options }) {
    if (!isPlain(context, urls, options)) {
      const { runSpecial } = await import('./special.ts');
      return await runSpecial(context, urls, options, { createSigner, getTicket, printPages, signPages });
    }
    printPages(
      context,
      await signPages(context, urls, options),
      options.format === 'json' ? 'json' : 'lines',
    );
  },
});

/** What most calls are. Everything else is in files of its own, so that these start fast. */
function isPlain(context: Context, urls: readonly string[], options: SignUrlOptions): boolean {
  const { format } = options;
  const { json } = context.options;
  return (
    urls.length > 0 &&
    !options.stdin &&
    (options.timestamp ?? 0) < 1e10 &&
    (format === undefined || format === 'json' || (format === 'lines' && !json)) &&
    specialOptions.every((name) => options[name] === undefined)
  );
}

const specialOptions = [
  'check',
  'string1',
  'ticketFile',
  'apiList',
  'openTags',
  'type',
  'call',
  'code',
  'openid',
  'cardType',
  'locationId',
] as const;

/** All URLs are looked at before a ticket is asked for. */
async function signPages(
  context: Context,
  urls: readonly string[],
  options: SignUrlOptions,
): Promise<readonly SignedPage[]> {
  checkLines([...urls, options.nonce ?? '']);
  const cleaned = urls.map((given) => readUrl(context, given, options));
  const sign = await createSigner(context, options);
  const ticket = await getTicket(context, options, 'jsapi')();
  return cleaned.map((url) => sign(ticket, url));
}

function readUrl(context: Context, given: string, { asIs }: SignUrlOptions): string {
  const { url, typed, warnings } = cleanUrl(given, asIs ? 'as-is' : 'browser');
  for (const warning of warnings) context.warn(warning.text);
  if (url !== typed) {
    context.note({
      en: `Signed as a browser shows it: ${url} (as it is written: --as-is)`,
      zh: `已按浏览器显示的形式签名：${url}（按原样签名：--as-is）`,
    });
  } else if (given !== url) {
    context.note({ en: `Cut the fragment: signed ${url}`, zh: `已去掉 # 及其后部分，签名地址：${url}` });
  }
  return url;
}

/** A line break would become another `key=value` line of the output, in CI another step output. */
function checkLines(texts: readonly string[]): void {
  // oxlint-disable-next-line no-control-regex
  if (!texts.some((text) => /[\x00-\x1f\x7f]/.test(text))) return;
  throw usageError('control_character', {
    en: 'Cannot sign this: the URL and --nonce must not have line breaks or other control characters',
    zh: '无法签名：URL 和 --nonce 中不能有换行或其他控制字符',
  });
}

async function createSigner(context: Context, options: SignUrlOptions): Promise<Signer> {
  const { findAppId } = await import('../../settings/platform.ts');
  const appId = await findAppId(context);
  const jsApiList = splitNames(options.apiList);
  const openTagList = splitNames(options.openTags);
  const { clock, random } = context.io;
  return (ticket, url) => {
    const { debug: _, ...config } = jssdkConfig({
      appId,
      ticket,
      url,
      timestamp: options.timestamp ?? Math.floor(clock.now() / 1000),
      nonceStr: options.nonce ?? Buffer.from(random.bytes(12)).toString('base64url'),
      jsApiList,
      openTagList,
    });
    return { ...config, url };
  };
}

function splitNames(list: string | undefined): readonly string[] | undefined {
  return list?.split(',').filter((name) => name !== '');
}

function printPages(context: Context, pages: readonly SignedPage[], format: 'lines' | 'json'): void {
  if (context.options.json || format === 'json') {
    context.io.terminal.writeStdout(pages.map((page) => `${formatJson(page)}\n`).join(''));
  } else {
    const blocks = pages.map((page) => lineNames.map((name) => `${name}=${page[name]}`).join('\n'));
    context.print(undefined, blocks.join('\n\n'));
  }
}

const lineNames = ['appId', 'timestamp', 'nonceStr', 'signature', 'url'] as const;

/** Seconds, or milliseconds for `--check`, which says that they are wrong. */
function parseTimestamp(text: string, name: string): number {
  if (/^(?:\d{1,10}|\d{13})$/.test(text)) return Number(text);
  throw unsuitable('timestamp_invalid', text, name, { en: 'it must be Unix seconds', zh: '应为 Unix 秒' });
}

/** A ticket that is given is read once; one of the platform is asked for anew, as it may have ended since. */
function getTicket(context: Context, options: SignUrlOptions, type: TicketType): () => Promise<string> {
  let given: string | undefined;
  if (!options.ticketStdin && options.ticketFile === undefined)
    return async () => await fetchTicket(context, type);
  return async () => (given ??= await readTicket(context, options.ticketFile));
}

async function readTicket(context: Context, file: string | undefined): Promise<string> {
  const place = file === undefined ? '--ticket-stdin' : '--ticket-file';
  const { readTextInput } = await import('../../files/text-input.ts');
  const text = await readTextInput(context, file ?? '-', readLimits.secret);
  const { readCredential, secretsIn } = await import('../../../core/account/pasted-credential.ts');
  for (const secret of secretsIn('ticket', text)) context.redactor.add(secret);
  const { value: ticket, notes } = readCredential('ticket', text, place);
  context.redactor.add(ticket);
  for (const note of notes) context.note(note);
  const { isCredentialText } = await import('../../../core/token/access-token.ts');
  if (isCredentialText(ticket)) return ticket;
  const name = file === undefined ? 'stdin' : `"${file}"`;
  throw ticket === ''
    ? usageError('ticket_empty', { en: `There is no ticket in ${name}`, zh: `${name} 中没有 ticket` })
    : usageError('ticket_invalid', {
        en: `Cannot use what is in ${name}: a ticket is one line of at most 512 printable characters`,
        zh: `${name} 的内容不是 ticket：应为一行，最多 512 个可见字符`,
      });
}

async function fetchTicket(context: Context, type: TicketType): Promise<string> {
  const { openTickets } = await import('../../settings/platform.ts');
  const tickets = await openTickets(context, type);
  const text = { en: 'Fetching the ticket', zh: '正在获取 ticket' };
  const credential = await context.wait(text, tickets.get());
  context.redactor.add(credential.value);
  if (context.environment['GITHUB_ACTIONS'] === 'true')
    (await import('../../shared/github.ts')).maskInGithub(context, credential.value);
  return credential.value;
}

export type Format = NonNullable<SignUrlOptions['format']>;

/** What is printed for a page, in the order of the output; `openTagList` only where it was asked for. */
export type SignedPage = Omit<JssdkConfig, 'debug'> & { readonly url: string };

type Signer = (ticket: string, url: string) => SignedPage;

/** What every call needs, handed on so that it stays in the file that every call loads. */
export interface SignTools {
  readonly createSigner: (context: Context, options: SignUrlOptions) => Promise<Signer>;
  readonly getTicket: (context: Context, options: SignUrlOptions, type: TicketType) => () => Promise<string>;
  readonly signPages: (
    context: Context,
    urls: readonly string[],
    options: SignUrlOptions,
  ) => Promise<readonly SignedPage[]>;
  readonly printPages: (context: Context, pages: readonly SignedPage[], format: 'lines' | 'json') => void;
}
