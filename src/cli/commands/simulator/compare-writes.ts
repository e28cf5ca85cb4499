/** `simulator compare --write`: what is made on both sides, and on the platform taken back whatever happens. */
import { type ComparedCall, fillCall, type Seen, writeCalls } from '../../../core/compare/index.ts';
import { isPushable } from '../../../core/menu/index.ts';
import { own } from '../../../core/text/json-value.ts';
import type { Context } from '../../context.ts';
import { findAppId, openClient } from '../../settings/platform.ts';
import { backUpMenu } from '../../shared/live-menu/backup.ts';
import { fetchLive, type LiveState } from '../../shared/live-menu/live-state.ts';
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
  else if (origin === 'none') context.note(undoNoMenu);
  else {
    const backup = backUpMenu(context, appId, state, undefined);
    if (backup === undefined) throw noPlaceForBackup();
    context.note(undoMenu(backup));
  }
  const made: Made = { platform: [], simulator: [] };
  const calls = [...writeCalls.tags, ...(isSafe ? writeCalls.menu : [])];
  try {
    return await runBoth(context, calls, made, platform, simulator);
  } finally {
    await restore(context, platform, made.platform, isSafe ? state : undefined);
  }
}

/** Also after Ctrl-C. */
async function readMenu(context: Context): Promise<LiveState> {
  return await fetchLive(await openClient(context, new AbortController().signal));
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
