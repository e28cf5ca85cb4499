/** A call: checked, shown or asked about, sent, and its answer printed. */
import { type AnyAnswer, type AnyCall, formatForm, sendAnyCall } from '../../../api/any-call.ts';
import type { Client } from '../../../api/client.ts';
import { baseOfHost } from '../../../core/account/index.ts';
import {
  type CallProblem,
  type CallRequest,
  findEscape,
  formatCurl,
  secretMark,
  validateCall,
} from '../../../core/call/index.ts';
import { type Effect, effectOf, isGrave } from '../../../core/catalogue/index.ts';
import { inputError, usageError } from '../../../core/errors.ts';
import { parseJson } from '../../../core/text/json-value.ts';
import { shellQuote } from '../../../core/text/shell-word.ts';
import type { Context } from '../../context.ts';
import { closestTo } from '../../frame/suggest.ts';
import { openClient, openPublicClient, openRelay } from '../../settings/platform.ts';
import { checkAnswerPlace, printAnswer } from './answer.ts';
import type { ApiFlags } from './api.ts';
import { closestPath } from './known.ts';
import { bodyOf, type Prepared, prepareCall } from './request.ts';
import { betterCommands, effectTexts, question } from './texts.ts';

export async function runCall(
  context: Context,
  method: 'GET' | 'POST' | undefined,
  path: string,
  options: ApiFlags,
): Promise<void> {
  const prepared = await prepareCall(context, method, path, options);
  const { known, request } = prepared;
  if (known === undefined) await tellUnknown(context, request.path);
  if (!options.noCheck) {
    checkCall(context, prepared);
    tellMisspelt(context, prepared);
  }
  const effect = effectOfCall(prepared);
  const { via } = context.settings;
  // A relay puts it in.
  if (via !== undefined && options.noToken)
    throw (await import('../../shared/relay-client.ts')).excludesRelay('--no-token', via);
  const token = !options.noToken && (known === undefined || known.needsToken || known.takesWebToken);
  if (options.dryRun) {
    await showCall(context, request, { effect, token, host: known?.host, out: options.out });
    return;
  }
  await checkAnswerPlace(context, known, options);
  if (token && known?.takesWebToken === true) await requireWebToken(context);
  await askFirst(context, prepared, effect);
  const client = token ? await openClient(context) : await openPublicClient(context);
  const send = async (next: CallRequest): Promise<AnyAnswer> =>
    await context.wait(
      { en: 'Waiting for WeChat', zh: '正在等待微信' },
      sendCall(context, client, { ...prepared, request: next }, { effect, token }),
    );
  if (options.paginate) {
    const { printPages } = await import('./pages.ts');
    await printPages(context, prepared, effect, {
      send,
      max: options.max,
      out: options.out,
      force: options.force,
    });
    return;
  }
  await printAnswer(context, await send(request), known, options);
}

async function tellUnknown(context: Context, path: string): Promise<void> {
  const near = await closestPath(path);
  if (near === undefined) {
    context.note({
      en: `${path} is not in the catalogue: it is sent unchecked`,
      zh: `接口目录中没有 ${path}，将不经检查直接发送`,
    });
    return;
  }
  context.warn({
    en: `${path} is not in the catalogue, and is sent as it is; did you mean ${near}?`,
    zh: `接口目录中没有 ${path}，将原样发送；是不是想用 ${near}？`,
  });
}

/** Throws an input error for what the platform refuses for certain; warns of the rest. */
function checkCall(context: Context, { known, parameters, request }: Prepared): void {
  const problems = known === undefined ? escapesOf(request) : validateCall(known, parameters, request);
  const { path } = request;
  for (const { text } of problems.filter(({ severity }) => severity === 'warning'))
    context.warn({ en: `${path}: ${text.en}`, zh: `${path}：${text.zh}` });
  const errors = problems.filter(({ severity }) => severity === 'error').map(({ text }) => text);
  const [first, ...others] = errors;
  if (first === undefined) return;
  const say =
    others.length === 0
      ? first
      : { en: `${errors.length} things are wrong`, zh: `有 ${errors.length} 处错误` };
  throw inputError(
    'call_invalid',
    { en: `Cannot call ${path}: ${say.en}`, zh: `无法调用 ${path}：${say.zh}` },
    {
      en: `See wechat-mp api --describe ${path}; --no-check sends it all the same`,
      zh: `见 wechat-mp api --describe ${path}；--no-check 可直接发送`,
    },
    { path },
  ).with({ details: others.length === 0 ? [] : errors });
}

/** A name that nothing is known of, where one that is known is close to it. */
function tellMisspelt(context: Context, prepared: Prepared): void {
  const { parameters, request } = prepared;
  const places = { query: request.query, body: bodyOf(prepared) };
  for (const place of ['query', 'body'] as const) {
    const known = parameters
      .filter((parameter) => parameter.in === place)
      .map(({ name }) => name.replace(/[.[].*/, ''));
    for (const name of Object.keys(places[place]).filter((each) => !known.includes(each))) {
      const near = closestTo(name, known);
      if (near === undefined) continue;
      context.warn({
        en: `This call has no "${name}", as far as is known; did you mean "${near}"?`,
        zh: `据目前所知该接口没有 "${name}"，是不是想用 "${near}"？`,
      });
    }
  }
}

function escapesOf({ body }: CallRequest): readonly CallProblem[] {
  if (body?.kind !== 'text' || parseJson(body.text) === undefined) return [];
  const found = findEscape(body.text);
  return found === undefined ? [] : [found];
}

/** Of a path that nobody knows, the method tells it. */
function effectOfCall({ known, request }: Prepared): Effect {
  const { method, query, body } = request;
  if (known === undefined) return method === 'GET' ? 'read' : 'write';
  return effectOf(known, { query, body: body?.kind === 'text' ? parseJson(body.text) : undefined });
}

async function askFirst(context: Context, { known, request }: Prepared, effect: Effect): Promise<void> {
  if (!isGrave(effect)) return;
  const better = betterCommands.get(known?.name ?? '');
  if (better !== undefined) {
    context.note({
      en: `${better.command} does the same with care: it ${better.why.en}`,
      zh: `建议使用 ${better.command}：${better.why.zh}`,
    });
  }
  await context.confirm(question(request.path, known?.title, effect));
}

/** The token of a person is no token of the account, and only the person's consent gives one. */
async function requireWebToken(context: Context): Promise<void> {
  const { via } = context.settings;
  if (via === undefined && (await context.settings.accessToken()) !== undefined) return;
  const [flags, zhFlags] =
    via === undefined
      ? ['--access-token-stdin', '--access-token-stdin']
      : ['--via none and --access-token-stdin', '--via none 和 --access-token-stdin'];
  throw usageError(
    'web_token_missing',
    {
      en: 'This call takes the token of a person (网页授权), not that of the account',
      zh: '该接口需要用户的网页授权 access_token，而不是公众号的 access_token',
    },
    {
      en: `Give it with ${flags}; /sns/oauth2/access_token answers one`,
      zh: `请用 ${zhFlags} 传入；可由 /sns/oauth2/access_token 取得`,
    },
  );
}

interface Sending {
  readonly effect: Effect;
  readonly token: boolean;
}

async function sendCall(
  context: Context,
  client: Client,
  { known, request }: Prepared,
  { effect, token }: Sending,
): Promise<AnyAnswer> {
  const { method, path, query, body } = request;
  const wantsSecret =
    Object.values(query).includes(secretMark) || (body?.kind === 'text' && body.text.includes(secretMark));
  const secret = wantsSecret
    ? await (await import('../../shared/relay-client.ts')).secretOrKey(context)
    : undefined;
  const filled = (text: string): string =>
    secret === undefined ? text : text.replaceAll(secretMark, secret);
  const call: AnyCall = {
    known,
    method,
    path,
    query: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, filled(value)])),
    ...(await contentOf(body, filled)),
    effect,
    token,
    secrets: secret === undefined ? [] : [secret],
  };
  return await sendAnyCall(client, call);
}

/** The whole body in memory, so that it goes with its length: the platform refuses one that comes chunked. */
async function contentOf(
  body: CallRequest['body'],
  filled: (text: string) => string,
): Promise<Pick<AnyCall, 'body' | 'contentType'>> {
  if (body === undefined) return { body: undefined, contentType: undefined };
  if (body.kind === 'text') return { body: filled(body.text), contentType: undefined };
  if (body.kind === 'bytes') return { body: body.bytes, contentType: 'application/octet-stream' };
  return await formatForm(body.parts);
}

interface Shown extends Sending {
  readonly host: string | undefined;
  readonly out: string | undefined;
}

/** `--dry-run`: the call for a shell, without any secret. */
async function showCall(
  context: Context,
  request: CallRequest,
  { effect, token, host, out }: Shown,
): Promise<void> {
  const { settings } = context;
  const relay = await openRelay(context);
  const apiBase = relay?.apiBase ?? settings.apiBase.value;
  const base = host === undefined ? apiBase : baseOfHost(apiBase, host);
  const isRelayed = relay !== undefined;
  const command = token && !isRelayed ? tokenCommand(context) : undefined;
  const curl = formatCurl(request, { base, tokenCommand: command, isRelayed, out });
  if (isGrave(effect)) context.note(effectTexts[effect]);
  const { method, path, query, body } = request;
  context.print(
    {
      dry_run: true,
      method,
      url: `${base}${path}`,
      query: withoutMarks(query),
      body: body?.kind === 'text' ? withoutMark(body.text) : null,
      parts: body?.kind === 'form' ? body.parts.map(({ name }) => name) : [],
      effect,
      curl,
    },
    curl,
  );
}

function withoutMark(text: string): string {
  return text.replaceAll(secretMark, '***');
}

function withoutMarks(query: CallRequest['query']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, withoutMark(value)]));
}

/** With the flags that chose the account here. */
function tokenCommand({ options, settings }: Context): string {
  const words = ['wechat-mp', 'token'];
  if (options.profile !== undefined) words.push('--profile', shellQuote(options.profile));
  if (settings.apiBase.level === 'flag') words.push('--api-base', settings.apiBase.value);
  return words.join(' ');
}
