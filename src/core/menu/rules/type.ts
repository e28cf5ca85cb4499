import type { Level } from './level.ts';
import { withoutBlanks } from './texts.ts';
import { buttonFields, isButtonType } from '../menu.ts';
import { pointer } from './problem.ts';
import type { MenuProblem } from './problem.ts';
import { excerpt } from '../../text/sanitise.ts';

/** Types that only the web console can make; get_current_selfmenu_info answers them, with these fields of their own. */
const webTypes: readonly string[] = ['text', 'img', 'photo', 'video', 'voice', 'news'];
const webFields: readonly string[] = ['value', 'news_info'];

/** Whether a field belongs to a button of the web console; the type is reported, so its fields need not be. */
export function isWebField(type: unknown, field: string): boolean {
  return typeof type === 'string' && webTypes.includes(type) && webFields.includes(field);
}

export function noType(path: string, level: Level): MenuProblem {
  return {
    rule: 'type-missing',
    severity: 'error',
    path,
    ...level.type,
    text: level.isTop
      ? {
          en: 'A button must have a type or sub-buttons',
          zh: '按钮必须有类型（type）或二级菜单（sub_button）',
        }
      : { en: 'A sub-button must have a type', zh: '二级菜单按钮必须有类型（type）' },
  };
}

export function wrongType(given: string, path: string, level: Level): MenuProblem {
  const lower = given.toLowerCase();
  const type = excerpt(given, 60);
  const problem = { severity: 'error', path: pointer(path, 'type'), ...level.type } as const;
  if (webTypes.includes(given)) {
    return {
      ...problem,
      rule: 'type-web-only',
      text: {
        en: `Only the web console makes buttons of type "${type}"`,
        zh: `“${type}”类型的按钮只能在公众平台网页上设置`,
      },
      hint: { en: 'Use media_id, article_id or view', zh: '请改用 media_id、article_id 或 view' },
    };
  }
  const text = { en: `WeChat has no button type "${type}"`, zh: `微信没有“${type}”这种按钮类型` };
  if (isButtonType(lower)) {
    const hint = { en: `Write "${lower}"`, zh: `请写作“${lower}”` };
    return { ...problem, rule: 'type-case', text, hint };
  }
  const bare = withoutBlanks(given);
  if (isButtonType(bare)) {
    return {
      ...problem,
      rule: 'type-blank',
      text: {
        en: `The type "${bare}" has a blank or an invisible character about it`,
        zh: `类型“${bare}”前后有空白或不可见字符`,
      },
      hint: { en: `Write "${bare}"`, zh: `请写作“${bare}”` },
    };
  }
  const known = Object.keys(buttonFields);
  return {
    ...problem,
    rule: 'type-unknown',
    text,
    hint: { en: `Types are ${known.join(', ')}`, zh: `可用类型：${known.join('、')}` },
    choices: { given, known },
  };
}

export function typeBesideChildren(path: string): MenuProblem {
  return {
    rule: 'sub-button-beside-type',
    severity: 'warning',
    path: pointer(path, 'type'),
    at: 'key',
    text: {
      en: 'WeChat ignores the type of a button that has sub-buttons',
      zh: '按钮有二级菜单时，微信会忽略它的类型（type）',
    },
    hint: { en: 'Remove "type" or "sub_button"', zh: '请删除“type”或“sub_button”' },
  };
}

/** Quirk: since drafts were introduced there is no article material that view_limited could open. */
export function retiredType(path: string): MenuProblem {
  return {
    rule: 'type-retired',
    severity: 'warning',
    path: pointer(path, 'type'),
    text: {
      en: 'Since drafts were introduced, "view_limited" no longer opens articles',
      zh: '自启用草稿箱后，“view_limited”不再能打开图文消息',
    },
    hint: {
      en: 'Use "article_view_limited" with "article_id"',
      zh: '请改用“article_view_limited”和“article_id”',
    },
  };
}
