import { createClient, type Client } from '../../src/api/client.ts';
import { fakeFetch, type FakeAnswer, type FakeFetch } from './fake-fetch.ts';
import { createManualClock } from './manual-clock.ts';

/** A client for a simulator's address with prepared answers. A repetition would wait for ever, so none goes unnoticed. */
export function apiClient(...answers: readonly FakeAnswer[]): {
  readonly client: Client;
  readonly fake: FakeFetch;
} {
  const fake = fakeFetch(...answers);
  const token = async () => ({ value: 'SIM_token' });
  const client = createClient({
    fetch: fake.fetch,
    apiBase: 'http://127.0.0.1:8090',
    timeoutMs: 10_000,
    tokens: { get: token, renew: token },
    clock: createManualClock(0),
    random: { bytes: (count) => new Uint8Array(count) },
    debug: () => {},
  });
  return { client, fake };
}
