/** `sign-url`: what a page hands to wx.config (JS-SDK 使用权限签名算法). */
import { usageError } from '../../core/errors.ts';
import { cleanUrl, jssdkConfig, type JssdkConfig } from '../../core/jssdk.ts';
import { choice, defineCommand, flag, parsed, value } from '../command.ts';
import type { Context } from '../context.ts';
import { requireAppId } from '../settings/account.ts';

const formats = ['lines', 'json', 'env', 'github'] as const;

export const command = defineCommand({
  arguments: [{ name: '<url...>', text: { en: 'Addresses of pages', zh: '网页地址' } }],
  settings: ['account', 'token'],
  options: {
    ticketStdin: flag('--ticket-stdin', {
      en: 'Read the jsapi_ticket from stdin',
      zh: '从 stdin 读取 jsapi_ticket',
    }),
    timestamp: parsed(
      '--timestamp <seconds>',
      { en: 'Unix seconds, now by default', zh: 'Unix 秒，默认为当前时间' },
      seconds,
    ),
    nonce: value('--nonce <text>', { en: 'nonceStr, random by default', zh: 'nonceStr，默认随机' }),
    apiList: value('--api-list <names>', {
      en: 'jsApiList, separated by commas',
      zh: 'jsApiList，用逗号分隔',
    }),
    format: choice('--format <name>', { en: 'Shape of the output', zh: '输出格式' }, formats),
  },
  examples: [
    {
      command: "wechat-mp sign-url 'https://example.com/a?x=1'",
      text: { en: 'Five key=value lines', zh: '输出五行 key=value' },
    },
    {
      command: "wechat-mp sign-url 'https://example.com/a' --api-list scanQRCode,chooseImage --json",
      text: { en: 'An object for wx.config', zh: '可直接交给 wx.config 的对象' },
    },
  ],
  output: {
    en: 'appId, timestamp, nonceStr, signature and url as key=value lines.\nJSON: {"appId","timestamp","nonceStr","signature","url","jsApiList"}; several URLs: one object per line',
    zh: 'appId、timestamp、nonceStr、signature、url，每行 key=value。\nJSON：{"appId","timestamp","nonceStr","signature","url","jsApiList"}；多个地址时每行一个对象',
  },
  async run(context, { arguments: urls, options }) {
    const { json } = context.options;
    if (json && options.format !== undefined && options.format !== 'json') throw twoFormats(options.format);
    checkLines([...urls, options.nonce ?? '']);
    const cleaned = urls.map((url) => ({ given: url, ...cleanUrl(url) }));
    for (const { given, url, warnings } of cleaned) {
      for (const warning of warnings) context.warn(warning.text);
      if (given !== url) {
        context.note({ en: `Cut the fragment: signed ${url}`, zh: `已去掉 # 片段：签名的地址是 ${url}` });
      }
    }
    const appId = requireAppId(context.settings).value;
    const ticket = options.ticketStdin ? await readTicket(context) : await fetchTicket(context);
    const { clock, random } = context.io;
    const signed = cleaned.map(({ url }) => {
      const { debug: _, ...config } = jssdkConfig({
        appId,
        ticket,
        url,
        timestamp: options.timestamp ?? Math.floor(clock.now() / 1000),
        nonceStr: options.nonce ?? Buffer.from(random.bytes(12)).toString('base64url'),
        jsApiList: options.apiList?.split(',').filter((name) => name !== ''),
      });
      return { ...config, url };
    });
    await print(context, signed, options.format ?? 'lines');
  },
});

/** A line break would become another `key=value` line of the output, in CI another step output. */
function checkLines(texts: readonly string[]): void {
  // oxlint-disable-next-line no-control-regex
  if (!texts.some((text) => /[\x00-\x1f\x7f]/.test(text))) return;
  throw usageError('control_character', {
    en: 'Cannot sign this: the URL and --nonce must not have line breaks or other control characters',
    zh: '无法签名：URL 和 --nonce 中不能有换行或其他控制字符',
  });
}

function twoFormats(format: string): Error {
  return usageError('flags_conflict', {
    en: `Flags --json and --format ${format} exclude each other`,
    zh: `--json 与 --format ${format} 不能同时使用`,
  });
}

type Signed = Omit<JssdkConfig, 'debug'> & { readonly url: string };

async function print(
  context: Context,
  signed: readonly Signed[],
  format: (typeof formats)[number],
): Promise<void> {
  if (context.options.json || format === 'json') {
    for (const one of signed) context.io.terminal.writeStdout(`${JSON.stringify(one)}\n`);
    return;
  }
  if (format === 'lines') {
    context.print(undefined, signed.map((one) => lines(one, (name) => name)).join('\n\n'));
    return;
  }
  const [only] = signed;
  if (only === undefined || signed.length > 1) {
    throw usageError('format_one_url', {
      en: `Format ${format} takes one URL, got ${signed.length}`,
      zh: `--format ${format} 只支持一个地址，实际为 ${signed.length} 个`,
    });
  }
  const text = lines(only, (name) => `WX_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`);
  if (format === 'env') context.print(undefined, text);
  else {
    const { appendGithubOutput } = await import('../github.ts');
    appendGithubOutput(
      context,
      lines(only, (name) => name),
    );
  }
}

function lines(one: Signed, rename: (name: string) => string): string {
  return (['appId', 'timestamp', 'nonceStr', 'signature', 'url'] as const)
    .map((name) => `${rename(name)}=${one[name]}`)
    .join('\n');
}

function seconds(text: string, name: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  const milliseconds = /^\d{13}$/.test(text);
  throw usageError(
    'timestamp_invalid',
    {
      en: `Cannot use "${text}" for ${name}: it must be Unix seconds${milliseconds ? ', these are milliseconds' : ''}`,
      zh: `${name} 不能为 "${text}"：应为 Unix 秒${milliseconds ? '，这是毫秒' : ''}`,
    },
    milliseconds ? { en: `Use ${text.slice(0, 10)}`, zh: `请用 ${text.slice(0, 10)}` } : undefined,
  );
}

async function readTicket(context: Context): Promise<string> {
  const bytes = await context.io.terminal.readStdin(4096);
  const ticket = bytes.toString('utf8').trim();
  if (ticket === '') {
    throw usageError('ticket_empty', { en: 'There is no ticket on stdin', zh: 'stdin 上没有 ticket' });
  }
  context.redactor.add(ticket);
  return ticket;
}

async function fetchTicket(context: Context): Promise<string> {
  const { openTickets } = await import('../platform.ts');
  const tickets = await openTickets(context, 'jsapi');
  const credential = await context.wait(
    { en: 'Fetching the jsapi_ticket', zh: '正在获取 jsapi_ticket' },
    tickets.get(),
  );
  context.redactor.add(credential.value);
  return credential.value;
}
