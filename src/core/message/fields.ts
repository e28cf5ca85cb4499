import { VerificationError } from '../errors.ts';

/** The fields of a push under their names on the wire; numbers are text, so that 64-bit ids stay exact. */
export interface Fields {
  readonly [name: string]: FieldValue;
}

/** Text, nested fields, or several of them where an element is repeated. */
export type FieldValue = string | Fields | readonly FieldValue[];

/** The deepest documented push has six levels, `xml` included. */
export const maxDepth = 12;

/** The text of a field, or `undefined` where there is none. Throws `VerificationError` (`xml`) for anything but text. */
export function textField(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new VerificationError('xml', {
    en: `Cannot read the message: "${name}" must be a single text`,
    zh: `无法读取消息：“${name}”应为单个文本`,
  });
}

/** Nested fields, or `undefined` where there are none. */
export function nestedFields(fields: Fields, name: string): Fields | undefined {
  const value = fields[name];
  return isFields(value) ? value : undefined;
}

/** Every value of a field that may be repeated; none where it is missing. */
export function listField(fields: Fields, name: string): readonly FieldValue[] {
  const value = fields[name];
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

/**
 * An empty set of fields without a prototype: names such as `constructor` come from strangers and must mean nothing.
 */
export function emptyFields(): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = Object.create(null);
  return fields;
}

/** `Array.isArray` does not narrow readonly arrays. */
export function isList<Value>(value: Value | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether fields are nested here. */
export function isFields(value: FieldValue | undefined): value is Fields {
  return typeof value === 'object' && !isList(value);
}
