/** Cached tokens and tickets of an account that no profile names any more. */
import { createFileStore } from '../../api/token-store/file.ts';
import { createCredentialKey, credentialEndpoints } from '../../core/token/index.ts';
import { defaultApiBase, parseApiBase } from '../../core/account/index.ts';
import type { Context } from '../context.ts';
import { profileFileName, readSecrets, secretsKeyOf } from './profile-file.ts';

/**
 * Removes what this machine holds for the account of a profile, unless another profile has the same account. The
 * platform still honours a token until its end; it is only no longer here.
 */
export async function forgetCredentials(context: Context, name: string): Promise<void> {
  const { io, settings } = context;
  const { [name]: profile, ...others } = settings.profileFile.profiles;
  const { cacheDirectory: directory } = settings;
  if (profile?.appid === undefined || directory === undefined) return;
  const account = secretsKeyOf(profile);
  const secret = readSecrets(io.files, settings.configDirectory)[account]?.secret;
  if (secret === undefined || Object.values(others).some((other) => secretsKeyOf(other) === account)) return;
  const apiBase = parseApiBase(profile.apiBase ?? defaultApiBase, profileFileName);
  const store = createFileStore({
    files: io.files,
    locks: () => io.locks(),
    clock: io.clock,
    directory,
    note: (text) => context.warn(text),
  });
  for (const endpoint of credentialEndpoints)
    await store.clear(createCredentialKey({ apiBase, appId: profile.appid, endpoint, secret }));
}
