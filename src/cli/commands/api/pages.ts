/** `--paginate`: every page of a list as one list. */
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { AnyAnswer } from '../../../api/any-call.ts';
import { type CallRequest, type Paging, pageCount, pagingOf, readPage } from '../../../core/call/index.ts';
import type { Effect } from '../../../core/catalogue/index.ts';
import { usageError, WechatMpError } from '../../../core/errors.ts';
import { own } from '../../../core/text/json-value.ts';
import type { Context } from '../../context.ts';
import { isStdout, writeOutput } from '../../files/output-file.ts';
import { formatAnswer, writeJson } from './answer.ts';
import { bodyOf, type Prepared } from './request.ts';

/** A mistake in a script must not use up the calls of a day. */
const maxInPipe = 10_000;

interface Turning {
  readonly send: (request: CallRequest) => Promise<AnyAnswer>;
  readonly max: number | undefined;
  readonly out: string | undefined;
  readonly force: boolean;
}

export async function printPages(
  context: Context,
  prepared: Prepared,
  effect: Effect,
  { send, max, out, force }: Turning,
): Promise<void> {
  const { request } = prepared;
  const body = bodyOf(prepared);
  const paging = pagingOf(namesOf(prepared, 'query'), [...namesOf(prepared, 'body'), ...Object.keys(body)]);
  if (paging === undefined || effect !== 'read') throw notPaged(request.path);
  const most = max ?? (context.io.terminal.stdoutIsTty ? Number.POSITIVE_INFINITY : maxInPipe);
  const items: string[] = [];
  for (let by: string | number | undefined = firstOf(paging, request, body); by !== undefined;) {
    const answer = await send(pageRequest(request, body, paging, by));
    const page = readPage(answer.fields, paging, { by, before: items.length });
    if (page === undefined) throw notPaged(request.path);
    items.push(...sliceItems(answer.json ?? '{}', page.at));
    by = page.next;
    if (items.length > most || (items.length === most && by !== undefined)) {
      context.warn({
        en: `Stopped at ${most} entries, there are more; --max <n> takes another number`,
        zh: `已取 ${most} 项，后面还有；可用 --max <n> 调整`,
      });
      items.length = most;
      break;
    }
  }
  const text = formatAnswer(context, `[${items.join(',')}]`);
  if (out === undefined || isStdout(out)) writeJson(context, text);
  else await writeOutput(context, out, `${text}\n`, { force });
}

function namesOf({ parameters }: Prepared, place: 'query' | 'body'): readonly string[] {
  return parameters.filter((parameter) => parameter.in === place).map(({ name }) => name);
}

function firstOf(
  paging: Paging,
  { query }: CallRequest,
  body: Readonly<Record<string, unknown>>,
): string | number {
  if (paging.by === 'offset') return Number(own(body, 'offset') ?? 0);
  const given = paging.in === 'query' ? query[paging.parameter] : own(body, paging.parameter);
  return typeof given === 'string' ? given : '';
}

function pageRequest(
  request: CallRequest,
  body: Readonly<Record<string, unknown>>,
  paging: Paging,
  by: string | number,
): CallRequest {
  if (paging.by === 'cursor' && paging.in === 'query')
    return by === '' ? request : { ...request, query: { ...request.query, [paging.parameter]: String(by) } };
  const changes =
    paging.by === 'cursor'
      ? { [paging.parameter]: by }
      : { offset: by, count: own(body, 'count') ?? pageCount };
  return {
    ...request,
    body: { kind: 'text', text: JSON.stringify({ ...body, ...changes }), file: undefined },
  };
}

/** The items as they came. */
function sliceItems(json: string, at: readonly string[]): readonly string[] {
  const root = parseTree(json);
  const list = root === undefined || at.length === 0 ? undefined : findNodeAtLocation(root, [...at]);
  return (list?.children ?? []).map(({ offset, length }) => json.slice(offset, offset + length));
}

function notPaged(path: string): WechatMpError {
  return usageError(
    'call_not_paged',
    { en: `${path} has no pages`, zh: `${path} 没有分页` },
    {
      en: '--paginate is for calls with next_openid, or with offset and count',
      zh: '--paginate 用于带 next_openid，或带 offset 和 count 的接口',
    },
  );
}
