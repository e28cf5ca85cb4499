/** Where the tool keeps its files. `undefined` where the machine offers no place; everything works without. */
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** For each kind: the user's own variable, that of XDG, that of Windows, the folder at home. */
const places = {
  /** Profiles and secrets. */
  config: ['WECHAT_MP_CONFIG_DIR', 'XDG_CONFIG_HOME', 'APPDATA', '.config'],
  /** Tokens and tickets, which may be lost at any time. */
  cache: ['WECHAT_MP_CACHE_DIR', 'XDG_CACHE_HOME', 'LOCALAPPDATA', '.cache'],
  /** Backups, which must not be lost. */
  state: ['WECHAT_MP_STATE_DIR', 'XDG_STATE_HOME', 'LOCALAPPDATA', '.local/state'],
} as const;

export function findDirectory(
  kind: keyof typeof places,
  environment: Environment,
  platform: string,
): string | undefined {
  const [own, xdg, windows, dotted] = places[kind];
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
