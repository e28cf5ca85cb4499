/** `profile list`: the accounts this machine knows. */
import { defineCommand } from '../../frame/command.ts';
import { defaultApiBase } from '../../../core/account/index.ts';
import type { Profile, Secrets } from '../../settings/profile-file.ts';

export const command = defineCommand({
  examples: [
    {
      command: 'wechat-mp profile list',
      text: { en: 'All profiles, the default marked', zh: '全部配置档案，默认项有标记' },
    },
    { command: 'wechat-mp profile list --json', text: { en: 'For scripts', zh: '供脚本使用' } },
  ],
  output: {
    en: 'One line a profile: mark, name, AppID, API base or relay.\nJSON: [{"name","appid","api_base","via","default","secret"}]',
    zh: '每行一个：标记、名称、AppID、接口地址（或中继）。\nJSON：[{"name","appid","api_base","via","default","secret"}]',
  },
  effect: 'none',
  async run(context) {
    const { profileFile, storedSecrets } = context.settings;
    const { secretsKeyOf } = await import('../../settings/profile-file.ts');
    const rows = Object.entries(profileFile.profiles).map(([name, profile]) => {
      const apiBase = profile.apiBase ?? defaultApiBase;
      const stored = storedSecrets[secretsKeyOf(profile)];
      return {
        name,
        appid: profile.appid ?? null,
        api_base: apiBase,
        via: profile.via ?? null,
        default: profileFile.default === name,
        secret: secretOf(profile, stored),
      };
    });
    const width = Math.max(0, ...rows.map((row) => row.name.length));
    const lines = rows.map(
      (row) =>
        `${row.default ? '*' : ' '} ${row.name.padEnd(width)}  ${row.appid ?? '–'}  ${row.via ?? row.api_base}` +
        (row.secret === 'missing' ? `  (${context.say({ en: 'no AppSecret', zh: '无 AppSecret' })})` : ''),
    );
    if (rows.length === 0) {
      context.note({
        en: 'There is no profile yet. Run: wechat-mp profile add <name>',
        zh: '还没有配置档案。运行：wechat-mp profile add <名称>',
      });
    }
    context.print(rows, lines.join('\n'));
  },
});

/** Behind a relay there is none, and none is needed. */
function secretOf({ via }: Profile, stored: Secrets | undefined): 'missing' | 'file' | 'relay' {
  if (via !== undefined) return 'relay';
  return stored?.secret === undefined ? 'missing' : 'file';
}
