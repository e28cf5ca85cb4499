/** `handshake check`: whether a signature that WeChat sent is genuine (接入指南). */
import { parseFields, signMessage, signUrl, verifySignature } from '../../../core/callback/index.ts';
import { consolePlaces } from '../../../core/account/index.ts';
import { type CallbackMistake, diagnoseCallback, isEncryptedText } from '../../../core/diagnosis/index.ts';
import { usageError } from '../../../core/errors.ts';
import { requireCallbackToken } from '../../settings/callback-secrets.ts';
import { defineCommand, value } from '../../frame/command.ts';
import type { Context } from '../../context.ts';
import { fixLine } from '../../frame/output.ts';
import { readRequest } from '../../shared/pasted-request.ts';
import { readText } from '../../files/text-input.ts';

export const command = defineCommand({
  arguments: [
    {
      name: '[url]',
      text: {
        en: 'The URL WeChat called, or the line of a log with it',
        zh: '微信请求的 URL，或包含它的一行日志',
      },
    },
  ],
  settings: ['callback'],
  options: {
    signature: value('--signature <hex>', { en: 'Instead of the URL', zh: '代替 URL' }),
    timestamp: value('--timestamp <seconds>', { en: 'Instead of the URL', zh: '代替 URL' }),
    nonce: value('--nonce <text>', { en: 'Instead of the URL', zh: '代替 URL' }),
    body: value('--body <file>', {
      en: 'Body of the push: msg_signature is checked too',
      zh: '推送的消息体，同时校验 msg_signature',
    }),
  },
  examples: [
    {
      command: 'wechat-mp handshake check "$(tail -n 1 access.log)"',
      text: { en: 'Check the last line of the access log', zh: '校验访问日志的最后一行' },
    },
    {
      command:
        'wechat-mp handshake check --timestamp 1714036504 --nonce 1514711492 \\\n  --signature f464b24fc39322e44b38aa78f5edd27bd1441696',
      text: { en: 'Check single values', zh: '校验单独的值' },
    },
  ],
  output: {
    en: '"valid"; otherwise the mistakes, if they are known ones.\nJSON: {"ok","valid","timestamp","nonce","mistakes":[{"signature","name","message","hint"}]}; "name" is null where no known mistake explains it.',
    zh: '“valid”；否则指出已知的写法错误。\nJSON：{"ok","valid","timestamp","nonce","mistakes":[{"signature","name","message","hint"}]}；没有已知错误能解释时 "name" 为 null。',
  },
  exitCodes: { 1: { en: 'A signature is wrong', zh: '签名不正确' } },
  effect: 'none',
  async run(context, { arguments: [pasted], options }) {
    const query = pasted === undefined ? new Map<string, string>() : readRequest(context, pasted);
    const body = options.body === undefined ? undefined : await readEncrypt(context, options.body, options);
    const request = readSigned(query, options, body);
    const callbackToken = await requireCallbackToken(context);
    const wrong = wrongSignatures(request, callbackToken);
    const otherValues = {
      AppID: (await context.settings.appId())?.value,
      EncodingAESKey: (await context.settings.encodingAESKey())?.value,
    };
    const findings = wrong.flatMap((kind) => {
      const given = (kind === 'signature' ? request.signature : request.msgSignature) ?? '';
      const mistakes = diagnoseCallback({ ...request, given, kind, callbackToken, otherValues });
      return (mistakes.length === 0 ? [unknown[kind]] : mistakes).map((one) => ({ kind, ...one }));
    });
    print(context, request, findings);
    if (findings.length > 0) return 1;
    if (request.echostr !== undefined && isEncryptedText(request.echostr)) noteEncrypted(context);
    return 0;
  },
});

interface SignedRequest {
  readonly signature: string | undefined;
  readonly msgSignature: string | undefined;
  readonly timestamp: string;
  readonly nonce: string;
  readonly echostr: string | undefined;
  /** What `msg_signature` covers: `Encrypt` of a body, or an encrypted echostr. */
  readonly encrypt: string | undefined;
}

function readSigned(
  query: ReadonlyMap<string, string>,
  options: Readonly<Partial<Record<'signature' | 'timestamp' | 'nonce', string | undefined>>>,
  body: string | undefined,
): SignedRequest {
  const msgSignature = query.get('msg_signature');
  const echostr = query.get('echostr');
  const encrypt = body ?? (echostr !== undefined && isEncryptedText(echostr) ? echostr : undefined);
  const signature =
    options.signature ??
    query.get('signature') ??
    (msgSignature === undefined ? need('signature') : undefined);
  if (signature === undefined && encrypt === undefined) throw noBody();
  return {
    signature,
    msgSignature,
    timestamp: options.timestamp ?? query.get('timestamp') ?? need('timestamp'),
    nonce: options.nonce ?? query.get('nonce') ?? need('nonce'),
    echostr,
    encrypt,
  };
}

function need(name: string): never {
  throw usageError(
    'value_missing',
    { en: `There is no ${name} to check`, zh: `缺少要校验的 ${name}` },
    { en: `Give the whole URL, or --${name}`, zh: `请给出完整 URL，或使用 --${name}` },
  );
}

function noBody(): Error {
  return usageError(
    'value_missing',
    {
      en: 'There is msg_signature alone to check, and not the "Encrypt" that it covers',
      zh: '只有 msg_signature，缺少它所覆盖的“Encrypt”',
    },
    { en: 'Give the body of the same request with --body', zh: '请用 --body 给出同一请求的消息体' },
  );
}

async function readEncrypt(context: Context, file: string, options: unknown): Promise<string | undefined> {
  const encrypt = parseFields(await readText(context, file, options))['Encrypt'];
  return typeof encrypt === 'string' ? encrypt.trim() : undefined;
}

type Kind = 'signature' | 'msg_signature';

function wrongSignatures(
  { signature, msgSignature, timestamp, nonce, encrypt }: SignedRequest,
  callbackToken: string,
): readonly Kind[] {
  const wrong: Kind[] = [];
  if (signature !== undefined && !verifySignature(signature, signUrl(callbackToken, timestamp, nonce)))
    wrong.push('signature');
  if (msgSignature === undefined || encrypt === undefined) return wrong;
  if (!verifySignature(msgSignature, signMessage(callbackToken, timestamp, nonce, encrypt)))
    wrong.push('msg_signature');
  return wrong;
}

type Finding = Pick<CallbackMistake, 'text' | 'fix'> & { readonly name: CallbackMistake['name'] | null };

const compareToken = {
  en: `Compare the Token with ${consolePlaces.messagePush.en}, and pass the values as they came`,
  zh: `请核对 ${consolePlaces.messagePush.zh}中的令牌，并原样传入各参数`,
};

const unknown: Readonly<Record<Kind, Finding>> = {
  signature: {
    name: null,
    text: {
      en: 'The signature does not belong to this Token, timestamp and nonce',
      zh: '签名与该令牌（Token）、timestamp、nonce 不符',
    },
    fix: compareToken,
  },
  msg_signature: {
    name: null,
    text: {
      en: 'msg_signature does not belong to this Token, timestamp, nonce and "Encrypt"',
      zh: 'msg_signature 与该令牌（Token）、timestamp、nonce、“Encrypt”不符',
    },
    fix: compareToken,
  },
};

function print(
  context: Context,
  { timestamp, nonce }: SignedRequest,
  findings: readonly (Finding & { readonly kind: Kind })[],
): void {
  const ok = findings.length === 0;
  const mistakes = findings.map(({ kind, name, text, fix }) => ({
    signature: kind,
    name,
    message: context.say(text),
    hint: context.say(fix),
  }));
  const lines = findings.flatMap(({ text, fix }) => [
    `✗ ${context.say(text)}`,
    `  ${fixLine(fix, context.language)}`,
  ]);
  context.print({ ok, valid: ok, timestamp, nonce, mistakes }, ok ? 'valid' : lines.join('\n'));
}

function noteEncrypted(context: Context): void {
  context.note({
    en: 'The URL has an encrypted echostr: it must be answered decrypted; open it with: wechat-mp crypto decrypt --url URL',
    zh: 'URL 中是加密的 echostr：应返回解密后的内容；可用 wechat-mp crypto decrypt --url URL 解开',
  });
}
