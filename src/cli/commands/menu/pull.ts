/** `menu pull`: fetches the menu that was made by API, as a file that `menu push` takes (自定义菜单查询接口). */
import { getMenu } from '../../../api/menu.ts';
import { WechatMpError } from '../../../core/errors.ts';
import { toMenuBody, normaliseMenu } from '../../../core/menu.ts';
import { defineCommand, flag, value } from '../../command.ts';
import { formatMenuFile } from '../../menu-backup.ts';
import { escapeControls, formatJson } from '../../output.ts';
import { checkOutput, isStdout, writeOutput } from '../../output-file.ts';
import { openClient } from '../../platform.ts';

export const command = defineCommand({
  settings: ['account', 'token'],
  options: {
    out: value('--out <file>', { en: 'Write here instead of stdout', zh: '写入文件而不是 stdout' }),
    force: flag('--force', { en: 'Replace a file with other content', zh: '覆盖内容不同的文件' }),
  },
  examples: [
    { command: 'wechat-mp menu pull --out menu.json', text: { en: 'Into a file', zh: '保存为文件' } },
    { command: 'wechat-mp menu pull', text: { en: 'On stdout', zh: '输出到 stdout' } },
  ],
  output: {
    en: 'The menu as JSON; with --out one line that names the file.\nJSON: the menu; with --out {"file","buttons"}',
    zh: '菜单 JSON；带 --out 时输出一行文件名。\nJSON：菜单本身；带 --out 时为 {"file","buttons"}',
  },
  exitCodes: { 1: { en: 'There is no menu', zh: '没有菜单' } },
  async run(context, { options }) {
    if (options.out !== undefined) checkOutput(context, options.out, { force: options.force });
    const client = await openClient(context);
    const live = await context.wait({ en: 'Reading the menu', zh: '正在读取菜单' }, getMenu(client));
    if (live === undefined) {
      throw new WechatMpError({
        family: 'negative',
        type: 'menu_not_found',
        text: { en: 'The account has no menu that was made by API', zh: '该公众号没有通过接口创建的菜单' },
        hint: {
          en: 'Make one: wechat-mp menu push menu.json',
          zh: '创建菜单：wechat-mp menu push menu.json',
        },
        facts: { errcode: 46003 },
      });
    }
    // What is pushed is what is written: the `sub_button: []` that the platform adds to every button goes.
    const menu = normaliseMenu(toMenuBody(live));
    if (options.out === undefined || isStdout(options.out)) {
      context.io.terminal.writeStdout(
        context.options.json ? `${formatJson(menu)}\n` : escapeControls(formatMenuFile(menu)),
      );
      return;
    }
    writeOutput(context, options.out, formatMenuFile(menu), { force: options.force });
    context.print({ file: options.out, buttons: menu.button.length }, options.out);
  },
});
