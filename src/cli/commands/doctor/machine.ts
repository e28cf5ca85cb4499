/** The rows about this machine: Node.js, the folders of the tool with their modes, locks. `--fix` repairs what is safe. */
import { basename, dirname, join } from 'node:path';
import {
  type Check,
  type Finding,
  type FoundLock,
  isStaleLock,
  judgeLocks,
  judgeNode,
  readLockOwner,
} from '../../../core/doctor/index.ts';
import { systemCode, WechatMpError } from '../../../core/errors.ts';
import { systemReason } from '../../../core/text/system-reason.ts';
import type { Text } from '../../../core/text/text.ts';
import { isOurConfigFile } from '../../settings/profile-file.ts';
import type { Settings } from '../../settings/settings.ts';
import { pass, type World } from './world.ts';

export const nodeCheck: Check<World> = {
  name: 'node',
  look: ({ context: { io } }) => judgeNode(io.nodeVersion, io.clock.now()),
};

interface Folder {
  readonly kind: 'config' | 'cache' | 'state';
  readonly variable: string;
  /** What goes on without it, and how. */
  readonly without: { readonly status: 'fail' | 'warn'; readonly text: Text };
  /** The files in it that only their owner may read: folders below it, and which files there are the tool's. */
  readonly secret: { readonly below: string; readonly isOurs?: (name: string) => boolean };
}

const folders: readonly Folder[] = [
  {
    kind: 'config',
    variable: 'WECHAT_MP_CONFIG_DIR',
    without: {
      status: 'warn',
      text: { en: 'no profile can be saved', zh: '无法保存配置档案' },
    },
    secret: { below: '', isOurs: isOurConfigFile },
  },
  {
    kind: 'cache',
    variable: 'WECHAT_MP_CACHE_DIR',
    without: {
      status: 'fail',
      text: { en: 'every command has to fetch a token of its own', zh: '每个命令都要重新获取 access_token' },
    },
    secret: { below: 'tokens' },
  },
  {
    kind: 'state',
    variable: 'WECHAT_MP_STATE_DIR',
    without: {
      status: 'warn',
      text: { en: 'no backup of a menu can be kept', zh: '无法保存菜单备份' },
    },
    secret: { below: 'menu-backups' },
  },
];

export const folderChecks: readonly Check<World>[] = folders.map((folder) => ({
  name: `${folder.kind}_folder`,
  look: (world: World) => lookAtFolder(world, folder),
}));

function lookAtFolder(world: World, folder: Folder): Finding {
  const { files } = world.context.io;
  const path = world.settings[`${folder.kind}Directory`];
  if (path === undefined) {
    const { en, zh } = folder.without.text;
    return {
      status: folder.without.status,
      text: {
        en: `There is no place for it, as HOME is not set: ${en}`,
        zh: `未设置 HOME，没有存放位置：${zh}`,
      },
      hint: ownFolder(folder),
    };
  }
  try {
    const isThere = files.stat(path) !== undefined;
    if (isThere) {
      const open = lookAtModes(world, folder, path);
      if (open !== undefined) return open;
    }
    tryToWrite(world, isThere ? path : nearestFolder(world, path));
    return isThere ? pass(path, path) : pass(`${path}, made when it is needed`, `${path}，需要时创建`);
  } catch (error) {
    return unusable(folder, path, error);
  }
}

function ownFolder({ variable }: Folder): Text {
  return {
    en: `Set ${variable} to a directory that this user may write to`,
    zh: `请把 ${variable} 设为当前用户可写的目录`,
  };
}

function unusable(folder: Folder, path: string, error: unknown): Finding {
  if (error instanceof WechatMpError) throw error;
  const code = systemCode(error);
  if (code === undefined) throw error;
  const [reason, { status, text }] = [systemReason(code), folder.without];
  return {
    status,
    text: {
      en: `Cannot write to "${path}": ${reason.en}; ${text.en}`,
      zh: `无法写入 "${path}"：${reason.zh}；${text.zh}`,
    },
    hint: ownFolder(folder),
  };
}

/** Throws the system's error. Nothing is left behind. */
function tryToWrite({ context: { io } }: World, folder: string): void {
  const file = join(folder, `.wechat-mp-doctor-${io.pid}`);
  io.files.write(file, '', 0o600, { sync: false });
  io.files.remove(file);
}

function nearestFolder({ context: { io } }: World, path: string): string {
  let folder = path;
  while (io.files.stat(folder) === undefined && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** What others may do with the folder or read in it; nothing where all is private. */
function lookAtModes(world: World, { secret }: Folder, path: string): Finding | undefined {
  const { files } = world.context.io;
  const inner = secret.below === '' ? path : join(path, secret.below);
  const found = [
    ...(replaceable(files.stat(path)?.mode ?? 0) ? [path] : []),
    ...(secret.below !== '' && isOpen(world, inner) ? [inner] : []),
    ...files
      .list(inner)
      .filter((name) => secret.isOurs?.(name) ?? true)
      .map((name) => join(inner, name))
      .filter((file) => isOpen(world, file)),
  ];
  const [first] = found;
  if (first === undefined) return undefined;
  if (!world.fix) return openToOthers(world, first);
  const repaired = [
    ...(found.includes(path)
      ? files.makePrivate(path, secret.below === '' ? secret.isOurs : () => false)
      : []),
    ...(found.some((each) => each !== path) ? files.makePrivate(inner, secret.isOurs) : []),
  ];
  const left = found.find((each) => isOpen(world, each));
  if (left !== undefined) return openToOthers(world, left);
  return pass(repaired.map(({ en }) => en).join('; '), repaired.map(({ zh }) => zh).join('；'));
}

/** Whether others may put something in the place of what is in a folder. A sticky one, as /tmp is, keeps them from it. */
function replaceable(mode: number): boolean {
  return (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
}

function isOpen({ context: { io } }: World, path: string): boolean {
  return ((io.files.stat(path)?.mode ?? 0) & 0o077) !== 0;
}

function openToOthers({ context: { io } }: World, path: string): Finding {
  const mode = ((io.files.stat(path)?.mode ?? 0) & 0o777).toString(8).padStart(4, '0');
  return {
    status: 'fail',
    text: {
      en: `Other users may read or replace "${path}" (mode ${mode})`,
      zh: `其他用户可以读取或替换 "${path}"（权限 ${mode}）`,
    },
    hint: {
      en: 'Run "wechat-mp doctor --fix", which takes the rights of others away',
      zh: '运行 wechat-mp doctor --fix，收回其他用户的权限',
    },
    next: [{ command: 'wechat-mp doctor --fix', why: { en: 'makes it private', zh: '设为私有' } }],
  };
}

export const locksCheck: Check<World> = {
  name: 'locks',
  async look(world) {
    const locks = findLocks(world, world.settings);
    const stale = locks.filter(isStaleLock);
    if (world.fix && stale.length > 0) await release(world, stale);
    const gone = stale.filter(({ path }) => world.context.io.files.stat(path) === undefined);
    return judgeLocks(locks, gone);
  },
};

function findLocks(
  { context: { io } }: World,
  { configDirectory, cacheDirectory }: Settings,
): readonly FoundLock[] {
  const places = [
    ...(configDirectory === undefined ? [] : [configDirectory]),
    ...(cacheDirectory === undefined ? [] : [join(cacheDirectory, 'tokens')]),
  ];
  return places.flatMap((folder) => {
    const names = quietly(() => io.files.list(folder)) ?? [];
    return names
      .filter((name) => name === 'config.lock' || /^[0-9a-f]{64}\.lock$/.test(name))
      .flatMap((name) => {
        const path = join(folder, basename(name));
        // It may be given back at this very moment.
        const [facts, bytes] = [quietly(() => io.files.stat(path)), quietly(() => io.files.read(path))];
        if (facts === undefined) return [];
        const ageMs = io.clock.now() - facts.mtimeMs;
        return [{ path, ageMs, holder: readLockOwner(bytes?.toString('utf8') ?? '') }];
      });
  });
}

/** Asking for a lock removes the one of a dead holder; what was got is given back. */
async function release({ context: { io } }: World, stale: readonly FoundLock[]): Promise<void> {
  const locks = await io.locks();
  for (const { path } of stale) {
    const attempt = quietly(() => locks.tryLock(path));
    if (attempt?.held === true) attempt.unlock();
  }
}

/** A folder that cannot be read has a row of its own. */
function quietly<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (systemCode(error) === undefined && !(error instanceof WechatMpError)) throw error;
    return undefined;
  }
}
