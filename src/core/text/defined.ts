/** The fields that are there: those that may be undefined become optional ones. */
export type Defined<Fields extends object> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name];
} & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined>;
};

/** The fields without those that are undefined, in their order. */
export function defined<Fields extends object>(fields: Fields): Defined<Fields>;
export function defined(fields: Readonly<Record<string, unknown>>): object {
  // A loop, since messages pass here: `fromEntries` over filtered `entries` takes three times as long.
  const kept: Record<string, unknown> = {};
  for (const name in fields) {
    // A field of this name must not become the prototype.
    if (name === '__proto__') return slowly(fields);
    if (fields[name] !== undefined) kept[name] = fields[name];
  }
  return kept;
}

function slowly(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
