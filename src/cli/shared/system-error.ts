/** Errors of the system under our files: trouble of this machine (exit 7), and no mistake of the tool. */
import { WechatMpError } from '../../core/errors.ts';
import { systemReason } from '../../core/text/system-reason.ts';

/** What a machine, a disk or an administrator may answer at any call. Others, as EBADF, only a mistake of ours brings. */
const troubles = new Set(
  (
    'EACCES EBUSY EDQUOT EFBIG EIO EISDIR ELOOP EMFILE ENAMETOOLONG ENFILE ' +
    'ENODEV ENOLCK ENOMEM ENOSPC ENOTDIR ENOTEMPTY ENXIO EPERM EROFS ESTALE'
  ).split(' '),
);

/** What a system error means for a file that was to be read; an error of ours stays as it is. */
export function unreadable(path: string, error: unknown): unknown {
  return trouble('read', path, error) ?? error;
}

/** The same for one that nobody has met where it came up: its own words say what was done, and to which file. */
export function systemTrouble(error: unknown): WechatMpError | undefined {
  const { syscall, path = '' } = error as NodeJS.ErrnoException;
  if (typeof syscall !== 'string') return undefined;
  return trouble(/^(?:read|scandir|stat|lstat|fstat)$/.test(syscall) ? 'read' : 'write', path, error);
}

function trouble(access: 'read' | 'write', path: string, error: unknown): WechatMpError | undefined {
  if (error instanceof WechatMpError || !(error instanceof Error)) return undefined;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (!troubles.has(code)) return undefined;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const [name, zhName] = path === '' ? ['a file', '文件'] : [`"${path}"`, ` "${path}"`];
  const denied = access === 'read' ? 'file_not_readable' : 'file_not_writable';
  const why = full ? { en: 'the disk is full', zh: '磁盘已满' } : systemReason(code);
  return new WechatMpError({
    family: 'local',
    type: full ? 'disk_full' : denied,
    text: {
      en: `Cannot ${access} ${name}: ${why.en}`,
      zh: `无法${access === 'read' ? '读取' : '写入'}${zhName}：${why.zh}`,
    },
    hint: full
      ? { en: 'Free some space, then run it again', zh: '请释放空间，然后重新运行' }
      : { en: 'Check the disk and the permissions', zh: '请检查磁盘与权限' },
    facts: { ...(path === '' ? {} : { file: path }), system_code: code },
    cause: error,
  });
}
