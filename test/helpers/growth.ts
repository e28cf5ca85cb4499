/** How the time of a piece of work grows with its size. */

/** The time for `size * 8` in times of that for `size`: 8 where it is linear, 64 where it is quadratic. */
export function growth(size: number, prepare: (size: number) => () => unknown): number {
  const best = (work: () => unknown): number => Math.min(...[1, 2, 3].map(() => time(work)));
  const [small, large] = [prepare(size), prepare(size * 8)];
  // The first rounds compile it.
  best(small);
  // What takes less than a millisecond has no measure.
  return best(large) / Math.max(1000, best(small));
}

/** The bound between the two, far from both. */
export const almostQuadratic = 30;

/** Microseconds of this process: what others do beside it does not count. */
function time(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user + 1;
}
