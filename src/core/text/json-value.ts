/** Helpers for values that come from `JSON.parse` and from strangers. */

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `undefined` for text that is not JSON. The engine's own message quotes the text, which may be secret: it goes nowhere. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The value without the fields that are null, at any depth: a platform that reads JSON into structures takes null for a
 * field that is not there. Items of lists stay. Call it for values of limited depth only.
 */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const filled = Object.entries(value).filter(([, entry]) => entry !== null);
  return Object.fromEntries(filled.map(([name, entry]) => [name, withoutNulls(entry)]));
}

/** An own property; inherited ones such as `constructor` do not count. */
export function own(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
