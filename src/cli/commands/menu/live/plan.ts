/** The way from what is live to a menu file: read by `menu diff`, shown and then taken by `menu push`. */
import type { Client } from '../../../../api/client.ts';
import { getCurrentMenu, getMenu } from '../../../../api/menu.ts';
import {
  changesAnything,
  type ConditionalMenu,
  type ConditionalStep,
  diffMenus,
  hashMenus,
  type LiveMenu,
  type MenuChange,
  normaliseMenu,
  type NormalMenu,
  planConditional,
  readLiveMenu,
  toConditionalMenu,
} from '../../../../core/menu/index.ts';
import type { MenuFile } from '../file.ts';

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

export interface MenuPlan extends LiveState {
  /** What menu/create gets. */
  readonly body: object;
  readonly menu: NormalMenu;
  readonly wanted: readonly ConditionalMenu[];
  readonly changes: readonly MenuChange[];
  readonly conditional: readonly ConditionalStep[];
  /** Whether menu/create has to be called. */
  readonly creates: boolean;
  /** Whether there is anything to do. */
  readonly changed: boolean;
}

export function planMenu(file: MenuFile, state: LiveState, { prune }: { readonly prune: boolean }): MenuPlan {
  const { live } = state;
  const menu = normaliseMenu(file.body);
  const wanted = file.conditional.map(toConditionalMenu);
  const changes = diffMenus(live.menu, menu);
  const conditional = planConditional(wanted, live.conditional, { prune });
  const conditionalChanges = changesAnything(conditional);
  // Conditional menus need a default menu that was made by API (65303).
  const creates = changes.length > 0 || (live.origin !== 'api' && conditionalChanges);
  return {
    ...state,
    body: file.body,
    menu,
    wanted,
    changes,
    conditional,
    creates,
    changed: creates || conditionalChanges,
  };
}

/** A step as scripts read it. */
export function changeObject({ op, path, from, to }: MenuChange): Readonly<Record<string, unknown>> {
  return { op, path, from, to };
}

/** The conditional menus that do not stay as they are. */
export function conditionalObjects(
  steps: readonly ConditionalStep[],
): readonly Readonly<Record<string, unknown>>[] {
  return steps
    .filter(({ op }) => op !== 'same')
    .map((step) => ({
      op: step.op,
      path: 'index' in step ? `/conditional/${step.index}` : null,
      menuid: 'live' in step ? step.live.menuId : null,
      matchrule: 'wanted' in step ? step.wanted.rule : step.live.rule,
      changes: 'changes' in step ? step.changes.map(changeObject) : [],
    }));
}

/** Buttons that do something: those without buttons of their own. */
export function countButtons({ button }: NormalMenu): number {
  return button.reduce((sum, { sub_button: children }) => sum + (children?.length ?? 1), 0);
}
