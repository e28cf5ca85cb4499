/** `profile remove`: forgets an account, its secrets, and its cached tokens and tickets. */
import { createFileStore } from '../../../api/token-store/file.ts';
import { defaultApiBase, parseApiBase } from '../../../core/account/index.ts';
import { createCredentialKey, credentialEndpoints } from '../../../core/token/index.ts';
import type { Context } from '../../context.ts';
import { defineCommand } from '../../frame/command.ts';
import { profileFileName, readSecrets, secretsKeyOf } from '../../settings/profile-file.ts';
import { changeProfile, unknownProfile } from '../../settings/profile-store.ts';

export const command = defineCommand({
  arguments: [
    { name: '<name>', text: { en: 'A saved profile', zh: '已保存的配置档案' }, values: ['<profile>'] },
  ],
  examples: [
    { command: 'wechat-mp profile remove shop', text: { en: 'Asks first', zh: '会先确认' } },
    { command: 'wechat-mp profile remove shop --yes', text: { en: 'Without a question', zh: '不提问' } },
  ],
  output: {
    en: 'One line that says what was removed.\nJSON: {"removed"}',
    zh: '一行，说明删除了什么。\nJSON：{"removed"}',
  },
  exitCodes: { 3: { en: 'There is no such profile', zh: '没有这个配置档案' } },
  effect: 'local',
  confirmation: { option: '--yes', when: { en: 'Always', zh: '每次' } },
  async run(context, { arguments: [name = ''] }) {
    const { profiles } = context.settings.profileFile;
    if (profiles[name] === undefined) throw unknownProfile(name, profiles, 'remove');
    await context.confirm(
      {
        en: `Remove profile "${name}" and its secrets?`,
        zh: `删除配置档案 "${name}" 及其密钥吗？`,
      },
      { dryRun: false },
    );
    // First: what is left where this fails is a profile that can be removed again.
    await forgetCredentials(context, name);
    await changeProfile(
      context.io,
      context.settings.configDirectory,
      {
        name,
        profile: undefined,
        check: (current) => {
          if (current.profiles[name] === undefined) throw unknownProfile(name, current.profiles, 'remove');
        },
      },
      (text) => context.warn(text),
    );
    context.print({ removed: name }, { en: `Removed profile "${name}"`, zh: `已删除配置档案 "${name}"` });
  },
});

/**
 * Removes what this machine holds for the account of a profile, unless another profile has the same account. The
 * platform still honours a token until its end; it is only no longer here.
 */
async function forgetCredentials(context: Context, name: string): Promise<void> {
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
