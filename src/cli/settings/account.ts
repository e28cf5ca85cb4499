/** AppID and AppSecret together: both from the same level, never mixed, and never against the project's pin. */
import type { Settings } from './settings.ts';
import type { Level, Sourced } from './sourced.ts';

export interface Account {
  readonly appId: Sourced<string>;
  readonly secret: Sourced<string>;
}

const levels: readonly Level[] = ['flag', 'environment', 'profile'];

/** What is said where something is missing is loaded when it is. */
async function trouble(): Promise<typeof import('./account-trouble.ts')> {
  return await import('./account-trouble.ts');
}

/** Throws an account error (exit 3) that names the next step. */
export async function resolveAccount(settings: Settings): Promise<Account> {
  if (settings.via !== undefined) throw (await trouble()).secretSetAside(settings.via);
  const appId = await requireAppId(settings);
  let secret: Sourced<string> | undefined;
  for (const level of levels) secret ??= await settings.secretAt(level);
  if (secret === undefined) throw (await trouble()).missingSecret(settings, appId);
  if (appId.level !== secret.level && (await settings.appIdAt(secret.level))?.value !== appId.value)
    throw (await trouble()).mixed(appId, secret);
  return { appId, secret };
}

/** The AppID in force, checked against the project's pin. */
export async function requireAppId(settings: Settings): Promise<Sourced<string>> {
  const appId = await settings.appId();
  if (appId === undefined) throw await (await trouble()).missingAccount(settings);
  const pin = await settings.appIdAt('project');
  if (pin !== undefined && pin.value !== appId.value) throw (await trouble()).pinnedElsewhere(appId, pin);
  return appId;
}

/** The AppID in force, or nothing where the token comes by hand, from a service or by a relay and nobody says whose it is. */
export async function knownAppId(settings: Settings): Promise<string | undefined> {
  const foreign = settings.via ?? settings.tokenUrl ?? (await settings.accessToken());
  if (foreign !== undefined && (await settings.appId()) === undefined) return undefined;
  return (await requireAppId(settings)).value;
}
