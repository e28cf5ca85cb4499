/**
 * What a call takes: the names out of the catalogue, the types out of the official example, and of the calls that are in
 * daily use what the official page demands, in `parameters.json`.
 */
import { isObject } from '../text/json-value.ts';
import type { KnownCall } from './catalogue.ts';

/** What the platform demands of a parameter. */
export interface Demand {
  readonly required?: boolean;
  /** The most that is allowed: of a text or a file in bytes, of a text in characters, of a list in items. */
  readonly bytes?: number;
  readonly characters?: number;
  readonly items?: number;
  /** The fewest items. */
  readonly least?: number;
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
  /** `media_id`, `openid`, `date`, `path`, `article` (the HTML of an article). */
  readonly form?: string;
  /** Endings of file names. */
  readonly types?: readonly string[];
  /** The same for files, by the parameter `type` of the query. */
  readonly kinds?: Readonly<Record<string, { readonly bytes: number; readonly types: readonly string[] }>>;
  /** `false` where sources differ: then nothing is refused because of it. */
  readonly sure?: boolean;
}

export interface Parameter {
  readonly in: 'query' | 'body' | 'part';
  /** With dots, and `[]` for each item of a list: `articles[].title`. */
  readonly name: string;
  readonly type: 'string' | 'number' | 'boolean' | 'object' | 'array' | 'file';
  /** The one value it may have. */
  readonly fixed: string | undefined;
  readonly demand: Demand;
}

/** All parameters of a call that are known, those of the query first. `example` is the official body. */
export async function readParameters(call: KnownCall, example: unknown): Promise<readonly Parameter[]> {
  const all: Readonly<Record<string, Readonly<Record<string, Demand>>>> = (await import('./parameters.json'))
    .parameters;
  const demands = new Map(Object.entries(all[call.name] ?? {}));
  const found = [...queryOf(call), ...partsOf(call), ...fieldsOf(call.isRaw ? undefined : example)];
  const named = new Set(found.map(keyOf));
  const unnamed = [...demands.keys()].filter((key) => !named.has(key)).map(parameterOf);
  return [...found, ...unnamed]
    .map((parameter) => ({ ...parameter, demand: demands.get(keyOf(parameter)) ?? {} }))
    .toSorted((a, b) => places.indexOf(a.in) - places.indexOf(b.in));
}

const places = ['query', 'part', 'body'];
const marks = { query: '?', part: '@', body: '' } as const;
const none: Demand = {};

/** `?type` in the query, `@media` for a part of a form, `tag.name` in the body. */
function keyOf(parameter: Pick<Parameter, 'in' | 'name'>): string {
  return marks[parameter.in] + parameter.name;
}

function parameterOf(key: string): Parameter {
  const rest = { fixed: undefined, demand: none };
  if (key.startsWith('?')) return { in: 'query', name: key.slice(1), type: 'string', ...rest };
  if (key.startsWith('@')) return { in: 'part', name: key.slice(1), type: 'file', ...rest };
  return { in: 'body', name: key, type: 'string', ...rest };
}

function queryOf({ query }: KnownCall): readonly Parameter[] {
  return query.map((text) => {
    const [name = '', fixed] = text.split('=');
    return { in: 'query', name, type: 'string', fixed, demand: none };
  });
}

function partsOf({ body, isRaw, filePart = 'media' }: KnownCall): readonly Parameter[] {
  if (body !== 'multipart' || isRaw) return [];
  return [{ in: 'part', name: filePart, type: 'file', fixed: undefined, demand: none }];
}

function fieldsOf(value: unknown, at = ''): readonly Parameter[] {
  if (Array.isArray(value)) {
    const names = new Map(
      value.flatMap((item) => fieldsOf(item, `${at}[]`)).map((field) => [field.name, field]),
    );
    return [...names.values()];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]): readonly Parameter[] => {
    const name = at === '' ? key : `${at}.${key}`;
    return [
      { in: 'body', name, type: typeOf(member), fixed: undefined, demand: none },
      ...fieldsOf(member, name),
    ];
  });
}

function typeOf(value: unknown): Parameter['type'] {
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}
