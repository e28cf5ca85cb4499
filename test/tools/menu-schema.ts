/** `menus/menu.schema.json`, made of the tables that the rules of `menu lint` read. */
import { allFields, buttonFields, type ButtonField, type ButtonType } from '../../src/core/menu/menu.ts';
import {
  matchFields,
  maxKeyBytes,
  maxNameBytes,
  maxUrlBytes,
  miniProgramAppId,
  platformTypes,
  shownCharacters,
  subButtons,
  tagId,
  topButtons,
  urlStart,
} from '../../src/core/menu/limits.ts';

type Schema = Readonly<Record<string, unknown>>;

/** What the page of menu/create calls each type. */
const typeTitles: Readonly<Record<ButtonType, string>> = {
  click: '点击推事件',
  view: '跳转 URL',
  scancode_push: '扫码推事件',
  scancode_waitmsg: '扫码推事件且弹出“消息接收中”',
  pic_sysphoto: '弹出系统拍照发图',
  pic_photo_or_album: '弹出拍照或者相册发图',
  pic_weixin: '弹出微信相册发图器',
  location_select: '弹出地理位置选择器',
  media_id: '下发消息（除文本）',
  view_limited: '跳转图文消息 URL（已停用）',
  article_id: '下发已发布的图文',
  article_view_limited: '跳转已发布的图文',
  miniprogram: '打开小程序',
};

const fields: Readonly<Record<ButtonField, Schema>> = {
  key: {
    ...bytes(maxKeyBytes),
    description: `At most ${maxKeyBytes} bytes. 菜单 KEY 值，最多 ${maxKeyBytes} 字节`,
  },
  url: {
    type: 'string',
    maxLength: maxUrlBytes,
    pattern: urlStart.source,
    description: `At most ${maxUrlBytes} bytes; http or https. 网页链接，最多 ${maxUrlBytes} 字节`,
  },
  media_id: text('Permanent material. 永久素材的 media_id'),
  article_id: text('Published article. 已发布图文的 article_id'),
  appid: {
    type: 'string',
    pattern: miniProgramAppId.source,
    description: 'AppID of the mini program, in small letters. 小程序的 AppID（小写）',
  },
  pagepath: text('Page of the mini program. 小程序页面路径'),
};

export function createMenuSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'WeChat Official Account menu (公众号自定义菜单)',
    description:
      'What "wechat-mp menu push" takes. Limits count UTF-8 bytes on the platform, which an editor cannot: "wechat-mp menu lint" does. 平台按 UTF-8 字节计数，编辑器无法精确检查，请使用 wechat-mp menu lint。',
    type: 'object',
    required: ['button'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      button: reference('buttons'),
      conditional: {
        type: 'array',
        items: reference('conditionalMenu'),
        description: 'Menus for some people only; the last one that matches wins. 个性化菜单，后面的优先匹配',
      },
    },
    definitions: {
      buttons: {
        type: 'array',
        minItems: topButtons.min,
        maxItems: topButtons.max,
        description: `${topButtons.min} to ${topButtons.max} top-level buttons. 一级菜单，${topButtons.min} 至 ${topButtons.max} 个`,
        items: {
          if: { required: ['sub_button'], properties: { sub_button: { minItems: 1 } } },
          // oxlint-disable-next-line unicorn/no-thenable -- a word of JSON Schema
          then: reference('parent'),
          else: reference('topLeaf'),
        },
      },
      parent: parent(),
      topLeaf: leaf('topName'),
      subLeaf: leaf('subName'),
      topName: name('top', '一级菜单标题'),
      subName: name('second', '二级菜单标题'),
      ...fields,
      empty: { type: 'array', maxItems: 0 },
      conditionalMenu: {
        type: 'object',
        required: ['button', 'matchrule'],
        additionalProperties: false,
        properties: { button: reference('buttons'), matchrule: reference('matchrule') },
      },
      matchrule: matchRule(),
    },
  };
}

function parent(): Schema {
  return {
    type: 'object',
    required: ['name', 'sub_button'],
    additionalProperties: false,
    properties: {
      name: reference('topName'),
      sub_button: {
        type: 'array',
        minItems: subButtons.min,
        maxItems: subButtons.max,
        description: `${subButtons.min} to ${subButtons.max} buttons. 二级菜单，${subButtons.min} 至 ${subButtons.max} 个`,
        items: reference('subLeaf'),
      },
    },
  };
}

/** The enum of types stands before the alternatives: an editor offers it, and names it when a type is wrong. */
function leaf(nameDefinition: string): Schema {
  const types = Object.keys(buttonFields) as readonly ButtonType[];
  return {
    type: 'object',
    required: ['type', 'name'],
    properties: { type: { enum: types, description: 'What a tap does. 按钮类型' } },
    oneOf: types.map((type) => alternative(type, nameDefinition)),
  };
}

function alternative(type: ButtonType, nameDefinition: string): Schema {
  const required: readonly ButtonField[] = buttonFields[type];
  const own = allFields.filter((field) => required.includes(field));
  return {
    type: 'object',
    title: type,
    description: typeTitles[type],
    additionalProperties: false,
    required: ['type', 'name', ...required],
    properties: {
      type: { const: type },
      name: reference(nameDefinition),
      ...Object.fromEntries(own.map((field) => [field, reference(field)])),
      sub_button: reference('empty'),
    },
  };
}

function name(level: 'top' | 'second', title: string): Schema {
  const [max, shown] = [maxNameBytes[level], shownCharacters[level]];
  return {
    ...bytes(max),
    description: `At most ${max} bytes, ${shown} Chinese characters are shown. ${title}，最多 ${max} 字节，显示 ${shown} 个汉字`,
  };
}

function matchRule(): Schema {
  const properties: Readonly<Record<(typeof matchFields)[number], Schema>> = {
    tag_id: { type: 'string', pattern: tagId.source, description: 'Id of a tag. 用户标签的 id' },
    client_platform_type: {
      enum: platformTypes,
      description: '1 iOS, 2 Android, 3 others. 1 iOS，2 Android，3 其他',
    },
  };
  return { type: 'object', minProperties: 1, additionalProperties: false, properties };
}

/**
 * As near as a schema comes to a number of bytes: no more characters than bytes, and no more characters of three bytes
 * than fit, which is what Chinese ones have.
 */
function bytes(max: number): Schema {
  const chinese = Math.floor(max / 3);
  return {
    type: 'string',
    minLength: 1,
    maxLength: max,
    pattern: `^(?:[\\u0000-\\u07ff]*[^\\u0000-\\u07ff]){0,${chinese}}[\\u0000-\\u07ff]*$`,
  };
}

function text(description: string): Schema {
  return { type: 'string', minLength: 1, description };
}

function reference(definition: string): Schema {
  return { $ref: `#/definitions/${definition}` };
}
