/** `menu push`: makes a file the account's menu, conditional menus included (自定义菜单创建接口, 个性化菜单接口). */
import { isPushable } from '../../../core/menu/index.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Context } from '../../context.ts';
import { defineCommand, flag, parsed, value } from '../../frame/command.ts';
import { excludes } from '../../frame/flag-errors.ts';
import { knownAppId } from '../../settings/account.ts';
import { openClient } from '../../settings/platform.ts';
import { menuArgument, readMenuFile } from './file.ts';
import { checkBackup } from '../../shared/live-menu/backup.ts';
import { changeLines, conditionalLines, lineStyle } from './live/diff-lines.ts';
import { fetchLive } from '../../shared/live-menu/live-state.ts';
import {
  changeObject,
  checkRemote,
  conditionalObjects,
  countButtons,
  type MenuPlan,
  noteSwitchedOff,
  parseHash,
  planMenu,
  webConsoleNote,
} from './live/plan.ts';
import { pushSteps } from './live/push-steps.ts';
import { reportStep, type StepReport, takeSteps } from './live/steps.ts';
import { accountName, pushed, question, unchanged, wouldDo } from './live/texts.ts';

export const command = defineCommand({
  arguments: [menuArgument],
  settings: ['account', 'token'],
  options: {
    dryRun: flag('--dry-run', { en: 'Show what would be done', zh: '只显示将会做什么' }),
    prune: flag('--prune', {
      en: 'Delete conditional menus that the file does not have',
      zh: '删除文件中没有的个性化菜单',
    }),
    expectRemote: parsed(
      '--expect-remote <hash>',
      {
        en: 'Stop unless what is live has the remote_hash that "menu diff" printed',
        zh: '线上菜单须与 menu diff 输出的 remote_hash 一致，否则停止',
      },
      parseHash,
    ),
    backup: value('--backup <file>', { en: 'Save the live menu here', zh: '把线上菜单备份到此文件' }),
    noBackup: flag('--no-backup', { en: 'Save no backup', zh: '不备份' }),
    noVerify: flag('--no-verify', { en: 'Do not read the menu back', zh: '发布后不回读校验' }),
  },
  examples: [
    {
      command: 'wechat-mp menu push menu.json',
      text: { en: 'Shows the difference; asks on a terminal', zh: '显示差异；在终端中会先确认' },
    },
    { command: 'wechat-mp menu push menu.json --dry-run', text: { en: 'Check only', zh: '仅检查' } },
    {
      command: 'wechat-mp menu push menu.json --prune --yes',
      text: { en: 'The file is all there is', zh: '线上只保留文件中的内容' },
    },
  ],
  output: {
    en: 'One line that says what was done; with --dry-run the difference before it. Conditional menus are added in the order of the file; the last that matches is shown.\nJSON: {"changed","dry_run","appid","buttons","remote_hash","remote_hash_after","changes":[…],"conditional":[…],"backup","verified","steps":[{"step","status"}]}; "remote_hash" is of what was live before, "remote_hash_after" of what was read back: pass that to the next --expect-remote.',
    zh: '一行，说明做了什么；带 --dry-run 时先输出差异。个性化菜单按文件顺序添加，匹配时以最后一个为准。\nJSON：{"changed","dry_run","appid","buttons","remote_hash","remote_hash_after","changes":[…],"conditional":[…],"backup","verified","steps":[{"step","status"}]}；"remote_hash" 对应发布前的线上菜单，"remote_hash_after" 对应发布后回读的菜单，可传给下一次的 --expect-remote。',
  },
  exitCodes: {
    1: {
      en: 'What was read back differs, the remote hash is another, or the question was answered with no',
      zh: '回读不一致、remote_hash 不符，或确认时选择了否',
    },
    2: { en: 'The file cannot be read, or WeChat would refuse it', zh: '文件无法读取，或微信会拒绝该菜单' },
  },
  effect: 'remote',
  confirmation: {
    option: '--yes',
    when: {
      en: 'Before a live menu is replaced, where somebody can be asked; elsewhere with --no-backup, --no-verify or --prune, and for a menu of the web console that cannot be restored',
      zh: '有人可问时，替换线上菜单之前；否则仅在带 --no-backup、--no-verify、--prune，或线上是无法恢复的网页菜单时',
    },
  },
  async run(context, { arguments: [file = 'menu.json'], options }) {
    if (options.noBackup && options.backup !== undefined) throw excludes('--backup', '--no-backup');
    if (!options.dryRun) await checkBackup(context, options.backup);
    const menuFile = await readMenuFile(context, file);
    const appId = await knownAppId(context.settings);
    const client = await openClient(context);
    const state = await context.wait(
      { en: 'Reading the live menu', zh: '正在读取线上菜单' },
      fetchLive(client),
    );
    checkRemote(state.hash, options.expectRemote);
    const plan = planMenu(menuFile, state, options);
    const name = accountName(appId);
    let backup: string | undefined;
    let after: string | undefined;
    const steps = pushSteps({
      context,
      client,
      plan,
      appId,
      file,
      prune: options.prune,
      backup: options.noBackup ? undefined : { path: options.backup },
      verify: !options.noVerify,
      onBackup: (path) => (backup = path),
      onVerified: (hash) => (after = hash),
    });
    const result = resultOf(plan, appId, options.dryRun);
    if (!plan.changed) {
      context.print(result, unchanged(plan, name));
      return 0;
    }
    webConsoleNote(context, plan.live);
    if (options.dryRun) {
      await show(context, plan, 'stdout');
      const planned = steps.map((step) => reportStep(step, 'not_done'));
      context.print({ ...result, steps: planned }, wouldDo(plan, name));
      return 0;
    }
    await show(context, plan, 'stderr');
    const asks = plan.live.origin !== 'none' && (context.interactive || !isUndoable(plan, options));
    const asked = asks && context.interactive && !context.options.yes;
    if (asks) await context.confirm(question(plan, name));
    // Between the reading and here somebody has thought about it, or the pipeline has promised what is live.
    if (asked || options.expectRemote !== undefined) checkRemote((await fetchLive(client)).hash, plan.hash);
    const done = await takeSteps(context, steps);
    noteSwitchedOff(context, plan.live);
    const verified = !options.noVerify;
    const read = defined({ remote_hash_after: after });
    context.print(
      { ...result, ...read, backup: backup ?? null, verified, steps: done },
      pushed(plan, name, verified),
    );
    return 0;
  },
});

/** Where nobody can be asked, as in CI, what can be taken back needs no leave; the line that takes it back is printed. */
function isUndoable(
  { live }: MenuPlan,
  { noBackup, noVerify, prune }: Readonly<Record<'noBackup' | 'noVerify' | 'prune', boolean>>,
): boolean {
  return !noBackup && !noVerify && !prune && (live.origin !== 'console' || isPushable(live.menu));
}

function resultOf(plan: MenuPlan, appId: string | undefined, dryRun: boolean) {
  return {
    changed: plan.changed,
    dry_run: dryRun,
    appid: appId ?? null,
    buttons: countButtons(plan.menu),
    remote_hash: plan.hash,
    ...defined({ remote_hash_after: plan.changed ? undefined : plan.hash }),
    changes: plan.changes.map(changeObject),
    conditional: conditionalObjects(plan.conditional),
    backup: null,
    verified: false,
    steps: [] as readonly StepReport[],
  };
}

/** The difference: data of a dry run, talk before a question. */
async function show(context: Context, plan: MenuPlan, stream: 'stdout' | 'stderr'): Promise<void> {
  const { json, quiet } = context.options;
  if (json || (quiet && stream === 'stderr')) return;
  const style = await lineStyle(context, stream);
  const lines = [...changeLines(style, plan.changes), ...conditionalLines(style, plan.conditional)];
  const text = lines.map((line) => `${line}\n`).join('');
  if (stream === 'stdout') context.io.terminal.writeStdout(text);
  else context.io.terminal.writeStderr(context.redactor.redact(text));
}
