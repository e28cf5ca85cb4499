/** The store that machines share, where one is configured. */
import { createFallbackStore, createRedisStore } from '../../api/token-store/redis.ts';
import type { TokenStore } from '../../api/token-store/store.ts';
import { isLoopbackHost } from '../../core/account/index.ts';
import { usageError, WechatMpError } from '../../core/errors.ts';
import { parseStoreUrl } from '../../core/token/index.ts';
import type { Context } from '../context.ts';
import type { Settings } from '../settings/settings.ts';
import type { Sourced } from '../settings/sourced.ts';

/**
 * Throws an input error for an address that cannot be one, and a usage error for a password on the command line.
 * Nothing is sent yet. With `--store-fallback`, `file` takes over at the first failure, which is said.
 */
export async function openSharedStore(
  context: Context,
  settings: Settings,
  { value, level, name }: Sourced<string>,
  file: TokenStore,
): Promise<TokenStore> {
  const { io } = context;
  const address = parseStoreUrl(value, name);
  if (address === undefined) return file;
  if (address.password !== undefined) {
    if (level === 'flag') throw passwordOnCommandLine();
    context.redactor.add(address.password);
  }
  if (level !== 'flag' && !address.nodes.every(({ host }) => isLoopbackHost(host)))
    context.noteOnce({
      en: `Sharing tokens in ${address.shown} (from ${name})`,
      zh: `access_token 共用于 ${address.shown}（来自 ${name}）`,
    });
  const timeoutMs = (await settings.timeoutMs()).value;
  const shared = createRedisStore({
    redis: () => io.redis(address, timeoutMs),
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

function passwordOnCommandLine(): WechatMpError {
  return usageError(
    'secret_on_command_line',
    {
      en: 'Cannot take a password from --store: the command line is visible in "ps" and in the shell history',
      zh: '不能用 --store 传密码：命令行会出现在 ps 和 shell 历史里',
    },
    { en: 'Put the address into WECHAT_MP_STORE', zh: '请把地址放进环境变量 WECHAT_MP_STORE' },
  );
}
