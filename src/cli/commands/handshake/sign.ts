/** `handshake sign`: the signature of the server verification, as WeChat would send it (接入指南). */
import { appendQuery, checkServerUrl, digitsOf, signUrl } from '../../../core/callback/index.ts';
import { defineCommand, value } from '../../frame/command.ts';
import { needs } from '../../frame/flag-errors.ts';
import { requireCallbackToken } from '../../settings/callback-secrets.ts';

export const command = defineCommand({
  settings: ['callback'],
  options: {
    timestamp: value('--timestamp <seconds>', {
      en: 'Unix seconds, now by default',
      zh: 'Unix 秒，默认为当前时间',
    }),
    nonce: value('--nonce <text>', { en: 'Random by default', zh: '默认随机' }),
    url: value('--url <url>', {
      en: 'Print the whole URL WeChat would call',
      zh: '输出微信将会请求的完整 URL',
    }),
    echostr: value('--echostr <text>', {
      en: 'Text to be echoed, with --url',
      zh: '与 --url 一起使用的 echostr',
    }),
  },
  examples: [
    {
      command: 'wechat-mp handshake sign --timestamp 1714036504 --nonce 1514711492',
      text: { en: 'The signature for these values', zh: '对给定的值签名' },
    },
    {
      command: 'curl "$(wechat-mp handshake sign --url http://localhost:8080/wechat)"',
      text: { en: 'Verify a server as WeChat does', zh: '像微信一样验证服务器' },
    },
  ],
  output: {
    en: 'The signature, or the URL with --url.\nJSON: {"signature","timestamp","nonce","echostr"?,"url"?}',
    zh: '签名；带 --url 时为完整 URL。\nJSON：{"signature","timestamp","nonce","echostr"?,"url"?}',
  },
  effect: 'none',
  async run(context, { options }) {
    if (options.echostr !== undefined && options.url === undefined) throw needs('--echostr', '--url');
    const callbackToken = await requireCallbackToken(context);
    const { clock, random } = context.io;
    const timestamp = options.timestamp ?? String(Math.floor(clock.now() / 1000));
    const nonce = options.nonce ?? digitsOf(random.bytes(9));
    const signature = signUrl(callbackToken, timestamp, nonce);
    if (options.url === undefined) {
      if (options.timestamp === undefined || options.nonce === undefined) {
        const text = `timestamp=${timestamp} nonce=${nonce}`;
        context.note({ en: text, zh: text });
      }
      context.print({ signature, timestamp, nonce }, signature);
      return;
    }
    const echostr = options.echostr ?? digitsOf(random.bytes(16));
    const url = appendQuery(checkServerUrl(options.url, '--url'), { signature, echostr, timestamp, nonce });
    context.print({ signature, timestamp, nonce, echostr, url }, url);
  },
});
