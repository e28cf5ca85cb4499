/** From the words of the command line to a call that can be checked, shown and sent. */
import {
  buildBody,
  type CallBody,
  type CallRequest,
  type Field,
  type FormPart,
  pageCount,
  parseCallPath,
  secretMark,
  splitField,
  typedValue,
} from '../../../core/call/index.ts';
import {
  type CallExample,
  type Demand,
  type KnownCall,
  type Parameter,
  readCallExamples,
  readParameters,
} from '../../../core/catalogue/index.ts';
import { inputError, usageError, type WechatMpError } from '../../../core/errors.ts';
import { isObject, parseJson } from '../../../core/text/json-value.ts';
import { findAppId } from '../../settings/platform.ts';
import { plainName } from '../../../core/text/secret-names.ts';
import { readLimits } from '../../../core/text/read-limits.ts';
import { decodeUtf8 } from '../../../core/text/utf8.ts';
import type { Context } from '../../context.ts';
import { readInputFile } from '../../files/input-file.ts';
import { readTextInput } from '../../files/text-input.ts';
import type { ApiFlags } from './api.ts';
import { findCalls, fixedOf } from './known.ts';

export interface Prepared {
  /** `undefined` for a path that is not in the catalogue. */
  readonly known: KnownCall | undefined;
  readonly parameters: readonly Parameter[];
  readonly request: CallRequest;
  /** The fields of the body, where it was made of fields or of nothing. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** The body as an object; empty where it is none. */
export function bodyOf({ fields, request: { body } }: Prepared): Readonly<Record<string, unknown>> {
  const value = fields ?? (body?.kind === 'text' ? parseJson(body.text) : undefined);
  return isObject(value) ? value : {};
}

/** Films are the largest that is uploaded. */
const maxUploadBytes = 64 * 1024 * 1024;

/** Throws a usage or input error for words that are no call. Whether the platform would take it is looked at later. */
export async function prepareCall(
  context: Context,
  method: 'GET' | 'POST' | undefined,
  text: string,
  flags: ApiFlags,
): Promise<Prepared> {
  checkStdin(flags);
  const { path, query: inPath } = parseCallPath(text);
  for (const [name, given] of inPath) refuseSecret(name, given, true);
  const query = [...inPath, ...(await readQuery(context, flags.query ?? []))];
  const known = await chooseCall(path, method, query);
  const example: CallExample = known === undefined ? {} : ((await readCallExamples())[known.name] ?? {});
  const parameters = known === undefined ? [] : await readParameters(known, example.body);
  const fields = await readFields(context, flags);
  const hasBody = fields.length > 0 || flags.input !== undefined || flags.form !== undefined;
  const used = method ?? known?.method ?? (hasBody ? 'POST' : 'GET');
  const { paginate, dryRun } = flags;
  const draft = { path, query, known, parameters, paginate, dryRun };
  if (used === 'GET') {
    if (flags.input !== undefined || flags.form !== undefined) throw noBody(path);
    for (const { key, value } of fields) query.push([key, queryText(key, value)]);
    return finish(context, { ...draft, method: used, body: undefined, fields: undefined });
  }
  const body = await readBody(context, flags, known);
  const built = body === undefined ? buildBody(fields) : undefined;
  return finish(context, { ...draft, method: used, body, fields: built });
}

interface Draft {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  readonly known: KnownCall | undefined;
  readonly parameters: readonly Parameter[];
  readonly body: CallBody | undefined;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  readonly paginate: boolean;
  readonly dryRun: boolean;
}

/** Fills in what has only one value, and what the settings know: the AppID, and a mark for the AppSecret. */
async function finish(context: Context, draft: Draft): Promise<Prepared> {
  const { method, path, known, parameters, body, fields } = draft;
  const wantsAppId = parameters.some(({ name, demand }) => name === 'appid' && demand.required === true);
  // Only a relay may have to be asked for it, and nothing is sent in a dry run.
  const isAsked = wantsAppId && context.settings.via !== undefined && !draft.dryRun;
  const appId = isAsked ? await findAppId(context) : (await context.settings.appId())?.value;
  const query: Record<string, string> = Object.fromEntries([
    ...(known === undefined ? [] : fixedOf(known)),
    ...draft.query,
  ]);
  const own: Record<string, unknown> = { ...fields };
  for (const { in: place, name, demand } of parameters) {
    const value = demand.required === true ? fillOf(name, demand, draft.paginate, appId) : undefined;
    if (value === undefined) continue;
    if (place === 'query') query[name] ??= String(value);
    else if (place === 'body') own[name] ??= value;
  }
  const isJson =
    method === 'POST' &&
    (known === undefined ? Object.keys(own).length > 0 : known.body === 'json' && !known.isRaw);
  const made = fields !== undefined && isJson ? own : undefined;
  const text: CallBody | undefined =
    made === undefined ? body : { kind: 'text', text: JSON.stringify(made), file: undefined };
  return { known, parameters, request: { method, path, query, body: text }, fields: made };
}

function fillOf(
  name: string,
  { values }: Demand,
  paginate: boolean,
  appId: string | undefined,
): string | number | undefined {
  if (name === 'appid') return appId;
  if (name === 'secret' || name === 'appsecret') return secretMark;
  if (paginate && (name === 'offset' || name === 'count')) return name === 'offset' ? 0 : pageCount;
  return values?.length === 1 ? values[0] : undefined;
}

async function chooseCall(
  path: string,
  method: 'GET' | 'POST' | undefined,
  query: readonly (readonly [string, string])[],
): Promise<KnownCall | undefined> {
  const calls = await findCalls(path, query);
  const fitting = calls.filter((call) => method === undefined || call.method === method);
  const [first, ...others] = fitting.length > 0 ? fitting : calls;
  if (first === undefined || others.length === 0) return first;
  const ways = [first, ...others].map((call) =>
    fixedOf(call)
      .map(([name, value]) => `${name}=${value}`)
      .join('&'),
  );
  throw usageError(
    'call_ambiguous',
    { en: `There are ${ways.length} calls "${path}"`, zh: `"${path}" 有 ${ways.length} 个接口` },
    {
      en: `Add one of: --query ${ways.join(', --query ')}`,
      zh: `请加上其一：--query ${ways.join('、--query ')}`,
    },
  );
}

function noBody(path: string): WechatMpError {
  return usageError(
    'flags_conflict',
    {
      en: `GET ${path} takes no body: --input and --form are for POST`,
      zh: `GET ${path} 没有请求体：--input 和 --form 仅用于 POST`,
    },
    { en: 'Give parameters with --query', zh: '参数请用 --query' },
  );
}

/** Standard input has one content. */
function checkStdin(
  flags: ApiFlags & { readonly secretStdin?: boolean; readonly accessTokenStdin?: boolean },
): void {
  const users = [
    ...(flags.input === '-' ? ['--input -'] : []),
    ...[flags.field, flags.query, flags.form].flatMap((words = []) =>
      words.filter((word) => word.endsWith('=@-')),
    ),
    ...(flags.secretStdin === true ? ['--secret-stdin'] : []),
    ...(flags.accessTokenStdin === true ? ['--access-token-stdin'] : []),
  ];
  if (users.length < 2) return;
  throw usageError(
    'stdin_taken',
    {
      en: `Standard input cannot be both: ${users.join(' and ')}`,
      zh: `标准输入不能同时用于 ${users.join(' 和 ')}`,
    },
    { en: 'Use a file for one of them', zh: '请把其中一个改为文件' },
  );
}

async function readQuery(context: Context, words: readonly string[]): Promise<(readonly [string, string])[]> {
  const pairs: (readonly [string, string])[] = [];
  for (const word of words) {
    const { key, text = '' } = splitField(word);
    refuseSecret(key, text);
    pairs.push([
      key,
      text.startsWith('@') ? (await readTextInput(context, text.slice(1), readLimits.text)).trim() : text,
    ]);
  }
  return pairs;
}

/** In the order of the flags of each kind: texts first. */
async function readFields(context: Context, { rawField = [], field = [] }: ApiFlags): Promise<Field[]> {
  const fields: Field[] = [];
  for (const word of rawField) {
    const { key, text } = splitField(word);
    refuseSecret(key, text ?? '', true);
    fields.push({ key, value: text });
  }
  for (const word of field) {
    const { key, text } = splitField(word);
    refuseSecret(key, text ?? '');
    if (text === undefined) fields.push({ key, value: undefined });
    else if (text.startsWith('@'))
      fields.push({ key, value: await readTextInput(context, text.slice(1), readLimits.text) });
    else fields.push({ key, value: typedValue(text, key) });
  }
  return fields;
}

/** The AppSecret is filled in; any other secret may come out of a file. */
function refuseSecret(key: string, text: string, isPlain = false): void {
  const name = plainName(/([^[\]]+)\]?$/.exec(key)?.[1] ?? key);
  if (!['secret', 'appsecret', 'accesstoken', 'refreshtoken'].includes(name)) return;
  if (!isPlain && text.startsWith('@')) return;
  throw usageError(
    'secret_on_command_line',
    {
      en: `Cannot take "${key}" from the command line: it is visible in "ps" and in the shell history`,
      zh: `不能在命令行中传 "${key}"：命令行会出现在 ps 和 shell 历史里`,
    },
    {
      en: `Leave it out: token and AppSecret are added; another one comes from a file: ${key}=@FILE`,
      zh: `请去掉：access_token 和 AppSecret 会自动添加；其他密钥请用文件：${key}=@文件`,
    },
  );
}

function queryText(key: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw usageError('field_invalid', {
    en: `Cannot use the field "${key}": a parameter of the query is a text`,
    zh: `无法使用字段 "${key}"：查询参数只能是文本`,
  });
}

async function readBody(
  context: Context,
  { input, form }: ApiFlags,
  known: KnownCall | undefined,
): Promise<CallBody | undefined> {
  if (form !== undefined) return { kind: 'form', parts: form.map((word) => readPart(context, word)) };
  if (input === undefined) return undefined;
  if (input === '-' && context.io.terminal.stdinIsTty)
    context.note({
      en: 'Reading the body from the terminal; Ctrl-D ends it',
      zh: '正在从终端读取请求体，按 Ctrl-D 结束',
    });
  const file = input === '-' ? undefined : input;
  const isJson = known !== undefined && known.body === 'json' && !known.isRaw;
  if (isJson) {
    const text = await readTextInput(context, input, readLimits.text);
    return { kind: 'text', text, file };
  }
  const bytes =
    input === '-'
      ? await context.io.terminal.readStdin(maxUploadBytes)
      : readInputFile(context.io.files, input, maxUploadBytes, '--input');
  const text = decodeUtf8(bytes);
  return text === undefined ? { kind: 'bytes', bytes, file } : { kind: 'text', text, file };
}

function readPart(context: Context, word: string): FormPart {
  const { key: name, text = '' } = splitField(word);
  if (!text.startsWith('@')) return { name, content: text };
  const path = text.slice(1);
  if (path === '-' || path === '') {
    throw inputError('file_unreadable', {
      en: `Part "${name}" needs a file with a name: the platform looks at its ending`,
      zh: `"${name}" 需要有文件名的文件：平台会检查扩展名`,
    });
  }
  const bytes = readInputFile(context.io.files, path, maxUploadBytes, '--form');
  return { name, content: { path, fileName: path.replace(/^.*[/\\]/, ''), bytes } };
}
