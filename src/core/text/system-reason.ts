/** What the system answers about a file, in words, with its code for whoever looks it up. */
import type { Text } from './text.ts';

const reasons: Readonly<Record<string, Text>> = {
  EACCES: { en: 'permission denied', zh: '没有权限' },
  EDQUOT: { en: 'the disk quota is used up', zh: '磁盘配额已用完' },
  EEXIST: { en: 'something else has that name', zh: '已有同名文件' },
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

export function systemReason(code: string): Text {
  const reason = reasons[code] ?? { en: 'the system refused', zh: '系统拒绝了操作' };
  return { en: `${reason.en} (${code})`, zh: `${reason.zh} (${code})` };
}
