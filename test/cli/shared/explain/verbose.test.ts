import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';

const end = '2026-01-15T06:00:00.000Z';

describe('-v', () => {
  test.each([
    ['token', ['token']],
    ['token --offline', ['token', '--offline']],
    ['qr create', ['qr', 'create', '--scene', '1']],
  ])('of "%s" says whose token it is, fetched or cached, and when it ends', async (_, words) => {
    const world = fakeWorld();
    const { appId } = world.simulator.account;
    const first = await world.run('token', '-v');
    expect(first.stderr).toContain(`Account ${appId} (WECHAT_MP_APPID)\n`);
    expect(first.stderr).toContain(`Fetched a new stable_token, which expires at ${end}\n`);
    const { stderr } = await world.run(...words, '-v');
    expect(stderr).toContain(`Account ${appId} (WECHAT_MP_APPID)\n`);
    expect(stderr.match(/stable_token/g)).toHaveLength(1);
    expect(stderr).toContain(`Using the cached stable_token, which expires at ${end}\n`);
    expect((await world.run(...words)).stderr).not.toContain('stable_token');
  });

  test('says the same of a ticket', async () => {
    const world = fakeWorld();
    const sign = ['sign-url', 'https://example.com/', '-v'];
    const { stderr } = await world.run(...sign);
    expect(stderr).toContain(`Fetched a new stable_token, which expires at ${end}\n`);
    expect(stderr).toContain(`Fetched a new jsapi ticket, which expires at ${end}\n`);
    const cached = (await world.run(...sign)).stderr;
    expect(cached).toContain(`Using the cached jsapi ticket, which expires at ${end}\n`);
    expect(cached).not.toContain('stable_token');
  });

  test('names the profile, and what has chosen it', async () => {
    const { account } = fakeWorld().simulator;
    const folder = '/home/me/.config/wechat-mp';
    const world = fakeWorld({
      environment: { WECHAT_MP_APPID: undefined, WECHAT_MP_APPSECRET: undefined },
      files: {
        [`${folder}/config.json`]: `{"default":"shop","profiles":{"shop":{"appid":"${account.appId}"}}}`,
        [`${folder}/secrets.json`]: `{"http://127.0.0.1:8090 ${account.appId}":{"secret":"${account.secret}"}}`,
      },
    });
    const byDefault = (await world.run('token', '-v')).stderr;
    expect(byDefault).toContain(`Account ${account.appId} (profile "shop", profile use)\n`);
    const byFlag = (await world.run('token', '-v', '-p', 'shop', '--lang', 'zh')).stderr;
    expect(byFlag).toContain(`公众号 ${account.appId}（配置档案“shop”，--profile）\n`);
  });

  test('says which Token signs, and why this mode', async () => {
    const trigger = ['trigger', 'text', '--dry-run', '-v'];
    const { stderr } = await fakeWorld().run(...trigger);
    expect(stderr).toContain('Using the Token from WECHAT_MP_CALLBACK_TOKEN\n');
    expect(stderr).toContain('Safe mode: there is an EncodingAESKey from WECHAT_MP_AES_KEY\n');
    const keyless = fakeWorld({ environment: { WECHAT_MP_AES_KEY: undefined } });
    expect((await keyless.run(...trigger)).stderr).toContain('Plain mode: there is no EncodingAESKey\n');
  });
});
