/** `skill install`: the guide where coding agents look for it. One that somebody has changed stays. */
import { dirname, join } from 'node:path';
import { unwritable, writeOutput } from '../../files/output-file.ts';
import { defineCommand, flag, value } from '../../frame/command.ts';
import { formatGuide, guideFolder, guideName } from '../../shared/agents/guide.ts';

export const command = defineCommand({
  options: {
    dir: value('--dir <folder>', {
      en: `Folder of skills, ${guideFolder} by default`,
      zh: `技能目录，默认 ${guideFolder}`,
    }),
    force: flag('--force', { en: 'Replace a guide that was changed', zh: '覆盖已被修改的指南' }),
  },
  examples: [
    { command: 'wechat-mp skill install', text: { en: `Into ${guideFolder}`, zh: `安装到 ${guideFolder}` } },
    {
      command: 'wechat-mp skill install --dir ~/.agents/skills',
      text: { en: 'For all projects of this user', zh: '供当前用户的所有项目使用' },
    },
  ],
  output: {
    en: 'The path of the file.\nJSON: {"file"}',
    zh: '文件路径。\nJSON：{"file"}',
  },
  effect: 'local',
  async run(context, { options }) {
    const file = join(options.dir ?? guideFolder, guideName);
    try {
      context.io.files.makeFolder(dirname(file));
    } catch (error) {
      throw unwritable(context.io.files, file, error);
    }
    await writeOutput(context, file, formatGuide(context.language), { force: options.force });
    context.print({ file }, file);
  },
});
