/** The platform's state and rules, without HTTP: one account, what it has been given, and the time. */
import type { Random } from '../io/ports.ts';
import type { SimulatedAccount } from './account.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import type { Persistent } from './persistent.ts';
import { changeSettings, defaultSettings, formatSettings, type Settings } from './settings.ts';
import { formatFollower } from './follower.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { createChats, type Chats } from './state/chat.ts';
import { createFollowers, type Followers } from './state/followers.ts';
import { createMenuState, type MenuState } from './state/menu.ts';
import { createQrCodes, type QrCodes } from './state/qrcode.ts';
import { createQuota, type Quota } from './state/quota.ts';
import { createShortKeys, type ShortKeys } from './state/short-keys.ts';
import { createTags, type Tags } from './state/tags.ts';
import { createTickets, type Tickets } from './state/ticket.ts';
import { createTokens, type Tokens } from './state/token.ts';
import { createTyping, type Typing } from './state/typing.ts';

/** What `save` gives: of each noun what it has saved itself. */
export interface SavedPlatform {
  readonly offsetMs: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly nouns: Readonly<Record<string, unknown>>;
}

export interface Platform extends Nouns, Persistent<SavedPlatform> {
  readonly account: SimulatedAccount;
  readonly clock: SimulatedClock;
  readonly outbox: Outbox;
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
  followers: Followers;
  tags: Tags;
  chats: Chats;
  typing: Typing;
  menu: MenuState;
  qrCodes: QrCodes;
  shortKeys: ShortKeys;
}

/** How many of the newest followers `/_ctl/state` lists. */
const listedFollowers = 100;

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
    outbox: createOutbox(),
    ...createNouns(account, clock, createRandom()),
    reset() {
      clock.reset();
      platform.outbox.clear();
      Object.assign(platform, createNouns(account, clock, createRandom()));
    },
    save: () => ({
      offsetMs: clock.offsetMs(),
      settings: formatSettings(platform.settings),
      nouns: Object.fromEntries(persistentOf(platform).map(([name, noun]) => [name, noun.save()])),
    }),
    restore({ offsetMs, settings, nouns }) {
      clock.reset();
      clock.advance(offsetMs);
      changeSettings(platform.settings, settings);
      for (const [name, noun] of persistentOf(platform)) {
        // A noun of a newer version begins empty.
        if (nouns[name] !== undefined) noun.restore(nouns[name]);
      }
    },
    snapshot: () => ({
      now: new Date(clock.now()).toISOString(),
      account: { appid: account.appId, original_id: account.originalId },
      settings: formatSettings(platform.settings),
      counters: platform.quota.snapshot(),
      tokens: platform.tokens.snapshot(),
      tickets: platform.tickets.snapshot(),
      followers: platform.followers.list().slice(-listedFollowers).map(formatFollower),
      tags: platform.tags.list(),
      menu: platform.menu.snapshot(),
      qrcodes: platform.qrCodes.snapshot(),
    }),
  };
  return platform;
}

/** The nouns that outlive the process, by their names. */
function persistentOf(nouns: Nouns): readonly (readonly [string, Persistent<unknown>])[] {
  return Object.entries(nouns).filter(
    (entry): entry is [string, Persistent<unknown>] => typeof entry[1] === 'object' && 'restore' in entry[1],
  );
}

function createNouns(account: SimulatedAccount, clock: SimulatedClock, random: Random): Nouns {
  const settings = defaultSettings();
  const quota = createQuota(clock, settings);
  const followers = createFollowers(clock, random);
  return {
    random,
    settings,
    quota,
    tokens: createTokens({ clock, random, account, settings, quota }),
    tickets: createTickets(clock, random),
    followers,
    tags: createTags(followers),
    chats: createChats(clock),
    typing: createTyping(clock),
    menu: createMenuState(random),
    qrCodes: createQrCodes(clock, random),
    shortKeys: createShortKeys(clock, random),
  };
}
