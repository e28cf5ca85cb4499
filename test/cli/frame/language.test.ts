import { describe, expect, test } from 'vitest';
import { chooseLanguage } from '../../../src/cli/frame/language.ts';

describe('chooseLanguage()', () => {
  test.each([
    ['nothing is set', undefined, {}, undefined, 'en'],
    ['LANG', undefined, { LANG: 'zh_CN.UTF-8' }, undefined, 'zh'],
    ['LC_MESSAGES before LANG', undefined, { LC_MESSAGES: 'en_US', LANG: 'zh_CN' }, undefined, 'en'],
    [
      'LC_ALL before LC_MESSAGES',
      undefined,
      { LC_ALL: 'zh_TW', LC_MESSAGES: 'en_US', LANG: 'C' },
      undefined,
      'zh',
    ],
    ['the profile before the locale', undefined, { LC_ALL: 'en_US' }, 'zh', 'zh'],
    ['the variable before the profile', undefined, { WECHAT_MP_LANG: 'en' }, 'zh', 'en'],
    ['the flag before the variable', 'zh', { WECHAT_MP_LANG: 'en' }, 'en', 'zh'],
    [
      'an empty variable is not set',
      undefined,
      { WECHAT_MP_LANG: '', LC_ALL: '', LANG: 'zh' },
      undefined,
      'zh',
    ],
    ['an empty flag is not set', '', { LANG: 'zh' }, undefined, 'zh'],
    ['any spelling of zh', undefined, { LANG: 'ZH-Hans' }, undefined, 'zh'],
    ['other languages are English', undefined, { LANG: 'ja_JP.UTF-8' }, undefined, 'en'],
    ['C is English', undefined, { LC_ALL: 'C', LANG: 'zh_CN' }, undefined, 'en'],
  ] as const)('%s', (_, flag, environment, profile, language) => {
    expect(chooseLanguage(flag, environment, profile)).toBe(language);
  });
});
