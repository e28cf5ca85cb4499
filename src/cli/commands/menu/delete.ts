/** `menu delete`: removes the menu with all conditional menus, or one of these (自定义菜单删除接口, 删除个性化菜单). */
import type { Client } from '../../../api/client.ts';
import { deleteConditionalMenu, deleteMenu } from '../../../api/menu.ts';
import { negativeError } from '../../../core/errors.ts';
import { type LiveConditional, type LiveMenu, readLiveMenu } from '../../../core/menu/index.ts';
import { sanitiseLine } from '../../../core/text/sanitise.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import { defineCommand, flag, value } from '../../frame/command.ts';
import { excludes } from '../../frame/flag-errors.ts';
import { findAppId, openClient } from '../../settings/platform.ts';
import { backUpMenu, checkBackup, noteUndo } from '../../shared/live-menu/backup.ts';
import { fetchLive } from '../../shared/live-menu/live-state.ts';
import { countButtons } from './live/plan.ts';
import { isConditionalGone, isMenuGone, makeSure, type Step, takeSteps } from './live/steps.ts';
import {
  allOf,
  confirmMissing,
  describeOne,
  noPlaceForBackup,
  otherAccount,
  stillThere,
} from './live/texts.ts';

export const command = defineCommand({
  settings: ['account', 'token'],
  options: {
    conditional: value('--conditional <menuid>', {
      en: 'Only this conditional menu',
      zh: '只删除这一个个性化菜单',
    }),
    confirm: value('--confirm <appid>', {
      en: 'The AppID, instead of typing it',
      zh: '直接给出 AppID，代替手工输入',
    }),
    dryRun: flag('--dry-run', { en: 'Say what would go', zh: '只说明会删除什么' }),
    backup: value('--backup <file>', { en: 'Save the menu here', zh: '把菜单备份到此文件' }),
    noBackup: flag('--no-backup', { en: 'Save no backup', zh: '不备份' }),
  },
  examples: [
    { command: 'wechat-mp menu delete', text: { en: 'Asks for the AppID', zh: '要求输入 AppID 确认' } },
    {
      command: 'wechat-mp menu delete --confirm wx1234567890abcdef',
      text: { en: 'In a script', zh: '在脚本中' },
    },
    {
      command: 'wechat-mp menu delete --conditional 208379533 --dry-run',
      text: { en: 'One conditional menu', zh: '只删一个个性化菜单' },
    },
  ],
  output: {
    en: 'One line that says what was deleted.\nJSON: {"deleted","dry_run","appid","menuid","buttons","conditional","backup"}',
    zh: '一行，说明删除了什么。\nJSON：{"deleted","dry_run","appid","menuid","buttons","conditional","backup"}',
  },
  exitCodes: {
    1: {
      en: 'There is no such conditional menu, the AppID was another, or it is still there when read back',
      zh: '没有该个性化菜单、AppID 不符，或回读时仍然存在',
    },
  },
  effect: 'remote',
  confirmation: { option: '--confirm', when: { en: 'Always: the AppID', zh: '每次：需给出 AppID' } },
  async run(context, { options }) {
    if (options.noBackup && options.backup !== undefined) throw excludes('--backup', '--no-backup');
    if (!options.dryRun) await checkBackup(context, options.backup);
    const appId = await findAppId(context);
    if (options.confirm !== undefined && options.confirm !== appId)
      throw otherAccount(options.confirm, appId);
    if (options.confirm === undefined && !options.dryRun && !context.interactive) throw confirmMissing(appId);
    const client = await openClient(context);
    const read = await context.wait({ en: 'Reading the menu', zh: '正在读取菜单' }, fetchLive(client));
    noteConsole(context, read.live);
    // The API deletes what the API has made, whatever else the account may show.
    const state = { ...read, live: readLiveMenu(read.made, undefined) };
    const one = options.conditional === undefined ? undefined : findOne(state.live, options.conditional);
    const goes = one === undefined ? allOf(state.live) : describeOne(one);
    const from: Text =
      one === undefined
        ? { en: `the menu of ${appId}`, zh: `删除 ${appId} 的菜单` }
        : { en: `from ${appId}`, zh: `从 ${appId} 删除` };
    const result = {
      deleted: false,
      dry_run: options.dryRun,
      appid: appId,
      menuid: one?.menuId ?? null,
      buttons: one === undefined ? countButtons(state.live.menu) : 0,
      conditional: one === undefined ? state.live.conditional.length : 1,
      backup: null,
    };
    if (state.made === undefined) {
      context.print(result, { en: `${appId} has no menu`, zh: `${appId} 没有菜单` });
      return;
    }
    if (options.dryRun) {
      context.print(result, { en: `Would delete ${from.en}: ${goes.en}`, zh: `将${from.zh}：${goes.zh}` });
      return;
    }
    if (options.confirm === undefined) await askForAppId(context, appId, goes);
    const backup = options.noBackup ? undefined : backUpMenu(context, appId, state, options.backup);
    if (backup === undefined && !options.noBackup) throw noPlaceForBackup();
    if (backup !== undefined) noteUndo(context, state, backup);
    await takeSteps(context, removalSteps(context, client, one));
    context.print(
      { ...result, deleted: true, backup: backup ?? null },
      { en: `Deleted ${from.en}: ${goes.en}`, zh: `已${from.zh}：${goes.zh}` },
    );
  },
});

/** Deletes, and reads back whether it is gone. */
function removalSteps(context: Context, client: Client, one: LiveConditional | undefined): readonly Step[] {
  const isMade = async (): Promise<boolean> =>
    await (one === undefined ? isMenuGone(client) : isConditionalGone(client, one.menuId));
  const make = async (): Promise<void> =>
    await (one === undefined ? deleteMenu(client) : deleteConditionalMenu(client, one.menuId));
  return [
    {
      ...(one === undefined
        ? { step: 'delete' }
        : { step: 'delete_conditional', rule: one.rule, menuId: one.menuId }),
      run: async () => await makeSure(context, { make, isMade, repeatable: false }),
    },
    {
      step: 'verify',
      run: async () => {
        if (!(await isMade())) throw stillThere();
      },
    },
  ];
}

function findOne({ conditional }: LiveMenu, menuId: string): LiveConditional {
  const found = conditional.find((entry) => entry.menuId === menuId);
  if (found !== undefined) return found;
  const ids = conditional.map((entry) => sanitiseLine(entry.menuId)).join(', ');
  throw negativeError(
    'conditional_not_found',
    {
      en: `There is no conditional menu ${menuId}${ids === '' ? '' : `, only ${ids}`}`,
      zh: `没有个性化菜单 ${menuId}${ids === '' ? '' : `，现有 ${ids}`}`,
    },
    {
      en: 'See all of them: wechat-mp menu pull --format tree',
      zh: '查看全部：wechat-mp menu pull --format tree',
    },
    { errcode: 65301 },
  );
}

/** The API does not reach it. */
function noteConsole(context: Context, { origin }: LiveMenu): void {
  if (origin !== 'console') return;
  context.warn({
    en: 'The menu that people see was made on the web console; remove it there: mp.weixin.qq.com',
    zh: '用户看到的菜单是在公众平台网页上设置的，请到 mp.weixin.qq.com 删除',
  });
}

async function askForAppId(context: Context, appId: string, goes: Text): Promise<void> {
  context.note({ en: `This deletes: ${goes.en}`, zh: `将删除：${goes.zh}` });
  const prompter = await context.io.terminal.ask();
  const answer = await prompter.text(
    context.say({ en: `Type ${appId} to delete it`, zh: `输入 ${appId} 以确认删除` }),
  );
  if (answer.trim() === appId) return;
  throw negativeError('declined', {
    en: 'Stopped: that is not the AppID; nothing was changed',
    zh: '已停止：输入的不是该 AppID，未做任何更改',
  });
}
