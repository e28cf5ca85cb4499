import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';

const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

describe('qr create', () => {
  test('prints the url, and everything with --json', async () => {
    const world = fakeWorld();
    const { stdout } = await world.run('qr', 'create', '--scene', '123', '-q');
    expect(stdout).toMatch(/^http:\/\/weixin\.qq\.com\/q\/\S+\n$/);
    expect(json((await world.run('qr', 'create', '--scene', '123', '--json')).stdout)).toEqual({
      ticket: expect.stringMatching(/^\S+$/) as string,
      url: expect.stringMatching(/^http/) as string,
      scene_id: 123,
      permanent: false,
      expires_at: '2026-02-14T04:00:00.000Z',
      file: null,
      bytes: null,
    });
    const permanent = await world.run('qr', 'create', '--scene-str', 'shop', '--permanent', '-y', '--json');
    expect(json(permanent.stdout)).toMatchObject({ scene_str: 'shop', permanent: true, expires_at: null });
  });

  test('writes the image, whole and a JPEG', async () => {
    const world = fakeWorld();
    const run = await world.run('qr', 'create', '--scene', '1', '--out', 'qr.jpg', '--json');
    const image = world.files.contents.get('/desk/qr.jpg');
    expect(json(run.stdout)).toMatchObject({ file: 'qr.jpg', bytes: image?.length });
    expect(image?.subarray(0, 2).toString('hex')).toBe('ffd8');
    expect((await world.run('qr', 'create', '--scene', '1', '--out', '-')).stdout.length).toBeGreaterThan(
      500,
    );
  });

  test('tells the code whose image could not be had: it exists', async () => {
    const world = fakeWorld();
    world.files.fail('write', 'qr.jpg', 'ENOSPC');
    const run = await world.run('qr', 'create', '--scene-str', 'x', '--permanent', '-y', '--out', 'qr.jpg');
    expect([run.code, run.stdout]).toEqual([7, '']);
    expect(run.stderr).toMatch(
      /! The code was created, only its image is missing: http:\/\/weixin\.qq\.com\/q\/\S+ \(\S+\)\n/,
    );
    expect(run.stderr).not.toContain('***');
  });

  test('draws the code on a terminal, not with --quiet', async () => {
    const terminal = { tty: ['stderr'] as const };
    expect((await fakeWorld(terminal).run('qr', 'create', '--scene', '1')).stderr).toContain('█');
    expect((await fakeWorld(terminal).run('qr', 'create', '--scene', '1', '-q')).stderr).not.toContain('█');
    expect((await fakeWorld().run('qr', 'create', '--scene', '1')).stderr).not.toContain('█');
  });

  test.each([
    [['--scene', '1'], 0],
    [['--scene', '4294967295'], 0],
    [['--scene', '100000', '--permanent', '-y'], 0],
    [['--scene', '1', '--expire', '30d'], 0],
    [['--scene', '1', '--expire', '1s'], 0],
    [['--scene-str', '景'.repeat(64)], 0],
    [[], 2],
    [['--scene', '1', '--scene-str', 'a'], 2],
    [['--scene', '0'], 2],
    [['--scene', '4294967296'], 2],
    [['--scene', '-1'], 2],
    [['--scene', '1.5'], 2],
    [['--scene', '100001', '--permanent', '-y'], 2],
    [['--scene', '1', '--permanent', '--expire', '1d'], 2],
    [['--scene', '1', '--expire', '2592001s'], 2],
    [['--scene', '1', '--expire', '500ms'], 2],
    [['--scene-str', ''], 2],
    [['--scene-str', '景'.repeat(65)], 2],
    [['--scene', '1', '--permanent'], 2],
  ])('%j is exit %i, and a mistake sends nothing', async (words, code) => {
    const world = fakeWorld();
    expect((await world.run('qr', 'create', ...words)).code).toBe(code);
    expect(world.requests.length > 0).toBe(code === 0);
  });

  test.each([
    ['12345678901234567890123456789012', 'a scene number is at most 4294967295, this one has 32 digits'],
    ['abc', 'it must be a whole number'],
  ])('--scene %s is refused with what is wrong, and the flag for texts', async (scene, reason) => {
    const world = fakeWorld();
    const run = await world.run('qr', 'create', '--scene', scene);
    expect([run.code, world.requests]).toEqual([2, []]);
    expect(run.stderr).toContain(reason);
    expect(run.stderr).toContain(`For a text use --scene-str ${scene}`);
  });

  test('--dry-run creates nothing and asks nobody', async () => {
    const world = fakeWorld();
    const run = await world.run('qr', 'create', '--scene', '5', '--permanent', '--dry-run', '--json');
    expect(json(run.stdout)).toEqual({ dry_run: true, scene_id: 5, permanent: true });
    expect(world.requests).toEqual([]);
  });

  test('replaces its picture by the next one', async () => {
    const world = fakeWorld();
    const create = (scene: string) => world.run('qr', 'create', '--scene', scene, '--out', 'qr.jpg');
    expect([(await create('123')).code, (await create('123')).code]).toEqual([0, 0]);
    const before = world.files.contents.get('/desk/qr.jpg');
    expect((await create('124')).code).toBe(0);
    expect(world.files.contents.get('/desk/qr.jpg')).not.toEqual(before);
  });

  test('leaves an existing file alone without --force, before anything is sent', async () => {
    const world = fakeWorld({ files: { 'qr.jpg': 'mine' } });
    expect((await world.run('qr', 'create', '--scene', '1', '--out', 'qr.jpg')).code).toBe(2);
    expect(world.requests).toEqual([]);
    expect((await world.run('qr', 'create', '--scene', '1', '--out', 'qr.jpg', '--force')).code).toBe(0);
  });
});
