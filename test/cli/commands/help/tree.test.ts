import { describe, expect, test } from 'vitest';
import type { ToolDescription } from '../../../../src/cli/commands/help/tree.ts';
import { namesOf } from '../../../../src/cli/frame/plain-words.ts';
import { settingsFlags } from '../../../../src/cli/settings/settings-flags.ts';
import { fakeWorld } from '../../../helpers/fake-io.ts';
import { againstSchema } from '../../../helpers/output-schema.ts';

async function describe_(...words: readonly string[]): Promise<ToolDescription> {
  const { code, stdout, stderr } = await fakeWorld().run('help', '--json', ...words);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as ToolDescription;
}

/** A command in a line or two: what a script may rely on, without the words for people. */
function lineOf({
  path,
  arguments: places,
  options,
  effect,
  confirmation,
  exit_codes: codes,
}: ToolDescription['commands'][number]): string {
  const argumentsOf = places.map(({ name, required, repeatable }) => {
    const text = `${name}${repeatable ? '...' : ''}`;
    return required ? `<${text}>` : `[${text}]`;
  });
  // Those of settings are the same for many: their group stands for them.
  const groups = Object.entries(settingsFlags).map(([name, set]) => ({
    name,
    flags: Object.values(set).flatMap(namesOf),
  }));
  const given = new Set(options.flatMap(({ flags: each }) => each));
  const taken = groups.filter((group) => group.flags.every((name) => given.has(name)));
  const own = options.filter(
    ({ flags: each }) => !taken.some((group) => group.flags.includes(each.at(-1) ?? '')),
  );
  const flags = own.map(({ flags: names, value, choices, repeatable }) => {
    const place = choices?.join('|') ?? value;
    return `${names.join('/')}${place === undefined ? '' : `=${place}`}${repeatable === true ? '...' : ''}`;
  });
  const ends = [effect, confirmation?.option ?? 'unasked', Object.keys(codes).join(' ')].filter(Boolean);
  const settings = taken.map(({ name }) => `+${name}`);
  const lines = [
    [...path, ...argumentsOf].join(' '),
    [...flags, ...settings].join(' '),
    `(${ends.join(', ')})`,
  ];
  return lines.filter(Boolean).join('\n  ');
}

describe('help --json', () => {
  test('has all commands, flat, as the snapshot says', async () => {
    const { commands } = await describe_();
    await expect(`${commands.map(lineOf).join('\n')}\n`).toMatchFileSnapshot('commands.txt');
  });

  test('follows its own schema, for all, a group, a command and a topic', async () => {
    for (const words of [[], ['menu'], ['menu', 'push']])
      expect(againstSchema('help', await describe_(...words))).toEqual([]);
    const topic = await fakeWorld().run('help', 'ci', '--json');
    expect(againstSchema('help', JSON.parse(topic.stdout))).toEqual([]);
  });

  test('of a path has the commands below it', async () => {
    const paths = async (...words: readonly string[]) =>
      (await describe_(...words)).commands.map(({ path }) => path.join(' '));
    expect(await paths('menu', 'push')).toEqual(['menu push']);
    expect(await paths('crypto')).toEqual(['crypto encrypt', 'crypto decrypt', 'crypto key']);
    expect(await paths('token')).toEqual(['token']);
    expect(await fakeWorld().run('help', '--json', 'menu', 'pusch')).toMatchObject({ code: 2, stdout: '' });
  });

  test('is what --help and the bare command say with --json', async () => {
    const all = await fakeWorld().run('help', '--json');
    expect(await fakeWorld().run('--json')).toEqual(all);
    expect(await fakeWorld().run('--help', '--json')).toEqual(all);
    const one = await fakeWorld().run('help', '--json', 'menu', 'push', '--lang', 'zh');
    expect(await fakeWorld().run('menu', 'push', '--help', '--json', '--lang', 'zh')).toEqual(one);
    expect(one.stdout).toContain('检查菜单文件并发布');
  });

  test('says of a command what it takes, prints and may change', async () => {
    const [push] = (await describe_('menu', 'push')).commands;
    expect(push).toMatchObject({
      path: ['menu', 'push'],
      summary: 'Check a menu file and make it the menu',
      arguments: [{ name: 'file', required: false, repeatable: false }],
      output: { type: 'object' },
      effect: 'remote',
      confirmation: { option: '--yes' },
    });
    expect(push?.options).toContainEqual({
      flags: ['--expect-remote'],
      value: 'hash',
      summary: 'Stop unless what is live has the remote_hash that "menu diff" printed',
    });
    const [simulator] = (await describe_('simulator')).commands;
    expect(simulator?.arguments).toEqual([
      {
        name: 'command',
        summary: 'Run this against a fresh simulator',
        required: false,
        repeatable: true,
        after: '--',
      },
    ]);
  });

  test('has each exit code, the types of errors with theirs, and the variables', async () => {
    const tree = await describe_('help');
    expect(Object.keys(tree.exit_codes)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 70, 126, 127, 129, 130, 131, 143].map(String),
    );
    const codes = Object.fromEntries(tree.error_types.map(({ type, exit_code: code }) => [type, code]));
    expect(codes).toMatchObject({
      command_unknown: 2,
      disk_full: 7,
      command_not_found: 127,
      bug: 70,
      dns: 5,
    });
    expect(Object.values(codes).filter((code) => !Number.isInteger(code))).toEqual([]);
    const names = tree.variables.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['WECHAT_MP_APPID', 'NO_COLOR', 'FORCE_COLOR', 'CI']));
    expect(names.filter((name) => !/^[A-Z_]+$/.test(name))).toEqual([]);
  });

  test('names the commands that ask first, and those that change nothing', async () => {
    const { commands } = await describe_();
    const asking = commands
      .filter(({ confirmation }) => confirmation !== null)
      .map(({ path }) => path.join(' '));
    expect(asking).toEqual(
      expect.arrayContaining([
        'profile remove',
        'token',
        'menu push',
        'menu delete',
        'qr create',
        'qr batch',
      ]),
    );
    for (const { path, effect, confirmation, options } of commands) {
      if (confirmation !== null) expect({ path, effect }).not.toEqual({ path, effect: 'none' });
      if (confirmation?.option === '--confirm')
        expect(options.flatMap(({ flags }) => flags)).toContain('--confirm');
    }
  });
});

test.each(['en', 'zh'])('help ci names the way through a relay, in %s', async (lang) => {
  const { stdout } = await fakeWorld().run('help', 'ci', '--lang', lang);
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/wechat-mp relay.* WECHAT_MP_VIA .*WECHAT_MP_VIA_KEY/);
});
