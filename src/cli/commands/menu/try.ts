/** `menu try`: which menu one follower sees (测试个性化菜单匹配结果). */
import { getMenu, tryMatch } from '../../../api/menu.ts';
import {
  drawMenu,
  type LiveConditional,
  normaliseMenu,
  readConditional,
  sameMenu,
  unwrapMenu,
} from '../../../core/menu/index.ts';
import { sanitiseLine } from '../../../core/text/sanitise.ts';
import type { Text } from '../../../core/text/text.ts';
import { defineCommand } from '../../frame/command.ts';
import { openClient } from '../../settings/platform.ts';
import { describeRule } from './live/texts.ts';

export const command = defineCommand({
  arguments: [
    { name: '<user>', text: { en: 'OpenID or WeChat id of a follower', zh: '关注者的 OpenID 或微信号' } },
  ],
  settings: ['account', 'token'],
  examples: [
    {
      command: 'wechat-mp menu try oSIMxxxxxxxxxxxxxxxxxxxxxxxx',
      text: { en: 'By OpenID', zh: '按 OpenID' },
    },
    { command: 'wechat-mp menu try my-wechat-id --json', text: { en: 'By WeChat id', zh: '按微信号' } },
  ],
  output: {
    en: 'The rule that matched, and the menu as the phone shows it. Matches are the live menus with this content, the newest first; "menuid" is null for the default menu.\nJSON: {"user_id","button":[…],"matches":[{"menuid","matchrule"}]}',
    zh: '匹配到的规则，以及手机上显示的菜单。matches 为内容相同的线上菜单，最新的在前；默认菜单的 menuid 为 null。\nJSON：{"user_id","button":[…],"matches":[{"menuid","matchrule"}]}',
  },
  exitCodes: {
    4: {
      en: 'Nobody with this id follows the account (65302), or there is no menu',
      zh: '没有此 id 的关注者（65302），或没有菜单',
    },
  },
  effect: 'none',
  async run(context, { arguments: [user = ''] }) {
    const client = await openClient(context);
    const { shown, made } = await context.wait(
      { en: 'Asking WeChat', zh: '正在询问微信' },
      tryMatch(client, user).then(async (found) => ({ shown: found, made: await getMenu(client) })),
    );
    const menu = normaliseMenu(unwrapMenu(shown));
    const matches = readConditional(made)
      .filter((entry) => sameMenu(entry.menu, menu))
      .toReversed();
    const isDefault = made !== undefined && sameMenu(made, menu);
    const name = sanitiseLine(user);
    const sees = whichMenu(matches, isDefault);
    context.print(
      {
        user_id: user,
        button: menu.button,
        matches: [
          ...matches.map(({ menuId, rule }) => ({ menuid: menuId, matchrule: rule })),
          ...(isDefault ? [{ menuid: null, matchrule: null }] : []),
        ],
      },
      `${context.say({ en: `${name} sees ${sees.en}`, zh: `${name} 看到的是${sees.zh}` })}\n\n${drawMenu(menu)}`,
    );
  },
});

/** The answer holds no id, so the menu is known by its content; where several have the same, all are named. */
function whichMenu(matches: readonly LiveConditional[], isDefault: boolean): Text {
  const words: readonly Text[] = [
    ...matches.map(({ rule, menuId }): Text => {
      const { en, zh } = describeRule(rule);
      const id = sanitiseLine(menuId);
      return {
        en: `the conditional menu for ${en} (menuid ${id})`,
        zh: `个性化菜单：${zh}（menuid ${id}）`,
      };
    }),
    ...(isDefault ? [{ en: 'the default menu', zh: '默认菜单' }] : []),
  ];
  if (words.length === 0)
    return { en: 'a menu that menu/get does not list', zh: '一个 menu/get 中没有的菜单' };
  return { en: words.map(({ en }) => en).join(', or '), zh: words.map(({ zh }) => zh).join('，或') };
}
