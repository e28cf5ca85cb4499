/** How an explanation is shown. */
import type { KeptRequest } from '../../../api/openapi.ts';
import { callersOf, whoMayCall } from '../../../core/account/index.ts';
import { placeNamed } from '../../../core/errcode/index.ts';
import {
  describeStep,
  type Explanation,
  type NextStep,
  type Pasted,
  stepsOf,
} from '../../../core/explain/index.ts';
import { excerpt } from '../../../core/text/sanitise.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import { exitCodes, exitCodesOfTypes } from '../../frame/exit.ts';
import { columnsOf, formatTable, hang } from '../../frame/fold.ts';
import { commandAsStarted } from '../../shared/started-as.ts';

/** What is there besides the codes: who asked, when, and which call. */
type Facts = Pick<Pasted, 'ip' | 'rid' | 'path'>;

export function printExplanations(
  context: Context,
  found: readonly Explanation[],
  facts: Facts,
  request?: KeptRequest,
): void {
  const [first, ...others] = found.length === 0 ? [aboutRid(facts)] : found;
  if (first === undefined) return;
  const value = {
    ...jsonOf(context, first, facts),
    ...jsonFacts(context, facts, request),
    ...(others.length === 0 ? {} : { others: others.map((one) => jsonOf(context, one, facts)) }),
  };
  const [head, ...rest] = found.length === 0 ? [first] : found;
  const lines = [
    ...(head === undefined ? [] : heading(context, head)),
    ...factLines(context, facts, request),
    ...(head === undefined ? [] : body(context, head, facts)),
    ...rest.flatMap((one) => ['', ...heading(context, one), ...body(context, one, facts)]),
  ];
  context.print(value, lines.join('\n'));
}

/** Exit 1: the answer is that nobody knows. */
export async function printUnknown(
  context: Context,
  text: string,
  { subjects, path }: Pasted,
): Promise<number> {
  const { findNearest } = await import('../../../core/explain/search.ts');
  const [subject] = subjects;
  const nearest = subject === undefined ? [] : await findNearest(subject.code);
  const code = subject?.code ?? null;
  const known = { en: 'official table of return codes', zh: '官方返回码表' };
  const next = path === undefined ? [] : [shownStep(context, describeStep(path))];
  const said = unknownWords(subject?.kind, code ?? excerpt(text, 60), nearest.length > 0);
  const value = {
    ok: false,
    kind: subject?.kind ?? null,
    code,
    names: {},
    causes: [],
    fixes: said.fixes.map((fix) => context.say(fix)),
    where: null,
    docs: [officialTable],
    exit_code: null,
    next,
    ...jsonFacts(context, defined({ path }), undefined),
    nearest: nearest.map((each) => ({ kind: each.kind, code: each.code, names: namesOf(each) })),
  };
  const rows = nearest.map((each) => [String(each.code), context.say(each.names.meaning)]);
  const columns = columnsOf(context);
  const lines = [
    context.say(said.text),
    ...(path === undefined
      ? []
      : hang({ prefix: `  ${path}  `, text: context.say(whoMayCall(path)) }, columns)),
    ...formatSteps(
      next.map(({ command, why }) => [command, why]),
      columns,
    ),
    ...(rows.length === 0 ? [] : indent(formatTable(rows, columns - 2))),
    ...said.fixes.flatMap((fix) => hang({ prefix: '  ', text: context.say(fix) }, columns)),
    `  ${context.say(known)}: ${officialTable}`,
  ];
  context.print(value, lines.join('\n'));
  return 1;
}

const officialTable = 'https://developers.weixin.qq.com/doc/oplatform/developers/errCode/';

function unknownWords(kind: string | undefined, shown: string | number, hasNearest: boolean) {
  const fixes: readonly Text[] = [
    {
      en: 'Search by words: wechat-mp explain --list <words>',
      zh: '按关键词查找：wechat-mp explain --list <关键词>',
    },
  ];
  if (kind === undefined)
    return { text: { en: `There is no code in “${shown}”`, zh: `“${shown}”中没有代码` }, fixes };
  const end = hasNearest ? { en: '; the nearest are', zh: '，最接近的有' } : { en: '', zh: '' };
  return { text: { en: `Nobody knows ${shown} here${end.en}`, zh: `没有 ${shown} 的资料${end.zh}` }, fixes };
}

/** A rid without anything else: when it was, and where to look. */
function aboutRid({ rid }: Facts): Explanation {
  const where = placeNamed('ridDiagnosis');
  return {
    kind: 'errcode',
    code: rid?.rid ?? '',
    names: {
      meaning: { en: 'the number of a request to WeChat (rid)', zh: '一次微信接口请求的编号（rid）' },
    },
    causes: [],
    fixes: [
      {
        en: `Look it up at ${where.en}, within 7 days, as the account that made the request`,
        zh: `请在 7 天内以发起请求的账号在 ${where.zh}查询`,
      },
      {
        en: 'Give the errmsg beside it as well: that has the reason',
        zh: '请连同 errmsg 一起提供：原因在其中',
      },
    ],
    where,
    docs: ['https://developers.weixin.qq.com/doc/service/api/apimanage/api_getridinfo.html'],
    next: [],
  };
}

export function namesOf({ names: { meaning, type, errmsg, official } }: Explanation) {
  return { ...defined({ type }), en: meaning.en, zh: meaning.zh, ...defined({ errmsg, official }) };
}

function shownStep(context: Context, { command, why }: NextStep) {
  return { command: commandAsStarted(command, context.io), why: context.say(why) };
}

/** What was refused for what was sent, or for who sent it, leads to what is known of the call. */
function nextOf({ kind, code, family, next }: Explanation, { path }: Facts): readonly NextStep[] {
  const isAboutCall = kind === 'errcode' && (family === 'api' || code === 48001);
  return [...(isAboutCall && path !== undefined ? [describeStep(path)] : []), ...stepsOf(next)];
}

function jsonOf(context: Context, one: Explanation, facts: Facts) {
  const rid = typeof one.code === 'string' && one.names.type === undefined && /^[\da-f]{8}-/.test(one.code);
  return {
    ok: true,
    kind: rid ? 'rid' : one.kind,
    code: one.code,
    names: namesOf(one),
    causes: one.causes.map((cause) => context.say(cause)),
    fixes: one.fixes.map((fix) => context.say(fix)),
    where: one.where === undefined ? null : context.say(one.where),
    docs: one.docs,
    exit_code: exitCodeOf(one) ?? null,
    next: nextOf(one, facts).map((step) => shownStep(context, step)),
  };
}

function jsonFacts(context: Context, { ip, rid, path }: Facts, request: KeptRequest | undefined) {
  const clean = (text: string): string => context.redactor.redact(text);
  return {
    ...defined({
      ip,
      rid: rid?.rid,
      at: rid?.atMs === undefined ? undefined : new Date(rid.atMs).toISOString(),
      path,
      callers: path === undefined ? undefined : callersOf(path),
    }),
    ...(request === undefined
      ? {}
      : {
          request: {
            at: request.atMs === undefined ? null : new Date(request.atMs).toISOString(),
            cost_ms: request.costMs ?? null,
            ip: request.ip,
            url: clean(request.url),
            body: clean(request.body),
            response: clean(request.response),
          },
        }),
  };
}

function exitCodeOf({ kind, code, family, names }: Explanation): number | undefined {
  if (kind === 'exit_code') return Number(code);
  const own = exitCodesOfTypes.get(names.type ?? '');
  return own ?? Object.entries(exitCodes).find(([name]) => name === family)?.[1];
}

function heading(context: Context, one: Explanation): readonly string[] {
  const { names, code } = one;
  // Not `access_token`, which keeps its letters.
  const meaning = context.say(names.meaning).replace(/^[a-z](?=[a-z]* )/, (letter) => letter.toUpperCase());
  const exit = exitCodeOf(one);
  const behind = [
    ...(names.type === undefined || names.type === code ? [] : [names.type]),
    ...(exit === undefined || one.kind === 'exit_code'
      ? []
      : [context.say({ en: `exit code ${exit}`, zh: `退出码 ${exit}` })]),
  ].join(context.say({ en: ', ', zh: '，' }));
  const columns = columnsOf(context);
  return [
    ...hang({ prefix: `${code}  `, text: meaning }, columns),
    ...(behind === '' ? [] : [`  ${behind}`]),
    ...[names.errmsg, names.official].flatMap((words) =>
      words === undefined
        ? []
        : hang({ prefix: context.say({ en: '  WeChat: ', zh: '  微信原文：' }), text: words }, columns),
    ),
  ];
}

function factLines(
  context: Context,
  { ip, rid, path }: Facts,
  request: KeptRequest | undefined,
): readonly string[] {
  const time = rid?.atMs === undefined ? undefined : utc(rid.atMs);
  const rows: readonly (readonly [Text, string | undefined])[] = [
    [{ en: 'IP', zh: 'IP' }, ip],
    [{ en: 'Time', zh: '时间' }, time],
    [{ en: 'rid', zh: 'rid' }, rid === undefined ? undefined : `${rid.rid}${rid.whole ? '' : '…'}`],
    [{ en: 'Path', zh: '接口' }, path],
    [{ en: 'Who may', zh: '权限' }, path === undefined ? undefined : context.say(whoMayCall(path))],
    [{ en: 'Call', zh: '请求' }, piece(context, request?.url)],
    [{ en: 'Body', zh: '请求体' }, piece(context, request?.body)],
    [{ en: 'Answer', zh: '应答' }, piece(context, request?.response)],
  ];
  const there = rows.flatMap(([name, text]) => (text === undefined ? [] : [[context.say(name), text]]));
  return there.length === 0
    ? []
    : [
        ...title(context, { en: 'Request', zh: '请求' }),
        ...indent(formatTable(there, columnsOf(context) - 2)),
      ];
}

function piece(context: Context, text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : excerpt(context.redactor.redact(text), 400);
}

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function body(context: Context, one: Explanation, facts: Facts): readonly string[] {
  const columns = columnsOf(context);
  const numbered = (texts: readonly Text[]): string[] =>
    texts.flatMap((text, index) =>
      hang({ prefix: texts.length === 1 ? '  ' : `  ${index + 1}. `, text: context.say(text) }, columns),
    );
  const section = (name: Text, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [...title(context, name), ...lines];
  const steps = nextOf(one, facts).map((step) => {
    const { command, why } = shownStep(context, step);
    return [command, why] as const;
  });
  return [
    ...section({ en: 'Causes, the likeliest first', zh: '原因（按可能性排列）' }, numbered(one.causes)),
    ...section({ en: 'What to do', zh: '处理办法' }, numbered(one.fixes)),
    ...section(
      { en: 'Where', zh: '位置' },
      one.where === undefined ? [] : hang({ prefix: '  ', text: context.say(one.where) }, columns),
    ),
    ...section(
      { en: 'Official page', zh: '官方文档' },
      one.docs.map((doc) => `  ${doc}`),
    ),
    ...section({ en: 'Commands', zh: '命令' }, formatSteps(steps, columns)),
  ];
}

const widestCommand = 40;

/** One line each, or the reason below where a command leaves no room for it. */
function formatSteps(
  steps: readonly (readonly [command: string, why: string])[],
  columns: number,
): readonly string[] {
  if (steps.length === 0) return [];
  if (steps.every(([command]) => command.length <= widestCommand))
    return indent(formatTable(steps, columns - 2));
  return steps.flatMap(([command, why]) => [`  ${command}`, ...hang({ prefix: '    ', text: why }, columns)]);
}

function title(context: Context, name: Text): readonly string[] {
  return ['', context.say(name)];
}

function indent(text: string): readonly string[] {
  return text.split('\n').map((line) => `  ${line}`);
}
