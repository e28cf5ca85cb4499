/** The questions of `profile add`; what it saves is in `test/cli/processes/profiles.test.ts`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFiles } from '../../../../src/io/files.ts';
import type { Files } from '../../../../src/io/ports.ts';
import { temporaryFolder } from '../../../helpers/command.ts';
import { fakeWorld, type FakeIoOptions } from '../../../helpers/fake-io.ts';

const account = fakeWorld().simulator.account;

/** A person at a terminal; conf reads real files, so all are real here. */
function person(answers: readonly (string | boolean)[], options: FakeIoOptions = {}) {
  const folder = temporaryFolder();
  const world = fakeWorld({
    tty: ['stdin', 'stdout', 'stderr'],
    answers,
    ...options,
    environment: {
      HOME: folder,
      WECHAT_MP_CONFIG_DIR: path.join(folder, 'config'),
      WECHAT_MP_APPID: undefined,
      WECHAT_MP_APPSECRET: undefined,
      WECHAT_MP_CALLBACK_TOKEN: undefined,
      WECHAT_MP_AES_KEY: undefined,
      ...options.environment,
    },
  });
  (world.io as { files: Files }).files = createFiles();
  const secrets = (): unknown => {
    const saved = JSON.parse(readFileSync(path.join(folder, 'config/secrets.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    return Object.values(saved)[0];
  };
  return { ...world, secrets };
}

describe('profile add on a terminal', () => {
  test('asks for everything, again where an answer cannot be, and proves the account', async () => {
    const world = person([
      'wx123',
      ` ${account.appId} `,
      '',
      ` ${account.secret} `,
      'no!',
      'token123',
      'short',
      account.encodingAESKey,
    ]);
    const run = await world.run('profile', 'add', 'shop', '-q');
    expect(run).toEqual({ code: 0, stdout: `Saved profile "shop" for ${account.appId}\n`, stderr: '' });
    expect(world.shown).toEqual([
      'AppID',
      'Cannot use this AppID: an AppID is "wx" and 16 hex digits, got 5 characters',
      'AppID',
      'AppSecret',
      'An AppSecret is needed',
      'AppSecret',
      'Callback Token (Enter: none)',
      'Cannot use this callback Token: it must be 3 to 32 letters and digits, got 3 characters, among them something that is neither a letter nor a digit',
      'Callback Token (Enter: none)',
      'EncodingAESKey (Enter: none)',
      'Cannot use this EncodingAESKey: it must be 43 letters and digits, got 5 characters',
      'EncodingAESKey (Enter: none)',
    ]);
    expect(world.secrets()).toEqual({
      secret: account.secret,
      callbackToken: 'token123',
      aesKey: account.encodingAESKey,
    });
    expect(world.requests).toEqual(['POST 127.0.0.1:8090/cgi-bin/stable_token']);
  });

  test('reads what was pasted at a question, and refuses what is something else', async () => {
    const { appId, secret, callbackToken } = account;
    const world = person([
      'gh_0123456789ab',
      `“${appId.toUpperCase()}”`,
      appId,
      JSON.stringify({ appid: appId, secret }),
      `"${callbackToken}"`,
      '',
    ]);
    const run = await world.run('profile', 'add', 'shop', '-q', '--no-color');
    expect(run.code).toBe(0);
    expect(world.shown.filter((line) => line.startsWith('Cannot'))).toEqual([
      'Cannot use this AppID: "gh_…" is the original ID (原始ID) of an account, which is another number',
      'Cannot use the answer: this is the ID of an account, which is no secret',
    ]);
    expect(run.stderr.trim().split('\n')).toEqual([
      '! Took the AppID in the answer out of quotes',
      '! Wrote the AppID in the answer in small letters, as WeChat does',
      '! Took the AppSecret in the answer out of a JSON answer',
      '! Took the Token in the answer out of quotes',
    ]);
    expect(world.secrets()).toEqual({ secret, callbackToken });
  });

  test('takes Enter for none where an answer may be missing', async () => {
    const world = person([account.appId, account.secret, '', '']);
    expect((await world.run('profile', 'add', 'shop')).code).toBe(0);
    expect(world.secrets()).toEqual({ secret: account.secret });
  });

  test('asks only for what was not given', async () => {
    const { appId, secret } = account;
    const all = person([], { environment: { WECHAT_MP_APPID: appId, WECHAT_MP_APPSECRET: secret } });
    expect([(await all.run('profile', 'add', 'shop')).code, all.shown]).toEqual([0, []]);
    const some = person([appId, '', ''], { environment: { WECHAT_MP_APPSECRET: secret } });
    expect((await some.run('profile', 'add', 'shop')).code).toBe(0);
    expect(some.shown[0]).toBe('AppID');
    expect(some.shown).not.toContain('AppSecret');
  });

  test.each([[['--no-input']], [['--json']]])('asks nothing with %j', async (words) => {
    const world = person([account.appId]);
    expect([(await world.run('profile', 'add', 'shop', ...words)).code, world.shown]).toEqual([2, []]);
  });

  test('saves nothing that the platform refuses', async () => {
    const world = person([account.appId, '0'.repeat(32), '', '']);
    expect((await world.run('profile', 'add', 'shop')).code).toBe(3);
    expect(() => world.secrets()).toThrow('ENOENT');
  });
});
