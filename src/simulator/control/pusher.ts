/** Sends pushes to the configured server, keeps what came of them, and puts the answers into the chats. */
import { formatOf, type MessageFormat } from '../../core/callback/index.ts';
import { WechatMpError } from '../../core/errors.ts';
import { showsReply } from '../../core/reply/index.ts';
import type { Clock, Fetch, Random } from '../../io/ports.ts';
import type { ChatContent, PushView } from './types/index.ts';
import { deliverLikePlatform, type Delivery, type Push, type PushTarget } from '../push/index.ts';
import type { Tag } from '../server/requests.ts';
import type { Chats } from '../nouns/chat/state.ts';
import type { CallbackConfig } from './callback-config.ts';
import {
  messageContent,
  outcomeMessage,
  unavailable,
  unknownMedia,
  type MediaUrl,
} from './phone/chat-content.ts';
import { createBell } from '../account/bell.ts';
import { newPushView, withAttempt } from './push-view.ts';

export const keptPushes = 200;
/** Each holds a connection; thousands would use up what the system gives a process. */
const maxUnderWay = 100;

export interface SentPush {
  readonly id: number;
  view(): PushView;
  /** As it is in the end; never rejects. */
  readonly done: Promise<PushView>;
}

interface PusherWorld {
  readonly clock: Clock;
  readonly tag: Tag;
  readonly openFetch: () => Promise<Fetch>;
  readonly signal: AbortSignal;
  readonly config: CallbackConfig;
  readonly chats: () => Chats;
  readonly isKnown: (openId: string) => boolean;
  readonly mediaUrl: MediaUrl;
  /** A person's message that the server wants customer service to answer. */
  readonly handOver: (openId: string, wanted: string | undefined, content: ChatContent) => void;
}

interface Kept {
  view: PushView;
  readonly push: Push;
}

export type Pusher = ReturnType<typeof createPusher>;

export function createPusher(world: PusherWorld) {
  const { clock, config } = world;
  const kept = new Map<number, Kept>();
  const bell = createBell<[PushView]>();
  let lastId = 0;
  const open = createLine(world.signal);

  const keep = (entry: Kept): void => {
    kept.set(entry.view.id, entry);
    const [oldest] = kept.keys();
    if (kept.size > keptPushes && oldest !== undefined) kept.delete(oldest);
  };
  const update = (entry: Kept, view: PushView): PushView => {
    entry.view = view;
    bell.ring(view);
    return view;
  };

  return {
    /**
     * `type` names the sample of which it was made, `random` is for how it travels; `onBegin` hears of its id before
     * anything is sent.
     */
    send(type: string, push: Push, random: Random, onBegin?: (id: number) => void): SentPush {
      // A message that somebody wrote out has the format in which it is written.
      const format = formatOf(push.text);
      const configured = config.target();
      const target = configured === undefined ? undefined : { ...configured, format };
      const view = newPushView(
        {
          id: (lastId += 1),
          at: new Date(clock.now()).toISOString(),
          openid: push.message.fromUserName,
          type,
          ...world.tag(),
        },
        push,
        { mode: config.settings().mode, format },
      );
      const entry = { view, push };
      keep(entry);
      const isPaused = config.isPaused();
      onBegin?.(view.id);
      update(entry, view);
      const leave = (skipped: 'no_server' | 'paused'): PushView => update(entry, skip(world, entry, skipped));
      const sent = { id: view.id, view: () => entry.view };
      if (target === undefined) return { ...sent, done: Promise.resolve(leave('no_server')) };
      if (isPaused) return { ...sent, done: Promise.resolve(leave('paused')) };
      const done = open(async (signal) => {
        // The pause may have begun while it waited.
        if (config.isPaused()) return leave('paused');
        return await deliver({ ...world, random, signal }, entry, target, (next) => update(entry, next));
      });
      return { ...sent, done };
    },
    format: (): MessageFormat => config.settings().format,
    list: (): readonly PushView[] => [...kept.values()].map(({ view }) => view),
    find: (id: number): { readonly view: PushView; readonly push: Push } | undefined => kept.get(id),
    /** Calls the listener when a push begins, after each attempt, and when it ends. */
    subscribe: bell.subscribe,
    /** Empties the log of what has ended; numbers go on. */
    forget(): void {
      for (const [id, { view }] of kept) if (view.state !== 'sending') kept.delete(id);
    },
    clear(): void {
      kept.clear();
      lastId = 0;
    },
  };
}

/**
 * Runs so much work at once and the rest in its turn, each with a signal of its own: a single one for hundreds of
 * pushes would be warned about as a leak.
 */
function createLine(signal: AbortSignal) {
  const running = new Set<AbortController>();
  const waiting: (() => void)[] = [];
  let underWay = 0;
  const stop = (): void => {
    for (const controller of running) controller.abort(signal.reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  const comeIn = async (): Promise<void> => {
    if (underWay < maxUnderWay) underWay += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const goOut = (): void => {
    // Whoever waits takes the place over, before anybody who comes now.
    const next = waiting.shift();
    if (next === undefined) underWay -= 1;
    else next();
  };
  return async <Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> => {
    await comeIn();
    const controller = new AbortController();
    running.add(controller);
    if (signal.aborted) stop();
    try {
      return await work(controller.signal);
    } finally {
      running.delete(controller);
      goOut();
    }
  };
}

async function deliver(
  world: PusherWorld & { readonly random: Random },
  entry: Kept,
  target: PushTarget,
  update: (view: PushView) => PushView,
): Promise<PushView> {
  const { clock, config, random, signal } = world;
  const { push } = entry;
  // The chat that the message stands in: a reset in between gives everybody a new one.
  const chats = world.chats();
  try {
    const pushWorld = { clock, random, fetch: await world.openFetch(), signal };
    const deliveries = await deliverLikePlatform(pushWorld, target, push, (delivery) => {
      update(withAttempt(entry.view, delivery, target.callbackToken));
    });
    const last = deliveries.at(-1);
    const answered = last?.verdict !== undefined;
    config.note(answered);
    const problems = [...entry.view.problems, ...unknownMedia(last?.verdict?.reply, world.mediaUrl)];
    const view: PushView = { ...entry.view, state: answered ? 'answered' : 'failed', problems };
    if (last !== undefined) showOutcome(world, chats, view, last, push);
    return update(view);
  } catch (error) {
    if (error instanceof WechatMpError && error.family === 'interrupted') {
      return update({ ...entry.view, state: 'skipped', skipped: 'interrupted' });
    }
    const message = error instanceof Error ? error.message : String(error);
    const text = { en: `The simulator failed: ${message}`, zh: `模拟器出错：${message}` };
    const problem = { rule: 'other', severity: 'error', text, hint: null, field: null } as const;
    return update({ ...entry.view, state: 'failed', problems: [problem] });
  }
}

function showOutcome(
  { isKnown, mediaUrl, handOver }: PusherWorld,
  chats: Chats,
  view: PushView,
  delivery: Delivery,
  { message }: Push,
): void {
  if (!isKnown(view.openid)) return;
  const shown = outcomeMessage(view, delivery, message, mediaUrl);
  if (shown !== undefined) chats.add(view.openid, shown);
  const reply = shown?.content.type === 'notice' ? delivery.verdict?.reply : undefined;
  const content = messageContent(message, mediaUrl);
  if (reply?.msgType === 'transfer_customer_service' && content !== undefined) {
    handOver(view.openid, reply.kfAccount, content);
  }
}

/** Nothing is sent. Without a server that is how it must be; in the pause the person sees that the server is down. */
function skip(world: PusherWorld, { view, push }: Kept, skipped: 'no_server' | 'paused'): PushView {
  const sees = skipped === 'paused' && showsReply(push.message, view.format) ? 'unavailable' : 'nothing';
  const next: PushView = {
    ...view,
    state: 'skipped',
    skipped,
    problems: skipped === 'paused' ? [pausedProblem] : [],
    user_sees: sees,
  };
  if (sees === 'unavailable' && world.isKnown(view.openid)) {
    world.chats().add(view.openid, unavailable(view.id, next.problems));
  }
  return next;
}

const pausedProblem: PushView['problems'][number] = {
  rule: 'paused',
  severity: 'error',
  text: {
    en: 'Ten pushes in a row failed: WeChat stops pushing for one minute',
    zh: '连续十次推送失败：微信暂停推送一分钟',
  },
  hint: {
    en: 'Repair the server, save the configuration again or advance the clock by 1 minute',
    zh: '请修复服务器，然后重新保存服务器配置，或将时钟拨快 1 分钟',
  },
  field: null,
};
