/** `menu pull`: fetches what is live as a file that `menu push` takes (自定义菜单查询接口). */
import { WechatMpError } from '../../../core/errors.ts';
import {
  isButtonType,
  isPast,
  type LiveConditional,
  type NormalButton,
  normaliseMenu,
  type NormalMenu,
  toMenuFile,
} from '../../../core/menu/index.ts';
import { sanitiseLine } from '../../../core/text/sanitise.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import { checkOutput, isStdout, writeOutput } from '../../files/output-file.ts';
import { choice, defineCommand, flag, value } from '../../frame/command.ts';
import { excludes } from '../../frame/flag-errors.ts';
import { escapeControls, formatJson } from '../../frame/output.ts';
import { openClient } from '../../settings/platform.ts';
import { formatMenuFile, isOtherFile } from '../../shared/live-menu/backup.ts';
import { fetchLive } from '../../shared/live-menu/live-state.ts';

export const command = defineCommand({
  settings: ['account', 'token'],
  options: {
    out: value('--out <file>', { en: 'Write here instead of stdout', zh: '写入文件而不是 stdout' }),
    force: flag('--force', { en: 'Replace whatever file is there', zh: '无条件覆盖已有文件' }),
    source: choice(
      '--source <name>',
      {
        en: 'What was made by API (default), or what the phone shows',
        zh: 'api（默认）为接口创建的菜单，live 为手机上显示的菜单',
      },
      ['api', 'live'],
    ),
    format: choice(
      '--format <name>',
      { en: 'A menu file (default), or a drawing', zh: '菜单文件（默认）或图示' },
      ['json', 'tree'],
    ),
  },
  examples: [
    { command: 'wechat-mp menu pull --out menu.json', text: { en: 'Into a file', zh: '保存为文件' } },
    {
      command: 'wechat-mp menu pull --source live --out menu.json',
      text: { en: 'Also a menu of the web console', zh: '网页上设置的菜单也可取回' },
    },
    {
      command: 'wechat-mp menu pull --format tree',
      text: { en: 'As the phone shows it', zh: '画成手机上的样子' },
    },
  ],
  output: {
    en: 'The menu as JSON, with "conditional" where there are conditional menus; with --out one line that names the file. A file that somebody has written or changed stays, exit 2, unless it holds the same or --force is given.\nJSON: the menu; with --out {"file","buttons","conditional"}',
    zh: '菜单 JSON，有个性化菜单时含“conditional”；带 --out 时输出一行文件名。他人写入或改动过的文件不会被覆盖（退出码 2），除非内容相同或使用 --force。\nJSON：菜单本身；带 --out 时为 {"file","buttons","conditional"}',
  },
  exitCodes: {
    1: {
      en: 'There is no menu, or the menu has buttons that only the web console makes',
      zh: '没有菜单，或含有只能在网页上设置的按钮',
    },
  },
  effect: 'local',
  async run(context, { options }) {
    const { out, force, format = 'json' } = options;
    if (format === 'tree' && context.options.json) throw excludes('--json', '--format tree');
    if (out !== undefined)
      await checkOutput(context, out, { force, ...(format === 'json' && { differs: isOtherFile }) });
    const client = await openClient(context);
    const state = await context.wait({ en: 'Reading the menu', zh: '正在读取菜单' }, fetchLive(client));
    const fromPhone = options.source === 'live';
    const menu = fromPhone ? state.live.menu : normaliseMenu(state.made);
    if (menu.button.length === 0) throw (await import('./live/texts.ts')).noMenu(state.live);
    if (format === 'json') await refuseWebOnly(menu);
    const conditional = state.live.conditional.filter(({ rule }) => !isPast(rule));
    notePast(context, state.live.conditional.length - conditional.length);
    const file = toMenuFile(menu, conditional);
    const text = format === 'tree' ? await draw(context, menu, conditional) : formatMenuFile(file);
    if (out === undefined || isStdout(out)) {
      const safe = format === 'tree' ? text : escapeControls(text);
      context.io.terminal.writeStdout(context.options.json ? `${formatJson(file)}\n` : safe);
      return;
    }
    await writeOutput(context, out, text, { force });
    const { countButtons } = await import('./live/plan.ts');
    context.print({ file: out, buttons: countButtons(menu), conditional: conditional.length }, out);
  },
});

/** The default menu, then each conditional one below its rule, the oldest first. */
async function draw(
  context: Context,
  menu: NormalMenu,
  conditional: readonly LiveConditional[],
): Promise<string> {
  const { drawMenu } = await import('../../../core/menu/tree.ts');
  const { describeRule } = await import('./live/texts.ts');
  const rest = conditional.map((entry) => {
    const [rule, id] = [describeRule(entry.rule), sanitiseLine(entry.menuId)];
    const title = { en: `Conditional menu ${id}: ${rule.en}`, zh: `个性化菜单 ${id}：${rule.zh}` };
    return `${context.say(title)}\n${drawMenu(entry.menu)}`;
  });
  return `${[drawMenu(menu), ...rest].join('\n\n')}\n`;
}

/** They match nobody and could not be pushed; a push leaves them where they are. */
function notePast(context: Context, count: number): void {
  if (count === 0) return;
  context.warn({
    en: `Left out conditional menus whose rules WeChat accepts no longer (65320) and nobody matches: ${count}`,
    zh: `略过 ${count} 个使用已停用规则（65320）的个性化菜单；它们不会匹配任何人`,
  });
}

/** Throws, exit code 1, an error that names each such button. */
async function refuseWebOnly(menu: NormalMenu): Promise<void> {
  const found = leaves(menu.button, []).filter(({ button }) => !isButtonType(button.type ?? ''));
  if (found.length === 0) return;
  const { other, substitutes } = await import('./live/texts.ts');
  const describe = ({ button, trail }: Leaf): Text => {
    const type = sanitiseLine(button.type ?? '');
    const instead = substitutes[type] ?? other;
    const name = trail.join(' › ');
    return { en: `${name} (${type}): ${instead.en}`, zh: `${name}（${type}）：${instead.zh}` };
  };
  throw new WechatMpError({
    family: 'negative',
    type: 'menu_web_only',
    text: {
      en: `Cannot write this menu as a file: ${found.length === 1 ? 'one button' : `${found.length} buttons`} can only be made on the web console`,
      zh: `无法把此菜单写成文件：有 ${found.length} 个按钮只能在公众平台网页上设置`,
    },
    details: found.map(describe),
    hint: {
      en: 'Look at all of it with --format tree; keep it on the web console, or write a file with the types above',
      zh: '用 --format tree 查看全部内容；可继续在网页上维护，或按上面的类型编写菜单文件',
    },
    facts: { buttons: found.map(({ button, trail }) => ({ name: trail.at(-1), type: button.type ?? null })) },
  });
}

interface Leaf {
  readonly button: NormalButton;
  readonly trail: readonly string[];
}

function leaves(buttons: readonly NormalButton[], above: readonly string[]): readonly Leaf[] {
  return buttons.flatMap((button) => {
    const trail = [...above, sanitiseLine(button.name ?? '')];
    return button.sub_button === undefined ? [{ button, trail }] : leaves(button.sub_button, trail);
  });
}
