/** `handshake check`: whether a signature that WeChat sent is genuine (接入指南). */
import { usageError, VerificationError } from '../../../core/errors.ts';
import { verifySignature } from '../../../core/message-signature.ts';
import { signUrl } from '../../../core/signature.ts';
import { requireCallbackToken } from '../../callback-secrets.ts';
import { defineCommand, value } from '../../command.ts';

export const command = defineCommand({
  arguments: [
    {
      name: '[url]',
      text: { en: 'The URL WeChat called, with its query', zh: '微信请求的 URL（含查询参数）' },
    },
  ],
  settings: ['callback'],
  options: {
    signature: value('--signature <hex>', { en: 'Instead of the URL', zh: '代替 URL' }),
    timestamp: value('--timestamp <seconds>', { en: 'Instead of the URL', zh: '代替 URL' }),
    nonce: value('--nonce <text>', { en: 'Instead of the URL', zh: '代替 URL' }),
  },
  examples: [
    {
      command:
        'wechat-mp handshake check "http://localhost:8080/wechat?signature=f464b24fc39322e44b38aa78f5edd27bd1441696&timestamp=1714036504&nonce=1514711492"',
      text: { en: 'Check a line of the access log', zh: '校验访问日志中的一行' },
    },
    {
      command:
        'wechat-mp handshake check --signature f464b24fc39322e44b38aa78f5edd27bd1441696 --timestamp 1714036504 --nonce 1514711492',
      text: { en: 'Check single values', zh: '校验单独的值' },
    },
  ],
  output: {
    en: '"valid"; an error on stderr otherwise.\nJSON: {"valid":true,"timestamp","nonce"}',
    zh: '“valid”；否则在 stderr 输出错误。\nJSON：{"valid":true,"timestamp","nonce"}',
  },
  exitCodes: { 1: { en: 'The signature is wrong', zh: '签名不正确' } },
  async run(context, { arguments: [url], options }) {
    const given = { ...(url === undefined ? {} : readUrl(url)), ...definedOnly(options) };
    for (const name of ['signature', 'timestamp', 'nonce'] as const) {
      if (given[name] === undefined) {
        throw usageError(
          'value_missing',
          { en: `There is no ${name} to check`, zh: `缺少要校验的 ${name}` },
          { en: `Give the whole URL, or --${name}`, zh: `请给出完整 URL，或使用 --${name}` },
        );
      }
    }
    const { signature = '', timestamp = '', nonce = '' } = given;
    const callbackToken = await requireCallbackToken(context);
    if (!verifySignature(signature, signUrl(callbackToken, timestamp, nonce))) {
      throw new VerificationError(
        'signature',
        {
          en: 'The signature does not belong to this Token, timestamp and nonce',
          zh: '签名与该令牌（Token）、timestamp、nonce 不符',
        },
        {
          en: 'Compare the Token with mp.weixin.qq.com → 设置与开发 → 基本配置, and pass the values as they came',
          zh: '请核对 mp.weixin.qq.com → 设置与开发 → 基本配置 中的令牌，并原样传入各参数',
        },
      );
    }
    context.print({ valid: true, timestamp, nonce }, 'valid');
  },
});

interface Given {
  readonly signature?: string;
  readonly timestamp?: string;
  readonly nonce?: string;
}

/** The query of a URL, or of a bare path as access logs have it. */
function readUrl(url: string): Given {
  const query = url.replace(/^[^?]*\??/s, '').replace(/#.*$/s, '');
  const parameters = new URLSearchParams(query);
  return definedOnly({
    signature: parameters.get('signature') ?? undefined,
    timestamp: parameters.get('timestamp') ?? undefined,
    nonce: parameters.get('nonce') ?? undefined,
  });
}

function definedOnly(values: { readonly [Name in keyof Given]: string | undefined }): Given {
  return Object.fromEntries(Object.entries(values).filter(([, text]) => text !== undefined));
}
