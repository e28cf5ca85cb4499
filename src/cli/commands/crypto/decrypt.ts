/** `crypto decrypt`: opens an encrypted message, and explains itself step by step (消息加解密说明). */
import {
  type DecryptionReport,
  type DecryptionStep,
  type EnvelopeSignature,
  explainDecryption,
} from '../../../core/diagnosis/index.ts';
import { negativeError, usageError, type WechatMpError } from '../../../core/errors.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import { readText, refuseTakenStdin } from '../../files/text-input.ts';
import { defineCommand, flag, value } from '../../frame/command.ts';
import { requireCallbackToken, requireEncodingAESKey } from '../../settings/callback-secrets.ts';

export const command = defineCommand({
  arguments: [
    { name: '[file]', text: { en: 'The envelope, stdin by default', zh: '加密信封，默认读取 stdin' } },
  ],
  settings: ['callback'],
  options: {
    url: value('--url <url>', {
      en: 'The URL WeChat called, or the line of a log with it: its msg_signature is checked first',
      zh: '微信请求的 URL 或包含它的一行日志，会先校验其中的 msg_signature',
    }),
    msgSignature: value('--msg-signature <hex>', { en: 'Instead of the URL', zh: '代替 URL' }),
    timestamp: value('--timestamp <seconds>', { en: 'Instead of the URL', zh: '代替 URL' }),
    nonce: value('--nonce <text>', { en: 'Instead of the URL', zh: '代替 URL' }),
    explain: flag('--explain', {
      en: 'Show each step with its result and the -4000x code',
      zh: '显示每一步的结果和 -4000x 错误码',
    }),
    previousAesKeyFile: value('--previous-aes-key-file <file>', {
      en: 'Also try the EncodingAESKey before the last change',
      zh: '同时尝试更换之前的 EncodingAESKey',
    }),
    appid: value('--appid <appid>', { en: 'AppID of the account', zh: '公众号的 AppID' }),
  },
  examples: [
    {
      command: 'wechat-mp crypto decrypt body.xml',
      text: { en: 'The plain message', zh: '输出明文消息' },
    },
    {
      command: 'wechat-mp crypto decrypt body.xml --explain --url "$(tail -n 1 access.log)"',
      text: { en: 'Find out why a server cannot open it', zh: '查找服务器无法解密的原因' },
    },
  ],
  output: {
    en: 'Exactly the plain message; with --explain the steps, then the message.\nJSON: {"message","appid","key"}; with --explain {"ok","steps":[{"name","status","code","mistake","message","hint"}],…}',
    zh: '原样的明文消息；带 --explain 时先输出各步骤，再输出消息。\nJSON：{"message","appid","key"}；带 --explain 时为 {"ok","steps":[{"name","status","code","mistake","message","hint"}],…}',
  },
  exitCodes: { 1: { en: 'A step failed', zh: '某一步失败' } },
  effect: 'none',
  async run(context, { arguments: [file], options }) {
    const request = options.url === undefined ? undefined : await readUrl(context, options.url);
    const query = readSignature(request, options);
    // A handshake has no body: what is encrypted in it, if anything, is its echostr.
    const echostr = file === undefined ? request?.get('echostr') : undefined;
    if (echostr === undefined) refuseTakenStdin(file, options);
    const encodingAESKey = await requireEncodingAESKey(context);
    const previous = await context.settings.previousEncodingAESKey();
    const callbackToken =
      (query.msgSignature ?? query.signature) === undefined
        ? (await context.settings.callbackToken())?.value
        : await requireCallbackToken(context);
    const report = await explainDecryption({
      body: echostr ?? (await readText(context, file, options)),
      encodingAESKey,
      previousEncodingAESKey: previous?.value,
      appId: (await context.settings.appId())?.value,
      callbackToken,
      query,
      echostr: request?.get('echostr'),
    });
    if (options.explain) return await printSteps(context, report);
    printMessage(context, report);
    return 0;
  },
});

async function readUrl(context: Context, url: string): Promise<ReadonlyMap<string, string>> {
  const { readRequest } = await import('../../shared/pasted-request.ts');
  return readRequest(context, url);
}

function printMessage(context: Context, report: DecryptionReport): void {
  const { message, steps } = report;
  // Whatever was encrypted is handed out, also where it is no message that the platform sends.
  const failure = steps.find(
    ({ status, name }) => status === 'fail' && (name !== 'message' || message === undefined),
  );
  if (failure !== undefined) throw refusal(failure);
  if (message === undefined) throw new TypeError('a message without a failed step must be there');
  for (const { name, status, text } of steps) {
    if (status === 'warn' || status === 'fail') context.warn(text);
    if (status === 'skip' && name === 'signature') noteUnchecked(context, text);
  }
  if (report.key === 'previous') {
    context.warn({
      en: 'The message is encrypted with the previous EncodingAESKey',
      zh: '该消息使用的是上一个 EncodingAESKey',
    });
  }
  const { stdoutIsTty } = context.io.terminal;
  // Bytes in, bytes out; only a terminal gets a line end, and nothing that it would obey.
  if (context.options.json || stdoutIsTty) {
    context.print({ message, appid: report.appId, key: report.key }, message);
  } else context.io.terminal.writeStdout(message);
}

function noteUnchecked(context: Context, { en, zh }: Text): void {
  context.note({
    en: `msg_signature: ${en.charAt(0).toLowerCase()}${en.slice(1)}`,
    zh: `msg_signature ${zh}`,
  });
}

function refusal(step: DecryptionStep): WechatMpError {
  return negativeError(
    `${step.name}_invalid`,
    {
      en: `Cannot open the message: ${step.text.en} (${step.sampleCode})`,
      zh: `无法打开该消息：${step.text.zh}（${step.sampleCode}）`,
    },
    step.hint ?? {
      en: 'See each step: wechat-mp crypto decrypt --explain',
      zh: '查看每一步：wechat-mp crypto decrypt --explain',
    },
    {
      sample_code: step.sampleCode,
      ...defined({ mistake: step.mistake }),
    },
  );
}

async function printSteps(context: Context, report: DecryptionReport): Promise<number> {
  const { ok, steps, message, appId: appid, key } = report;
  const printed = {
    ok,
    steps: steps.map((step) => ({
      name: step.name,
      status: step.status,
      code: step.sampleCode,
      mistake: step.mistake ?? null,
      message: context.say(step.text),
      hint: step.hint === undefined ? null : context.say(step.hint),
    })),
    message: message ?? null,
    appid: appid ?? null,
    key: key ?? null,
  };
  const lines = steps.map((step) => ({
    ...step,
    mark: step.sampleCode === 0 ? undefined : String(step.sampleCode),
  }));
  const { checkLines } = await import('../../shared/check-lines.ts');
  const text = checkLines(context, lines);
  context.print(printed, message === undefined ? text : `${text}\n\n${message}`);
  return ok ? 0 : 1;
}

/**
 * The values to be checked: of the flags, else of the URL. Throws a usage error where only some of them are there: a
 * check that was asked for is not skipped.
 */
function readSignature(
  request: ReadonlyMap<string, string> | undefined,
  options: EnvelopeSignature,
): EnvelopeSignature {
  const msgSignature = options.msgSignature ?? request?.get('msg_signature');
  const timestamp = options.timestamp ?? request?.get('timestamp');
  const nonce = options.nonce ?? request?.get('nonce');
  if (request === undefined && (msgSignature ?? timestamp ?? nonce) === undefined) return {};
  const signature = request?.get('signature');
  // It is enough where no message came with the URL, but an echostr.
  const found = msgSignature ?? (request?.has('echostr') === true ? signature : undefined);
  const missing = Object.entries({ msg_signature: found, timestamp, nonce })
    .filter(([, text]) => text === undefined)
    .map(([name]) => name);
  if (missing.length > 0) throw incomplete(missing, request);
  return { msgSignature, signature, timestamp, nonce };
}

function incomplete(missing: readonly string[], request: ReadonlyMap<string, string> | undefined): Error {
  const flags = missing.map((name) => `--${name.replace('_', '-')}`);
  return usageError(
    'value_missing',
    {
      en: `Cannot check the signature: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing${request === undefined ? '' : ' in the URL'}`,
      zh: `无法校验签名：${request === undefined ? '' : 'URL 中'}缺少 ${missing.join('、')}`,
    },
    {
      en: `Give the whole URL of the request, or ${flags.join(', ')}; without any of them the message is opened unchecked`,
      zh: `请给出该请求的完整 URL，或使用 ${flags.join('、')}；三项都不给出时不校验签名，直接解密`,
    },
  );
}
