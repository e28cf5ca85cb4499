/** What the commands say that read and change a live menu. */
import { localError, negativeError, usageError, WechatMpError } from '../../../../core/errors.ts';
import type { LiveConditional, LiveMenu, MatchRule } from '../../../../core/menu/index.ts';
import { sanitiseLine } from '../../../../core/text/sanitise.ts';
import type { Text } from '../../../../core/text/text.ts';
import { countButtons, type MenuPlan } from './plan.ts';
import type { Step, StepName, StepStatus } from './steps.ts';

export function stillThere(): WechatMpError {
  return new WechatMpError({
    family: 'negative',
    type: 'menu_differs',
    text: {
      en: 'WeChat says that it is deleted, but what it answers now still has it',
      zh: '微信已确认删除，但回读时仍然存在',
    },
    details: [{ en: 'Somebody may have pushed it at the same time', zh: '可能有人同时发布了菜单' }],
    hint: { en: 'Look at it: wechat-mp menu pull', zh: '查看线上菜单：wechat-mp menu pull' },
  });
}

export function describeOne({ menuId, rule, menu }: LiveConditional): Text {
  const { en, zh } = describeRule(rule);
  const names = menu.button.map((button) => sanitiseLine(button.name ?? '')).join(', ');
  return {
    en: `the conditional menu ${sanitiseLine(menuId)} for ${en}: ${names}`,
    zh: `个性化菜单 ${sanitiseLine(menuId)}（${zh}）：${names}`,
  };
}

export function allOf({ menu, conditional }: LiveMenu): Text {
  const names = menu.button.map((button) => sanitiseLine(button.name ?? '')).join(', ');
  if (conditional.length === 0) return { en: names, zh: names };
  return {
    en: `${names}, and ${count(conditional.length, 'conditional menu')}`,
    zh: `${names}，以及 ${conditional.length} 个个性化菜单`,
  };
}

export function otherAccount(given: string, appId: string): WechatMpError {
  return usageError('confirm_mismatch', {
    en: `Flag --confirm says ${given}, but the account in force is ${appId}; nothing was deleted`,
    zh: `--confirm 是 ${given}，而当前公众号是 ${appId}；未删除任何内容`,
  });
}

export function confirmMissing(appId: string): WechatMpError {
  return usageError(
    'confirmation_missing',
    { en: 'Deleting a menu needs a confirmation', zh: '删除菜单需要确认' },
    {
      en: `Add --confirm ${appId}, or --dry-run to see what would go`,
      zh: `加上 --confirm ${appId}；或用 --dry-run 查看会删除什么`,
    },
  );
}

export function noMenu({ origin }: LiveMenu): WechatMpError {
  const isOnConsole = origin === 'console';
  return negativeError(
    'menu_not_found',
    { en: 'The account has no menu that was made by API', zh: '该公众号没有通过接口创建的菜单' },
    isOnConsole
      ? {
          en: 'It has one of the web console: wechat-mp menu pull --source live',
          zh: '有在网页上设置的菜单：wechat-mp menu pull --source live',
        }
      : { en: 'Make one: wechat-mp menu push menu.json', zh: '创建菜单：wechat-mp menu push menu.json' },
    { errcode: 46003, on_web_console: isOnConsole },
  );
}

export const material: Text = {
  en: 'use "media_id" with a permanent material; the id of this answer ends after 3 days',
  zh: '可改用“media_id”和永久素材；此处返回的 id 三天后失效',
};

export const other: Text = { en: 'menu/create has no such type', zh: 'menu/create 没有这种类型' };

export const substitutes: Readonly<Record<string, Text>> = {
  text: { en: 'use "click", and let your server answer', zh: '可改用“click”，由服务器回复' },
  img: material,
  photo: material,
  voice: material,
  video: material,
  news: { en: 'use "article_id" with a published article', zh: '可改用“article_id”和已发布的文章' },
};

export function unchanged({ conditional }: MenuPlan, name: Text): Text {
  const kept = conditional.filter(({ op }) => op === 'keep').length;
  if (kept === 0) {
    return {
      en: `No change: ${name.en} already has this menu`,
      zh: `没有变化：${name.zh} 已经是这个菜单`,
    };
  }
  return {
    en: `No change: ${name.en} already has this menu; conditional menus that are live only: ${kept} (--prune deletes them)`,
    zh: `没有变化：${name.zh} 已经是这个菜单；另有 ${kept} 个仅线上有的个性化菜单（--prune 可删除）`,
  };
}

export function wouldDo(plan: MenuPlan, name: Text): Text {
  const what = target(plan, name);
  return { en: `Would ${lower(what.en)}`, zh: `将${what.zh}` };
}

export function question(plan: MenuPlan, name: Text): Text {
  const what = target(plan, name);
  return { en: `${what.en}?`, zh: `${what.zh}吗？` };
}

function target({ creates, live }: MenuPlan, name: Text): Text {
  if (!creates)
    return { en: `Change the conditional menus of ${name.en}`, zh: `更改 ${name.zh} 的个性化菜单` };
  if (live.origin === 'none') return { en: `Create the menu of ${name.en}`, zh: `为 ${name.zh} 创建菜单` };
  return { en: `Replace the menu of ${name.en}`, zh: `替换 ${name.zh} 的菜单` };
}

function lower(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

export function pushed(plan: MenuPlan, name: Text, verified: boolean): Text {
  const { wanted, creates } = plan;
  const buttons = countButtons(plan.menu);
  const parts: readonly Text[] = [
    ...(creates ? [{ en: count(buttons, 'button'), zh: ` ${buttons} 个按钮` }] : []),
    ...(wanted.length === 0
      ? []
      : [{ en: count(wanted.length, 'conditional menu'), zh: ` ${wanted.length} 个个性化菜单` }]),
  ];
  const what =
    parts.length === 0
      ? { en: 'the conditional menus', zh: '个性化菜单' }
      : { en: parts.map(({ en }) => en).join(' and '), zh: parts.map(({ zh }) => zh).join('和') };
  return {
    en: `Pushed ${what.en} to ${name.en}${verified ? '; read back and equal' : ''}`,
    zh: `已向 ${name.zh} 发布${what.zh}${verified ? '，回读一致' : ''}`,
  };
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** The AppID, or words for an account that only a token stands for. */
export function accountName(appId: string | undefined): Text {
  return appId === undefined ? { en: 'the account', zh: '该公众号' } : { en: appId, zh: appId };
}

export const notThere: Text = {
  en: 'Reading back does not show it; it may still arrive',
  zh: '回读未见生效；但仍可能稍后生效',
};

export const again: Text = {
  en: 'Running the same command again is safe: what is done already is not done twice',
  zh: '可以放心重新运行同一命令：已完成的步骤不会重复执行',
};

export const wait: Text = {
  en: 'Wait a moment before you run it again; it looks first, and what has arrived is not added twice',
  zh: '请稍候再重新运行；命令会先读取线上状态，已生效的不会重复添加',
};

export const marks: Readonly<Record<StepStatus, Text>> = {
  done: { en: '✓ done:    ', zh: '✓ 已完成：' },
  failed: { en: '✗ failed:  ', zh: '✗ 失败：  ' },
  unknown: { en: '? unknown: ', zh: '? 未知：  ' },
  not_done: { en: '– not done:', zh: '– 未执行：' },
};

export function titleOf({ step, rule = {}, menuId }: Step): Text {
  const words = describeRule(rule);
  const id = menuId === undefined ? '' : ` (menuid ${menuId})`;
  const titles: Readonly<Record<StepName, Text>> = {
    backup: { en: 'Saving what is live', zh: '备份线上菜单' },
    create: { en: 'Sending the menu', zh: '发送菜单' },
    add_conditional: {
      en: `Adding the conditional menu for ${words.en}`,
      zh: `添加个性化菜单：${words.zh}`,
    },
    delete_conditional: {
      en: `Deleting the conditional menu for ${words.en}${id}`,
      zh: `删除个性化菜单：${words.zh}${id}`,
    },
    delete: { en: 'Deleting the menu', zh: '删除菜单' },
    look: { en: 'Looking for the conditional menus', zh: '确认个性化菜单仍在' },
    verify: { en: 'Reading the menu back', zh: '回读校验' },
  };
  return titles[step];
}

/** What is deleted is gone, so this is asked for explicitly. */
export function noPlaceForBackup(): WechatMpError {
  return localError(
    'no_backup',
    {
      en: 'Cannot back up the menu that would be deleted; nothing was deleted',
      zh: '无法备份将要删除的菜单；未删除任何内容',
    },
    {
      en: 'Name a place with --backup <file>, or do without: --no-backup',
      zh: '用 --backup <文件> 指定位置，或用 --no-backup 放弃备份',
    },
  );
}

/** `tag 2, Android`. A field of the past is written as it is. */
export function describeRule(rule: MatchRule): Text {
  const parts = Object.entries(rule).map(([name, value]) => describeField(name, sanitiseLine(value)));
  return { en: parts.map(({ en }) => en).join(', '), zh: parts.map(({ zh }) => zh).join('，') };
}

function describeField(name: string, value: string): Text {
  if (name === 'tag_id') return { en: `tag ${value}`, zh: `标签 ${value}` };
  const platform = name === 'client_platform_type' ? platforms[value] : undefined;
  const plain = `${sanitiseLine(name)}=${value}`;
  return platform ?? { en: plain, zh: plain };
}

const platforms: Readonly<Record<string, Text>> = {
  1: { en: 'iOS', zh: 'iOS' },
  2: { en: 'Android', zh: 'Android' },
  3: { en: 'other systems', zh: '其他系统' },
};
