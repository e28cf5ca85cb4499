const unitsMs = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** Milliseconds of a duration such as `500ms`, `10s`, `5m`, `2h` or `7d`; `undefined` for anything else. */
export function parseDuration(value: unknown): number | undefined {
  const [, count, unit = ''] = typeof value === 'string' ? (/^(\d{1,9})(ms|s|m|h|d)$/.exec(value) ?? []) : [];
  const unitMs = unitsMs.get(unit);
  return unitMs === undefined ? undefined : Number(count) * unitMs;
}
