/** The pushes to the configured server: what is kept of them, and who hears of them. `phone/send-push.ts` sends them. */
import type { MessageFormat } from '../../core/callback/index.ts';
import type { Clock, Fetch } from '../../io/ports.ts';
import type { ChatContent, PushAttempt, PushView } from './types/index.ts';
import type { Push } from '../push/index.ts';
import type { Tag } from '../server/requests.ts';
import type { Chats } from '../nouns/chat/state.ts';
import type { CallbackConfig } from './callback-config.ts';
import type { MediaUrl } from './phone/chat-content.ts';
import { createBell } from '../account/bell.ts';

export const keptPushes = 200;
const tokenMask = '●●●';
/** Each holds a connection; thousands would use up what the system gives a process. */
const maxUnderWay = 100;

export interface PusherWorld {
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

export interface KeptPush {
  view: PushView;
  readonly push: Push;
}

export type Pusher = ReturnType<typeof createPusher>;

export function createPusher(world: PusherWorld) {
  const kept = new Map<number, KeptPush>();
  const bell = createBell<[PushView]>();
  let lastId = 0;
  return {
    world,
    /** Runs the work of a push in its turn. */
    inTurn: createLine(world.signal),
    nextId: (): number => (lastId += 1),
    keep(entry: KeptPush): void {
      kept.set(entry.view.id, entry);
      const [oldest] = kept.keys();
      if (kept.size > keptPushes && oldest !== undefined) kept.delete(oldest);
    },
    update(entry: KeptPush, view: PushView): PushView {
      entry.view = view;
      bell.ring(view);
      return view;
    },
    format: (): MessageFormat => world.config.settings().format,
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

/** The same with the Token out of sight: everybody who knows it can pass for WeChat. */
export function maskPush(view: PushView): PushView {
  return { ...view, attempts: view.attempts.map(maskAttempt) };
}

function maskAttempt(attempt: PushAttempt): PushAttempt {
  return {
    ...attempt,
    signatures: attempt.signatures.map((steps) => {
      const sorted = steps.sorted.map((part) =>
        part.name === 'token' ? { ...part, value: tokenMask } : part,
      );
      return { ...steps, sorted, joined: sorted.map(({ value }) => value).join('') };
    }),
  };
}
