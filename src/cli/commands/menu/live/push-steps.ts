/** What `menu push` does once it is allowed to: save, create, change the conditional menus, read back. */
import type { Client } from '../../../../api/client.ts';
import { addConditionalMenu, createMenu, deleteConditionalMenu, getMenu } from '../../../../api/menu.ts';
import { WechatMpError } from '../../../../core/errors.ts';
import {
  additions,
  changesAnything,
  type ConditionalMenu,
  type ConditionalStep,
  deletions,
  hashMenus,
  isPast,
  isSameConditional,
  type LiveConditional,
  mayAddFirst,
  normaliseMenu,
  planConditional,
  readConditional,
  sameMenu,
} from '../../../../core/menu/index.ts';
import type { Context } from '../../../context.ts';
import { backUpMenu, backupOf, noteUndo } from '../../../shared/live-menu/backup.ts';
import { fetchLive } from '../../../shared/live-menu/live-state.ts';
import type { MenuPlan } from './plan.ts';
import { isConditionalGone, makeSure, type MenuChange, type Step } from './steps.ts';

interface Push {
  readonly context: Context;
  readonly client: Client;
  readonly plan: MenuPlan;
  readonly appId: string | undefined;
  /** As it was given, for the commands in hints. */
  readonly file: string;
  readonly prune: boolean;
  /** Nothing where no backup is wanted; `path` may be left to the tool. */
  readonly backup: { readonly path: string | undefined } | undefined;
  readonly verify: boolean;
  readonly onBackup: (path: string) => void;
  /** The fingerprint of what was read back, as `menu diff` has it. */
  readonly onVerified: (hash: string) => void;
}

export function pushSteps(push: Push): readonly Step[] {
  const { plan } = push;
  const { live, conditional } = plan;
  return [
    ...backupSteps(push),
    ...(plan.creates ? createSteps(push) : []),
    ...conditionalSteps(push, conditional, live.conditional),
    ...verifySteps(push),
  ];
}

function backupSteps({ context, plan, appId, backup, onBackup }: Push): readonly Step[] {
  if (backup === undefined || plan.live.origin === 'none') return [];
  return [
    {
      step: 'backup',
      run: async () => {
        const path = backUpMenu(context, appId, plan, backup.path);
        if (path === undefined) {
          const menu = JSON.stringify(backupOf(plan));
          context.warn({
            en: `There is no place for a backup of the live menu; it is ${menu}`,
            zh: `没有位置可以备份线上菜单，其内容为 ${menu}`,
          });
          return;
        }
        onBackup(path);
        noteUndo(context, plan, path);
      },
    },
  ];
}

function createSteps(push: Push): readonly Step[] {
  const { client, plan } = push;
  const change: MenuChange = {
    make: async () => await createMenu(client, plan.body),
    isMade: async () => {
      // menu/get alone proves nothing: it may have held this menu all the time behind one of the web console.
      const { live } = await fetchLive(client);
      return live.origin === 'api' && sameMenu(live.menu, plan.menu);
    },
    repeatable: true,
  };
  const create: Step = { step: 'create', run: async () => await makeChange(push, change) };
  if (plan.live.conditional.length === 0) return [create];
  return [create, { step: 'look', run: async () => await lookForConditional(push) }];
}

/**
 * Whether menu/create leaves conditional menus alone is not documented. Where it has not, all that shall be there is
 * made again, in the order in which it was.
 */
async function lookForConditional(push: Push): Promise<readonly Step[] | void> {
  const { context, client, plan, prune } = push;
  const survivors = plan.conditional.flatMap((step) =>
    step.op === 'same' || step.op === 'keep' ? [step.live] : [],
  );
  const now = readConditional(await getMenu(client));
  const lost = survivors.filter(({ menuId }) => !now.some((entry) => entry.menuId === menuId));
  if (lost.length === 0) return;
  context.warn({
    en: `WeChat removed conditional menus with menu/create, which are made again now: ${lost.length}`,
    zh: `menu/create 移除了 ${lost.length} 个个性化菜单，将重新创建`,
  });
  const inOrder = plan.live.conditional.filter((entry) => survivors.includes(entry) && !isPast(entry.rule));
  const target: readonly ConditionalMenu[] = [
    ...inOrder,
    ...additions(plan.conditional).map(({ wanted }) => wanted),
  ];
  return [...conditionalSteps(push, planConditional(target, now, { prune }), now), ...verifySteps(push)];
}

/** Whoever wants nothing read back learns that the answer was unclear, and no more. */
async function makeChange(push: Push, change: MenuChange): Promise<void> {
  if (push.verify) await makeSure(push.context, change);
  else await change.make();
}

function conditionalSteps(
  push: Push,
  steps: readonly ConditionalStep[],
  live: readonly LiveConditional[],
): readonly Step[] {
  const { client, file } = push;
  const known = new Set(live.map(({ menuId }) => menuId));
  const check = {
    en: `See whether it was added: wechat-mp menu diff ${file}`,
    zh: `查看是否已添加：wechat-mp menu diff ${file}`,
  };
  const adding = additions(steps).map(({ wanted: { rule, menu } }): Step => ({
    step: 'add_conditional',
    rule,
    run: async () =>
      await makeChange(push, {
        make: async () => {
          known.add(await addConditionalMenu(client, { button: menu.button, matchrule: rule }, check));
        },
        isMade: async () => {
          const now = readConditional(await getMenu(client));
          const made = now.find(
            (entry) => !known.has(entry.menuId) && isSameConditional(entry, { rule, menu }),
          );
          if (made !== undefined) known.add(made.menuId);
          return made !== undefined;
        },
        repeatable: false,
      }),
  }));
  const deleting = deletions(steps).map(({ rule, menuId }): Step => ({
    step: 'delete_conditional',
    rule,
    menuId,
    run: async () =>
      await makeChange(push, {
        make: async () => await deleteConditionalMenu(client, menuId),
        isMade: async () => await isConditionalGone(client, menuId),
        repeatable: false,
      }),
  }));
  return mayAddFirst(steps, live) ? [...adding, ...deleting] : [...deleting, ...adding];
}

function verifySteps(push: Push): readonly Step[] {
  return push.verify ? [{ step: 'verify', run: async () => await verify(push) }] : [];
}

async function verify({ client, plan, prune, onVerified }: Push): Promise<void> {
  const made = await getMenu(client);
  const live = readConditional(made);
  const conditional = planConditional(plan.wanted, live, { prune });
  if (made !== undefined && sameMenu(made, plan.menu) && !changesAnything(conditional)) {
    onVerified(hashMenus(normaliseMenu(made), live));
    return;
  }
  throw new WechatMpError({
    family: 'negative',
    type: 'menu_differs',
    text: {
      en: 'WeChat took the menu, but what it answers now is different',
      zh: '微信已接受菜单，但回读结果不一致',
    },
    details: [{ en: 'Somebody may have changed it at the same time', zh: '可能有人同时修改了菜单' }],
    hint: { en: 'Look at it: wechat-mp menu pull', zh: '查看线上菜单：wechat-mp menu pull' },
  });
}
