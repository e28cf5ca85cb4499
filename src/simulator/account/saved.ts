/** A simulator as JSON, for one that comes after it. */
import { inputError } from '../../core/errors.ts';
import { parseIpBlock } from '../../core/account/index.ts';
import { isObject, own } from '../../core/text/json-value.ts';
import type { SimulatedAccount } from './account.ts';
import type { CallbackSettings } from '../control/callback-config.ts';
import type { Work } from '../control/turns.ts';
import type { Faults } from '../server/faults/faults.ts';
import type { Platform, SavedPlatform } from './platform.ts';
import type { ActiveScenarios } from './scenario.ts';
import { noState, stateNewer, updateTool } from './texts.ts';

export const savedVersion = 4;

export interface SavedSimulator {
  readonly version: typeof savedVersion;
  /** How many simulators have had it: each draws other random values, also with the same seed. */
  readonly runs: number;
  readonly offsetMs: number;
  /** The first one first. */
  readonly accounts: readonly SavedAccount[];
  readonly snapshots?: readonly SavedSnapshot[];
}

/** All accounts as they were once, by a name. */
export interface SavedSnapshot {
  readonly name: string;
  /** When it was taken, by the simulated clock. */
  readonly at: string;
  /** Grows; never given twice in one run. */
  readonly number: number;
  readonly offsetMs: number;
  readonly accounts: readonly SavedAccount[];
}

export interface SavedAccount {
  /** Its place in the order of making, from 1; never given twice. */
  readonly number: number;
  readonly account: SimulatedAccount;
  readonly callback: CallbackSettings;
  /** As `POST /_ctl/faults` takes them. */
  readonly faults: readonly Readonly<Record<string, unknown>>[];
  readonly platform: SavedPlatform;
  /** Those that are on, the oldest first; files of before version 4 have none. */
  readonly scenarios?: readonly SavedScenario[];
}

/** A scenario that is on, with what ends it. */
export interface SavedScenario {
  readonly name: string;
  /** Whether it stays without its faults. */
  readonly lasts: boolean;
  /** Which of the saved faults are its own, by their places. */
  readonly faults: readonly number[];
  /** What it has changed, as it was before. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The server before, where it has another one. */
  readonly callback?: CallbackSettings | undefined;
}

/**
 * As it is now: what is saved shares its parts with what goes on changing. What is frozen stays as it is, and so does
 * all that is in it: a hundred thousand people and twenty thousand messages are not copied.
 */
export function copyOf<Value>(value: Value): Value {
  if (Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  if (!isObject(value)) return value;
  const copy: Record<string, unknown> = { ...value };
  for (const [name, field] of Object.entries(copy)) if (typeof field === 'object') copy[name] = copyOf(field);
  return copy as Value;
}

/** Of a long list so many entries are looked at. */
const measuredEntries = 1000;

/** About as many characters as it has as JSON. */
export function lengthOf(value: unknown): number {
  if (Array.isArray(value)) {
    const step = Math.max(1, Math.ceil(value.length / measuredEntries));
    const some = value.filter((_, index) => index % step === 0);
    return step * some.reduce((sum: number, entry) => sum + lengthOf(entry) + 1, 2);
  }
  if (!isObject(value)) return JSON.stringify(value)?.length ?? 0;
  return Object.entries(value).reduce((sum, [name, field]) => sum + name.length + 4 + lengthOf(field), 2);
}

/**
 * Reads what `save` gave, also that of version 1, which had one account and no faults, of version 2, where a test
 * account was a switch, and of version 3, which forgot the scenarios. Throws an input error of type
 * `state_newer` for a later version, `state_invalid` for anything else.
 */
export function parseSaved(value: unknown): SavedSimulator {
  const version = own(value, 'version');
  if (typeof version === 'number' && version > savedVersion) throw newer(version);
  if (version !== 1 && version !== 2 && version !== 3 && version !== savedVersion) throw invalidState();
  const withAccounts = version === 1 ? addAccounts(value) : value;
  const saved = version === 1 || version === 2 ? renewSettings(withAccounts) : value;
  if (!isCount(own(saved, 'runs')) || typeof own(saved, 'offsetMs') !== 'number') throw invalidState();
  if (!hasAccounts(saved) || !isListOf(own(saved, 'snapshots') ?? [], isSnapshot)) throw invalidState();
  const whole = saved as SavedSimulator;
  for (const { accounts } of whole.snapshots ?? []) accounts.forEach(freezePeople);
  return whole;
}

/** As they were when the snapshot was taken: see `copyOf`. */
function freezePeople({ platform: { nouns } }: SavedAccount): void {
  Object.freeze(own(nouns['followers'], 'people'));
}

function addAccounts(value: unknown): Readonly<Record<string, unknown>> {
  const [runs, account, callback] = [own(value, 'runs'), own(value, 'account'), own(value, 'callback')];
  const platform = own(value, 'platform');
  const offsetMs = own(platform, 'offsetMs');
  return { runs, offsetMs, accounts: [{ number: 1, account, callback, faults: [], platform }] };
}

/** Settings of version 1 and 2, in the accounts of a file that has accounts. */
function renewSettings(value: unknown): unknown {
  const accounts = own(value, 'accounts');
  if (!isObject(value) || !Array.isArray(accounts)) throw invalidState();
  return {
    ...value,
    version: savedVersion,
    accounts: accounts.map((account: unknown) => {
      const platform = own(account, 'platform');
      const settings = own(platform, 'settings');
      if (!isObject(account) || !isObject(platform) || !isObject(settings)) throw invalidState();
      return { ...account, platform: { ...platform, settings: renewed(settings) } };
    }),
  };
}

function renewed({
  test_account: isTest,
  whitelist,
  ...rest
}: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    ...rest,
    // Numbers beyond 255 were taken, and let nobody in.
    whitelist: Array.isArray(whitelist)
      ? whitelist.filter((entry) => typeof entry === 'string' && parseIpBlock(entry) !== undefined)
      : null,
    account_type: isTest === true ? 'test' : 'verified_service',
  };
}

function hasAccounts(value: unknown): boolean {
  const accounts = own(value, 'accounts');
  return isListOf(accounts, isAccount) && Array.isArray(accounts) && accounts.length > 0;
}

function isSnapshot(value: unknown): boolean {
  const [name, at] = [own(value, 'name'), own(value, 'at')];
  return (
    typeof name === 'string' &&
    typeof at === 'string' &&
    isCount(own(value, 'number')) &&
    typeof own(value, 'offsetMs') === 'number' &&
    hasAccounts(value)
  );
}

function isAccount(value: unknown): boolean {
  const [account, platform] = [own(value, 'account'), own(value, 'platform')];
  const texts = ['appId', 'secret', 'callbackToken', 'encodingAESKey', 'originalId'];
  return (
    isCount(own(value, 'number')) &&
    texts.every((name) => typeof own(account, name) === 'string') &&
    isObject(own(value, 'callback')) &&
    Array.isArray(own(value, 'faults')) &&
    isObject(own(platform, 'settings')) &&
    isObject(own(platform, 'nouns')) &&
    isListOf(own(value, 'scenarios') ?? [], isScenario)
  );
}

function isScenario(value: unknown): boolean {
  const callback = own(value, 'callback');
  return (
    typeof own(value, 'name') === 'string' &&
    typeof own(value, 'lasts') === 'boolean' &&
    isListOf(own(value, 'faults'), Number.isSafeInteger) &&
    isObject(own(value, 'settings')) &&
    (callback === undefined || isObject(callback))
  );
}

function isListOf(value: unknown, isEntry: (entry: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every((entry) => isEntry(entry));
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;
}

function newer(version: number): Error {
  return inputError('state_newer', stateNewer(version, savedVersion), updateTool);
}

/** Nothing that `save` gave. */
function invalidState(): Error {
  return inputError('state_invalid', noState);
}

/** Puts back what was saved of an account. Throws an input error of type `state_invalid`. */
export function* restoreAccount(
  saved: SavedAccount,
  platform: Platform,
  faults: Faults,
  scenarios: ActiveScenarios,
): Work {
  try {
    yield* platform.restore(saved.platform);
    faults.restore(saved.faults);
    scenarios.restore(saved.scenarios ?? []);
  } catch {
    // The outer form was right; a noun, a fault or a scenario in it was written by somebody else.
    throw invalidState();
  }
}
