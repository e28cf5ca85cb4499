/** Reads what came back: a JSON object, or an error that names what came instead. */
import { WechatMpError } from '../core/errors.ts';
import { defined } from '../core/text/defined.ts';
import { isObject, parseJson } from '../core/text/json-value.ts';
import { createRedactor, type Redactor } from '../core/text/redact.ts';
import { excerpt, sanitiseLine } from '../core/text/sanitise.ts';
import type { Text } from '../core/text/text.ts';
import { decodeUtf8 } from '../core/text/utf8.ts';
import type { HttpResponse } from '../io/ports.ts';

/** What a call brings back. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it came. */
  readonly bytes: Uint8Array;
  /** The fields of the JSON object; empty for a raw answer. Take named fields only: the names are a stranger's. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The server's clock at the answer, in milliseconds, out of the `Date` header. */
  readonly serverTimeMs?: number;
}

/** Whose answer it is, and which secrets it might repeat. */
export interface AnswerContext {
  readonly host: string;
  readonly secrets: readonly string[];
}

/** An answer's `errcode` and `errmsg`. 0 where there is none: then the fields of the answer decide. */
export interface Outcome {
  readonly errcode: number;
  readonly errmsg: string;
}

/**
 * What shows that an answer is the platform's answer to this call, and, for a change, that it was made. Every call
 * names it once; what does not hold it is no success, whatever else it says.
 */
export interface Proof<T> {
  /** What an answer without it lacks. */
  readonly wanted: Text;
  /** What the caller gets, or `undefined` where the answer does not prove anything. May throw a better error. */
  readonly find: (answer: Answer) => T | undefined;
}

/** How the platform confirms a change that has nothing to tell. Quirk: old endpoints may send the number as text. */
export const errcodeZero: Proof<true> = {
  wanted: { en: '"errcode": 0', zh: '“errcode”: 0' },
  find: ({ fields: { errcode } }) => (errcode === 0 || errcode === '0' ? true : undefined),
};

/**
 * Reads a JSON answer. Throws family `network`: `empty_answer`, `html_answer`, `truncated_answer`, `not_json`,
 * `invalid_utf8`, `unexpected_answer`, `redirect`, `http_status`.
 * Quirk: the platform's content type is unreliable (`text/plain` for JSON), so the body decides.
 * Quirk: the platform answers with status 200, refusals too; any other is a gateway's, however good its body looks.
 */
export function readAnswer(response: HttpResponse, context: AnswerContext): Answer {
  refuseRedirect(response, context);
  const text = readText(response.body);
  const value = text === undefined ? undefined : parseJson(text);
  if (response.status !== 200) throw httpStatus(response, context, text, value);
  if (text === undefined) throw invalidUtf8(context);
  if (value === undefined) throw notJson(text, context);
  if (!isObject(value)) throw unexpectedAnswer(context.host, { en: 'a JSON object', zh: 'JSON 对象' });
  return { ...base(response), fields: value };
}

/** Hands a raw answer on, after the statuses that can never be what was asked for. */
export function readRawAnswer(response: HttpResponse, context: AnswerContext): Answer {
  refuseRedirect(response, context);
  if (response.status >= 500) throw httpStatus(response, context, readText(response.body));
  const fields = /json|text\/plain/i.test(response.headers['content-type'] ?? '')
    ? parseFields(response.body)
    : {};
  return { ...base(response), fields };
}

/**
 * The outcome of a JSON answer. Throws `unexpected_answer` for an errcode that is no number.
 * Quirk: errors arrive with HTTP 200 and `errcode` decides; a success has 0 or none. Old endpoints send it as text.
 */
export function readOutcome(answer: Answer, { host, secrets }: AnswerContext): Outcome {
  const { errcode, errmsg } = answer.fields;
  const words = typeof errmsg === 'string' ? errmsg : '';
  if (errcode === undefined || errcode === null) return { errcode: 0, errmsg: words };
  const number =
    typeof errcode === 'string' && /^(?:0|-?[1-9]\d{0,9})$/.test(errcode) ? Number(errcode) : errcode;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
    throw unexpectedAnswer(host, { en: 'a number in "errcode"', zh: '“errcode”为数字' });
  }
  // A refusal is shown and, for a while, remembered in a file; what the platform repeats of our secrets goes here.
  return { errcode: number, errmsg: number === 0 ? words : redactorOf(secrets).redact(sanitiseLine(words)) };
}

/** An answer in JSON that is not what the endpoint promises. The values are not quoted: they may be secrets. */
export function unexpectedAnswer(host: string, wanted: Text): WechatMpError {
  return answerError('unexpected_answer', {
    en: `The answer of "${host}" lacks ${wanted.en}`,
    zh: `“${host}”的应答中缺少${wanted.zh}`,
  });
}

function base(response: HttpResponse): Omit<Answer, 'fields'> {
  const date = Date.parse(response.headers['date'] ?? '');
  return {
    status: response.status,
    headers: response.headers,
    bytes: response.body,
    ...defined({ serverTimeMs: Number.isNaN(date) ? undefined : date }),
  };
}

function refuseRedirect(response: HttpResponse, { host }: AnswerContext): void {
  if (response.status < 300 || response.status >= 400) return;
  const target = redirectTarget(response.headers['location']);
  throw answerError(
    'redirect',
    {
      en: `"${host}" redirects the call${target === undefined ? '' : ` to "${target}"`} (HTTP ${response.status}), and calls with secrets follow no redirect`,
      zh: `“${host}”要求重定向${target === undefined ? '' : `到“${target}”`}（HTTP ${response.status}），带密钥的请求不会跟随重定向`,
    },
    {
      en: 'Check --api-base: it must be the address that answers by itself',
      zh: '请检查 --api-base：应填写直接应答的地址',
    },
    { http_status: response.status, request_refused: true },
  );
}

/** Scheme and host only: the path and query of a redirect may repeat the call's secrets. */
function redirectTarget(location: string | undefined): string | undefined {
  if (location === undefined || !URL.canParse(location)) return undefined;
  return excerpt(new URL(location).origin, 100);
}

function httpStatus(
  response: HttpResponse,
  context: AnswerContext,
  text: string | undefined,
  value?: unknown,
): WechatMpError {
  const { status } = response;
  // A gateway that says no has not handed the call on. One that says no over the body of a success says nothing.
  const refused = status >= 400 && status < 500 && !(isObject(value) && !isRefusal(value));
  return answerError(
    'http_status',
    { en: `"${context.host}" answered with HTTP ${status}`, zh: `“${context.host}”返回了 HTTP ${status}` },
    status >= 500
      ? { en: 'Try again in a moment', zh: '请稍后重试' }
      : { en: 'Check --api-base and the path of the call', zh: '请检查 --api-base 和接口路径' },
    { http_status: status, ...defined({ request_refused: refused || undefined }) },
    { retryable: status >= 500, details: shown(text ?? '', context) },
  );
}

function isRefusal({ errcode }: Readonly<Record<string, unknown>>): boolean {
  return errcode !== undefined && errcode !== null && Number(errcode) !== 0;
}

function notJson(text: string, context: AnswerContext): WechatMpError {
  const { host } = context;
  const start = text.trimStart();
  if (start === '') {
    const words = { en: `The answer of "${host}" is empty`, zh: `“${host}”的应答为空` };
    return answerError('empty_answer', words, undefined, {}, { retryable: true });
  }
  if (start.startsWith('<')) {
    return answerError(
      'html_answer',
      { en: `"${host}" answered with a web page instead of JSON`, zh: `“${host}”返回的是网页而不是 JSON` },
      {
        en: 'Check --api-base and --proxy; a Wi-Fi login page answers like this, too',
        zh: '请检查 --api-base 和 --proxy；公共 Wi-Fi 的登录页也会造成这种情况',
      },
      {},
      { details: shown(text, context) },
    );
  }
  if (/^[{[]/.test(start) && !/[}\]]\s*$/.test(text)) {
    const words = {
      en: `The answer of "${host}" broke off before its end`,
      zh: `“${host}”的应答在结束前中断`,
    };
    return answerError('truncated_answer', words, undefined, {}, { retryable: true });
  }
  const words = { en: `The answer of "${host}" is not JSON`, zh: `“${host}”的应答不是 JSON` };
  return answerError('not_json', words, undefined, {}, { details: shown(text, context) });
}

function invalidUtf8({ host }: AnswerContext): WechatMpError {
  return answerError('invalid_utf8', {
    en: `The answer of "${host}" is not valid UTF-8`,
    zh: `“${host}”的应答不是合法的 UTF-8`,
  });
}

/** At most 200 characters of a body, without anything secret or unsafe. */
function shown(text: string, { secrets }: AnswerContext): Text[] {
  // Secrets go first: cutting could leave the half of one.
  const words = excerpt(redactorOf(secrets).redact(sanitiseLine(text.slice(0, 4000))));
  return words === '' ? [] : [{ en: `It says: ${words}`, zh: `内容：${words}` }];
}

function redactorOf(secrets: readonly string[]): Redactor {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

function answerError(
  type: string,
  text: Text,
  hint: Text = {
    en: 'Try again; then look at the exchange with --debug',
    zh: '请重试，或用 --debug 查看交互过程',
  },
  facts: Record<string, unknown> = {},
  more: { retryable?: boolean; details?: Text[] } = {},
): WechatMpError {
  return new WechatMpError({
    family: 'network',
    type,
    text,
    hint,
    facts: { request_sent: true, ...facts },
    ...more,
  });
}

/** `undefined` for bytes that are not UTF-8. A byte order mark is dropped. */
function readText(bytes: Uint8Array): string | undefined {
  return decodeUtf8(bytes)?.replace(/^\uFEFF/, '');
}

function parseFields(bytes: Uint8Array): Answer['fields'] {
  const text = readText(bytes);
  const value = text === undefined ? undefined : parseJson(text);
  return isObject(value) ? value : {};
}
