/** What people read about getting a credential, and about the store. */
import type { CredentialEndpoint } from '../../core/token/index.ts';
import { localError, systemCode, WechatMpError } from '../../core/errors.ts';
import { systemReason } from '../../core/text/system-reason.ts';
import type { Text } from '../../core/text/text.ts';
import type { LockHolder } from '../../io/ports.ts';

export const notForced: Text = {
  en: 'WeChat kept the current token: it was force-refreshed elsewhere less than 30 s ago',
  zh: '微信保留了当前 access_token：30 秒内已有其他地方强制刷新过',
};

export function damagedEntry(place: string): Text {
  return {
    en: `The token cache "${place}" is damaged: asking WeChat again and keeping the damaged file beside it`,
    zh: `access_token 缓存 "${place}" 已损坏：将重新向微信获取，损坏的文件会保留在旁边`,
  };
}

export function keptInMemory(trouble: Text): Text {
  return {
    en: `${trouble.en}; the token is good, but only this run will know it`,
    zh: `${trouble.zh}；access_token 可用，但只在本次运行中有效`,
  };
}

export function outageNote(error: WechatMpError, secondsLeft: number): Text {
  return {
    en: `Cannot renew the token: ${error.text.en}; using the current one, which expires in ${secondsLeft} s`,
    zh: `无法更新 access_token：${error.text.zh}；继续使用当前 access_token，它还有 ${secondsLeft} 秒有效`,
  };
}

export function fetchTimeout(seconds: number): WechatMpError {
  return new WechatMpError({
    family: 'network',
    type: 'timeout',
    text: {
      en: `Cannot get a token: WeChat must answer within ${seconds} s, but did not`,
      zh: `无法获取 access_token：微信未在 ${seconds} 秒内答复`,
    },
    hint: {
      en: 'Check the connection and the proxy; see each request with --debug',
      zh: '请检查网络和代理；用 --debug 可查看每个请求',
    },
    retryable: true,
  });
}

export function forcedTooSoon(secondsLeft: number): WechatMpError {
  return new WechatMpError({
    family: 'limit',
    type: 'force_refresh_too_soon',
    text: {
      en: `Cannot force a refresh yet: two must be 30 s apart, ${secondsLeft} s are left`,
      zh: `暂时不能强制刷新：两次之间须间隔 30 秒，还差 ${secondsLeft} 秒`,
    },
    hint: {
      en: `Run the command again in ${secondsLeft} s, or without --force`,
      zh: `请在 ${secondsLeft} 秒后再试，或去掉 --force`,
    },
    retryable: true,
    facts: { retry_after: secondsLeft },
  });
}

export function lockTimeout(holder: LockHolder, endpoint: CredentialEndpoint): WechatMpError {
  const seconds = Math.round(holder.ageMs / 1000);
  const pid = holder.pid ?? '?';
  const host = holder.host ?? '?';
  // Another library's lock tells nothing about its holder.
  const who =
    holder.pid === undefined
      ? { en: 'another program', zh: '其他程序' }
      : { en: `process ${pid} on "${host}"`, zh: `主机 "${host}" 上的进程 ${pid} ` };
  return new WechatMpError({
    family: 'local',
    type: 'lock_timeout',
    text: {
      en: `Cannot get a token: ${who.en} has held the lock for ${seconds} s`,
      zh: `无法获取 access_token：${who.zh}已占用锁 ${seconds} 秒`,
    },
    hint:
      endpoint === 'token'
        ? {
            en: `Run the command again in 30 s, end process ${pid}, or use --stable, which waits less for another process`,
            zh: `请在 30 秒后重试，或结束进程 ${pid}，或改用较少等待其他进程的 --stable`,
          }
        : {
            en: `Run the command again in 5 s, give it more time with --timeout, or end process ${pid}`,
            zh: `请在 5 秒后重试，或用 --timeout 延长时间，或结束进程 ${pid}`,
          },
    retryable: true,
    facts: { lock_host: holder.host, lock_pid: holder.pid, lock_seconds: seconds },
  });
}

/** A classic token that nobody keeps is thrown away at the end of the run, and it has ended everybody else's. */
export function cacheRequired(trouble: WechatMpError): WechatMpError {
  return new WechatMpError({
    family: 'local',
    type: 'cache_required',
    text: {
      en: `${trouble.text.en}; the classic endpoint needs the cache, because each new token ends the one in use`,
      zh: `${trouble.text.zh}；经典接口必须有缓存，因为每次获取新 access_token 都会使正在使用的 access_token 失效`,
    },
    hint: {
      en: 'Use --stable, or set WECHAT_MP_CACHE_DIR to a directory that this user may write to',
      zh: '请改用 --stable，或把 WECHAT_MP_CACHE_DIR 设为当前用户可写的目录',
    },
    facts: trouble.facts,
    cause: trouble,
  });
}

const ownDirectory: Text = {
  en: 'Set WECHAT_MP_CACHE_DIR to a directory that this user may write to',
  zh: '请把 WECHAT_MP_CACHE_DIR 设为当前用户可写的目录',
};

/** What a failed access to the store means to people. An error that already is for people, or a bug, stays as it is. */
export function storeTrouble(access: 'read' | 'write', path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (error instanceof WechatMpError || code === undefined) return error;
  const reason = systemReason(code);
  const [en, zh] = access === 'read' ? ['read', '读取'] : ['write to', '写入'];
  return new WechatMpError({
    family: 'local',
    type: 'cache_unusable',
    text: {
      en: `Cannot ${en} the token cache "${path}": ${reason.en}`,
      zh: `无法${zh} access_token 缓存 "${path}"：${reason.zh}`,
    },
    hint: ownDirectory,
    facts: { path, system_code: code },
    cause: error,
  });
}

export function openToOthers(directory: string, mode: number): Text {
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return {
    en: `Other users may replace what is in the cache folder "${directory}" (mode ${octal}): run chmod go-w on it`,
    zh: `其他用户可以替换缓存目录 "${directory}" 中的内容（权限 ${octal}）：请对它执行 chmod go-w`,
  };
}

export function noPlace(): WechatMpError {
  return localError(
    'no_cache_directory',
    {
      en: 'Cannot find a place for the token cache: HOME is not set',
      zh: '找不到存放 access_token 缓存的位置：未设置 HOME',
    },
    ownDirectory,
  );
}
