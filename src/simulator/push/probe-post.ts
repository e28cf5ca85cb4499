/** `handshake probe --post`: one message in the clear and one encrypted, as WeChat would push them. */
import type { Fields } from '../../core/message/index.ts';
import type { ProbeCause, ProbeFinding } from '../../core/diagnosis/index.ts';
import type { AesKey } from '../../core/callback/index.ts';
import { describeUserSees, type ReplyProblem } from '../../core/reply/index.ts';
import type { ServerExchange } from './exchange.ts';
import { failed, type ProbeCheck, type ProbeOptions } from './probe-check.ts';
import { deliver, type Delivery } from './push.ts';
import { loadSample } from './sample-messages.ts';
import { pushOf, renew, sampleFields } from './trigger-message.ts';

export interface PostOptions extends ProbeOptions {
  /** Without it the encrypted message is left out. */
  readonly crypt?: { readonly key: AesKey; readonly appId: string } | undefined;
}

/**
 * Sends both messages. A server in one mode may refuse those of the other, so that a refusal is a failure only where
 * neither message is taken.
 */
export async function probePosts(options: PostOptions): Promise<readonly ProbeCheck[]> {
  const plain = await post(options, 'post_plain', 'plain');
  const encrypted = options.crypt === undefined ? noKey() : await post(options, 'post_encrypted', 'safe');
  const oneIsTaken = [plain, encrypted].some(({ status }) => status === 'pass' || status === 'warn');
  return [plain, encrypted].map((check) =>
    oneIsTaken && check.status === 'fail' ? { ...check, status: 'warn', hint: modeHint } : check,
  );
}

const modeHint = {
  en: 'This is right if 消息加解密方式 in the console has the other mode',
  zh: '若后台“消息加解密方式”选择的是另一种模式，则这是正常的',
};

function noKey(): ProbeCheck {
  return {
    name: 'post_encrypted',
    status: 'skip',
    cause: undefined,
    text: {
      en: 'Not sent: there is no EncodingAESKey or no AppID',
      zh: '未发送：没有配置 EncodingAESKey 或 AppID',
    },
  };
}

async function post(options: PostOptions, name: string, mode: 'plain' | 'safe'): Promise<ProbeCheck> {
  const target = { ...options, ...options.crypt, mode, format: 'xml' } as const;
  const delivery = await deliver(options, target, pushOf(await createTextFields(options), 'xml'));
  const { exchange, verdict } = delivery;
  const finding = findingOf(delivery);
  if (finding !== undefined) return failed(name, finding, exchange);
  const nothing = judgeSilence(exchange);
  if (nothing !== undefined) return { ...failed(name, nothing, exchange), status: 'warn' };
  const seen = describeUserSees(verdict?.userSees ?? 'nothing');
  const ms = Math.round(exchange.ms);
  return {
    name,
    httpStatus: exchange.response?.status,
    ms: exchange.ms,
    status: 'pass',
    cause: undefined,
    text: {
      en: `The server takes ${mode === 'plain' ? 'a plain' : 'an encrypted'} message in ${ms} ms; the person sees ${seen.en}`,
      zh: `服务器在 ${ms} 毫秒内处理了${mode === 'plain' ? '明文' : '加密'}消息，用户看到：${seen.zh}`,
    },
  };
}

/**
 * An empty answer is a right one. In PHP it is also what the sample of the platform's old documents gives, since PHP 7 has
 * no `$HTTP_RAW_POST_DATA` and hides the notice about it.
 */
function judgeSilence({ response }: ServerExchange): ProbeFinding | undefined {
  const isPhp = response?.headers['x-powered-by']?.startsWith('PHP/') === true;
  if (!isPhp || response.body.length > 0) return undefined;
  return {
    cause: 'empty',
    text: {
      en: 'The server takes the message and answers nothing; the person sees nothing',
      zh: '服务器接受了消息，但没有返回任何内容，用户什么也看不到',
    },
    hint: {
      en: 'If a reply should have come, look at how the body is read; if not, this is right',
      zh: '若本应有回复，请检查读取消息体的方式；若本就不回复，则是正常的',
    },
  };
}

function findingOf({ finding, verdict }: Delivery): ProbeFinding | undefined {
  if (finding !== undefined) return finding;
  const problem = verdict?.problems.find(({ severity }) => severity === 'error');
  return problem && { cause: causes.get(problem.rule) ?? 'other', text: problem.text, hint: problem.hint };
}

const causes: ReadonlyMap<ReplyProblem['rule'], ProbeCause> = new Map<ReplyProblem['rule'], ProbeCause>([
  ['bom', 'bom'],
  ['before-xml', 'wrapped'],
  ['html', 'html'],
  ['letter-case', 'letter_case'],
  ['quoted', 'quoted'],
  ['parsed', 'parsed'],
  ['http-head', 'http_head'],
  ['mode', 'mode'],
  ['encrypted', 'mode'],
  ['not-encrypted', 'mode'],
]);

/** The documents' text message, made now. */
export async function createTextFields({ clock, random }: ProbeOptions): Promise<Fields> {
  const sample = await loadSample('text');
  if (sample === undefined) throw new TypeError('there must be a sample of a text message');
  return renew(sampleFields(sample, 'xml'), { clock, random });
}
