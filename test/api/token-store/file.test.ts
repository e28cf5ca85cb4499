import { execFileSync } from 'node:child_process';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nameCredentialKey } from '../../../src/core/token/credential-key.ts';
import type { RawFiles } from '../../../src/io/files/steps.ts';
import { createFiles } from '../../../src/io/files/files.ts';
import {
  createWorld,
  failureOf,
  keyFor,
  platformError,
  T0,
  tokenNumber,
  type World,
} from '../../helpers/token-sources.ts';
import { temporaryFolder } from '../../helpers/command.ts';
import { buildWorker, startWorker } from '../../helpers/workers.ts';

const MINUTE = 60_000;

function folderOf(world: World): string {
  return join(world.directory, 'tokens');
}

function entryPath(world: World): string {
  return join(folderOf(world), `${nameCredentialKey(world.key)}.json`);
}

function age(path: string, milliseconds: number): void {
  const at = (Date.now() - milliseconds) / 1000;
  nodeFs.utimesSync(path, at, at);
}

/** The world with a token in its store, for another process to find. */
async function warm(world: World): Promise<World> {
  await world.source().get();
  return world;
}

/** Files of which one raw function fails. */
function filesThatFail(code: string, names: readonly (keyof RawFiles)[]): ReturnType<typeof createFiles> {
  const changes = names.map((name) => [
    name,
    () => {
      throw Object.assign(new Error(code), { code });
    },
  ]);
  return createFiles({ ...nodeFs, ...(Object.fromEntries(changes) as Partial<RawFiles>) });
}

describe('createFileStore()', () => {
  test('keeps each key in a private file of its own, whose name tells nothing', async () => {
    const directory = temporaryFolder();
    for (const endpoint of ['stable_token', 'token', 'jsapi', 'wx_card'] as const) {
      await createWorld(endpoint, { directory }).source().get();
    }
    const names = nodeFs.readdirSync(join(directory, 'tokens'));
    expect(names).toHaveLength(4);
    for (const name of names) {
      expect(name).toMatch(/^[0-9a-f]{64}\.json$/);
      expect(nodeFs.statSync(join(directory, 'tokens', name)).mode & 0o777).toBe(0o600);
    }
    expect(nodeFs.statSync(join(directory, 'tokens')).mode & 0o777).toBe(0o700);
  });

  test('writes the secret nowhere', async () => {
    const world = createWorld();
    world.answers = [() => Promise.reject(platformError(40125))];
    await failureOf(world.source().get());
    await world.source().get({ force: true });
    for (const name of nodeFs.readdirSync(folderOf(world))) {
      expect(nodeFs.readFileSync(join(folderOf(world), name), 'utf8')).not.toContain('secret-0123');
    }
  });

  test('never mixes an old and a reset secret', async () => {
    const world = createWorld();
    await world.source().get();
    const source = world.source({ key: keyFor('stable_token', 'another secret') });
    expect(await source.get()).toMatchObject({ value: tokenNumber(2), source: 'platform' });
  });

  test('repairs modes before it writes, and says so', async () => {
    const world = createWorld();
    nodeFs.mkdirSync(folderOf(world));
    nodeFs.chmodSync(folderOf(world), 0o777);
    nodeFs.writeFileSync(join(folderOf(world), 'a.json'), '');
    nodeFs.chmodSync(join(folderOf(world), 'a.json'), 0o644);
    await world.source().get();
    expect(world.notes.map((text) => text.en)).toEqual([
      `Repaired the mode of "${folderOf(world)}": it was 0777 and is now 0700`,
      `Repaired the mode of "${join(folderOf(world), 'a.json')}": it was 0644 and is now 0600`,
    ]);
  });

  test.each([
    ['an entry', (world: World) => entryPath(world), 0o666, '0600'],
    ['the folder', (world: World) => folderOf(world), 0o777, '0700'],
  ])('repairs the mode of %s also when the token is fresh', async (_, pathOf, mode, repaired) => {
    const { directory } = await warm(createWorld());
    const world = createWorld('stable_token', { directory });
    nodeFs.chmodSync(pathOf(world), mode);
    expect((await world.source().get()).source).toBe('cache');
    expect(world.notes.map((text) => text.en)).toEqual([
      `Repaired the mode of "${pathOf(world)}": it was 0${mode.toString(8)} and is now ${repaired}`,
    ]);
    await world.source().get();
    expect(world.notes).toHaveLength(1);
    const next = createWorld('stable_token', { directory });
    await next.source().get();
    expect(next.notes).toEqual([]);
  });

  test.each([
    [0o777, true],
    [0o770, true],
    [0o755, false],
    [0o1777, false],
  ])('warns of a cache folder with mode %o that others may change', async (mode, warned) => {
    const world = createWorld();
    nodeFs.chmodSync(world.directory, mode);
    await world.source().get();
    expect(world.notes.map((text) => text.en)).toEqual(
      warned
        ? [
            `Other users may replace what is in the cache folder "${world.directory}" (mode 0${mode.toString(8)}): run chmod go-w on it`,
          ]
        : [],
    );
    expect(nodeFs.statSync(world.directory).mode & 0o7777).toBe(mode);
  });

  test('says nothing of modes where users have no numbers', async () => {
    const files = createFiles(nodeFs, { platform: 'win32', userId: undefined, pause: () => {} });
    const { directory } = await warm(createWorld('stable_token', { files }));
    const world = createWorld('stable_token', { directory, files });
    nodeFs.chmodSync(world.directory, 0o777);
    nodeFs.chmodSync(entryPath(world), 0o666);
    expect((await world.source().get()).source).toBe('cache');
    expect(world.notes).toEqual([]);
  });

  test('collects what was left behind, when it writes', async () => {
    const world = createWorld();
    const name = 'f'.repeat(64);
    const week = 7 * 24 * 60 * MINUTE;
    const ages: [string, number][] = [
      [`${name}.json.abc.tmp`, 11 * MINUTE],
      [`${name}.lock.0123.g`, 11 * MINUTE],
      [`${name}.json.def.tmp`, 9 * MINUTE],
      [`${name}.lock.4567.g`, 9 * MINUTE],
      [`${name}.json`, week + MINUTE],
      [`${name}.json.corrupt-1`, week + MINUTE],
      [`${name}.setback`, week + MINUTE],
      [`${'e'.repeat(64)}.json`, week - MINUTE],
      [`${name}.lock`, week + MINUTE],
      ['not ours.json', week + MINUTE],
    ];
    nodeFs.mkdirSync(folderOf(world), { mode: 0o700 });
    for (const [file, ageMs] of ages) {
      nodeFs.writeFileSync(join(folderOf(world), file), '', { mode: 0o600 });
      age(join(folderOf(world), file), ageMs);
    }
    await world.source().get();
    const left = nodeFs
      .readdirSync(folderOf(world))
      .filter((file) => file !== `${nameCredentialKey(world.key)}.json`);
    expect(left.toSorted()).toEqual(
      [
        `${'e'.repeat(64)}.json`,
        `${name}.json.def.tmp`,
        `${name}.lock`,
        `${name}.lock.4567.g`,
        'not ours.json',
      ].toSorted(),
    );
  });
});

describe('a damaged entry', () => {
  const shapes: [string, (good: string) => string | Buffer][] = [
    ['empty', () => ''],
    ['NUL', (good) => Buffer.alloc(good.length)],
    ['truncated', (good) => good.slice(0, good.length / 2)],
    ['trailing bytes', (good) => `${good}}}`],
    ['an array', () => '[]'],
    ['null', () => 'null'],
    ['an object', () => '{}'],
    ['a text', () => '"50_token"'],
    ['no JSON', () => '<html>'],
    ['bytes', () => Buffer.from([0xff, 0x00, 0x80])],
    ['a wrong type', (good) => good.replace(/"expiresAtMs":\d+/, '"expiresAtMs":"soon"')],
    ['another account', (good) => good.replaceAll('wx0123456789abcdef', 'wx0000000000000000')],
  ];

  test.each(shapes)('(%s) is fetched again, repaired, kept aside and never shown', async (_, damage) => {
    const world = createWorld();
    await world.source().get();
    const damaged = damage(nodeFs.readFileSync(entryPath(world), 'utf8'));
    nodeFs.writeFileSync(entryPath(world), damaged);
    nodeFs.chmodSync(entryPath(world), 0o600);
    expect(await world.source().get()).toMatchObject({ value: tokenNumber(2), source: 'platform' });
    expect(await world.source().get()).toMatchObject({ value: tokenNumber(2), source: 'cache' });
    expect(world.notes).toEqual([
      {
        en: `The token cache "${entryPath(world).replaceAll('\\', '/')}" is damaged: asking WeChat again and keeping the damaged file beside it`,
        zh: `access_token 缓存 "${entryPath(world).replaceAll('\\', '/')}" 已损坏：将重新向微信获取，损坏的文件会保留在旁边`,
      },
    ]);
    const kept = `${entryPath(world)}.corrupt-${T0}`;
    expect(
      nodeFs
        .readdirSync(folderOf(world))
        .map((name) => join(folderOf(world), name))
        .toSorted(),
    ).toEqual([entryPath(world), kept]);
    expect(nodeFs.readFileSync(kept)).toEqual(Buffer.from(damaged));
    expect(nodeFs.statSync(kept).mode & 0o777).toBe(0o600);
  });

  test('(readable by all) is kept aside as a private file', async () => {
    const world = createWorld();
    await world.source().get();
    nodeFs.writeFileSync(entryPath(world), '{');
    nodeFs.chmodSync(entryPath(world), 0o644);
    // Another process: this one has looked at the folder already.
    await createWorld('stable_token', { directory: world.directory }).source().get();
    expect(nodeFs.statSync(`${entryPath(world)}.corrupt-${T0}`).mode & 0o777).toBe(0o600);
  });

  test('(a directory) is kept aside, too', async () => {
    const world = createWorld();
    nodeFs.mkdirSync(entryPath(world), { recursive: true, mode: 0o700 });
    expect((await world.source().get()).source).toBe('platform');
    expect((await world.source().get()).source).toBe('cache');
  });

  test('of a refusal counts as none', async () => {
    const world = createWorld();
    world.answers = [() => Promise.reject(platformError(40125))];
    await failureOf(world.source().get());
    nodeFs.writeFileSync(entryPath(world).replace('.json', '.setback'), '{"version":1,"kind":"refusal"}');
    expect((await world.source().get()).source).toBe('platform');
  });
});

describe('a store that cannot be used', () => {
  const broken: [string, string, readonly (keyof RawFiles)[]][] = [
    ['cannot be made', 'EACCES', ['mkdirSync']],
    ['is on a read-only file system', 'EROFS', ['mkdirSync', 'openSync']],
    ['cannot be locked', 'ENOSPC', ['writeSync']],
  ];

  test.each(broken)(
    '%s: a stable token is printed with one note that names the place',
    async (_, code, names) => {
      const directory = temporaryFolder();
      const world = createWorld('stable_token', { directory, files: filesThatFail(code, names) });
      const source = world.source();
      expect(await source.get()).toMatchObject({ value: tokenNumber(1), source: 'platform' });
      expect(world.notes).toHaveLength(1);
      expect(world.notes[0]?.en).toContain(`"${directory}/tokens`);
      expect(world.notes[0]?.en).toContain(`(${code}); the token is good, but only this run will know it`);
      expect(world.notes[0]?.zh).toContain(`"${directory}/tokens`);
      // The run itself remembers it.
      expect((await source.get()).value).toBe(tokenNumber(1));
      expect(world.asked).toHaveLength(1);
    },
  );

  test.each(broken.slice(0, 2))('%s: a classic token is not asked for', async (_, code, names) => {
    const directory = temporaryFolder();
    const world = createWorld('token', { directory, files: filesThatFail(code, names) });
    const error = await failureOf(world.source().get());
    expect(error).toMatchObject({ family: 'local', type: 'cache_required', facts: { system_code: code } });
    expect(error.text.en).toContain('each new token ends the one in use');
    expect(error.hint?.en).toContain('--stable');
    expect(world.asked).toHaveLength(0);
  });

  test.each(['stable_token', 'token'] as const)(
    'prints a %s although it cannot be stored any more',
    async (endpoint) => {
      const world = createWorld(endpoint, { files: filesThatFail('ENOSPC', ['renameSync']) });
      expect((await world.source().get()).value).toBe(tokenNumber(1));
      expect(world.notes[0]?.en).toContain('no space is left on the disk (ENOSPC)');
      expect(nodeFs.readdirSync(folderOf(world))).toEqual([]);
    },
  );

  test('has no place at all: a note in stable mode, an error in classic mode', async () => {
    const stable = createWorld('stable_token', { nowhere: true });
    expect((await stable.source().get()).value).toBe(tokenNumber(1));
    expect(stable.notes[0]?.en).toContain('HOME is not set');
    const classic = createWorld('token', { nowhere: true });
    expect(await failureOf(classic.source().get())).toMatchObject({ type: 'cache_required' });
  });

  test('is never overlooked when it was chosen on purpose', async () => {
    const world = createWorld('stable_token', { files: filesThatFail('EACCES', ['mkdirSync']) });
    const store = { ...world.store, required: true };
    expect(await failureOf(world.source({ store }).get())).toMatchObject({ type: 'cache_unusable' });
    expect(world.asked).toHaveLength(0);
  });

  test('costs no stable token and no stored entry', async () => {
    for (let failAt = 1; ; failAt += 1) {
      const directory = temporaryFolder();
      const before = createWorld('stable_token', { directory });
      await before.source().get();
      let calls = 0;
      const fs = new Proxy(nodeFs, {
        get: (target, name: keyof typeof nodeFs) =>
          typeof target[name] === 'function'
            ? (...values: unknown[]): unknown => {
                calls += 1;
                if (calls === failAt) throw Object.assign(new Error('EIO'), { code: 'EIO' });
                return (target[name] as (...each: unknown[]) => unknown)(...values);
              }
            : target[name],
      });
      const world = createWorld('stable_token', { directory, files: createFiles(fs) });
      world.clock.jump(119 * MINUTE);
      expect((await world.source().get()).source).toBe('platform');
      const stored = await before.source().peek();
      expect(stored?.kind).toBe('access_token');
      expect(before.notes).toEqual([]);
      if (calls < failAt) break;
      expect(failAt).toBeLessThan(60);
    }
  });
});

describe('a store on a real disk', () => {
  const root = process.platform === 'linux' && process.getuid?.() === 0;

  test.skipIf(!root)('that is full leaves the old entry whole and prints the token', async () => {
    const { folder, release } = mount('size=64k');
    try {
      const before = createWorld('stable_token', { directory: folder });
      await before.source().get();
      const filler = nodeFs.openSync(join(folder, 'filler'), 'w');
      expect(() => {
        for (;;) nodeFs.writeSync(filler, Buffer.alloc(4096));
      }).toThrow('ENOSPC');
      nodeFs.closeSync(filler);
      const world = createWorld('stable_token', { directory: folder });
      world.answers = [() => ({ value: tokenNumber(9), expiresInSeconds: 7200 })];
      expect((await world.source().get({ force: true })).value).toBe(tokenNumber(9));
      expect(world.notes.map((text) => text.en)).toEqual([
        expect.stringContaining(`"${folder}/tokens": no space is left on the disk (ENOSPC)`),
      ]);
      expect((await before.source().get()).value).toBe(tokenNumber(1));
    } finally {
      release();
    }
  });

  test.skipIf(!root)('that is read-only prints a stable token and refuses a classic one', async () => {
    const { folder, release } = mount('ro');
    try {
      const stable = createWorld('stable_token', { directory: folder });
      expect((await stable.source().get()).value).toBe(tokenNumber(1));
      expect(stable.notes[0]?.en).toContain('the file system is read-only (EROFS)');
      const classic = createWorld('token', { directory: folder });
      expect(await failureOf(classic.source().get())).toMatchObject({ facts: { system_code: 'EROFS' } });
    } finally {
      release();
    }
  });

  // Root may write everywhere, so another user plays these.
  test.skipIf(!root)('that belongs to somebody else, or lies in a directory that does', async () => {
    const program = buildWorker('token-worker');
    nodeFs.chmodSync(join(program, '..'), 0o755);
    const open = temporaryFolder();
    nodeFs.chmodSync(open, 0o755);
    const log = join(open, 'log');
    nodeFs.writeFileSync(log, '');
    nodeFs.chmodSync(log, 0o666);
    nodeFs.mkdirSync(join(open, 'foreign', 'tokens'), { recursive: true });
    nodeFs.chmodSync(join(open, 'foreign', 'tokens'), 0o777);
    const run = async (directory: string, endpoint: string): Promise<Record<string, unknown>> => {
      const { stdout } = await startWorker(program, { directory, endpoint, log }, { uid: 65_534 }).ended;
      return JSON.parse(stdout) as Record<string, unknown>;
    };
    for (const [directory, reason] of [
      [open, 'permission denied (EACCES)'],
      ['/nonexistent/home/.cache', 'permission denied (EACCES)'],
      [join(open, 'foreign'), 'it must belong to user 65534, but belongs to user 0'],
    ] as const) {
      const stable = await run(directory, 'stable_token');
      expect(stable).toMatchObject({ source: 'platform', notes: [{ en: expect.stringContaining(reason) }] });
      const classic = await run(directory, 'token');
      expect(classic).toMatchObject({ error: { family: 'local', type: 'cache_required' } });
    }
    expect(nodeFs.readFileSync(log, 'utf8')).not.toContain('ask token');
    expect(nodeFs.readdirSync(join(open, 'foreign', 'tokens'))).toEqual([]);
  });
});

function mount(options: string): { readonly folder: string; release(): void } {
  const folder = nodeFs.mkdtempSync('/tmp/wechat-mp-tmpfs-');
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
  return {
    folder,
    release: () => {
      execFileSync('umount', ['-l', folder]);
      nodeFs.rmdirSync(folder);
    },
  };
}
