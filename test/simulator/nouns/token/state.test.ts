import { describe, expect, test } from 'vitest';
import { createAccount } from '../../../../src/simulator/account/account.ts';
import { createSeededRandom } from '../../../../src/simulator/random/seeded.ts';
import { defaultSettings } from '../../../../src/simulator/account/settings.ts';
import {
  createSimulatedClock,
  type SimulatedClock,
} from '../../../../src/simulator/account/simulated-clock.ts';
import { createIpRequests } from '../../../../src/simulator/account/ip-requests.ts';
import { createQuota } from '../../../../src/simulator/nouns/openapi/state.ts';
import { createTokens, type Tokens } from '../../../../src/simulator/nouns/token/state.ts';
import { startMs } from '../../simulated.ts';

const random = createSeededRandom(7, 'tokens');
const account = createAccount(random);
const request = {
  grantType: 'client_credential',
  appId: account.appId,
  secret: account.secret,
  address: '127.0.0.1',
};
const manyTokens = 10_001;

function simulatedClock(): SimulatedClock {
  return createSimulatedClock({ now: () => startMs, monotonic: () => 0, sleep: async () => {} });
}

/** Without a limit of calls a day. */
function start(clock = simulatedClock()): Tokens {
  const settings = { ...defaultSettings(), quotas: new Map([['/cgi-bin/token', 1_000_000]]) };
  const quota = createQuota(clock, settings, new Map());
  return createTokens({ clock, random, account, settings, quota, ipRequests: createIpRequests(clock) });
}

describe('fetchClassic()', () => {
  test('remembers ten thousand tokens, and of older ones the stable one alone', () => {
    const tokens = start();
    const { accessToken: stable } = tokens.fetchStable({ ...request, forceRefresh: false });
    const values = Array.from({ length: manyTokens }, () => tokens.fetchClassic(request).accessToken);
    expect(() => tokens.check(stable)).not.toThrow();
    expect(() => tokens.check(values.at(-1))).not.toThrow();
    expect(() => tokens.check(values[2])).not.toThrow();
    expect(() => tokens.check(values[1])).toThrow(expect.objectContaining({ errcode: 40001 }));
  });
});

describe('save()', () => {
  test('keeps the stable token beside a hundred newer ones', () => {
    const tokens = start();
    const { accessToken: stable } = tokens.fetchStable({ ...request, forceRefresh: false });
    const values = Array.from({ length: 101 }, () => tokens.fetchClassic(request).accessToken);
    const next = start();
    next.restore(tokens.save());
    expect(next.fetchStable({ ...request, forceRefresh: false }).accessToken).toBe(stable);
    expect(() => next.check(values[1])).not.toThrow();
    expect(() => next.check(values[0])).toThrow(expect.objectContaining({ errcode: 40001 }));
  });
});

describe('fetchStable()', () => {
  test('answers 10000 calls a minute and refuses the next with 45011', () => {
    const clock = simulatedClock();
    const tokens = start(clock);
    const ask = () => tokens.fetchStable({ ...request, forceRefresh: false });
    const refused = expect.objectContaining({ errcode: 45011 });
    for (let call = 1; call < 10_000; call += 1) ask();
    expect(ask).not.toThrow();
    expect(ask).toThrow(refused);
    clock.advance(59_999);
    expect(ask).toThrow(refused);
    clock.advance(1);
    expect(ask).not.toThrow();
  });
});
