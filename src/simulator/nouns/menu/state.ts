/** The custom menu (自定义菜单) that the account shows: made by API, with conditional menus, or on the web console. */
import { own } from '../../../core/text/json-value.ts';
import type { Random } from '../../../io/ports.ts';
import type { ConsoleMenu } from './view.ts';
import { readButtons, readLiveButtons, type KeptButton, type ReadButton } from './button.ts';
import type { Follower } from '../user/state.ts';
import { Refusal } from '../../server/refusal.ts';
import { defined } from '../../../core/text/defined.ts';

export interface SavedMenus {
  readonly menu?: DefaultMenu | undefined;
  readonly onConsole?: (ConsoleMenu & DefaultMenu) | undefined;
  readonly conditional: readonly ConditionalMenu[];
  readonly lastMenuId: number;
}

interface ReadMenu {
  readonly menu: { readonly button: readonly ReadButton[]; readonly menuid?: number };
  readonly conditionalmenu?: readonly ReadConditionalMenu[];
}

interface DefaultMenu {
  readonly buttons: readonly KeptButton[];
  readonly menuId: number;
}

type CheckMenus = (menus: readonly (readonly KeptButton[])[]) => void;

export function createMenuState(random: Random) {
  const conditional = createConditionalMenus();
  const read = createReading();
  let menu: DefaultMenu | undefined;
  let onConsole: (ConsoleMenu & DefaultMenu) | undefined;
  let lastMenuId = 200_000_000 + Buffer.from(random.bytes(3)).readUIntBE(0, 3);
  const nextMenuId = (): number => (lastMenuId += 1);
  const removeAll = (): void => {
    menu = undefined;
    onConsole = undefined;
    conditional.clear();
  };

  return {
    /** Replaces the default menu; conditional ones stay. */
    create(buttons: readonly KeptButton[]): void {
      onConsole = undefined;
      menu = { buttons, menuId: nextMenuId() };
    },
    /** Returns the menuid. Throws 65303 without a default menu, and what `checkAll` throws for all conditional menus together. */
    addConditional(buttons: readonly KeptButton[], matchrule: unknown, checkAll: CheckMenus): number {
      // Whether the platform looks for the default menu before or after the rules is not documented.
      if (menu === undefined) throw new Refusal(65303);
      const menuId = nextMenuId();
      conditional.add({ menuId, buttons, rule: readRule(matchrule) }, checkAll);
      return menuId;
    },
    deleteConditional: conditional.delete,
    /** What menu/get answers. Throws 46003 when nothing was made by API. */
    get: (): ReadMenu => read(menu, conditional.list()),
    /** The menu on a follower's phone, however it was made; `undefined` where there is none. */
    shownTo(follower: Follower) {
      const shown =
        onConsole?.isOpen === false ? undefined : (conditional.match(follower) ?? onConsole ?? menu);
      return shown && { menuId: shown.menuId, button: readButtons(shown.buttons) };
    },
    /** What get_current_selfmenu_info answers. */
    current(): Record<string, unknown> {
      const buttons = onConsole?.buttons ?? menu?.buttons ?? [];
      const isOpen = onConsole?.isOpen ?? menu !== undefined;
      return { is_menu_open: isOpen ? 1 : 0, selfmenu_info: { button: readLiveButtons(buttons) } };
    },
    /** Removes everything. Quirk: deleting what is not there is no error. */
    delete: removeAll,
    save: (): SavedMenus => ({ menu, onConsole, conditional: conditional.save(), lastMenuId }),
    restore(saved: SavedMenus): void {
      ({ menu, onConsole, lastMenuId } = saved);
      conditional.restore(saved.conditional);
    },
    /** Somebody edits the menu on the web console: what was made by API is gone. */
    editOnConsole(edited: ConsoleMenu): void {
      removeAll();
      onConsole = { ...edited, menuId: nextMenuId() };
    },
    /** Whether a button of any menu names this media. */
    names: (mediaId: string) =>
      [menu, onConsole, ...conditional.save()].some((each) => namesMedia(each, mediaId)),
    snapshot: (): Record<string, unknown> => ({
      default: menu === undefined ? null : readButtons(menu.buttons),
      conditional: conditional.list(),
      console: onConsole === undefined ? null : readLiveButtons(onConsole.buttons),
    }),
  };
}

/** Reads the menus again when they are others. */
function createReading(): typeof readMenu {
  let last: { readonly menu: unknown; readonly conditional: unknown; readonly answer: ReadMenu } | undefined;
  return (menu, conditional) => {
    if (last === undefined || last.menu !== menu || last.conditional !== conditional)
      last = { menu, conditional, answer: Object.freeze(readMenu(menu, conditional)) };
    return last.answer;
  };
}

function readMenu(menu: DefaultMenu | undefined, conditional: readonly ReadConditionalMenu[]): ReadMenu {
  if (menu === undefined) throw new Refusal(46003);
  const button = readButtons(menu.buttons);
  // Quirk: the menu's id is there only beside conditional menus.
  if (conditional.length === 0) return { menu: { button } };
  return { menu: { button, menuid: menu.menuId }, conditionalmenu: conditional };
}

function namesMedia(menu: Pick<DefaultMenu, 'buttons'> | undefined, mediaId: string): boolean {
  return (menu?.buttons ?? []).some(
    ({ fields, children }) =>
      fields['media_id'] === mediaId ||
      fields['value'] === mediaId ||
      namesMedia({ buttons: children }, mediaId),
  );
}

/** A rule as menu/get writes it. Quirk: `group_id`, although requests say `tag_id`, and numbers for their texts. */
interface MatchRule {
  readonly group_id?: number | string;
  readonly client_platform_type?: number | string;
}

interface ReadConditionalMenu {
  readonly button: readonly ReadButton[];
  readonly matchrule: MatchRule;
  readonly menuid: number;
}

export interface ConditionalMenu {
  readonly menuId: number;
  readonly buttons: readonly KeptButton[];
  readonly rule: MatchRule;
}

function createConditionalMenus() {
  const menus = new Map<number, ConditionalMenu>();
  let listed: readonly ReadConditionalMenu[] | undefined;
  return {
    /** Takes what has been checked by itself. */
    add(menu: ConditionalMenu, checkAll: CheckMenus): void {
      checkAll([...menus.values(), menu].map(({ buttons }) => buttons));
      menus.set(menu.menuId, menu);
      listed = undefined;
    },
    /** Takes the number, and the text that addconditional answers. Throws 65301. */
    delete: (menuId: unknown): void => {
      const number = typeof menuId === 'string' && /^\d{1,15}$/.test(menuId) ? Number(menuId) : menuId;
      if (typeof number !== 'number' || !menus.delete(number)) throw new Refusal(65301);
      listed = undefined;
    },
    /** The newest menu whose rule the follower meets. */
    match: (follower: Follower) => [...menus.values()].findLast(({ rule }) => isMet(rule, follower)),
    /** The oldest first. */
    list: (): readonly ReadConditionalMenu[] =>
      (listed ??= [...menus.values()].map(({ menuId, buttons, rule }) => ({
        button: readButtons(buttons),
        matchrule: rule,
        menuid: menuId,
      }))),
    clear(): void {
      menus.clear();
      listed = undefined;
    },
    save: (): readonly ConditionalMenu[] => [...menus.values()],
    restore(saved: readonly ConditionalMenu[]): void {
      menus.clear();
      listed = undefined;
      for (const menu of saved) menus.set(menu.menuId, menu);
    },
  };
}

/** Empty fields and unknown ones are as good as none. */
function readRule(rule: unknown): MatchRule {
  const tag = readField(own(rule, 'tag_id')) ?? readField(own(rule, 'group_id'));
  const platform = readField(own(rule, 'client_platform_type'));
  return defined({ group_id: tag, client_platform_type: platform });
}

function readField(value: unknown): number | string | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return undefined;
  return /^\d{1,9}$/.test(value) ? Number(value) : value;
}

/** Quirk: of several tags the last one given counts. 0 stands for "no tag". */
function isMet({ group_id: tag, client_platform_type: platform }: MatchRule, follower: Follower): boolean {
  return (
    (tag === undefined || tag === (follower.tagIds.at(-1) ?? 0)) &&
    (platform === undefined || platform === follower.clientPlatformType)
  );
}
