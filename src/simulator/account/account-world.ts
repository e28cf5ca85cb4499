/** One official account with everything that belongs to it: state, faults, logs, server configuration, phone. */
import type { Fetch, Random } from '../../io/ports.ts';
import type { SimulatedAccount } from './account.ts';
import { createApp } from '../server/app.ts';
import type { CallbackSettings } from '../control/callback-config.ts';
import { createControl } from '../control/control.ts';
import { createFaults, type Faults } from '../server/faults/faults.ts';
import type { JssdkPages } from '../control/jssdk-page.ts';
import type { AccountsControl } from './new-account.ts';
import type { ReadAsset } from '../server/page-assets.ts';
import { createPlatform, type Platform } from './platform.ts';
import { createRequests, type Tag } from '../server/requests.ts';
import { invalidState, type SavedAccount } from './saved.ts';
import type { ActiveScenarios, Scenario } from './scenario.ts';
import type { SimulatedClock } from './simulated-clock.ts';

export interface AccountWorldOptions {
  readonly account: SimulatedAccount;
  readonly clock: SimulatedClock;
  readonly createRandom: (stream: string) => Random;
  readonly openFetch: () => Promise<Fetch>;
  readonly callback: Partial<CallbackSettings>;
  readonly scenario: Scenario | undefined;
  readonly saved: SavedAccount | undefined;
  readonly tag: Tag;
  readonly accounts: AccountsControl;
  readonly readAsset: ReadAsset | undefined;
  readonly pages: JssdkPages | undefined;
}

export type AccountWorld = ReturnType<typeof createAccountWorld>;

export function createAccountWorld(options: AccountWorldOptions) {
  const { account, clock, createRandom, saved, tag } = options;
  const platform = createPlatform({ account, clock, createRandom });
  const faults = createFaults(() => createRandom('faults'));
  const stop = new AbortController();
  const control = createControl({
    traffic: { platform, faults, requests: createRequests(tag) },
    openFetch: options.openFetch,
    callback: { ...saved?.callback, ...options.callback },
    scenario: options.scenario,
    // What was saved takes the place of a start.
    begin: (scenarios) =>
      saved === undefined ? scenarios.restart() : restore(saved, platform, faults, scenarios),
    createRandom,
    tag,
    signal: stop.signal,
  });
  const app = createApp({
    control,
    accounts: options.accounts,
    readAsset: options.readAsset,
    pages: options.pages,
  });
  return {
    account,
    control,
    fetch: async (request: Request): Promise<Response> => app.fetch(request),
    save: (): Omit<SavedAccount, 'number'> => ({
      account,
      callback: control.config.settings(),
      faults: faults.save(),
      platform: platform.save(),
      scenarios: control.scenarios.save(),
    }),
    /** Ends the event streams and the pushes under way. */
    close: (reason: unknown): void => stop.abort(reason),
  };
}

function restore(saved: SavedAccount, platform: Platform, faults: Faults, scenarios: ActiveScenarios): void {
  try {
    platform.restore(saved.platform);
    faults.restore(saved.faults);
    scenarios.restore(saved.scenarios ?? []);
  } catch {
    // The outer form was right; a noun, a fault or a scenario in it was written by somebody else.
    throw invalidState();
  }
}
