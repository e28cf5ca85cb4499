/** Where two answers to one call differ in what holds for every account: status, code, words, fields and their types. */
import { isObject, own } from '../text/json-value.ts';
import { maskWords } from './mask.ts';

/** An answer as it came. */
export interface Seen {
  readonly status: number;
  /** What the content is said to be, without parameters: `application/json`; empty where nothing is said. */
  readonly contentType: string;
  /** Its JSON value; `undefined` for anything else. */
  readonly json: unknown;
}

export interface Difference {
  /** `missing` and `extra` are seen from the simulator: a field that it has not, or has alone. */
  readonly kind: 'status' | 'content_type' | 'errcode' | 'errmsg' | 'missing' | 'extra' | 'type';
  /** The field: `tags[].id`; empty for the answer as a whole. */
  readonly at: string;
  readonly platform: string | number | null;
  readonly simulator: string | number | null;
}

/** 0 for an answer without one. */
export function errcodeOf({ json }: Seen): number {
  const code = own(json, 'errcode');
  return typeof code === 'number' || typeof code === 'string' ? Number(code) : 0;
}

export function compareAnswers(platform: Seen, simulator: Seen): readonly Difference[] {
  const found: Difference[] = [];
  const add = (kind: Difference['kind'], at: string, ...[one, other]: readonly [unknown, unknown]): void =>
    void found.push({ kind, at, platform: plain(one), simulator: plain(other) });
  if (platform.status !== simulator.status) add('status', '', platform.status, simulator.status);
  if (platform.contentType !== simulator.contentType)
    add('content_type', '', platform.contentType, simulator.contentType);
  const [one, other] = [errcodeOf(platform), errcodeOf(simulator)];
  if (one !== other) {
    add('errcode', 'errcode', one, other);
    // The rest belongs to the code.
    return found;
  }
  const words = [platform, simulator].map(({ json }) => own(json, 'errmsg'));
  const [its, ours] = words.map((text) => (typeof text === 'string' ? maskWords(text) : undefined));
  if (its !== undefined && ours !== undefined && its !== ours) add('errmsg', 'errmsg', its, ours);
  return [...found, ...compareShapes(shapeOf([platform.json]), shapeOf([simulator.json]), '')];
}

function plain(value: unknown): string | number | null {
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

/** What values at one place were like. */
interface Shape {
  readonly types: ReadonlySet<string>;
  /** How many of them were objects. */
  readonly objects: number;
  readonly fields: ReadonlyMap<string, { readonly shape: Shape; readonly count: number }>;
  /** The entries of all lists together; `undefined` where there was none. */
  readonly items: Shape | undefined;
}

function shapeOf(values: readonly unknown[]): Shape {
  const objects = values.filter(isObject);
  const entries = values.filter((value) => Array.isArray(value)).flat();
  const byName = new Map<string, unknown[]>();
  for (const [name, value] of objects.flatMap((each) => Object.entries(each)))
    byName.set(name, [...(byName.get(name) ?? []), value]);
  const fields = [...byName].map(
    ([name, list]) => [name, { shape: shapeOf(list), count: list.length }] as const,
  );
  return {
    types: new Set(values.map(typeOf)),
    objects: objects.length,
    fields: new Map(fields),
    items: entries.length === 0 ? undefined : shapeOf(entries),
  };
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  if (value === undefined) return 'no JSON';
  return value === null ? 'null' : typeof value;
}

/** What was not seen says nothing: an empty list has no entries to compare, and a field of some entries may be optional. */
function compareShapes(platform: Shape, simulator: Shape, at: string): readonly Difference[] {
  const shared = [...platform.types].some((type) => simulator.types.has(type));
  if (!shared) return [{ kind: 'type', at, platform: namesOf(platform), simulator: namesOf(simulator) }];
  const inside = (name: string): string => (at === '' ? name : `${at}.${name}`);
  const missing = [...platform.fields].filter(([name]) => !simulator.fields.has(name));
  const extra = [...simulator.fields].filter(
    ([name, { count }]) => !platform.fields.has(name) && count === simulator.objects,
  );
  const both = [...platform.fields].flatMap(([name, field]) => {
    const other = simulator.fields.get(name);
    return other === undefined ? [] : compareShapes(field.shape, other.shape, inside(name));
  });
  const items =
    platform.items === undefined || simulator.items === undefined
      ? []
      : compareShapes(platform.items, simulator.items, `${at}[]`);
  const areObjects = platform.objects > 0 && simulator.objects > 0;
  return [
    ...(areObjects ? missing : []).map(
      ([name, { shape }]) =>
        ({ kind: 'missing', at: inside(name), platform: namesOf(shape), simulator: null }) as const,
    ),
    ...(areObjects ? extra : []).map(
      ([name, { shape }]) =>
        ({ kind: 'extra', at: inside(name), platform: null, simulator: namesOf(shape) }) as const,
    ),
    ...both,
    ...items,
  ];
}

function namesOf({ types }: Shape): string {
  return [...types].toSorted().join(' or ');
}
