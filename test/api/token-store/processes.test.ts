/** The token source in real processes: what only shows itself there. The full loads are in test/load. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { mostInFlight, readLog, requests } from '../../helpers/platform-log.ts';
import { temporaryFolder, type Ended } from '../../helpers/command.ts';
import { buildWorker, stampede, startWorker } from '../../helpers/workers.ts';

interface Result {
  readonly value?: string;
  readonly source?: string;
  readonly notes: readonly { readonly en: string }[];
  readonly error?: Readonly<Record<string, unknown>>;
}

let program: string;
beforeAll(() => {
  program = buildWorker('token-worker');
});

function resultOf({ stdout, stderr }: Ended): Result {
  if (stdout === '') throw new Error(`no result: ${stderr}`);
  return JSON.parse(stdout) as Result;
}

function world(): { readonly directory: string; readonly log: string } {
  const folder = temporaryFolder();
  return { directory: join(folder, 'cache'), log: join(folder, 'platform.log') };
}

function repeat<T>(count: number, value: T): readonly T[] {
  return Array.from({ length: count }, () => value);
}

describe('TokenSource in four processes at once', () => {
  test('asks once on a cold cache, in stable and in classic mode', async () => {
    for (const endpoint of ['stable_token', 'token']) {
      const settings = { ...world(), endpoint, latencyMs: 200, wait: true };
      const results = (await stampede(program, repeat(4, settings))).map(resultOf);
      expect(new Set(results.map((result) => result.value))).toEqual(
        new Set([`50_${endpoint}-1-xxxxxxxxxxxxxxxx`]),
      );
      expect(results.flatMap((result) => result.notes)).toEqual([]);
      expect(requests(readLog(settings.log))).toEqual({ [endpoint]: 1 });
      expect(readdirSync(join(settings.directory, 'tokens'))).toHaveLength(1);
    }
  });

  test('asks once for each of token, jsapi and wx_card, mixed', async () => {
    const settings = { ...world(), latencyMs: 100, wait: true };
    const wishes = [{}, { ticket: 'jsapi' }, { ticket: 'wx_card' }];
    const all = Array.from({ length: 6 }, (_, index) => ({ ...settings, ...wishes[index % 3] }));
    const results = (await stampede(program, all)).map(resultOf);
    expect(results.filter((result) => result.error !== undefined)).toEqual([]);
    expect(requests(readLog(settings.log))).toEqual({ stable_token: 1, jsapi: 1, wx_card: 1 });
  });

  test('replaces a token that failed for all of them once', async () => {
    const settings = { ...world(), latencyMs: 100 };
    const { value } = resultOf(await startWorker(program, settings).ended);
    const results = (await stampede(program, repeat(4, { ...settings, failed: value, wait: true }))).map(
      resultOf,
    );
    expect(new Set(results.map((result) => result.value))).toEqual(
      new Set(['50_stable_token-2-xxxxxxxxxxxxxxxx']),
    );
    expect(requests(readLog(settings.log))).toEqual({ stable_token: 2 });
  });

  test('asks at most twice with a wrong secret and gives all the same typed error', async () => {
    const settings = { ...world(), latencyMs: 100, errcode: 40125, wait: true };
    const results = (await stampede(program, repeat(4, settings))).map(resultOf);
    expect(new Set(results.map((result) => JSON.stringify(result.error)))).toEqual(
      new Set([
        JSON.stringify({
          family: 'account',
          type: 'secret_wrong',
          text: { en: 'WeChat refused the secret', zh: '微信拒绝了密钥' },
          facts: { errcode: 40125, errmsg: 'invalid appsecret' },
          platform: true,
        }),
      ]),
    );
    expect(requests(readLog(settings.log))['stable_token']).toBeLessThanOrEqual(2);
  });
});

type World = ReturnType<typeof world>;

/** The next command in each of the worlds, which meets what was left there. */
async function recover(worlds: readonly World[]): Promise<void> {
  const { stdout } = await startWorker(program, { worlds }).ended;
  const results = JSON.parse(stdout) as readonly Result[];
  expect(results).toHaveLength(worlds.length);
  for (const [index, { error, notes }] of results.entries()) {
    expect({ index, error, notes }).toEqual({ index, error: undefined, notes: [] });
    expect(requests(readLog(worlds[index]?.log ?? ''))['stable_token']).toBeLessThanOrEqual(2);
  }
}

describe('TokenSource in a process that is killed', () => {
  test('before or after its request: the next one succeeds', async () => {
    const worlds: World[] = [];
    for (const killIn of ['before-fetch', 'after-fetch']) {
      const settings = world();
      worlds.push(settings);
      expect((await startWorker(program, { ...settings, killIn }).ended).signal).toBe('SIGKILL');
    }
    await recover(worlds);
  });

  test('at any access to a file: the next one succeeds', async () => {
    const worlds: World[] = [];
    for (let first = 1, isWhole = false; !isWhole; first += 2) {
      const ends = await Promise.all(
        [first, first + 1].map(async (killAt) => {
          const settings = world();
          worlds.push(settings);
          return (await startWorker(program, { ...settings, killAt }).ended).signal;
        }),
      );
      isWhole = ends.includes(null);
    }
    await recover(worlds);
    // Directory, lock, double check, temporary file, rename, collection, unlock: nothing was skipped.
    expect(worlds.length).toBeGreaterThan(36);
  });

  test('is survived by the others, of which one asks', async () => {
    for (let round = 0; round < 2; round += 1) {
      const settings = { ...world(), latencyMs: 150, wait: true };
      const workers = repeat(8, settings).map((each) => startWorker(program, each));
      await Promise.all(workers.map((worker) => worker.ready));
      for (const worker of workers) worker.go();
      const victims = workers.filter((_, index) => index % 2 === round);
      // The first to ask is among those that die: that is the case that matters.
      for (const [index, victim] of victims.entries()) {
        setTimeout(() => victim.child.kill('SIGKILL'), 40 + index * 25);
      }
      const survivors = workers.filter((worker) => !victims.includes(worker));
      for (const survivor of survivors) {
        const result = resultOf(await survivor.ended);
        expect(result.error).toBeUndefined();
        expect(result.notes).toEqual([]);
      }
      const ends = await Promise.all(victims.map((victim) => victim.ended));
      const killed = new Set(
        victims.filter((_, index) => ends[index]?.signal === 'SIGKILL').map(({ child }) => child.pid ?? 0),
      );
      const log = readLog(settings.log);
      expect(mostInFlight(log, killed)).toBe(1);
      const lost = new Set(log.filter(({ pid }) => killed.has(pid)).map(({ pid }) => pid)).size;
      expect(requests(log)['stable_token']).toBeLessThanOrEqual(1 + lost);
    }
  });
});

test.skipIf(process.platform === 'win32').each([0o000, 0o022, 0o077])(
  'TokenSource keeps everything private under umask %o',
  async (umask) => {
    const settings = { ...world(), umask };
    await startWorker(program, settings).ended;
    const folder = join(settings.directory, 'tokens');
    expect([settings.directory, folder].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(folder, name), 'utf8')).not.toContain('secret');
    }
  },
);
