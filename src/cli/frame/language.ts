import type { Language } from '../../core/text/text.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The language of what people read: `--lang`, `WECHAT_MP_LANG`, the profile's `lang`, then `LC_ALL`, `LC_MESSAGES`
 * and `LANG`. Anything that begins with `zh` is Chinese, the rest English.
 */
export function chooseLanguage(
  flag: string | undefined,
  environment: Environment,
  profile?: string,
): Language {
  return /^zh/i.test(findLanguage(flag, environment, profile)?.text ?? '') ? 'zh' : 'en';
}

/** What says which language, and where it says so: a flag, a variable, or `profile`. */
export function findLanguage(
  flag: string | undefined,
  environment: Environment,
  profile?: string,
): { readonly text: string; readonly from: string } | undefined {
  const places: readonly (readonly [string, string | undefined])[] = [
    ['--lang', flag],
    ['WECHAT_MP_LANG', environment['WECHAT_MP_LANG']],
    ['profile', profile],
    ['LC_ALL', environment['LC_ALL']],
    ['LC_MESSAGES', environment['LC_MESSAGES']],
    ['LANG', environment['LANG']],
  ];
  for (const [from, text] of places) {
    // An empty variable counts as not set, as in every program that follows the locale's rules.
    if (text !== undefined && text !== '') return { text, from };
  }
  return undefined;
}
