/** Chance that is the same at every asking: figures must not change between two calls, nor between two runs. */

/** A number from 0 up to 1 that belongs to what it is asked about. */
export type Draw = (...about: readonly (string | number)[]) => number;

export function createDraw(seed: string): Draw {
  return (...about) => {
    // FNV-1a, and the last mixing step of MurmurHash3, without which neighbouring days would look alike.
    let mixed = 0x811c9dc5;
    for (const unit of `${seed}/${about.join('/')}`) {
      mixed = Math.imul(mixed ^ (unit.codePointAt(0) ?? 0), 0x01000193);
    }
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** Shares of a whole number by weight, themselves whole and together exactly that number. */
export function spread(total: number, weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  let before = 0;
  let given = 0;
  return weights.map((weight) => {
    before += weight;
    const share = Math.round((total * before) / sum) - given;
    given += share;
    return share;
  });
}

/** How lively the hours of a day are, from midnight on. */
export const hourWeights: readonly number[] = [
  12, 7, 4, 3, 3, 5, 14, 30, 46, 52, 56, 58, 64, 56, 48, 48, 50, 54, 60, 68, 78, 82, 64, 34,
];

/** Hours as the platform writes them: 0, 100 … 2300. */
export function refHour(hour: number): number {
  return hour * 100;
}
