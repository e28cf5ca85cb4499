/** Holds what a command prints against its schema, in which here no key may stand that it does not name. */
import { Ajv, type ValidateFunction } from 'ajv';
import { outputSchemas } from '../../src/cli/schemas/index.ts';

const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with a value, or with one line of a command that prints lines; nothing where all is right. */
export function againstSchema(command: string, value: unknown): readonly string[] {
  const schema = outputSchemas[command];
  if (schema === undefined) return [`there is no schema for "${command}" in src/cli/schemas`];
  const check = compiled.get(command) ?? ajv.compile(tighten(schema) as object);
  compiled.set(command, check);
  if (check(value)) return [];
  return (check.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath}: ${message} ${JSON.stringify(params)}`,
  );
}

/** Later versions may print more; this one prints nothing that is not written down. */
function tighten(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(tighten);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, tighten(value)]));
  const named = inner['properties'];
  const isOpen = typeof named !== 'object' || named === null || Object.keys(named).length === 0;
  return isOpen || 'additionalProperties' in inner ? inner : { ...inner, additionalProperties: false };
}
