/** The platform's state and rules, without HTTP: one account, what it has been given, and the time. */
import type { Random } from '../../io/ports.ts';
import type { SimulatedAccount } from './account.ts';
import type { Work } from '../control/turns.ts';
import { createOutbox, type Outbox } from '../push/index.ts';
import { isObject, own } from '../../core/text/json-value.ts';
import { changeSettings, defaultSettings, formatSettings, saveSettings } from './settings.ts';
import { formatFollower } from '../nouns/user/view.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { createChats } from '../nouns/chat/state.ts';
import { createComments } from '../nouns/comment/state.ts';
import { createDrafts } from '../nouns/draft/state.ts';
import { createFollowers } from '../nouns/user/state.ts';
import { createForms, createWebGrants } from '../nouns/sns/state.ts';
import { createIpRequests } from './ip-requests.ts';
import { createMedia } from '../nouns/media/state.ts';
import { createMenuState } from '../nouns/menu/state.ts';
import { createMigrations } from '../nouns/migration/state.ts';
import { dailyQuotas } from '../nouns/index.ts';
import { createAutoReplies } from '../nouns/autoreply/state.ts';
import { createMass, createMassUploads } from '../nouns/mass/state.ts';
import { createOutcomes } from '../nouns/outcome/state.ts';
import { createSubscriptions } from '../nouns/subscribe/state.ts';
import { createTemplates } from '../nouns/template/state.ts';
import { createPublications } from '../nouns/publish/state.ts';
import { createQrCodes } from '../nouns/qrcode/state.ts';
import { createQuota } from '../nouns/openapi/state.ts';
import { createServiceAccounts } from '../nouns/kfaccount/state.ts';
import { createServiceSessions } from '../nouns/kfsession/state.ts';
import { createShortKeys } from '../nouns/shorten/state.ts';
import { createTags } from '../nouns/tag/state.ts';
import { createTickets } from '../nouns/ticket/state.ts';
import { createTokens } from '../nouns/token/state.ts';
import { createTyping } from '../nouns/custom-message/state.ts';

/** What `save` gives: of each noun what it has saved itself. */
export interface SavedPlatform {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly nouns: Readonly<Record<string, unknown>>;
}

export interface Platform extends Nouns {
  readonly account: SimulatedAccount;
  readonly clock: SimulatedClock;
  readonly outbox: Outbox;
  save(): SavedPlatform;
  /** Takes back what `save` gave; until it is all there, everything is as it was. Throws for what no platform has saved. */
  restore(saved: SavedPlatform): Work;
  /** Everything as it was at the start. The account stays, and so does the time: it is everybody's. */
  reset(): void;
  /** Whether this account has given out this token, ticket or other id. */
  owns(id: string): boolean;
  snapshot(): Record<string, unknown>;
}

/** How many of the newest followers `/_ctl/state` lists. */
const listedFollowers = 100;

interface PlatformOptions {
  readonly account: SimulatedAccount;
  readonly clock: SimulatedClock;
  /** Makes the source of that name; called at every reset: a seeded source starts again. */
  readonly createRandom: (stream: string) => Random;
}

export function createPlatform(options: PlatformOptions): Platform {
  const { account, clock } = options;
  const outbox = createOutbox();
  const platform: Platform = {
    account,
    clock,
    outbox,
    ...createNouns(options, outbox),
    reset() {
      outbox.clear();
      Object.assign(platform, createNouns(options, outbox));
    },
    owns: (id) => Object.values(platform).some((noun) => hasGiven(noun, id)),
    save: () => ({
      settings: saveSettings(platform.settings),
      nouns: Object.fromEntries(persistentOf(platform).map(([name, noun]) => [name, noun.save()])),
    }),
    *restore({ settings, nouns: saved }) {
      const nouns = createNouns(options, outbox);
      changeSettings(nouns.settings, settings);
      for (const [name, noun] of persistentOf(nouns)) {
        // One of a hundred thousand people has a turn for itself.
        yield;
        const before = saved[name];
        // A noun of a newer version begins empty.
        if (before === undefined) continue;
        if (!hasFormOf(noun.save(), before)) throw new TypeError(`no saved state of "${name}"`);
        noun.restore(before);
      }
      outbox.clear();
      Object.assign(platform, nouns);
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

/** Whether it has given out this id, be it good or dead. */
function hasGiven(noun: unknown, id: string): boolean {
  return typeof noun === 'object' && noun !== null && 'owns' in noun && (noun as Owner).owns(id);
}

/** State that gives out ids by which a call is known to be its account's, where several accounts share one address. */
interface Owner {
  owns(id: string): boolean;
}

/** State that outlives the process: everything that `save` gives is JSON. */
interface Persistent<Saved> {
  save(): Saved;
  /** Takes back what `save` gave, in the place of what is there. */
  restore(saved: Saved): void;
}

/**
 * Whether a value has the form of what a new noun saves: a list for a list, and of an object every field of the same
 * kind. A file that somebody has edited must fail when it is read, and not in some later call.
 */
function hasFormOf(sample: unknown, value: unknown): boolean {
  if (!isObject(sample)) return kindOf(value) === kindOf(sample);
  return (
    isObject(value) &&
    Object.entries(sample).every(
      ([name, field]) => isEmpty(field) || kindOf(own(value, name)) === kindOf(field),
    )
  );
}

/** What a new noun does not have yet says nothing about its form. */
function isEmpty(field: unknown): boolean {
  return field === undefined || field === null;
}

function kindOf(value: unknown): string {
  // No noun keeps nothing in a list.
  if (Array.isArray(value)) return value.includes(null) ? 'list with gaps' : 'list';
  return value === null ? 'null' : typeof value;
}

/** The nouns that outlive the process, by their names. */
function persistentOf(nouns: Nouns): readonly (readonly [string, Persistent<unknown>])[] {
  return Object.entries<unknown>(nouns).filter(
    (entry): entry is [string, Persistent<unknown>] => isObject(entry[1]) && 'restore' in entry[1],
  );
}

type Nouns = ReturnType<typeof createNouns>;

/** What a reset makes anew. A further noun is its `state.ts` and a line here. */
function createNouns({ account, clock, createRandom }: PlatformOptions, outbox: Outbox) {
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
  const serviceAccounts = createServiceAccounts(clock);
  return {
    /** For request ids alone: late answers must not change what is drawn elsewhere. */
    rids: createRandom('rid'),
    settings,
    quota,
    ipRequests,
    tokens: createTokens({ clock, random: createRandom('tokens'), account, settings, quota, ipRequests }),
    tickets: createTickets(clock, createRandom('tickets')),
    followers,
    migrations: createMigrations(clock, followers),
    tags: createTags(followers),
    chats,
    typing: createTyping(clock),
    menu: createMenuState(createRandom('menu')),
    qrCodes: createQrCodes(clock, createRandom('qr')),
    shortKeys: createShortKeys(clock, createRandom('short keys')),
    serviceAccounts,
    serviceSessions: createServiceSessions({ clock, outbox, serviceAccounts }),
    media,
    drafts,
    publications: createPublications({ clock, random: mediaRandom, drafts, outbox }),
    comments: createComments(clock),
    /** Theirs alone: a message must not change what is drawn elsewhere. */
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
