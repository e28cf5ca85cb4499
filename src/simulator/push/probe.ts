/** `handshake probe`: WeChat's side of the verification（接入）, played against a developer's own server. */
import {
  holdsEcho,
  judgeEcho,
  judgeStatus,
  type ProbeCause,
  type ProbeFinding,
  wrongMethod,
} from '../../core/diagnosis/index.ts';
import { appendQuery, digitsOf, signUrl } from '../../core/callback/index.ts';
import { defined } from '../../core/text/defined.ts';
import type { Text } from '../../core/text/text.ts';
import { exchangeWith, networkFinding, type ServerExchange } from './exchange.ts';
import { failed, type ProbeCheck, type ProbeOptions } from './probe-check.ts';
import { spoilHex } from './push.ts';

/** Slower than this leaves little of the 5 seconds on a bad day. */
const slowMs = 3000;

/**
 * Verifies the server as the console does, and sees that it verifies as well: with the right signature it must answer
 * exactly echostr within 5 seconds, without it must not. Rejects only when it is interrupted.
 */
export async function probeHandshake(options: ProbeOptions): Promise<readonly ProbeCheck[]> {
  const first = await probeRightSignature(options);
  if (first.exchange.response === undefined) return [first.check];
  const refusals = [
    await probeWrongSignature(options, first.echoed),
    await probeMissingParameters(options, first.echoed),
  ];
  const unsigned = refusals.some(({ status }) => status === 'fail');
  const markup = first.check.status === 'fail' && !unsigned ? [] : [await probeMarkup(options, unsigned)];
  return [first.check, ...refusals, ...markup];
}

/** Whether the server answered with echostr, be it in a form that the platform does not take. */
export function echoes({ response }: ServerExchange, echostr: string): boolean {
  return response?.status === 200 && holdsEcho(response.body, echostr);
}

/**
 * Asks twice: with a nonce that belongs behind the timestamp and is less as a number, and with one that belongs before it.
 * A server that sorts numbers, or does not sort, takes one of the two, and would pass or fail in the console by chance.
 */
async function probeRightSignature(options: ProbeOptions): Promise<{
  readonly check: ProbeCheck;
  readonly exchange: ServerExchange;
  readonly echoed: boolean;
}> {
  const { random } = options;
  const nonces = [`9${digitsOf(random.bytes(8))}`, `11${digitsOf(random.bytes(8))}`];
  let passed: ServerExchange | undefined;
  for (const nonce of nonces) {
    const echostr = digitsOf(random.bytes(19));
    const exchange = await ask(options, { ...signed(options, nonce), echostr });
    const finding = await judgeHandshake(options, exchange, echostr);
    if (finding !== undefined) {
      const told = passed === undefined ? finding : byChance(finding);
      const inside = echoes(exchange, echostr);
      const refused = !inside && exchange.response !== undefined && refusals.has(finding.cause);
      return { check: { ...failed('handshake', told, exchange), refused }, exchange, echoed: inside };
    }
    if (passed === undefined || passed.ms < exchange.ms) passed = exchange;
  }
  if (passed === undefined) throw new TypeError('there must be a nonce');
  return { check: echoed(passed), exchange: passed, echoed: true };
}

/** What a server may answer that does not like the signature; a redirect or a proxy's error says nothing about it. */
const refusals: ReadonlySet<ProbeCause> = new Set(['forbidden', 'empty', 'status', 'html', 'other']);

function byChance({ cause, text }: ProbeFinding): ProbeFinding {
  return {
    cause,
    text: {
      en: `The server took one right signature and not the next: ${text.en}`,
      zh: `服务器接受了一个正确的签名，却没有接受下一个：${text.zh}`,
    },
    hint: {
      en: 'Sort Token, timestamp and nonce as texts, by bytes, before joining them; then look at the log of the server',
      zh: '拼接前请将令牌（Token）、timestamp、nonce 按文本（字节）排序；再查看服务器日志',
    },
  };
}

async function judgeHandshake(
  options: ProbeOptions,
  exchange: ServerExchange,
  echostr: string,
): Promise<ProbeFinding | undefined> {
  const { response } = exchange;
  if (response === undefined) return networkFinding(exchange);
  const finding = judgeStatus({ ...response, url: exchange.url, method: 'GET' });
  if (finding === undefined) return judgeEcho(response.body, echostr);
  if (response.status !== 404) return finding;
  // Many frameworks answer 404 where only the other method has a route. An empty, unsigned POST is refused or ignored by
  // every server that checks anything, and tells the two apart.
  const post = await exchangeWith(options, { method: 'POST', url: options.url });
  const status = post.response?.status;
  return status === undefined || status === 404 ? finding : wrongMethod('GET', 404);
}

function echoed(exchange: ServerExchange): ProbeCheck {
  const { ms } = exchange;
  const common = { name: 'handshake', httpStatus: 200, ms };
  if (ms < slowMs) {
    return {
      ...common,
      status: 'pass',
      cause: undefined,
      text: {
        en: `The server answers exactly echostr in ${Math.round(ms)} ms`,
        zh: `服务器在 ${Math.round(ms)} 毫秒内原样返回了 echostr`,
      },
    };
  }
  return {
    ...common,
    status: 'warn',
    cause: 'timeout',
    text: {
      en: `The server answers echostr, but only after ${(ms / 1000).toFixed(1)} s; WeChat waits 5 s`,
      zh: `服务器返回了 echostr，但用了 ${(ms / 1000).toFixed(1)} 秒；微信最多等待 5 秒`,
    },
    hint: { en: 'Answer before any slow work', zh: '请先应答，再处理耗时的工作' },
  };
}

async function probeWrongSignature(options: ProbeOptions, tells: boolean): Promise<ProbeCheck> {
  const echostr = digitsOf(options.random.bytes(19));
  return await probeRefusal(options, tells, 'wrong_signature', [{ ...spoilt(signed(options)), echostr }], {
    en: 'a wrong signature',
    zh: '签名错误',
  });
}

async function probeMissingParameters(options: ProbeOptions, tells: boolean): Promise<ProbeCheck> {
  const { signature: _signature, ...unsigned } = signed(options);
  const { nonce: _nonce, ...incomplete } = signed(options);
  const echostr = digitsOf(options.random.bytes(19));
  const queries = [{ ...unsigned, echostr }, { ...incomplete, echostr }, { echostr }];
  return await probeRefusal(options, tells, 'missing_parameters', queries, {
    en: 'missing parameters',
    zh: '缺少参数',
  });
}

/**
 * Passes where none of the queries gets its echostr back. A server that does not echo with the right signature either
 * (`tells` is false) shows nothing by that, unless its answer is what the platform takes.
 */
async function probeRefusal(
  options: ProbeOptions,
  tells: boolean,
  name: string,
  queries: readonly (Readonly<Record<string, string>> & { readonly echostr: string })[],
  what: Text,
): Promise<ProbeCheck> {
  let last: ServerExchange | undefined;
  for (const query of queries) {
    last = await ask(options, query);
    const { echostr } = query;
    const exact = last.response?.status === 200 && judgeEcho(last.response.body, echostr) === undefined;
    if (exact || (tells && echoes(last, echostr))) return failed(name, unsignedAccepted(what), last);
  }
  const common = { name, cause: undefined, httpStatus: last?.response?.status, ms: last?.ms };
  if (!tells) {
    return {
      ...common,
      status: 'skip',
      text: {
        en: `Tells nothing about ${what.en}: the server does not echo with the right signature either`,
        zh: `${what.zh}的情况无法判断：签名正确时服务器也没有返回 echostr`,
      },
    };
  }
  return {
    ...common,
    status: 'pass',
    text: {
      en: `The server does not echo with ${what.en}`,
      zh: `${what.zh}时服务器没有返回 echostr`,
    },
  };
}

function unsignedAccepted(what: Text): ProbeFinding {
  return {
    cause: 'unsigned_accepted',
    text: {
      en: `The server echoes with ${what.en}, too: anybody can pass for WeChat`,
      zh: `${what.zh}时服务器仍返回了 echostr：任何人都能冒充微信`,
    },
    hint: {
      en: 'Compare the signature before echostr is answered, and answer 403 where it is wrong',
      zh: '返回 echostr 之前先校验签名，不符则返回 403',
    },
  };
}

/** A signed query may be replayed with a text of the attacker's choice: a browser must not run what comes back. */
async function probeMarkup(options: ProbeOptions, unsigned: boolean): Promise<ProbeCheck> {
  const markup = `<b>${digitsOf(options.random.bytes(9))}</b>`;
  const query = unsigned ? spoilt(signed(options)) : signed(options);
  const exchange = await ask(options, { ...query, echostr: markup });
  const headers = exchange.response?.headers ?? {};
  const type = headers['content-type'] ?? '';
  const runs = /html|xml/i.test(type) || (type === '' && headers['x-content-type-options'] !== 'nosniff');
  if (!holds(exchange, markup) || !runs) {
    return {
      name: 'markup',
      status: 'pass',
      cause: undefined,
      text: { en: 'The server does not echo HTML to browsers', zh: '服务器不会向浏览器返回 HTML 内容' },
      httpStatus: exchange.response?.status,
      ms: exchange.ms,
    };
  }
  const shown = type === '' ? { en: 'no Content-Type', zh: '无 Content-Type' } : { en: type, zh: type };
  return {
    ...failed('markup', reflected(shown), exchange),
    // Only who holds a signed query can use it; the platform itself does not mind.
    status: unsigned ? 'fail' : 'warn',
  };
}

function reflected(type: Text): ProbeFinding {
  return {
    cause: 'reflected_html',
    text: {
      en: `The server echoes HTML that a browser would run (${type.en})`,
      zh: `服务器原样返回 HTML，浏览器会执行（${type.zh}）`,
    },
    hint: {
      en: 'Answer with Content-Type text/plain, or echo nothing but letters and digits',
      zh: '请以 Content-Type: text/plain 应答，或只返回由字母数字组成的 echostr',
    },
  };
}

function holds({ response }: ServerExchange, text: string): boolean {
  return response !== undefined && Buffer.from(response.body).includes(text);
}

export function signed({ callbackToken, clock, random }: ProbeOptions, nonce = digitsOf(random.bytes(9))) {
  const timestamp = String(Math.floor(clock.now() / 1000));
  return { signature: signUrl(callbackToken, timestamp, nonce), timestamp, nonce };
}

function spoilt<Query extends { readonly signature: string }>(query: Query): Query {
  return { ...query, signature: spoilHex(query.signature) };
}

async function ask(
  options: ProbeOptions,
  { signature, echostr, ...rest }: Readonly<Record<string, string>> & { readonly echostr: string },
): Promise<ServerExchange> {
  // In the platform's own order.
  const query = { ...defined({ signature }), echostr, ...rest };
  return await exchangeWith(options, { method: 'GET', url: appendQuery(options.url, query) });
}
