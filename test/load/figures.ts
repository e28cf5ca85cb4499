/** Prints what was measured: the figures are the purpose of a load test, next to its bounds. */
export function report(name: string, milliseconds: readonly number[]): void {
  const sorted = milliseconds.toSorted((one, other) => one - other);
  const at = (share: number): string =>
    `${Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)} ms`;
  console.log(`${name}: n ${sorted.length}, p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}`);
}

export function repeat<T>(count: number, make: () => T): readonly T[] {
  return Array.from({ length: count }, make);
}
