/** The simulator as one object: its accounts, a function from `Request` to `Response`, and its logs. */
import type { Clock, Fetch, Random } from '../io/ports.ts';
import { readyLine, type ReadyLine, type SimulatedAccount } from './account/account.ts';
import { createBell } from './account/bell.ts';
import { createAccounts } from './account/accounts.ts';
import type { NewAccount } from './account/new-account.ts';
import type { Scenario } from './account/scenario.ts';
import type { CallbackSettings } from './control/callback-config.ts';
import type { PushView } from './control/types/index.ts';
import { isNearbyHost } from './server/foreigners.ts';
import type { ReadAsset } from './server/page-assets.ts';
import type { LoggedCall } from './server/requests.ts';
import type { SavedSimulator } from './account/saved.ts';
import { createSimulatedClock } from './account/simulated-clock.ts';

export interface SimulatorOptions {
  readonly clock: Clock;
  /** Where secrets, tokens and tickets come from without a seed. */
  readonly random: Random;
  /** Makes everything but the time the same at every start and after every reset. */
  readonly seed?: number | undefined;
  readonly account?: Partial<SimulatedAccount> | undefined;
  /** Further accounts beside the first one. */
  readonly accounts?: readonly NewAccount[] | undefined;
  /** The HTTP client for pushes, opened when the first one is sent. */
  readonly openFetch: () => Promise<Fetch>;
  /** 服务器配置 at the start and after every reset; without an URL nothing is pushed. */
  readonly callback?: Partial<CallbackSettings> | undefined;
  /** What an earlier simulator has saved: this one goes on from there. */
  readonly saved?: SavedSimulator | undefined;
  /** The situation at the start, unless it is restored, and after every reset. */
  readonly scenario?: Scenario | undefined;
  /** The files of the page at `/`; without them there is no page. */
  readonly readAsset?: ReadAsset | undefined;
  /** Calls that are known and not simulated answer the example of the documentation; without it they are refused. */
  readonly examples?: boolean | undefined;
  /** Refuses names that anybody on the internet can lead here: for a listener that is not on loopback alone. */
  readonly refusesFarHosts?: boolean | undefined;
}

export interface Simulator {
  readonly account: SimulatedAccount;
  /** Answers like api.weixin.qq.com and mp.weixin.qq.com. Rejects when the connection shall be reset instead. */
  fetch(request: Request): Promise<Response>;
  ready(url: string): ReadyLine;
  /** Calls the listener after every exchange of the API side; returns the function that ends it. */
  subscribe(listener: (call: LoggedCall) => void): () => void;
  /** Calls the listener when a push has ended; returns the function that ends it. */
  subscribePushes(listener: (push: PushView) => void): () => void;
  save(): SavedSimulator;
  /** Ends the event streams and the pushes under way. */
  close(): void;
}

/** Starts a simulated platform without a port. Throws an input error for an account value that cannot be. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { refusesFarHosts = false } = options;
  const clock = createSimulatedClock(options.clock);
  const [onRequest, onPush] = [createBell<[LoggedCall]>(), createBell<[PushView]>()];
  const accounts = createAccounts(options, clock, { onRequest: onRequest.ring, onPush: onPush.ring });
  return {
    account: accounts.first,
    fetch: (request) =>
      refusesFarHosts && !isNearbyHost(request) ? Promise.resolve(farHost()) : accounts.fetch(request),
    ready: (url) => readyLine(accounts.accounts(), url),
    subscribe: onRequest.subscribe,
    subscribePushes: onPush.subscribe,
    save: () => accounts.export(),
    close: () => accounts.close(),
  };
}

function farHost(): Response {
  const text =
    'This simulator is reached by an address or a name without a dot\n模拟器只能通过 IP 地址或不带点的主机名访问\n';
  return new Response(text, { status: 400, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
