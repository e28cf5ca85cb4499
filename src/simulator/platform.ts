/** The platform's state and rules, without HTTP: one account, what it has been given, and the time. */
import type { Random } from '../io/ports.ts';
import type { SimulatedAccount } from './account.ts';
import { defaultSettings, formatSettings, type Settings } from './settings.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { createMenuState, type MenuState } from './state/menu.ts';
import { createQrCodes, type QrCodes } from './state/qrcode.ts';
import { createQuota, type Quota } from './state/quota.ts';
import { createTickets, type Tickets } from './state/ticket.ts';
import { createTokens, type Tokens } from './state/token.ts';

export interface Platform extends Nouns {
  readonly account: SimulatedAccount;
  readonly clock: SimulatedClock;
  /** Everything as it was at the start, the time included. The account stays. */
  reset(): void;
  snapshot(): Record<string, unknown>;
}

/** What a reset makes anew. A further noun is a file in `state/` and a line in `createNouns`. */
interface Nouns {
  random: Random;
  settings: Settings;
  quota: Quota;
  tokens: Tokens;
  tickets: Tickets;
  menu: MenuState;
  qrCodes: QrCodes;
}

interface PlatformOptions {
  readonly account: SimulatedAccount;
  readonly clock: SimulatedClock;
  /** Called at every reset: a seeded source starts again. */
  readonly createRandom: () => Random;
}

export function createPlatform({ account, clock, createRandom }: PlatformOptions): Platform {
  const platform: Platform = {
    account,
    clock,
    ...createNouns(account, clock, createRandom()),
    reset() {
      clock.reset();
      Object.assign(platform, createNouns(account, clock, createRandom()));
    },
    snapshot: () => ({
      now: new Date(clock.now()).toISOString(),
      account: { appid: account.appId, original_id: account.originalId },
      settings: formatSettings(platform.settings),
      counters: platform.quota.snapshot(),
      tokens: platform.tokens.snapshot(),
      tickets: platform.tickets.snapshot(),
      menu: platform.menu.snapshot(),
      qrcodes: platform.qrCodes.snapshot(),
    }),
  };
  return platform;
}

function createNouns(account: SimulatedAccount, clock: SimulatedClock, random: Random): Nouns {
  const settings = defaultSettings();
  const quota = createQuota(clock, settings);
  return {
    random,
    settings,
    quota,
    tokens: createTokens({ clock, random, account, settings, quota }),
    tickets: createTickets(clock, random),
    menu: createMenuState(),
    qrCodes: createQrCodes(clock, random),
  };
}
