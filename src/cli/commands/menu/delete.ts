/** `menu delete`: removes the menu and all conditional menus (自定义菜单删除接口). */
import { deleteMenu, getMenu } from '../../../api/menu.ts';
import { usageError, WechatMpError } from '../../../core/errors.ts';
import { sanitiseLine } from '../../../core/sanitise.ts';
import { normaliseMenu, toConditionalBodies, toMenuBody } from '../../../core/menu.ts';
import { defineCommand, flag, value } from '../../command.ts';
import type { Context } from '../../context.ts';
import { backUpMenu, bothBackups, noPlaceForBackup } from '../../menu-backup.ts';
import { openClient } from '../../platform.ts';
import { requireAppId } from '../../settings/account.ts';

export const command = defineCommand({
  settings: ['account', 'token'],
  options: {
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
  ],
  output: {
    en: 'One line that says what was deleted.\nJSON: {"deleted","dry_run","appid","buttons","conditional","backup"}',
    zh: '一行，说明删除了什么。\nJSON：{"deleted","dry_run","appid","buttons","conditional","backup"}',
  },
  async run(context, { options }) {
    if (options.noBackup && options.backup !== undefined) throw bothBackups();
    const appId = requireAppId(context.settings).value;
    if (options.confirm !== undefined && options.confirm !== appId)
      throw otherAccount(options.confirm, appId);
    if (options.confirm === undefined && !options.dryRun && !context.interactive) throw confirmMissing(appId);
    const client = await openClient(context);
    const live = await context.wait({ en: 'Reading the menu', zh: '正在读取菜单' }, getMenu(client));
    const buttons = live === undefined ? [] : normaliseMenu(live).button;
    const conditional = toConditionalBodies(live).length;
    const result = {
      deleted: false,
      dry_run: options.dryRun,
      appid: appId,
      buttons: buttons.length,
      conditional,
      backup: null,
    };
    if (live === undefined) {
      context.print(result, context.say({ en: `${appId} has no menu`, zh: `${appId} 没有菜单` }));
      return;
    }
    const names = buttons.map((button) => sanitiseLine(button.name ?? '')).join(', ');
    const goes = {
      en: `${names}${conditional > 0 ? `, and ${conditional} conditional menus` : ''}`,
      zh: `${names}${conditional > 0 ? `，以及 ${conditional} 个个性化菜单` : ''}`,
    };
    if (options.dryRun) {
      context.print(
        result,
        context.say({
          en: `Would delete the menu of ${appId}: ${goes.en}`,
          zh: `将删除 ${appId} 的菜单：${goes.zh}`,
        }),
      );
      return;
    }
    if (options.confirm === undefined) await askForAppId(context, appId, goes);
    const backup = options.noBackup
      ? undefined
      : backUpMenu(context, appId, toMenuBody(live), options.backup);
    if (backup === undefined && !options.noBackup) throw noPlaceForBackup();
    await context.wait({ en: 'Deleting the menu', zh: '正在删除菜单' }, deleteMenu(client));
    if (backup !== undefined) {
      context.note({
        en: `To undo: wechat-mp menu push ${backup}`,
        zh: `撤销方法：wechat-mp menu push ${backup}`,
      });
    }
    context.print(
      { ...result, deleted: true, backup: backup ?? null },
      context.say({
        en: `Deleted the menu of ${appId}: ${goes.en}`,
        zh: `已删除 ${appId} 的菜单：${goes.zh}`,
      }),
    );
  },
});

async function askForAppId(
  context: Context,
  appId: string,
  goes: { readonly en: string; readonly zh: string },
): Promise<void> {
  context.note({ en: `This deletes: ${goes.en}`, zh: `将删除：${goes.zh}` });
  const prompter = await context.io.terminal.ask();
  const answer = await prompter.text(
    context.say({ en: `Type ${appId} to delete its menu`, zh: `输入 ${appId} 以删除其菜单` }),
  );
  if (answer.trim() === appId) return;
  throw new WechatMpError({
    family: 'negative',
    type: 'declined',
    text: {
      en: 'Stopped: that is not the AppID; nothing was changed',
      zh: '已停止：输入的不是该 AppID，未做任何更改',
    },
  });
}

function otherAccount(given: string, appId: string): WechatMpError {
  return usageError('confirm_mismatch', {
    en: `Flag --confirm says ${given}, but the account in force is ${appId}; nothing was deleted`,
    zh: `--confirm 是 ${given}，而当前公众号是 ${appId}；未删除任何内容`,
  });
}

function confirmMissing(appId: string): WechatMpError {
  return usageError(
    'confirmation_missing',
    { en: 'Deleting a menu needs a confirmation', zh: '删除菜单需要确认' },
    {
      en: `Add --confirm ${appId}, or --dry-run to see what would go`,
      zh: `加上 --confirm ${appId}；或用 --dry-run 查看会删除什么`,
    },
  );
}
