/** `relay`: token service and way out in one, on the machine whose address is in the IP whitelist. */
import { readKnownCalls } from '../../../core/catalogue/index.ts';
import { usageError, WechatMpError } from '../../../core/errors.ts';
import type { Text } from '../../../core/text/text.ts';
import type { StreamFetch } from '../../../io/ports.ts';
import { RelayAccount } from '../../../relay/account.ts';
import { createRelay } from '../../../relay/relay.ts';
import type { Context } from '../../context.ts';
import { defineCommand, flag, type OptionSpec, parsed, value } from '../../frame/command.ts';
import { requireAppId, resolveAccount } from '../../settings/account.ts';
import { openClientWith, openTickets, openTokens } from '../../settings/platform.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Sourced } from '../../settings/sourced.ts';
import {
  announce,
  checkReadyFile,
  createLineLog,
  isLoopback,
  listeningOn,
  parsePort,
  untilInterrupted,
} from '../../shared/long-running.ts';
import { placeOf, tellAddress } from '../../shared/outgoing.ts';
import { openKeyFile } from './key-file.ts';
import { requestLine } from './log.ts';
import { watchStores } from './store-watch.ts';

const defaultPort = 8787;
/** A connection may be silent so much longer than the platform, in milliseconds. */
const idleMarginMs = 60_000;

const flags = {
  keyFile: value('--key-file <file>', {
    en: 'Who may use it: name:key[:/path,/path[:60/m]] a line',
    zh: '客户端名单，每行 名称:密钥[:/路径,/路径[:60/m]]',
  }),
  port: parsed(
    '--port <n>',
    { en: '8787 by default, 0 for a free one', zh: '默认 8787，0 表示自动选择' },
    parsePort,
  ),
  host: value('--host <address>', { en: '127.0.0.1 by default', zh: '默认 127.0.0.1' }),
  behindTls: flag('--behind-tls', {
    en: 'A proxy in front speaks https; needed beyond this machine',
    zh: '前面有 https 反向代理；监听非本机地址时必需',
  }),
  readOnly: flag('--read-only', {
    en: 'Refuse every call that changes something',
    zh: '拒绝一切会产生变更的接口',
  }),
  account: {
    flags: '--account <profile>',
    text: { en: 'Serve this account; may be repeated', zh: '服务该公众号，可重复' },
    values: ['<profile>'],
    repeatable: true,
  } as OptionSpec<readonly string[] | undefined>,
  readyFile: value('--ready-file <file>', {
    en: 'Written when the port is open',
    zh: '端口就绪后写入此文件',
  }),
};

export const command = defineCommand({
  settings: ['account', 'token'],
  options: flags,
  examples: [
    {
      command: 'wechat-mp relay --key-file relay.keys',
      text: {
        en: 'http://127.0.0.1:8787 for programs of this machine',
        zh: '供本机程序使用，http://127.0.0.1:8787',
      },
    },
    {
      command: 'wechat-mp relay --key-file relay.keys --host 0.0.0.0 --behind-tls',
      text: {
        en: 'For other machines, behind a proxy with https',
        zh: '供其他机器使用，前面是 https 反向代理',
      },
    },
    {
      command: 'wechat-mp relay --key-file relay.keys --read-only --json',
      text: { en: 'Nothing is changed; a JSON line a request', zh: '只转发只读接口；每个请求一行 JSON' },
    },
    {
      command: 'wechat-mp relay --key-file relay.keys --account shop --account news',
      text: {
        en: 'Two accounts: http://127.0.0.1:8787/<appid>',
        zh: '两个公众号：http://127.0.0.1:8787/<appid>',
      },
    },
  ],
  output: {
    en: 'One line when it listens, one line a request.\nJSON lines: {"type":"ready","url","accounts","clients","read_only"}, then\n{"type":"request","at","account","client","method","path","status","errcode","ms","relay","repeated"}, with "trouble" where the relay itself had some',
    zh: '就绪时一行，之后每个请求一行。\nJSON 行：{"type":"ready","url","accounts","clients","read_only"}，之后\n{"type":"request","at","account","client","method","path","status","errcode","ms","relay","repeated"}，中继自身出错时另有 "trouble"',
  },
  exitCodes: {
    2: { en: 'A key file with a mistake', zh: '密钥文件有误' },
    7: { en: 'The port is taken or forbidden', zh: '端口被占用或无权使用' },
  },
  effect: 'remote',
  async run(context, { options }) {
    const { keyFile: path, readOnly, behindTls } = options;
    if (path === undefined) throw keyFileMissing();
    const host = options.host ?? '127.0.0.1';
    if (!isLoopback(host) && !behindTls) throw needsTls(host);
    await checkReadyFile(context, options.readyFile);
    const accounts = await openAccounts(context, options.account ?? []);
    const calls = await readKnownCalls();
    const appIds = accounts.map(({ parts }) => parts.appId);
    const known = { paths: calls.map((call) => call.path), appIds };
    const keys = openKeyFile(context, path, known, (changed) => relay.replaceClients(changed));
    const log = createLineLog(context);
    const timeoutMs = (await context.settings.timeoutMs()).value;
    const relay = createRelay({
      accounts,
      clients: keys.clients,
      calls,
      readOnly,
      isLocal: isLoopback(host) && !behindTls,
      timeoutMs,
      clock: context.io.clock,
      language: context.language,
      spool: () => context.io.spool(),
      onRecord: (record) => log.write([requestLine(context, record)]),
    });
    const listen = await context.io.listenStream();
    // From here on a signal closes the port instead of killing the process.
    context.io.interruption();
    const listening = await listen(
      (request) => {
        keys.look();
        return relay.handle(request);
      },
      { host, port: options.port ?? defaultPort, idleMs: timeoutMs + idleMarginMs },
    );
    const { url } = listening;
    const withdraw = await announce(
      context,
      { type: 'ready', url, accounts: appIds, clients: keys.clients.length, read_only: readOnly },
      `${listeningOn(context, url)} (${appIds.join(', ')})`,
      options.readyFile,
    );
    watchStores(
      context,
      accounts.map(({ parts }) => parts.tokens),
    );
    const close = async (graceMs?: number): Promise<void> => {
      relay.stop();
      await listening.close(graceMs);
      log.flush();
    };
    return await untilInterrupted(context, { ...listening, close }, withdraw);
  },
});

/** The account in force, or those of the profiles that are named. */
async function openAccounts(context: Context, profiles: readonly string[]): Promise<readonly RelayAccount[]> {
  const all =
    profiles.length === 0
      ? [context.settings]
      : await Promise.all([...new Set(profiles)].map(async (name) => await settingsOf(context, name)));
  const accounts: RelayAccount[] = [];
  for (const settings of all) {
    const account = await openAccount(context, settings);
    if (accounts.some(({ parts }) => parts.appId === account.parts.appId))
      throw sameAccount(account.parts.appId);
    accounts.push(account);
  }
  return accounts;
}

async function settingsOf(context: Context, profile: string): Promise<Settings> {
  const settings = context.settings.withProfile(profile, '--account');
  if (!settings.namesSimulator) return settings;
  const { io, environment } = context;
  const input = {
    io,
    environment,
    options: { ...context.options, ...settings.flags, profile },
    project: () => settings.project,
    warn: (text: Text) => context.warn(text),
    secretSeen: (secret: string) => context.redactor.add(secret),
  };
  const { adoptSimulator } = await import('../../shared/running-simulator.ts');
  return (await adoptSimulator(input, settings)).settings;
}

async function openAccount(context: Context, settings: Settings): Promise<RelayAccount> {
  const { io, environment } = context;
  if (settings.via !== undefined) throw viaRelay(settings.via);
  const appId = (await requireAppId(settings)).value;
  // A token by hand or from a service needs no AppSecret.
  const isGiven = settings.tokenUrl !== undefined || (await settings.accessToken()) !== undefined;
  const secret = isGiven ? undefined : (await resolveAccount(settings)).secret.value;
  const tokens = await openTokens(context, settings);
  tellAddress(context, settings.apiBase);
  return new RelayAccount({
    appId,
    apiBase: settings.apiBase.value,
    secret,
    tokens,
    tickets: (type) => openTickets(context, type, settings),
    fetch: debugging(context, await io.streamFetch({ proxy: settings.proxy?.value, environment })),
    async usage(path) {
      const { fetchQuota } = await import('../../../api/openapi.ts');
      return await fetchQuota(await openClientWith(context, tokens, settings), path);
    },
    clock: io.clock,
  });
}

/** With `--debug`, a line for each request to the platform, without its query. */
function debugging(context: Context, fetch: StreamFetch): StreamFetch {
  if (!context.options.debug) return fetch;
  const { clock } = context.io;
  return async (call) => {
    const startedMs = clock.monotonic();
    const tell = (end: string): void =>
      context.debug(
        `${call.method} ${call.origin.origin}${call.path.split('?', 1)[0]} → ${end} in ${Math.round(clock.monotonic() - startedMs)} ms`,
      );
    try {
      const answer = await fetch(call);
      tell(String(answer.status));
      return answer;
    } catch (error) {
      tell(error instanceof WechatMpError ? error.type : 'error');
      throw error;
    }
  };
}

function keyFileMissing(): Error {
  return usageError(
    'key_file_missing',
    {
      en: 'Give the clients of the relay with --key-file: without keys anybody could use the account',
      zh: '请用 --key-file 指定客户端：没有密钥，任何人都能使用该公众号',
    },
    {
      en: 'A line of it is name:key, such as the output of: echo "ci:$(openssl rand -hex 32)"',
      zh: '文件每行为 名称:密钥，例如：echo "ci:$(openssl rand -hex 32)" 的输出',
    },
  );
}

function needsTls(host: string): Error {
  return usageError(
    'relay_needs_tls',
    {
      en: `Cannot listen on ${host} in the clear: keys and answers would cross the network unprotected`,
      zh: `不能以明文监听 ${host}：密钥和应答会在网络上明文传输`,
    },
    {
      en: 'Put a proxy with https in front and say --behind-tls, or keep to 127.0.0.1',
      zh: '请在前面放置 https 反向代理并加上 --behind-tls，或只监听 127.0.0.1',
    },
  );
}

function viaRelay(via: Sourced<string>): Error {
  const place = placeOf(via);
  return usageError(
    'relay_via_relay',
    {
      en: `Cannot go through another relay (from ${place.en}): a relay has the AppSecret and the listed address itself`,
      zh: `中继不能再经由其他中继（来自${place.zh}）：AppSecret 和白名单地址应在中继自己这里`,
    },
    { en: 'Start it with --via none', zh: '启动时加上 --via none' },
  );
}

function sameAccount(appId: string): Error {
  return usageError('accounts_same', {
    en: `Two of the profiles are the same account: ${appId}`,
    zh: `其中两个配置档案是同一公众号：${appId}`,
  });
}
