/** System errors of the token store, in words. */
import { WechatMpError } from '../../core/errors.ts';
import type { Text } from '../../core/text/text.ts';

const reasons: Readonly<Record<string, Text>> = {
  EACCES: { en: 'permission denied', zh: '没有权限' },
  EDQUOT: { en: 'the disk quota is used up', zh: '磁盘配额已用完' },
  EIO: { en: 'the disk reports an error', zh: '磁盘读写出错' },
  EISDIR: { en: 'it is a directory', zh: '它是一个目录' },
  EMFILE: { en: 'too many files are open', zh: '打开的文件过多' },
  ENFILE: { en: 'too many files are open', zh: '打开的文件过多' },
  ENOENT: { en: 'no such directory', zh: '目录不存在' },
  ENOSPC: { en: 'no space is left on the disk', zh: '磁盘空间不足' },
  ENOTDIR: { en: 'a part of the path is not a directory', zh: '路径中有一部分不是目录' },
  EPERM: { en: 'the system does not permit it', zh: '系统不允许' },
  EROFS: { en: 'the file system is read-only', zh: '文件系统是只读的' },
};

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
  const reason = reasons[code] ?? { en: 'the system refused', zh: '系统拒绝了操作' };
  const [en, zh] = access === 'read' ? ['read', '读取'] : ['write to', '写入'];
  return new WechatMpError({
    family: 'local',
    type: 'cache_unusable',
    text: {
      en: `Cannot ${en} the token cache "${path}": ${reason.en} (${code})`,
      zh: `无法${zh} access_token 缓存 "${path}"：${reason.zh} (${code})`,
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
