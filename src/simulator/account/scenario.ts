/** Situations to start in: settings, faults, followers, the time and the server, in one JSON object. */
import { inputError } from '../../core/errors.ts';
import { durationRefusal, readDuration } from '../../core/text/duration.ts';
import { isObject } from '../../core/text/json-value.ts';
import {
  parseCallbackChange,
  type CallbackConfig,
  type CallbackSettings,
} from '../control/callback-config.ts';
import { checkKeys, readAt, readEntries, refuse, type Body } from '../control/input.ts';
import { inOrder, type Work } from '../control/turns.ts';
import { type ArticleOrder, bringOut, parseArticleOrder } from '../nouns/comment/view.ts';
import { parseFault, type Fault } from '../server/faults/fault.ts';
import { addPeople, parseFollowerRequest, type FollowerRequest } from '../nouns/user/view.ts';
import { scenarios } from './scenarios.ts';
import type { SavedScenario } from './saved.ts';
import { changeSettings, defaultSettings, saveSettings } from './settings.ts';
import type { Platform } from './platform.ts';
import type { Traffic } from '../server/traffic.ts';
import { sameOpenId, scenarioForm } from './texts.ts';

/** What a server is checked against before there is an account. */
const noServer: CallbackSettings = {
  url: undefined,
  callbackToken: '',
  encodingAESKey: '',
  mode: 'plain',
  format: 'xml',
};

/** A situation that has been checked; `applyScenario` cannot fail half way. */
export interface Scenario {
  /** As `POST /_ctl/settings` takes them. */
  readonly settings: Body;
  readonly faults: readonly Fault[];
  readonly followers: readonly FollowerRequest[];
  /** Published before, each with the comments on it. */
  readonly articles: readonly ArticleOrder[];
  readonly advanceMs: number;
  /** As `POST /_ctl/callback` takes it; the server is not asked. */
  readonly callback: Body;
}

/**
 * Reads `{"settings":{…},"faults":[…],"followers":[…],"articles":[…],"clock":"2h","callback":{…}}`, each as the call of
 * the same name takes it, all optional; the articles are published, and comments stand under them. Throws an input error that names what is wrong.
 */
export function parseScenario(value: unknown): Scenario {
  if (!isObject(value)) throw notAnObject();
  checkKeys(value, ['settings', 'faults', 'followers', 'articles', 'clock', 'callback']);
  const { settings = {}, callback = {}, clock } = value;
  if (!isObject(settings) || !isObject(callback)) throw notAnObject();
  changeSettings(defaultSettings(), settings);
  readAt('callback', () => parseCallbackChange(callback, noServer));
  const { ms: advanceMs, refused } = clock === undefined ? { ms: 0 } : readDuration(clock);
  if (refused !== undefined) throw inputError('invalid_scenario', durationRefusal(clock, '"clock"', refused));
  return {
    settings,
    faults: readEntries(value, 'faults', parseFault, 'invalid_scenario'),
    followers: refuseTwice(readEntries(value, 'followers', parseFollowerRequest, 'invalid_scenario')),
    articles: readEntries(value, 'articles', parseArticleOrder, 'invalid_scenario'),
    advanceMs,
    callback,
  };
}

/** The later one would take the place of the first in silence. */
function refuseTwice(followers: readonly FollowerRequest[]): readonly FollowerRequest[] {
  const places = new Map<string, string>();
  for (const [index, { openId }] of followers.entries()) {
    if (openId === undefined) continue;
    const place = `followers[${index}]`;
    const before = places.get(openId);
    if (before !== undefined) readAt(place, () => refuse(sameOpenId(openId, before), 'invalid_scenario'));
    places.set(openId, place);
  }
  return followers;
}

export interface ActiveScenarios {
  /**
   * Puts the situation on top of what is there; the time, which is everybody's, is the caller's to advance. Its people
   * are the caller's to let come. Throws an input error for a server that the console would not take.
   */
  begin(scenario: Scenario): Work;
  /** Settings, server and faults are what they were before; people and the time stay. */
  end(): void;
  /** Their names, the oldest first; one of nothing but faults is over with the last of them. */
  list(): readonly string[];
  /** Everything else is as at the start: only what the account was started with is on. Its people come as with `begin`. */
  restart(): Work;
  save(): readonly SavedScenario[];
  /** Takes back what `save` gave, when everything else is back. Throws for settings that cannot be. */
  restore(saved: readonly SavedScenario[]): void;
}

/** `faults` are numbers of the list. */
type ActiveScenario = SavedScenario;

/** `start` is what the account was started with; it begins with `restart`. */
export function createActiveScenarios(
  traffic: Traffic,
  config: CallbackConfig,
  start: Scenario | undefined,
): ActiveScenarios {
  const { platform, faults } = traffic;
  let active: readonly ActiveScenario[] = [];
  const idsOfFaults = (): readonly number[] => faults.list().map(({ id }) => id);
  const isOn = ({ lasts, faults: own }: ActiveScenario): boolean =>
    lasts || idsOfFaults().some((id) => own.includes(id));
  const all: ActiveScenarios = {
    begin(scenario) {
      const { settings, callback } = scenario;
      const hasServer = Object.keys(callback).length > 0;
      const before = {
        name: nameOf(scenario),
        lasts: hasServer || Object.keys(settings).length > 0,
        settings: settingsBefore(saveSettings(platform.settings), settings),
        callback: hasServer ? config.settings() : undefined,
      };
      active = [...active, { ...before, faults: applyScenario(traffic, config, scenario) }];
      return comeIn(platform, scenario);
    },
    end() {
      for (const { faults: ids, settings, callback } of active.toReversed()) {
        for (const id of ids) faults.remove(id);
        changeSettings(platform.settings, settings);
        if (callback !== undefined) config.set(callback);
      }
      active = [];
    },
    list: () => active.filter(isOn).map(({ name }) => name),
    restart() {
      active = [];
      return start === undefined ? inOrder([]) : all.begin(start);
    },
    save: () => {
      const ids = idsOfFaults();
      return active
        .filter(isOn)
        .map((each) => ({ ...each, faults: each.faults.map((id) => ids.indexOf(id)).filter(isPlace) }));
    },
    restore(saved) {
      const ids = idsOfFaults();
      for (const { settings } of saved) changeSettings({ ...platform.settings }, settings);
      active = saved.map((each) => ({ ...each, faults: each.faults.flatMap((place) => ids[place] ?? []) }));
    },
  };
  return all;
}

function isPlace(index: number): boolean {
  return index >= 0;
}

/** What the scenario has changed, as it was. */
function settingsBefore(before: Body, changed: Body): Body {
  const entries = Object.keys(changed).map((key) => [key, before[key]] as const);
  const { quotas, ...others } = Object.fromEntries(entries);
  if (!isObject(quotas)) return others;
  const paths = Object.keys(isObject(changed['quotas']) ? changed['quotas'] : {});
  return { ...others, quotas: Object.fromEntries(paths.map((path) => [path, quotas[path] ?? null])) };
}

/** A shipped one by its name, also where it was written out. */
function nameOf(scenario: Scenario): string {
  const text = JSON.stringify(scenario);
  const shipped = Object.entries(scenarios).find(
    ([, each]) => JSON.stringify(parseScenario(each.scenario)) === text,
  );
  return shipped?.[0] ?? 'custom';
}

/** Returns the numbers of its faults. */
function applyScenario(
  { platform, faults }: Traffic,
  config: CallbackConfig,
  { settings, faults: added, callback }: Scenario,
): readonly number[] {
  const { check: _check, ...server } = callback;
  config.set(config.parse(server).settings);
  changeSettings(platform.settings, settings);
  return added.map((fault) => faults.add(fault).id);
}

function* comeIn(platform: Platform, { followers, articles }: Scenario): Work {
  for (const request of followers) yield* addPeople(platform, request);
  for (const article of articles) bringOut(platform, article);
}

function notAnObject(): Error {
  return inputError('invalid_scenario', scenarioForm);
}
