/** `profile add`: saves an account, after a token has proved it. */
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { defineCommand, flag } from '../../frame/command.ts';
import { profileFileName, secretsFileName } from '../../settings/profile-file.ts';
import { saveNewAccount } from '../../shared/new-account/new-account.ts';

export const command = defineCommand({
  arguments: [{ name: '<name>', text: { en: 'Letters, digits, "-" and "_"', zh: '字母、数字、“-”和“_”' } }],
  settings: ['account', 'token', 'callback'],
  options: { force: flag('--force', { en: 'Replace a profile of this name', zh: '覆盖同名的配置档案' }) },
  examples: [
    { command: 'wechat-mp profile add shop', text: { en: 'Ask for everything', zh: '逐项提问' } },
    {
      command: 'wechat-mp profile add shop --appid wx1234567890abcdef --secret-file secret.txt',
      text: { en: 'Without questions', zh: '不提问' },
    },
  ],
  output: {
    en: 'One line that says what was saved.\nJSON: {"profile","appid","api_base","verified"}',
    zh: '一行，说明保存了什么。\nJSON：{"profile","appid","api_base","verified"}',
  },
  exitCodes: {
    3: {
      en: 'The platform refused; with 40164 (IP whitelist) the profile is kept',
      zh: '平台拒绝；遇到 40164（IP 白名单）时仍会保存',
    },
  },
  effect: 'local',
  async run(context, { arguments: [name = ''], options }) {
    const { appId, apiBase, unproved } = await saveNewAccount(context, name, options.force);
    if (unproved !== undefined) throw unproved;
    context.print(
      { profile: name, appid: appId, api_base: apiBase, verified: true },
      { en: `Saved profile "${name}" for ${appId}`, zh: `已保存配置档案 "${name}"（${appId}）` },
    );
    if (context.interactive) tellWhatNow(context, name);
  },
});

/** Where it is, who may read it, whether it is in force, and what to try. */
function tellWhatNow(context: Context, name: string): void {
  const { configDirectory = '', profileFile } = context.settings.withProfile(name);
  const [place, secrets] = [join(configDirectory, profileFileName), join(configDirectory, secretsFileName)];
  context.note({
    en: `It is in ${place}, its secrets in ${secrets}, which only you can read (mode 0600)`,
    zh: `保存在 ${place}；密钥在 ${secrets}，仅本人可读（权限 0600）`,
  });
  const isDefault = profileFile.default === name;
  context.note(
    isDefault
      ? { en: 'It is the default: commands use it without --profile', zh: '它是默认配置档案，无需 --profile' }
      : {
          en: `Use it with --profile ${name}, or make it the default: wechat-mp profile use ${name}`,
          zh: `使用时加 --profile ${name}，或设为默认：wechat-mp profile use ${name}`,
        },
  );
  const choice = isDefault ? '' : ` --profile ${name}`;
  context.note({
    en: `Try next: wechat-mp menu pull${choice}`,
    zh: `接下来可以试试：wechat-mp menu pull${choice}`,
  });
}
