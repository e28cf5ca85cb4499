/** `handshake probe`: after a refusal, the same request with one thing changed, to see which one the server takes. */
import {
  type BodyName,
  bodyNames,
  concludeBodies,
  isOtherSuccess,
  type SignedVariant,
  signedVariants,
} from '../../core/diagnosis/index.ts';
import type { Fields } from '../../core/message/index.ts';
import { appendQuery, digitsOf, signPush } from '../../core/callback/index.ts';
import { parseReply } from '../../core/reply/index.ts';
import { defined } from '../../core/text/defined.ts';
import type { Text } from '../../core/text/text.ts';
import { exchangeWith, type ServerExchange } from './exchange.ts';
import { createTextFields } from './probe-post.ts';
import { failed, type ProbeCheck, type ProbeOptions } from './probe-check.ts';
import { echoes } from './probe.ts';
import { pushOf } from './trigger-message.ts';

/** Somebody's server is no place for a search: so many requests, and so long for all of them. */
const maxRequests = 8;
const maxMs = 20_000;
/** The platform's own time for one answer. */
const answerMs = 5000;

export interface Experiment {
  /** The mistake that is made on purpose, or the body that is sent. */
  readonly name: string;
  readonly method: 'GET' | 'POST';
  readonly text: Text;
  readonly accepted: boolean;
  readonly httpStatus: number | undefined;
  readonly ms: number;
}

export interface ProbeReport {
  readonly checks: readonly ProbeCheck[];
  readonly experiments: readonly Experiment[];
}

/**
 * Tries out why the server refuses the right request or, where that passed, a message. Nothing is tried where the checks
 * say it already. What is found goes into the check that failed.
 */
export async function experiment(options: ProbeOptions, checks: readonly ProbeCheck[]): Promise<ProbeReport> {
  const handshake = checks.find(({ name }) => name === 'handshake');
  const post = checks.find(({ name }) => name === 'post_plain');
  const world = limited(options);
  if (handshake?.refused === true) return await experimentWithGet(options, world, checks, handshake);
  const passed = handshake?.status === 'pass' || handshake?.status === 'warn';
  if (passed && post?.status === 'fail' && isOpen(post)) {
    return await experimentWithPost(options, world, checks, post);
  }
  return { checks, experiments: [] };
}

type Send = (request: Parameters<typeof exchangeWith>[1]) => Promise<ServerExchange | undefined>;

/** Sends until the requests or the time are used up. */
function limited(options: ProbeOptions): Send {
  const { clock } = options;
  const endMs = clock.monotonic() + maxMs;
  let sent = 0;
  return async (request) => {
    const leftMs = endMs - clock.monotonic();
    if (sent >= maxRequests || leftMs <= 0) return undefined;
    sent += 1;
    return await exchangeWith(options, { ...request, timeoutMs: Math.min(answerMs, leftMs) });
  };
}

async function experimentWithGet(
  options: ProbeOptions,
  send: Send,
  checks: readonly ProbeCheck[],
  refused: ProbeCheck,
): Promise<ProbeReport> {
  const { callbackToken, clock, random } = options;
  const experiments: Experiment[] = [];
  const variants = signedVariants({
    callbackToken,
    timestamp: String(Math.floor(clock.now() / 1000)),
    nonce: `9${digitsOf(random.bytes(8))}`,
    otherNonce: `11${digitsOf(random.bytes(8))}`,
  });
  for (const variant of variants) {
    const { name, text, signature, timestamp, nonce } = variant;
    const echostr = digitsOf(random.bytes(19));
    const query = { signature, echostr, timestamp, nonce };
    const exchange = await send({ method: 'GET', url: appendQuery(options.url, query) });
    if (exchange === undefined) break;
    const accepted = echoes(exchange, echostr);
    experiments.push({ ...outcome(exchange), name, method: 'GET', text, accepted });
    if (accepted) return { checks: replace(checks, refused, mistaken(refused, variant)), experiments };
  }
  return { checks: replace(checks, refused, unexplained(refused, experiments.length)), experiments };
}

function outcome({ response, ms }: ServerExchange): Pick<Experiment, 'httpStatus' | 'ms'> {
  return { httpStatus: response?.status, ms };
}

function replace(checks: readonly ProbeCheck[], old: ProbeCheck, by: ProbeCheck): readonly ProbeCheck[] {
  return checks.map((check) => (check === old ? by : check));
}

function mistaken(check: ProbeCheck, { text, fix }: SignedVariant): ProbeCheck {
  return {
    ...check,
    text: {
      en: `The server takes a wrong signature instead of the right one, made with this mistake: ${text.en}`,
      zh: `服务器拒绝正确的签名，却接受了带有以下错误的签名：${text.zh}`,
    },
    hint: fix,
  };
}

function unexplained(check: ProbeCheck, tried: number): ProbeCheck {
  const { hint } = check;
  if (tried === 0 || hint === undefined) return check;
  return {
    ...check,
    hint: {
      en: `${hint.en}. None of ${tried} signatures with known mistakes passes either`,
      zh: `${hint.zh}。另外 ${tried} 个带有已知错误的签名也都没有通过`,
    },
  };
}

/** What may have to do with the body. The others have been explained. */
const open: ReadonlySet<string> = new Set(
  'forbidden body_parser body_limit status html wrapped empty other timeout reset'.split(' '),
);

function isOpen({ cause, httpStatus }: ProbeCheck): boolean {
  return cause !== undefined && open.has(cause) && !isOtherSuccess(httpStatus);
}

async function experimentWithPost(
  options: ProbeOptions,
  send: Send,
  checks: readonly ProbeCheck[],
  refused: ProbeCheck,
): Promise<ProbeReport> {
  const experiments: (Experiment & { readonly name: BodyName })[] = [];
  const { callbackToken, clock, random } = options;
  const fields = await createTextFields(options);
  const {
    text: message,
    message: { fromUserName: openId },
  } = pushOf(fields, 'xml');
  const query = () =>
    signPush({
      callbackToken,
      timestamp: String(Math.floor(clock.now() / 1000)),
      nonce: digitsOf(random.bytes(9)),
      openId,
      encrypt: undefined,
    });
  for (const { name, type, body } of bodiesOf(fields, message)) {
    const exchange = await send({
      method: 'POST',
      url: appendQuery(options.url, query()),
      headers: defined({ 'content-type': type }),
      ...defined({ body }),
    });
    if (exchange === undefined) break;
    const text = bodyNames[name];
    experiments.push({ ...outcome(exchange), name, method: 'POST', text, accepted: isTaken(exchange) });
  }
  const { cause = 'other', httpStatus } = refused;
  const conclusion = concludeBodies({ cause, httpStatus }, experiments);
  if (conclusion === undefined) return { checks, experiments };
  const text = {
    en: `${refused.text.en}; ${conclusion.text.en}`,
    zh: `${refused.text.zh}；${conclusion.text.zh}`,
  };
  const { hint, consumed } = conclusion;
  const finding = { cause: conclusion.cause, text, hint };
  const advice = refused.exchange && failed(refused.name, finding, refused.exchange, consumed).advice;
  return { checks: replace(checks, refused, { ...refused, ...finding, advice }), experiments };
}

function isTaken({ response }: ServerExchange): boolean {
  if (response?.status !== 200) return false;
  const { kind, problems } = parseReply(response.body);
  return kind !== 'unreadable' && problems.every(({ severity }) => severity !== 'error');
}

function bodiesOf(fields: Fields, message: string) {
  return [
    { name: 'empty_body', type: undefined, body: undefined },
    // Under its root, too: there code looks for it that reads what xml2js made.
    { name: 'json_body', type: 'application/json', body: JSON.stringify({ ...fields, xml: fields }) },
    { name: 'xml_body', type: 'application/xml', body: message },
  ] as const;
}
