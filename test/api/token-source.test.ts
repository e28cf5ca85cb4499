import { mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { TokenSource, TokenSourceParts } from '../../src/api/token-source.ts';
import { givenToken } from '../../src/api/token-store/given.ts';
import type { IssuedCredential } from '../../src/core/token/access-token.ts';
import { nameCredentialKey } from '../../src/core/token/credential-key.ts';
import { WechatMpError } from '../../src/core/errors.ts';
import { createFiles } from '../../src/io/files/files.ts';
import { createLocks } from '../../src/io/files/locks.ts';
import type { Files } from '../../src/io/ports.ts';
import {
  createWorld,
  failureOf,
  keyFor,
  networkError,
  platformError,
  T0,
  TIMEOUT_MS,
  tokenNumber,
  type World,
} from '../helpers/token-sources.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function lockPath(world: World): string {
  return join(world.directory, 'tokens', `${nameCredentialKey(world.key)}.lock`);
}

/** Takes the lock as another process would. */
function holdLock(world: World): () => void {
  createFiles().makePrivate(join(world.directory, 'tokens'));
  const attempt = createLocks().tryLock(lockPath(world));
  if (!attempt.held) throw new Error('the lock is taken');
  return () => void attempt.unlock();
}

/** A world in which a token was fetched. */
async function warmWorld(...parts: Parameters<typeof createWorld>): Promise<World> {
  const world = createWorld(...parts);
  await world.source().get();
  return world;
}

describe('TokenSource.get()', () => {
  test('asks the platform once and then finds the token in the store', async () => {
    const world = createWorld();
    expect(await world.source().get()).toEqual({
      value: tokenNumber(1),
      expiresAtMs: T0 + 2 * HOUR,
      source: 'platform',
      endpoint: 'stable_token',
    });
    expect(await world.source().get()).toMatchObject({ value: tokenNumber(1), source: 'cache' });
    expect(world.asked).toHaveLength(1);
    expect(world.asked[0]?.forceRefresh).toBe(false);
    expect(world.notes).toEqual([]);
  });

  test('reads one file, looks at modes and does nothing else when the token is fresh', async () => {
    const { directory } = await warmWorld();
    const reads: string[] = [];
    const read = (path: string): Buffer | undefined => {
      reads.push(path);
      return createFiles().read(path);
    };
    // Any other access to files or locks is an error here.
    const files = { read, stat: (path: string) => createFiles().stat(path) } as Files;
    const world = createWorld('stable_token', { directory, files });
    await world.source().get();
    expect(reads).toEqual([join(directory, 'tokens', `${nameCredentialKey(world.key)}.json`)]);
    expect(world.asked).toHaveLength(0);
  });

  test('counts the life from the answer, however long the process has run', async () => {
    const world = createWorld();
    await world.clock.advance(13_000);
    world.answers.push(async () => {
      await world.clock.sleep(1000);
      return { value: tokenNumber(1), expiresInSeconds: 7200, issuedAtMs: T0 };
    });
    const token = world.source().get();
    await world.clock.advance(1000);
    expect((await token).expiresAtMs).toBe(T0 + 14_000 + 2 * HOUR);
  });

  test('asks once for ten concurrent callers', async () => {
    const world = createWorld();
    const source = world.source();
    const all = await Promise.all(Array.from({ length: 10 }, () => source.get()));
    expect(new Set(all.map((each) => each.value)).size).toBe(1);
    expect(world.asked).toHaveLength(1);
  });

  test('asks again at five minutes before the end and not a millisecond earlier', async () => {
    const world = await warmWorld();
    world.clock.jump(2 * HOUR - 5 * MINUTE - 1);
    expect((await world.source().get()).source).toBe('cache');
    world.clock.jump(1);
    expect(await world.source().get()).toMatchObject({ value: tokenNumber(2), source: 'platform' });
  });

  test('spreads classic tokens over the minute before', async () => {
    const world = await warmWorld('token');
    // The random bytes stand in the middle.
    world.clock.jump(2 * HOUR - 5.5 * MINUTE - 120);
    expect((await world.source().get()).source).toBe('cache');
    world.clock.jump(120);
    expect((await world.source().get()).source).toBe('platform');
  });

  test('asks again when less is left than minTtlMs', async () => {
    const world = await warmWorld();
    world.clock.jump(HOUR);
    expect((await world.source().get({ minTtlMs: HOUR - 1 })).source).toBe('cache');
    expect((await world.source().get({ minTtlMs: HOUR })).source).toBe('platform');
  });

  test('leaves no lock behind, after success and after failure', async () => {
    const world = await warmWorld();
    world.answers.push(() => Promise.reject(networkError()));
    await failureOf(world.source().get({ force: true }));
    const left = readdirSync(join(world.directory, 'tokens')).filter((name) => !name.endsWith('.setback'));
    expect(left).toEqual([`${nameCredentialKey(world.key)}.json`]);
  });

  test.each([30_000, -30_000, HOUR, -HOUR, 24 * HOUR, -24 * HOUR, 8760 * HOUR, -8760 * HOUR])(
    'survives a clock that jumps by %d ms with at most one request more',
    async (jumpMs) => {
      const world = await warmWorld();
      world.clock.jump(jumpMs);
      for (let run = 0; run < 5; run += 1) {
        const credential = await world.source().get();
        const leftMs = credential.expiresAtMs - world.clock.now();
        expect(leftMs).toBeGreaterThan(5 * MINUTE);
        expect(leftMs).toBeLessThanOrEqual(2 * HOUR + MINUTE);
        await world.clock.advance(1000);
      }
      expect(world.asked.length).toBeLessThanOrEqual(2);
      world.clock.jump(-jumpMs);
      for (let run = 0; run < 5; run += 1) await world.source().get();
      expect(world.asked.length).toBeLessThanOrEqual(3);
      expect(world.notes).toEqual([]);
    },
  );

  test.each<[string, unknown]>([
    ['no end', { value: tokenNumber(1) }],
    ['an end of 0 s', { value: tokenNumber(1), expiresInSeconds: 0 }],
    ['an end of 7201 s', { value: tokenNumber(1), expiresInSeconds: 7201 }],
    ['an empty token', { value: '', expiresInSeconds: 7200 }],
    ['a token with a line break', { value: 'a\nb', expiresInSeconds: 7200 }],
  ])('refuses an answer with %s and stores nothing', async (_, answer) => {
    const world = createWorld();
    world.answers.push(() => answer as IssuedCredential);
    expect(await failureOf(world.source().get())).toMatchObject({ type: 'credential_answer_invalid' });
    expect(await world.source().peek()).toBeUndefined();
  });

  test('shares an answer that is about to end with those who waited for it', async () => {
    const world = createWorld();
    world.answers.push(async () => {
      await world.clock.sleep(100);
      return { value: tokenNumber(1), expiresInSeconds: 200, issuedAtMs: T0 };
    });
    const all = Promise.all([1, 2, 3, 4].map(() => world.source().get()));
    await world.clock.advance(5000);
    expect((await all).map((each) => each.value)).toEqual(Array.from({ length: 4 }, () => tokenNumber(1)));
    expect(world.asked).toHaveLength(1);
    // Whoever comes later asks again.
    expect((await world.source().get()).source).toBe('platform');
  });

  test('needs 13 requests in 24 h with a command every 10 s', async () => {
    const world = createWorld();
    for (let run = 0; run < 8640; run += 1) {
      await world.source().get();
      world.clock.jump(10_000);
    }
    expect(world.asked).toHaveLength(13);
  });

  test('keeps who asked in a history of the last ten, without the tokens', async () => {
    const world = createWorld();
    for (let run = 0; run < 12; run += 1) {
      await world.source().get();
      world.clock.jump(2 * HOUR);
    }
    const entry = await world.source().peek();
    expect(entry?.history).toHaveLength(10);
    expect(entry?.history[9]).toEqual({
      atMs: T0 + 22 * HOUR,
      endpoint: 'stable_token',
      host: 'box',
      pid: 4711,
      first4: '50_t',
      last4: 'xxxx',
    });
  });
});

describe('TokenSource.get() while another process fetches', () => {
  test('waits and takes what the other one stored', async () => {
    const world = createWorld();
    const unlock = holdLock(world);
    const waiting = world.source().get();
    await world.clock.advance(3000);
    expect(world.asked).toHaveLength(0);
    await publishElsewhere(world, 9);
    await world.clock.advance(1000);
    expect(await waiting).toMatchObject({ value: tokenNumber(9), source: 'cache' });
    unlock();
  });

  /** Makes the lock as old as one whose holder has not renewed it for so long. */
  function age(world: World, seconds: number): void {
    const then = statSync(lockPath(world)).mtimeMs / 1000 - seconds;
    utimesSync(lockPath(world), then, then);
  }

  test.each(['stable_token', 'jsapi'] as const)('takes the lock of %s from a silent holder', async (name) => {
    const world = createWorld(name);
    holdLock(world);
    age(world, 4);
    const waiting = world.source().get();
    await world.clock.advance(1000);
    expect(world.asked).toHaveLength(0);
    age(world, 6);
    await world.clock.advance(1000);
    expect(await waiting).toMatchObject({ value: tokenNumber(1), source: 'platform' });
  });

  test('leaves the classic lock for 30 s to a silent holder', async () => {
    const world = createWorld('token');
    const unlock = holdLock(world);
    // Its age is that of a real file: seconds of this machine come to it.
    age(world, 15);
    const failure = failureOf(world.source().get());
    await world.clock.advance(TIMEOUT_MS + 2000);
    expect(await failure).toMatchObject({
      type: 'lock_timeout',
      facts: { lock_seconds: expect.any(Number) },
    });
    unlock();
  });

  test('renews its own lock every second while it asks', async () => {
    const world = createWorld();
    world.answers.push(() => new Promise(() => undefined));
    const failure = failureOf(world.source().get());
    await world.clock.advance(500);
    age(world, 100);
    const before = statSync(lockPath(world)).mtimeMs;
    await world.clock.advance(499);
    expect(statSync(lockPath(world)).mtimeMs).toBe(before);
    await world.clock.advance(1);
    expect(statSync(lockPath(world)).mtimeMs).toBeGreaterThan(before + 90_000);
    await world.clock.advance(TIMEOUT_MS);
    await failure;
  });

  test('lets one at a time ask when the holder is silent', async () => {
    const world = createWorld();
    holdLock(world);
    age(world, 6);
    let [inFlight, most] = [0, 0];
    const fetchIssued = async (): Promise<IssuedCredential> => {
      most = Math.max(most, (inFlight += 1));
      await world.clock.sleep(800);
      inFlight -= 1;
      return { value: tokenNumber(1), expiresInSeconds: 7200, issuedAtMs: T0 };
    };
    const all = Promise.all([1, 2, 3, 4].map(() => world.source({ fetchIssued }).get()));
    await world.clock.advance(5000);
    expect((await all).map((each) => each.source).toSorted()).toEqual([
      'cache',
      'cache',
      'cache',
      'platform',
    ]);
    expect(most).toBe(1);
  });

  test.each(['token', 'stable_token'] as const)(
    'names the holder of %s a moment after its own time and asks nothing',
    async (endpoint) => {
      const world = createWorld(endpoint);
      const unlock = holdLock(world);
      let settled = false;
      const failure = failureOf(world.source().get()).finally(() => (settled = true));
      await world.clock.advance(TIMEOUT_MS + 1749);
      expect(settled).toBe(false);
      await world.clock.advance(500);
      const error = await failure;
      expect(error).toMatchObject({
        family: 'local',
        type: 'lock_timeout',
        facts: { lock_pid: process.pid },
      });
      expect(error.text.en).toContain(`process ${process.pid} on "`);
      expect(error.text.zh).toContain(`进程 ${process.pid}`);
      expect(world.asked).toHaveLength(0);
      unlock();
    },
  );

  test('does not ask with less than a quarter of its time', async () => {
    for (const [heldMs, asks] of [
      [7400, 1],
      [7800, 0],
    ] as const) {
      const world = createWorld();
      const unlock = holdLock(world);
      const outcome = world
        .source()
        .get()
        .catch((error: unknown) => error);
      await world.clock.advance(heldMs - 250);
      unlock();
      await world.clock.advance(5000);
      expect(world.asked).toHaveLength(asks);
      if (asks === 0) expect(await outcome).toMatchObject({ type: 'lock_timeout' });
    }
  });

  test('begins its time when it has loaded what asking needs', async () => {
    const world = createWorld();
    const fetchIssued = async (): Promise<IssuedCredential> => {
      await world.clock.sleep(TIMEOUT_MS - 1);
      return { value: tokenNumber(1), expiresInSeconds: 7200, issuedAtMs: T0 };
    };
    const waiting = world.source({ load: () => world.clock.sleep(3000), fetchIssued }).get();
    await world.clock.advance(TIMEOUT_MS + 3000);
    expect((await waiting).value).toBe(tokenNumber(1));
  });

  test('counts the time that it waited into the time for the answer', async () => {
    const world = createWorld();
    world.answers.push(() => new Promise(() => undefined));
    const unlock = holdLock(world);
    const failure = failureOf(world.source().get());
    await world.clock.advance(6000);
    unlock();
    await world.clock.advance(TIMEOUT_MS - 6000 + 1000);
    expect(world.asked).toHaveLength(1);
    expect(await failure).toMatchObject({ type: 'timeout' });
  });

  test('stops waiting when it is interrupted', async () => {
    const world = createWorld();
    const unlock = holdLock(world);
    const interruption = new AbortController();
    const failure = failureOf(world.source({ signal: interruption.signal }).get());
    await world.clock.advance(1000);
    interruption.abort(interrupted());
    expect(await failure).toMatchObject({ type: 'interrupted' });
    unlock();
  });

  test('gives the lock back when it is interrupted itself', async () => {
    const world = createWorld();
    world.answers.push(() => new Promise(() => undefined));
    const interruption = new AbortController();
    const failure = failureOf(world.source({ signal: interruption.signal }).get());
    await world.clock.advance(1000);
    expect(createLocks().tryLock(lockPath(world)).held).toBe(false);
    interruption.abort(interrupted());
    expect(await failure).toMatchObject({ type: 'interrupted' });
    expect(world.asked[0]?.signal.aborted).toBe(true);
    expect(createLocks().tryLock(lockPath(world)).held).toBe(true);
  });

  test('gives the lock back when the platform is silent', async () => {
    const world = createWorld();
    world.answers.push(() => new Promise(() => undefined));
    const failure = failureOf(world.source().get());
    await world.clock.advance(TIMEOUT_MS - 1);
    expect(world.asked[0]?.signal.aborted).toBe(false);
    await world.clock.advance(1500);
    expect(await failure).toMatchObject({ family: 'network', type: 'timeout', retryable: true });
    expect(world.asked[0]?.signal.aborted).toBe(true);
    expect(createLocks().tryLock(lockPath(world)).held).toBe(true);
  });

  test('takes an answer that came while the process was stopped', async () => {
    const world = createWorld('token');
    world.answers.push(async () => {
      // Both are due at the moment the process goes on.
      await world.clock.sleep(TIMEOUT_MS + 1);
      return { value: tokenNumber(7), expiresInSeconds: 7200, issuedAtMs: T0 };
    });
    const waiting = world.source().get();
    await world.clock.advance(TIMEOUT_MS + 100);
    expect((await waiting).value).toBe(tokenNumber(7));
  });
});

describe('TokenSource.get({ force })', () => {
  test('replaces a fresh token', async () => {
    const world = await warmWorld();
    expect((await world.source().get({ force: true })).value).toBe(tokenNumber(2));
    expect(world.asked.map((each) => each.forceRefresh)).toEqual([false, true]);
    expect((await world.source().get()).value).toBe(tokenNumber(2));
  });

  test('refuses a second one within 30 s, before anything is sent', async () => {
    const world = createWorld();
    await world.source().get({ force: true });
    await world.clock.advance(29_999);
    expect(await failureOf(world.source().get({ force: true }))).toMatchObject({
      family: 'limit',
      type: 'force_refresh_too_soon',
      facts: { retry_after: 1 },
    });
    expect(world.asked).toHaveLength(1);
    await world.clock.advance(1);
    expect((await world.source().get({ force: true })).value).toBe(tokenNumber(2));
  });

  test('knows the 30 s although the token was renewed meanwhile', async () => {
    const world = createWorld();
    await world.source().get({ force: true });
    await world.clock.advance(1000);
    await world.source().renew(tokenNumber(1));
    expect(await failureOf(world.source().get({ force: true }))).toMatchObject({
      facts: { retry_after: 29 },
    });
  });

  test('has no such limit in classic mode', async () => {
    const world = createWorld('token');
    await world.source().get({ force: true });
    await world.clock.advance(1);
    expect((await world.source().get({ force: true })).value).toBe(tokenNumber(2));
  });

  test('is satisfied by one that another process sent after it was asked for', async () => {
    const world = await warmWorld();
    const unlock = holdLock(world);
    const both = [world.source().get({ force: true }), world.source().get({ force: true })];
    await world.clock.advance(50);
    unlock();
    await world.clock.advance(2000);
    expect((await Promise.all(both)).map((each) => each.value)).toEqual([tokenNumber(2), tokenNumber(2)]);
    expect(world.asked).toHaveLength(2);
  });

  test('says so when the platform kept the token, and does not start 30 s', async () => {
    const world = await warmWorld();
    world.answers.push(() => ({ value: tokenNumber(1), expiresInSeconds: 7000, issuedAtMs: T0 }));
    await world.source().get({ force: true });
    expect(world.notes.map((text) => text.en)).toEqual([
      'WeChat kept the current token: it was force-refreshed elsewhere less than 30 s ago',
    ]);
    expect((await world.source().get({ force: true })).value).toBe(tokenNumber(3));
  });

  test('is an error when the platform fails, although the old token lives', async () => {
    const world = await warmWorld();
    world.answers.push(() => Promise.reject(networkError()));
    expect(await failureOf(world.source().get({ force: true }))).toMatchObject({ type: 'refused' });
  });
});

describe('TokenSource.renew()', () => {
  test('replaces the token that failed, without force', async () => {
    const world = await warmWorld();
    expect(await world.source().renew(tokenNumber(1))).toMatchObject({
      value: tokenNumber(2),
      source: 'platform',
    });
    expect(world.asked.map((each) => each.forceRefresh)).toEqual([false, false]);
  });

  test('returns what the store holds if another one renewed it already', async () => {
    const world = await warmWorld();
    const [one, other] = [world.source(), world.source()];
    await one.renew(tokenNumber(1));
    expect(await other.renew(tokenNumber(1))).toMatchObject({ value: tokenNumber(2), source: 'cache' });
    expect(world.asked).toHaveLength(2);
  });

  test.each([networkError(), platformError(45009, 'limit')])(
    'never gives the token back that failed, whatever the trouble: %s',
    async (trouble) => {
      const world = await warmWorld();
      world.answers = [() => Promise.reject(trouble)];
      expect(await failureOf(world.source().renew(tokenNumber(1)))).toMatchObject({ type: trouble.type });
    },
  );

  test('asks once for ten that failed with the same token', async () => {
    const world = await warmWorld();
    const all = Promise.all(Array.from({ length: 10 }, () => world.source().renew(tokenNumber(1))));
    await world.clock.advance(5000);
    expect(new Set((await all).map((each) => each.value))).toEqual(new Set([tokenNumber(2)]));
    expect(world.asked).toHaveLength(2);
  });

  test('replaces a failed entry even if its date says it is later', async () => {
    const world = createWorld();
    world.answers.push(() => ({ value: tokenNumber(1), expiresInSeconds: 7200, issuedAtMs: T0 + HOUR }));
    await world.source().get();
    await world.source().renew(tokenNumber(1));
    expect((await world.source().get()).value).toBe(tokenNumber(2));
  });

  test('returns the same token where the platform confirms it, and never forces', async () => {
    const world = await warmWorld();
    const again = (): IssuedCredential => ({ value: tokenNumber(1), expiresInSeconds: 7000, issuedAtMs: T0 });
    world.answers = [again];
    world.clock.jump(1);
    expect(await world.source().renew(tokenNumber(1))).toMatchObject({
      value: tokenNumber(1),
      expiresAtMs: T0 + 1 + 7_000_000,
      source: 'platform',
    });
    // What failed later was not confirmed by that: it may have died in between.
    world.clock.jump(1);
    expect((await world.source().renew(tokenNumber(1))).value).toBe(tokenNumber(3));
    expect(world.asked.map((each) => each.forceRefresh)).toEqual([false, false, false]);
  });

  test('asks once for ten whose token the platform confirms', async () => {
    const world = await warmWorld();
    world.clock.jump(1000);
    world.answers.push(async () => {
      await world.clock.sleep(100);
      return { value: tokenNumber(1), expiresInSeconds: 7000, issuedAtMs: T0 };
    });
    const all = Promise.all(Array.from({ length: 10 }, () => world.source().renew(tokenNumber(1))));
    await world.clock.advance(5000);
    expect(new Set((await all).map((each) => each.value))).toEqual(new Set([tokenNumber(1)]));
    expect(world.asked).toHaveLength(2);
  });
});

describe('the order of answers', () => {
  /** One is paused after its answer or before its request; meanwhile its lease ends and another one asks. */
  test.each([
    ['after the answer, another second', 'answer', 20_000],
    ['after the answer, the same second', 'answer', 300],
    ['before the request, another second', 'request', 20_000],
    ['before the request, the same second', 'request', 300],
  ])('ends with the latest token when one is paused %s', async (_, pause, pauseMs) => {
    const world = createWorld('token');
    const date = (): number => Math.floor(world.clock.now() / 1000) * 1000;
    const issue = (): IssuedCredential => ({
      value: tokenNumber((issued += 1)),
      expiresInSeconds: 7200,
      issuedAtMs: date(),
    });
    let issued = 0;
    const paused = world.source({
      store: {
        ...world.store,
        tryLock: async (key) => {
          const lock = await world.store.tryLock(key);
          if (pause === 'request') await world.clock.sleep(pauseMs);
          return lock;
        },
      },
      fetchIssued: async () => {
        const answer = issue();
        if (pause === 'answer') await world.clock.sleep(Math.min(pauseMs, 9000));
        return answer;
      },
    });
    const slow = paused.get();
    await world.clock.advance(100);
    // The lease has ended for the other one.
    createFiles().remove(lockPath(world));
    const quick = world.source({ fetchIssued: async () => issue() }).get();
    await world.clock.advance(30_000);
    await Promise.all([slow, quick]);
    expect((await world.source().peek())?.value).toBe(tokenNumber(issued));
    expect(issued).toBe(pause === 'answer' ? 2 : 1);
  });
});

describe('TokenSource.get() when the platform fails', () => {
  test('uses the old token while it lives, and asks every 60 s', async () => {
    const world = await warmWorld();
    world.clock.jump(2 * HOUR - 4 * MINUTE);
    world.answers = [() => Promise.reject(networkError()), () => Promise.reject(networkError())];
    expect(await world.source().get()).toMatchObject({ value: tokenNumber(1), source: 'cache' });
    expect(world.notes).toEqual([
      {
        en: 'Cannot renew the token: Cannot reach WeChat; using the current one, which expires in 240 s',
        zh: '无法更新 access_token：无法连接微信；继续使用当前 access_token，它还有 240 秒有效',
      },
    ]);
    await world.clock.advance(59_999);
    expect((await world.source().get()).value).toBe(tokenNumber(1));
    expect(world.asked).toHaveLength(2);
    await world.clock.advance(1);
    expect((await world.source().get()).value).toBe(tokenNumber(1));
    expect(world.asked).toHaveLength(3);
    // At its end there is nothing left to fall back on.
    await world.clock.advance(3 * MINUTE);
    world.answers = [() => Promise.reject(networkError())];
    expect(await failureOf(world.source().get())).toMatchObject({ type: 'refused' });
  });

  test('does the same when a quota is used up, but not for a wrong secret', async () => {
    const world = await warmWorld();
    world.clock.jump(2 * HOUR - 4 * MINUTE);
    world.answers = [() => Promise.reject(platformError(45009, 'limit'))];
    expect((await world.source().get()).value).toBe(tokenNumber(1));
    await world.clock.advance(MINUTE);
    world.answers = [() => Promise.reject(platformError(40125))];
    expect(await failureOf(world.source().get())).toMatchObject({ type: 'code_40125' });
  });

  test('remembers a wrong secret for 30 s with the same typed error for everybody', async () => {
    const world = createWorld();
    const original = platformError(40125);
    world.answers = [() => Promise.reject(original)];
    expect(await failureOf(world.source().get())).toBe(original);
    for (let run = 0; run < 10; run += 1) {
      const { family, type, text, hint, facts, retryable } = await failureOf(world.source().get());
      expect({ family, type, text, hint, facts, retryable }).toEqual({
        family: 'account',
        type: 'code_40125',
        text: original.text,
        hint: original.hint,
        facts: original.facts,
        retryable: false,
      });
    }
    await world.clock.advance(29_999);
    await failureOf(world.source().get());
    expect(world.asked).toHaveLength(1);
    await world.clock.advance(1);
    expect((await world.source().get()).source).toBe('platform');
  });

  test('remembers another definite refusal for 5 s', async () => {
    const world = createWorld();
    world.answers = [() => Promise.reject(platformError(40164))];
    await failureOf(world.source().get());
    await world.clock.advance(4999);
    expect(await failureOf(world.source().get())).toMatchObject({ facts: { errcode: 40164 } });
    await world.clock.advance(1);
    expect((await world.source().get()).source).toBe('platform');
  });

  test('asks in spite of a remembered refusal with force, and forgets it after a success', async () => {
    const world = createWorld();
    world.answers = [() => Promise.reject(platformError(40125))];
    await failureOf(world.source().get());
    expect((await world.source().get({ force: true })).source).toBe('platform');
    expect((await world.source().renew(tokenNumber(2))).value).toBe(tokenNumber(3));
  });

  test('remembers an outage for 5 s for all accounts', async () => {
    const world = createWorld();
    world.answers = [() => Promise.reject(networkError())];
    await failureOf(world.source().get());
    await world.clock.advance(3000);
    const other = { ...world.key, appId: 'wxfedcba9876543210', secretHash: 'f'.repeat(64) };
    for (const key of [world.key, other]) {
      const error = await failureOf(world.source({ key }).get());
      expect(error).toMatchObject({
        family: 'network',
        type: 'refused',
        retryable: true,
        facts: { remembered_seconds: 3, retry_after: 2, request_sent: false },
      });
      expect(error.details).toEqual([
        {
          en: 'That was 3 s ago and is remembered, nothing was sent now; WeChat will be asked again in 2 s',
          zh: '这发生在 3 秒前，已记住，本次未发送请求；2 秒后会再次请求微信',
        },
      ]);
    }
    await world.clock.advance(1999);
    await failureOf(world.source().get());
    expect(world.asked).toHaveLength(1);
    await world.clock.advance(1);
    expect((await world.source().get()).source).toBe('platform');
  });

  test.each<[string, Partial<TokenSourceParts>]>([
    ['another API base', { key: { ...keyFor('stable_token'), apiBase: 'https://sh.api.weixin.qq.com' } }],
    ['another proxy', { proxy: 'http://127.0.0.1:3128' }],
    ['no memory for force', {}],
  ])('knows nothing of it with %s', async (_, parts) => {
    const world = createWorld();
    world.answers = [() => Promise.reject(networkError())];
    await failureOf(world.source().get());
    const force = Object.keys(parts).length === 0;
    expect((await world.source(parts).get({ force })).source).toBe('platform');
  });

  test('does not hold a timeout against those who would wait longer', async () => {
    const world = createWorld();
    const silent = { ...networkError(), type: 'timeout' };
    world.answers = [() => Promise.reject(new WechatMpError(silent))];
    await failureOf(world.source({ timeoutMs: 2000 }).get());
    expect(await failureOf(world.source({ timeoutMs: 2000 }).get())).toMatchObject({ type: 'timeout' });
    expect(world.asked).toHaveLength(1);
    expect((await world.source({ timeoutMs: 2001 }).get()).source).toBe('platform');
    // And it is forgotten with the first success.
    await world.source().clear();
    expect((await world.source({ timeoutMs: 2000 }).get()).source).toBe('platform');
  });

  test('asks once for ten processes against a silent platform', async () => {
    const world = createWorld();
    world.answers.push(() => new Promise(() => undefined));
    const all = Promise.all(Array.from({ length: 10 }, () => failureOf(world.source().get())));
    await world.clock.advance(TIMEOUT_MS + 1500);
    expect((await all).map((error) => error.type)).toEqual(Array.from({ length: 10 }, () => 'timeout'));
    expect(world.asked).toHaveLength(1);
  });

  test('throws a programmer’s mistake as it is', async () => {
    const world = createWorld();
    world.answers = [() => Promise.reject(new TypeError('a bug'))];
    await expect(world.source().get()).rejects.toThrow(TypeError);
    expect(readdirSync(join(world.directory, 'tokens'))).toEqual([]);
  });
});

describe('TokenSource.clear() and peek()', () => {
  test('forget the token, and show it whether fresh or not', async () => {
    const world = await warmWorld();
    world.clock.jump(10 * HOUR);
    const source: TokenSource = world.source();
    expect((await source.peek())?.value).toBe(tokenNumber(1));
    expect([await source.clear(), await source.clear()]).toEqual([true, false]);
    expect(await source.peek()).toBeUndefined();
    expect(world.asked).toHaveLength(1);
  });
});

describe('a ticket', () => {
  test('prepares its token before it takes the lock, and only when it has to ask', async () => {
    const world = createWorld('jsapi');
    const locked: boolean[] = [];
    const prepare = async (): Promise<void> => {
      mkdirSync(join(world.directory, 'tokens'), { recursive: true });
      const attempt = createLocks().tryLock(lockPath(world));
      locked.push(!attempt.held);
      if (attempt.held) attempt.unlock();
    };
    await world.source({ prepare }).get();
    await world.source({ prepare }).get();
    expect(locked).toEqual([false]);
    expect((await world.source().peek())?.kind).toBe('ticket');
  });
});

describe('givenToken()', () => {
  test('returns the token and never asks', async () => {
    const source = givenToken(tokenNumber(1));
    expect(await source.get({ minTtlMs: HOUR })).toEqual({
      value: tokenNumber(1),
      expiresAtMs: Number.POSITIVE_INFINITY,
      source: 'given',
      endpoint: 'given',
    });
    expect([await source.peek(), await source.clear()]).toEqual([undefined, false]);
  });

  test('can be neither renewed nor forced', async () => {
    const source = givenToken(tokenNumber(1));
    expect(await failureOf(source.renew(tokenNumber(1)))).toMatchObject({ family: 'account' });
    expect(await failureOf(source.get({ force: true }))).toMatchObject({ family: 'usage' });
  });

  test.each(['', 'a b', 'x'.repeat(513), '"令牌"', 'token\n'])('refuses %j', (value) => {
    expect(() => givenToken(value)).toThrow(WechatMpError);
  });
});

function interrupted(): WechatMpError {
  return new WechatMpError({
    family: 'interrupted',
    type: 'interrupted',
    text: { en: 'Interrupted', zh: '已中断' },
  });
}

/** What another process stores while we wait. */
async function publishElsewhere(world: World, number: number): Promise<void> {
  const { createEntry } = await import('../../src/core/token/access-token.ts');
  const nowMs = world.clock.now();
  const exchange = { sentAtMs: nowMs, answeredAtMs: nowMs, tookMs: 0, forced: false, host: 'other', pid: 1 };
  const issued = { value: tokenNumber(number), expiresInSeconds: 7200, issuedAtMs: nowMs };
  await world.store.publish(world.key, createEntry(world.key, issued, exchange));
}
