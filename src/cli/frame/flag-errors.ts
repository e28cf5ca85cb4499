/** What is said about flags that cannot be used, in the same words everywhere. */
import { usageError, type WechatMpError } from '../../core/errors.ts';
import type { Text } from '../../core/text/text.ts';

export function excludes(...flags: readonly string[]): WechatMpError {
  return usageError('flags_conflict', {
    en: `Flags ${flags.join(' and ')} exclude each other`,
    zh: `${flags.join(' 与 ')} 不能同时使用`,
  });
}

/** A value that does not suit its flag, or whatever else it was given by. */
export function unsuitable(type: string, value: string, flag: string, why: Text, hint?: Text): WechatMpError {
  const text = {
    en: `Cannot use "${value}" for ${flag}: ${why.en}`,
    zh: `${flag} 不能为 "${value}"：${why.zh}`,
  };
  return usageError(type, text, hint);
}

/** A flag that means nothing without one of others. */
export function needs(flag: string, ...others: readonly string[]): WechatMpError {
  return usageError('flags_conflict', {
    en: `Flag ${flag} needs ${others.join(' or ')}`,
    zh: `${flag} 需要与 ${others.join(' 或 ')} 一起使用`,
  });
}
