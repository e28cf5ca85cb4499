import type { Language } from '../core/text.ts';

/**
 * The language of what people read: `--lang`, `WECHAT_MP_LANG`, the profile's `lang`, then `LC_ALL`, `LC_MESSAGES`
 * and `LANG`. Anything that begins with `zh` is Chinese, the rest English.
 */
export function chooseLanguage(
  flag: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  profile?: string,
): Language {
  const names = [
    flag,
    environment['WECHAT_MP_LANG'],
    profile,
    environment['LC_ALL'],
    environment['LC_MESSAGES'],
  ];
  // An empty variable counts as not set, as in every program that follows the locale's rules.
  const name =
    names.find((candidate) => candidate !== undefined && candidate !== '') ?? environment['LANG'] ?? '';
  return /^zh/i.test(name) ? 'zh' : 'en';
}
