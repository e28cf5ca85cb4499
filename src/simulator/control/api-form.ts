/** Calls of the API side from the page（接口调试）, and calls of the log once more: through the same door as any client. */
import { describeErrcode } from '../../core/errcode/index.ts';
import { isObject } from '../../core/text/json-value.ts';
import { shellQuote } from '../../core/text/shell-word.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import { endToEndHeaders } from '../../io/http.ts';
import {
  readCallExamples,
  readKnownCalls,
  type CallExample,
  type KnownCall,
} from '../../core/catalogue/index.ts';
import { readEndpoints, readSimulatedPaths } from '../nouns/index.ts';
import type { ApiAnswer, CatalogueEntry, FormUpload, RequestDetail, RequestRecord } from './types/index.ts';
import type { Endpoint } from '../server/endpoint.ts';
import { ConnectionDropped } from '../server/faults/faults.ts';
import type { Mask } from '../server/mask.ts';
import type { Platform } from '../account/platform.ts';
import { Refusal, wordsOf } from '../server/refusal.ts';
import { describeBody, errcodeOf, type RawCall, type Requests } from '../server/requests.ts';
import {
  checkKeys,
  isCallPath,
  optionalChoice,
  optionalFlag,
  parseBody,
  refuse,
  requiredText,
  type Body,
} from './input.ts';
import {
  bodyNotKept,
  callPartForm,
  multipartForm,
  noCall,
  noToken,
  partsArePosted,
  pathForm,
  queryForm,
  unknownRequest,
} from './texts.ts';

/** What a page can show or play; nobody looks at a larger one in a form. */
const shownTypes = /^(?:image|audio|video)\//;
const maxShownBytes = 1024 * 1024;

export interface ApiFormWorld {
  readonly platform: Platform;
  readonly requests: Requests;
  readonly mask: Mask;
  readonly fetch: (request: Request) => Promise<Response>;
}

let catalogue: Promise<readonly CatalogueEntry[]> | undefined;

/** All calls of the platform, those that the simulator answers first: the same for every page, so made once. */
export function readCatalogue(): Promise<readonly CatalogueEntry[]> {
  return (catalogue ??= makeCatalogue());
}

async function makeCatalogue(): Promise<readonly CatalogueEntry[]> {
  const [calls, examples, endpoints, paths] = await Promise.all([
    readKnownCalls(),
    readCallExamples(),
    readEndpoints(),
    readSimulatedPaths(),
  ]);
  const all = calls.map((call) => {
    const endpoint = endpoints.find(({ path }) => path === call.path);
    return formatCall(call, examples[call.name] ?? {}, endpoint, paths.has(call.path));
  });
  return [...all.filter(({ simulated }) => simulated), ...all.filter(({ simulated }) => !simulated)];
}

/** What a call that the simulator answers reads, its record says; of the others the platform's page is all there is. */
function formatCall(
  call: KnownCall,
  example: CallExample,
  endpoint: Endpoint | undefined,
  simulated: boolean,
): CatalogueEntry {
  const { quota } = call;
  const form = endpoint === undefined ? formOf(call) : formOfEndpoint(endpoint);
  return {
    group: call.group,
    name: call.name,
    title: call.title,
    method: call.method,
    path: call.path,
    query: form.query,
    body: form.body,
    body_example: example.body ?? null,
    response_example: example.answer ?? null,
    needs_token: call.needsToken,
    daily_quota: quota?.day ?? null,
    monthly_quota: quota?.month ?? null,
    doc: call.doc ?? null,
    simulated,
    fills: endpoint?.fills ?? {},
    upload: form.upload,
  };
}

type Form = Pick<CatalogueEntry, 'query' | 'body' | 'upload'>;

function formOfEndpoint({ fields }: Endpoint): Form {
  const upload = fields.find((field) => field.upload !== undefined)?.upload ?? null;
  const names = fields.filter(({ from }) => from === 'query').flatMap(({ at }) => at);
  const query = names.filter((name) => name !== 'access_token');
  if (upload !== null) return { query, body: 'multipart', upload };
  return { query, body: fields.some(({ from }) => from === 'body') ? 'json' : null, upload };
}

function formOf({ query, body, filePart }: KnownCall): Form {
  const upload: FormUpload = { part: filePart ?? 'media', accept: '' };
  return { query, body: body ?? null, upload: body === 'multipart' ? upload : null };
}

/** Sends a call of the form; the token is filled in unless the query has one or none is wanted. */
export async function callApi(world: ApiFormWorld, request: Request): Promise<ApiAnswer> {
  const { body, upload } = await readFormCall(request);
  checkKeys(body, ['method', 'path', 'query', 'body', 'token'], ['path']);
  const method = optionalChoice(body, 'method', ['GET', 'POST']) ?? 'GET';
  const path = requiredText(body, 'path');
  if (!isCallPath(path)) refuse(pathForm);
  const url = new URL(path, new URL(request.url).origin);
  for (const [name, text] of Object.entries(readQuery(body['query']))) url.searchParams.set(name, text);
  if (optionalFlag(body, 'token') !== false && !url.searchParams.has('access_token')) {
    url.searchParams.set('access_token', await currentToken(world.platform));
  }
  return await send(world, new Request(url, { method, ...contentOf(body['body'], method, upload) }));
}

const callPart = 'call';

interface FormCall {
  readonly body: Body;
  /** What the call sends in the place of `body`, part by part. */
  readonly upload: FormData | undefined;
}

/** Reads `POST /_ctl/call`: JSON, or a form with the same JSON as the text part `call` and beside it what is sent. */
async function readFormCall(request: Request): Promise<FormCall> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\b/i.test(type)) {
    return { body: parseBody(await request.text(), { optional: true }), upload: undefined };
  }
  const form = await request.formData().catch(() => undefined);
  if (form === undefined) return refuse(multipartForm);
  const [call, ...others] = form.getAll(callPart);
  if (typeof call !== 'string' || others.length > 0) return refuse(callPartForm);
  form.delete(callPart);
  return { body: parseBody(call), upload: form };
}

/** What is sent: parts of a form, or a value as JSON and a text as it is. */
function contentOf(content: unknown, method: 'GET' | 'POST', upload: FormData | undefined): RequestInit {
  if (upload !== undefined) {
    if (method === 'POST' && content === undefined) return { body: upload };
    return refuse(partsArePosted);
  }
  if (content === undefined || method === 'GET') return {};
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { body: text, headers: { 'content-type': 'application/json' } };
}

/** Sends a call of the log again, with the token of the moment where that is wanted. */
export async function repeatCall(world: ApiFormWorld, id: string, body: Body): Promise<ApiAnswer> {
  checkKeys(body, ['fresh_token']);
  const { record, raw } = findRequest(world.requests, id);
  if (raw.requestBody === undefined) refuse(bodyNotKept);
  const url = new URL(raw.url);
  if (optionalFlag(body, 'fresh_token') === true && url.searchParams.has('access_token')) {
    url.searchParams.set('access_token', await currentToken(world.platform));
  }
  const headers = endToEndHeaders(raw.requestHeaders, ['origin']);
  const init: RequestInit = { method: record.method, headers };
  if (raw.requestBody !== undefined && raw.requestBody.length > 0) {
    init.body = new Uint8Array(raw.requestBody);
  }
  return await send(world, new Request(url, init));
}

/** One call of the log with its headers, with or without the secrets. */
export async function requestDetail(
  { requests, mask }: ApiFormWorld,
  id: string,
  showSecrets: boolean,
): Promise<RequestDetail> {
  const { record, raw } = findRequest(requests, id);
  const hide = (text: string): string => (showSecrets ? text : mask.text(text));
  const body = raw.requestBody === undefined ? undefined : decodeUtf8(raw.requestBody);
  const url = new URL(raw.url);
  if (!showSecrets) {
    const shown = mask.query(url.searchParams);
    for (const [name, text] of Object.entries(shown)) url.searchParams.set(name, text);
  }
  const shownUrl = showSecrets ? raw.url : decodeURI(url.href);
  const query = showSecrets ? Object.fromEntries(new URL(raw.url).searchParams) : record.query;
  return {
    ...record,
    query,
    url: shownUrl,
    request_headers: mapValues(raw.requestHeaders, hide),
    request_body: body === undefined ? null : hide(body),
    response_headers: mapValues(raw.responseHeaders, hide),
    explanation: await explain(record.errcode),
    curl: curlOf(record, raw, shownUrl, showSecrets ? undefined : hide),
    repeatable: raw.requestBody !== undefined,
  };
}

function findRequest(requests: Requests, id: string): { record: RequestRecord; raw: RawCall } {
  return requests.find(Number(id)) ?? refuse(unknownRequest(id), 'unknown_request');
}

async function send({ requests, mask, fetch }: ApiFormWorld, request: Request): Promise<ApiAnswer> {
  let response: Response | undefined;
  const recordOf = requests.follow(request);
  try {
    response = await fetch(request);
  } catch (error) {
    if (!(error instanceof ConnectionDropped)) throw error;
  }
  const record = recordOf();
  if (record === undefined) return refuse(noCall);
  const contentType = response?.headers.get('content-type') ?? '';
  const bytes = new Uint8Array(response === undefined ? [] : await response.arrayBuffer());
  const value = dataUrl(bytes, contentType) ?? describeBody(bytes, contentType, mask);
  const errcode = errcodeOf(value);
  return {
    request: record,
    status: response?.status ?? null,
    content_type: contentType,
    body: value,
    errcode,
    explanation: await explain(errcode),
  };
}

async function explain(errcode: number | null): Promise<ApiAnswer['explanation']> {
  if (errcode === null || errcode === 0) return null;
  const { meaning, fixes } = await describeErrcode(errcode);
  return { meaning, hint: fixes[0] ?? null };
}

function dataUrl(bytes: Uint8Array, contentType: string): string | undefined {
  if (bytes.length > maxShownBytes || !shownTypes.test(contentType)) return undefined;
  return `data:${contentType};base64,${Buffer.from(bytes).toString('base64')}`;
}

function readQuery(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (isObject(value)) {
    const entries = Object.entries(value);
    if (entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
      return Object.fromEntries(entries);
    }
  }
  return refuse(queryForm);
}

/** A good token, as a client with the right secret would get one. */
async function currentToken({ tokens, account }: Platform): Promise<string> {
  try {
    return tokens.fetchStable({
      grantType: 'client_credential',
      appId: account.appId,
      secret: account.secret,
      address: '127.0.0.1',
      forceRefresh: false,
    }).accessToken;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refuse(noToken(error.errcode, await wordsOf(error)), 'no_token');
  }
}

/**
 * The call for a POSIX shell. A body that is no text goes in as Base64; one that was not kept, or whose secrets cannot
 * be hidden, is a file `body`.
 */
function curlOf(
  { method }: RequestRecord,
  { requestBody: bytes, requestHeaders }: RawCall,
  url: string,
  hide: ((text: string) => string) | undefined,
): string {
  const type = requestHeaders['content-type'];
  const parts = ['curl', ...(method === 'GET' ? [] : ['-X', method]), shellQuote(url)];
  if (bytes?.length === 0) return parts.join(' ');
  if (type !== undefined) parts.push('-H', shellQuote(`content-type: ${type}`));
  // A zero byte cannot stand on a command line.
  const text = bytes === undefined ? undefined : decodeUtf8(bytes);
  if (text !== undefined && !text.includes('\0')) {
    return [...parts, '--data-binary', shellQuote(hide?.(text) ?? text)].join(' ');
  }
  if (bytes === undefined || hide !== undefined) return [...parts, '--data-binary', '@body'].join(' ');
  const base64 = Buffer.from(bytes).toString('base64');
  return ['printf %s', shellQuote(base64), '| base64 -d |', ...parts, '--data-binary', '@-'].join(' ');
}

function mapValues(
  values: Readonly<Record<string, string>>,
  change: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, text]) => [name, change(text)]));
}
