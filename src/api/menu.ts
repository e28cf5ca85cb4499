/** Custom menus (自定义菜单). */
import { PlatformError } from '../core/errors.ts';
import { own } from '../core/json-value.ts';
import { unwrapMenu } from '../core/menu.ts';
import type { Text } from '../core/text.ts';
import { unexpectedAnswer } from './answer.ts';
import type { Client } from './client.ts';

const MENU_NOT_FOUND = 46003;
const CONDITIONAL_NOT_FOUND = 65301;

const checkWithPull = {
  en: 'See what is published now: wechat-mp menu pull',
  zh: '查看当前已发布的菜单：wechat-mp menu pull',
};

/**
 * 创建接口: `POST /cgi-bin/menu/create`. Replaces the whole default menu, so repeating it is safe.
 * `body` is the platform's own shape; it is not checked here.
 * Quirk: success does not mean visible: a phone fetches the menu when a chat is opened and its copy is 5 minutes old.
 */
export async function createMenu(client: Client, body: object): Promise<void> {
  await client.call({ method: 'POST', path: '/cgi-bin/menu/create', body, idempotent: true });
}

/**
 * 查询接口: `GET /cgi-bin/menu/get`. The answer as it came (`menu`, perhaps `conditionalmenu`), or `undefined` where
 * there is no menu. Throws family `network`, type `unexpected_answer`, for a success without a menu.
 * Quirk: "no menu" is the error 46003. Quirk: it shows only menus made through the API, not those of the web console.
 */
export async function getMenu(client: Client): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const { fields } = await client.call({ method: 'GET', path: '/cgi-bin/menu/get', idempotent: true });
    if (Array.isArray(own(fields['menu'], 'button'))) return fields;
    // A menu that cannot be read must not pass for one that may be replaced.
    throw unexpectedAnswer(new URL(client.apiBase).host, {
      en: 'a "menu" with its "button" list',
      zh: '带“button”列表的“menu”',
    });
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
  await client.call({ method: 'GET', path: '/cgi-bin/menu/delete', idempotent: false, check: checkWithPull });
}

/**
 * 获取自定义菜单配置接口: `GET /cgi-bin/get_current_selfmenu_info`. The answer as it came (`is_menu_open`,
 * `selfmenu_info`): the menu that the account shows, also one that was made on the web console.
 * Throws family `network`, type `unexpected_answer`, for a success without a menu.
 */
export async function getCurrentMenu(client: Client): Promise<Readonly<Record<string, unknown>>> {
  const path = '/cgi-bin/get_current_selfmenu_info';
  const { fields } = await client.call({ method: 'GET', path, idempotent: true });
  // Quirk: an account without a menu answers `selfmenu_info` without buttons, or not at all.
  if (own(fields, 'selfmenu_info') !== undefined || own(fields, 'is_menu_open') !== undefined) return fields;
  throw unexpectedAnswer(new URL(client.apiBase).host, {
    en: '"selfmenu_info" and "is_menu_open"',
    zh: '“selfmenu_info”和“is_menu_open”',
  });
}

/**
 * 创建个性化菜单: `POST /cgi-bin/menu/addconditional`. Returns the menuid. Doing it twice makes two menus, so it is not
 * repeated when its outcome is unknown; `check` says how to find out.
 */
export async function addConditionalMenu(client: Client, body: object, check: Text): Promise<string> {
  const path = '/cgi-bin/menu/addconditional';
  const { fields } = await client.call({ method: 'POST', path, body, idempotent: false, check });
  const id = own(fields, 'menuid');
  if ((typeof id === 'string' && id !== '') || typeof id === 'number') return String(id);
  throw unexpectedAnswer(new URL(client.apiBase).host, { en: 'a "menuid"', zh: '“menuid”' });
}

/** 删除个性化菜单: `POST /cgi-bin/menu/delconditional`. A menu that is gone already (65301) is as good as deleted. */
export async function deleteConditionalMenu(client: Client, menuId: string): Promise<void> {
  const path = '/cgi-bin/menu/delconditional';
  try {
    await client.call({ method: 'POST', path, body: { menuid: menuId }, idempotent: true });
  } catch (error) {
    if (!(error instanceof PlatformError && error.errcode === CONDITIONAL_NOT_FOUND)) throw error;
  }
}

/**
 * 测试个性化菜单匹配结果: `POST /cgi-bin/menu/trymatch`. The menu that this follower sees, as the platform writes it;
 * `userId` is an OpenID or a WeChat id (微信号). Throws `PlatformError` 65302 for a stranger.
 */
export async function tryMatch(client: Client, userId: string): Promise<Readonly<Record<string, unknown>>> {
  const path = '/cgi-bin/menu/trymatch';
  const { fields } = await client.call({ method: 'POST', path, body: { user_id: userId }, idempotent: true });
  if (Array.isArray(own(unwrapMenu(fields), 'button'))) return fields;
  throw unexpectedAnswer(new URL(client.apiBase).host, { en: 'a "button" list', zh: '“button”列表' });
}
