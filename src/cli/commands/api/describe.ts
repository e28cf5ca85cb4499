/** `api --describe` and `api --example`: what a call takes, who may make it, and a body to begin with. */
import { callersOf, whoMayCall } from '../../../core/account/index.ts';
import { parseCallPath } from '../../../core/call/index.ts';
import {
  type CallExample,
  type KnownCall,
  markdownPage,
  type Parameter,
  readCallExamples,
  readParameters,
} from '../../../core/catalogue/index.ts';
import { negativeError } from '../../../core/errors.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Context } from '../../context.ts';
import { columnsOf, formatTable, hang } from '../../frame/fold.ts';
import { closestPath, findCalls } from './known.ts';
import { summaryOf } from './list.ts';
import { betterCommands, demandText, effectTexts, quotaText, withdrawn } from './texts.ts';

interface Described {
  readonly call: KnownCall;
  readonly parameters: readonly Parameter[];
  readonly example: CallExample;
}

export async function printDescription(context: Context, text: string): Promise<number> {
  const calls = await describe(text);
  context.print(
    { calls: calls.map(formatValue) },
    calls.map((each) => formatWords(context, each)).join('\n\n'),
  );
  return 0;
}

export async function printExample(context: Context, text: string): Promise<number> {
  const [first, ...others] = await describe(text);
  const body = first?.example.body;
  if (others.length > 0) {
    context.note({
      en: `There are ${others.length + 1} calls of this path; this is the first: see --describe`,
      zh: `该路径有 ${others.length + 1} 个接口，这是第一个，见 --describe`,
    });
  }
  if (body === undefined || body === null) context.note(noExample[first?.call.body ?? 'none']);
  context.print(body ?? null, formatBody(body));
  return 0;
}

const noExample = {
  none: {
    en: 'This call takes no body; its parameters: --describe',
    zh: '该接口没有请求体，参数见 --describe',
  },
  json: { en: 'No example of this body is known; see --describe', zh: '没有该请求体的示例，见 --describe' },
  multipart: {
    en: 'This call takes a file, --form media=@FILE; its parts: --describe',
    zh: '该接口需要上传文件：--form media=@文件，各部分见 --describe',
  },
};

async function describe(text: string): Promise<readonly Described[]> {
  const { path, query } = parseCallPath(text);
  const calls = await findCalls(path, query);
  if (calls.length === 0) throw await unknown(path);
  const examples = await readCallExamples();
  return await Promise.all(
    calls.map(async (call) => {
      const example = examples[call.name] ?? {};
      return { call, example, parameters: await readParameters(call, example.body) };
    }),
  );
}

async function unknown(path: string): Promise<Error> {
  const near = await closestPath(path);
  return negativeError(
    'call_unknown',
    { en: `The catalogue has no call "${path}"`, zh: `接口目录中没有 "${path}"` },
    near === undefined
      ? { en: 'Look for it: wechat-mp api --list <words>', zh: '查找接口：wechat-mp api --list <关键词>' }
      : { en: `Did you mean ${near}?`, zh: `是不是想用 ${near}？` },
    { path },
  );
}

function formatValue({ call, parameters, example }: Described): Readonly<Record<string, unknown>> {
  const { host, needsToken, takesWebToken, body, isRaw, answers, quota, doc, path, name } = call;
  return {
    ...summaryOf(call),
    host,
    token: takesWebToken ? 'web' : needsToken,
    body: isRaw ? 'raw' : (body ?? null),
    answers,
    withdrawn: call.isWithdrawn,
    replaced_by: call.replacedBy ?? null,
    callers: callersOf(path),
    quota:
      quota === undefined
        ? null
        : { day: quota.day ?? null, test_day: quota.testDay ?? null, month: quota.month ?? null },
    parameters: parameters.map(({ in: place, name: parameter, type, fixed, demand }) => {
      const { required, ...limits } = demand;
      return {
        in: place,
        name: parameter,
        type,
        ...defined({ fixed }),
        required: required ?? null,
        ...limits,
      };
    }),
    body_example: example.body ?? null,
    response_example: example.answer ?? null,
    doc: doc === undefined ? null : { html: doc, md: markdownPage(doc) ?? null },
    command: betterCommands.get(name)?.command ?? null,
  };
}

function formatWords(context: Context, { call, parameters, example }: Described): string {
  const { method, path, title, effect, quota, doc, name, isWithdrawn, replacedBy } = call;
  const better = betterCommands.get(name);
  const facts = [
    [{ en: 'Effect', zh: '作用' }, effectTexts[effect]],
    [{ en: 'Who may', zh: '权限' }, whoMayCall(path)],
    ...(isWithdrawn ? [[{ en: 'Note', zh: '注意' }, withdrawn] as const] : []),
    ...(replacedBy === undefined
      ? []
      : [
          [
            { en: 'Today', zh: '现用' },
            { en: replacedBy, zh: replacedBy },
          ] as const,
        ]),
    ...(quota === undefined ? [] : [[{ en: 'Quota', zh: '额度' }, quotaText(quota)] as const]),
    ...(better === undefined
      ? []
      : [
          [
            { en: 'Better', zh: '建议' },
            { en: `${better.command}: ${better.why.en}`, zh: `${better.command}：${better.why.zh}` },
          ] as const,
        ]),
  ] as const;
  const rows = parameters.map(({ in: place, name: parameter, type, fixed, demand }) => [
    `  ${place}`,
    parameter,
    type,
    fixed === undefined ? context.say(demandText(demand)) : `= ${fixed}`,
  ]);
  const pages = doc === undefined ? [] : [doc, markdownPage(doc)].filter((page) => page !== undefined);
  const columns = columnsOf(context);
  const part = (heading: { en: string; zh: string }, text: string): readonly string[] =>
    text === '' ? [] : ['', context.say(heading), text];
  return [
    `${method} ${path}`,
    ...hang({ prefix: '', text: context.say(title) }, columns),
    '',
    formatTable(
      facts.map(([heading, text]) => [context.say(heading), context.say(text)]),
      columns,
    ),
    ...part({ en: 'Parameters', zh: '参数' }, formatTable(rows, columns)),
    ...part({ en: 'Body, an example', zh: '请求体示例' }, formatBody(example.body)),
    ...part({ en: 'Answer, an example', zh: '应答示例' }, formatBody(example.answer)),
    ...part({ en: 'Official page', zh: '官方文档' }, pages.join('\n')),
  ].join('\n');
}

function formatBody(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
