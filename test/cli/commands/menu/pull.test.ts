import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';

const menu = { button: [{ type: 'click', name: 'a\u{202e}\u{9b}b', key: 'k' }] };
const files = { 'menu.json': JSON.stringify(menu), 'other.json': '{}' };

async function withMenu() {
  const world = fakeWorld({ files });
  expect((await world.run('menu', 'push', '--yes')).code).toBe(0);
  return world;
}

describe('menu pull', () => {
  test('says no where there is no menu', async () => {
    const run = await fakeWorld().run('menu', 'pull', '--quiet');
    expect(run).toEqual({
      code: 1,
      stdout: '',
      stderr:
        '✗ The account has no menu that was made by API\n  Fix: Make one: wechat-mp menu push menu.json\n',
    });
  });

  test('writes what can be pushed back', async () => {
    const world = await withMenu();
    expect(await world.run('menu', 'pull', '--out', 'got.json', '-q')).toEqual({
      code: 0,
      stdout: 'got.json\n',
      stderr: '',
    });
    const again = await world.run('menu', 'push', 'got.json', '--dry-run', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: false });
  });

  test('is JSON on stdout, one line with --json, and steers no terminal', async () => {
    const world = await withMenu();
    for (const words of [[], ['--json'], ['--out', '-'], ['--out', '/dev/stdout']]) {
      const { stdout } = await world.run('menu', 'pull', ...words);
      expect(JSON.parse(stdout)).toEqual(menu);
      // oxlint-disable-next-line no-control-regex
      expect(stdout).not.toMatch(/[\x7f-\x9f\u202e]/);
      expect(stdout.trimEnd().split('\n').length === 1).toBe(words[0] === '--json');
    }
    expect(JSON.parse((await world.run('menu', 'pull', '--out', 'x.json', '--json')).stdout)).toEqual({
      file: 'x.json',
      buttons: 1,
    });
  });

  test('leaves a file with other content alone without --force', async () => {
    const world = await withMenu();
    const run = await world.run('menu', 'pull', '--out', 'other.json');
    expect([run.code, run.stdout, world.files.contents.get('/desk/other.json')?.toString()]).toEqual([
      7,
      '',
      '{}',
    ]);
    expect((await world.run('menu', 'pull', '--out', 'other.json', '--force')).code).toBe(0);
    expect((await world.run('menu', 'pull', '--out', 'other.json')).code).toBe(0);
  });

  test('finds out before it asks that the place does not exist', async () => {
    const world = fakeWorld();
    expect((await world.run('menu', 'pull', '--out', 'no/x.json')).code).toBe(7);
    expect(world.requests).toEqual([]);
  });
});
