/** The calls of the platform and of the control side as OpenAPI 3.0, for tools that read it: Postman, Apifox, Prism. */
import {
  readCallExamples,
  readKnownCalls,
  readParameters,
  type CallExample,
  type KnownCall,
  type Parameter,
} from '../../../core/catalogue/index.ts';
import { defined } from '../../../core/text/defined.ts';
import { readSimulatedPaths } from '../../nouns/index.ts';
import { forEachInPieces, inTurns, nextTurn } from '../turns.ts';
import { controlPaths } from './openapi-control.ts';
import { schemaOf, type Schema } from './schema-of.ts';

/** As `Map.groupBy`, which Node.js has from 21 on. */
function groupBy<Key, Entry>(
  list: readonly Entry[],
  keyOf: (entry: Entry) => Key,
): ReadonlyMap<Key, readonly [Entry, ...Entry[]]> {
  const groups = new Map<Key, [Entry, ...Entry[]]>();
  for (const entry of list) {
    const group = groups.get(keyOf(entry));
    if (group === undefined) groups.set(keyOf(entry), [entry]);
    else group.push(entry);
  }
  return groups;
}

interface DescribedCall {
  readonly call: KnownCall;
  readonly example: CallExample;
  readonly parameters: readonly Parameter[];
  readonly isSimulated: boolean;
}

/** Calls that share a path, or a path and a method. */
type Group = readonly [DescribedCall, ...DescribedCall[]];

/** Some milliseconds' work. */
const callsATurn = 50;

/** `origin` is where this simulator is reached, `controlCalls` is what its router has. */
export async function formatOpenapi(origin: string, controlCalls: readonly string[]): Promise<object> {
  const [calls, examples, simulated] = await Promise.all([
    readKnownCalls(),
    readCallExamples(),
    readSimulatedPaths(),
  ]);
  const described: DescribedCall[] = [];
  for (const [index, call] of calls.entries()) {
    if (index % callsATurn === 0) await nextTurn();
    const example = examples[call.name] ?? {};
    const parameters = await readParameters(call, example.body);
    described.push({ call, example, parameters, isSimulated: simulated.has(call.path) });
  }
  const paths: (readonly [string, object])[] = [];
  const byPath = [...groupBy(described, ({ call }) => call.path)];
  await inTurns(
    forEachInPieces(byPath, callsATurn, ([path, group]) => paths.push([path, pathOf(origin, group)])),
  );
  const groups = [...new Set(calls.map(({ group }) => group))];
  return {
    openapi: '3.0.3',
    info: {
      title: 'WeChat Official Account API 微信公众号接口',
      version: '1',
      description: `${calls.length} calls of the platform, as its documentation shows them, and the control calls of wechat-mp simulator. A call without x-simulated answers 48001 there.`,
      license: { name: 'MIT' },
    },
    servers: [{ url: origin, description: 'wechat-mp simulator' }, usualServer],
    tags: [...groups, '_ctl'].map((name) => ({ name })),
    paths: { ...Object.fromEntries(paths), ...(await controlPaths(origin, controlCalls)) },
    components: {
      securitySchemes: { access_token: { type: 'apiKey', in: 'query', name: 'access_token' } },
    },
  };
}

const usualServer = { url: 'https://api.weixin.qq.com', description: 'WeChat 微信' };

/** Calls that share a path are told apart by a parameter: OpenAPI knows one for each method. */
function pathOf(origin: string, group: Group): object {
  const methods = groupBy(group, ({ call }) => call.method.toLowerCase());
  const ownServer = { url: `https://${group[0].call.host}` };
  return {
    ...(ownServer.url !== usualServer.url && { servers: [{ url: origin }, ownServer] }),
    ...Object.fromEntries(Array.from(methods, ([method, calls]) => [method, operationOf(calls)])),
  };
}

function operationOf(group: Group): object {
  const [{ call, isSimulated }] = group;
  const titles = (language: 'en' | 'zh') => group.map((each) => each.call.title[language]).join(' / ');
  return {
    operationId: group.map((each) => each.call.name).join('_'),
    tags: [call.group],
    summary: `${titles('zh')} ${titles('en')}`,
    ...(call.doc !== undefined && { externalDocs: { url: call.doc } }),
    ...(call.isWithdrawn && { deprecated: true }),
    parameters: queryOf(group),
    ...(call.method === 'POST' && call.body !== undefined && { requestBody: bodyOf(group) }),
    responses: { 200: { description: 'The answer, also of a refusal: errcode', content: answersOf(group) } },
    ...(call.needsToken && { security: [{ access_token: [] }] }),
    ...defined({ 'x-daily-quota': call.quota?.day }),
    'x-effect': call.effect,
    'x-simulated': isSimulated,
  };
}

/** A parameter that not every call of the group has cannot be required. */
function queryOf(group: Group): readonly object[] {
  const all = group.flatMap(({ parameters }) => parameters.filter((each) => each.in === 'query'));
  return Array.from(
    groupBy(all, ({ name }) => name),
    ([name, same]) => {
      const fixed = same.flatMap((each) => each.fixed ?? []);
      const [first] = same;
      const values = fixed.length > 0 ? fixed : first.demand.values;
      const isRequired = same.length === group.length && (fixed.length > 0 || isDemanded(first));
      return {
        name,
        in: 'query',
        required: isRequired,
        schema: { type: 'string', ...defined({ enum: values }) },
      };
    },
  );
}

function isDemanded({ demand }: Parameter): boolean {
  return demand.required === true && demand.sure !== false;
}

function bodyOf(group: Group): object {
  const [{ call, parameters }] = group;
  const parts = parameters.filter((each) => each.in === 'part');
  if (call.isRaw) return { content: { 'application/octet-stream': { schema: binary } } };
  if (call.body === 'multipart') return { content: { 'multipart/form-data': { schema: formOf(parts) } } };
  return { content: { 'application/json': contentOf(group, ({ example }) => example.body) } };
}

const binary: Schema = { type: 'string', format: 'binary' };

function formOf(parts: readonly Parameter[]): Schema {
  const properties = parts.map(
    ({ name, type }) => [name, type === 'file' ? binary : { type: 'string' }] as const,
  );
  return { type: 'object', properties: Object.fromEntries(properties) };
}

function answersOf(group: Group): object {
  const [{ call }] = group;
  if (call.answers === 'page') return { 'text/html': { schema: { type: 'string' } } };
  const json = contentOf(group, ({ example }) => example.answer ?? { errcode: 0, errmsg: 'ok' });
  return {
    ...(call.answers === 'file' && { 'application/octet-stream': { schema: binary } }),
    'application/json': json,
  };
}

function contentOf(group: Group, take: (described: DescribedCall) => unknown): object {
  const [first, ...others] = group;
  const taken = take(first);
  if (others.length === 0) {
    const demands = taken === first.example.body ? first.parameters.filter((each) => each.in === 'body') : [];
    return { schema: schemaOf(taken, demands), ...defined({ example: taken }) };
  }
  const examples = group.flatMap((each) =>
    take(each) === undefined ? [] : [[each.call.name, { value: take(each) }] as const],
  );
  return { schema: { type: 'object' }, examples: Object.fromEntries(examples) };
}
