import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../helpers/fake-io.ts';

const other = 'wx2222222222222222';

describe('--env-file', () => {
  const files = {
    '.env': `# ours\nWECHAT_MP_APPID=${other}\nWECHAT_MP_TIMEOUT="3s"\nexport WECHAT_MP_LANG=zh\n`,
  };

  async function shown(words: readonly string[], environment = {}) {
    const { code, stdout, stderr } = await fakeWorld({ files, environment }).run(
      'profile',
      'show',
      '--json',
      ...words,
    );
    if (code !== 0) return stderr;
    const { appid, timeout_ms: timeout } = JSON.parse(stdout) as Record<string, { value: unknown } | null>;
    return [appid?.value, timeout?.value];
  }

  test('stands below real variables', async () => {
    const { simulator } = fakeWorld();
    expect(await shown(['--env-file', '.env'])).toEqual([simulator.account.appId, 3000]);
    expect(await shown(['--env-file', '.env'], { WECHAT_MP_APPID: undefined })).toEqual([other, 3000]);
  });

  test('is read only where it is named', async () => {
    expect(await shown([], { WECHAT_MP_APPID: undefined })).toEqual([undefined, 10_000]);
  });

  test('chooses the language, too', async () => {
    const run = await fakeWorld({ files }).run('profile', 'list', '--env-file', '.env');
    expect(run.stderr).toBe('还没有配置档案。运行：wechat-mp profile add <名称>\n');
  });

  test('that is missing or a folder is a mistake', async () => {
    expect(await shown(['--env-file', 'nowhere'])).toContain(
      'Cannot read \\"nowhere\\" for --env-file: no such file',
    );
    expect(await shown(['--env-file', '/desk'])).toContain('Cannot read \\"/desk\\" for --env-file: EISDIR');
  });
});
