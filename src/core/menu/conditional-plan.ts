/** What has to be done to the conditional menus（个性化菜单）of an account so that they become those of a file. */
import type { ConditionalMenu, LiveConditional, MatchRule } from './live-menu.ts';
import { diffMenus, type MenuChange } from './diff.ts';
import { maxSites, privateMatchFields } from './limits.ts';
import type { NormalButton } from './menu.ts';

/**
 * What becomes of one conditional menu. There is no editing: what is changed or moved is added anew and then deleted.
 * - `same`: stays as it is.
 * - `add`: is in the file only.
 * - `change`: the file has other buttons for the same rule.
 * - `move`: is the same, but has to become the newest again to be shown before the others it overlaps with.
 * - `remove`: is live only.
 * - `keep`: is live only, and nobody asked for its removal.
 */
export type ConditionalStep =
  | {
      readonly op: 'same';
      readonly index: number;
      readonly wanted: ConditionalMenu;
      readonly live: LiveConditional;
    }
  | { readonly op: 'add'; readonly index: number; readonly wanted: ConditionalMenu }
  | {
      readonly op: 'change' | 'move';
      /** Position in the file. */
      readonly index: number;
      readonly wanted: ConditionalMenu;
      readonly live: LiveConditional;
      readonly changes: readonly MenuChange[];
    }
  | { readonly op: 'remove' | 'keep'; readonly live: LiveConditional };

/**
 * Compares the wanted menus with the live ones, both the oldest first. Matching goes from the newest to the oldest, so
 * for two that somebody may match alike the order counts, and for others it does not. A menu that is already there is
 * never made again unless its place among those it overlaps with demands it, and then as few as possible are.
 *
 * A live menu whose rule the file has too is replaced; one whose rule it has not is kept unless `prune` says otherwise.
 */
export function planConditional(
  wanted: readonly ConditionalMenu[],
  live: readonly LiveConditional[],
  { prune }: { readonly prune: boolean },
): readonly ConditionalStep[] {
  const kept = findKept(wanted, live);
  const left = new Set(live.filter((entry) => !kept.includes(entry)));
  const takeLeft = (accepts: (entry: LiveConditional) => boolean): LiveConditional | undefined => {
    const found = [...left].find(accepts);
    if (found !== undefined) left.delete(found);
    return found;
  };
  // The same content first, so that it is not taken for the old state of another one with this rule.
  const moved = wanted.map((menu, index) =>
    kept[index] === undefined ? takeLeft((entry) => isSameConditional(entry, menu)) : undefined,
  );
  const steps = wanted.map((menu, index): ConditionalStep => {
    const stays = kept[index];
    if (stays !== undefined) return { op: 'same', index, wanted: menu, live: stays };
    const again = moved[index];
    if (again !== undefined) return { op: 'move', index, wanted: menu, live: again, changes: [] };
    const old = takeLeft((entry) => sameRule(entry.rule, menu.rule));
    if (old === undefined) return { op: 'add', index, wanted: menu };
    return { op: 'change', index, wanted: menu, live: old, changes: diffMenus(old.menu, menu.menu) };
  });
  const rest = [...left].map((entry): ConditionalStep => {
    const isReplaced = wanted.some((menu) => sameRule(menu.rule, entry.rule));
    return { op: prune || isReplaced ? 'remove' : 'keep', live: entry };
  });
  return [...steps, ...rest];
}

/** The live menu that may stand for each wanted one. */
function findKept(
  wanted: readonly ConditionalMenu[],
  live: readonly LiveConditional[],
): readonly (LiveConditional | undefined)[] {
  const kept: (number | undefined)[] = [];
  for (const [index, menu] of wanted.entries()) {
    const below = kept.slice(0, index).filter((_, other) => overlap(wanted[other]?.rule ?? {}, menu.rule));
    // What is added is newer than all that is kept, so whatever belongs above it has to be added after it.
    const lowest = below.includes(undefined)
      ? live.length
      : Math.max(-1, ...below.map((place) => place ?? -1));
    const place = live.findIndex(
      (entry, position) => position > lowest && !kept.includes(position) && isSameConditional(entry, menu),
    );
    kept.push(place < 0 ? undefined : place);
  }
  return kept.map((place) => (place === undefined ? undefined : live[place]));
}

/** Whether somebody may match both rules. */
export function overlap(a: MatchRule, b: MatchRule): boolean {
  if (isPast(a) || isPast(b)) return false;
  return Object.entries(a).every(([name, value]) => !Object.hasOwn(b, name) || b[name] === value);
}

/** Whether a rule has a field of the past: nobody matches it any more, and it cannot be made again (65320). */
export function isPast(rule: MatchRule): boolean {
  return privateMatchFields.some((name) => Object.hasOwn(rule, name));
}

/** Whether both show the same buttons to the same people. */
export function isSameConditional(a: ConditionalMenu, b: ConditionalMenu): boolean {
  return sameRule(a.rule, b.rule) && JSON.stringify(a.menu) === JSON.stringify(b.menu);
}

function sameRule(a: MatchRule, b: MatchRule): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Whether a plan changes anything. */
export function changesAnything(steps: readonly ConditionalStep[]): boolean {
  return steps.some(({ op }) => op !== 'same' && op !== 'keep');
}

type Addition = Extract<ConditionalStep, { op: 'add' | 'change' | 'move' }>;

/** The steps that add a menu, in the order of the file. */
export function additions(steps: readonly ConditionalStep[]): readonly Addition[] {
  return steps.filter(
    (step): step is Addition => step.op === 'add' || step.op === 'change' || step.op === 'move',
  );
}

/** The menus that go. */
export function deletions(steps: readonly ConditionalStep[]): readonly LiveConditional[] {
  return steps.flatMap((step) =>
    step.op === 'change' || step.op === 'move' || step.op === 'remove' ? [step.live] : [],
  );
}

/**
 * Whether what is new can be added before what it replaces is deleted, so that nobody sees the wrong menu in between.
 * Quirk: all conditional menus together may link to 3 domains (65316), and for a moment both are there.
 */
export function mayAddFirst(steps: readonly ConditionalStep[], live: readonly LiveConditional[]): boolean {
  const menus = [...live.map(({ menu }) => menu), ...additions(steps).map(({ wanted }) => wanted.menu)];
  return new Set(menus.flatMap(({ button }) => hostsOf(button))).size <= maxSites;
}

function hostsOf(buttons: readonly NormalButton[]): readonly string[] {
  return buttons.flatMap(({ url, sub_button: children = [] }) => [
    ...(typeof url === 'string' && URL.canParse(url) ? [new URL(url).hostname] : []),
    ...hostsOf(children),
  ]);
}
