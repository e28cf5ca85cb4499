/** 自定义菜单: create, get and delete. */
import { addEndpoint, type ApiApp } from '../endpoint.ts';
import type { Platform } from '../platform.ts';
import { Refusal } from '../refusal.ts';

const ok = { errcode: 0, errmsg: 'ok' };
/** A `\uXXXX` escape, but not the two characters `\u` that a doubled backslash stands for. */
const unicodeEscape = /(?<!\\)(?:\\\\)*\\u[0-9A-Fa-f]{4}/;

export function addMenuRoutes(app: ApiApp, platform: Platform): void {
  addEndpoint(app, platform, {
    method: 'POST',
    path: '/cgi-bin/menu/create',
    credential: 'access_token',
    answer: (call) => {
      const body = call.json();
      // Quirk: escapes are refused, although they are good JSON; names would appear escaped on the phone.
      if (unicodeEscape.test(call.text())) throw new Refusal(40033);
      platform.menu.create(body);
      return ok;
    },
  });
  addEndpoint(app, platform, {
    method: 'GET',
    path: '/cgi-bin/menu/get',
    credential: 'access_token',
    answer: () => ({ menu: { button: platform.menu.get() } }),
  });
  // Quirk: deleting is a GET.
  addEndpoint(app, platform, {
    method: 'GET',
    path: '/cgi-bin/menu/delete',
    credential: 'access_token',
    answer: () => {
      platform.menu.delete();
      return ok;
    },
  });
}
