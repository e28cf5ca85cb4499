/** `handshake check`: whether a signature that WeChat sent is genuine (接入指南). */
import { parseFields } from '../../../core/callback.ts';
import { consolePlaces } from '../../../core/console-places.ts';
import { usageError, WechatMpError } from '../../../core/errors.ts';
import { diagnoseSignature } from '../../../core/signature-diagnosis.ts';
import type { SignatureMistake } from '../../../core/signature-diagnosis.ts';
import { verifySignature } from '../../../core/message-signature.ts';
import { signUrl } from '../../../core/signature.ts';
import { parseQuery } from '../../../io/http.ts';
import { requireCallbackToken } from '../../callback-secrets.ts';
import { defineCommand, value } from '../../command.ts';
import type { Context } from '../../context.ts';
import { readText } from '../../text-input.ts';

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
    body: value('--body <file>', {
      en: 'Body of the push, to tell msg_signature from signature',
      zh: '推送的消息体，用于辨别 msg_signature 与 signature',
    }),
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
    en: '"valid"; otherwise an error on stderr that names the mistake, if it is a known one.\nJSON: {"valid":true,"timestamp","nonce"}',
    zh: '“valid”；否则在 stderr 输出错误，并指出已知的写法错误。\nJSON：{"valid":true,"timestamp","nonce"}',
  },
  exitCodes: { 1: { en: 'The signature is wrong', zh: '签名不正确' } },
  async run(context, { arguments: [url], options }) {
    const parameters = url === undefined ? new Map<string, string>() : parseUrlQuery(url);
    const { signature, timestamp, nonce } = {
      signature: options.signature ?? need(parameters, 'signature'),
      timestamp: options.timestamp ?? need(parameters, 'timestamp'),
      nonce: options.nonce ?? need(parameters, 'nonce'),
    };
    const encrypt =
      options.body === undefined ? undefined : await readEncrypt(context, options.body, options);
    const callbackToken = await requireCallbackToken(context);
    if (verifySignature(signature, signUrl(callbackToken, timestamp, nonce))) {
      context.print({ valid: true, timestamp, nonce }, 'valid');
      return;
    }
    const mistake = diagnoseSignature({
      given: signature,
      kind: 'signature',
      callbackToken,
      timestamp,
      nonce,
      encrypt,
      echostr: parameters.get('echostr'),
      msgSignature: parameters.get('msg_signature'),
      otherValues: {
        AppID: context.settings.appId?.value,
        EncodingAESKey: (await context.settings.encodingAESKey())?.value,
      },
    });
    throw refusal(mistake);
  },
});

/** The query of a URL, or of a bare path as access logs have it. */
function parseUrlQuery(url: string): ReadonlyMap<string, string> {
  return parseQuery(url.replace(/^[^?]*\??/s, '').replace(/#.*$/s, ''));
}

function need(parameters: ReadonlyMap<string, string>, name: string): string {
  const found = parameters.get(name);
  if (found !== undefined) return found;
  throw usageError(
    'value_missing',
    { en: `There is no ${name} to check`, zh: `缺少要校验的 ${name}` },
    { en: `Give the whole URL, or --${name}`, zh: `请给出完整 URL，或使用 --${name}` },
  );
}

async function readEncrypt(context: Context, file: string, options: unknown): Promise<string | undefined> {
  const encrypt = parseFields(await readText(context, file, options))['Encrypt'];
  return typeof encrypt === 'string' ? encrypt.trim() : undefined;
}

function refusal(mistake: SignatureMistake | undefined): WechatMpError {
  return new WechatMpError({
    family: 'negative',
    type: 'signature_invalid',
    text:
      mistake === undefined
        ? {
            en: 'The signature does not belong to this Token, timestamp and nonce',
            zh: '签名与该令牌（Token）、timestamp、nonce 不符',
          }
        : {
            en: `The signature is wrong: ${lowerFirst(mistake.text.en)}`,
            zh: `签名不正确：${mistake.text.zh}`,
          },
    hint: mistake?.fix ?? {
      en: `Compare the Token with ${consolePlaces.messagePush.en}, and pass the values as they came`,
      zh: `请核对 ${consolePlaces.messagePush.zh} 中的令牌，并原样传入各参数`,
    },
    facts: { sample_code: -40001, ...(mistake === undefined ? {} : { mistake: mistake.name }) },
  });
}

/** The clause follows a colon; a name such as "Encrypt" keeps its quotes and capitals. */
function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
