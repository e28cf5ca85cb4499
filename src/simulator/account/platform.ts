/** The platform's state and rules, without HTTP: one account, what it has been given, and the time. */
import type { Random } from '../../io/ports.ts';
import type { SimulatedAccount } from './account.ts';
import { createOutbox, type Outbox } from '../push/index.ts';
import type { Owner } from './owner.ts';
import { hasFormOf, type Persistent } from './persistent.ts';
import { changeSettings, defaultSettings, formatSettings, type Settings } from './settings.ts';
import { formatFollower } from '../nouns/user/view.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { createChats, type Chats } from '../nouns/chat/state.ts';
import { createDrafts, type Drafts } from '../nouns/draft/state.ts';
import { createFollowers, type Followers } from '../nouns/user/state.ts';
import { createForms, createWebGrants, type Forms, type WebGrants } from '../nouns/sns/state.ts';
import { createIpRequests, type IpRequests } from './ip-requests.ts';
import { createMedia, type Media } from '../nouns/media/state.ts';
import { createMenuState, type MenuState } from '../nouns/menu/state.ts';
import { dailyQuotas } from '../nouns/index.ts';
import { createAutoReplies, type AutoReplies } from '../nouns/autoreply/state.ts';
import { createMass, createMassUploads, type Mass, type MassUploads } from '../nouns/mass/state.ts';
import { createOutcomes, type Outcomes } from '../nouns/outcome/state.ts';
import { createSubscriptions, type Subscriptions } from '../nouns/subscribe/state.ts';
import { createTemplates, type Templates } from '../nouns/template/state.ts';
import { createPublications, type Publications } from '../nouns/publish/state.ts';
import { createQrCodes, type QrCodes } from '../nouns/qrcode/state.ts';
import { createQuota, type Quota } from '../nouns/openapi/state.ts';
import { createServiceAccounts, type ServiceAccounts } from '../nouns/kfaccount/state.ts';
import { createShortKeys, type ShortKeys } from '../nouns/shorten/state.ts';
import { createTags, type Tags } from '../nouns/tag/state.ts';
import { createTickets, type Tickets } from '../nouns/ticket/state.ts';
import { createTokens, type Tokens } from '../nouns/token/state.ts';
import { createTyping, type Typing } from '../nouns/custom-message/state.ts';

/** What `save` gives: of each noun what it has saved itself. */
export interface SavedPlatform {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly nouns: Readonly<Record<string, unknown>>;
}

export interface Platform extends Nouns, Persistent<SavedPlatform> {
  readonly account: SimulatedAccount;
  readonly clock: SimulatedClock;
  readonly outbox: Outbox;
  /** Everything as it was at the start. The account stays, and so does the time: it is everybody's. */
  reset(): void;
  /** Whether this account has given out this token, ticket or other id. */
  owns(id: string): boolean;
  snapshot(): Record<string, unknown>;
}

/** What a reset makes anew. A further noun is its `state.ts` and a line in `createNouns`. */
interface Nouns {
  /** For request ids alone: late answers must not change what is drawn elsewhere. */
  rids: Random;
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
  serviceAccounts: ServiceAccounts;
  media: Media;
  drafts: Drafts;
  publications: Publications;
  /** Theirs alone: a message must not change what is drawn elsewhere. */
  messageRandom: Random;
  outcomes: Outcomes;
  templates: Templates;
  subscriptions: Subscriptions;
  mass: Mass;
  massUploads: MassUploads;
  autoReplies: AutoReplies;
  forms: Forms;
  ipRequests: IpRequests;
  webGrants: WebGrants;
}

/** How many of the newest followers `/_ctl/state` lists. */
const listedFollowers = 100;

interface PlatformOptions {
  readonly account: SimulatedAccount;
  readonly clock: SimulatedClock;
  /** Makes the source of that name; called at every reset: a seeded source starts again. */
  readonly createRandom: (stream: string) => Random;
}

export function createPlatform({ account, clock, createRandom }: PlatformOptions): Platform {
  const outbox = createOutbox();
  const platform: Platform = {
    account,
    clock,
    outbox,
    ...createNouns(account, clock, outbox, createRandom),
    reset() {
      outbox.clear();
      Object.assign(platform, createNouns(account, clock, outbox, createRandom));
    },
    owns: (id) => Object.values(platform).some((noun) => isOwner(noun) && noun.owns(id)),
    save: () => ({
      settings: formatSettings(platform.settings),
      nouns: Object.fromEntries(persistentOf(platform).map(([name, noun]) => [name, noun.save()])),
    }),
    restore({ settings, nouns }) {
      changeSettings(platform.settings, settings);
      for (const [name, noun] of persistentOf(platform)) {
        const saved = nouns[name];
        // A noun of a newer version begins empty.
        if (saved === undefined) continue;
        if (!hasFormOf(noun.save(), saved)) throw new TypeError(`no saved state of "${name}"`);
        noun.restore(saved);
      }
      // An entry that cannot be shown fails here, and not in the first call that looks.
      platform.snapshot();
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
      media: platform.media.snapshot(),
      drafts: platform.drafts.list().length,
      publications: platform.publications.list().length,
    }),
  };
  return platform;
}

function isOwner(noun: unknown): noun is Owner {
  return typeof noun === 'object' && noun !== null && 'owns' in noun;
}

/** The nouns that outlive the process, by their names. */
function persistentOf(nouns: Nouns): readonly (readonly [string, Persistent<unknown>])[] {
  return Object.entries(nouns).filter(
    (entry): entry is [string, Persistent<unknown>] => typeof entry[1] === 'object' && 'restore' in entry[1],
  );
}

function createNouns(
  account: SimulatedAccount,
  clock: SimulatedClock,
  outbox: Outbox,
  createRandom: (stream: string) => Random,
): Nouns {
  // Each noun draws from a source of its own: calls that meet in another order still get the same ids.
  const mediaRandom = createRandom('media');
  const media = createMedia(clock, mediaRandom);
  const drafts = createDrafts(clock, mediaRandom, media);
  const chats = createChats(clock);
  const settings = defaultSettings();
  const quota = createQuota(clock, settings, dailyQuotas);
  const followers = createFollowers(clock, createRandom('followers'));
  const ipRequests = createIpRequests(clock);
  const messageRandom = createRandom('messages');
  const outcomes = createOutcomes();
  return {
    rids: createRandom('rid'),
    settings,
    quota,
    ipRequests,
    tokens: createTokens({ clock, random: createRandom('tokens'), account, settings, quota, ipRequests }),
    tickets: createTickets(clock, createRandom('tickets')),
    followers,
    tags: createTags(followers),
    chats,
    typing: createTyping(clock),
    menu: createMenuState(createRandom('menu')),
    qrCodes: createQrCodes(clock, createRandom('qr')),
    shortKeys: createShortKeys(clock, createRandom('short keys')),
    serviceAccounts: createServiceAccounts(clock),
    media,
    drafts,
    publications: createPublications({ clock, random: mediaRandom, drafts, outbox }),
    messageRandom,
    outcomes,
    templates: createTemplates(clock, messageRandom),
    subscriptions: createSubscriptions(messageRandom),
    mass: createMass({ clock, chats, outbox, outcomes }),
    massUploads: createMassUploads(clock, messageRandom, media),
    autoReplies: createAutoReplies(messageRandom, media),
    forms: createForms(clock, createRandom('forms')),
    webGrants: createWebGrants(clock, createRandom('web')),
  };
}
