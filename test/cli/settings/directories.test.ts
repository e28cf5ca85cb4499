import { describe, expect, test } from 'vitest';
import { cacheDirectory, configDirectory } from '../../../src/cli/settings/directories.ts';

describe('configDirectory() and cacheDirectory()', () => {
  test.each([
    [
      'the own variable',
      { WECHAT_MP_CONFIG_DIR: '/c', WECHAT_MP_CACHE_DIR: '/k', XDG_CONFIG_HOME: '/x', HOME: '/h' },
      'linux',
      '/c',
      '/k',
    ],
    [
      'XDG',
      { XDG_CONFIG_HOME: '/x', XDG_CACHE_HOME: '/y', HOME: '/h' },
      'linux',
      '/x/wechat-mp',
      '/y/wechat-mp',
    ],
    [
      'HOME',
      { HOME: '/h', APPDATA: '/a', LOCALAPPDATA: '/l' },
      'linux',
      '/h/.config/wechat-mp',
      '/h/.cache/wechat-mp',
    ],
    [
      'APPDATA on Windows',
      { HOME: '/h', APPDATA: '/a', LOCALAPPDATA: '/l' },
      'win32',
      '/a/wechat-mp',
      '/l/wechat-mp',
    ],
    [
      'empty variables are not set',
      { WECHAT_MP_CONFIG_DIR: '', WECHAT_MP_CACHE_DIR: '', XDG_CONFIG_HOME: '', HOME: '/h' },
      'darwin',
      '/h/.config/wechat-mp',
      '/h/.cache/wechat-mp',
    ],
  ] as const)('%s', (_, environment, platform, config, cache) => {
    expect(configDirectory(environment, platform)).toBe(config);
    expect(cacheDirectory(environment, platform)).toBe(cache);
  });
});
