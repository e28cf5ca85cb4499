/** Where the tool keeps its files. `undefined` where the machine offers no place; everything works without. */
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Profiles and secrets: `WECHAT_MP_CONFIG_DIR`, `XDG_CONFIG_HOME`, `%APPDATA%`, `~/.config`. */
export function configDirectory(environment: Environment, platform: string): string | undefined {
  return choose(environment, platform, 'WECHAT_MP_CONFIG_DIR', 'XDG_CONFIG_HOME', 'APPDATA', '.config');
}

/** Tokens and tickets, which may be lost at any time: `WECHAT_MP_CACHE_DIR`, `XDG_CACHE_HOME`, `%LOCALAPPDATA%`, `~/.cache`. */
export function cacheDirectory(environment: Environment, platform: string): string | undefined {
  return choose(environment, platform, 'WECHAT_MP_CACHE_DIR', 'XDG_CACHE_HOME', 'LOCALAPPDATA', '.cache');
}

/** Backups, which must not be lost: `WECHAT_MP_STATE_DIR`, `XDG_STATE_HOME`, `%LOCALAPPDATA%`, `~/.local/state`. */
export function stateDirectory(environment: Environment, platform: string): string | undefined {
  return choose(
    environment,
    platform,
    'WECHAT_MP_STATE_DIR',
    'XDG_STATE_HOME',
    'LOCALAPPDATA',
    '.local/state',
  );
}

function choose(
  environment: Environment,
  platform: string,
  own: string,
  xdg: string,
  windows: string,
  dotted: string,
): string | undefined {
  const explicit = environment[own];
  if (explicit) return explicit;
  const base = environment[xdg] || (platform === 'win32' ? environment[windows] : '');
  if (base) return join(base, 'wechat-mp');
  const home = environment['HOME'] || systemHome();
  return home === undefined ? undefined : join(home, dotted, 'wechat-mp');
}

function systemHome(): string | undefined {
  try {
    // oxlint-disable-next-line typescript/no-require-imports -- only where the environment names no home
    return (require('os') as typeof import('os')).homedir() || undefined;
  } catch {
    return undefined;
  }
}
