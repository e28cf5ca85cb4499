/** What stands in the chats of the people with the account, and for how long the account may write by itself (客服消息). */
import type { Clock } from '../../../io/ports.ts';
import { createBell } from '../../account/bell.ts';
import type { ChatContent, ChatMessage } from '../../control/types/index.ts';
import { Refusal } from '../../server/refusal.ts';

/** Of one chat. */
export const keptMessages = 200;
/** The chats of the people who wrote longest ago are forgotten. */
const keptChats = 1000;
/** Of all chats together: a load test fills every one of them. */
const keptInAll = 20_000;

/** How long and how often the account may write after the person has: a message opens the long window, a tap the short one. */
const windows = {
  message: { lifeMs: 48 * 3_600_000, messages: 5 },
  tap: { lifeMs: 60_000, messages: 3 },
} as const;

interface Window {
  readonly untilMs: number;
  left: number;
}

interface Chat {
  /** Each stays as it is: see `copyOf`. */
  messages: ChatMessage[];
  lastId: number;
  readonly windows: Partial<Record<keyof typeof windows, Window>>;
}

export type SavedChats = readonly (readonly [openId: string, chat: Chat])[];

type NewMessage = Pick<ChatMessage, 'from' | 'origin' | 'push_id' | 'content'>;

export type Chats = ReturnType<typeof createChats>;

export function createChats(clock: Clock) {
  const { chats, chatOf, keep, restore } = createBoundedChats();
  const bell = createBell<[openId: string, message: ChatMessage]>();

  const openWindows = (openId: string): readonly Window[] =>
    Object.values(chats.get(openId)?.windows ?? {}).filter(({ untilMs }) => untilMs > clock.now());

  const put = (openId: string, chat: Chat, message: NewMessage): ChatMessage => {
    const added = Object.freeze({
      id: (chat.lastId += 1),
      at: new Date(clock.now()).toISOString(),
      ...message,
    });
    keep(chat, added);
    bell.ring(openId, added);
    return added;
  };
  const add = (openId: string, message: NewMessage): ChatMessage => put(openId, chatOf(openId), message);

  return {
    save: (): SavedChats => [...chats],
    restore,
    add,
    /**
     * The same message for many. It appears in the chats that there are and, as long as there is room, in those of the
     * last of the others: a mass message must not push out the chats that somebody has had.
     */
    broadcast(openIds: readonly string[], message: NewMessage): void {
      fillUp(chats, openIds);
      for (const [openId, chat] of chatsOf(chats, openIds)) put(openId, chat, message);
    },
    /** Oldest first. */
    list: (openId: string): readonly ChatMessage[] => [...(chats.get(openId)?.messages ?? [])],
    /** The person has written, or has tapped, scanned or followed. */
    openWindow(openId: string, kind: keyof typeof windows): void {
      const { lifeMs, messages } = windows[kind];
      chatOf(openId).windows[kind] = { untilMs: clock.now() + lifeMs, left: messages };
    },
    /** The person has left: nothing may be sent any more. */
    closeWindows(openId: string): void {
      const chat = chats.get(openId);
      if (chat !== undefined) for (const kind of Object.keys(windows)) delete chat.windows[kind as 'tap'];
    },
    /** Until when the account may write, in milliseconds; `undefined` where it may not. */
    windowUntilMs(openId: string): number | undefined {
      const open = openWindows(openId).filter(({ left }) => left > 0);
      return open.length === 0 ? undefined : Math.max(...open.map(({ untilMs }) => untilMs));
    },
    /**
     * Puts a customer-service message into the chat (message/custom/send). Throws 45015 where no window is open, 45047
     * where all of its messages are used up.
     */
    sendCustom(openId: string, content: ChatContent): ChatMessage {
      const open = openWindows(openId);
      if (open.length === 0) throw new Refusal(45015);
      // What ends first is used first.
      const [window] = open.filter(({ left }) => left > 0).toSorted((a, b) => a.untilMs - b.untilMs);
      if (window === undefined) throw new Refusal(45047);
      window.left -= 1;
      return add(openId, { from: 'account', origin: 'custom', push_id: null, content });
    },
    /** Called after every message. */
    subscribe: bell.subscribe,
  };
}

/** The chats by openid, who wrote longest ago first, and no more of them than there is room for. */
function createBoundedChats() {
  const chats = new Map<string, Chat>();
  let inAll = 0;
  return {
    chats,
    /** The chat of this person, which is the newest then. */
    chatOf: (openId: string): Chat => {
      const chat = chats.get(openId) ?? { messages: [], lastId: 0, windows: {} };
      chats.delete(openId);
      chats.set(openId, chat);
      const [oldest] = chats;
      if (chats.size > keptChats && oldest !== undefined) {
        inAll -= oldest[1].messages.length;
        chats.delete(oldest[0]);
      }
      return chat;
    },
    /** How long the account may write to somebody stays also where the messages are forgotten. */
    keep: ({ messages }: Chat, message: ChatMessage): void => {
      messages.push(message);
      inAll += 1;
      if (messages.length > keptMessages) inAll -= messages.splice(0, 1).length;
      for (const { messages: oldest } of chats.values()) {
        if (inAll <= keptInAll) break;
        inAll -= oldest.splice(0, inAll - keptInAll).length;
      }
    },
    restore: (saved: SavedChats): void => {
      chats.clear();
      for (const [openId, chat] of saved) {
        chat.messages.forEach(Object.freeze);
        chats.set(openId, chat);
      }
      inAll = saved.reduce((sum, [, { messages }]) => sum + messages.length, 0);
    },
  };
}

/** New chats for the last of these people as far as there is room; they are the first to be forgotten again. */
function fillUp(chats: Map<string, Chat>, openIds: readonly string[]): void {
  const known = [...chats];
  const room = keptChats - known.length;
  const others: string[] = [];
  for (let place = openIds.length - 1; place >= 0 && others.length < room; place -= 1) {
    const openId = openIds[place] ?? '';
    if (!chats.has(openId)) others.push(openId);
  }
  chats.clear();
  for (const openId of others.toReversed()) chats.set(openId, { messages: [], lastId: 0, windows: {} });
  for (const [openId, chat] of known) chats.set(openId, chat);
}

/** In the order of the people. They are looked up from the last ones on, who have most of the chats. */
function chatsOf(chats: ReadonlyMap<string, Chat>, openIds: readonly string[]): readonly [string, Chat][] {
  const found: [string, Chat][] = [];
  for (let place = openIds.length - 1; place >= 0 && found.length < chats.size; place -= 1) {
    const openId = openIds[place] ?? '';
    const chat = chats.get(openId);
    if (chat !== undefined) found.push([openId, chat]);
  }
  return found.toReversed();
}
