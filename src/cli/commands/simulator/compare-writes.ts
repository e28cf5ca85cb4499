/** `simulator compare --write`: what is made on both sides, and on the platform taken back whatever happens. */
import { join } from 'node:path';
import { type ComparedCall, fillCall, type Seen, writeCalls } from '../../../core/compare/index.ts';
import { getCurrentMenu, getMenu } from '../../../api/menu.ts';
import {
  hashMenus,
  isPast,
  isPushable,
  readLiveMenu,
  toMenuBody,
  toMenuFile,
} from '../../../core/menu/index.ts';
import { own } from '../../../core/text/json-value.ts';
import type { Context } from '../../context.ts';
import { findAppId, openClient } from '../../settings/platform.ts';
import type { Compared, Pair, Skipped } from './compare.ts';
import { isOfTheMoment, type Side, type SimulatorSide } from './compare-sides.ts';
import {
  announcement,
  confirmMissing,
  declined,
  menuLeftOut,
  noPlaceForBackup,
  notRestored,
  otherAccount,
  restored,
  typeAppId,
  undoMenu,
  undoNoMenu,
  undoTag,
} from './compare-texts.ts';

/** Throws unless the AppID has been given or typed. */
export async function askLeave(context: Context, given: string | undefined) {
  const appId = await findAppId(context);
  if (given !== undefined && given !== appId) throw otherAccount(given, appId);
  if (given === undefined) {
    if (!context.interactive) throw confirmMissing(appId);
    context.note(announcement);
    const prompter = await context.io.terminal.ask();
    if ((await prompter.text(context.say(typeAppId(appId)))).trim() !== appId) throw declined();
  }
  return {
    write: (platform: Side, simulator: SimulatorSide): Promise<Compared> =>
      writeBoth(context, appId, platform, simulator),
  };
}

/** Ids of the tags that were made, by side, the newest last; the platform's are deleted in the end. */
interface Made {
  readonly platform: number[];
  readonly simulator: number[];
}

async function writeBoth(
  context: Context,
  appId: string,
  platform: Side,
  simulator: SimulatorSide,
): Promise<Compared> {
  const state = await readMenu(context);
  const { origin, menu } = state.live;
  const isSafe = origin === 'none' || (origin === 'api' && isPushable(menu));
  if (!isSafe) context.warn(menuLeftOut);
  else context.note(origin === 'none' ? undoNoMenu : undoMenu(saveMenu(context, appId, state)));
  const made: Made = { platform: [], simulator: [] };
  const calls = [...writeCalls.tags, ...(isSafe ? writeCalls.menu : [])];
  try {
    return await runBoth(context, calls, made, platform, simulator);
  } finally {
    await restore(context, platform, made.platform, isSafe ? state : undefined);
  }
}

type LiveState = Awaited<ReturnType<typeof readMenu>>;

/** Also after Ctrl-C. */
async function readMenu(context: Context) {
  const client = await openClient(context, new AbortController().signal);
  const [made, current] = [await getMenu(client), await getCurrentMenu(client)];
  const live = readLiveMenu(made, current);
  return { live, made, hash: hashMenus(live.menu, live.conditional) };
}

/** As a file that `menu push` takes. Throws where there is no place for it. */
function saveMenu(context: Context, appId: string, { live, made }: LiveState): string {
  const { stateDirectory } = context.settings;
  if (stateDirectory === undefined) throw noPlaceForBackup();
  const folder = join(stateDirectory, 'menu-backups');
  const time = new Date(context.io.clock.now()).toISOString().replaceAll(/[:.]/g, '-');
  const file = join(folder, `${appId}-${time}.json`);
  const menus = toMenuFile(
    live.menu,
    live.conditional.filter(({ rule }) => !isPast(rule)),
  );
  // What was made by API goes back to the letter.
  const whole = live.origin === 'api' ? { button: own(toMenuBody(made), 'button') } : {};
  try {
    for (const repaired of context.io.files.makePrivate(folder)) context.warn(repaired);
    context.io.files.write(file, `${JSON.stringify({ ...menus, ...whole }, null, 2)}\n`);
  } catch {
    throw noPlaceForBackup();
  }
  return file;
}

async function runBoth(
  context: Context,
  calls: readonly ComparedCall[],
  made: Made,
  platform: Side,
  simulator: SimulatorSide,
): Promise<Compared> {
  const signal = context.io.interruption();
  const hex = Buffer.from(context.io.random.bytes(4)).toString('hex');
  const name = `cmp${hex}`;
  const pairs: Pair[] = [];
  const skipped: Skipped[] = [];
  for (const wanted of calls) {
    const [one, other] = (['platform', 'simulator'] as const).map((side) =>
      fillCall(wanted, { name, made: made[side].at(-1) }),
    );
    if (one === undefined || other === undefined) {
      skipped.push({ call: wanted, why: 'not_asked' });
      continue;
    }
    const seen = await platform(one, signal);
    const simulated = await simulator.ask(other);
    note(context, wanted, made, { platform: seen, simulator: simulated });
    if (isOfTheMoment(seen)) skipped.push({ call: wanted, why: 'of_the_moment' });
    else pairs.push({ call: one, platform: seen, simulator: simulated });
  }
  return { pairs, skipped };
}

/** Keeps the id of a tag that was made, also of one that should have been refused. */
function note(
  context: Context,
  { path }: ComparedCall,
  made: Made,
  seen: Readonly<Record<'platform' | 'simulator', Seen>>,
): void {
  if (path !== '/cgi-bin/tags/create') return;
  for (const side of ['platform', 'simulator'] as const) {
    const id = own(own(seen[side].json, 'tag'), 'id');
    if (typeof id !== 'number') continue;
    made[side].push(id);
    if (side === 'platform') context.note(undoTag(id));
  }
}

/** Without the signal: also after Ctrl-C. Throws where the account is not as it was, as far as it can be read. */
async function restore(
  context: Context,
  platform: Side,
  tags: readonly number[],
  state: LiveState | undefined,
): Promise<void> {
  const left: string[] = [];
  const send = async (call: ComparedCall): Promise<Seen | undefined> =>
    await platform(call).catch(() => undefined);
  for (const id of tags) await send({ method: 'POST', path: '/cgi-bin/tags/delete', body: { tag: { id } } });
  const there = own((await send({ method: 'GET', path: '/cgi-bin/tags/get' }))?.json, 'tags');
  const ids = Array.isArray(there) ? there.map((tag: unknown) => own(tag, 'id')) : tags;
  left.push(...tags.filter((id) => ids.includes(id)).map((id) => `tag ${id}`));
  if (state !== undefined) {
    const button = own(own(state.made, 'menu'), 'button');
    await send(
      state.live.origin === 'none'
        ? { method: 'GET', path: '/cgi-bin/menu/delete' }
        : { method: 'POST', path: '/cgi-bin/menu/create', body: { button } },
    );
    const hash = await readMenu(context).then(
      (after) => after.hash,
      () => undefined,
    );
    if (hash !== state.hash) left.push('menu');
  }
  if (left.length > 0) throw notRestored(left);
  context.note(restored);
}
