import { describe, expect, test } from 'vitest';
import { offerWays } from '../../../src/cli/shared/welcome.ts';
import { fakeWorld, type FakeIoOptions } from '../../helpers/fake-io.ts';

const tty = ['stdin', 'stdout', 'stderr'] as const;

describe('the bare command', () => {
  const way = async (options: FakeIoOptions) => {
    const world = fakeWorld({ tty, ...options });
    return { way: await offerWays(world.io, 'en'), shown: world.shown };
  };

  test('leads to the simulator with its page', async () => {
    expect((await way({ answers: ['simulator'] })).way).toEqual({ words: ['simulator', '--open'] });
  });

  test('leads to an account, after a name that can be one', async () => {
    const { way: found, shown } = await way({ answers: ['account', 'my shop', 'shop'] });
    expect([found, shown.at(-2)]).toEqual([
      { words: ['profile', 'add', 'shop'] },
      'Letters, digits, "-" and "_"',
    ]);
  });

  test('leads to a probe of the server, with the Token that was typed', async () => {
    const environment = { WECHAT_MP_CALLBACK_TOKEN: undefined };
    const url = 'https://shop.example.com/wechat';
    const answers = ['server', 'shop.example.com', ` ${url} `, 'token123'];
    expect((await way({ environment, answers })).way).toEqual({
      words: ['handshake', 'probe', url],
      environment: { WECHAT_MP_CALLBACK_TOKEN: 'token123' },
    });
    expect((await way({ environment, answers: ['server', url, ''] })).way).toEqual({
      words: ['handshake', 'probe', url],
    });
  });

  test('runs what was chosen, and shows its command line', async () => {
    const world = fakeWorld({ tty, answers: ['account', 'shop', 'environment'] });
    const run = await world.run();
    expect(run.stderr).toContain('$ wechat-mp profile add shop\n');
    expect(world.files.contents.has('/home/me/.config/wechat-mp/config.json')).toBe(true);
  });

  test('is the help where that was chosen', async () => {
    const run = await fakeWorld({ tty, answers: ['help'] }).run();
    expect([run.code, run.stdout]).toEqual([0, expect.stringContaining('wechat-mp <command> [options]')]);
  });

  test.each([
    ['a pipe', { tty: ['stdin', 'stderr'] as const }, []],
    ['no terminal', { tty: [] }, []],
    ['CI', { tty, environment: { CI: 'true' } }, []],
    ['WECHAT_MP_NO_INPUT', { tty, environment: { WECHAT_MP_NO_INPUT: '1' } }, []],
    ['--no-input', { tty }, ['--no-input']],
    ['--json', { tty }, ['--json']],
    ['--help', { tty }, ['--help']],
  ])('is the help with %s', async (_, options, words) => {
    const world = fakeWorld(options);
    const run = await world.run(...words);
    expect([run.code, run.stdout, world.shown]).toEqual([0, expect.stringContaining('wechat-mp'), []]);
  });
});

test('WECHAT_MP_NO_INPUT asks nothing of a command either', async () => {
  const world = fakeWorld({ tty, environment: { WECHAT_MP_NO_INPUT: '1' } });
  const run = await world.run('qr', 'create', '--scene', '1', '--permanent');
  expect([run.code, run.stderr, world.shown]).toEqual([2, expect.stringContaining('Add --yes'), []]);
});
