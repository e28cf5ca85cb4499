/** Where a team keeps its token: the store that machines share, or the service that owns the token. */
import { createFallbackStore, createRedisStore } from '../../api/token-store/redis.ts';
import type { TokenStore } from '../../api/token-store/store.ts';
import { isLoopbackHost } from '../../core/account/index.ts';
import { inputError, usageError, WechatMpError } from '../../core/errors.ts';
import type { LayoutChoice } from '../../core/foreign/index.ts';
import { parseStoreUrl } from '../../core/token/index.ts';
import type { Redis } from '../../io/ports.ts';
import type { Context } from '../context.ts';
import { excludes } from '../frame/flag-errors.ts';
import type { Settings } from '../settings/settings.ts';
import type { Sourced } from '../settings/sourced.ts';

/**
 * Throws an input error for an address that cannot be one, and a usage error for a password on the command line.
 * Nothing is sent yet. With `--store-fallback`, `file` takes over at the first failure, which is said.
 */
export async function openSharedStore(
  context: Context,
  settings: Settings,
  chosen: Sourced<string>,
  file: TokenStore,
): Promise<TokenStore> {
  const { io } = context;
  const server = await openServer(context, settings, chosen);
  // Where another library keeps the token, everything else stays on this machine.
  if (server === undefined || server.layout !== undefined) return file;
  const shared = createRedisStore({
    redis: server.redis,
    clock: io.clock,
    random: io.random,
    get host() {
      return io.host;
    },
    pid: io.pid,
  });
  if (!settings.storeFallback) return shared;
  return createFallbackStore(shared, file, (error) => {
    if (!(error instanceof WechatMpError)) throw error;
    const { text } = error;
    context.warn({
      en: `${text.en}; going on with the cache of this machine`,
      zh: `${text.zh}；改用本机缓存`,
    });
  });
}

export interface StoreServer {
  /** For people: without the password. */
  readonly shown: string;
  /** Whose keys these are, where not our own. */
  readonly layout: LayoutChoice | undefined;
  /** Connects when the first command is sent. A folder of another library answers the same commands. */
  readonly redis: () => Promise<Redis>;
}

/** `undefined` for `file`. `isOnlyPlace`: see `RedisAddress`. */
export async function openServer(
  context: Context,
  settings: Settings,
  { value, level, name }: Sourced<string>,
  { isOnlyPlace = false } = {},
): Promise<StoreServer | undefined> {
  const foreign = value.startsWith('file:') || value.includes('layout=');
  if (foreign && settings.storeFallback) {
    throw excludes('--store-fallback', 'layout=').with({
      hint: {
        en: 'Leave out --store-fallback: nothing stands in for the store of another library',
        zh: '去掉 --store-fallback：其他类库的存储没有可替代的缓存',
      },
    });
  }
  if (value.startsWith('file:')) {
    const { openFolder } = await import('./foreign/folder.ts');
    return openFolder(context, value, name);
  }
  const address = parseStoreUrl(value, name);
  if (address === undefined) return undefined;
  const { password, query, shown, nodes } = address;
  if (password !== undefined) {
    if (level === 'flag') throw onCommandLine('--store', 'WECHAT_MP_STORE');
    context.redactor.add(password);
  }
  const layout =
    query === undefined ? undefined : (await import('../../core/foreign/choice.ts')).parseLayout(query, name);
  if (level !== 'flag' && !nodes.every(({ host }) => isLoopbackHost(host)))
    context.noteOnce({
      en: `${layout === undefined ? 'Sharing tokens' : 'Using the token'} in ${shown} (from ${name})`,
      zh: `${layout === undefined ? 'access_token 共用于' : '使用其他类库的 access_token，位于'} ${shown}（来自 ${name}）`,
    });
  const timeoutMs = (await settings.timeoutMs()).value;
  let opened: Promise<Redis> | undefined;
  return {
    shown,
    layout,
    redis: () => (opened ??= context.io.redis({ ...address, isOnlyPlace }, timeoutMs)),
  };
}

function onCommandLine(flag: string, variable: string): WechatMpError {
  return usageError(
    'secret_on_command_line',
    {
      en: `Cannot take a password from ${flag}: the command line is visible in "ps" and in the shell history`,
      zh: `不能用 ${flag} 传密码：命令行会出现在 ps 和 shell 历史里`,
    },
    { en: `Put the address into ${variable}`, zh: `请把地址放进环境变量 ${variable}` },
  );
}

/**
 * The address of a token service: https anywhere, http on loopback only. A key in it never comes from the command line,
 * and is known to the redactor.
 */
export function parseServiceUrl(context: Context, { value, level, name }: Sourced<string>): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const allowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname));
  if (url === undefined || !allowed)
    throw inputError(
      'token_url_invalid',
      {
        en: `Cannot use the token service in ${name}: it must be an https URL, or http on this machine`,
        zh: `${name} 中的 access_token 服务地址无法使用：应为 https 地址，http 只用于本机`,
      },
      { en: 'Write https://host/token', zh: '格式：https://主机/token' },
    );
  if (url.password !== '' && level === 'flag') throw onCommandLine('--token-url', 'WECHAT_MP_TOKEN_URL');
  for (const secret of [decodeURIComponent(url.password), url.search.slice(1)])
    if (secret.length >= 4) context.redactor.add(secret);
  if (level !== 'flag' && !isLoopbackHost(url.hostname))
    context.noteOnce({
      en: `Asking ${url.origin}${url.pathname} for the access_token (from ${name})`,
      zh: `正在向 ${url.origin}${url.pathname} 获取 access_token（来自 ${name}）`,
    });
  return url;
}
