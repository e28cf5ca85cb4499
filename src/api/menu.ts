/** Custom menus (自定义菜单). */
import { PlatformError } from '../core/errors.ts';
import { own } from '../core/json-value.ts';
import { unexpectedAnswer } from './answer.ts';
import type { Client } from './client.ts';

const MENU_NOT_FOUND = 46003;

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
