/** What the simulator knows, kept up to date by its server-sent events. */
import { batch, computed, effect, signal } from '@preact/signals';
import type {
  CallbackView,
  ChatMessage,
  ChatView,
  ControlEvents,
  ControlState,
  FollowerView,
  IpRequestView,
  PushView,
  RequestRecord,
  TemplatesView,
} from '../control/types/index.ts';
import {
  chooseAccount,
  chosenAccount,
  controlAddress,
  postControl,
  readAccounts,
  readControl,
  type AccountSummary,
} from './control.ts';
import { attempt } from './parts/notice.ts';

/** As many as the simulator keeps itself. */
const keptRequests = 1000;
const keptPushes = 200;
const keptMessages = 200;
/** The chat of this person is shown again after a reload. */
const storageKey = 'wechat-mp.person';

export const connection = signal<'connecting' | 'live' | 'lost'>('connecting');
export const state = signal<ControlState | null>(null);
export const callback = signal<CallbackView | null>(null);
/** All accounts of the simulator; usually one. */
export const accounts = signal<readonly AccountSummary[]>([]);
export const clock = signal<ControlEvents['clock'] | null>(null);
export const faults = signal<ControlEvents['faults']>([]);
export const scenario = signal<readonly string[]>([]);
/** Addresses that asked the administrator（管理员确认）. */
export const ipRequests = signal<readonly IpRequestView[]>([]);
export const settings = signal<Readonly<Record<string, unknown>>>({});
/** What the account is called; empty where it has no name. */
export const accountName = computed(() => textOf('name') ?? '');
/** Where the simulator has the picture of the account; `null` where it has none. */
export const accountPicture = computed(() => textOf('picture'));
export const requests = signal<readonly RequestRecord[]>([]);
export const pushes = signal<readonly PushView[]>([]);
export const followers = signal<readonly FollowerView[]>([]);
export const chosenOpenid = signal<string | null>(sessionStorage.getItem(storageKey));
export const chat = signal<ChatView | null>(null);
/** With what the account can send at once. */
export const templates = signal<TemplatesView | null>(null);
/** Messages in chats that are not open, by openid. */
export const unread = signal<Readonly<Record<string, number>>>({});

/** Who the phone belongs to: the one who was chosen, else the first. */
export const person = computed(
  () => followers.value.find(({ openid }) => openid === chosenOpenid.value) ?? followers.value[0] ?? null,
);

/** Whether everything has been read: what is filled in from the account, or says that there is nothing, waits for it. */
export const isKnown = computed(() => state.value !== null && clock.value !== null);
/** Grows when the simulator goes back to its start: what a panel has read by itself is to be read again. */
export const resets = signal(0);

const typingTick = signal(0);

/** Whether the account is shown to be typing（客服输入状态）. Ends by itself. */
export const isTyping = computed(() => {
  void typingTick.value;
  return typingLeftMs() > 0;
});

effect(() => {
  const left = typingLeftMs();
  if (left <= 0) return undefined;
  const timer = setTimeout(() => (typingTick.value += 1), left + 1);
  return () => clearTimeout(timer);
});

function typingLeftMs(): number {
  const until = chat.value?.typing_until ?? null;
  return until === null ? 0 : Date.parse(until) - Date.now() - (clock.value?.offset_ms ?? 0);
}

/** Whether the account's server is working on something of this person. */
export const waiting = computed(() =>
  pushes.value.some((push) => push.state === 'sending' && push.openid === person.value?.openid),
);

export function choosePerson(openid: string): void {
  sessionStorage.setItem(storageKey, openid);
  const { [openid]: _read, ...others } = unread.value;
  batch(() => {
    chosenOpenid.value = openid;
    unread.value = others;
  });
}

/** Reads everything once and follows the events. Ends with the page. */
export async function startLive(): Promise<void> {
  accounts.value = await readAccounts();
  if (chosenAccount !== null && !accounts.value.some(({ appid }) => appid === chosenAccount)) {
    // Gone since the page was last open.
    chooseAccount(null);
    return;
  }
  const source = new EventSource(controlAddress('events'));
  source.addEventListener('error', () => {
    connection.value = 'lost';
  });
  const on = <Name extends keyof ControlEvents>(
    name: Name,
    take: (data: ControlEvents[Name]) => void,
  ): void => {
    source.addEventListener(name, (event: MessageEvent<string>) => {
      held.push(() => take(JSON.parse(event.data) as ControlEvents[Name]));
      takeHeldEvents();
    });
  };
  on('hello', () => {
    connection.value = 'live';
    void attempt(readEverything);
  });
  on('reset', () => {
    resets.value += 1;
    void attempt(readEverything);
  });
  on('cleared', () => void attempt(readEverything));
  on('request', (record) => {
    arrived.push(record);
    takeRequestsSoon();
  });
  on('push', (push) => {
    pushes.value = put(pushes.value, push).slice(-keptPushes);
  });
  on('chat', ({ openid, message }) => takeMessage(openid, message));
  on('typing', ({ openid, until }) => {
    if (chat.value?.follower.openid === openid) chat.value = { ...chat.value, typing_until: until };
  });
  on('menu', () => void attempt(readChat));
  on('follower', (follower) => takeFollower(follower));
  on('followers', () => void attempt(readFollowers));
  on('templates', () => void attempt(readTemplates));
  on('callback', (view) => (callback.value = view));
  on('settings', (view) => (settings.value = view));
  on('ip_requests', (view) => (ipRequests.value = view));
  on('clock', (view) => (clock.value = view));
  on('faults', (view) => (faults.value = view));
  on('scenario', (view) => (scenario.value = view));
  effect(() => {
    if (person.value?.openid !== chat.peek()?.follower.openid) void attempt(readChat);
  });
}

/** Events wait while something is read: the answer may be older than they are, and must not undo them. */
const held: (() => void)[] = [];
let readings = 0;

async function read(work: () => Promise<void>): Promise<void> {
  readings += 1;
  try {
    await work();
  } finally {
    readings -= 1;
    takeHeldEvents();
  }
}

function takeHeldEvents(): void {
  for (let take = nextEvent(); take !== undefined; take = nextEvent()) take();
}

/** An event may begin to read in its turn; then those behind it wait. */
function nextEvent(): (() => void) | undefined {
  return readings === 0 ? held.shift() : undefined;
}

function readEverything(): Promise<void> {
  return read(async () => {
    const [newRequests, newPushes, newClock, newAddresses] = await Promise.all([
      readControl<readonly RequestRecord[]>('requests'),
      readControl<readonly PushView[]>('pushes'),
      readControl<ControlEvents['clock']>('clock'),
      readControl<readonly IpRequestView[]>('ip-requests'),
      readFollowers(),
      readTemplates(),
      readState(),
    ]);
    if (followers.value.length === 0) {
      await postControl('followers', firstPerson);
      await readFollowers();
    }
    arrived.length = 0;
    batch(() => {
      requests.value = newRequests;
      pushes.value = newPushes;
      clock.value = newClock;
      ipRequests.value = newAddresses;
    });
    accounts.value = await readAccounts();
    await readChat();
  });
}

/** A phone belongs to somebody; who that is can be changed later. */
const firstPerson = { nickname: 'Xiao Ming 小明', subscribed: false };

export function readState(): Promise<void> {
  return read(async () => {
    const view = await readControl<ControlState>('state');
    batch(() => {
      state.value = view;
      callback.value = view.callback;
      settings.value = view.settings;
      faults.value = view.faults;
      scenario.value = view.scenario;
    });
  });
}

export function readFollowers(): Promise<void> {
  return read(async () => {
    followers.value = await readControl<readonly FollowerView[]>('followers');
  });
}

function readTemplates(): Promise<void> {
  return read(async () => {
    templates.value = await readControl<TemplatesView>('templates');
  });
}

let chatReadings = 0;

export async function readChat(): Promise<void> {
  const openid = person.value?.openid;
  if (openid === undefined) return;
  const mine = (chatReadings += 1);
  await read(async () => {
    const view = await readControl<ChatView>(`chats/${encodeURIComponent(openid)}`);
    // Of two readings at once the later one counts.
    if (mine === chatReadings) chat.value = view;
  });
}

const arrived: RequestRecord[] = [];
let requestTimer: ReturnType<typeof setTimeout> | undefined;
let stateTimer: ReturnType<typeof setTimeout> | undefined;

/** A test suite makes thousands of calls in a second: what comes together is drawn together. */
function takeRequestsSoon(): void {
  requestTimer ??= setTimeout(() => {
    requestTimer = undefined;
    takeArrived();
  }, 50);
  // Codes and quotas change with calls.
  stateTimer ??= setTimeout(() => {
    stateTimer = undefined;
    void attempt(readState);
  }, 500);
}

function takeArrived(): void {
  const known = new Set(requests.value.map(({ id }) => id));
  const added = arrived.splice(0).filter(({ id }) => !known.has(id) && known.add(id));
  requests.value = [...requests.value, ...added].slice(-keptRequests);
}

/** A call of the form: the next form knows its answer, whenever the event of it comes. */
export function takeOwnRequest(record: RequestRecord): void {
  arrived.push(record);
  takeArrived();
}

function takeFollower(follower: FollowerView): void {
  const known = followers.value.some(({ openid }) => openid === follower.openid);
  followers.value = known
    ? followers.value.map((other) => (other.openid === follower.openid ? follower : other))
    : [...followers.value, follower];
  if (chat.value?.follower.openid === follower.openid) void attempt(readChat);
}

function takeMessage(openid: string, message: ChatMessage): void {
  const open = chat.value;
  if (open?.follower.openid === openid) {
    const messages = put(open.messages, message).slice(-keptMessages);
    // What was being typed is there.
    const typing = message.from === 'account' ? { typing_until: null } : {};
    chat.value = { ...open, messages, ...typing };
  } else if (message.from === 'account') {
    unread.value = { ...unread.value, [openid]: (unread.value[openid] ?? 0) + 1 };
  }
}

/** Replaces the entry of the same id, or adds it in the order of the ids. */
function put<T extends { readonly id: number }>(list: readonly T[], entry: T): readonly T[] {
  const others = list.filter(({ id }) => id !== entry.id);
  const place = others.findIndex(({ id }) => id > entry.id);
  return place === -1 ? [...others, entry] : others.toSpliced(place, 0, entry);
}

function textOf(setting: string): string | null {
  const value = settings.value[setting];
  return typeof value === 'string' ? value : null;
}
