/**
 * Every command that writes, with the nth call of the system failing for n = 1, 2, 3 … until the run ends: trouble of the
 * machine is exit 7 or a warning, never a mistake of the tool, and what was there or was made is not lost.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFiles } from '../../src/io/files/files.ts';
import { listen } from '../../src/io/net/listen.ts';
import { listenFetch } from '../../src/io/net/listen-fetch.ts';
import { createManyFiles } from '../../src/io/files/many-files.ts';
import { createLocks } from '../../src/io/files/locks.ts';
import { WechatMpError } from '../../src/core/errors.ts';
import { temporaryFolder } from './command.ts';
import { failingFiles, type FailingFiles } from './failing-files.ts';
import { fakeWorld, type FakeWorld, type Run } from './fake-io.ts';

/** The system's codes take turns, so that each call meets each of them in one command or another. */
const codes = ['ENOSPC', 'EIO', 'EDQUOT', 'EROFS', 'EACCES', 'EMFILE'];

interface Place {
  readonly folder: string;
  readonly world: FakeWorld;
  readonly disk: FailingFiles;
  run(...words: readonly string[]): Promise<Run>;
}

const interrupted = new WechatMpError({
  family: 'interrupted',
  type: 'interrupted',
  text: { en: 'Interrupted', zh: '已中断' },
});

/** A folder of its own with a home in it, and the files of this machine as they fail. */
function place(failAt: number, code: string, kind: 'once' | 'full'): Place {
  const folder = temporaryFolder();
  const disk = failingFiles(failAt, code, kind);
  const world = fakeWorld({
    environment: { HOME: path.join(folder, 'home') },
  });
  Object.assign(world.io, {
    files: createFiles(disk.fs),
    locks: async () => createLocks({ fs: disk.fs }),
    manyFiles: async () => createManyFiles(disk.fs),
    listen: async () => listen,
    listenFetch: async () => listenFetch,
    directory: folder,
  });
  return {
    folder,
    world,
    disk,
    async run(...words) {
      // Whoever waits gets the time, but not so fast that a module that is being loaded becomes a timeout.
      const time = setInterval(() => void world.clock.advance(100), 20);
      try {
        return await world.run(...words);
      } finally {
        clearInterval(time);
      }
    },
  };
}

/** The process has ended, and with it its locks; the disk works again. */
function anotherDay({ folder, disk }: Place): void {
  disk.heal();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.lock')) rmSync(path.join(folder, name));
}

const errorOf = ({ stderr }: Run): Record<string, unknown> =>
  (JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: Record<string, unknown> }).error;

/** Exit 0, or 7 with an error that is no bug; 2 where what was handed in could not be read. */
function expectTrouble(run: Run, what: string | undefined): void {
  if (run.code === 0) return;
  const { type, code } = errorOf(run);
  expect({ what, code, type, exit: run.code }).toEqual({
    what,
    code: type === 'file_unreadable' ? 2 : 7,
    type: expect.not.stringMatching(/^bug$/),
    exit: code,
  });
}

interface Sweep {
  readonly kind: 'once' | 'full';
  readonly first: number;
  readonly step: number;
}

/** Runs with the first call that fails, then the second, and so on until none does. */
async function torture({ kind, first, step }: Sweep, work: (found: Place) => Promise<void>): Promise<number> {
  for (let failAt = first; ; failAt += step) {
    const code = kind === 'full' ? 'ENOSPC' : (codes[Math.floor(failAt / step) % codes.length] ?? '');
    const found = place(failAt, code, kind);
    await work(found);
    if (found.disk.failed() === undefined) return failAt;
  }
}

const rows = 'scene,name,permanent\n1,one,yes\ntwo,two,yes\n3,three,\n';
const menuOf = (key: string) => JSON.stringify({ button: [{ type: 'click', name: 'a', key }] });

/** The whole is `step` 1; more leaves out calls between, for a small round. */
export function describeDiskTorture(step: number): void {
  describe.each(['once', 'full'] as const)('a disk that fails %s', (kind) => {
    const sweep = { kind, first: Math.ceil(step / 2), step };

    test('costs qr batch no code, and no code is made twice', { timeout: 120_000 }, async () => {
      const calls = await torture(sweep, async (found) => {
        const { folder, world, disk } = found;
        const table = path.join(folder, 'a.csv');
        writeFileSync(table, rows);
        const words = [
          'qr',
          'batch',
          table,
          '--out-dir',
          path.join(folder, 'codes'),
          '--sheet',
          '-y',
          '--json',
        ];
        const run = await found.run(...words, '--concurrency', '2');
        expectTrouble(run, disk.failed());
        const unsaved = run.code === 0 ? [] : ((errorOf(run)['unsaved'] ?? []) as { permanent: boolean }[]);
        anotherDay(found);
        const again = await found.run(...words, '--resume');
        const summary = JSON.parse(again.stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
        // What no file could take was told, and is not made again by itself where it stays for ever.
        const lost = unsaved.filter(({ permanent }) => permanent).length;
        const made = world.requests.filter((request) => request.endsWith('/qrcode/create')).length;
        expect({ at: disk.failed(), code: again.code, unknown: summary['unknown'], made }).toEqual({
          at: disk.failed(),
          code: lost === 0 ? 0 : 4,
          unknown: lost,
          made: 3 + unsaved.length - lost,
        });
      });
      expect(calls).toBeGreaterThan(20);
    });

    test('costs menu push no menu, and qr create no file', { timeout: 120_000 }, async () => {
      const calls = await torture(sweep, async (found) => {
        const { folder, disk } = found;
        const [old, next] = ['old.json', 'next.json'].map((name) => path.join(folder, name)) as [
          string,
          string,
        ];
        writeFileSync(old, menuOf('old'));
        writeFileSync(next, menuOf('next'));
        expectTrouble(await found.run('menu', 'push', old, '-y', '--json'), disk.failed());
        const run = await found.run('menu', 'push', next, '-y', '--json');
        expectTrouble(run, disk.failed());
        const out = path.join(folder, 'out');
        const picture = await found.run('qr', 'create', '--scene', '1', '--out', out, '--json');
        expectTrouble(picture, disk.failed());
        expect(existsSync(out)).toBe(picture.code === 0);
        const pulled = path.join(folder, 'pulled.json');
        const pull = await found.run('menu', 'pull', '--out', pulled, '--json');
        if (pull.code !== 1) expectTrouble(pull, disk.failed());
        expect(existsSync(pulled)).toBe(pull.code === 0);
        anotherDay(found);
        expect((await found.run('menu', 'push', next, '-y', '--json')).code).toBe(0);
      });
      expect(calls).toBeGreaterThan(20);
    });

    test('leaves profiles and tokens whole', { timeout: 120_000 }, async () => {
      const calls = await torture(sweep, async (found) => {
        const { folder, disk, world } = found;
        const secretFile = path.join(folder, 'secret');
        writeFileSync(secretFile, world.simulator.account.secret);
        const { appId } = world.simulator.account;
        const add = ['profile', 'add', 'shop', '--appid', appId, '--secret-file', secretFile, '--json'];
        const added = await found.run(...add);
        expectTrouble(added, disk.failed());
        expectTrouble(await found.run('token', '--json'), disk.failed());
        expectTrouble(await found.run('token', '--clear', '--json'), disk.failed());
        const config = path.join(folder, 'home/.config/wechat-mp');
        const files = ['config.json', 'secrets.json'].filter((name) => existsSync(path.join(config, name)));
        for (const name of files) JSON.parse(readFileSync(path.join(config, name), 'utf8'));
        if (added.code === 0) expect(files).toHaveLength(2);
        anotherDay(found);
        expect((await found.run(...add, '--force')).code).toBe(0);
        expectTrouble(await found.run('profile', 'remove', 'shop', '-y', '--json'), disk.failed());
      });
      expect(calls).toBeGreaterThan(20);
    });

    test.each(['simulator', 'serve'])(
      'stops %s with a reason, or not at all',
      { timeout: 120_000 },
      async (name) => {
        const calls = await torture(sweep, async (found) => {
          const { folder, disk, world } = found;
          const state = path.join(folder, 'state.json');
          const ready = path.join(folder, 'ready.json');
          const options =
            {
              simulator: ['--state', state],
              serve: ['--record', path.join(folder, 'records')],
            }[name] ?? [];
          const ended = found.run(name, '--port', '0', '--ready-file', ready, ...options, '--json');
          let over = false;
          void ended.then(() => (over = true));
          await expect.poll(() => over || existsSync(ready), { interval: 2 }).toBe(true);
          world.interruption.abort(interrupted);
          const run = await ended;
          if (run.code !== 130) expectTrouble(run, disk.failed());
          expect(existsSync(ready) && disk.failed() === undefined).toBe(false);
          if (name === 'simulator' && existsSync(state)) JSON.parse(readFileSync(state, 'utf8'));
        });
        expect(calls).toBeGreaterThan(3);
      },
    );
  });
}
