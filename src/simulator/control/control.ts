/** The side of the simulator that people and tests drive: the phone, the push side, and what there is to see of both. */
import { isObject } from '../../core/text/json-value.ts';
import type { Fetch, Random } from '../../io/ports.ts';
import { createBell } from '../account/bell.ts';
import type { ChatContent, ChatMessage, ControlEvents } from './types/index.ts';
import { formatListed } from '../server/faults/faults.ts';
import { formatFollower } from '../nouns/user/view.ts';
import { createMask } from '../server/mask.ts';
import { recordText } from '../nouns/kfsession/view.ts';
import { mediaUrl } from '../nouns/media/view.ts';
import type { OutgoingEvent } from '../push/index.ts';
import type { Platform } from '../account/platform.ts';
import { createActiveScenarios, type ActiveScenarios, type Scenario } from '../account/scenario.ts';
import { formatSettings } from '../account/settings.ts';
import { changesOf } from '../nouns/index.ts';
import type { LoggedCall, Tag } from '../server/requests.ts';
import type { Traffic } from '../server/traffic.ts';
import { createCallbackConfig, type CallbackConfig, type CallbackSettings } from './callback-config.ts';
import type { PushMaker } from './phone/push.ts';
import { createPusher, maskPush, type Pusher } from './pusher.ts';
import { createJournal, type Step } from './session/journal.ts';
import type { Work } from './turns.ts';
import { createWaiting } from './waiting.ts';

export interface ControlOptions {
  readonly traffic: Traffic;
  /** The HTTP client for pushes, opened when the first one is sent. */
  readonly openFetch: () => Promise<Fetch>;
  /** What the simulator was started with. */
  readonly callback: Partial<CallbackSettings>;
  /** Applied at the start and after every reset. */
  readonly scenario: Scenario | undefined;
  /** Starts with the scenario, or goes on from what was saved; returns what lets the people of the start come. */
  readonly begin: (scenarios: ActiveScenarios) => Work;
  /** Makes the source of that name: each push has its own, whenever it leaves and however often it is tried. */
  readonly createRandom: (stream: string) => Random;
  /** The sources made from now on are others, by this mark; without one those of the start. */
  readonly drawAnew: (mark: string) => void;
  /** Is added to the log of pushes: whose they are, where that is a question. */
  readonly tag: Tag;
  readonly signal: AbortSignal;
}

/** What the pages are told of. */
type News = keyof ReturnType<typeof createNews>;

/** An address is new to the administrator. */
const needsConfirmation = 89503;

export type Control = ReturnType<typeof createControl>;

export function createControl(options: ControlOptions) {
  const { traffic, openFetch, callback, signal } = options;
  const { platform, requests } = traffic;
  const { account, clock } = platform;
  const events = createEvents();
  const mask = createMask([account.secret, account.encodingAESKey]);
  const config = createCallbackConfig({ account, clock, start: callback });
  const scenarios = createActiveScenarios(traffic, config, options.scenario);
  const people = options.begin(scenarios);
  const journal = createJournal(traffic, scenarios);
  const pusher = createPusher({
    clock,
    openFetch,
    tag: options.tag,
    signal,
    config,
    chats: () => platform.chats,
    isKnown: (openId) => platform.followers.find(openId) !== undefined,
    mediaUrl: (mediaId) => mediaUrl(platform, mediaId),
    handOver: handOverIn(platform),
  });
  const news = createNews(traffic, config, scenarios);
  const tell = (what: News): void => events.emit(what, news[what]());
  const chats = listenToChats(traffic, events);
  pusher.subscribe((view) => events.emit('push', maskPush(view)));
  const makers = createMakers(options, () => pusher.format());
  platform.outbox.subscribe((event) => void sendEvent(event, makers.maker(), pusher));
  tellOfChanges(options, events, tell);
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
    scenarios,
    /** Lets the people of the start come; whoever makes the account does it. */
    people,
    waiting: createWaiting(clock, signal),
    /** Calls the listener after every message of a chat; returns the function that ends it. */
    subscribeChats: chats.subscribe,
    /** What has been done since the start. */
    journal,
    /** Tells the pages what has become different. */
    tell,
    /** What is needed to make a push of this moment. */
    maker: makers.maker,
    /** `GET /_ctl/state` */
    state: () => ({
      ...platform.snapshot(),
      callback: config.view(),
      faults: news.faults(),
      scenario: scenarios.list(),
      requests: requests.list().length,
      pushes: pusher.list().length,
    }),
    ...createBeginnings(options, { config, scenarios, journal, makers, pusher, chats, events }),
  };
}

interface Parts {
  readonly config: CallbackConfig;
  readonly scenarios: ActiveScenarios;
  readonly journal: ReturnType<typeof createJournal>;
  readonly makers: ReturnType<typeof createMakers>;
  readonly pusher: Pusher;
  readonly chats: ReturnType<typeof listenToChats>;
  readonly events: Events;
}

/** From where an account goes on: its start, or what was saved of it. The logs begin anew; the time goes on. */
function createBeginnings({ traffic, drawAnew }: ControlOptions, parts: Parts) {
  const { platform, faults, requests } = traffic;
  const { config, scenarios, journal, makers, pusher, chats, events } = parts;
  const begin = (): void => {
    requests.clear();
    makers.reset();
    pusher.clear();
    chats.listen();
    events.emit('reset', {});
  };
  return {
    /** Everything of the account back to the start; returns what lets its people come. */
    reset(): Work {
      drawAnew('');
      platform.reset();
      faults.clear();
      config.reset();
      const people = scenarios.restart();
      journal.restart();
      begin();
      return tellOfMany(people, () => events.emit('followers', {}));
    },
    /** `fill` takes back what was saved, `steps` had been done by then, `mark` is for what is drawn from now on. */
    *goBack(mark: string, fill: () => Work, steps: readonly Step[] | undefined): Work {
      drawAnew(mark);
      yield* fill();
      journal.restart(steps);
      begin();
    },
  };
}

/** Pages have read the list already when the last of many come. */
function* tellOfMany(people: Work, tell: () => void): Work {
  let turns = 0;
  for (const _ of people) {
    turns += 1;
    yield;
  }
  if (turns > 0) tell();
}

/** A reset makes the chats anew: then `listen` is for whoever has subscribed. */
function listenToChats({ platform }: Traffic, events: Events) {
  const bell = createBell<[openid: string, message: ChatMessage]>();
  const listen = (): void => void platform.chats.subscribe(bell.ring);
  listen();
  bell.subscribe((openid, message) => events.emit('chat', { openid, message }));
  return { listen, subscribe: bell.subscribe };
}

/** Nobody's call is under way that would tell of a session that begins. */
function handOverIn(platform: Platform) {
  return (openId: string, wanted: string | undefined, content: ChatContent): void => {
    platform.serviceSessions.handOver(openId, wanted, recordText(content));
    platform.outbox.flush();
  };
}

export function tellFollower({ traffic, events }: Control, openId: string): void {
  const follower = traffic.platform.followers.find(openId);
  if (follower !== undefined) events.emit('follower', formatFollower(follower) as ControlEvents['follower']);
}

/** Each push has its own sources, told apart by their number since the start or the last reset. */
function createMakers({ traffic, createRandom }: ControlOptions, format: () => PushMaker['format']) {
  const { account, clock } = traffic.platform;
  let made = 0;
  return {
    maker: (): PushMaker => {
      made += 1;
      return {
        clock,
        random: createRandom(`push ${made}`),
        delivery: createRandom(`delivery ${made}`),
        originalId: account.originalId,
        format: format(),
      };
    },
    reset: (): void => {
      made = 0;
    },
  };
}

async function sendEvent(
  { sampleId, openId, fields }: OutgoingEvent,
  maker: PushMaker,
  pusher: Pusher,
): Promise<void> {
  const { makePush } = await import('./phone/push.ts');
  const { sendPush } = await import('./phone/send-push.ts');
  const push = await makePush(maker, sampleId, openId ?? systemOpenId(maker), fields);
  sendPush(pusher, sampleId, push, maker.delivery);
}

/** What a call of the API side means for the pages, and a clock that somebody has moved, of whatever account. */
function tellOfChanges(
  { traffic, signal }: ControlOptions,
  events: Events,
  tell: (what: News) => void,
): void {
  const { platform, requests } = traffic;
  signal.addEventListener(
    'abort',
    platform.clock.subscribe(() => tell('clock')),
    { once: true },
  );
  requests.subscribe((call) => {
    if (!events.isHeard()) return;
    events.emit('request', call.record);
    for (const what of changedBy(call)) tell(what);
    const typist = typistOf(call);
    if (typist !== undefined) events.emit('typing', typingView(platform, typist));
  });
}

/** What may be different after a call of the API side. */
function changedBy({ path, errcode }: LoggedCall): readonly News[] {
  const changed = changesOf(path).filter((what) => what !== 'typing');
  return errcode === needsConfirmation ? ['ip_requests', ...changed] : changed;
}

/** To whom the account has begun to type, or stopped. */
function typistOf({ path, body }: LoggedCall): string | undefined {
  const openId = changesOf(path).includes('typing') && isObject(body) ? body['touser'] : undefined;
  return typeof openId === 'string' ? openId : undefined;
}

/** What a phone shows above the chat while the account types. */
export function typingView({ typing }: Platform, openid: string): ControlEvents['typing'] {
  const untilMs = typing.untilMs(openid);
  return { openid, until: untilMs === undefined ? null : new Date(untilMs).toISOString() };
}

/** Who sends what is not about one person. The real one is not documented. */
function systemOpenId({ originalId }: PushMaker): string {
  return `oSystemAccount__${originalId.replace('gh_', '')}`;
}

/** What the pages are told of each thing that can change. */
function createNews({ platform, faults }: Traffic, config: CallbackConfig, scenarios: ActiveScenarios) {
  const { clock } = platform;
  return {
    callback: () => config.view(),
    settings: () => formatSettings(platform.settings),
    ip_requests: () => platform.ipRequests.list(),
    clock: () => ({ now: new Date(clock.now()).toISOString(), offset_ms: clock.offsetMs() }),
    faults: () => faults.list().map(formatListed),
    scenario: () => scenarios.list(),
    cleared: () => ({}),
    menu: () => ({}),
    followers: () => ({}),
    templates: () => ({}),
  } satisfies { readonly [Name in keyof ControlEvents]?: () => ControlEvents[Name] };
}

/** A page that has fallen this far behind is cut off; its EventSource connects again and reads everything anew. */
const maxWaitingBytes = 4 * 1024 * 1024;
/** More pages than a developer has; the oldest one gives way. */
const maxStreams = 32;

type Events = ReturnType<typeof createEvents>;

type Stream = ReadableStreamDefaultController<Uint8Array>;

function createEvents() {
  const streams = new Set<Stream>();
  const end = (controller: Stream): void => {
    if (streams.delete(controller)) controller.close();
  };
  const send = (controller: Stream, bytes: Uint8Array): void => {
    if ((controller.desiredSize ?? 0) < bytes.length - maxWaitingBytes) end(controller);
    else controller.enqueue(bytes);
  };
  return {
    isHeard: (): boolean => streams.size > 0,
    emit<Name extends keyof ControlEvents>(name: Name, data: ControlEvents[Name]): void {
      if (streams.size === 0) return;
      const bytes = formatEvent(name, data);
      for (const controller of streams) send(controller, bytes);
    },
    open(hello: ControlEvents['hello']): Response {
      let own: Stream | undefined;
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            own = controller;
            streams.add(controller);
            const [oldest] = streams;
            if (streams.size > maxStreams && oldest !== undefined) end(oldest);
            controller.enqueue(formatEvent('hello', hello));
          },
          cancel() {
            if (own !== undefined) streams.delete(own);
          },
        },
        new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
      );
      return new Response(body, {
        headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
      });
    },
    close(): void {
      for (const controller of streams) end(controller);
    },
  };
}

/** JSON has no line ends, so that one `data` line holds it. */
function formatEvent(name: string, data: unknown): Uint8Array {
  return new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
