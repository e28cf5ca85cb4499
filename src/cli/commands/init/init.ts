/** `init`: the files of a project, and an account for it. What is there stays, so it can be run again at any time. */
import { basename } from 'node:path';
import type { Context } from '../../context.ts';
import { defineCommand, flag, type OptionValues } from '../../frame/command.ts';
import { columnsOf, formatTable } from '../../frame/fold.ts';
import { chooseAccount, type ProjectAccount } from './account.ts';
import { planFiles, type PlannedFile, writeFiles } from './files.ts';
import { actionTexts, nextSteps, tryNext } from './texts.ts';

const flags = {
  simulator: flag('--simulator', {
    en: 'For the simulator of this machine, without an account',
    zh: '使用本机的模拟器，不需要公众号',
  }),
  testAccount: flag('--test-account', {
    en: 'Open the page of the test account (测试号) first',
    zh: '先打开公众号测试号页面',
  }),
  agent: flag('--agent', {
    en: 'Add the guide for coding agents, and a line to AGENTS.md',
    zh: '添加编程智能体使用指南，并在 AGENTS.md 中加一行',
  }),
  force: flag('--force', { en: 'Replace files that are there', zh: '覆盖已有的文件' }),
  dryRun: flag('--dry-run', { en: 'Show what would be written', zh: '只显示将写入什么' }),
};

export type InitFlags = OptionValues<typeof flags>;

export const command = defineCommand({
  arguments: [
    {
      name: '[name]',
      text: {
        en: 'Profile of the account; else as the folder is called',
        zh: '配置档案名称，默认与文件夹同名',
      },
      values: ['<profile>'],
    },
  ],
  settings: ['account', 'token', 'callback'],
  options: flags,
  examples: [
    { command: 'wechat-mp init', text: { en: 'Ask for the account', zh: '逐项询问公众号信息' } },
    {
      command: 'wechat-mp init --simulator',
      text: { en: 'No account, no questions', zh: '不需要公众号，不提问' },
    },
    {
      command: 'wechat-mp init shop --appid wx1234567890abcdef --secret-file secret.txt',
      text: { en: 'Without questions', zh: '不提问' },
    },
    {
      command: 'wechat-mp init --agent --dry-run',
      text: { en: 'What it would write', zh: '查看将写入什么' },
    },
  ],
  output: {
    en: 'One line a file; three commands to try on stderr.\nJSON: {"profile","account":"add"|"keep"|"simulator","dry_run","files":[{"path","action":"create"|"replace"|"extend"|"keep"}],"next":[{"command","why"}]}',
    zh: '每个文件一行；stderr 上给出三条可以试的命令。\nJSON：{"profile","account":"add"|"keep"|"simulator","dry_run","files":[{"path","action":"create"|"replace"|"extend"|"keep"}],"next":[{"command","why"}]}',
  },
  exitCodes: {
    3: {
      en: 'The platform refused; with 40164 (IP whitelist) profile and files are kept',
      zh: '平台拒绝；遇到 40164（IP 白名单）时仍会保存配置档案和文件',
    },
  },
  effect: 'local',
  async run(context, { arguments: [name], options }) {
    const account = await chooseAccount(context, name, options);
    const files = await planFiles(context, account.profile, options);
    const unproved = options.dryRun ? undefined : await account.settle();
    if (!options.dryRun) await writeFiles(context, files);
    tellMismatch(context, account.profile, files);
    if (unproved === undefined) {
      print(context, account, files, options.dryRun);
      return;
    }
    const written = files.filter(({ action }) => action !== 'keep').map(({ path }) => path);
    if (written.length > 0) {
      context.note({ en: `Written: ${written.join(', ')}`, zh: `已写入：${written.join('、')}` });
    }
    throw unproved;
  },
});

function print(
  context: Context,
  { profile, kind }: ProjectAccount,
  files: readonly PlannedFile[],
  dryRun: boolean,
): void {
  const next = nextSteps[kind].map(({ command: line, why }) => ({ command: line, why: context.say(why) }));
  const rows = files.map(({ path, action }) => [
    path,
    context.say(actionTexts[dryRun ? 'planned' : 'done'][action]),
  ]);
  context.print(
    {
      profile,
      account: kind,
      dry_run: dryRun,
      files: files.map(({ path, action }) => ({ path, action })),
      next,
    },
    formatTable(rows, columnsOf(context)),
  );
  if (dryRun) return;
  context.note(tryNext);
  for (const { command: line, why } of next)
    context.note({ en: `  ${line}  # ${why}`, zh: `  ${line}  # ${why}` });
}

/** A project file that was there may name another profile, or none. */
function tellMismatch(context: Context, profile: string, files: readonly PlannedFile[]): void {
  const { project } = context.settings;
  const isKept = files.some(({ path, action }) => basename(path) === 'wechat-mp.json' && action === 'keep');
  if (project === undefined || !isKept || project.profile === profile) return;
  context.warn({
    en: `"${project.path}" was there and does not name this profile: write "profile": "${profile}" into it`,
    zh: `"${project.path}" 已存在，且未指定此配置档案：请在其中写入 "profile": "${profile}"`,
  });
}
