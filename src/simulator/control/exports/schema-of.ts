/** From the documentation's example of a body to a schema of it. */
import type { Parameter } from '../../../core/catalogue/index.ts';
import { defined } from '../../../core/text/defined.ts';
import { isObject } from '../../../core/text/json-value.ts';

export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly [keyword: string]: unknown;
}

/**
 * Types are those of the example; what the platform demands of a field is added where it is sure. A field that the
 * example leaves out, but the platform names, is there without a type.
 */
export function schemaOf(value: unknown, demands: readonly Parameter[], at = ''): Schema {
  if (Array.isArray(value)) {
    const [first] = value;
    return { type: 'array', items: schemaOf(first, demands, `${at}[]`), ...limitsOf(demands, at) };
  }
  if (!isObject(value)) return { ...typeOf(value), ...limitsOf(demands, at) };
  const begin = at === '' ? '' : `${at}.`;
  const named = demands
    .filter(({ name }) => name.startsWith(begin) && !/[.[]/.test(name.slice(begin.length)))
    .map(({ name }) => name.slice(begin.length));
  const names = [...new Set([...Object.keys(value), ...named])];
  const properties = names.map((name) => [name, schemaOf(value[name], demands, begin + name)] as const);
  const required = names.filter((name) => demandOf(demands, begin + name)?.required === true);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
  };
}

function typeOf(value: unknown): Schema {
  if (value === undefined || value === null) return {};
  return { type: Number.isInteger(value) ? 'integer' : typeof value };
}

function demandOf(demands: readonly Parameter[], name: string): Parameter['demand'] | undefined {
  const demand = demands.find((each) => each.name === name)?.demand;
  return demand?.sure === false ? undefined : demand;
}

function limitsOf(demands: readonly Parameter[], name: string): Schema {
  const { values, characters, items, least, min, max } = demandOf(demands, name) ?? {};
  return defined({
    enum: values,
    maxLength: characters,
    maxItems: items,
    minItems: least,
    minimum: min,
    maximum: max,
  });
}
