/** Lengths of time as people say them. */
import type { Text } from '../text/text.ts';

const units = [
  { ms: 86_400_000, en: 'd', zh: '天' },
  { ms: 3_600_000, en: 'h', zh: '小时' },
  { ms: 60_000, en: 'min', zh: '分钟' },
  { ms: 1000, en: 's', zh: '秒' },
] as const;

/** The two largest units that are not 0, cut off: `2 h 3 min`, `45 s`. */
export function spanOf(milliseconds: number): Text {
  let rest = Math.max(0, milliseconds);
  const parts: Text[] = [];
  for (const { ms, en, zh } of units) {
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    if (count > 0) parts.push({ en: `${count} ${en}`, zh: `${count} ${zh}` });
    // What follows the first unit but one would be an exactness that nobody has.
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  if (parts.length === 0) return { en: '0 s', zh: '0 秒' };
  return { en: parts.map(({ en }) => en).join(' '), zh: parts.map(({ zh }) => zh).join(' ') };
}
