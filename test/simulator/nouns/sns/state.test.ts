import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../../../src/simulator/random/seeded.ts';
import { createSimulatedClock } from '../../../../src/simulator/account/simulated-clock.ts';
import { createWebGrants } from '../../../../src/simulator/nouns/sns/state.ts';

function grants(seed = 1) {
  const clock = createSimulatedClock({ now: () => 0, monotonic: () => 0, sleep: async () => {} });
  return { clock, grants: createWebGrants(clock, createSeededRandom(seed, 'web')) };
}

const consent = { openId: 'o1', scope: 'snsapi_userinfo', isSnapshot: false } as const;

describe('createWebGrants()', () => {
  test('goes on from what another one saved, used codes and dead tokens included', () => {
    const { clock, grants: first } = grants();
    const used = first.issueCode(consent);
    const { accessToken, refreshToken } = first.exchange(used);
    const { accessToken: ended } = first.exchange(first.issueCode({ ...consent, openId: 'o2' }));
    first.endAll('o2');
    const open = first.issueCode(consent);
    const second = createWebGrants(clock, createSeededRandom(2, 'web'));
    second.restore(structuredClone(first.save()));
    expect(second.check(accessToken, 'o1')).toMatchObject(consent);
    expect(second.refresh(refreshToken).accessToken).toBe(accessToken);
    expect(() => second.check(ended, 'o2')).toThrow('errcode 42007');
    expect(() => second.exchange(used)).toThrow('errcode 40163');
    expect(second.exchange(open)).toMatchObject(consent);
  });

  test('saves no code and no token that is over', () => {
    const { clock, grants: all } = grants();
    all.exchange(all.issueCode(consent));
    clock.advance(299_999);
    expect(all.save()).toMatchObject({ codes: [{}], grants: [{}] });
    clock.advance(1);
    expect(all.save()).toMatchObject({ codes: [], grants: [{}] });
    clock.advance(30 * 86_400_000 - 300_001);
    expect(all.save().grants).toHaveLength(1);
    clock.advance(1);
    expect(all.save().grants).toEqual([]);
  });

  test('keeps 10000 codes and tokens and forgets the oldest', () => {
    const { grants: all } = grants();
    const first = all.exchange(all.issueCode(consent));
    for (let count = 1; count < 10_000; count += 1) all.exchange(all.issueCode(consent));
    expect(all.check(first.accessToken, 'o1')).toMatchObject(consent);
    const code = all.issueCode(consent);
    const last = all.exchange(code);
    expect(() => all.check(first.accessToken, 'o1')).toThrow('errcode 40001');
    expect(() => all.refresh(first.refreshToken)).toThrow('errcode 40030');
    expect(all.check(last.accessToken, 'o1')).toMatchObject(consent);
    expect(() => all.exchange(code)).toThrow('errcode 40163');
    expect(all.save().grants).toHaveLength(1000);
  });

  test('owns the codes and tokens that it has given out, and no others', () => {
    const { grants: all } = grants();
    const code = all.issueCode(consent);
    const { accessToken, refreshToken } = all.exchange(code);
    for (const id of [code, accessToken, refreshToken]) expect(all.owns(id)).toBe(true);
    expect(all.owns('x')).toBe(false);
  });
});
