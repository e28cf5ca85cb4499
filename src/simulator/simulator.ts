/** The simulator as one object: an account, a function from `Request` to `Response`, and its log. */
import type { Clock, Fetch, Random } from '../io/ports.ts';
import { WechatMpError } from '../core/errors.ts';
import { createAccount, readyLine, type ReadyLine, type SimulatedAccount } from './account.ts';
import { createApp } from './app.ts';
import type { CallbackSettings } from './console/callback-config.ts';
import { createConsole } from './console/console.ts';
import { maskPush } from './console/push-view.ts';
import type { PushView } from './console-types.ts';
import { createFaults } from './faults.ts';
import type { ReadAsset } from './page-assets.ts';
import { createPlatform, type SavedPlatform } from './platform.ts';
import { createRequests, type RequestRecord } from './requests.ts';
import type { Scenario } from './scenario.ts';
import { createSeededRandom } from './seeded-random.ts';
import { createSimulatedClock } from './simulated-clock.ts';

export interface SimulatorOptions {
  readonly clock: Clock;
  /** Where secrets, tokens and tickets come from without a seed. */
  readonly random: Random;
  /** Makes everything but the time the same at every start and after every reset. */
  readonly seed?: number | undefined;
  readonly account?: Partial<SimulatedAccount> | undefined;
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
}

/** A simulator as JSON, for one that comes after it. */
export interface SavedSimulator {
  readonly version: 1;
  /** How many simulators have had it: each draws other random values, also with the same seed. */
  readonly runs: number;
  readonly account: SimulatedAccount;
  readonly callback: CallbackSettings;
  readonly platform: SavedPlatform;
}

export interface Simulator {
  readonly account: SimulatedAccount;
  /** Answers like api.weixin.qq.com and mp.weixin.qq.com. Rejects when the connection shall be reset instead. */
  fetch(request: Request): Promise<Response>;
  ready(url: string): ReadyLine;
  /** Calls the listener after every exchange of the API side; returns the function that ends it. */
  subscribe(listener: (record: RequestRecord) => void): () => void;
  /** Calls the listener when a push has ended; returns the function that ends it. */
  subscribePushes(listener: (push: PushView) => void): () => void;
  save(): SavedSimulator;
  /** Ends the event streams and the pushes under way. */
  close(): void;
}

/** Starts a simulated platform without a port. Throws an input error for an account value that cannot be. */
export function createSimulator(options: SimulatorOptions): Simulator {
  const { clock, random, seed, openFetch, callback, scenario, saved } = options;
  const run = saved === undefined ? '' : ` ${saved.runs}`;
  const createRandom = (stream: string): Random =>
    seed === undefined ? random : createSeededRandom(seed, stream + run);
  const account = createAccount(createRandom('account'), { ...saved?.account, ...options.account });
  const platform = createPlatform({
    account,
    clock: createSimulatedClock(clock),
    createRandom: () => createRandom('state'),
  });
  if (saved !== undefined) platform.restore(saved.platform);
  const requests = createRequests();
  const stop = new AbortController();
  const console = createConsole({
    traffic: { platform, faults: createFaults(), requests },
    openFetch,
    callback: { ...saved?.callback, ...callback },
    scenario,
    isRestored: saved !== undefined,
    createRandom: () => createRandom('phone'),
    signal: stop.signal,
  });
  const app = createApp(console, options.readAsset);
  return {
    account,
    fetch: async (request) => app.fetch(request),
    ready: (url) => readyLine(account, url),
    subscribe: (listener) => requests.subscribe(listener),
    subscribePushes: (listener) =>
      console.pusher.subscribe((view) => {
        if (view.state !== 'sending') listener(maskPush(view));
      }),
    save: () => ({
      version: 1,
      runs: (saved?.runs ?? 0) + 1,
      account,
      callback: console.config.settings(),
      platform: platform.save(),
    }),
    close: () => stop.abort(interrupted()),
  };
}

function interrupted(): WechatMpError {
  return new WechatMpError({
    family: 'interrupted',
    type: 'stopped',
    text: { en: 'The simulator stopped', zh: '模拟器已停止' },
  });
}
