/** The package's library: `import { createSimulator } from 'wechat-mp-cli'`. */
import path from 'node:path';
import { inputError } from '../../core/errors.ts';
import { createNodeIo } from '../../io/node.ts';
import { createSimulator as createPlatform } from '../../simulator/simulator.ts';
import { parseScenario } from '../../simulator/scenario.ts';
import { scenarioNames, scenarios } from '../../simulator/scenarios.ts';
import { createPageReader } from '../page-files.ts';
import { readCallback } from '../simulator-callback.ts';
import { simulatorVariables } from '../simulator-variables.ts';
import type { CreateSimulator, Phone, Simulator, SimulatorOptions } from './types.ts';

/** The platform's uploads end at 10 MB. */
const maxBodyBytes = 10 * 1024 * 1024;

/** Starts a simulated WeChat platform inside this process, on a free port of 127.0.0.1. */
export const createSimulator: CreateSimulator = async (options = {}) => {
  const io = createNodeIo();
  const { seed, port = 0, to, mode, format, scenario } = options;
  const platform = createPlatform({
    clock: io.clock,
    random: io.random,
    // Pushes go to servers of this machine: no proxy.
    openFetch: () => io.fetch({ environment: {} }),
    readAsset: createPageReader(io.files, path.join(import.meta.dirname, '..')),
    ...(seed === undefined ? {} : { seed }),
    account: accountOf(options),
    callback: readCallback({ to, mode, format }),
    scenario: scenario === undefined ? undefined : parseScenario(findScenario(scenario)),
  });
  const listen = await io.listenFetch();
  const listening = await listen((request) => platform.fetch(request), {
    host: '127.0.0.1',
    port,
    maxBodyBytes,
  });
  const { url } = listening;
  const control: Simulator['control'] = async (method, call, body) => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    return await readControl(await platform.fetch(new Request(`${url}/_ctl/${call}`, init)));
  };
  const { account } = platform;
  return {
    url,
    appid: account.appId,
    secret: account.secret,
    callbackToken: account.callbackToken,
    aesKey: account.encodingAESKey,
    originalId: account.originalId,
    env: simulatorVariables(platform.ready(url)),
    ...controls(control),
    async close() {
      platform.close();
      await listening.close(0);
    },
  };
};

function accountOf({ appid, secret, callbackToken, aesKey }: SimulatorOptions) {
  return {
    ...(appid === undefined ? {} : { appId: appid }),
    ...(secret === undefined ? {} : { secret }),
    ...(callbackToken === undefined ? {} : { callbackToken }),
    ...(aesKey === undefined ? {} : { encodingAESKey: aesKey }),
  };
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

type Controls = Omit<
  Simulator,
  'url' | 'appid' | 'secret' | 'callbackToken' | 'aesKey' | 'originalId' | 'env' | 'close'
>;

/** The answers have the shapes of `console-types.ts`: they come from this very process. */
function controls(control: Simulator['control']): Controls {
  const get = async <Answer>(call: string): Promise<Answer> => (await control('GET', call)) as Answer;
  const post = async <Answer>(call: string, body: unknown = {}): Promise<Answer> =>
    (await control('POST', call, body)) as Answer;
  return {
    control,
    follower: (change = {}) => post('followers', change),
    phone: (openid) => phoneOf(openid, get, post),
    push: (type, order = {}) => post('push', { ...order, type }),
    pushes: () => get('pushes'),
    requests: () => get('requests'),
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
  get: <Answer>(call: string) => Promise<Answer>,
  post: <Answer>(call: string, body?: unknown) => Promise<Answer>,
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
    chat: () => get(`chats/${encodeURIComponent(openid)}`),
  };
}

/** A server configuration that was not saved is an answer; every other refusal is an error. */
async function readControl(response: Response): Promise<unknown> {
  const answer = (await response.json()) as { readonly error?: { readonly message: string } };
  if (response.ok || response.status === 422) return answer;
  throw new Error(answer.error?.message ?? `The simulator answered ${response.status}`);
}
