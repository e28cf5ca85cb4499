/** `profile use`: the default account of this machine. */
import { defineCommand } from '../../frame/command.ts';
import { chooseProfile } from '../../settings/profile-store.ts';

export const command = defineCommand({
  arguments: [
    { name: '<name>', text: { en: 'A saved profile', zh: '已保存的配置档案' }, values: ['<profile>'] },
  ],
  examples: [
    {
      command: 'wechat-mp profile use shop',
      text: { en: 'From now on without --profile', zh: '此后无需 --profile' },
    },
    { command: 'wechat-mp profile use shop --json', text: { en: 'For scripts', zh: '供脚本使用' } },
  ],
  output: {
    en: 'One line that says which profile is the default now.\nJSON: {"default"}',
    zh: '一行，说明现在的默认配置档案。\nJSON：{"default"}',
  },
  exitCodes: { 3: { en: 'There is no such profile', zh: '没有这个配置档案' } },
  effect: 'local',
  async run(context, { arguments: [name = ''] }) {
    await chooseProfile(context.io, context.settings.configDirectory, name, (text) => context.warn(text));
    const { profileName } = context.settings;
    if (profileName !== undefined && profileName.level !== 'profile' && profileName.value !== name) {
      context.warn({
        en: `Here "${profileName.value}" stays in force: ${profileName.name}`,
        zh: `此处仍使用 "${profileName.value}"：${profileName.name}`,
      });
    }
    context.print({ default: name }, { en: `Default profile: ${name}`, zh: `默认配置档案：${name}` });
  },
});
