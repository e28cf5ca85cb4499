import { describe, expect, test } from 'vitest';
import { holdToken } from '../../../src/api/token-store/held.ts';
import type { Credential } from '../../../src/api/token-source.ts';
import { createManualClock } from '../../helpers/manual-clock.ts';

function source(lifeMs = 7_200_000) {
  const clock = createManualClock(1_800_000_000_000);
  const asked: string[] = [];
  const answer = async (what: string): Promise<Credential> => {
    asked.push(what);
    const value = `token-${asked.length}`;
    return { value, expiresAtMs: clock.now() + lifeMs, source: 'cache', endpoint: 'stable_token' };
  };
  const held = holdToken({ get: () => answer('get'), renew: (failed) => answer(`renew ${failed}`) }, clock);
  return { clock, asked, held, value: async () => (await held.get()).value };
}

describe('a token that is held', () => {
  test('is looked up once a second', async () => {
    const { clock, asked, value } = source();
    expect([await value(), await value()]).toEqual(['token-1', 'token-1']);
    await clock.advance(999);
    expect(await value()).toBe('token-1');
    await clock.advance(1);
    expect([await value(), asked]).toEqual(['token-2', ['get', 'get']]);
  });

  test('is not held beyond its end', async () => {
    const { clock, value } = source(300);
    await value();
    await clock.advance(299);
    expect(await value()).toBe('token-1');
    await clock.advance(1);
    expect(await value()).toBe('token-2');
  });

  test('gives way to the one that renewing found', async () => {
    const { asked, held, value } = source();
    await value();
    await held.renew('token-1');
    expect([await value(), asked]).toEqual(['token-2', ['get', 'renew token-1']]);
  });
});
