/** The simulator as one object: an account, a function from `Request` to `Response`, and its log. */
import type { Clock, Random } from '../io/ports.ts';
import { createAccount, readyLine, type ReadyLine, type SimulatedAccount } from './account.ts';
import { createApp } from './app.ts';
import { createFaults } from './faults.ts';
import { createPlatform } from './platform.ts';
import { createRequests, type RequestRecord } from './requests.ts';
import { createSeededRandom } from './seeded-random.ts';
import { createSimulatedClock } from './simulated-clock.ts';

export interface SimulatorOptions {
  readonly clock: Clock;
  /** Where secrets, tokens and tickets come from without a seed. */
  readonly random: Random;
  /** Makes everything but the time the same at every start and after every reset. */
  readonly seed?: number | undefined;
  readonly account?: Partial<SimulatedAccount> | undefined;
}

export interface Simulator {
  readonly account: SimulatedAccount;
  /** Answers like api.weixin.qq.com and mp.weixin.qq.com. Rejects when the connection shall be reset instead. */
  fetch(request: Request): Promise<Response>;
  ready(url: string): ReadyLine;
  /** Calls the listener after every exchange of the API side; returns the function that ends it. */
  subscribe(listener: (record: RequestRecord) => void): () => void;
}

/** Starts a simulated platform without a port. Throws an input error for an account value that cannot be. */
export function createSimulator({ clock, random, seed, account: given }: SimulatorOptions): Simulator {
  const createRandom = (stream: string): Random =>
    seed === undefined ? random : createSeededRandom(seed, stream);
  const account = createAccount(createRandom('account'), given);
  const platform = createPlatform({
    account,
    clock: createSimulatedClock(clock),
    createRandom: () => createRandom('state'),
  });
  const requests = createRequests();
  const app = createApp({ platform, faults: createFaults(), requests });
  return {
    account,
    fetch: async (request) => app.fetch(request),
    ready: (url) => readyLine(account, url),
    subscribe: (listener) => requests.subscribe(listener),
  };
}
