/** Several official accounts in one simulator: each is a world of its own, and all have the same time. */
import { inputError, WechatMpError } from '../../core/errors.ts';
import { own } from '../../core/text/json-value.ts';
import type { Random, Fetch } from '../../io/ports.ts';
import { createAccount, type CurrentAccount, type SimulatedAccount } from './account.ts';
import { maskPush } from '../control/pusher.ts';
import type { Step } from '../control/session/journal.ts';
import type { PushView } from '../control/types/index.ts';
import { formatError } from '../control/input.ts';
import { isForeign } from '../server/foreigners.ts';
import { createJssdkPages, type JssdkPages } from '../control/jssdk-page.ts';
import type { AccountsControl, NewAccount } from './new-account.ts';
import { createMask } from '../server/mask.ts';
import { type LoggedCall, type Tag, createRequests } from '../server/requests.ts';
import { restoreAccount, type SavedAccount, type SavedSnapshot, savedVersion } from './saved.ts';
import { createSeededRandom } from '../random/seeded.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import type { SimulatorOptions } from '../simulator.ts';
import {
  accountExists,
  firstAccountStays,
  simulatorStopped,
  tooManyAccounts,
  unknownAccountText,
} from './texts.ts';
import { createSnapshots, type SnapshotWorld } from './snapshots.ts';
import { createApp } from '../server/app.ts';
import type { CallbackSettings } from '../control/callback-config.ts';
import { createControl } from '../control/control.ts';
import { atOnce, inOrder, type Work } from '../control/turns.ts';
import { createFaults } from '../server/faults/faults.ts';
import type { ReadAsset } from '../server/page-assets.ts';
import { createPlatform } from './platform.ts';
import type { Scenario } from './scenario.ts';

/** Each keeps logs of its own; more than this would be a load, not a scene. */
const maxAccounts = 20;

/** A call that says its AppID in the body is short. */
const maxSearchedBytes = 65_536;

interface Accounts extends AccountsControl {
  /** The first one as it was made. */
  readonly first: SimulatedAccount;
  /** Leads a call to the account that it is for. */
  fetch(request: Request): Promise<Response>;
  close(): void;
}

interface Listeners {
  readonly onRequest: (call: LoggedCall) => void;
  readonly onPush: (push: PushView) => void;
}

interface Numbered {
  readonly number: number;
  readonly world: AccountWorld;
}

export function createAccounts(
  options: SimulatorOptions,
  clock: SimulatedClock,
  listeners: Listeners,
): Accounts {
  const { saved, scenario } = options;
  const starts: readonly NewAccount[] = [
    { account: options.account ?? {}, callback: options.callback, scenario },
    ...(options.accounts ?? []),
  ];
  const roster = createRoster(createFactory(options, clock, listeners), () => control);
  const { worlds } = roster;
  const save = (): readonly SavedAccount[] =>
    roster.list().map(({ number, world }) => ({ number, ...world.save() }));
  const snapshots = createSnapshots(saved?.snapshots ?? [], snapshotWorld(roster, clock, save));
  const control: AccountsControl = {
    accounts: () => worlds().map(currentAccount),
    logs: () => worlds().map((world) => world.control.traffic.requests),
    add(account) {
      const world = roster.add(account);
      return { added: currentAccount(world), people: world.control.people };
    },
    remove(appId) {
      const gone = roster.list().find(({ world }) => world.account.appId === appId);
      if (gone === undefined) throw unknownAccount(appId);
      if (gone === roster.list()[0]) throw firstAccount();
      roster.drop(gone);
    },
    resetAll() {
      clock.reset();
      const people = roster.restart(starts);
      clock.advance(scenario?.advanceMs ?? 0);
      return people;
    },
    snapshots,
    export: () => ({
      version: savedVersion,
      runs: (saved?.runs ?? 0) + 1,
      offsetMs: clock.offsetMs(),
      accounts: save(),
      ...(snapshots.list().length > 0 && { snapshots: snapshots.save() }),
    }),
  };

  for (const before of saved?.accounts ?? [])
    roster.make(before.number, starts[before.number - 1] ?? { account: {} }, before);
  for (const start of starts.slice(worlds().length)) atOnce(roster.add(start).control.people);
  clock.advance(saved?.offsetMs ?? scenario?.advanceMs ?? 0);
  const [first] = worlds();
  if (first === undefined) throw new TypeError('a simulator has at least one account');
  return {
    ...control,
    first: first.account,
    async fetch(request) {
      const all = worlds();
      const isControl = /^[^?]*\/_ctl(?:[/?]|$)/.test(request.url);
      const [only] = all.length === 1 && !isControl ? all : [];
      if (only !== undefined) return only.fetch(request);
      const world = isControl ? namedWorld(all, request) : await addressedWorld(all, request);
      return world === undefined ? answerUnknown(all, request) : world.fetch(request);
    },
    close: () => {
      for (const world of worlds()) world.close(stopped());
    },
  };
}

type Roster = ReturnType<typeof createRoster>;

/** The worlds by their numbers, which grow; `control` is for what drives them. */
function createRoster(createWorld: ReturnType<typeof createFactory>, control: () => AccountsControl) {
  let all: readonly Numbered[] = [];
  let lastNumber = 0;
  const worlds = (): readonly AccountWorld[] => all.map(({ world }) => world);
  const make = (number: number, start: NewAccount, before?: SavedAccount): AccountWorld => {
    const tag = ({ appId }: SimulatedAccount) => (all.length > 1 ? { account: appId } : {});
    const world = createWorld({ number, start, before, tag, accounts: control() }, worlds());
    all = [...all, { number, world }].toSorted((a, b) => a.number - b.number);
    lastNumber = Math.max(lastNumber, number);
    return world;
  };
  const drop = (gone: Numbered): void => {
    all = all.filter((other) => other !== gone);
    gone.world.close(stopped());
  };
  const find = (number: number): AccountWorld | undefined =>
    all.find((each) => each.number === number)?.world;
  return {
    list: () => all,
    worlds,
    find,
    make,
    add: (start: NewAccount) => make(lastNumber + 1, start),
    drop,
    /** The accounts of the start as they were then, and no others. */
    restart(starts: readonly NewAccount[]): Work {
      for (const extra of all.filter(({ number }) => number > starts.length)) drop(extra);
      const people = starts.map((start, index) => {
        const known = find(index + 1);
        return known === undefined ? make(index + 1, start).control.people : known.control.reset();
      });
      lastNumber = starts.length;
      return inOrder(people);
    },
  };
}

function snapshotWorld(roster: Roster, clock: SimulatedClock, save: SnapshotWorld['save']): SnapshotWorld {
  return {
    now: () => clock.now(),
    offsetMs: () => clock.offsetMs(),
    save,
    journals: () => new Map(roster.list().map(({ number, world }) => [number, world.control.journal.list()])),
    *goBack(snapshot, mark, journals) {
      // The first one stays whatever it is called now: calls that name no account are for it.
      for (const other of roster.list().slice(1)) if (!isIn(snapshot, other)) roster.drop(other);
      clock.advance(snapshot.offsetMs - clock.offsetMs());
      for (const before of snapshot.accounts) {
        const world = roster.find(before.number) ?? roster.make(before.number, { account: {} }, before);
        yield* world.goBack(before, mark, journals.get(before.number));
      }
    },
  };
}

/** A number may have been given once more since then. */
function isIn({ accounts }: SavedSnapshot, { number, world }: Numbered): boolean {
  return accounts.some((each) => each.number === number && each.account.appId === world.account.appId);
}

function currentAccount({ account, control }: AccountWorld): CurrentAccount {
  const { callbackToken, encodingAESKey, mode } = control.config.settings();
  return { ...account, callbackToken, encodingAESKey, mode, name: control.traffic.platform.settings.name };
}

interface Order {
  readonly number: number;
  readonly start: NewAccount;
  readonly before: SavedAccount | undefined;
  readonly tag: (account: SimulatedAccount) => ReturnType<Tag>;
  readonly accounts: AccountsControl;
}

/** Makes worlds; each account draws from sources of its own. */
function createFactory(options: SimulatorOptions, clock: SimulatedClock, { onRequest, onPush }: Listeners) {
  const { seed, random, openFetch, readAsset, saved, examples = false } = options;
  const run = saved === undefined ? '' : ` ${saved.runs}`;
  const pages = readAsset === undefined ? undefined : createJssdkPages(openFetch, readAsset);
  const randomOf = (number: number, stream: string): Random => {
    const name = number === 1 ? stream : `${stream} of ${number}`;
    return seed === undefined ? random : createSeededRandom(seed, name + run);
  };
  return ({ number, start, before, tag, accounts }: Order, others: readonly AccountWorld[]): AccountWorld => {
    let mark = '';
    const createRandom = (stream: string): Random => randomOf(number, stream + mark);
    const account = createAccount(createRandom('account'), { ...before?.account, ...start.account });
    checkNew(others, account);
    const world = createAccountWorld({
      account,
      clock,
      createRandom,
      drawAnew: (next) => {
        mark = next;
      },
      openFetch,
      callback: start.callback ?? {},
      scenario: start.scenario,
      saved: before,
      tag: () => tag(account),
      accounts,
      readAsset,
      examples,
      pages,
    });
    world.control.traffic.requests.subscribe(onRequest);
    world.control.pusher.subscribe((view) => {
      if (view.state !== 'sending') onPush(maskPush(view));
    });
    return world;
  };
}

/** Throws an input error where another account could not be told from one that is there. */
function checkNew(worlds: readonly AccountWorld[], { appId, originalId }: SimulatedAccount): void {
  if (worlds.length >= maxAccounts) throw inputError('too_many_accounts', tooManyAccounts(maxAccounts));
  const isTaken = worlds.some(({ account }) => account.appId === appId || account.originalId === originalId);
  if (!isTaken) return;
  throw inputError('account_exists', accountExists(appId, originalId));
}

/** The account that `/_ctl/…?account=` names, the first one without; `undefined` for a name that nobody has. */
function namedWorld(worlds: readonly AccountWorld[], request: Request): AccountWorld | undefined {
  const appId = new URL(request.url).searchParams.get('account');
  return appId === null ? worlds[0] : worlds.find(({ account }) => account.appId === appId);
}

/**
 * The account that a call of the API side is for: the owner of its token, else of the AppID that it names, else of a
 * ticket or another id in its address. A call that tells nothing is answered, and refused, by the first one.
 */
async function addressedWorld(
  worlds: readonly AccountWorld[],
  request: Request,
): Promise<AccountWorld | undefined> {
  const { searchParams: query, pathname } = new URL(request.url);
  const ownerOf = (id: string | null): AccountWorld | undefined =>
    id === null ? undefined : worlds.find(({ control }) => control.traffic.platform.owns(id));
  const named = (appId: unknown): AccountWorld | undefined =>
    worlds.find(({ account }) => account.appId === appId);
  const token = query.get('access_token');
  const told = ownerOf(token) ?? named(query.get('appid'));
  if (told !== undefined) return told;
  const inBody = token === null && request.method === 'POST' ? named(await appIdOf(request)) : undefined;
  if (inBody !== undefined) return inBody;
  for (const id of [...query.values(), ...pathname.split('/').map(decode)]) {
    const owner = ownerOf(id);
    if (owner !== undefined) return owner;
  }
  return worlds[0];
}

/** The AppID in a JSON body or a form. */
async function appIdOf(request: Request): Promise<unknown> {
  if (Number(request.headers.get('content-length') ?? 0) > maxSearchedBytes) return undefined;
  const text = await request.clone().text();
  try {
    return own(JSON.parse(text), 'appid');
  } catch {
    return new URLSearchParams(text).get('appid');
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** `?account=` names nobody. A foreign page does not even hear that. */
async function answerUnknown(worlds: readonly AccountWorld[], request: Request): Promise<Response> {
  const [first] = worlds;
  if (first !== undefined && isForeign(request)) return await first.fetch(request);
  const appId = new URL(request.url).searchParams.get('account') ?? '';
  return Response.json(formatError(unknownAccount(appId)), {
    status: 404,
    headers: { 'x-content-type-options': 'nosniff' },
  });
}

function unknownAccount(appId: string): WechatMpError {
  return inputError('unknown_account', unknownAccountText(appId));
}

function firstAccount(): WechatMpError {
  return inputError('first_account', firstAccountStays);
}

function stopped(): WechatMpError {
  return new WechatMpError({ family: 'interrupted', type: 'stopped', text: simulatorStopped });
}

interface AccountWorldOptions {
  readonly account: SimulatedAccount;
  readonly clock: SimulatedClock;
  readonly createRandom: (stream: string) => Random;
  readonly drawAnew: (mark: string) => void;
  readonly openFetch: () => Promise<Fetch>;
  readonly callback: Partial<CallbackSettings>;
  readonly scenario: Scenario | undefined;
  readonly saved: SavedAccount | undefined;
  readonly tag: Tag;
  readonly accounts: AccountsControl;
  readonly readAsset: ReadAsset | undefined;
  readonly examples: boolean;
  readonly pages: JssdkPages | undefined;
}

type AccountWorld = ReturnType<typeof createAccountWorld>;

function createAccountWorld(options: AccountWorldOptions) {
  const { account, clock, createRandom, saved, tag } = options;
  const platform = createPlatform({ account, clock, createRandom });
  const mask = createMask([account.secret, account.encodingAESKey]);
  const faults = createFaults(() => createRandom('faults'));
  const stop = new AbortController();
  const control = createControl({
    traffic: { platform, faults, requests: createRequests(mask, tag) },
    openFetch: options.openFetch,
    callback: { ...saved?.callback, ...options.callback },
    scenario: options.scenario,
    // What was saved takes the place of a start.
    begin(scenarios) {
      if (saved === undefined) return scenarios.restart();
      atOnce(restoreAccount(saved, platform, faults, scenarios));
      return inOrder([]);
    },
    createRandom,
    drawAnew: options.drawAnew,
    tag,
    signal: stop.signal,
  });
  const app = createApp({
    control,
    accounts: options.accounts,
    readAsset: options.readAsset,
    examples: options.examples,
    pages: options.pages,
  });
  return {
    account,
    control,
    fetch: app,
    save: (): Omit<SavedAccount, 'number'> => ({
      account,
      callback: control.config.settings(),
      faults: faults.save(),
      platform: platform.save(),
      scenarios: control.scenarios.save(),
    }),
    goBack(before: SavedAccount, mark: string, steps: readonly Step[] | undefined): Work {
      const fill = function* (): Work {
        yield* restoreAccount(before, platform, faults, control.scenarios);
        control.config.set(before.callback);
      };
      return control.goBack(mark, fill, steps);
    },
    /** Ends the event streams and the pushes under way. */
    close: (reason: unknown): void => stop.abort(reason),
  };
}
