/** What a simulator is started with. */
import type { Clock, Fetch, Random } from '../io/ports.ts';
import type { SimulatedAccount } from './account/account.ts';
import type { CallbackSettings } from './control/callback-config.ts';
import type { NewAccount } from './account/new-account.ts';
import type { ReadAsset } from './server/page-assets.ts';
import type { SavedSimulator } from './account/saved.ts';
import type { Scenario } from './account/scenario.ts';

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
  /** Refuses names that anybody on the internet can lead here: for a listener that is not on loopback alone. */
  readonly refusesFarHosts?: boolean | undefined;
}
