/** What is live of menus at the moment, as `menu` and `simulator compare` read it before they change anything. */
import type { Client } from '../../../api/client.ts';
import { getCurrentMenu, getMenu } from '../../../api/menu.ts';
import { hashMenus, type LiveMenu, readLiveMenu } from '../../../core/menu/index.ts';

export interface LiveState {
  readonly live: LiveMenu;
  /** The answer of menu/get; nothing where nothing was made by API. */
  readonly made: unknown;
  /** The answer of get_current_selfmenu_info. */
  readonly current: unknown;
  /** Fingerprint of all that people may see. */
  readonly hash: string;
}

/** Two reads at the same time: one alone would not see a menu that was made on the web console. */
export async function fetchLive(client: Client): Promise<LiveState> {
  const [first, second] = await Promise.allSettled([getMenu(client), getCurrentMenu(client)]);
  // Where both fail, the reason that is told is always the same one, whichever came first.
  if (first.status === 'rejected') throw first.reason;
  if (second.status === 'rejected') throw second.reason;
  const [made, current] = [first.value, second.value];
  const live = readLiveMenu(made, current);
  return { live, made, current, hash: hashMenus(live.menu, live.conditional) };
}
