/** Custom menus (自定义菜单). */
import { PlatformError } from '../core/errors.ts';
import { own } from '../core/text/json-value.ts';
import { unwrapMenu } from '../core/menu/index.ts';
import type { Text } from '../core/text/text.ts';
import { errcodeZero, type Answer, type Proof } from './answer.ts';
import type { Client } from './client.ts';

const MENU_NOT_FOUND = 46003;
const CONDITIONAL_NOT_FOUND = 65301;

const checkWithPull = {
  en: 'See what is published now: wechat-mp menu pull',
  zh: '查看当前已发布的菜单：wechat-mp menu pull',
};

/** An answer's own fields, where there is a menu in them. A menu that cannot be read must not pass for none. */
function menuProof(wanted: Text, hasMenu: (fields: Answer['fields']) => boolean): Proof<Answer['fields']> {
  return { wanted, find: ({ fields }) => (hasMenu(fields) ? fields : undefined) };
}

const hasButtons = (menu: unknown): boolean => Array.isArray(own(menu, 'button'));

/**
 * 创建接口: `POST /cgi-bin/menu/create`. Replaces the whole default menu.
 * `body` is the platform's own shape; it is not checked here.
 * Quirk: success does not mean visible: a phone fetches the menu when a chat is opened and its copy is 5 minutes old.
 */
export async function createMenu(client: Client, body: object): Promise<void> {
  await client.call({
    effect: 'write',
    method: 'POST',
    path: '/cgi-bin/menu/create',
    body,
    proof: errcodeZero,
    check: checkWithPull,
  });
}

const madeMenu = menuProof(
  { en: 'a "menu" with its "button" list', zh: '带“button”列表的“menu”' },
  ({ menu }) => hasButtons(menu),
);

/**
 * 查询接口: `GET /cgi-bin/menu/get`. The answer as it came (`menu`, perhaps `conditionalmenu`), or `undefined` where
 * there is no menu. Throws family `network`, type `unexpected_answer`, for a success without a menu.
 * Quirk: "no menu" is the error 46003. Quirk: it shows only menus made through the API, not those of the web console.
 */
export async function getMenu(client: Client): Promise<Answer['fields'] | undefined> {
  try {
    return await client.call({ effect: 'read', method: 'GET', path: '/cgi-bin/menu/get', proof: madeMenu });
  } catch (error) {
    if (error instanceof PlatformError && error.errcode === MENU_NOT_FOUND) return undefined;
    throw error;
  }
}

/**
 * 删除接口: `GET /cgi-bin/menu/delete`. Removes the default menu and all conditional ones.
 * Quirk: it changes state although it is a GET.
 */
export async function deleteMenu(client: Client): Promise<void> {
  await client.call({
    effect: 'write',
    method: 'GET',
    path: '/cgi-bin/menu/delete',
    proof: errcodeZero,
    check: checkWithPull,
  });
}

/** Quirk: an account without a menu answers `selfmenu_info` without buttons, or not at all. */
const currentMenu = menuProof(
  { en: '"selfmenu_info" and "is_menu_open"', zh: '“selfmenu_info”和“is_menu_open”' },
  (fields) => own(fields, 'selfmenu_info') !== undefined || own(fields, 'is_menu_open') !== undefined,
);

/**
 * 获取自定义菜单配置接口: `GET /cgi-bin/get_current_selfmenu_info`. The answer as it came (`is_menu_open`,
 * `selfmenu_info`): the menu that the account shows, also one that was made on the web console.
 * Throws family `network`, type `unexpected_answer`, for a success without a menu.
 */
export async function getCurrentMenu(client: Client): Promise<Answer['fields']> {
  const path = '/cgi-bin/get_current_selfmenu_info';
  return await client.call({ effect: 'read', method: 'GET', path, proof: currentMenu });
}

/** Quirk: an addition is confirmed by its id, not by `errcode` 0. */
const menuId: Proof<string> = {
  wanted: { en: 'a "menuid"', zh: '“menuid”' },
  find: ({ fields }) => {
    const id = own(fields, 'menuid');
    return (typeof id === 'string' && /^[\x21-\x7e]{1,64}$/.test(id)) || Number.isSafeInteger(id)
      ? String(id)
      : undefined;
  },
};

/**
 * 创建个性化菜单: `POST /cgi-bin/menu/addconditional`. Returns the menuid. Doing it twice makes two menus; `check` says
 * how to find out whether one was made.
 */
export async function addConditionalMenu(client: Client, body: object, check: Text): Promise<string> {
  const path = '/cgi-bin/menu/addconditional';
  return await client.call({ effect: 'write', method: 'POST', path, body, proof: menuId, check });
}

/** 删除个性化菜单: `POST /cgi-bin/menu/delconditional`. A menu that is gone already (65301) is as good as deleted. */
export async function deleteConditionalMenu(client: Client, menuid: string): Promise<void> {
  try {
    await client.call({
      effect: 'write',
      method: 'POST',
      path: '/cgi-bin/menu/delconditional',
      body: { menuid },
      proof: errcodeZero,
      check: checkWithPull,
    });
  } catch (error) {
    if (!(error instanceof PlatformError && error.errcode === CONDITIONAL_NOT_FOUND)) throw error;
  }
}

const matchedMenu = menuProof({ en: 'a "button" list', zh: '“button”列表' }, (fields) =>
  hasButtons(unwrapMenu(fields)),
);

/**
 * 测试个性化菜单匹配结果: `POST /cgi-bin/menu/trymatch`. The menu that this follower sees, as the platform writes it;
 * `userId` is an OpenID or a WeChat id (微信号). Throws `PlatformError` 65302 for a stranger.
 */
export async function tryMatch(client: Client, userId: string): Promise<Answer['fields']> {
  const path = '/cgi-bin/menu/trymatch';
  const body = { user_id: userId };
  return await client.call({ effect: 'read', method: 'POST', path, body, proof: matchedMenu });
}
