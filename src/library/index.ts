/** The package's library: `import { createSimulator } from 'wechat-mp-cli'`. */
import path from 'node:path';
import { inputError } from '../core/errors.ts';
import { defined } from '../core/text/defined.ts';
import { createNodeIo } from '../io/node.ts';
import { parseNewAccount, type formatAccount } from '../simulator/account/new-account.ts';
import { createSimulator as createPlatform } from '../simulator/simulator.ts';
import { parseScenario } from '../simulator/account/scenario.ts';
import { checkQuotaPaths } from '../simulator/account/settings.ts';
import { scenarioNames, scenarios } from '../simulator/account/scenarios.ts';
import { createPageReader } from '../simulator/server/page-assets.ts';
import { readCallback } from '../simulator/control/callback-config.ts';
import { simulatorVariables } from '../simulator/server/variables.ts';
import type {
  Account,
  AccountOptions,
  CreateSimulator,
  Phone,
  SimulatorOptions,
  SnapshotView,
} from './types.ts';
import { waitForEntries } from './wait-for.ts';

/** The platform's uploads end at 10 MB: what is a little longer gets its errcode, and a file fits as a data URL. */
const maxBodyBytes = 16 * 1024 * 1024;

/** Starts a simulated WeChat platform inside this process, on a free port of 127.0.0.1. */
export const createSimulator: CreateSimulator = async (options = {}) => {
  const io = createNodeIo();
  const { seed, port = 0, to, mode, format, scenario, examples, accounts = [] } = options;
  const start = scenario === undefined ? undefined : parseScenario(findScenario(scenario));
  const further = accounts.map((account) => parseNewAccount(wireOf(account)));
  for (const each of [start, ...further.map((account) => account.scenario)])
    await checkQuotaPaths(each?.settings);
  const platform = createPlatform({
    clock: io.clock,
    random: io.random,
    // Pushes go to servers of this machine: no proxy.
    openFetch: () => io.fetch({ environment: {} }),
    readAsset: createPageReader(io.files, path.join(import.meta.dirname, '..')),
    ...defined({ seed, examples }),
    // Its server and its scenario are the start's own, below.
    account: parseNewAccount(credentialsOf(options)).account,
    callback: readCallback({ to, mode, format }),
    scenario: start,
    accounts: further,
  });
  const listen = await io.listenFetch();
  const listening = await listen((request) => platform.fetch(request), {
    host: '127.0.0.1',
    port,
    maxBodyBytes,
  });
  const { url } = listening;
  const ask: Account['control'] = async (method, call, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    return await readControl(await platform.fetch(new Request(`${url}/_ctl/${call}`, init)));
  };
  const lines = (await ask('GET', 'accounts?secrets=show')) as readonly AccountLine[];
  const [first, ...others] = lines.map((line) => accountOf(url, line, ask));
  if (first === undefined) throw new TypeError('a simulator has at least one account');
  const whole = { ...first, ...controls(ask) };
  return {
    ...whole,
    url,
    accounts: [whole, ...others],
    snapshot: async (name) => (await ask('POST', 'snapshot', { name })) as SnapshotView,
    restore: async (name) => (await ask('POST', 'restore', { name })) as SnapshotView,
    addAccount: async (account = {}) =>
      accountOf(url, (await ask('POST', 'accounts', wireOf(account))) as AccountLine, ask),
    async close() {
      platform.close();
      await listening.close(0);
    },
  };
};

type AccountLine = ReturnType<typeof formatAccount>;

/** An account whose calls say whom they are for. */
function accountOf(url: string, line: AccountLine, ask: Account['control']): Account {
  const { appid = '', secret = '', callback_token: callbackToken = '', aes_key: aesKey = '' } = line;
  const own: Account['control'] = (method, call, body) =>
    ask(method, `${call}${call.includes('?') ? '&' : '?'}account=${appid}`, body);
  return {
    appid,
    secret,
    callbackToken,
    aesKey,
    originalId: line['original_id'] ?? '',
    env: simulatorVariables({ url, appid, secret, callback_token: callbackToken, aes_key: aesKey }),
    ...controls(own),
  };
}

/** As `POST /_ctl/accounts` takes it. */
function wireOf(account: AccountOptions) {
  const { to, mode, format, scenario } = account;
  const server = to ?? mode ?? format;
  return {
    ...credentialsOf(account),
    callback: server === undefined ? undefined : { url: to, mode, format },
    scenario,
  };
}

function credentialsOf({ appid, secret, callbackToken, aesKey }: AccountOptions) {
  return { appid, secret, callback_token: callbackToken, aes_key: aesKey };
}

function findScenario(scenario: NonNullable<SimulatorOptions['scenario']>): unknown {
  if (typeof scenario !== 'string') return scenario;
  if (Object.hasOwn(scenarios, scenario)) return scenarios[scenario]?.scenario;
  const names = scenarioNames.join(', ');
  throw inputError('scenario_unknown', {
    en: `There is no scenario "${scenario}"; there are ${names}`,
    zh: `没有名为“${scenario}”的场景；可用：${names}`,
  });
}

type Controls = Omit<Account, 'appid' | 'secret' | 'callbackToken' | 'aesKey' | 'originalId' | 'env'>;

/** The answers have the shapes of `simulator/types/index.ts`: they come from this very process. */
function controls(control: Account['control']): Controls {
  const get = async <Result>(call: string): Promise<Result> => (await control('GET', call)) as Result;
  const post = async <Result>(call: string, body: unknown = {}): Promise<Result> =>
    (await control('POST', call, body)) as Result;
  return {
    control,
    follower: (change = {}) => post('followers', change),
    phone: (openid) => phoneOf(openid, get, post),
    push: (type, order = {}) => post('push', { ...order, type }),
    pushes: () => get('pushes'),
    requests: () => get('requests'),
    waitFor: (what, wanted: object = {}) => waitForEntries(get, what, { ...wanted }),
    advance: (duration) => post('clock', { advance: duration }),
    fault: (fault) => post('faults', fault),
    settings: (change) => post('settings', change),
    callback: () => get('callback?secrets=show'),
    setCallback: (change) => post('callback', change),
    state: () => get('state'),
    reset: () => post('reset'),
  };
}

function phoneOf(
  openid: string,
  get: <Result>(call: string) => Promise<Result>,
  post: <Result>(call: string, body?: unknown) => Promise<Result>,
): Phone {
  const phone = `phone/${encodeURIComponent(openid)}`;
  return {
    follow: (action = {}) => post(`${phone}/follow`, action),
    unfollow: () => post(`${phone}/unfollow`),
    scan: (action) => post(`${phone}/scan`, action),
    tap: (button, how = {}) => post(`${phone}/tap`, { ...how, button }),
    send: (message) =>
      post(`${phone}/send`, typeof message === 'string' ? { type: 'text', text: message } : message),
    location: (report) => post(`${phone}/location`, report),
    comment: (action) => post(`${phone}/comment`, action),
    authorize: (action) => post(`${phone}/authorize`, action),
    chat: () => get(`chats/${encodeURIComponent(openid)}`),
  };
}

/** A server configuration that was not saved is an answer; every other refusal is an error. */
async function readControl(response: Response): Promise<unknown> {
  const answer = (await response.json()) as { readonly error?: { readonly message: string } };
  if (response.ok || response.status === 422) return answer;
  throw new Error(answer.error?.message ?? `The simulator answered ${response.status}`);
}
