/** What the rules of a menu say, and what to do about it. */
import { excerpt } from '../../text/sanitise.ts';
import type { Text } from '../../text/text.ts';
import { subButtons, topButtons } from '../limits.ts';
import type { Said } from './problem.ts';

export * from './conditional-texts.ts';

const remove: Text = { en: 'Remove it', zh: '请删除' };

// The file

export const menuObject: Said = {
  text: { en: 'A menu must be an object: {"button":[…]}', zh: '菜单应为一个对象：{"button":[…]}' },
};

export function reservedKey(name: string): Said {
  return {
    text: {
      en: `The key "${name}" is reserved and never part of a menu`,
      zh: `“${name}”是保留名称，不能出现在菜单中`,
    },
    hint: remove,
  };
}

export function nesting(maxDepth: number): Said {
  return {
    text: { en: `A menu is nested at most ${maxDepth} levels deep`, zh: `菜单嵌套不能超过 ${maxDepth} 层` },
  };
}

export const escapedCharacter: Said = {
  text: {
    en: 'This text holds a character that WeChat does not take: a control character or half of a pair',
    zh: '文本中有微信不接受的字符：控制字符或不成对的代理字符',
  },
  hint: { en: 'Remove it, or type the text again', zh: '请删除该字符，或重新输入文本' },
};

export function unknownKey(owner: 'menu' | 'button' | 'matchrule', name: string): Said {
  const shown = excerpt(name, 60);
  const [en, zh] = {
    menu: ['A menu', '菜单'],
    button: ['A button', '按钮'],
    matchrule: ['A match rule', 'matchrule '],
  }[owner];
  return { text: { en: `${en} has no key "${shown}"`, zh: `${zh}没有“${shown}”这个键` } };
}

// The two levels

export const buttonList: Said = {
  text: {
    en: `"button" must be a list of ${topButtons.min} to ${topButtons.max} buttons`,
    zh: `“button”应为包含 ${topButtons.min} 至 ${topButtons.max} 个按钮的列表`,
  },
};

export function buttonCount(count: number): Said {
  const { min, max } = topButtons;
  return {
    text: {
      en: `Top-level buttons must be ${min} to ${max}, got ${count}`,
      zh: `一级菜单应为 ${min} 至 ${max} 个，实际为 ${count} 个`,
    },
    hint:
      count === 0
        ? {
            en: 'To remove the menu use: wechat-mp menu delete',
            zh: '要删除菜单请使用：wechat-mp menu delete',
          }
        : { en: 'Remove an entry of "button"', zh: '请删除“button”中的多余项' },
  };
}

export const buttonObject: Said = { text: { en: 'A button must be an object', zh: '按钮应为一个对象' } };

export const thirdLevel: Said = {
  text: { en: 'A menu has two levels; this would be the third', zh: '菜单最多两级；这里是第三级' },
  hint: { en: 'Move these buttons up', zh: '请把这些按钮移到上一级' },
};

export const subButtonList: Said = {
  text: { en: '"sub_button" must be a list', zh: '“sub_button”应为列表' },
};

export const liveSubButtonList: Said = {
  ...subButtonList,
  hint: {
    en: 'This is the shape of get_current_selfmenu_info; convert it: wechat-mp menu pull --source live',
    zh: '这是 get_current_selfmenu_info 的格式，请转换：wechat-mp menu pull --source live',
  },
};

export function subButtonCount(count: number): Said {
  const { min, max } = subButtons;
  return {
    text: {
      en: `Sub-buttons must be ${min} to ${max}, got ${count}`,
      zh: `二级菜单应为 ${min} 至 ${max} 个，实际为 ${count} 个`,
    },
    hint: { en: 'Change the entries of "sub_button"', zh: '请调整“sub_button”中的项' },
  };
}

// Names

export const nameMissing: Said = { text: { en: 'A button must have a name', zh: '按钮必须有名称（name）' } };

export const nameBlank: Said = {
  text: {
    en: 'The name has no visible character; the button would look empty',
    zh: '名称中没有可见字符，按钮会显示为空白',
  },
};

function nameOf(isTop: boolean): Text {
  return isTop ? { en: 'Top-level name', zh: '一级菜单名称' } : { en: 'Sub-button name', zh: '二级菜单名称' };
}

export function nameBytes(isTop: boolean, bytes: number, max: number): Said {
  const name = nameOf(isTop);
  return {
    text: {
      en: `${name.en} is ${bytes} bytes; WeChat allows ${max}`,
      zh: `${name.zh}为 ${bytes} 字节；微信最多允许 ${max} 字节`,
    },
    hint: { en: 'Shorten it; a Chinese character has 3 bytes', zh: '请缩短名称；一个汉字占 3 字节' },
  };
}

export function nameShown(isTop: boolean, characters: number, shown: string): Said {
  const name = nameOf(isTop);
  return {
    text: {
      en: `${name.en} is wider than ${characters} Chinese characters; the phone shows "${shown}"`,
      zh: `${name.zh}超过 ${characters} 个汉字的宽度；手机上显示为“${shown}”`,
    },
  };
}

// Types

export function typeMissing(isTop: boolean): Said {
  return {
    text: isTop
      ? {
          en: 'A button must have a type or sub-buttons',
          zh: '按钮必须有类型（type）或二级菜单（sub_button）',
        }
      : { en: 'A sub-button must have a type', zh: '二级菜单按钮必须有类型（type）' },
  };
}

export function typeWebOnly(type: string): Said {
  return {
    text: {
      en: `Only the web console makes buttons of type "${type}"`,
      zh: `“${type}”类型的按钮只能在公众平台网页上设置`,
    },
    hint: { en: 'Use media_id, article_id or view', zh: '请改用 media_id、article_id 或 view' },
  };
}

function typeUnheardOf(type: string): Text {
  return { en: `WeChat has no button type "${type}"`, zh: `微信没有“${type}”这种按钮类型` };
}

export function typeCase(type: string, meant: string): Said {
  return { text: typeUnheardOf(type), hint: write(meant) };
}

export function typeUnknown(type: string, known: readonly string[]): Said {
  return {
    text: typeUnheardOf(type),
    hint: { en: `Types are ${known.join(', ')}`, zh: `可用类型：${known.join('、')}` },
  };
}

export function typeBlank(meant: string): Said {
  return {
    text: {
      en: `The type "${meant}" has a blank or an invisible character about it`,
      zh: `类型“${meant}”前后有空白或不可见字符`,
    },
    hint: write(meant),
  };
}

function write(meant: string): Text {
  return { en: `Write "${meant}"`, zh: `请写作“${meant}”` };
}

export const typeBesideChildren: Said = {
  text: {
    en: 'WeChat ignores the type of a button that has sub-buttons',
    zh: '按钮有二级菜单时，微信会忽略它的类型（type）',
  },
  hint: { en: 'Remove "type" or "sub_button"', zh: '请删除“type”或“sub_button”' },
};

export const typeRetired: Said = {
  text: {
    en: 'Since drafts were introduced, "view_limited" no longer opens articles',
    zh: '自启用草稿箱后，“view_limited”不再能打开图文消息',
  },
  hint: {
    en: 'Use "article_view_limited" with "article_id"',
    zh: '请改用“article_view_limited”和“article_id”',
  },
};

// Texts and fields

export function numberForText(field: string, value: number): Said {
  return {
    text: { en: `"${field}" is a number; write "${value}"`, zh: `“${field}”是数字；请写作“${value}”` },
  };
}

export function invisibleCharacter(field: string, point: string): Said {
  return {
    text: {
      en: `"${field}" holds the invisible character ${point}`,
      zh: `“${field}”中有不可见字符 ${point}`,
    },
    hint: { en: 'Type the text again', zh: '请重新输入该文本' },
  };
}

export function blankAtEdge(field: string, edge: 'end' | 'start'): Said {
  return {
    text: {
      en: `"${field}" has a blank at the ${edge}`,
      zh: `“${field}”${edge === 'end' ? '末尾' : '开头'}有空格`,
    },
  };
}

export function fieldMissing(type: string, field: string): Said {
  return {
    text: {
      en: `A button of type "${type}" must have "${field}", a text that is not empty`,
      zh: `“${type}”类型的按钮必须有非空文本“${field}”`,
    },
  };
}

export function fieldBytes(field: string, bytes: number, max: number): Said {
  return {
    text: {
      en: `"${field}" is ${bytes} bytes; WeChat allows ${max}`,
      zh: `“${field}”为 ${bytes} 字节；微信最多允许 ${max} 字节`,
    },
  };
}

/** `type` is missing for a button that has sub-buttons. */
export function fieldUnused(field: string, type?: string): Said {
  return {
    text:
      type === undefined
        ? {
            en: `WeChat ignores "${field}" of a button that has sub-buttons`,
            zh: `按钮有二级菜单时，微信会忽略“${field}”`,
          }
        : {
            en: `WeChat ignores "${field}" of a button of type "${type}"`,
            zh: `按钮类型为“${type}”时，微信会忽略“${field}”`,
          },
  };
}

export function duplicate(field: string, value: string): Said {
  return {
    text: { en: `Two buttons have the ${field} "${value}"`, zh: `有两个按钮的 ${field} 都是“${value}”` },
  };
}

const appIdText: Text = {
  en: 'The AppID of a mini program is "wx" and 16 hex digits in small letters',
  zh: '小程序的 AppID 是“wx”加 16 位小写十六进制数字',
};

/** `meant` is what would be right, where the capitals alone are wrong. */
export function appIdForm(meant: string | undefined): Said {
  return meant === undefined ? { text: appIdText } : { text: appIdText, hint: write(meant) };
}

// URLs

export const urlScheme: Said = {
  text: {
    en: 'A URL must begin with "http://" or "https://" and a domain',
    zh: 'URL 应以“http://”或“https://”加域名开头',
  },
};

export const urlEntity: Said = {
  text: { en: 'The URL contains "&amp;" where "&" is meant', zh: 'URL 含有“&amp;”，应为“&”' },
  hint: write('&'),
};

export const urlBlank: Said = {
  text: { en: 'The URL contains a blank', zh: 'URL 中有空白字符' },
  hint: { en: 'Remove it, or write "%20"', zh: '请删除，或写作“%20”' },
};

export const urlHttp: Said = {
  text: {
    en: 'The URL begins with "http://", so the page opens unencrypted',
    zh: 'URL 以“http://”开头，页面不加密',
  },
  hint: { en: 'Use "https://" if the page has it', zh: '如果页面支持，请使用“https://”' },
};

export function urlPrivate(host: string): Said {
  const shown = excerpt(host, 60);
  return {
    text: {
      en: `"${shown}" is an address of a private network or of one machine; a phone cannot open it`,
      zh: `“${shown}”是内网或本机地址，手机无法打开`,
    },
    hint: { en: 'Use the public address of the page', zh: '请使用页面的公网地址' },
  };
}

export function authorizeLink({ en, zh }: Text): Said {
  // The text goes on behind a colon; the name of a parameter stays as it is.
  const clause = en.replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase());
  return { text: { en: `Link of web authorisation: ${clause}`, zh: `网页授权链接：${zh}` } };
}

export function authorizeAppId(appId: string, mine: string): Said {
  const shown = excerpt(appId, 40);
  return {
    text: {
      en: `The link asks for "${shown}", but the menu is for ${mine}`,
      zh: `链接中的 AppID 是“${shown}”，而菜单属于 ${mine}`,
    },
  };
}
