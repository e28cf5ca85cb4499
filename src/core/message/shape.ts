import { isFields, listField, nestedFields, type Fields, type FieldValue } from './fields.ts';

/** How values are found in the fields of a push: a property of ours for each name on the wire. */
export interface Shape {
  readonly [property: string]: string | FirstOf | Nested | List | Texts;
}

/** A text that has several names on the wire; the first one found counts. */
export interface FirstOf {
  readonly names: readonly string[];
}

/** Fields inside an element. */
export interface Nested {
  readonly in: string;
  readonly of: Shape;
}

/** Elements that may be repeated, wherever they stand: the first path that exists counts. */
export interface List {
  readonly each: Shape;
  readonly at: readonly (readonly string[])[];
}

/** Repeated texts. */
export interface Texts {
  readonly texts: string;
}

/**
 * The value of a shape. Texts are as on the wire, numbers too: 64-bit ids and decimals stay exact. What a push lacks is
 * missing; a list is empty then.
 */
export type Shaped<S extends Shape> = {
  readonly [Name in TextNames<S>]?: string;
} & {
  readonly [Name in keyof S as S[Name] extends Nested ? Name : never]?: S[Name] extends Nested
    ? Shaped<S[Name]['of']>
    : never;
} & {
  readonly [Name in keyof S as S[Name] extends List ? Name : never]: S[Name] extends List
    ? readonly Shaped<S[Name]['each']>[]
    : never;
} & {
  readonly [Name in keyof S as S[Name] extends Texts ? Name : never]: readonly string[];
};

type TextNames<S extends Shape> = keyof {
  [Name in keyof S as S[Name] extends string | FirstOf ? Name : never]: true;
};

/** A text under any of these names. */
export const firstOf = (...names: readonly string[]): FirstOf => ({ names });

/** Fields inside the element with this name. */
export const nested = <const S extends Shape>(name: string, of: S) => ({ in: name, of }) as const;

/** The elements at this path (`PicList.item`), or at another one where that is missing. */
export const list = <const S extends Shape>(each: S, ...paths: readonly string[]) =>
  ({ each, at: paths.map((path) => path.split('.')) }) as const;

/** Every text with this name. */
export const texts = (name: string): Texts => ({ texts: name });

/**
 * Reads the values of a shape. Never throws: what has another form than the shape says is left to the fields, which
 * the message keeps.
 */
export function readShape<const S extends Shape>(fields: Fields, shape: S): Shaped<S> {
  const values: Record<string, unknown> = {};
  for (const [property, spec] of Object.entries(shape)) {
    const value = readSpec(fields, spec);
    if (value !== undefined) values[property] = value;
  }
  return values as Shaped<S>;
}

function readSpec(fields: Fields, spec: Shape[string]): unknown {
  if (typeof spec === 'string') return typeof fields[spec] === 'string' ? fields[spec] : undefined;
  if ('names' in spec)
    return spec.names.map((name) => fields[name]).find((entry) => typeof entry === 'string');
  if ('texts' in spec) return listField(fields, spec.texts).filter((entry) => typeof entry === 'string');
  if ('of' in spec) {
    const inner = nestedFields(fields, spec.in);
    return inner === undefined ? undefined : readShape(inner, spec.of);
  }
  const path = spec.at.find((names) => entriesAt(fields, names).length > 0) ?? [];
  return entriesAt(fields, path)
    .filter(isFields)
    .map((entry) => readShape(entry, spec.each));
}

function entriesAt(fields: Fields, path: readonly string[]): readonly FieldValue[] {
  const last = path.at(-1);
  if (last === undefined) return [];
  let parent: Fields | undefined = fields;
  for (const name of path.slice(0, -1)) parent = parent && nestedFields(parent, name);
  return parent === undefined ? [] : listField(parent, last);
}
