/** 自定义菜单 and 个性化菜单: making, reading and deleting menus, and which of them somebody sees. */
import { own } from '../../../core/text/json-value.ts';
import { createAdder, ok, type ApiApp, type Call } from '../../server/endpoint.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';

/** A `\uXXXX` escape, but not the two characters `\u` that a doubled backslash stands for. */
const unicodeEscape = /(?<!\\)(?:\\\\)*\\u[0-9A-Fa-f]{4}/;

export function addMenuRoutes(app: ApiApp, platform: Platform): void {
  const add = createAdder(app, platform);
  add('POST', 'menu/create', (call) => {
    platform.menu.create(menuOf(call));
    return ok;
  });
  add('GET', 'menu/get', () => platform.menu.get());
  // Quirk: deleting is a GET.
  add('GET', 'menu/delete', () => {
    platform.menu.delete();
    return ok;
  });
  // Quirk: the menuid is a text here and a number in menu/get.
  add('POST', 'menu/addconditional', (call) => ({
    menuid: String(platform.menu.addConditional(menuOf(call))),
  }));
  add('POST', 'menu/delconditional', (call) => {
    platform.menu.deleteConditional(own(call.json(), 'menuid'));
    return ok;
  });
  add('POST', 'menu/trymatch', (call) => {
    const id = own(call.json(), 'user_id');
    const follower = typeof id === 'string' ? platform.followers.findByAnyId(id) : undefined;
    if (follower?.follows !== true) throw new Refusal(65302);
    const shown = platform.menu.shownTo(follower);
    if (shown === undefined) throw new Refusal(46003);
    return { button: shown.button };
  });
  add('GET', 'get_current_selfmenu_info', () => platform.menu.current());
}

function menuOf(call: Call): Readonly<Record<string, unknown>> {
  const body = call.json();
  // Quirk: escapes are refused, although they are good JSON; names would appear escaped on the phone.
  if (unicodeEscape.test(call.text())) throw new Refusal(40033);
  return body;
}
