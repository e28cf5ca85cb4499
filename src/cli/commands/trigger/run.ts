/** The work of `trigger`: makes the messages, sends them, and hands what came back to the printer. */
import { checkServerUrl, type MessageFormat, modesByName } from '../../../core/callback/index.ts';
import { usageError, WechatMpError } from '../../../core/errors.ts';
import { type AnsweredDelivery, judgeDuplicates } from '../../../core/reply/index.ts';
import {
  createPushRequest,
  deliver,
  deliverLikePlatform,
  type Delivery,
  type Push,
  type PushTarget,
  type PushWorld,
  sampleSummaries,
  type Tampering,
} from '../../../simulator/push/index.ts';
import type { Context } from '../../context.ts';
import { requireCallbackToken, requireCrypt, usualMode } from '../../settings/callback-secrets.ts';
import { openDeveloperFetch } from '../../shared/developer-server.ts';
import { requireLoopback, tellAddress } from '../../shared/outgoing.ts';
import { printAll, printRepeated, printTampered, type TypeResult } from './batch-print.ts';
import type { TriggerPlan } from './options.ts';
import { isRight, meets, printDelivery, printRequest } from './print.ts';
import { createSource, type MessageSource, sourceOfSample } from './source.ts';
import { createTally } from './tally.ts';
import type { TriggerFlags } from './trigger.ts';

/** Long enough that a reply made for the second delivery has another `CreateTime`. */
const duplicateGapMs = 1100;

export async function runTrigger(
  context: Context,
  plan: TriggerPlan & { readonly work: Exclude<TriggerPlan['work'], { kind: 'list' }> },
): Promise<number> {
  const { work, flags } = plan;
  const source = work.kind === 'one' ? await createSource(context, plan, work.source) : undefined;
  const target = await createTarget(context, flags);
  const world = await createWorld(context, flags.dryRun);
  if (work.kind === 'all' || source === undefined) return await triggerAll(context, plan, world, target);
  const { action } = work;
  const one = { ...target, format: source.format };
  if (action.kind === 'repeat') return await repeat(context, plan, world, one, source, action.count);
  if (action.kind === 'tamper') return await tamper(context, world, one, source, action.tampering);
  // A reply that was made for the first delivery is then told from one that takes over the time of the message.
  const push = source.make(0, action.kind === 'like-wechat' || action.kind === 'duplicate' ? 2 : 0);
  if (action.kind === 'dry-run') {
    return printRequest(context, one, source.request?.(one) ?? createPushRequest(world, one, push));
  }
  const deliveries = await context.wait(
    { en: 'Waiting for the server', zh: '正在等待服务器' },
    send(world, one, push, source, action.kind),
  );
  const duplicates = action.kind === 'once' ? undefined : compare(deliveries, push);
  return printDelivery(context, { type: source.name, target: one, push, deliveries, duplicates, flags });
}

async function send(
  world: PushWorld,
  target: PushTarget,
  push: Push,
  source: MessageSource,
  kind: 'once' | 'like-wechat' | 'duplicate',
): Promise<readonly Delivery[]> {
  const request = source.request?.(target);
  if (kind === 'like-wechat') return await deliverLikePlatform(world, target, push);
  const first = await deliver(world, target, push, request);
  if (kind === 'once') return [first];
  await world.clock.sleep(duplicateGapMs, world.signal);
  return [first, await deliver(world, target, push, request)];
}

/** The first delivery against the last: those between were not answered, or the platform would have stopped. */
function compare(deliveries: readonly Delivery[], { message }: Push) {
  const [first, last] = [deliveries[0], deliveries.at(-1)];
  if (first === undefined || last === undefined || first === last) {
    return {
      deduplicated: undefined,
      why: {
        en: 'the first attempt was answered, and WeChat sends no second one; try --duplicate',
        zh: '第一次投递已得到应答，微信不会再次投递；可用 --duplicate 测试',
      },
    };
  }
  return judgeDuplicates(answered(first), answered(last), message.createTime);
}

function answered({ sentAtMs, exchange, verdict }: Delivery): AnsweredDelivery {
  return { sentAtMs, ms: exchange.ms, text: verdict === undefined ? undefined : (verdict.text ?? '') };
}

async function triggerAll(
  context: Context,
  { flags, changes, concurrency }: TriggerPlan,
  world: PushWorld,
  target: PushTarget,
): Promise<number> {
  const format = flags.format ?? 'xml';
  const wanted = sampleSummaries.length;
  const results = new Map<string, TypeResult>();
  const print = (): number => {
    const inOrder = sampleSummaries.flatMap(({ id }) => results.get(id) ?? []);
    return printAll(context, target, inOrder, { expect: flags.expect, wanted });
  };
  await orHowFar(
    context.wait(
      { en: `Sending ${wanted} types`, zh: `正在发送 ${wanted} 种消息` },
      shareOut(sampleSummaries.entries(), Math.min(concurrency, wanted), async ([index, { id }]) => {
        const source = await sourceOfSample(world, id, format, changes);
        const push = source.make(index);
        const delivery = await deliver(world, { ...target, format }, push);
        results.set(id, { type: id, push, delivery });
      }),
    ),
    print,
  );
  return print();
}

/** What was done before an interruption is told. */
async function orHowFar(work: Promise<void>, print: () => void): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (error instanceof WechatMpError && error.family === 'interrupted') print();
    throw error;
  }
}

async function repeat(
  context: Context,
  { flags, concurrency }: TriggerPlan,
  world: PushWorld,
  target: PushTarget,
  source: MessageSource,
  count: number,
): Promise<number> {
  const startedAtMs = world.clock.monotonic();
  const tally = createTally();
  let sent = 0;
  const print = (stopped?: { readonly wanted: number; readonly sent: number }): number =>
    printRepeated(context, source.name, tally, world.clock.monotonic() - startedAtMs, stopped);
  await orHowFar(
    context.wait(
      { en: `Sending ${count} messages`, zh: `正在发送 ${count} 条消息` },
      shareOut(numbersBelow(count), Math.min(concurrency, count), async (index) => {
        world.signal?.throwIfAborted();
        sent += 1;
        const delivery = await deliver(world, target, source.make(index), source.request?.(target));
        tally.add(delivery, isRight(delivery) && meets(flags.expect, delivery) !== false);
      }),
    ),
    () => print({ wanted: count, sent }),
  );
  return print();
}

/** An honest message goes first: only against its answer can silence be told from a refusal. */
async function tamper(
  context: Context,
  world: PushWorld,
  target: PushTarget,
  source: MessageSource,
  tampering: Tampering,
): Promise<number> {
  if (target.mode === 'plain' && (tampering === 'body' || tampering === 'appid')) {
    throw usageError(
      'tamper_needs_encryption',
      {
        en: `Cannot spoil the ${tampering === 'body' ? 'body' : 'AppID'} in plain mode: its signature does not cover the body`,
        zh: `明文模式下无法测试篡改${tampering === 'body' ? '消息体' : ' AppID'}：签名不覆盖消息体`,
      },
      { en: 'Use --mode safe', zh: '请使用 --mode safe' },
    );
  }
  const spoilt = source.make(1);
  const control = await deliver(world, target, source.make(0));
  const delivery = await deliver(world, target, spoilt, createPushRequest(world, target, spoilt, tampering));
  return printTampered(context, { type: source.name, tampering, target, control, delivery });
}

async function createTarget(context: Context, flags: TriggerFlags): Promise<PushTarget> {
  const url = findUrl(context, flags);
  const mode = flags.mode === undefined ? await usualMode(context) : modesByName[flags.mode];
  const crypt = mode === 'plain' ? {} : await requireCrypt(context);
  const format: MessageFormat = flags.format ?? 'xml';
  return { url, mode, format, callbackToken: await requireCallbackToken(context), ...crypt };
}

function findUrl(context: Context, { to, dryRun }: TriggerFlags): string {
  if (to !== undefined) return checkServerUrl(to, '--to');
  const { project } = context.settings;
  if (project?.triggerTo !== undefined) {
    const found = requireLoopback(checkServerUrl(project.triggerTo, project.path), '--to', project.path);
    if (!dryRun) tellAddress(context, { value: found, level: 'project', name: project.path });
    return found;
  }
  if (dryRun) return 'http://localhost/';
  throw usageError(
    'to_missing',
    { en: 'There is no server to send to', zh: '没有指定要发送到的服务器' },
    {
      en: 'Give it with --to http://localhost:3000/wechat, or as {"trigger":{"to":"…"}} in wechat-mp.json',
      zh: '用 --to http://localhost:3000/wechat 指定，或在 wechat-mp.json 中写 {"trigger":{"to":"…"}}',
    },
  );
}

async function createWorld(context: Context, dryRun: boolean): Promise<PushWorld> {
  const { clock, random } = context.io;
  if (dryRun) return { clock, random, fetch: () => Promise.reject(new TypeError('a dry run sends nothing')) };
  return {
    clock,
    random,
    fetch: await openDeveloperFetch(context, '--to'),
    signal: context.io.interruption(),
  };
}

/** Does the work for every item, at most `limit` at a time, and keeps nothing of it. */
export async function shareOut<Item>(
  queue: IterableIterator<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}

function* numbersBelow(count: number): Generator<number> {
  for (let number = 0; number < count; number += 1) yield number;
}
