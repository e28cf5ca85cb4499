/** The way from what is live to a menu file: read by `menu diff`, shown and then taken by `menu push`. */
import { negativeError } from '../../../../core/errors.ts';
import {
  changesAnything,
  type ConditionalMenu,
  type ConditionalStep,
  diffMenus,
  type LiveMenu,
  type MenuChange,
  normaliseMenu,
  type NormalMenu,
  planConditional,
  toConditionalMenu,
} from '../../../../core/menu/index.ts';
import type { Context } from '../../../context.ts';
import { unsuitable } from '../../../frame/flag-errors.ts';
import type { LiveState } from '../../../shared/live-menu/live-state.ts';
import type { MenuFile } from '../file.ts';

export interface MenuPlan extends LiveState {
  readonly body: object;
  readonly menu: NormalMenu;
  readonly wanted: readonly ConditionalMenu[];
  readonly changes: readonly MenuChange[];
  readonly conditional: readonly ConditionalStep[];
  /** Whether menu/create has to be called. */
  readonly creates: boolean;
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

/** A fingerprint as `menu diff` prints it. */
export function parseHash(text: string, name: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw unsuitable(
    'hash_invalid',
    text,
    name,
    { en: 'it must be 64 hex digits', zh: '应为 64 位十六进制数字' },
    {
      en: 'Take "remote_hash" of: wechat-mp menu diff --json',
      zh: '请使用 wechat-mp menu diff --json 输出的 "remote_hash"',
    },
  );
}

/** Throws, exit code 1, where what is live is not what it was expected to be. */
export function checkRemote(found: string, expected: string | undefined): void {
  if (expected === undefined || found === expected) return;
  throw negativeError(
    'remote_changed',
    {
      en: 'The live menu is not the expected one: somebody has changed it; nothing was sent',
      zh: '线上菜单与预期不符：有人修改过；未做任何更改',
    },
    {
      en: 'See what is live now, and decide again: wechat-mp menu diff',
      zh: '查看现在的线上菜单后再决定：wechat-mp menu diff',
    },
    { remote_hash: found, expected_hash: expected },
  );
}

/** A menu of the web console is noticed before it is replaced. */
export function webConsoleNote(context: Context, { origin }: LiveMenu): void {
  if (origin !== 'console') return;
  context.warn({
    en: 'The live menu was made on the web console (mp.weixin.qq.com); a menu that is pushed replaces it',
    zh: '线上菜单是在公众平台网页（mp.weixin.qq.com）上设置的，发布后会被替换',
  });
}

/** A menu that is switched off is not seen, whatever was pushed. */
export function noteSwitchedOff(context: Context, { origin, isOpen }: LiveMenu): void {
  if (origin === 'none' || isOpen) return;
  context.warn({
    en: 'The menu was switched off on the web console (mp.weixin.qq.com); look there whether it is on now',
    zh: '此前菜单已在公众平台网页（mp.weixin.qq.com）上停用；请到网页确认现在是否已启用',
  });
}
