import { usageError } from '../../core/errors.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses `500ms`, `10s`, `5m`, `2h` or `7d` into milliseconds. Throws a usage error that names the flag. */
export function parseDuration(value: string, flag: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value);
  const unit = units[match?.[2] ?? ''];
  if (match === null || unit === undefined) {
    throw usageError(
      'duration_invalid',
      {
        en: `Cannot use "${value}" for ${flag}: a duration is a number with its unit`,
        zh: `${flag} 不能用 "${value}"：时长要写成数字加单位`,
      },
      { en: 'Write 500ms, 10s, 5m, 2h or 7d', zh: '写法如 500ms、10s、5m、2h、7d' },
    );
  }
  return Math.round(Number(match[1]) * unit);
}
