/** `simulator`: a local WeChat platform, for a person or round a command. */
import { usageError } from '../../../core/errors.ts';
import { defined } from '../../../core/text/defined.ts';
import type { SavedSimulator } from '../../../simulator/account/saved.ts';
import type { Scenario } from '../../../simulator/account/scenario.ts';
import { scenarioNames, scenarios } from '../../../simulator/account/scenarios.ts';
import type { Simulator } from '../../../simulator/simulator.ts';
import type { Context } from '../../context.ts';
import { choice, defineCommand, flag, type OptionValues, parsed, value } from '../../frame/command.ts';
import { unsuitable } from '../../frame/flag-errors.ts';
import { exitCodeOf } from '../../frame/output.ts';
import {
  announce,
  checkReadyFile,
  isLoopback,
  parsePort,
  untilInterrupted,
  warnUnlessLoopback,
  writeReadyFile,
} from '../../shared/long-running.ts';
import {
  checkEnvFile,
  explainTaken,
  openPage,
  publish,
  type ReadyLine,
  readyWords,
  tellPage,
  variablesOf,
  writeEnvFile,
} from './introduction.ts';
import type { OpenInterception } from './intercept.ts';
import { logTraffic } from './log.ts';
import type { StateFile } from './state.ts';

/** The platform's uploads end at 10 MB: what is a little longer gets its errcode, and a file fits as a data URL. */
const maxBodyBytes = 16 * 1024 * 1024;

const flags = {
  port: parsed(
    '--port <n>',
    { en: '8090 by default, 0 for a free one', zh: '默认 8090，0 表示自动选择' },
    parsePort,
  ),
  host: value('--host <address>', { en: '127.0.0.1 by default', zh: '默认 127.0.0.1' }),
  accounts: parsed(
    '--accounts <n>',
    { en: 'Official accounts, 1 by default', zh: '公众号数量，默认 1' },
    parseAccounts,
  ),
  seed: parsed(
    '--seed <n>',
    { en: 'The same secrets and tokens every time', zh: '每次生成相同的密钥和 access_token' },
    parseSeed,
  ),
  to: value('--to <url>', {
    en: 'Server that gets the messages and events',
    zh: '接收消息和事件推送的服务器',
  }),
  mode: choice('--mode <mode>', { en: 'plain by default', zh: '默认 plain' }, ['plain', 'compat', 'safe']),
  format: choice('--format <format>', { en: 'xml by default', zh: '默认 xml' }, ['xml', 'json']),
  scenario: value(
    '--scenario <name|file>',
    {
      en: `A situation to start in: ${scenarioNames.join(', ')}, or a JSON file: wechat-mp help scenario`,
      zh: `启动时的场景：${scenarioNames.join('、')}，或 JSON 文件：wechat-mp help scenario`,
    },
    ['<scenario>', '<file>'],
  ),
  state: value('--state <file>', {
    en: 'Resume from this file, and keep it up to date',
    zh: '从此文件恢复状态，并持续保存',
  }),
  intercept: flag('--intercept', {
    en: 'Answer https to *.weixin.qq.com here: any program, unchanged',
    zh: '接管发往 *.weixin.qq.com 的 https 请求：程序无需任何修改',
  }),
  examples: flag('--examples', {
    en: 'Answer calls that are not simulated with the example of the documentation',
    zh: '未模拟的接口返回官方文档的示例',
  }),
  open: flag('--open', { en: 'Open the page in a browser', zh: '在浏览器中打开页面' }),
  writeEnv: value('--write-env <file>', {
    en: 'Write what to set here; .sh, .fish, .ps1, .cmd, else as .env',
    zh: '把所需变量写入此文件；.sh、.fish、.ps1、.cmd，其他按 .env 格式',
  }),
  readyFile: value('--ready-file <file>', {
    en: 'Written when the port is open',
    zh: '端口就绪后写入此文件',
  }),
};

type Flags = OptionValues<typeof flags>;

export const command = defineCommand({
  program: {
    name: '[-- command...]',
    text: { en: 'Run this against a fresh simulator', zh: '针对全新的模拟器运行此命令' },
  },
  options: flags,
  examples: [
    {
      command: 'wechat-mp simulator --open',
      text: {
        en: 'Its page, http://127.0.0.1:8090: a phone, every request, any API call',
        zh: '打开页面 http://127.0.0.1:8090：模拟手机、请求记录、接口调试',
      },
    },
    {
      command: 'wechat-mp simulator --intercept -- npm test',
      text: {
        en: 'Tests against a fresh one, under the real addresses',
        zh: '针对全新的模拟器运行测试，接口地址无需修改',
      },
    },
    {
      command: 'wechat-mp simulator --to http://localhost:3000/wechat --state sim.json',
      text: { en: 'With your server, and a memory', zh: '对接自己的服务器，并保存状态' },
    },
    {
      command: 'wechat-mp simulator --scenario people.json',
      text: {
        en: 'With followers, as {"followers":[{"count":20}]}; what people do: GET /_ctl',
        zh: '预置关注者，如 {"followers":[{"count":20}]}；用户操作接口：GET /_ctl',
      },
    },
  ],
  output: {
    en: 'What to set, then one line a request; with a command only the output of the command.\nJSON lines: {"type":"ready","url","appid","secret","callback_token","aes_key"}, of several accounts also "accounts", then {"type":"request",…} and {"type":"push",…}',
    zh: '先输出所需的设置，之后每个请求一行；带命令时只有该命令的输出。\nJSON 行：{"type":"ready","url","appid","secret","callback_token","aes_key"}，多个账号时另有 "accounts"，之后 {"type":"request",…} 和 {"type":"push",…}',
  },
  exitCodes: {
    7: { en: 'The port is taken', zh: '端口被占用' },
    126: { en: 'The command cannot be started', zh: '命令无法启动' },
    127: { en: 'There is no such command', zh: '找不到该命令' },
  },
  effect: 'local',
  async run(context, { program: child, options }) {
    warnUnlessLoopback(context, options.host ?? '127.0.0.1');
    await checkEnvFile(context, options.writeEnv);
    await checkReadyFile(context, options.readyFile);
    const state = await openState(context, options.state);
    try {
      return await runSimulator(context, child, options, state);
    } finally {
      state?.release();
    }
  },
});

async function openState(context: Context, file: string | undefined): Promise<StateFile | undefined> {
  if (file === undefined) return undefined;
  return await (await import('./state.ts')).openState(context, file);
}

async function runSimulator(
  context: Context,
  child: readonly string[],
  options: Flags,
  state: StateFile | undefined,
): Promise<number> {
  const host = options.host ?? '127.0.0.1';
  const simulator = await createFrom(context, { ...options, host }, state);
  simulator.subscribePushes(() => state?.touch(simulator));
  const listenFetch = await context.io.listenFetch();
  const interruption = context.io.interruption();
  const answer = async (request: Request): Promise<Response> => {
    try {
      return await simulator.fetch(request);
    } finally {
      // Also after an answer that was lost on purpose.
      state?.touch(simulator);
    }
  };
  const place = { host, port: options.port ?? (child.length > 0 ? 0 : 8090) };
  const listening = await listenFetch(answer, { ...place, maxBodyBytes }).catch(async (error: unknown) => {
    throw await explainTaken(context, error, place);
  });
  // Event streams would keep the listener open until its grace is over.
  interruption.addEventListener('abort', () => simulator.close(), { once: true });
  let interception: OpenInterception | undefined;
  const withdrawals: (() => void)[] = [];
  const withdraw = (): void => withdrawals.forEach((take) => take());
  try {
    state?.write(simulator);
    if (options.intercept) {
      const { openInterception } = await import('./intercept.ts');
      interception = await openInterception(context, simulator, { answer, maxBodyBytes });
    }
    const ready = { ...simulator.ready(listening.url), ...defined({ intercept: interception?.line }) };
    if (child.length > 0) {
      await writeEnvFile(context, ready, options.writeEnv);
      withdrawals.push(await writeReadyFile(context, { ...ready }, options.readyFile));
      const code = await runAgainst(context, ready, child);
      interception?.tellUnused();
      return code;
    }
    logTraffic(context, simulator);
    withdrawals.push(publish(context, ready));
    tellPage(context, ready.url);
    await writeEnvFile(context, ready, options.writeEnv);
    withdrawals.push(
      await announce(context, { ...ready }, readyWords(context, ready, options.writeEnv), options.readyFile),
    );
    if (options.open) await openPage(context, ready.url);
    return await untilInterrupted(context, listening, withdraw);
  } finally {
    withdraw();
    simulator.close();
    interception?.close();
    await listening.close(0);
    await state?.finish(simulator);
  }
}

/** Throws for a flag or a state that cannot be. */
async function createFrom(
  context: Context,
  options: Flags & { readonly host: string },
  state: StateFile | undefined,
): Promise<Simulator> {
  const { clock, random, files } = context.io;
  const { createSimulator } = await import('../../../simulator/simulator.ts');
  const { readCallback } = await import('../../../simulator/control/callback-config.ts');
  const { createPageReader } = await import('../../../simulator/server/page-assets.ts');
  // A project that pins its AppID can run its tests here too.
  const pinned = (await context.settings.appIdAt('project'))?.value;
  const callback = readCallback(options);
  const scenario = await readScenario(context, options.scenario);
  if (scenario !== undefined && state?.saved !== undefined) context.warn(scenarioLeftOut);
  await tellServers(context, options, state?.saved, scenario);
  const further = { account: {}, callback, scenario };
  const make = (): Simulator =>
    createSimulator({
      clock,
      random,
      async openFetch() {
        const { openDeveloperFetch } = await import('../../shared/developer-server.ts');
        return await openDeveloperFetch(context, '--to');
      },
      readAsset: createPageReader(files, import.meta.dirname),
      examples: options.examples,
      seed: options.seed,
      saved: state?.saved,
      callback,
      scenario,
      accounts: Array.from({ length: (options.accounts ?? 1) - 1 }, () => further),
      refusesFarHosts: !isLoopback(options.host),
      ...defined({ account: pinned === undefined ? undefined : { appId: pinned } }),
    });
  return state === undefined ? make() : state.start(make);
}

/** A file may name a server of somebody else: what is pushed there is signed. */
async function tellServers(
  context: Context,
  { to, state = '', scenario: name = '' }: Flags,
  saved: SavedSimulator | undefined,
  scenario: Scenario | undefined,
): Promise<void> {
  const found =
    saved === undefined
      ? [{ url: Object.hasOwn(scenarios, name) ? undefined : scenario?.callback['url'], name }]
      : saved.accounts.map(({ callback: { url } }) => ({ url, name: state }));
  for (const { url, name: from } of found) {
    if (typeof url !== 'string' || url === '' || url === to || !URL.canParse(url)) continue;
    const { tellAddress } = await import('../../shared/outgoing.ts');
    tellAddress(context, { value: url, level: 'project', name: from });
  }
}

/** The five variables; and those that would lead the command past the simulator are emptied, which means not set. */
async function runAgainst(context: Context, ready: ReadyLine, child: readonly string[]): Promise<number> {
  const runChild = await context.io.runChild();
  context.verbose({ en: `Simulator at ${ready.url}`, zh: `模拟器地址：${ready.url}` });
  const signal = context.io.interruption();
  const environment = {
    ...variablesOf(ready),
    WECHAT_MP_ACCESS_TOKEN: '',
    WECHAT_MP_PROFILE: '',
    WECHAT_MP_STORE: '',
    WECHAT_MP_TOKEN_URL: '',
    WECHAT_MP_VIA: '',
  };
  const code = await runChild(child, environment, signal);
  // However the command took the signal, it was not its own end.
  return signal.aborted ? exitCodeOf(signal.reason) : code;
}

const scenarioLeftOut = {
  en: 'The scenario is left out: the state goes on with its own situation',
  zh: '未应用场景：将沿用状态文件中的情况',
};

function parseAccounts(text: string, name: string): number {
  if (/^(?:[1-9]|1\d|20)$/.test(text)) return Number(text);
  throw unsuitable('accounts_invalid', text, name, {
    en: 'a simulator has 1 to 20 accounts',
    zh: '模拟器可有 1 至 20 个账号',
  });
}

function parseSeed(text: string, name: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw unsuitable('seed_invalid', text, name, { en: 'it must be a whole number', zh: '应为整数' });
}

/** A shipped situation by its name, or one in a file. Throws for a name that is neither. */
async function readScenario(context: Context, name: string | undefined): Promise<Scenario | undefined> {
  if (name === undefined) return undefined;
  const shipped = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
  if (shipped !== undefined) {
    const { parseScenario } = await import('../../../simulator/account/scenario.ts');
    return parseScenario(shipped.scenario);
  }
  if (!/[./\\]/.test(name)) throw await unknownScenario(name);
  const { readScenarioFile } = await import('./scenario-file.ts');
  return await readScenarioFile(context, name);
}

async function unknownScenario(name: string): Promise<Error> {
  const { didYouMean } = await import('../../frame/suggest.ts');
  return usageError(
    'scenario_unknown',
    { en: `There is no scenario "${name}"`, zh: `没有名为“${name}”的场景` },
    didYouMean('--scenario', name, scenarioNames) ?? {
      en: `Use one of ${scenarioNames.join(', ')}, or a file such as ./bad-day.json`,
      zh: `可用：${scenarioNames.join('、')}，或文件，例如 ./bad-day.json`,
    },
  );
}
