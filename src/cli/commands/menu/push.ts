/** `menu push`: makes a file the account's menu (自定义菜单创建接口). */
import { createMenu, getMenu } from '../../../api/menu.ts';
import type { Client } from '../../../api/client.ts';
import { WechatMpError } from '../../../core/errors.ts';
import { normaliseMenu, sameMenu, toMenuBody } from '../../../core/menu.ts';
import { defineCommand, flag, value } from '../../command.ts';
import type { Context } from '../../context.ts';
import { backUpMenu, bothBackups } from '../../menu-backup.ts';
import { readMenuFile } from '../../menu-file.ts';
import { openClient } from '../../platform.ts';
import { knownAppId } from '../../settings/account.ts';

export const command = defineCommand({
  arguments: [
    {
      name: '[file]',
      text: { en: 'menu.json by default, "-" for stdin', zh: '默认 menu.json，“-”表示 stdin' },
    },
  ],
  settings: ['account', 'token'],
  options: {
    dryRun: flag('--dry-run', { en: 'Say what would be done', zh: '只说明会做什么' }),
    backup: value('--backup <file>', { en: 'Save the live menu here', zh: '把线上菜单备份到此文件' }),
    noBackup: flag('--no-backup', { en: 'Save no backup', zh: '不备份' }),
    noVerify: flag('--no-verify', { en: 'Do not read the menu back', zh: '发布后不回读校验' }),
  },
  examples: [
    {
      command: 'wechat-mp menu push menu.json',
      text: { en: 'Asks before it changes anything', zh: '更改前会确认' },
    },
    { command: 'wechat-mp menu push menu.json --yes', text: { en: 'In CI', zh: '在 CI 中' } },
    { command: 'wechat-mp menu push menu.json --dry-run', text: { en: 'Check only', zh: '仅检查' } },
  ],
  output: {
    en: 'One line that says what was done.\nJSON: {"changed","dry_run","appid","buttons","backup","verified"}',
    zh: '一行，说明做了什么。\nJSON：{"changed","dry_run","appid","buttons","backup","verified"}',
  },
  exitCodes: {
    1: {
      en: 'The menu that was read back differs, or the question was answered with no',
      zh: '回读的菜单不一致，或确认时选择了否',
    },
    2: { en: 'The file cannot be read, or WeChat would refuse it', zh: '文件无法读取，或微信会拒绝该菜单' },
  },
  async run(context, { arguments: [file = 'menu.json'], options }) {
    if (options.noBackup && options.backup !== undefined) throw bothBackups();
    const body = await readMenuFile(context, file);
    const appId = await knownAppId(context.settings);
    const name = appId ?? context.say({ en: 'the account', zh: '该公众号' });
    const client = await openClient(context);
    const live = await context.wait({ en: 'Reading the live menu', zh: '正在读取线上菜单' }, getMenu(client));
    const buttons = countButtons(body);
    const result = {
      changed: false,
      dry_run: options.dryRun,
      appid: appId ?? null,
      buttons,
      backup: null,
      verified: false,
    };
    if (live !== undefined && sameMenu(live, body)) {
      const same = {
        en: `No change: ${name} already has this menu`,
        zh: `没有变化：${name} 已经是这个菜单`,
      };
      context.print(result, context.say(same));
      return 0;
    }
    if (options.dryRun) {
      const plan =
        live === undefined
          ? {
              en: `Would create the menu of ${name}: ${buttons} buttons`,
              zh: `将为 ${name} 创建菜单：${buttons} 个按钮`,
            }
          : {
              en: `Would replace the menu of ${name}: ${buttons} buttons`,
              zh: `将替换 ${name} 的菜单：${buttons} 个按钮`,
            };
      context.print({ ...result, changed: true }, context.say(plan));
      return 0;
    }
    await context.confirm(
      live === undefined
        ? { en: `Create the menu of ${name}?`, zh: `为 ${name} 创建菜单吗？` }
        : { en: `Replace the menu of ${name}?`, zh: `替换 ${name} 的菜单吗？` },
    );
    const backup =
      live === undefined || options.noBackup ? undefined : saveBackup(context, appId, live, options.backup);
    await context.wait({ en: 'Sending the menu', zh: '正在发送菜单' }, createMenu(client, body));
    if (!options.noVerify) await verify(context, client, body, backup);
    context.print(
      { ...result, changed: true, backup: backup ?? null, verified: !options.noVerify },
      context.say({
        en: `Pushed ${buttons} buttons to ${name}${options.noVerify ? '' : '; read back and equal'}`,
        zh: `已向 ${name} 发布 ${buttons} 个按钮${options.noVerify ? '' : '，回读一致'}`,
      }),
    );
    return 0;
  },
});

function saveBackup(
  context: Context,
  appId: string | undefined,
  live: unknown,
  path: string | undefined,
): string | undefined {
  const backup = backUpMenu(context, appId, toMenuBody(live), path);
  if (backup === undefined) {
    context.warn({ en: 'There is no place for a backup of the live menu', zh: '没有位置可以备份线上菜单' });
  } else {
    context.note({
      en: `Saved the live menu; to undo: wechat-mp menu push ${backup}`,
      zh: `已备份线上菜单；撤销方法：wechat-mp menu push ${backup}`,
    });
  }
  return backup;
}

async function verify(
  context: Context,
  client: Client,
  body: unknown,
  backup: string | undefined,
): Promise<void> {
  const live = await context.wait({ en: 'Reading the menu back', zh: '正在回读菜单' }, getMenu(client));
  if (live !== undefined && sameMenu(live, body)) return;
  throw new WechatMpError({
    family: 'negative',
    type: 'menu_differs',
    text: {
      en: 'WeChat took the menu, but what it answers now is different',
      zh: '微信已接受菜单，但回读结果不一致',
    },
    details: [{ en: 'Somebody may have changed it at the same time', zh: '可能有人同时修改了菜单' }],
    hint:
      backup === undefined
        ? { en: 'Look at it: wechat-mp menu pull', zh: '查看线上菜单：wechat-mp menu pull' }
        : {
            en: `Look at it with "wechat-mp menu pull"; the old menu is in ${backup}`,
            zh: `用 wechat-mp menu pull 查看；旧菜单在 ${backup}`,
          },
  });
}

/** Buttons that do something: those without buttons of their own. */
function countButtons(body: unknown): number {
  return normaliseMenu(body).button.reduce((sum, button) => sum + (button.sub_button?.length ?? 1), 0);
}
