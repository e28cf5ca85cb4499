/** Mass messages（群发）: what was sent to whom, how it ended, and how often in a month. */
import type { FieldValue } from '../../../core/message/index.ts';
import type { Clock } from '../../../io/ports.ts';
import type { ChatContent, MassView } from '../../control/types/index.ts';
import type { Follower } from '../user/state.ts';
import type { Outbox } from '../../push/index.ts';
import { Refusal } from '../../server/refusal.ts';
import { atOnce, forEachInPieces, inOrder, type Work } from '../../control/turns.ts';
import type { Chats } from '../chat/state.ts';
import type { Outcomes } from '../outcome/state.ts';
import { beijingMonth } from '../openapi/state.ts';

export { createMassUploads } from './uploads.ts';

const keptJobs = 1000;
/** A person gets no more of a service account in a month. */
const maxPerMonth = 4;
const clientIdLifeMs = 86_400_000;
const retryMs = 60_000;
const firstId = 1_000_000_000;
const firstDataId = 2_247_483_647;
const maxClientIdBytes = 32;
const maxSpeed = 4;
/** Some milliseconds' work. */
const countedATurn = 10_000;

interface Job {
  readonly msgId: number;
  readonly dataId: number;
  readonly atMs: number;
  readonly clientId: string | undefined;
  readonly type: string;
  readonly articleUrls: readonly string[];
  readonly ignoresReprint: boolean;
  readonly counts: Counts;
  readonly state: MassView['status'];
  /** What is still to be sent, and to whom. */
  readonly held?: { readonly content: ChatContent; readonly recipients: readonly string[] };
}

interface Counts {
  /** Everybody with the tag, or of the list. */
  readonly total: number;
  /** Who is left of them: followers that are not blacklisted, take messages and have had fewer than four this month. */
  readonly filter: number;
  readonly sent: number;
  readonly error: number;
}

export interface SavedMass {
  readonly jobs: readonly Job[];
  readonly lastNumber: number;
  readonly speed: number;
  readonly month: Month;
}

interface Month {
  readonly name: string;
  readonly toAll: number;
  readonly received: readonly (readonly [openId: string, count: number])[];
}

/** Whom a message is for: those of the people for whom it is meant. */
export interface Audience {
  readonly people: readonly Follower[];
  readonly isMeant: (person: Follower) => boolean;
}

interface Reached {
  readonly total: number;
  readonly recipients: readonly string[];
}

export interface MassOrder {
  readonly message: {
    readonly type: string;
    readonly content: ChatContent;
    /** Addresses of the articles; empty for anything else. */
    readonly articleUrls: readonly string[];
  };
  readonly clientId: string | undefined;
  readonly audience: Audience;
  readonly isToAll: boolean;
  readonly ignoresReprint: boolean;
}

type Ids = Pick<Job, 'msgId' | 'dataId'>;

interface MassWorld {
  readonly clock: Clock;
  readonly chats: Chats;
  readonly outbox: Outbox;
  readonly outcomes: Outcomes;
}

export function createMass({ clock, chats, outbox, outcomes }: MassWorld) {
  let jobs: readonly Job[] = [];
  let [lastNumber, speed] = [0, 0];
  const month = createMonth(clock);

  const replace = (job: Job): Job => {
    jobs = jobs.map((each) => (each.msgId === job.msgId ? job : each));
    return job;
  };
  const finish = ({ held, ...job }: Job, wanted: string): Job => {
    const { content, recipients } = held ?? { content: undefined, recipients: [] };
    const isReprint = wanted === 'reprint';
    const ofReprint = job.ignoresReprint ? 'send success' : 'err(30003)';
    const status = isReprint ? ofReprint : wanted;
    const isSent = status === 'send success';
    const counts = countsAt(status, job.counts);
    if (isSent && content !== undefined) {
      month.receive(recipients);
      chats.broadcast(recipients, { from: 'account', origin: 'mass', push_id: null, content });
    }
    const fields = finishFields(job, { status, counts, isReprint });
    outbox.post({ sampleId: 'mass_finish', fields });
    return replace({ ...job, counts, state: isSent ? 'SEND_SUCCESS' : 'SEND_FAIL' });
  };
  return {
    save: (): SavedMass => ({ jobs, lastNumber, speed, month: month.save() }),
    restore(saved: SavedMass): void {
      ({ jobs, lastNumber, speed } = saved);
      month.restore(saved.month);
    },
    /** Sends at once. Throws 45028, 45065 with the id of the first message, 45066 or 45067. */
    send(order: MassOrder): Ids {
      if (order.clientId !== undefined) checkClientId(jobs, order.clientId, clock.now());
      if (order.isToAll) month.countToAll();
      lastNumber += 1;
      const job = newJob(order, lastNumber, month.openTo(order.audience), clock.now());
      jobs = [...jobs, job].slice(-keptJobs);
      const outcome = outcomes.take('mass');
      if (outcome !== 'hold') finish(job, outcome ?? 'send success');
      return job;
    },
    /** What is left of the last one's work; whatever needs it does it. */
    counting: month.counting,
    /** The id of a preview, which is no mass message. */
    nextPreviewId: (): number => firstId + (lastNumber += 1),
    /** Throws 40059. */
    find: (msgId: unknown): Job => findJob(jobs, msgId),
    findByUrl: (url: string): Job | undefined => jobs.find(({ articleUrls }) => articleUrls.includes(url)),
    /** The articles that people have got, oldest first, by what names them elsewhere. */
    sentArticles: () => jobs.filter(({ state }) => state === 'SEND_SUCCESS').flatMap(articlesOf),
    /** Takes one article away, or with 0 the whole message. Throws 40060, and 40065 for one that is still being sent. */
    remove(job: Job, articleIdx: number): void {
      if (job.state === 'SENDING') throw new Refusal(40065);
      if (articleIdx > Math.max(job.articleUrls.length, 1)) throw new Refusal(40060);
      const isWhole = articleIdx === 0 || job.articleUrls.length <= 1;
      if (isWhole) replace({ ...job, state: 'DELETE' });
    },
    /** Ends one that is on hold; `undefined` where there is none of this id. */
    end(msgId: number, status: string): MassView | undefined {
      const job = jobs.find((each) => each.msgId === msgId && each.state === 'SENDING');
      return job === undefined ? undefined : viewOf(finish(job, status));
    },
    list: (): readonly MassView[] => jobs.map(viewOf),
    speed: (): number => speed,
    /** Throws 45084 or 45083. */
    setSpeed(value: unknown): void {
      speed = readSpeed(value);
    },
  };
}

function articlesOf({ dataId, articleUrls }: Job) {
  return articleUrls.map((url, index) => ({ dataId, index, pageId: url.slice(url.lastIndexOf('/') + 1) }));
}

function newJob(
  { message, clientId, ignoresReprint }: MassOrder,
  number: number,
  { total, recipients }: Reached,
  atMs: number,
): Job {
  return {
    msgId: firstId + number,
    dataId: firstDataId + number,
    atMs,
    clientId,
    type: message.type,
    articleUrls: message.articleUrls,
    ignoresReprint,
    counts: { total, filter: recipients.length, sent: 0, error: 0 },
    state: 'SENDING',
    held: { content: message.content, recipients },
  };
}

function findJob(jobs: readonly Job[], msgId: unknown): Job {
  const job = jobs.find((each) => String(each.msgId) === String(msgId));
  if (job === undefined) throw new Refusal(40059);
  return job;
}

function readSpeed(value: unknown): number {
  if (value === undefined) throw new Refusal(45084);
  if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > maxSpeed) throw new Refusal(45083);
  return Number(value);
}

/** How often who has been sent a mass message in this month. */
function createMonth(clock: Clock) {
  let name = '';
  let toAll = 0;
  let received = new Map<string, number>();
  /** Who has had as many as there are. */
  let full = new Set<string>();
  /** Until the next message. */
  let saved: Month['received'] | undefined;
  const note = (openId: string, count: number): void => {
    saved = undefined;
    received.set(openId, count);
    if (count >= maxPerMonth) full.add(openId);
  };
  // Of the last message. Nobody asks for it before the next one, when it is there at the latest.
  let counting: Work = inOrder([]);
  const turn = (): void => {
    atOnce(counting);
    const now = beijingMonth(clock.now());
    if (now === name) return;
    [name, toAll] = [now, 0];
    received = new Map();
    full = new Set();
    saved = undefined;
  };
  return {
    save(): Month {
      atOnce(counting);
      return { name, toAll, received: (saved ??= Object.freeze([...received])) };
    },
    restore(before: Month): void {
      ({ name, toAll } = before);
      received = new Map();
      full = new Set();
      saved = undefined;
      for (const [openId, count] of before.received) note(openId, count);
      counting = inOrder([]);
    },
    countToAll(): void {
      turn();
      if (toAll >= maxPerMonth) throw new Refusal(45028);
      toAll += 1;
    },
    /** How many it is meant for, and the openids of those of them who may get one more. */
    openTo({ people, isMeant }: Audience): Reached {
      turn();
      const recipients: string[] = [];
      let total = 0;
      // Once through all of them: each of a hundred thousand people costs more to look up than to look at.
      for (const person of people) {
        if (!isMeant(person)) continue;
        total += 1;
        const { openId, follows, isBlacklisted, blocksMessages } = person;
        if (!follows || isBlacklisted || blocksMessages) continue;
        if (full.size === 0 || !full.has(openId)) recipients.push(openId);
      }
      return { total, recipients };
    },
    receive(openIds: readonly string[]): void {
      turn();
      counting = forEachInPieces(openIds, countedATurn, (openId) =>
        note(openId, (received.get(openId) ?? 0) + 1),
      );
    },
    counting: (): Work => counting,
  };
}

/** Unverified: which of the two comes when. Here the quick one is for a first call that is still under way. */
function checkClientId(jobs: readonly Job[], clientId: string, nowMs: number): void {
  if (Buffer.byteLength(clientId) > maxClientIdBytes) throw new Refusal(45067);
  const before = jobs.findLast((job) => job.clientId === clientId);
  if (before === undefined || nowMs - before.atMs >= clientIdLifeMs) return;
  if (before.state === 'SENDING' && nowMs - before.atMs < retryMs) throw new Refusal(45066);
  throw new Refusal(45065, undefined, { msg_id: before.msgId });
}

/** Quirk: nothing is counted for a message that was never begun (official sample). */
function countsAt(status: string, { total, filter }: Counts): Counts {
  if (status === 'send success') return { total, filter, sent: filter, error: 0 };
  if (status === 'send fail') return { total, filter, sent: 0, error: filter };
  return { total: 0, filter: 0, sent: 0, error: 0 };
}

function finishFields(
  { msgId, articleUrls }: Omit<Job, 'held'>,
  { status, counts, isReprint }: { status: string; counts: Counts; isReprint: boolean },
): Readonly<Record<string, FieldValue>> {
  const isSent = status === 'send success';
  const urls = isSent ? articleUrls : [];
  const reprints = isReprint ? [reprintOf(articleUrls[0] ?? '')] : [];
  return {
    MsgID: String(msgId),
    Status: status,
    TotalCount: String(counts.total),
    FilterCount: String(counts.filter),
    SentCount: String(counts.sent),
    ErrorCount: String(counts.error),
    CopyrightCheckResult: { ...listOf(reprints), CheckState: checkStateOf(isReprint, articleUrls) },
    ArticleUrlResult: listOf(urls.map((url, index) => ({ ArticleIdx: String(index + 1), ArticleUrl: url }))),
  };
}

/** 原创校验: 2 for a reprint, 1 for none, 0 where there is no article to look at. */
function checkStateOf(isReprint: boolean, articleUrls: readonly string[]): string {
  if (isReprint) return '2';
  return articleUrls.length > 0 ? '1' : '0';
}

function listOf(items: readonly FieldValue[]): Readonly<Record<string, FieldValue>> {
  return { Count: String(items.length), ResultList: items.length === 0 ? {} : { item: items } };
}

/** 原创校验: the first article is somebody else's. */
function reprintOf(url: string): FieldValue {
  return {
    ArticleIdx: '1',
    UserDeclareState: '0',
    AuditState: '2',
    OriginalArticleUrl: url,
    OriginalArticleType: '1',
    CanReprint: '1',
    NeedReplaceContent: '1',
    NeedShowReprintSource: '1',
  };
}

function viewOf({ msgId, atMs, state, type, clientId, counts }: Job): MassView {
  return {
    msg_id: msgId,
    at: new Date(atMs).toISOString(),
    status: state,
    type,
    client_msg_id: clientId ?? null,
    total_count: counts.total,
    filter_count: counts.filter,
    sent_count: counts.sent,
    error_count: counts.error,
  };
}
