import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../src/core/errors.ts';
import { terminalWidth } from '../../src/core/text/terminal-width.ts';
import { fakeWorld } from '../helpers/fake-io.ts';

interface Step {
  readonly command: string;
  readonly why: string;
}

async function nextOf(
  world: ReturnType<typeof fakeWorld>,
  ...words: readonly string[]
): Promise<readonly string[]> {
  const { stderr } = await world.run(...words, '--json');
  const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as {
    error: { next: readonly Step[] };
  };
  for (const { why } of error.next) expect(why).not.toBe('');
  return error.next.map(({ command }) => command);
}

const nobody = { WECHAT_MP_APPID: undefined, WECHAT_MP_APPSECRET: undefined };

describe('an error for people', () => {
  test.each(['en', 'zh'])('is folded on a terminal, and whole in a pipe: %s', async (lang) => {
    const refused = async (tty: readonly 'stderr'[]): Promise<string> => {
      const world = fakeWorld({ tty });
      await world.fault({ path: '/cgi-bin/menu/get', errcode: 40164 });
      return (await world.run('menu', 'pull', '--lang', lang, '--no-color')).stderr.replace(/[^]*(?=✗)/, '');
    };
    const [pipe, terminal] = [await refused([]), await refused(['stderr'])];
    const lines = terminal.split('\n');
    expect(Math.max(...pipe.split('\n').map(terminalWidth))).toBeGreaterThan(80);
    expect(Math.max(...lines.map(terminalWidth))).toBeLessThanOrEqual(80);
    expect(terminal.replaceAll(/\s/g, '')).toBe(pipe.replaceAll(/\s/g, ''));
  });

  test('keeps its colours where it is folded', async () => {
    const world = fakeWorld({ environment: { WECHAT_MP_STORE: 'redis://h:99999/0' }, tty: ['stderr'] });
    const { stderr } = await world.run('token', '--color');
    expect(stderr).toContain('\u001B[31m✗\u001B[39m ');
    expect(stderr).toContain('\u001B[1m  Fix: \u001B[22m');
  });
});

describe('the next commands of an error', () => {
  test('begin with the most useful and end with explain', async () => {
    expect(await nextOf(fakeWorld({ environment: nobody }), 'token')).toEqual([
      'wechat-mp init',
      'wechat-mp simulator -- wechat-mp token',
      'wechat-mp explain no_account',
    ]);
    expect(await nextOf(fakeWorld(), 'token', '--nope')).toEqual([
      'wechat-mp token --help',
      'wechat-mp explain option_unknown',
    ]);
    expect(await nextOf(fakeWorld(), 'tokn')).toEqual([
      'wechat-mp --help',
      'wechat-mp explain command_unknown',
    ]);
  });

  test('of a refusal are those of its errcode, and what the call takes', async () => {
    const world = fakeWorld();
    await world.fault({ path: '/cgi-bin/menu/get', errcode: 48001 });
    expect(await nextOf(world, 'menu', 'pull')).toEqual([
      'wechat-mp quota',
      'wechat-mp api --describe /cgi-bin/menu/get',
      'wechat-mp explain 48001',
    ]);
    await world.fault({ path: '/cgi-bin/stable_token', errcode: 40164 });
    expect(await nextOf(world, 'token', '--force', '--yes')).toEqual([
      'wechat-mp ip',
      'wechat-mp explain 40164',
    ]);
  });

  test('keep the profile that the command line named', async () => {
    const folder = '/home/me/.config/wechat-mp';
    const files = { [`${folder}/config.json`]: '{"profiles":{"shop":{"appid":"wx0123456789abcdef"}}}' };
    const world = fakeWorld({ files, environment: nobody });
    expect(await nextOf(world, 'token', '--profile', 'shop')).toEqual([
      'wechat-mp profile show --profile shop',
      'wechat-mp explain no_secret',
    ]);
    expect((await nextOf(world, 'token', '--profile=shop'))[0]).toBe('wechat-mp profile show --profile shop');
    expect((await nextOf(world, 'token', '-p', 'a b'))[0]).not.toContain('a b');
  });

  test('are none where somebody stopped it', async () => {
    const world = fakeWorld();
    const text = { en: 'Interrupted', zh: '已中断' };
    world.interruption.abort(new WechatMpError({ family: 'interrupted', type: 'interrupted', text }));
    expect(await nextOf(world, 'token')).toEqual([]);
  });

  test('are runnable as printed: started by npx they say npx', async () => {
    const npx = { npm_command: 'exec', npm_lifecycle_event: 'npx', npm_lifecycle_script: "'wechat-mp'" };
    expect(await nextOf(fakeWorld({ environment: { ...npx, ...nobody } }), 'token')).toEqual([
      'npx wechat-mp init',
      'npx wechat-mp simulator -- npx wechat-mp token',
      'npx wechat-mp explain no_account',
    ]);
  });
});

describe('the line for people', () => {
  test.each([
    [['token', '--nope'], '  More: wechat-mp token --help'],
    [['token', '--nope', '--lang', 'zh'], '  更多：wechat-mp token --help'],
    [['token', '--stauts'], '  More: wechat-mp token --help'],
    [['--bogus'], '  More: wechat-mp explain option_unknown'],
    [['token'], '  More: wechat-mp explain no_account'],
  ])('%j ends with %s', async (words, line) => {
    const { stderr } = await fakeWorld({ environment: nobody }).run(...words);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(line);
  });

  test('of a message that cannot be opened asks for the sample code', async () => {
    const world = fakeWorld({ stdin: '<xml><Encrypt>AAAA</Encrypt></xml>' });
    const { stderr } = await world.run('crypto', 'decrypt');
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^ {2}More: wechat-mp explain -400\d\d$/);
  });
});
