/** 自定义菜单 and 个性化菜单: making, reading and deleting menus, and which of them somebody sees. */
import { get, inBody, post, wholeBody } from '../../server/endpoint.ts';
import type { Call } from '../../server/call.ts';
import { Refusal } from '../../server/refusal.ts';
import { own } from '../../../core/text/json-value.ts';
import { checkDomainsOfAll, checkMenu } from './rules.ts';

/** A `\uXXXX` escape, but not the two characters `\u` that a doubled backslash stands for. */
const unicodeEscape = /(?<!\\)(?:\\\\)*\\u[0-9A-Fa-f]{4}/;

export const calls = [
  post('/cgi-bin/menu/create', {
    reads: wholeBody,
    changes: ['menu'],
    answer({ body }, { menu }, call) {
      checkEscapes(call);
      menu.create(checkMenu({ button: own(body, 'button') }));
    },
  }),
  get('/cgi-bin/menu/get', { answer: (_, { menu }) => menu.get() }),
  // Quirk: deleting is a GET.
  get('/cgi-bin/menu/delete', {
    changes: ['menu'],
    answer: (_, { menu }) => menu.delete(),
  }),
  post('/cgi-bin/menu/addconditional', {
    reads: wholeBody,
    changes: ['menu'],
    answer({ body }, { menu }, call) {
      checkEscapes(call);
      const matchrule = own(body, 'matchrule') ?? {};
      const buttons = checkMenu({ button: own(body, 'button'), matchrule });
      // Quirk: the menuid is a text here and a number in menu/get.
      return { menuid: String(menu.addConditional(buttons, matchrule, checkDomainsOfAll)) };
    },
  }),
  post('/cgi-bin/menu/delconditional', {
    reads: inBody('menuid'),
    changes: ['menu'],
    answer: ({ menuid }, { menu }) => menu.deleteConditional(menuid),
  }),
  post('/cgi-bin/menu/trymatch', {
    reads: inBody('user_id'),
    answer({ user_id: id }, { menu, followers }) {
      const follower = typeof id === 'string' ? followers.findByAnyId(id) : undefined;
      if (follower?.follows !== true) throw new Refusal(65302);
      const shown = menu.shownTo(follower);
      if (shown === undefined) throw new Refusal(46003);
      return { button: shown.button };
    },
  }),
  get('/cgi-bin/get_current_selfmenu_info', { answer: (_, { menu }) => menu.current() }),
];

/** Quirk: escapes are refused, although they are good JSON; names would appear escaped on the phone. Throws 40033. */
function checkEscapes(call: Call): void {
  if (unicodeEscape.test(call.text())) throw new Refusal(40033);
}
