/** `menu diff`: what is live, compared with a file (自定义菜单查询接口). */
import { changesAnything } from '../../../core/menu/index.ts';
import { sanitiseLine } from '../../../core/text/sanitise.ts';
import type { Context } from '../../context.ts';
import { inputName } from '../../files/text-input.ts';
import { defineCommand, flag } from '../../frame/command.ts';
import { noPaint } from '../../frame/output.ts';
import { knownAppId } from '../../settings/account.ts';
import { openClient } from '../../settings/platform.ts';
import { appendStepSummary, stepSummaryFile } from '../../shared/github.ts';
import { menuArgument, readMenuFile } from './file.ts';
import { changeLines, conditionalLines, lineStyle, type LineStyle } from './live/diff-lines.ts';
import { fetchLive } from '../../shared/live-menu/live-state.ts';
import { changeObject, conditionalObjects, type MenuPlan, planMenu, webConsoleNote } from './live/plan.ts';
import { accountName } from './live/texts.ts';

export const command = defineCommand({
  arguments: [menuArgument],
  settings: ['account', 'token'],
  options: {
    summary: flag('--summary', {
      en: 'Also append Markdown to $GITHUB_STEP_SUMMARY',
      zh: '同时以 Markdown 追加到 $GITHUB_STEP_SUMMARY',
    }),
  },
  examples: [
    {
      command: 'wechat-mp menu diff menu.json',
      text: { en: 'What a push would change', zh: '发布会改变什么' },
    },
    {
      command: 'wechat-mp menu diff --json',
      text: { en: 'With remote_hash for --expect-remote', zh: '含 remote_hash，供 --expect-remote 使用' },
    },
    {
      command: 'wechat-mp menu diff menu.json --summary',
      text: { en: 'In a step of GitHub Actions', zh: '在 GitHub Actions 步骤中' },
    },
  ],
  output: {
    en: 'The way from the live menu to the file: + new, - gone, ~ changed, > moved. In JSON the changes are steps as of a JSON Patch, one after another; a move takes "from" to "path".\nJSON: {"ok","equal","remote_hash","changes":[{"op":"add|remove|change|move","path","from","to"}],"conditional":[{"op","path","menuid","matchrule","changes"}]}',
    zh: '从线上菜单到文件的变化：+ 新增，- 删除，~ 修改，> 移动。JSON 中的 changes 与 JSON Patch 一样依次执行；move 把“from”移到“path”。\nJSON：{"ok","equal","remote_hash","changes":[{"op":"add|remove|change|move","path","from","to"}],"conditional":[{"op","path","menuid","matchrule","changes"}]}',
  },
  exitCodes: { 0: { en: 'The same', zh: '一致' }, 1: { en: 'Different', zh: '不一致' } },
  effect: 'none',
  async run(context, { arguments: [file = 'menu.json'], options }) {
    if (options.summary) stepSummaryFile(context);
    const menuFile = await readMenuFile(context, file);
    const appId = await knownAppId(context.settings);
    const client = await openClient(context);
    const state = await context.wait(
      { en: 'Reading the live menu', zh: '正在读取线上菜单' },
      fetchLive(client),
    );
    // What is live only is a difference as well, whether or not a push would delete it.
    const plan = planMenu(menuFile, state, { prune: true });
    const isEqual = plan.changes.length === 0 && !changesAnything(plan.conditional);
    const name = { file: sanitiseLine(inputName(file)), account: context.say(accountName(appId)) };
    webConsoleNote(context, plan.live);
    if (options.summary) appendStepSummary(context, summaryOf(context, plan, name, isEqual));
    const result = {
      ok: isEqual,
      equal: isEqual,
      remote_hash: plan.hash,
      changes: plan.changes.map(changeObject),
      conditional: conditionalObjects(plan.conditional),
    };
    if (context.options.json) context.print(result, '');
    else if (isEqual) context.print(null, verdict(name, true));
    else {
      const lines = linesOf(await lineStyle(context, 'stdout'), plan);
      context.io.terminal.writeStdout(lines.map((line) => `${line}\n`).join(''));
      context.note(verdict(name, false));
    }
    return isEqual ? 0 : 1;
  },
});

interface Names {
  readonly file: string;
  readonly account: string;
}

function linesOf(style: LineStyle, plan: MenuPlan): readonly string[] {
  return [...changeLines(style, plan.changes), ...conditionalLines(style, plan.conditional)];
}

function verdict({ file, account }: Names, isEqual: boolean): { readonly en: string; readonly zh: string } {
  if (isEqual)
    return { en: `No difference between ${file} and ${account}`, zh: `${file} 与 ${account} 没有差异` };
  return { en: `${file} differs from what ${account} has`, zh: `${file} 与 ${account} 的线上菜单不一致` };
}

/** No line of a difference begins with the fence, so nothing in a name can end the block. */
function summaryOf(context: Context, plan: MenuPlan, name: Names, isEqual: boolean): string {
  const title = `### ${context.say(verdict({ ...name, file: `\`${name.file.replaceAll('`', '')}\`` }, isEqual))}`;
  if (isEqual) return title;
  const style = { language: context.language, paint: noPaint, columns: Number.POSITIVE_INFINITY };
  return [title, '', '```diff', ...linesOf(style, plan), '```'].join('\n');
}
