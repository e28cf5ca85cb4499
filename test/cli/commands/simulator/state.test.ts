import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openState } from '../../../../src/cli/commands/simulator/state.ts';
import type { Context } from '../../../../src/cli/context.ts';
import { parseSaved } from '../../../../src/simulator/account/saved.ts';
import {
  firstLine,
  run,
  spawnSimulator,
  start,
  startSimulator,
  temporaryFolder,
} from '../../../helpers/command.ts';
import { fakeWorld } from '../../../helpers/fake-io.ts';
import { runHere } from '../../../helpers/in-process.ts';
import { needs } from '../../../e2e/project.ts';

const readState = (file: string) => parseSaved(JSON.parse(readFileSync(file, 'utf8')));
const nobody = 65_534;

/** A folder on a disk of 64 KiB; `undefined` where mounting is not allowed. */
function smallDisk(): string | undefined {
  const folder = path.join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'tmpfs', folder]);
  if (status !== 0) return undefined;
  onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  return folder;
}

describe('simulator --state', () => {
  test(
    'keeps faults, settings, clock, tokens and every account over a kill',
    { timeout: 60_000 },
    async () => {
      const state = path.join(temporaryFolder(), 'state.json');
      const first = await spawnSimulator([
        '--state',
        state,
        '--accounts',
        '2',
        '--scenario',
        'slow-platform',
      ]);
      await first.control('clock', { advance: '1h' });
      await first.control('settings', { quotas: { '/cgi-bin/user/get': 7 } });
      const accounts = await first.control('accounts?secrets=show');
      await expect.poll(() => readFileSync(state, 'utf8')).toContain('"offsetMs":3600000');
      await expect.poll(() => readFileSync(state, 'utf8')).toContain('"/cgi-bin/user/get":7');
      const faults = await first.control('faults');
      await first.kill();
      const second = await startSimulator(['--state', state]);
      expect(await second.control('accounts?secrets=show')).toEqual(accounts);
      expect(await second.control('faults')).toEqual(faults);
      expect(faults).toHaveLength(8);
      expect(await second.control('clock')).toMatchObject({ offset_ms: 3_600_000 });
      expect(await second.control('settings')).toMatchObject({ quotas: { '/cgi-bin/user/get': 7 } });
    },
  );

  test('keeps snapshots, and reads what another simulator exports', async () => {
    const folder = temporaryFolder();
    const [state, taken] = [path.join(folder, 'state.json'), path.join(folder, 'taken.json')];
    const first = await spawnSimulator(['--state', state]);
    await first.control('followers', { openid: 'oAlice' });
    await first.control('snapshot', { name: 'start' });
    await first.control('phone/oAlice/unfollow', {});
    const exported = await fetch(`${first.url}/_ctl/state?format=file`);
    writeFileSync(taken, await exported.text());
    await expect.poll(() => readState(state).snapshots).toMatchObject([{ name: 'start' }]);
    await first.kill();
    for (const file of [state, taken]) {
      const next = await startSimulator(['--state', file]);
      expect(next.secret).toBe(first.secret);
      expect(await next.control('followers')).toMatchObject([{ subscribed: false }]);
      await next.control('restore', { name: 'start' });
      expect(await next.control('followers')).toMatchObject([{ subscribed: true }]);
    }
  });

  test('writes what a late push brings, without another call', { timeout: 60_000 }, async () => {
    const state = path.join(temporaryFolder(), 'state.json');
    const simulator = await startSimulator(['--state', state, '--to', 'http://127.0.0.1:9/']);
    await simulator.control('followers', { openid: 'oAlice' });
    await simulator.control('phone/oAlice/send', { text: 'hi', wait: false });
    await expect.poll(() => readFileSync(state, 'utf8'), { timeout: 10_000 }).toContain('"unavailable"');
  });

  test(
    'is whole after a kill at any moment, and leaves nothing beside it',
    { timeout: 120_000 },
    async () => {
      const folder = temporaryFolder();
      const state = path.join(folder, 'state.json');
      let runs = 0;
      for (let round = 0; round < 3; round += 1) {
        const simulator = await spawnSimulator(['--state', state]);
        expect(readState(state).runs).toBe((runs += 1));
        const calls = Array.from({ length: 200 }, () =>
          simulator.control('followers', { count: 5 }).catch(() => 'killed'),
        );
        await new Promise((resolve) => setTimeout(resolve, 150 + round * 90));
        await simulator.kill();
        await Promise.all(calls);
        expect(readState(state).accounts).toHaveLength(1);
      }
      writeFileSync(`${state}.abcdef123456.tmp`, '{"version":2,"runs"');
      writeFileSync(path.join(folder, 'state.json.mine.tmp.txt'), 'somebody else’s');
      await run(['simulator', '--state', state, '--', 'echo', 'ran']);
      expect(readdirSync(folder).toSorted()).toEqual(['state.json', 'state.json.mine.tmp.txt']);
    },
  );

  test('has all that was done when it is stopped in the middle of writing', async () => {
    const folder = temporaryFolder();
    const state = path.join(folder, 'state.json');
    const simulator = await startSimulator(['--state', state]);
    await simulator.control('followers', { count: 3000 });
    // The first parts are on the disk.
    await expect
      .poll(() => readdirSync(folder), { interval: 1 })
      .toContainEqual(expect.stringMatching(/\.tmp$/));
    await simulator.control('followers', { openid: 'oLast' });
    await simulator.kill();
    expect(readdirSync(folder)).toEqual(['state.json']);
    const { followers } = readState(state).accounts[0]?.platform.nouns ?? expect.fail('no account');
    expect((followers as { readonly people: readonly unknown[] }).people).toHaveLength(3001);
    expect(followers).toMatchObject({
      people: expect.arrayContaining([expect.objectContaining({ openId: 'oLast' })]),
    });
  });

  test('is written a few times for hundreds of calls', { timeout: 120_000 }, async () => {
    const state = path.join(temporaryFolder(), 'state.json');
    const { url, appid, secret, kill } = await startSimulator(['--state', state]);
    const inodes = new Set<number>();
    const { statSync } = await import('node:fs');
    const watch = setInterval(() => inodes.add(statSync(state).ino), 5);
    const startedAt = performance.now();
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          const body = JSON.stringify({ grant_type: 'client_credential', appid, secret });
          await (await fetch(`${url}/cgi-bin/stable_token`, { method: 'POST', body })).arrayBuffer();
        }),
      );
    }
    const seconds = (performance.now() - startedAt) / 1000;
    clearInterval(watch);
    // Two names of one moment may be seen; five a second are allowed.
    expect(inodes.size).toBeLessThanOrEqual(5 * seconds + 2);
    await kill();
    const { nouns } = readState(state).accounts[0]?.platform ?? expect.fail('no account');
    expect(nouns['quota']).toMatchObject({ used: [['/cgi-bin/stable_token', 200]] });
  });

  test.each([
    ['{"version":5,"runs":1}', 'The state is of version 5, and this simulator reads at most version 4'],
    ['{"version":2,"runs":1,"offsetMs":0,"accounts":[]}', 'it is no state of a simulator'],
  ])('refuses %s and leaves it', async (content, words) => {
    const state = path.join(temporaryFolder(), 'state.json');
    writeFileSync(state, content);
    const { code, stderr } = await runHere(['simulator', '--state', state, '--', 'echo', 'ran']);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    expect(readFileSync(state, 'utf8')).toBe(content);
    expect(readdirSync(path.dirname(state))).toEqual(['state.json']);
  });

  test('goes on with a file that an editor has set in lines', async () => {
    const state = path.join(temporaryFolder(), 'state.json');
    await run(['simulator', '--state', state, '--', 'true']);
    const { version, ...rest } = readState(state);
    writeFileSync(state, `${JSON.stringify({ ...rest, version }, undefined, 2)}\n`);
    const { code, stdout } = await run(['simulator', '--state', state, '--', 'echo', 'ran']);
    expect([code, stdout]).toEqual([0, 'ran\n']);
    expect(readState(state)).toMatchObject({ runs: rest.runs + 1, accounts: [rest.accounts[0]] });
  });

  test('names the file when a noun in it was written by somebody else', async () => {
    const state = path.join(temporaryFolder(), 'state.json');
    await run(['simulator', '--state', state, '--', 'true']);
    const saved = JSON.parse(readFileSync(state, 'utf8')) as { accounts: { faults: unknown }[] };
    for (const account of saved.accounts) account.faults = [{ path: 'x' }];
    writeFileSync(state, JSON.stringify(saved));
    const { code, stderr } = await runHere(['simulator', '--state', state, '--', 'echo', 'ran']);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`"${state}"`)]);
  });

  test('says that a scenario is left out where a state goes on', async () => {
    const state = path.join(temporaryFolder(), 'state.json');
    const again = () => run(['simulator', '--state', state, '--scenario', 'ip-not-allowed', '--', 'true']);
    expect((await again()).stderr).not.toContain('left out');
    expect((await again()).stderr).toContain('The scenario is left out');
  });

  test('is refused with exit code 7 in a folder that cannot be written', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o555);
    const state = path.join(folder, 'state.json');
    // The super-user writes everywhere.
    const options = process.getuid?.() === 0 ? { uid: nobody } : {};
    const { code, stdout, stderr } = await run(['simulator', '--state', state, '--', 'echo', 'ran'], options);
    expect([code, stdout, stderr]).toEqual([7, '', expect.stringContaining(`Cannot write "${state}"`)]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is refused with exit code 7 where its folder is missing', async () => {
    const state = path.join(temporaryFolder(), 'missing', 'state.json');
    const { code, stderr } = await runHere(['simulator', '--state', state, '--', 'echo', 'ran']);
    expect([code, stderr]).toEqual([7, expect.stringContaining(`Cannot write "${state}"`)]);
  });

  test(
    'keeps the last whole file on a full disk, says so, and goes on',
    { timeout: 60_000 },
    async (context) => {
      const disk = smallDisk();
      needs(context, disk !== undefined, 'mounting a tmpfs is not allowed here');
      const state = path.join(disk ?? '', 'state.json');
      const child = start(['simulator', '--port', '0', '--json', '--lang', 'en', '--state', state], {
        env: {},
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      let stderr = '';
      child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      const { url } = JSON.parse(await firstLine(child)) as { url: string };
      child.stdout?.resume();
      const grow = (count: number) =>
        fetch(`${url}/_ctl/followers`, { method: 'POST', body: JSON.stringify({ count }) });
      await grow(10);
      await expect.poll(() => JSON.stringify(readState(state))).toContain('Follower 10');
      await grow(1000);
      await expect.poll(() => stderr).toContain(`Cannot write "${state}": the disk is full`);
      expect(JSON.stringify(readState(state))).toContain('Follower 10');
      expect((await fetch(`${url}/_ctl/health`)).status).toBe(200);
      expect(readdirSync(disk ?? '').filter((name) => name.endsWith('.tmp'))).toEqual([]);
      child.kill('SIGTERM');
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect([code, readState(state).version]).toEqual([7, 4]);
      rmSync(state);
    },
  );
});

describe('openState()', () => {
  /** A simulator whose state takes so long to prepare, and what is told of its file. */
  async function opened(workMs: number) {
    const { io, files, clock, simulator } = fakeWorld();
    const told: string[] = [];
    const tell = ({ en }: { readonly en: string }): void => void told.push(en);
    let passedMs = 0;
    const slow = { ...clock, monotonic: () => passedMs };
    const context = { io: { ...io, clock: slow }, warn: tell, note: tell } as unknown as Context;
    const state = await openState(context, 's.json');
    const busy = {
      ...simulator,
      save() {
        passedMs += workMs;
        return simulator.save();
      },
    };
    const addFollower = async (openid: string): Promise<void> => {
      const body = JSON.stringify({ openid });
      await simulator.fetch(new Request('http://localhost/_ctl/followers', { method: 'POST', body }));
      state.touch(busy);
    };
    const has = (openid: string) => files.contents.get('/desk/s.json')?.includes(openid) === true;
    return { state, busy, files, clock, told, addFollower, has };
  }

  test.each([
    [0, 200],
    [10, 200],
    [11, 220],
    [50, 1000],
    [51, 1000],
    [5000, 1000],
  ])('work of %i ms is followed by a rest of %i ms', async (workMs, restMs) => {
    const { state, busy, clock, addFollower, has } = await opened(workMs);
    state.write(busy);
    await addFollower('oNext');
    await clock.advance(restMs - 1);
    expect(has('oNext')).toBe(false);
    await clock.advance(1);
    expect(has('oNext')).toBe(true);
  });

  test('a full disk is told once, then that it is over', async () => {
    const { files, clock, told, addFollower, has } = await opened(0);
    for (const round of [1, 2]) {
      files.fail('write', 's.json', 'ENOSPC');
      for (const person of ['oA', 'oB', 'oC']) {
        await addFollower(`${person}${round}`);
        await clock.advance(1000);
      }
      expect(told).toHaveLength(2 * round - 1);
      files.heal();
      // Nobody calls any more: it is tried again all the same.
      await clock.advance(2000);
      expect(has(`oC${round}`)).toBe(true);
      await addFollower(`oD${round}`);
      await clock.advance(1000);
      expect(has(`oD${round}`)).toBe(true);
    }
    const once = ['Cannot write "s.json": the disk is full', '"s.json" has the latest state again'];
    expect(told).toEqual([...once, ...once]);
  });
});
