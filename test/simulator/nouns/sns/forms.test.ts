import { describe, expect, test } from 'vitest';
import { createSeededRandom } from '../../../../src/simulator/random/seeded.ts';
import { createSimulatedClock } from '../../../../src/simulator/account/simulated-clock.ts';
import { createForms } from '../../../../src/simulator/nouns/sns/forms.ts';

describe('createForms()', () => {
  test('keeps 1000 forms and forgets the oldest', () => {
    const clock = createSimulatedClock({ now: () => 0, monotonic: () => 0, sleep: async () => {} });
    const forms = createForms(clock, createSeededRandom(1, 'forms'));
    const answer = (): Response => new Response();
    const first = forms.open(answer);
    for (let count = 1; count < 1000; count += 1) forms.open(answer);
    expect(forms.owns(first)).toBe(true);
    const last = forms.open(answer);
    expect(forms.owns(first)).toBe(false);
    expect(forms.take(first)).toBeUndefined();
    expect(forms.take(last)).toBe(answer);
    expect(forms.owns(last)).toBe(false);
  });
});
