import { expect, test } from 'vitest';
import { createSeededRandom } from '../../../../src/simulator/random/seeded.ts';
import { createTickets } from '../../../../src/simulator/nouns/ticket/state.ts';

test('fetch() gives a new ticket all of its life although time goes on meanwhile', () => {
  let nowMs = 0;
  const clock = { now: () => (nowMs += 1), monotonic: () => 0, sleep: async () => {} };
  const tickets = createTickets(clock, createSeededRandom(1, 'state'));
  expect(tickets.fetch('jsapi').expiresInSeconds).toBe(7200);
  expect(tickets.fetch('jsapi').expiresInSeconds).toBe(7199);
});
