import { describe, expect, test } from 'vitest';
import { startedAs } from '../../../src/cli/shared/started-as.ts';
import { fakeWorld } from '../../helpers/fake-io.ts';

const npx = { npm_command: 'exec', npm_lifecycle_event: 'npx', npm_lifecycle_script: "'wechat-mp'" };

describe('startedAs()', () => {
  test.each([
    ['/usr/bin/wechat-mp', {}, 'wechat-mp'],
    ['/clone/bin/wechat-mp.js', {}, 'wechat-mp'],
    ['/usr/bin/wechat-mp-cli', {}, 'wechat-mp-cli'],
    ['/usr/bin/not-wechat-mp-cli', {}, 'wechat-mp'],
    ['/p/node_modules/.bin/wechat-mp', npx, 'npx wechat-mp'],
    ['C:\\p\\bin\\wechat-mp.js', { ...npx, npm_lifecycle_script: '"wechat-mp-cli"' }, 'npx wechat-mp-cli'],
    ['/usr/bin/wechat-mp', { ...npx, npm_lifecycle_script: 'wechat-mp token' }, 'npx wechat-mp'],
    // A program that npx started has started this one.
    ['/usr/bin/wechat-mp', { ...npx, npm_lifecycle_script: "'vitest'" }, 'wechat-mp'],
    ['/usr/bin/wechat-mp', { ...npx, npm_lifecycle_script: "'wechat-mp-other'" }, 'wechat-mp'],
    ['/usr/bin/wechat-mp', { ...npx, npm_command: 'run-script', npm_lifecycle_event: 'test' }, 'wechat-mp'],
  ])('%s with %j is %s', (program, environment, command) => {
    expect(startedAs({ program, environment })).toBe(command);
  });
});

describe('started by npx', () => {
  const noAccount = { WECHAT_MP_APPID: undefined, WECHAT_MP_APPSECRET: undefined };
  const world = (more: object = {}) => fakeWorld({ environment: { ...npx, ...noAccount, ...more } });

  test('hints name npx, in every line of an error', async () => {
    const { stderr } = await world().run('token');
    expect(stderr).toContain('try: npx wechat-mp simulator -- npx wechat-mp token\n');
    expect(stderr).toContain('Run "npx wechat-mp profile add <name>"');
  });

  test('--json gives programs the same hint as always', async () => {
    const { stderr } = await world().run('token', '--json');
    expect(JSON.parse(stderr)).toMatchObject({
      error: { hint: expect.stringMatching(/^Run "wechat-mp profile add <name>"/) },
    });
  });

  test('the name of the tool, and what is data, stay as they are', async () => {
    const { stdout, stderr } = await world({ HOME: '/wechat-mp token' }).run('profile', 'show');
    expect([stdout.includes('/wechat-mp token/.config'), stderr]).toEqual([true, '']);
  });
});
