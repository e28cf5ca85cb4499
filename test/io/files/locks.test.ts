import { spawnSync } from 'node:child_process';
import * as nodeFs from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RawFiles } from '../../../src/io/files/steps.ts';
import { thisSystem } from '../../../src/io/files/steps.ts';
import { createLocks, GUARD_LEASE_MS, LEASE_MS } from '../../../src/io/files/locks.ts';
import { createProcesses, parseStat, type ProcessIdentity } from '../../../src/io/files/process-identity.ts';
import { temporaryFolder } from '../../helpers/command.ts';
import { buildWorker, startWorker } from '../../helpers/workers.ts';
import { longestOverlap, plantDeadLock, takeOver } from '../../helpers/lock-rounds.ts';

const self = createProcesses().self();
const linux = process.platform === 'linux';

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** A lock file as another process would have left it that long ago. */
function plant(path: string, owner: Partial<ProcessIdentity> & { generation?: string }, ageMs = 0): void {
  nodeFs.writeFileSync(path, JSON.stringify({ generation: 'f'.repeat(24), ...self, ...owner }));
  const at = (Date.now() - ageMs) / 1000;
  nodeFs.utimesSync(path, at, at);
}

/** How many attempts the lock takes; the last one is undone. */
function attempts(path: string, locks = createLocks()): number | undefined {
  for (let count = 1; count <= 6; count += 1) {
    const attempt = locks.tryLock(path);
    if (!attempt.held) continue;
    if (!attempt.unlock()) throw new Error('it was not ours');
    return count;
  }
  return undefined;
}

describe('tryLock()', () => {
  test('gives the lock to one and names it to the next, until it is unlocked', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.lock');
    const first = createLocks().tryLock(path);
    expect(first.held).toBe(true);
    const second = createLocks().tryLock(path);
    expect(second).toMatchObject({ held: false, holder: { host: self.host, pid: process.pid } });
    expect(first.held && first.unlock()).toBe(true);
    expect(nodeFs.readdirSync(folder)).toEqual([]);
    expect(attempts(path)).toBe(1);
  });

  test.each(['here', 'elsewhere'])(
    'takes the lock from a holder %s that was silent for its lease',
    (where) => {
      const path = join(temporaryFolder(), 'a.lock');
      const owner = where === 'here' ? {} : { domain: where };
      plant(path, owner, 3000);
      expect(createLocks().tryLock(path, { leaseMs: 5000 }).held).toBe(false);
      expect(nodeFs.existsSync(path)).toBe(true);
      plant(path, owner, 5500);
      expect(createLocks().tryLock(path, { leaseMs: 5000 }).held).toBe(false);
      expect(createLocks().tryLock(path, { leaseMs: 5000 }).held).toBe(true);
    },
  );

  test('makes private files that name the holder', () => {
    const path = join(temporaryFolder(), 'a.lock');
    createLocks().tryLock(path);
    expect(nodeFs.statSync(path).mode & 0o777).toBe(0o600);
    expect(JSON.parse(nodeFs.readFileSync(path, 'utf8'))).toMatchObject({
      host: self.host,
      pid: process.pid,
    });
  });

  test('throws the system error where there is no directory', () => {
    expect(() => createLocks().tryLock(join(temporaryFolder(), 'none', 'a.lock'))).toThrow('ENOENT');
  });

  test('tells how long the lock has been held by the clock of the file system', () => {
    const path = join(temporaryFolder(), 'a.lock');
    plant(path, {}, 12_000);
    const attempt = createLocks().tryLock(path);
    if (attempt.held) throw new Error('taken over');
    expect(attempt.holder.ageMs).toBeGreaterThanOrEqual(11_900);
    expect(attempt.holder.ageMs).toBeLessThan(13_000);
  });

  test('removes the lock of a dead process and leaves the next attempt to the caller', () => {
    const path = join(temporaryFolder(), 'a.lock');
    plant(path, { pid: spawnSync('true').pid });
    expect(attempts(path)).toBe(2);
  });

  test.skipIf(!linux)('removes the lock of a process whose number was given to another', () => {
    const path = join(temporaryFolder(), 'a.lock');
    plant(path, { startTicks: '1' });
    expect(attempts(path)).toBe(2);
  });

  test('never judges a process of another host, boot or PID namespace before the lease', () => {
    const path = join(temporaryFolder(), 'a.lock');
    const dead = spawnSync('true').pid;
    plant(path, { pid: dead, domain: 'elsewhere' }, LEASE_MS - 2000);
    expect(attempts(path)).toBeUndefined();
    plant(path, { pid: dead, domain: 'elsewhere' }, LEASE_MS + 500);
    expect(attempts(path)).toBe(2);
  });

  test('never judges a process by its number when its own PID namespace is unknown', () => {
    const path = join(temporaryFolder(), 'a.lock');
    const processes = { ...createProcesses(), self: () => ({ ...self, domain: undefined }) };
    plant(path, { pid: spawnSync('true').pid, domain: undefined });
    expect(attempts(path, createLocks({ processes }))).toBeUndefined();
  });

  test('ends the lease of a living process after 30 s and not before', () => {
    const path = join(temporaryFolder(), 'a.lock');
    plant(path, {}, LEASE_MS - 2000);
    expect(attempts(path)).toBeUndefined();
    plant(path, {}, LEASE_MS + 500);
    expect(attempts(path)).toBe(2);
  });

  test('does not wait for a time in the future', () => {
    const path = join(temporaryFolder(), 'a.lock');
    plant(path, { domain: 'elsewhere' }, -3_600_000);
    expect(attempts(path)).toBe(2);
  });

  test.each([
    '',
    '\0\0\0\0',
    '{"generation":"../../../etc/passwd","host":"h","pid":1}',
    '{"pid":-1}',
    'null',
    '[]',
  ])('takes the unreadable lock %j for held, until the lease ends', (content) => {
    const path = join(temporaryFolder(), 'a.lock');
    nodeFs.writeFileSync(path, content);
    expect(attempts(path)).toBeUndefined();
    const at = (Date.now() - LEASE_MS - 500) / 1000;
    nodeFs.utimesSync(path, at, at);
    expect(attempts(path)).toBe(2);
  });
});

describe('unlock()', () => {
  test('of a holder that slept through its lease leaves the successor its lock', () => {
    const path = join(temporaryFolder(), 'a.lock');
    const sleeper = createLocks().tryLock(path);
    const longAgo = (Date.now() - LEASE_MS - 500) / 1000;
    nodeFs.utimesSync(path, longAgo, longAgo);
    expect(createLocks().tryLock(path).held).toBe(false);
    const successor = createLocks().tryLock(path);
    if (!sleeper.held || !successor.held) throw new Error('not taken over');
    const before = nodeFs.readFileSync(path, 'utf8');
    expect(sleeper.unlock()).toBe(false);
    expect(nodeFs.readFileSync(path, 'utf8')).toBe(before);
    expect(successor.unlock()).toBe(true);
    expect(successor.unlock()).toBe(false);
  });
});

describe('a guard', () => {
  const generation = 'a'.repeat(24);

  /** A dead lock, whose remover got as far as its guard. */
  function plantGuarded(guard: Partial<ProcessIdentity>, ageMs: number): string {
    const path = join(temporaryFolder(), 'a.lock');
    const dead = spawnSync('true').pid;
    plant(path, { pid: dead, generation });
    plant(`${path}.${generation}.g`, { pid: dead, generation: 'b'.repeat(24), ...guard }, ageMs);
    return path;
  }

  test('of a process that died is removed by the same rule', () => {
    const path = plantGuarded({}, 0);
    expect(attempts(path)).toBe(2);
    expect(nodeFs.readdirSync(join(path, '..'))).toEqual([]);
  });

  test('of a living process holds longer than a lease', () => {
    expect(attempts(plantGuarded(self, LEASE_MS + 1000))).toBeUndefined();
    expect(attempts(plantGuarded(self, GUARD_LEASE_MS + 500))).toBe(2);
  });

  test('of a process elsewhere holds as long as a lease', () => {
    expect(attempts(plantGuarded({ domain: 'elsewhere' }, LEASE_MS - 2000))).toBeUndefined();
    expect(attempts(plantGuarded({ domain: 'elsewhere' }, LEASE_MS + 500))).toBe(2);
  });

  test('keeps others out between the last look and the removal', () => {
    const path = join(temporaryFolder(), 'a.lock');
    plant(path, { pid: spawnSync('true').pid });
    const others: boolean[] = [];
    const unlinkSync = ((file: string) => {
      // The moment in which somebody else would remove the dead lock and take its own.
      if (file === path) others.push(createLocks().tryLock(path).held, createLocks().tryLock(path).held);
      nodeFs.unlinkSync(file);
    }) as RawFiles['unlinkSync'];
    const locks = createLocks({ fs: { ...nodeFs, unlinkSync } });
    expect(locks.tryLock(path).held).toBe(false);
    expect(others).toEqual([false, false]);
    expect(locks.tryLock(path).held).toBe(true);
  });

  test('protects the successor from a remover that comes too late', () => {
    const path = join(temporaryFolder(), 'a.lock');
    plant(path, { pid: spawnSync('true').pid });
    // Another one removes the dead lock and takes its own just before our guard stands.
    let successor: string | undefined;
    const linkSync = ((from: string, to: string) => {
      if (to.endsWith('.g') && successor === undefined) {
        nodeFs.unlinkSync(path);
        plant(path, { generation: 'c'.repeat(24) });
        successor = nodeFs.readFileSync(path, 'utf8');
      }
      nodeFs.linkSync(from, to);
    }) as RawFiles['linkSync'];
    expect(createLocks({ fs: { ...nodeFs, linkSync } }).tryLock(path).held).toBe(false);
    expect(nodeFs.readFileSync(path, 'utf8')).toBe(successor);
  });
});

describe('createLocks() on odd file systems', () => {
  test.each(['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'])('does without hard links (%s)', (code) => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.lock');
    const linkSync = (() => {
      throw systemError(code);
    }) as RawFiles['linkSync'];
    const locks = createLocks({ fs: { ...nodeFs, linkSync } });
    const first = locks.tryLock(path);
    expect(first.held).toBe(true);
    expect(locks.tryLock(path)).toMatchObject({ held: false, holder: { pid: process.pid } });
    expect(first.held && first.unlock()).toBe(true);
    expect(nodeFs.readdirSync(folder)).toEqual([]);
  });

  test('throws other errors of linking and leaves nothing behind', () => {
    const folder = temporaryFolder();
    const linkSync = (() => {
      throw systemError('EIO');
    }) as RawFiles['linkSync'];
    expect(() => createLocks({ fs: { ...nodeFs, linkSync } }).tryLock(join(folder, 'a.lock'))).toThrow('EIO');
    expect(nodeFs.readdirSync(folder)).toEqual([]);
  });

  test('knows its own lock when the answer to the link was lost', () => {
    const path = join(temporaryFolder(), 'a.lock');
    const linkSync = ((from: string, to: string) => {
      nodeFs.linkSync(from, to);
      throw systemError('EEXIST');
    }) as RawFiles['linkSync'];
    expect(createLocks({ fs: { ...nodeFs, linkSync } }).tryLock(path).held).toBe(true);
  });

  test('takes a name that Windows is just removing for taken', () => {
    const path = join(temporaryFolder(), 'a.lock');
    const deny = (() => {
      throw systemError('EPERM');
    }) as () => never;
    const openSync = ((file: string, flags: string, mode: number) =>
      file === path ? deny() : nodeFs.openSync(file, flags, mode)) as RawFiles['openSync'];
    const fs = { ...nodeFs, linkSync: deny as RawFiles['linkSync'], openSync };
    const system = { ...thisSystem, platform: 'win32', pause: () => undefined };
    const readable = {
      ...fs,
      openSync: ((file: string, flags: string, mode: number) => {
        if (file === path && flags === 'r') throw systemError('ENOENT');
        return openSync(file, flags, mode);
      }) as RawFiles['openSync'],
    };
    expect(createLocks({ fs: readable, system }).tryLock(path)).toEqual({
      held: false,
      holder: { ageMs: 0 },
    });
    expect(() =>
      createLocks({ fs: readable, system: { ...system, platform: 'linux' } }).tryLock(path),
    ).toThrow('EPERM');
  });
});

describe('createProcesses()', () => {
  test('finds this process alive, and not with another start time', () => {
    const processes = createProcesses();
    expect(processes.isAlive(process.pid, self.startTicks)).toBe(true);
    expect(processes.isAlive(process.pid, '1')).toBe(!linux);
  });

  test.skipIf(!linux)('finds a killed process dead although nobody has asked for it', async () => {
    // The shell is stopped, so it cannot ask for its child; the child keeps its number.
    const { spawn } = await import('node:child_process');
    const shell = spawn('sh', ['-c', 'sleep 100 & echo $!; kill -STOP $$; wait'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const pid = Number(
        await new Promise<string>((resolve) => shell.stdout.once('data', (data) => resolve(String(data)))),
      );
      const processes = createProcesses();
      expect(processes.isAlive(pid, undefined)).toBe(true);
      const untilState = async (id: number | undefined, state: string): Promise<void> => {
        while (!nodeFs.readFileSync(`/proc/${id}/stat`, 'utf8').includes(`) ${state} `))
          await new Promise(setImmediate);
      };
      // One that is not stopped yet would ask for its child after all.
      await untilState(shell.pid, 'T');
      process.kill(pid, 'SIGKILL');
      await untilState(pid, 'Z');
      expect(processes.isAlive(pid, undefined)).toBe(false);
    } finally {
      shell.kill('SIGKILL');
    }
  });

  test('parseStat() is not confused by the name of the program', () => {
    const rest = `S 1 ${'0 '.repeat(17)}4711 5 6`;
    expect(parseStat(`12 (a b) R) ${rest}`)).toEqual({ state: 'S', startTicks: '4711' });
    expect(parseStat('12 (x) S 1 2')).toBeUndefined();
    expect(parseStat('')).toBeUndefined();
  });
});

describe('locks of processes that are killed', () => {
  let program: string;
  beforeAll(() => {
    program = buildWorker('lock-worker');
  });

  test('block nobody, whichever call they die at', async () => {
    const folder = temporaryFolder();
    let kills = 0;
    for (let first = 1; ; first += 4) {
      const deaths = [0, 1, 2, 3].map(async (more) => {
        const path = join(folder, `${first + more}.lock`);
        const ended = await startWorker(program, { path, killAt: first + more }).ended;
        // Two to remove guard and lock, one to take it: no lease was waited for.
        expect(attempts(path)).toBeLessThanOrEqual(3);
        return ended.signal;
      });
      const signals = await Promise.all(deaths);
      kills += signals.filter((signal) => signal === 'SIGKILL').length;
      if (signals.includes(null)) break;
    }
    // As many calls as it takes to take a lock and to leave it.
    expect(kills).toBe(19);
    // What remains is collected later: temporary files, and the guard of a generation that is gone.
    expect(nodeFs.readdirSync(folder).filter((name) => !/\.(tmp|g|log)$/.test(name))).toEqual([]);
  });

  test('are taken over by one at a time: 8 processes, 30 rounds', async () => {
    const folder = temporaryFolder();
    const paths = Array.from({ length: 30 }, (_, round) => join(folder, `${round}.lock`));
    for (const path of paths) plantDeadLock(path);
    await takeOver(program, 8, paths);
    for (const path of paths) {
      const log = nodeFs.readFileSync(`${path}.log`, 'utf8').trim().split('\n');
      expect(log).toHaveLength(16);
      expect(longestOverlap(log)).toBe(1);
    }
    expect(nodeFs.readdirSync(folder).filter((name) => !name.endsWith('.log'))).toEqual([]);
  });
});
