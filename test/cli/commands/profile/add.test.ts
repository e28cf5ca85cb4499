/** The questions of `profile add`; what it saves is in `test/cli/processes/profiles.test.ts`. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFiles } from '../../../../src/io/files/files.ts';
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

/** A platform that refuses whatever it is asked. */
function refusedBy(errcode: number): NonNullable<FakeIoOptions['fetch']> {
  const body = Buffer.from(JSON.stringify({ errcode, errmsg: 'invalid ip 203.0.113.7' }));
  return async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body });
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
    const environment = { WECHAT_MP_APPID: appId, WECHAT_MP_APPSECRET: secret };
    const all = person([], { environment });
    expect([(await all.run('profile', 'add', 'shop', '--yes')).code, all.shown]).toEqual([0, []]);
    const some = person([]);
    const file = path.join(temporaryFolder(), 'secret.txt');
    writeFileSync(file, secret);
    const words = ['profile', 'add', 'shop', '--appid', appId, '--secret-file', file];
    expect([(await some.run(...words)).code, some.shown]).toEqual([0, []]);
  });

  test('asks whose values to take where variables are set', async () => {
    const { appId, secret } = account;
    const environment = { WECHAT_MP_APPID: appId, WECHAT_MP_APPSECRET: '0'.repeat(32) };
    const theirs = person(['environment'], { environment: { ...environment, WECHAT_MP_APPSECRET: secret } });
    const run = await theirs.run('profile', 'add', 'shop');
    expect([run.code, theirs.shown]).toEqual([0, ['Whose values go into the profile?']]);
    expect(run.stderr).toContain('Set in the environment: WECHAT_MP_APPID, WECHAT_MP_APPSECRET\n');
    const typed = person(['typed', appId, secret, '', ''], { environment });
    expect((await typed.run('profile', 'add', 'shop')).code).toBe(0);
    expect(typed.secrets()).toEqual({ secret });
  });

  test('asks about an AppSecret that no console makes, and takes it by a yes', async () => {
    const { appId, secret } = account;
    const odd = secret.slice(1);
    const typo = person([appId, odd, false, secret, '', '']);
    const run = await typo.run('profile', 'add', 'shop');
    expect([run.code, typo.secrets()]).toEqual([0, { secret }]);
    expect(run.stderr).toContain('The AppSecret has 31 characters; one from the console has 32');
    expect(run.stderr).not.toContain(odd);
    expect(typo.shown.slice(0, 4)).toEqual(['AppID', 'AppSecret', 'Use it all the same?', 'AppSecret']);
    const meant = person([appId, odd, true, '', ''], { fetch: refusedBy(40164) });
    expect((await meant.run('profile', 'add', 'shop')).code).toBe(3);
  });

  test('asks again for a wrong AppSecret alone, before anything else', async () => {
    const { appId, secret } = account;
    const world = person([appId, '0'.repeat(32), secret, 'token123', '']);
    const run = await world.run('profile', 'add', 'shop', '-q');
    expect([run.code, world.secrets()]).toEqual([0, { secret, callbackToken: 'token123' }]);
    expect(world.shown.filter((line) => !line.startsWith('spinner'))).toEqual([
      'AppID',
      'AppSecret',
      'AppSecret',
      'Callback Token (Enter: none)',
      'EncodingAESKey (Enter: none)',
    ]);
  });

  test('asks again for an AppID that the platform does not know, and keeps the AppSecret', async () => {
    const { appId, secret } = account;
    const world = person(['wx0000000000000000', secret, appId, '', '']);
    expect((await world.run('profile', 'add', 'shop', '-q')).code).toBe(0);
    expect(world.shown.slice(0, 3)).toEqual(['AppID', 'AppSecret', 'AppID']);
  });

  test('ends with what to try next', async () => {
    const { appId, secret } = account;
    const world = person([appId, secret, '', '', appId, secret, '', '']);
    const first = await world.run('profile', 'add', 'shop');
    expect(first.stderr).toMatch(
      /It is in \S+config\.json, its secrets in \S+secrets\.json, which only you can read \(mode 0600\)\nIt is the default: commands use it without --profile\nTry next: wechat-mp menu pull\n$/,
    );
    const second = await world.run('profile', 'add', 'second');
    expect(second.stderr).toMatch(
      /\nUse it with --profile second, or make it the default: wechat-mp profile use second\nTry next: wechat-mp menu pull --profile second\n$/,
    );
  });

  test.each([[['--no-input']], [['--json']]])('asks nothing with %j', async (words) => {
    const world = person([account.appId]);
    expect([(await world.run('profile', 'add', 'shop', ...words)).code, world.shown]).toEqual([2, []]);
  });

  test('saves nothing that the platform refuses', async () => {
    const environment = { WECHAT_MP_APPID: account.appId, WECHAT_MP_APPSECRET: '0'.repeat(32) };
    const world = person(['environment'], { environment });
    expect((await world.run('profile', 'add', 'shop')).code).toBe(3);
    expect(() => world.secrets()).toThrow('ENOENT');
  });
});
