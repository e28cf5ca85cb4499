/** What the rules of conditional menus（个性化菜单）say, and what to do about it. */
import { excerpt } from '../../text/sanitise.ts';
import type { Text } from '../../text/text.ts';
import { maxSites } from '../limits.ts';
import type { Said } from './problem.ts';

const useConditions: Text = {
  en: 'Use "tag_id" or "client_platform_type"',
  zh: '请使用“tag_id”或“client_platform_type”',
};

export const conditionalList: Said = {
  text: { en: '"conditional" must be a list of conditional menus', zh: '“conditional”应为个性化菜单的列表' },
};

export const withoutDefault: Said = {
  text: {
    en: 'Conditional menus need a default menu beside them',
    zh: '有个性化菜单时，必须同时有默认菜单',
  },
  hint: { en: 'Add "button" with the menu of everybody else', zh: '请添加“button”，即其他用户看到的菜单' },
};

/** A rule with no condition in it is left out: it could not be moved either. */
export function misplacedRule(rule: unknown): Said {
  const shown = rule === undefined ? '{"tag_id": "…"}' : excerpt(JSON.stringify(rule));
  const form = `{"button": […], "conditional": [{"button": […], "matchrule": ${shown}}]}`;
  return {
    text: {
      en: 'A "matchrule" here makes no conditional menu: everybody would get this one',
      zh: '写在这里的“matchrule”不会产生个性化菜单：所有用户的菜单都会被替换',
    },
    hint: {
      en: `${rule === undefined ? 'Remove it, or write' : 'Write'} ${form}; the first "button" is the menu of everybody else`,
      zh: `请${rule === undefined ? '删除，或' : ''}写作 ${form}；外层的“button”是其他用户的菜单`,
    },
  };
}

export const ruleEmpty: Said = {
  text: {
    en: 'A conditional menu must have a "matchrule" with at least one field',
    zh: '个性化菜单必须有“matchrule”，且至少填写一个字段',
  },
  hint: { en: 'Add "tag_id" or "client_platform_type"', zh: '请添加“tag_id”或“client_platform_type”' },
};

export const ruleRepeated: Said = {
  text: {
    en: 'An earlier menu has the same match rule and would never be shown',
    zh: '前面的个性化菜单有相同的 matchrule，将永远不会显示',
  },
};

export function fieldEmpty(name: string): Said {
  return {
    text: { en: `"${name}" is empty and is not sent`, zh: `“${name}”为空，不会发送` },
    hint: { en: 'Remove it', zh: '请删除' },
  };
}

export function fieldPrivate(name: string): Said {
  return {
    text: {
      en: `WeChat refuses "${name}" in match rules, since it concerns privacy`,
      zh: `“${name}”涉及隐私，微信不再接受`,
    },
    hint: useConditions,
  };
}

export function fieldPast(name: string): Said {
  return {
    text: {
      en: `WeChat no longer matches "${name}": nobody sees this menu, and it could not be made again`,
      zh: `微信不再匹配“${name}”：此菜单无人可见，也无法重新创建`,
    },
  };
}

export const groupId: Said = {
  text: { en: '"group_id" is the old name of "tag_id"', zh: '“group_id”是“tag_id”的旧名称' },
  hint: { en: 'Write "tag_id" and a text: "2"', zh: '请写作“tag_id”，值为文本，如“2”' },
};

export const wrongTag: Said = {
  text: {
    en: '"tag_id" must be the id of a tag, a text of digits such as "2"; nobody would see this menu',
    zh: '“tag_id”应为标签的 id，即数字组成的文本，如“2”；否则此菜单无人可见',
  },
};

export const wrongPlatform: Said = {
  text: {
    en: '"client_platform_type" must be "1" for iOS, "2" for Android or "3" for others; nobody would see this menu',
    zh: '“client_platform_type”只能是“1”（iOS）、“2”（Android）或“3”（其他）；否则此菜单无人可见',
  },
};

export function domainCount(count: number): Said {
  return {
    text: {
      en: `Conditional menus may link to ${maxSites} domains in all, got ${count}`,
      zh: `所有个性化菜单合计最多跳转到 ${maxSites} 个域名，实际为 ${count} 个`,
    },
  };
}
