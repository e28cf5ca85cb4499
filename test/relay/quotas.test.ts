import { describe, expect, test } from 'vitest';
import { Quotas } from '../../src/relay/quotas.ts';
import { RelayRefusal } from '../../src/relay/refusal.ts';
import { createManualClock } from '../helpers/manual-clock.ts';

/** 100 a day by the documentation. */
const path = '/cgi-bin/message/mass/sendall';
/** 20:00 in Beijing. */
const evening = Date.UTC(2026, 0, 5, 12);

/** The platform says how many are left, when it is asked. */
function world(left: number | 'silent') {
  const clock = createManualClock(evening);
  const platform = { left, dailyLimit: 100, asked: 0 };
  const quotas = new Quotas(clock, async () => {
    platform.asked += 1;
    if (platform.left === 'silent') throw new Error('76022');
    const { dailyLimit, left: remain } = platform;
    return { path, dailyLimit, used: 0, remain };
  });
  /** How many of so many calls are let through; the last refusal. */
  const take = async (count: number) => {
    let [passed, refusal]: [number, RelayRefusal | undefined] = [0, undefined];
    for (let call = 0; call < count; call += 1) {
      try {
        await quotas.take(path);
        passed += 1;
      } catch (error) {
        refusal = error instanceof RelayRefusal ? error : undefined;
      }
    }
    return { passed, type: refusal?.type, errcode: refusal?.errcode, retryAfter: refusal?.more.retryAfter };
  };
  return { clock, platform, quotas, take };
}

describe('Quotas', () => {
  test('ask the platform when the documented figure is nearly used up, and not before', async () => {
    const { platform, take } = world(1000);
    expect(await take(90)).toMatchObject({ passed: 90 });
    expect(platform.asked).toBe(0);
    expect(await take(1)).toMatchObject({ passed: 1 });
    expect(platform.asked).toBe(1);
  });

  test('let through what the platform allows beyond the documented figure', async () => {
    const { take, platform } = world(1000);
    expect(await take(1000)).toMatchObject({ passed: 1000, type: undefined });
    expect(platform.asked).toBe(1);
  });

  test('refuse exactly what the platform would refuse, and say when to ask again', async () => {
    const { take } = world(5);
    expect(await take(100)).toEqual({ passed: 95, type: 'relay_quota', errcode: 45009, retryAfter: 10 });
  });

  test('ask again when a figure of none is ten seconds old', async () => {
    const { take, platform, clock } = world(0);
    expect(await take(91)).toMatchObject({ passed: 90, retryAfter: 10 });
    platform.left = 3;
    await clock.advance(9_999);
    expect(await take(1)).toMatchObject({ passed: 0 });
    await clock.advance(1);
    expect(await take(1)).toMatchObject({ passed: 1 });
  });

  test('leave to the platform what it tells nothing about, and what the account may not call at all', async () => {
    const { take } = world('silent');
    expect(await take(300)).toMatchObject({ passed: 300 });
    const other = world(0);
    other.platform.dailyLimit = 0;
    expect(await other.take(300)).toMatchObject({ passed: 300 });
  });

  test('hear 45009 from the platform and spare it the next calls', async () => {
    const { take, quotas, clock, platform } = world(0);
    expect(await take(1)).toMatchObject({ passed: 1 });
    quotas.note(path, 45009);
    expect(await take(5)).toMatchObject({ passed: 0, type: 'relay_quota', errcode: 45009 });
    expect(platform.asked).toBe(0);
    await clock.advance(10_000);
    expect(await take(1)).toMatchObject({ passed: 0 });
    expect(platform.asked).toBe(1);
  });

  test('rest for five seconds after 45011, on that path alone', async () => {
    const { take, quotas, clock } = world(0);
    quotas.note('/cgi-bin/user/get', 45011);
    expect(await take(1)).toMatchObject({ passed: 1 });
    quotas.note(path, 45011);
    expect(await take(1)).toEqual({ passed: 0, type: 'relay_quota', errcode: 45011, retryAfter: 5 });
    await clock.advance(4_999);
    expect(await take(1)).toMatchObject({ passed: 0, retryAfter: 1 });
    await clock.advance(1);
    expect(await take(1)).toMatchObject({ passed: 1 });
  });

  test('begin anew at midnight in Beijing', async () => {
    const { take, clock } = world(0);
    expect(await take(100)).toMatchObject({ passed: 90 });
    // Four hours later.
    await clock.advance(4 * 3_600_000 - 1);
    expect(await take(1)).toMatchObject({ passed: 0 });
    await clock.advance(1);
    expect(await take(1)).toMatchObject({ passed: 1 });
  });

  test.each(['/cgi-bin/clear_quota', '/cgi-bin/clear_quota/v2', '/cgi-bin/openapi/quota/clear'])(
    'begin anew after %s',
    async (reset) => {
      const { take, quotas } = world(0);
      await take(91);
      quotas.note(reset, 48006);
      expect(await take(1)).toMatchObject({ passed: 0 });
      quotas.note(reset, 0);
      expect(await take(1)).toMatchObject({ passed: 1 });
    },
  );
});
