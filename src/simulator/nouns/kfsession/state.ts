/** 客服会话: who waits for customer service, who is served by whom, and what was said（聊天记录）. */
import type { Clock } from '../../../io/ports.ts';
import { createForgetting } from '../../account/forgetting.ts';
import type { Outbox } from '../../push/index.ts';
import { Refusal } from '../../server/refusal.ts';
import type { ServiceAccounts } from '../kfaccount/state.ts';

/** A session that nobody has closed by then no longer takes the person's messages: they go to the server again. */
const forwardingMs = 30 * 60_000;
/** The platform names no number; these are the simulator's, and the oldest go first. */
const keptRecords = 20_000;
const maxWaiting = 10_000;
/** Ids of records are above any that a client begins to read from. */
const firstRecordId = 20_000_001;

/** 操作码 */
const operations = {
  waits: 1000,
  taken: 1001,
  begun: 1002,
  handedOver: 1003,
  closed: 1004,
  sent: 2002,
  received: 2003,
} as const;

export interface WaitingCase {
  readonly openId: string;
  /** The only account that may take it, where the reply named one（TransInfo）. */
  readonly wanted: string | undefined;
  readonly latestAtMs: number;
}

export interface ServiceSession {
  readonly openId: string;
  readonly account: string;
  readonly sinceMs: number;
}

export interface ServiceRecord {
  readonly id: number;
  readonly openId: string;
  readonly operation: number;
  readonly text: string;
  readonly atMs: number;
  /** Empty while nobody serves the person. */
  readonly account: string;
}

interface SavedRecords {
  readonly list: readonly ServiceRecord[];
  readonly lastId: number;
}

export interface SavedServiceSessions {
  readonly waiting: readonly WaitingCase[];
  readonly open: readonly ServiceSession[];
  readonly records: SavedRecords;
}

interface SessionsWorld {
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly serviceAccounts: ServiceAccounts;
}

/** 聊天记录: what was said, and what became of sessions, oldest first. */
function createRecords(clock: Clock) {
  let list: ServiceRecord[] = [];
  let lastId = firstRecordId - 1;
  return {
    save: (): SavedRecords => ({ list, lastId }),
    restore(saved: SavedRecords): void {
      list = [...saved.list];
      ({ lastId } = saved);
    },
    note(operation: keyof typeof operations, openId: string, account: string, text = ''): void {
      lastId += 1;
      const code = operations[operation];
      list.push({ id: lastId, openId, operation: code, text, atMs: clock.now(), account });
      if (list.length > keptRecords) list.splice(0, list.length - keptRecords);
    },
    /** Of these seconds, both included. */
    between: (start: number, end: number): readonly ServiceRecord[] =>
      list.filter(({ atMs }) => atMs >= start * 1000 && atMs < (end + 1) * 1000),
  };
}

/** Who can take somebody now. Throws 65401, 65402 or 65415. */
function readyAccount(serviceAccounts: ServiceAccounts, name: unknown): string {
  const account = serviceAccounts.find(name);
  if (account.worker === undefined) throw new Refusal(65402);
  if (!account.isOnline) throw new Refusal(65415);
  return account.name;
}

export function createServiceSessions({ clock, outbox, serviceAccounts }: SessionsWorld) {
  const open = createOpenSessions();
  const records = createRecords(clock);
  const queue = createQueue(clock);
  const begin = (openId: string, account: string): void => {
    records.note(queue.leave(openId) ? 'taken' : 'begun', openId, account);
    open.put({ openId, account, sinceMs: clock.now() });
    outbox.post({ sampleId: 'kf_create_session', openId, fields: { KfAccount: account } });
  };
  return {
    save: (): SavedServiceSessions => ({ waiting: queue.list(), open: open.list(), records: records.save() }),
    restore(saved: SavedServiceSessions): void {
      queue.restore(saved.waiting);
      open.restore(saved.open);
      records.restore(saved.records);
    },
    /**
     * A message that the server has handed to customer service（转发消息到客服）. The person waits to be taken; where the
     * reply names an account, only for that one, which takes people by itself while it is online.
     */
    handOver(openId: string, wanted: string | undefined, text: string): void {
      const session = open.find(openId);
      if (session === undefined && queue.join(openId, wanted)) records.note('waits', openId, '');
      records.note('received', openId, session?.account ?? '', text);
      const account = serviceAccounts.list().find(({ name }) => name === wanted);
      if (session === undefined && account?.isOnline === true) begin(openId, account.name);
    },
    /** Something that the person writes. The account that hears it in the place of the server, if there is one. */
    hear(openId: string, text: string): string | undefined {
      const session = open.find(openId);
      if (session === undefined || clock.now() - session.sinceMs >= forwardingMs) return undefined;
      records.note('received', openId, session.account, text);
      return session.account;
    },
    /** Who serves the person writes to them. Throws 65413. */
    say: (openId: string, text: string) => records.note('sent', openId, open.get(openId).account, text),
    /** Throws 65401, 65402, 65415, and 65414 where another account serves the person. A session that is there stays. */
    create(name: unknown, openId: string): void {
      const account = readyAccount(serviceAccounts, name);
      const session = open.find(openId);
      if (session === undefined) begin(openId, account);
      else if (session.account !== account) throw new Refusal(65414);
    },
    /** One worker gives the person to another. Throws as `create`, and 65413 where nobody serves the person. */
    handOn(name: unknown, openId: string): void {
      const account = readyAccount(serviceAccounts, name);
      const session = open.get(openId);
      open.put({ ...session, account });
      records.note('handedOver', openId, account);
      const fields = { FromKfAccount: session.account, ToKfAccount: account };
      outbox.post({ sampleId: 'kf_switch_session', openId, fields });
    },
    /** Throws 65401, 65413 without a session, and 65414 where another account serves the person. */
    close(name: unknown, openId: string): void {
      const { name: account } = serviceAccounts.find(name);
      if (open.get(openId).account !== account) throw new Refusal(65414);
      open.drop(openId);
      records.note('closed', openId, account);
      outbox.post({ sampleId: 'kf_close_session', openId, fields: { KfAccount: account } });
    },
    /** The account is gone, and with it whom it served; no event tells of that. */
    dropAccount: (name: string): void => open.dropAccount(name),
    find: open.find,
    list: open.list,
    waiting: queue.list,
    recordsBetween: records.between,
  };
}

/** Who is served, and by whom: who came first is first. */
function createOpenSessions() {
  const sessions = new Map<string, ServiceSession>();
  const find = (openId: string): ServiceSession | undefined => sessions.get(openId);
  return {
    list: (): readonly ServiceSession[] => [...sessions.values()],
    restore(saved: readonly ServiceSession[]): void {
      sessions.clear();
      for (const each of saved) sessions.set(each.openId, each);
    },
    find,
    /** Throws 65413. */
    get(openId: string): ServiceSession {
      const session = find(openId);
      if (session === undefined) throw new Refusal(65413);
      return session;
    },
    put: (session: ServiceSession): void => void sessions.set(session.openId, session),
    drop: (openId: string): void => void sessions.delete(openId),
    dropAccount(name: string): void {
      for (const { openId, account } of sessions.values()) if (account === name) sessions.delete(openId);
    },
  };
}

/** 未接入会话: who waits, each once; who has waited longest since their last message is first. */
function createQueue(clock: Clock) {
  const waiting = new Map<string, WaitingCase>();
  const forget = createForgetting(waiting, maxWaiting);
  return {
    list: (): readonly WaitingCase[] => [...waiting.values()],
    restore(saved: readonly WaitingCase[]): void {
      waiting.clear();
      for (const each of saved) waiting.set(each.openId, each);
    },
    /** Goes to the end; `true` for somebody who has not waited yet. */
    join(openId: string, wanted: string | undefined): boolean {
      const isNew = !waiting.delete(openId);
      waiting.set(openId, { openId, wanted, latestAtMs: clock.now() });
      forget();
      return isNew;
    },
    leave: (openId: string): boolean => waiting.delete(openId),
  };
}

/** Of what somebody said, and not of what became of the session. */
export function isSpoken({ operation }: ServiceRecord): boolean {
  return operation === operations.sent || operation === operations.received;
}
