import { describe, expect, test } from 'vitest';
import { countingRandom } from '../../../helpers/counting-random.ts';
import { createQrCodes } from '../../../../src/simulator/nouns/qrcode/state.ts';

const clock = { now: () => 0, monotonic: () => 0, sleep: async () => undefined };
const permanent = (scene: object): unknown => ({ action_name: 'QR_LIMIT_SCENE', action_info: { scene } });
const text = { action_name: 'QR_LIMIT_STR_SCENE', action_info: { scene: { scene_str: 'one' } } };

describe('createQrCodes()', () => {
  test('makes 100000 permanent codes, then refuses new scenes with 40053 and still finds the old', () => {
    const codes = createQrCodes(clock, countingRandom());
    const first = codes.create(permanent({ scene_id: 1 }));
    for (let scene = 2; scene < 100_000; scene += 1) codes.create(permanent({ scene_id: scene }));
    codes.create(text);
    expect(() => codes.create(permanent({ scene_id: 100_000 }))).toThrow(
      expect.objectContaining({ errcode: 40053 }),
    );
    expect(codes.create(permanent({ scene_id: 1 }))).toBe(first);
    expect(codes.snapshot()).toMatchObject({ permanent: 100_000 });
  });

  test('forgets the oldest of more than 200000 temporary codes, never a permanent one', () => {
    const codes = createQrCodes(clock, countingRandom());
    const temporary = { action_name: 'QR_SCENE', action_info: { scene: { scene_id: 1 } } };
    const kept = codes.create(text);
    const oldest = codes.create(temporary);
    for (let count = 1; count < 200_000; count += 1) codes.create(temporary);
    expect(codes.find(oldest.ticket)).toBe(oldest);
    codes.create(temporary);
    expect(codes.find(oldest.ticket)).toBeUndefined();
    expect(codes.find(kept.ticket)).toBe(kept);
    expect(codes.snapshot()).toMatchObject({ temporary: 200_000, newest: { length: 100 } });
  });
});
