/** The small siege; `test/load/relay.load.test.ts` has ten thousand requests against a process of its own. */
import { expect, test } from 'vitest';
import { startCountingPlatform } from '../helpers/counting-platform.ts';
import { hostileRequests, mutated } from '../helpers/hostile-relay.ts';
import { besiege, besiegedClients, expectClean, startOtherHost, targetOf } from '../helpers/relay-siege.ts';
import { keyFile, keyOf, startRelay } from '../helpers/relay-command.ts';

test('hostile requests reach no other host and bring no secret out', async () => {
  const [platform, other] = [await startCountingPlatform(), await startOtherHost()];
  const relay = await startRelay(platform.env, keyFile(besiegedClients));
  const target = await targetOf(relay, platform, other);
  const requests = hostileRequests(target);
  expect(requests.length).toBeGreaterThan(250);
  const bent = mutated(requests, 7);
  const some = Array.from({ length: 150 }, () => bent.next().value);

  const statuses = await besiege(relay, platform, [...requests, ...some], 8);
  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '400', '401', '403']));
  expect(other.connections()).toBe(0);
  await expectClean(relay, platform, target);

  const headers = { authorization: `Bearer ${keyOf('attacker')}` };
  const honest = await fetch(`${relay.url}/cgi-bin/getcallbackip`, { headers });
  expect(honest.status).toBe(200);
  expect(await honest.json()).toMatchObject({ errcode: 0 });
  expect(platform.tokenRequests()).toBe(1);
});
