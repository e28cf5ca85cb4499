/** System errors of the token store, in words. */
import { WechatMpError } from '../../core/errors.ts';
import { systemReason } from '../../core/text/system-reason.ts';
import type { Text } from '../../core/text/text.ts';

const hint: Text = {
  en: 'Set WECHAT_MP_CACHE_DIR to a directory that this user may write to',
  zh: '请把 WECHAT_MP_CACHE_DIR 设为当前用户可写的目录',
};

export function isSystemError(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}

/** What a failed access to the store means to people. An error that already is for people, or a bug, stays as it is. */
export function storeTrouble(access: 'read' | 'write', path: string, error: unknown): unknown {
  const code = codeOf(error);
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
    hint,
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
  return new WechatMpError({
    family: 'local',
    type: 'no_cache_directory',
    text: {
      en: 'Cannot find a place for the token cache: HOME is not set',
      zh: '找不到存放 access_token 缓存的位置：未设置 HOME',
    },
    hint,
  });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
