/** A value as JSON outputs write it: `mediaId` becomes `media_id` at every depth, and what is undefined drops out. */
export function toSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toSnakeCase);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .map(([name, entry]) => [snake(name), toSnakeCase(entry)] as const);
  return Object.fromEntries(members);
}

function snake(name: string): string {
  return name
    .replaceAll(/[A-Z]+(?![a-z])|[A-Z]/g, (letters) => `_${letters.toLowerCase()}`)
    .replace(/^_/, '');
}
