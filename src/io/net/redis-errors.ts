/** What can be wrong with a shared store, in words. No password is ever in them. */
import { systemCode, WechatMpError } from '../../core/errors.ts';
import { sanitiseLine } from '../../core/text/sanitise.ts';
import { systemReason } from '../../core/text/system-reason.ts';
import type { Text } from '../../core/text/text.ts';
import type { RedisAddress } from '../../core/token/index.ts';

/** The time of a command was over. */
export class SilentStore extends Error {}

/** A store that was not reached, or fell silent. */
export function describeTrouble(address: RedisAddress, error: unknown, timeoutMs: number): WechatMpError {
  if (error instanceof WechatMpError) return error;
  const { shown, tls, sentinelName } = address;
  const silent = error instanceof SilentStore || (error instanceof Error && /Timeout/.test(error.name));
  return new WechatMpError({
    family: 'network',
    type: silent ? 'store_silent' : 'store_unreachable',
    text: trouble(shown, silent ? silence(timeoutMs) : reasonOf(error)),
    hint: orFallback(address, sentinelName === undefined ? addressHint(tls, error) : checkAddress),
    retryable: true,
    cause: error,
  });
}

const checkAddress: Text = {
  en: 'Check the address in WECHAT_MP_STORE or --store, and that a Redis runs there',
  zh: '请检查 WECHAT_MP_STORE 或 --store 中的地址，并确认 Redis 正在运行',
};

/** Quirk: a plain Redis is silent where TLS is spoken to it, and one with TLS hangs up on plain text. */
function addressHint(tls: boolean, error: unknown): Text {
  const code = systemCode(error);
  if (tls && (code === undefined || /^(?:ECONNRESET|EPROTO|ERR_SSL)/.test(code)))
    return {
      en: `${checkAddress.en}; if it speaks no TLS, write redis://, not rediss://`,
      zh: `${checkAddress.zh}；若它未启用 TLS，请写 redis:// 而不是 rediss://`,
    };
  if (!tls && (code === 'ECONNRESET' || isHungUp(error)))
    return {
      en: `${checkAddress.en}; if it speaks TLS, write rediss://, not redis://`,
      zh: `${checkAddress.zh}；若它启用了 TLS，请写 rediss:// 而不是 redis://`,
    };
  return checkAddress;
}

function isHungUp(error: unknown): boolean {
  return error instanceof Error && /closed unexpectedly/i.test(error.message);
}

function silence(timeoutMs: number): Text {
  const seconds = Math.round(timeoutMs / 100) / 10;
  return { en: `it did not answer within ${seconds} s`, zh: `未在 ${seconds} 秒内应答` };
}

function reasonOf(error: unknown): Text {
  const code = systemCode(error);
  if (code === 'ECONNREFUSED') return { en: 'nothing listens there', zh: '该地址没有服务在监听' };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { en: 'its host is not found', zh: '找不到该主机' };
  if (code !== undefined && /CERT|UNABLE_TO_|SSL|TLS|EPROTO/.test(code))
    return { en: `no secure connection: ${code}`, zh: `无法建立安全连接：${code}` };
  if (code !== undefined) return systemReason(code);
  if (isHungUp(error)) return { en: 'the connection was closed', zh: '连接被关闭' };
  return { en: 'what answers there is no Redis', zh: '该地址应答的不是 Redis' };
}

/** A store that answered with an error. Its own words are kept. */
export function describeRefusal(address: RedisAddress, reply: string): WechatMpError {
  const { shown, password, sentinelName } = address;
  const [word = ''] = reply.split(' ');
  const isNoSentinel = sentinelName !== undefined && /^ERR unknown command [`'"]?sentinel\b/i.test(reply);
  const kind = isNoSentinel ? noSentinel : refusals[word];
  const words = sanitiseLine(password === undefined ? reply : reply.replaceAll(password, '***')).slice(
    0,
    200,
  );
  return new WechatMpError({
    family: kind?.family ?? 'network',
    type: kind?.family === 'account' ? 'store_login' : 'store_refused',
    text: trouble(shown, kind?.text ?? { en: 'it refuses the command', zh: '它拒绝了命令' }),
    details: [{ en: `It says: ${words}`, zh: `它的答复：${words}` }],
    hint: kind?.hint ?? orFallback(address, kind?.mend ?? look),
    retryable: kind?.family !== 'account',
    facts: { store_answer: words },
  });
}

interface Refusal {
  readonly family?: 'account';
  readonly text: Text;
  /** What helps, and nothing else. */
  readonly hint?: Text;
  /** What helps where one does not go on without it. */
  readonly mend?: Text;
}

const look: Text = { en: 'Check the server with redis-cli', zh: '请用 redis-cli 检查服务器' };

/** The cache of this machine stands in for our own store, and never for that of another library. */
function orFallback({ query, isOnlyPlace = false }: RedisAddress, { en, zh }: Text): Text {
  if (query !== undefined || isOnlyPlace) return { en, zh };
  return {
    en: `${en}; with --store-fallback the cache of this machine is used instead`,
    zh: `${zh}；加 --store-fallback 可改用本机缓存`,
  };
}

const noSentinel: Refusal = {
  text: { en: 'what answers there is no sentinel', zh: '该地址应答的不是哨兵' },
  hint: {
    en: 'Name the sentinels, usually on port 26379; for the Redis itself write redis://host:6379/0',
    zh: '请填写哨兵的地址，端口通常为 26379；若为 Redis 本身，请写 redis://主机:6379/0',
  },
};

const password: Text = {
  en: 'Set the password in WECHAT_MP_STORE: redis://user:password@host:6379/0',
  zh: '请在 WECHAT_MP_STORE 中设置密码：redis://用户:密码@主机:6379/0',
};

const refusals: Readonly<Record<string, Refusal | undefined>> = {
  WRONGPASS: {
    family: 'account',
    text: { en: 'it refuses the password', zh: '密码被拒绝' },
    hint: password,
  },
  NOAUTH: { family: 'account', text: { en: 'it wants a password', zh: '需要密码' }, hint: password },
  NOPERM: {
    family: 'account',
    text: { en: 'this user may not do that', zh: '该用户没有权限' },
    hint: {
      en: 'Allow the user GET, SET, DEL, PEXPIRE, PTTL, TIME and EVAL on wechat-mp:*',
      zh: '请允许该用户对 wechat-mp:* 使用 GET、SET、DEL、PEXPIRE、PTTL、TIME 和 EVAL',
    },
  },
  READONLY: {
    text: { en: 'it is a replica that cannot be written to', zh: '它是只读副本，不能写入' },
    hint: {
      en: 'Give the address of the primary, or of the sentinels',
      zh: '请使用主节点的地址，或哨兵的地址',
    },
  },
  OOM: {
    text: { en: 'its memory is full', zh: '内存已满' },
    mend: { en: 'Free memory there', zh: '请在该服务器上释放内存' },
  },
  MISCONF: { text: { en: 'it cannot save to its disk', zh: '无法写入磁盘' } },
  LOADING: { text: { en: 'it is still loading its data', zh: '正在加载数据' } },
  MASTERDOWN: { text: { en: 'it has lost its primary', zh: '与主节点的连接已断开' } },
  CLUSTERDOWN: { text: { en: 'its cluster is down', zh: '集群不可用' } },
};

function trouble(shown: string, why: Text): Text {
  return {
    en: `Cannot use the token store ${shown}: ${why.en}`,
    zh: `access_token 存储 ${shown} 无法使用：${why.zh}`,
  };
}
