import { describe, expect, test } from 'vitest';
import { findDirectory } from '../../../src/cli/settings/directories.ts';

describe('findDirectory()', () => {
  test.each([
    [
      'the own variable',
      {
        WECHAT_MP_CONFIG_DIR: '/c',
        WECHAT_MP_CACHE_DIR: '/k',
        WECHAT_MP_STATE_DIR: '/s',
        XDG_CONFIG_HOME: '/x',
        HOME: '/h',
      },
      'linux',
      '/c',
      '/k',
      '/s',
    ],
    [
      'XDG',
      { XDG_CONFIG_HOME: '/x', XDG_CACHE_HOME: '/y', XDG_STATE_HOME: '/z', HOME: '/h' },
      'linux',
      '/x/wechat-mp',
      '/y/wechat-mp',
      '/z/wechat-mp',
    ],
    [
      'HOME',
      { HOME: '/h', APPDATA: '/a', LOCALAPPDATA: '/l' },
      'linux',
      '/h/.config/wechat-mp',
      '/h/.cache/wechat-mp',
      '/h/.local/state/wechat-mp',
    ],
    [
      'APPDATA on Windows',
      { HOME: '/h', APPDATA: '/a', LOCALAPPDATA: '/l' },
      'win32',
      '/a/wechat-mp',
      '/l/wechat-mp',
      '/l/wechat-mp',
    ],
    [
      'empty variables are not set',
      { WECHAT_MP_CONFIG_DIR: '', WECHAT_MP_CACHE_DIR: '', XDG_CONFIG_HOME: '', HOME: '/h' },
      'darwin',
      '/h/.config/wechat-mp',
      '/h/.cache/wechat-mp',
      '/h/.local/state/wechat-mp',
    ],
  ] as const)('%s', (_, environment, platform, config, cache, state) => {
    expect(findDirectory('config', environment, platform)).toBe(config);
    expect(findDirectory('cache', environment, platform)).toBe(cache);
    expect(findDirectory('state', environment, platform)).toBe(state);
  });
});
