/** Writes profiles and secrets, under one lock. Loads conf, so only the commands that change a profile import it. */
import Conf from 'conf';
import { join } from 'node:path';
import { accountError, localError, WechatMpError } from '../../core/errors.ts';
import { systemReason } from '../../core/text/system-reason.ts';
import type { Text } from '../../core/text/text.ts';
import type { Files, Io } from '../../io/ports.ts';
import { didYouMean } from '../frame/suggest.ts';
import {
  isOurConfigFile,
  type Profile,
  type ProfileFile,
  readProfileFile,
  readSecrets,
  type Secrets,
  secretsFileName,
  secretsKey,
  secretsKeyOf,
} from './profile-file.ts';

/** How long another process may hold the lock before this one gives up, in milliseconds. */
const lockWaitMs = 30_000;

/** A file's new content; `undefined` removes it. */
interface Replacement {
  readonly path: string;
  readonly content: string | undefined;
}

/**
 * The preferences after a change, from conf. Writing is ours: conf's own replaces a good file by a truncated one when
 * the disk fills up, because it takes a short write for a whole one.
 */
function changePreferences(
  directory: string,
  change: (before: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): Replacement {
  const preferences = new Conf({
    cwd: directory,
    configName: 'config',
    accessPropertiesByDotNotation: false,
  });
  let content = '';
  const write = (value: unknown): void => {
    content = `${JSON.stringify(value, null, 2)}\n`;
  };
  Object.defineProperty(preferences, '_write', { value: write });
  preferences.store = change(preferences.store);
  return { path: preferences.path, content };
}

/** All or none: each is written whole beside its place first, so a full disk is found before anything has changed. */
function replaceFiles(files: Files, replacements: readonly Replacement[]): void {
  try {
    for (const { path, content } of replacements) {
      if (content !== undefined) files.write(besides(path), content);
    }
  } catch (error) {
    for (const { path } of replacements) removeQuietly(files, besides(path));
    throw error;
  }
  for (const { path, content } of replacements) {
    if (content === undefined) files.remove(path);
    else files.rename(besides(path), path);
  }
}

/** What led here is the error to tell. */
function removeQuietly(files: Files, path: string): void {
  try {
    files.remove(path);
  } catch {
    // The next change writes over it.
  }
}

function besides(path: string): string {
  return `${path}.next`;
}

export interface ProfileChange {
  readonly name: string;
  /** undefined removes the profile. */
  readonly profile: Profile | undefined;
  /** Secrets to keep for the profile's account at an API base or a relay; only those given are changed. */
  readonly secrets?: readonly {
    readonly address: string;
    readonly appId: string;
    readonly values: Secrets;
  }[];
  /** Called under the lock with what is there; throws to refuse. */
  readonly check?: (current: ProfileFile) => void;
}

/** Adds, replaces or removes a profile with its secrets. */
export async function changeProfile(
  io: Io,
  directory: string | undefined,
  change: ProfileChange,
  note: (text: Text) => void,
): Promise<void> {
  const place = requireDirectory(directory);
  await underLock(io, place, note, () => {
    const current = readProfileFile(io.files, place);
    const secrets = readSecrets(io.files, place);
    change.check?.(current);
    const profiles: Record<string, Profile> = { ...current.profiles };
    if (change.profile === undefined) delete profiles[change.name];
    else profiles[change.name] = change.profile;
    const chosen =
      change.profile === undefined && current.default === change.name
        ? undefined
        : (current.default ?? (change.profile && change.name));
    const saved = [
      secretsReplacement(place, nextSecrets(secrets, profiles, change)),
      // JSON has no place for `undefined`, so this removes the default where there is none any more.
      changePreferences(place, (before) => ({ ...before, profiles, default: chosen })),
    ];
    // A secret without its profile is only forgotten, so at no moment is there a profile without its secret.
    replaceFiles(io.files, change.profile === undefined ? saved.toReversed() : saved);
  });
}

export async function chooseProfile(
  io: Io,
  directory: string | undefined,
  name: string,
  note: (text: Text) => void,
): Promise<void> {
  const place = requireDirectory(directory);
  await underLock(io, place, note, () => {
    const { profiles } = readProfileFile(io.files, place);
    if (profiles[name] === undefined) throw unknownProfile(name, profiles, 'use');
    replaceFiles(io.files, [changePreferences(place, (before) => ({ ...before, default: name }))]);
  });
}

/** `verb` is the command that got the name, to be run again with the one that was meant. */
export function unknownProfile(
  name: string,
  profiles: Readonly<Record<string, Profile>>,
  verb: 'use' | 'remove',
): WechatMpError {
  return accountError(
    'profile_unknown',
    { en: `There is no profile "${name}"`, zh: `没有名为 "${name}" 的配置档案` },
    didYouMean(`wechat-mp profile ${verb}`, name, Object.keys(profiles)) ?? {
      en: 'Run: wechat-mp profile list',
      zh: '运行：wechat-mp profile list',
    },
  );
}

/** Adds the given secrets; drops those of accounts and API bases that no profile names any more. */
function nextSecrets(
  current: Readonly<Record<string, Secrets>>,
  profiles: Readonly<Record<string, Profile>>,
  change: ProfileChange,
): Readonly<Record<string, Secrets>> {
  const named = new Set(
    Object.values(profiles).flatMap((profile) => [
      secretsKeyOf(profile),
      secretsKey(profile.via ?? '', profile.appid ?? ''),
    ]),
  );
  const next = Object.fromEntries(Object.entries(current).filter(([key]) => named.has(key)));
  for (const { address, appId, values } of change.secrets ?? []) {
    const key = secretsKey(address, appId);
    if (Object.keys(values).length > 0) next[key] = { ...next[key], ...values };
  }
  return next;
}

function secretsReplacement(directory: string, secrets: Readonly<Record<string, Secrets>>): Replacement {
  const empty = Object.keys(secrets).length === 0;
  return {
    path: join(directory, secretsFileName),
    content: empty ? undefined : `${JSON.stringify(secrets, null, 2)}\n`,
  };
}

async function underLock(
  io: Io,
  directory: string,
  note: (text: Text) => void,
  work: () => void,
): Promise<void> {
  try {
    for (const repaired of io.files.makePrivate(directory, isOurConfigFile)) note(repaired);
    const locks = await io.locks();
    const path = join(directory, 'config.lock');
    const deadline = io.clock.monotonic() + lockWaitMs;
    for (;;) {
      const attempt = locks.tryLock(path);
      if (attempt.held) {
        try {
          work();
        } finally {
          attempt.unlock();
        }
        return;
      }
      if (io.clock.monotonic() > deadline) throw busy(attempt.holder.pid, directory);
      await io.clock.sleep(10 + (io.random.bytes(1)[0] ?? 0) / 8);
    }
  } catch (error) {
    throw error instanceof WechatMpError ? error : notWritable(directory, error as NodeJS.ErrnoException);
  }
}

function requireDirectory(directory: string | undefined): string {
  if (directory !== undefined) return directory;
  throw localError(
    'no_config_directory',
    {
      en: 'There is no place for profiles: HOME is not set',
      zh: '没有存放配置档案的位置：未设置 HOME',
    },
    { en: 'Set WECHAT_MP_CONFIG_DIR', zh: '请设置 WECHAT_MP_CONFIG_DIR' },
  );
}

function busy(pid: number | undefined, directory: string): WechatMpError {
  return new WechatMpError({
    family: 'local',
    type: 'lock_not_obtained',
    text: {
      en: `Another wechat-mp (process ${pid ?? '?'}) is changing the profiles in "${directory}"`,
      zh: `另一个 wechat-mp（进程 ${pid ?? '?'}）正在修改 "${directory}" 中的配置档案`,
    },
    hint: { en: 'Wait for it to end, then try again', zh: '请等它结束后重试' },
    retryable: true,
  });
}

function notWritable(directory: string, cause: NodeJS.ErrnoException): WechatMpError {
  if (cause.code === undefined) throw cause;
  const reason = systemReason(cause.code);
  return new WechatMpError({
    family: 'local',
    type: 'config_not_writable',
    text: {
      en: `Cannot write to "${directory}": ${reason.en}; what was there is untouched`,
      zh: `无法写入 "${directory}"：${reason.zh}；原有内容未改动`,
    },
    hint: {
      en: 'Free some space or correct the permissions, or set WECHAT_MP_CONFIG_DIR',
      zh: '请释放空间或修正权限，或设置 WECHAT_MP_CONFIG_DIR',
    },
    cause,
  });
}
