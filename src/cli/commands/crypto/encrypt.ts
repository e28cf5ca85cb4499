/** `crypto encrypt`: puts a plain message into an encrypted envelope（消息加解密说明）. */
import {
  type AesKey,
  appendQuery,
  checkServerUrl,
  digitsOf,
  formatOf,
  type MessageFormat,
  parseFields,
  sealPush,
  sealReply,
  senderOf,
  signPush,
} from '../../../core/callback/index.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Context } from '../../context.ts';
import { readText, refuseTakenStdin } from '../../files/text-input.ts';
import { choice, defineCommand, parsed, value } from '../../frame/command.ts';
import { needs, unsuitable } from '../../frame/flag-errors.ts';
import { requireCallbackToken, requireCrypt } from '../../settings/callback-secrets.ts';

export const command = defineCommand({
  arguments: [
    { name: '[file]', text: { en: 'The plain message, stdin by default', zh: '明文消息，默认读取 stdin' } },
  ],
  settings: ['callback'],
  options: {
    as: choice(
      '--as <kind>',
      {
        en: 'reply: what a server answers (default); push: what WeChat sends',
        zh: 'reply：服务器的回复（默认）；push：微信的推送',
      },
      ['reply', 'push'],
    ),
    format: choice(
      '--format <name>',
      { en: 'Of the envelope; that of the message by default', zh: '信封格式，默认与消息相同' },
      ['xml', 'json'],
    ),
    timestamp: parsed(
      '--timestamp <seconds>',
      { en: 'Unix seconds, now by default', zh: 'Unix 秒，默认为当前时间' },
      parseSeconds,
    ),
    nonce: value('--nonce <text>', { en: 'Random by default', zh: '默认随机' }),
    url: value('--url <url>', {
      en: 'With --as push: also make the URL that is called',
      zh: '与 --as push 一起使用：同时生成被请求的 URL',
    }),
    appid: value('--appid <appid>', { en: 'AppID of the account', zh: '公众号的 AppID' }),
  },
  examples: [
    {
      command: 'wechat-mp crypto encrypt reply.xml',
      text: { en: 'The envelope a server answers', zh: '生成服务器回复用的密文' },
    },
    {
      command:
        'wechat-mp crypto encrypt --as push --url http://localhost:3000/wechat \\\n  message.xml > body.xml',
      text: { en: 'A push; its URL is told on stderr', zh: '生成推送；URL 显示在 stderr' },
    },
  ],
  output: {
    en: 'The envelope.\nJSON: {"envelope","encrypt","msg_signature","timestamp","nonce","query"?,"url"?}',
    zh: '加密后的信封。\nJSON：{"envelope","encrypt","msg_signature","timestamp","nonce","query"?,"url"?}',
  },
  effect: 'none',
  async run(context, { arguments: [file], options }) {
    if (options.url !== undefined && options.as !== 'push') throw needs('--url', '--as push');
    const url = options.url === undefined ? undefined : checkServerUrl(options.url, '--url');
    refuseTakenStdin(file, options);
    const callbackToken = await requireCallbackToken(context);
    const crypt = await requireCrypt(context);
    const text = await readText(context, file, options);
    const { clock, random } = context.io;
    const input = {
      ...crypt,
      callbackToken,
      text,
      timestamp: options.timestamp ?? Math.floor(clock.now() / 1000),
      nonce: options.nonce ?? digitsOf(random.bytes(9)),
      format: options.format ?? formatOf(text),
      random16: random.bytes(16),
    };
    if (options.as === 'push') printPush(context, input, url);
    else printReply(context, input);
  },
});

interface Sealing {
  readonly callbackToken: string;
  readonly key: AesKey;
  readonly appId: string;
  readonly text: string;
  readonly timestamp: number;
  readonly nonce: string;
  readonly format: MessageFormat;
  readonly random16: Uint8Array;
}

/** The query is half of a push: it goes to stderr, because stdout is the body. */
function printPush(context: Context, input: Sealing, url: string | undefined): void {
  const { text, nonce } = input;
  const timestamp = String(input.timestamp);
  const { body, encrypt = '' } = sealPush({ ...input, mode: 'safe' });
  const parameters = signPush({ ...input, timestamp, openId: senderOf(text), encrypt });
  const shown = appendQuery(url ?? '', parameters);
  context.note({ en: shown, zh: shown });
  const printed = {
    envelope: body,
    encrypt,
    msg_signature: parameters['msg_signature'],
    timestamp,
    nonce,
    query: appendQuery('', parameters).slice(1),
    ...defined({ url: url === undefined ? undefined : shown }),
  };
  context.print(printed, body);
}

function printReply(context: Context, input: Sealing): void {
  const { text, nonce } = input;
  const envelope = sealReply({ ...input, reply: text });
  if (envelope === text) {
    context.warn({
      en: 'An empty answer and "success" are never encrypted: send them as they are',
      zh: '空回复和“success”不加密，原样返回即可',
    });
  }
  const fields = envelope === text ? {} : parseFields(envelope);
  const printed = {
    envelope,
    encrypt: fields['Encrypt'] ?? null,
    msg_signature: fields['MsgSignature'] ?? null,
    timestamp: String(input.timestamp),
    nonce,
  };
  context.print(printed, envelope);
}

function parseSeconds(text: string, name: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw unsuitable('timestamp_invalid', text, name, {
    en: 'it must be Unix seconds, at most 10 digits',
    zh: '应为 Unix 秒，最多 10 位数字',
  });
}
