import { describe, expect, test } from 'vitest';
import { createSimulatedClock } from '../../../src/simulator/account/simulated-clock.ts';
import { createIpRequests } from '../../../src/simulator/account/ip-requests.ts';

const clock = createSimulatedClock({ now: () => 0, monotonic: () => 0, sleep: async () => {} });

describe('createIpRequests()', () => {
  test('goes on from what another one saved', () => {
    const first = createIpRequests(clock);
    for (const address of ['a', 'b', 'c']) expect(() => first.check(address)).toThrow('errcode 89503');
    first.decide('a', true);
    first.decide('b', false);
    const second = createIpRequests(clock);
    second.restore(structuredClone(first.save()));
    expect(second.list()).toEqual(first.list());
    expect(() => second.check('a')).not.toThrow();
    expect(() => second.check('b')).toThrow('errcode 89507');
    expect(() => second.check('c')).toThrow('errcode 89501');
  });

  test('begins anew with an hour for an address that has been allowed in between', () => {
    const requests = createIpRequests(clock);
    expect(() => requests.check('a')).toThrow('errcode 89503');
    const hour = '1970-01-01T01:00:00.000Z';
    expect(requests.decide('a', false)).toMatchObject({ refused_until: hour });
    requests.decide('a', true);
    expect(requests.decide('a', false)).toMatchObject({ refused_until: hour });
    expect(requests.decide('a', false)).toMatchObject({ refused_until: '1970-01-02T00:00:00.000Z' });
  });

  test('keeps 1000 addresses and forgets the oldest', () => {
    const requests = createIpRequests(clock);
    const ask = (address: string) => expect(() => requests.check(address)).toThrow('errcode 89503');
    for (let count = 0; count < 1000; count += 1) ask(`a${count}`);
    expect(() => requests.check('a0')).toThrow('errcode 89501');
    ask('a1000');
    expect(requests.list()).toHaveLength(1000);
    ask('a0');
  });
});
