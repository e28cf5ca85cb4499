/** Words for JSON Schemas. An object says which keys it always has, and which now and then; others may come later. */

export type Schema = Readonly<Record<string, unknown>>;
export type Fields = Readonly<Record<string, Schema>>;

export const text: Schema = { type: 'string' };
export const integer: Schema = { type: 'integer' };
export const number: Schema = { type: 'number' };
export const flag: Schema = { type: 'boolean' };
export const anything: Schema = {};
/** ISO 8601, UTC. */
export const time: Schema = { type: 'string', format: 'date-time' };
export const appId: Schema = { type: 'string', pattern: '^wx[0-9a-f]{16}$' };
/** A JSON Pointer into a file or a menu. */
export const pointer: Schema = { type: 'string', format: 'json-pointer' };

export function object(always: Fields, sometimes: Fields = {}): Schema {
  return { type: 'object', required: Object.keys(always), properties: { ...always, ...sometimes } };
}

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** Any keys, with values of one kind. */
export function mapOf(values: Schema): Schema {
  return { type: 'object', additionalProperties: values };
}

export function words(...choices: readonly (string | number)[]): Schema {
  return { enum: choices };
}

export function anyOf(...schemas: readonly Schema[]): Schema {
  return { anyOf: schemas };
}

export function orNull(schema: Schema): Schema {
  const { type, enum: choices } = schema;
  if (Array.isArray(choices)) return { ...schema, enum: [...(choices as readonly unknown[]), null] };
  return typeof type === 'string' ? { ...schema, type: [type, 'null'] } : anyOf(schema, { type: 'null' });
}

export function about(description: string, schema: Schema): Schema {
  return { description, ...schema };
}

/** For commands that print one object a line. */
export function lines(...schemas: readonly Schema[]): Schema {
  return about('Each line of stdout', schemas.length === 1 ? (schemas[0] ?? {}) : anyOf(...schemas));
}

/** A line with its `type`. */
export function line(type: string, always: Fields, sometimes: Fields = {}): Schema {
  return object({ type: { const: type }, ...always }, sometimes);
}
