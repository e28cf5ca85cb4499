/** The side of the simulator that people and tests drive: the phone, the push side, and what there is to see of both. */
import type { Clock, Fetch, Random } from '../../io/ports.ts';
import type { SimulatedAccount } from '../account.ts';
import type { ConsoleEvents } from '../console-types.ts';
import { formatFault } from '../fault.ts';
import { formatFollower } from '../follower.ts';
import { createMask, type Mask } from '../mask.ts';
import { applyScenario, type Scenario } from '../scenario.ts';
import { formatSettings } from '../settings.ts';
import type { Traffic } from '../traffic.ts';
import { createCallbackConfig, type CallbackConfig, type CallbackSettings } from './callback-config.ts';
import { createEvents, type Events } from './events.ts';
import { makePush, type PushMaker } from './phone-push.ts';
import { createPusher, type Pusher } from './pusher.ts';
import { maskPush } from './push-view.ts';

export interface ConsoleOptions {
  readonly traffic: Traffic;
  /** The HTTP client for pushes, opened when the first one is sent. */
  readonly openFetch: () => Promise<Fetch>;
  /** What the simulator was started with. */
  readonly callback: Partial<CallbackSettings>;
  /** Applied at the start and after every reset. */
  readonly scenario: Scenario | undefined;
  /** Whether what was saved has taken the place of a start. */
  readonly isRestored: boolean;
  /** Called at the start and at every reset, for what a phone and the push side invent. */
  readonly createRandom: () => Random;
  readonly signal: AbortSignal;
}

export interface Console extends ConsoleWorld {
  readonly traffic: Traffic;
  readonly events: Events;
  readonly config: CallbackConfig;
  readonly pusher: Pusher;
  readonly mask: Mask;
  /** What is needed to make a push of this moment. */
  maker(): PushMaker;
  /** `GET /_ctl/state` */
  state(): Record<string, unknown>;
  /** Everything back to the start. */
  reset(): void;
  /** Tells the pages what has become different. */
  tell(what: 'callback' | 'settings' | 'clock' | 'faults' | 'menu' | 'followers'): void;
  tellFollower(openId: string): void;
}

interface ConsoleWorld {
  readonly openFetch: () => Promise<Fetch>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** API calls after which a phone shows another menu, or the list of followers is another one. */
const menuPaths = /^\/cgi-bin\/menu\/(?:create|delete|addconditional|delconditional)$/;
const followerPaths = /^\/cgi-bin\/(?:tags\/|user\/info\/updateremark$)/;

export function createConsole(options: ConsoleOptions): Console {
  const { traffic, openFetch, callback, scenario, isRestored, createRandom, signal } = options;
  const { platform, faults, requests } = traffic;
  const { account, clock } = platform;
  const events = createEvents();
  const mask = createMask([account.secret, account.encodingAESKey]);
  const config = createCallbackConfig({ account, clock, start: callback });
  if (scenario !== undefined && !isRestored) applyScenario(traffic, config, scenario);
  let random = createRandom();
  const pusher = createPusher({
    clock,
    random: () => random,
    openFetch,
    signal,
    config,
    chats: () => platform.chats,
    isKnown: (openId) => platform.followers.find(openId) !== undefined,
  });
  const news = createNews(traffic, config);
  const tell: Console['tell'] = (what) => events.emit(what, news[what]());
  const listenToChats = (): void => {
    platform.chats.subscribe((openid, message) => events.emit('chat', { openid, message }));
  };
  listenToChats();
  pusher.subscribe((view) => events.emit('push', maskPush(view)));
  const maker = (): PushMaker => ({ clock, random, originalId: account.originalId, format: pusher.format() });
  platform.outbox.subscribe(({ sampleId, openId = systemOpenId(account), fields }) => {
    void makePush(maker(), sampleId, openId, fields).then((push) => pusher.send(sampleId, push));
  });
  requests.subscribe((record) => {
    events.emit('request', record);
    if (menuPaths.test(record.path)) tell('menu');
    if (followerPaths.test(record.path)) tell('followers');
  });
  signal.addEventListener('abort', () => events.close(), { once: true });

  return {
    traffic,
    openFetch,
    clock,
    signal,
    events,
    config,
    pusher,
    mask,
    tell,
    tellFollower(openId) {
      const follower = platform.followers.find(openId);
      if (follower !== undefined)
        events.emit('follower', formatFollower(follower) as ConsoleEvents['follower']);
    },
    maker,
    state: () => ({
      ...platform.snapshot(),
      callback: config.view(),
      faults: news.faults(),
      requests: requests.list().length,
      pushes: pusher.list().length,
    }),
    reset() {
      platform.reset();
      faults.clear();
      requests.clear();
      random = createRandom();
      config.reset();
      if (scenario !== undefined) applyScenario(traffic, config, scenario);
      pusher.clear();
      listenToChats();
      events.emit('reset', {});
    },
  };
}

/** Who sends what is not about one person. The real one is not documented. */
function systemOpenId({ originalId }: SimulatedAccount): string {
  return `oSystemAccount__${originalId.replace('gh_', '')}`;
}

/** What the pages are told of each thing that can change. */
function createNews({ platform, faults }: Traffic, config: CallbackConfig) {
  const { clock } = platform;
  return {
    callback: () => config.view(),
    settings: () => formatSettings(platform.settings),
    clock: () => ({ now: new Date(clock.now()).toISOString(), offset_ms: clock.offsetMs() }),
    faults: () => faults.list().map(formatFault),
    menu: () => ({}),
    followers: () => ({}),
  } satisfies { readonly [Name in keyof ConsoleEvents]?: () => ConsoleEvents[Name] };
}
