/**
 * What is wrong with a call before it is sent: what the platform refuses for certain is an error, what it probably does
 * not take, or takes otherwise than meant, a warning.
 */
import { isLoopbackHost } from '../account/index.ts';
import type { Demand, KnownCall, Parameter } from '../catalogue/index.ts';
import { isObject, own, parseJson } from '../text/json-value.ts';
import type { Text } from '../text/text.ts';
import type { CallBody, CallRequest } from './request.ts';
import * as say from './texts.ts';

export interface CallProblem {
  readonly severity: 'error' | 'warning';
  /** The parameter: `tag.name`, `articles[0].content`; `body` for all of it. */
  readonly at: string;
  readonly text: Text;
}

/** Of a call of the catalogue, with what it takes. */
export function validateCall(
  call: KnownCall,
  parameters: readonly Parameter[],
  request: CallRequest,
): readonly CallProblem[] {
  const { body } = request;
  const value = call.isRaw ? undefined : bodyValue(body);
  return [
    ...(request.method === call.method
      ? []
      : [warning('method', say.otherMethod(call.method, request.method))]),
    ...(call.isWithdrawn ? [warning('path', say.withdrawn)] : []),
    ...validateText(call, body, value),
    ...parameters.flatMap((parameter) => validateParameter(parameter, request, value)),
    ...[...findMediaIds(value), ...findMediaIds(request.query)].flatMap(({ at, id }) =>
      isMediaId(id) ? [] : [error(at, say.noMediaId(id))],
    ),
  ];
}

/** Of any text that is sent as JSON. Quirk: the platform refuses `\uXXXX` with 40033 and wants the characters. */
export function findEscape(text: string): CallProblem | undefined {
  for (const { 0: escape, index } of text.matchAll(/\\(?:u[0-9a-f]{4}|[^])/gi)) {
    if (escape.length > 2) return error('body', say.escaped(escape, text.slice(0, index).split('\n').length));
  }
  return undefined;
}

function error(at: string, text: Text): CallProblem {
  return { severity: 'error', at, text };
}

function warning(at: string, text: Text): CallProblem {
  return { severity: 'warning', at, text };
}

function bodyValue(body: CallBody | undefined): unknown {
  return body?.kind === 'text' ? parseJson(body.text) : undefined;
}

function validateText(call: KnownCall, body: CallBody | undefined, value: unknown): readonly CallProblem[] {
  if (call.isRaw) return body === undefined ? [error('body', say.rawBodyMissing)] : [];
  if (call.body === undefined) return body === undefined ? [] : [warning('body', say.takesNoBody)];
  if (call.body === 'multipart')
    return body === undefined || body.kind === 'form' ? [] : [error('body', say.wantsForm)];
  if (body === undefined) return [];
  if (body.kind !== 'text') return [error('body', say.wantsJson)];
  if (value === undefined) return [error('body', say.notJson(body.text))];
  const found = findEscape(body.text);
  if (found !== undefined) return [found];
  return isObject(value) ? [] : [error('body', say.wantsObject)];
}

function validateParameter(
  { in: place, name, fixed, demand, type }: Parameter,
  { query, body }: CallRequest,
  value: unknown,
): readonly CallProblem[] {
  if (place === 'query') {
    const given = own(query, name);
    if (fixed !== undefined && given !== fixed) return [error(name, say.fixedValue(name, fixed))];
    return validateValue(given, name, demand);
  }
  if (place === 'part') return validatePart(name, demand, query, body);
  if (body !== undefined && !isObject(value)) return [];
  return reach(value, name).flatMap(({ at, found }) => [
    ...validateValue(found, at, demand),
    ...validateKind(found, at, type),
  ]);
}

/** All places of a body that a name stands for: one for each item of a list, and none in a list without items. */
function reach(value: unknown, name: string): readonly { readonly at: string; readonly found: unknown }[] {
  let places: { at: string; found: unknown }[] = [{ at: '', found: value ?? {} }];
  for (const [index, part] of name.split('.').entries()) {
    const key = part.replace('[]', '');
    places = places.flatMap(({ at, found }) => {
      if (index > 0 && found !== undefined && !isObject(found)) return [];
      const here = { at: at === '' ? key : `${at}.${key}`, found: own(found, key) };
      if (!part.endsWith('[]')) return [here];
      const items: readonly unknown[] = Array.isArray(here.found) ? here.found : [];
      return items.map((item, position) => ({ at: `${here.at}[${position}]`, found: item }));
    });
  }
  return places;
}

function validateValue(value: unknown, at: string, demand: Demand): readonly CallProblem[] {
  const report = demand.sure === false ? warning : error;
  if (value === undefined || value === null || value === '')
    return demand.required === true ? [report(at, say.missing(at))] : [];
  const problem = sizeProblem(value, at, demand) ?? numberProblem(value, at, demand);
  if (problem !== undefined) return [report(at, problem)];
  const { values } = demand;
  if (values !== undefined && !values.includes(textOf(value)))
    return [report(at, say.notAmong(at, textOf(value), values))];
  return validateForm(value, at, demand).map((text) => report(at, text));
}

function sizeProblem(
  value: unknown,
  at: string,
  { bytes, characters, items, least }: Demand,
): Text | undefined {
  if (Array.isArray(value)) {
    if (items !== undefined && value.length > items) return say.tooMany(at, value.length, items);
    const fewest = Math.max(least ?? 0, items === undefined ? 0 : 1);
    return value.length < fewest ? say.tooFew(at, value.length, fewest) : undefined;
  }
  if (typeof value !== 'string') return undefined;
  const [size, length] = [Buffer.byteLength(value), Array.from(value).length];
  if (bytes !== undefined && size > bytes) return say.tooManyBytes(at, size, bytes);
  return characters !== undefined && length > characters
    ? say.tooManyCharacters(at, length, characters)
    : undefined;
}

/** Quirk: numbers may come as text. */
function numberProblem(value: unknown, at: string, { min, max }: Demand): Text | undefined {
  if (min === undefined && max === undefined) return undefined;
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  const isInside = typeof number === 'number' && number >= (min ?? number) && number <= (max ?? number);
  return isInside ? undefined : say.outOfRange(at, textOf(value), min, max);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function validateForm(value: unknown, at: string, { form }: Demand): readonly Text[] {
  if (typeof value !== 'string') return [];
  if (form === 'date') return /^\d{4}-\d{2}-\d{2}$/.test(value) ? [] : [say.noDate(at, value)];
  if (form === 'path') return /^\/[^?#\s]+$/.test(value) ? [] : [say.noPath(at, value)];
  return form === 'article' ? findForeignPictures(value).map((url) => say.foreignPicture(at, url)) : [];
}

/** What stands there should be a list, an object, or neither. */
function validateKind(value: unknown, at: string, type: Parameter['type']): readonly CallProblem[] {
  if (value === undefined || value === null) return [];
  const kind = Array.isArray(value) ? 'array' : typeof value;
  const isScalar = kind !== 'array' && kind !== 'object';
  const wantsScalar = type !== 'array' && type !== 'object';
  const fits = wantsScalar ? isScalar : kind === type;
  return fits ? [] : [warning(at, say.otherKind(at, wantsScalar ? 'value' : type))];
}

function validatePart(
  name: string,
  demand: Demand,
  query: CallRequest['query'],
  body: CallBody | undefined,
): readonly CallProblem[] {
  const parts = body?.kind === 'form' ? body.parts : [];
  const part = parts.find((each) => each.name === name);
  if (part === undefined) return demand.required === true ? [error(name, say.partMissing(name))] : [];
  if (typeof part.content === 'string') return [error(name, say.partIsText(name))];
  const { fileName, bytes } = part.content;
  const kind = Object.entries(demand.kinds ?? {}).find(([type]) => type === query['type']);
  const { bytes: most, types } = kind?.[1] ?? demand;
  const ending = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase();
  return [
    ...(bytes.length === 0 ? [error(name, say.emptyFile(fileName))] : []),
    ...(most !== undefined && bytes.length > most
      ? [(demand.sure === false ? warning : error)(name, say.fileTooLarge(fileName, bytes.length, most))]
      : []),
    ...(types !== undefined && (ending === undefined || !types.includes(ending))
      ? [warning(name, say.otherEnding(fileName, types))]
      : []),
  ];
}

/** Every `media_id` and `thumb_media_id`, at any depth. */
function findMediaIds(value: unknown, at = ''): readonly { readonly at: string; readonly id: string }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => findMediaIds(item, `${at}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const here = at === '' ? key : `${at}.${key}`;
    return /(?:^|_)media_id$/.test(key) && typeof member === 'string' && member !== ''
      ? [{ at: here, id: member }]
      : findMediaIds(member, here);
  });
}

function isMediaId(id: string): boolean {
  return /^[\w-]+$/.test(id);
}

/** Where the platform keeps what was uploaded to it. */
const ownHosts = /(?:^|\.)(?:qpic\.cn|qlogo\.cn|weixin\.qq\.com|wx\.qq\.com)$/;

/**
 * Addresses of pictures that the platform takes out of an article without a word: only those that `media/uploadimg` gave
 * stay. A simulator gives addresses of this machine.
 */
function findForeignPictures(html: string): readonly string[] {
  return Array.from(html.matchAll(/<img\b[^>]*?\s(?:data-)?src\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi))
    .map(([, double, single, bare]) => (double ?? single ?? bare ?? '').trim())
    .filter((url) => url !== '' && !isOwn(url));
}

function isOwn(url: string): boolean {
  const absolute = url.startsWith('//') ? `https:${url}` : url;
  if (!URL.canParse(absolute)) return false;
  const { hostname } = new URL(absolute);
  return ownHosts.test(hostname) || isLoopbackHost(hostname);
}
