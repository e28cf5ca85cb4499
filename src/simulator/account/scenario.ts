/** Situations to start in: settings, faults, followers, the time and the server, in one JSON object. */
import { inputError, WechatMpError } from '../../core/errors.ts';
import { durationRefusal, readDuration } from '../../core/text/duration.ts';
import { isObject } from '../../core/text/json-value.ts';
import type { CallbackConfig } from '../control/callback-config.ts';
import { checkKeys, type Body } from '../control/input.ts';
import { parseFault, type Fault } from '../server/faults/fault.ts';
import { parseFollowerRequest, type FollowerRequest } from '../nouns/user/view.ts';
import { changeSettings, defaultSettings } from './settings.ts';
import type { Traffic } from '../server/traffic.ts';
import { mustBeObjects, scenarioForm, textAt } from './texts.ts';

/** A situation that has been checked; `applyScenario` cannot fail half way. */
export interface Scenario {
  /** As `POST /_ctl/settings` takes them. */
  readonly settings: Body;
  readonly faults: readonly Fault[];
  readonly followers: readonly FollowerRequest[];
  /** How far the clock is put forward. */
  readonly advanceMs: number;
  /** As `POST /_ctl/callback` takes it; the server is not asked. */
  readonly callback: Body;
}

/**
 * Reads `{"settings":{…},"faults":[…],"followers":[…],"clock":"2h","callback":{…}}`, each as the call of the same name
 * takes it, all optional. Throws an input error that names what is wrong.
 */
export function parseScenario(value: unknown): Scenario {
  if (!isObject(value)) throw notAnObject();
  checkKeys(value, ['settings', 'faults', 'followers', 'clock', 'callback']);
  const { settings = {}, callback = {}, clock } = value;
  if (!isObject(settings) || !isObject(callback)) throw notAnObject();
  changeSettings(defaultSettings(), settings);
  const { ms: advanceMs, refused } = clock === undefined ? { ms: 0 } : readDuration(clock);
  if (refused !== undefined) throw inputError('invalid_scenario', durationRefusal(clock, '"clock"', refused));
  return {
    settings,
    faults: readList(value, 'faults', parseFault),
    followers: readList(value, 'followers', parseFollowerRequest),
    advanceMs,
    callback,
  };
}

/** Puts the situation on top of what is there; the time, which is everybody's, is the caller's to advance. Throws an input error for a server that the console would not take. */
export function applyScenario(
  { platform, faults }: Traffic,
  config: CallbackConfig,
  { settings, faults: added, followers, callback }: Scenario,
): void {
  const { check: _check, ...server } = callback;
  config.set(config.parse(server).settings);
  changeSettings(platform.settings, settings);
  for (const fault of added) faults.add(fault);
  for (const { openId, change, count = 1 } of followers) {
    platform.tags.ensure(change.tagIds ?? []);
    for (let made = 0; made < count; made += 1) platform.followers.put(openId, change);
  }
}

function readList<Entry>(value: Body, key: string, read: (entry: Body) => Entry): readonly Entry[] {
  const list = value[key] ?? [];
  if (Array.isArray(list) && list.every((entry): entry is Body => isObject(entry))) {
    return list.map((entry, index) => readAt(`${key}[${index}]`, () => read(entry)));
  }
  throw inputError('invalid_scenario', mustBeObjects(key));
}

/** Says which entry of a list an error is about. */
function readAt<Entry>(place: string, read: () => Entry): Entry {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WechatMpError)) throw error;
    const { type, text, hint } = error;
    throw inputError(type, textAt(place, text), hint);
  }
}

function notAnObject(): Error {
  return inputError('invalid_scenario', scenarioForm);
}
