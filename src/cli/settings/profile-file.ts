/**
 * The two files of the configuration directory, as they are read. Writing is `profile-store.ts`, which loads conf;
 * reading does not, because it happens at every start and conf costs 24 ms.
 */
import { join } from 'node:path';
import { defaultApiBase, parseApiBase } from '../../core/account/index.ts';
import { localError, WechatMpError } from '../../core/errors.ts';
import { isObject } from '../../core/text/json-value.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';
import type { Files } from '../../io/ports.ts';

/** What a profile may hold besides its secrets. */
export interface Profile {
  readonly appid?: string;
  readonly tokenEndpoint?: 'stable' | 'classic';
  readonly apiBase?: string;
  readonly timeout?: string;
  readonly proxy?: string;
  readonly store?: string;
  readonly tokenUrl?: string;
  readonly via?: string;
  readonly lang?: string;
}

export interface ProfileFile {
  readonly default?: string;
  readonly profiles: Readonly<Record<string, Profile>>;
}

/** Secrets of one account at one API base, or at one relay. */
export interface Secrets {
  readonly secret?: string;
  readonly callbackToken?: string;
  readonly aesKey?: string;
  readonly viaKey?: string;
}

export const profileFileName = 'config.json';
export const secretsFileName = 'secrets.json';

/** The directory may be one that other programs use, too: `WECHAT_MP_CONFIG_DIR=.` must not touch a whole project. */
export function isOurConfigFile(name: string): boolean {
  return [profileFileName, secretsFileName, 'config.lock'].some((own) => name.startsWith(own));
}

/** Secrets are bound to the API base too, so that a changed base never receives a secret of another host. */
export function secretsKey(apiBase: string, appId: string): string {
  return `${apiBase} ${appId}`;
}

export function secretsKeyOf({ appid = '', apiBase = defaultApiBase }: Profile): string {
  try {
    return secretsKey(parseApiBase(apiBase, profileFileName), appid);
  } catch {
    // Written by hand and no address: nothing was ever stored for it.
    return secretsKey(apiBase, appid);
  }
}

export function readProfileFile(files: Files, directory: string | undefined): ProfileFile {
  const content = directory === undefined ? {} : readObject(files, join(directory, profileFileName));
  const profiles: Record<string, Profile> = Object.create(null) as Record<string, Profile>;
  const found = content['profiles'];
  for (const [name, profile] of Object.entries(isObject(found) ? found : {}))
    profiles[name] = strings(profile);
  const chosen = content['default'];
  return { profiles, ...(typeof chosen === 'string' ? { default: chosen } : {}) };
}

export function readSecrets(files: Files, directory: string | undefined): Readonly<Record<string, Secrets>> {
  const content = directory === undefined ? {} : readObject(files, join(directory, secretsFileName));
  const secrets: Record<string, Secrets> = Object.create(null) as Record<string, Secrets>;
  for (const [key, entry] of Object.entries(content)) secrets[key] = strings(entry);
  return secrets;
}

/** A JSON object from a file of ours. A broken one is never taken for an empty one: the next write would destroy it. */
function readObject(files: Files, path: string): Readonly<Record<string, unknown>> {
  let bytes: Buffer | undefined;
  try {
    bytes = files.read(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (cause instanceof WechatMpError) throw cause;
    // A path through a file (ENOTDIR), as in HOME=/dev/null, is a place without profiles.
    if (code === 'ENOTDIR') return {};
    throw new WechatMpError({
      family: 'local',
      type: 'config_unreadable',
      text: { en: `Cannot read "${path}": ${code}`, zh: `无法读取 "${path}"：${code}` },
      hint: { en: 'Check the permissions of the file', zh: '请检查文件权限' },
      cause,
    });
  }
  if (bytes === undefined) return {};
  try {
    const value: unknown = JSON.parse(decodeUtf8(bytes) ?? '');
    if (isObject(value)) return value;
  } catch {
    // Reported below; JSON.parse would quote the file, which may hold secrets.
  }
  throw localError(
    'config_broken',
    {
      en: `Cannot understand "${path}": it is not a JSON object`,
      zh: `无法解析 "${path}"：内容不是 JSON 对象`,
    },
    {
      en: 'Repair it, or move it away and run "wechat-mp profile add" again',
      zh: '请修复该文件，或将其移走后重新运行 wechat-mp profile add',
    },
  );
}

function strings(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(isObject(value) ? value : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}
