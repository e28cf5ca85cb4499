/** Conditional menus (个性化菜单): who sees which. */
import { defined } from '../../../core/text/defined.ts';
import { own } from '../../../core/text/json-value.ts';
import { checkDomains } from '../../../core/menu/index.ts';
import { readButtons, type KeptButton, type ReadButton } from './button.ts';
import type { Follower } from '../user/state.ts';
import { Refusal } from '../../server/refusal.ts';

/** A rule as menu/get writes it. Quirk: `group_id`, although requests say `tag_id`, and numbers for their texts. */
interface MatchRule {
  readonly group_id?: number | string;
  readonly client_platform_type?: number | string;
}

export interface ReadConditionalMenu {
  readonly button: readonly ReadButton[];
  readonly matchrule: MatchRule;
  readonly menuid: number;
}

export interface ConditionalMenu {
  readonly menuId: number;
  readonly buttons: readonly KeptButton[];
  readonly rule: MatchRule;
}

export function createConditionalMenus() {
  const menus = new Map<number, ConditionalMenu>();
  return {
    /** Takes what has been validated by itself. Throws 65316 beyond three domains in all. */
    add(menuId: number, buttons: readonly KeptButton[], wireRule: unknown): void {
      const rule = readRule(wireRule);
      const all = [...[...menus.values()].map((menu) => menu.buttons), buttons];
      const problems = checkDomains(all.map((each) => ({ menu: { button: readButtons(each) }, path: '' })));
      if (problems.some(({ severity }) => severity === 'error')) throw new Refusal(65316);
      menus.set(menuId, { menuId, buttons, rule });
    },
    /** Takes the number, and the text that addconditional answers. Throws 65301. */
    delete: (menuId: unknown): void => {
      const number = typeof menuId === 'string' && /^\d{1,15}$/.test(menuId) ? Number(menuId) : menuId;
      if (typeof number !== 'number' || !menus.delete(number)) throw new Refusal(65301);
    },
    /** The newest menu whose rule the follower meets. */
    match: (follower: Follower) => [...menus.values()].findLast(({ rule }) => isMet(rule, follower)),
    /** The oldest first. */
    list: (): readonly ReadConditionalMenu[] =>
      [...menus.values()].map(({ menuId, buttons, rule }) => ({
        button: readButtons(buttons),
        matchrule: rule,
        menuid: menuId,
      })),
    clear(): void {
      menus.clear();
    },
    save: (): readonly ConditionalMenu[] => [...menus.values()],
    restore(saved: readonly ConditionalMenu[]): void {
      menus.clear();
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
