/** One more official account: what `POST /_ctl/accounts` takes, and how accounts are shown. */
import { inputError } from '../../core/errors.ts';
import { defined } from '../../core/text/defined.ts';
import { isObject } from '../../core/text/json-value.ts';
import { modeNames } from '../../core/callback/index.ts';
import type { CurrentAccount, SimulatedAccount } from './account.ts';
import { parseCallbackChange, type CallbackSettings } from '../control/callback-config.ts';
import { checkKeys, optionalText, quoteAll, readAt, refuse, type Body } from '../control/input.ts';
import type { Work } from '../control/turns.ts';
import { shorten } from '../server/mask.ts';
import type { Requests } from '../server/requests.ts';
import type { SavedSimulator } from './saved.ts';
import { parseScenario, type Scenario } from './scenario.ts';
import { scenarioNames, scenarios } from './scenarios.ts';
import type { Snapshots } from './snapshots.ts';
import { originalIdForm, scenarioClock, secretForm, serverForm, unknownScenario } from './texts.ts';

export interface NewAccount {
  /** What is left out is invented. */
  readonly account: Partial<SimulatedAccount>;
  /** 服务器配置 at its start and after its reset; the server is not asked. */
  readonly callback?: Partial<CallbackSettings> | undefined;
  /** Applied when the account is made and when it is reset. */
  readonly scenario?: Scenario | undefined;
}

export interface AccountsControl {
  /** The first one first. */
  accounts(): readonly CurrentAccount[];
  logs(): readonly Requests[];
  /** With what lets its people come. Throws an input error for an AppID or original id that is taken, and beyond twenty. */
  add(account: NewAccount): { readonly added: CurrentAccount; readonly people: Work };
  /** Throws an input error for the first one and for one that is not there. */
  remove(appId: string): void;
  /** Everything as it was at the start, the time and the accounts included; returns what lets the people come. */
  resetAll(): Work;
  readonly snapshots: Snapshots;
  /** All of it, secrets included, as a state file has it. */
  export(): SavedSimulator;
}

/** Throws an input error for a value that the platform could not have. */
export function parseNewAccount(body: Body): NewAccount {
  checkKeys(body, ['appid', 'secret', 'callback_token', 'aes_key', 'original_id', 'callback', 'scenario']);
  const { callback, scenario } = body;
  return {
    account: defined({
      appId: optionalText(body, 'appid'),
      secret: parseSecret(optionalText(body, 'secret')),
      callbackToken: optionalText(body, 'callback_token'),
      encodingAESKey: optionalText(body, 'aes_key'),
      originalId: parseOriginalId(optionalText(body, 'original_id')),
    }),
    callback: callback === undefined ? undefined : parseServer(callback),
    scenario: scenario === undefined ? undefined : parseSituation(scenario),
  };
}

/** As the ready line names them, with the mode of its pushes and its name. */
export function formatAccount(
  account: CurrentAccount,
  secrets: 'whole' | 'shortened',
): Record<string, string> {
  const show = secrets === 'whole' ? (secret: string): string => secret : shorten;
  return {
    appid: account.appId,
    secret: show(account.secret),
    callback_token: secrets === 'whole' ? account.callbackToken : '…',
    aes_key: show(account.encodingAESKey),
    original_id: account.originalId,
    mode: modeNames[account.mode],
    name: account.name,
  };
}

function parseSecret(secret: string | undefined): string | undefined {
  if (secret === undefined || /^[\x21-\x7e]{1,128}$/.test(secret)) return secret;
  return refuse(secretForm);
}

function parseOriginalId(id: string | undefined): string | undefined {
  if (id === undefined || /^gh_[0-9a-z]{1,32}$/.test(id)) return id;
  return refuse(originalIdForm);
}

/** Token and key are the account's. */
function parseServer(value: unknown): Partial<CallbackSettings> {
  if (!isObject(value)) return refuse(serverForm);
  checkKeys(value, ['url', 'mode', 'format']);
  const { url, mode, format } = parseCallbackChange(value, {
    url: undefined,
    callbackToken: '',
    encodingAESKey: '',
    mode: 'plain',
    format: 'xml',
  }).settings;
  return { url, mode, format };
}

function parseSituation(value: unknown): Scenario {
  const shipped = typeof value === 'string' && Object.hasOwn(scenarios, value) ? scenarios[value] : undefined;
  if (typeof value === 'string' && shipped === undefined) {
    const names = quoteAll(scenarioNames);
    throw inputError('scenario_unknown', unknownScenario(value, names));
  }
  const scenario = readAt('scenario', () => parseScenario(shipped?.scenario ?? value));
  if (scenario.advanceMs === 0) return scenario;
  return refuse(scenarioClock);
}
