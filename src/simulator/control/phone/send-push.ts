/** Sends a push to the configured server, and puts the answer into the chat. */
import { decodeEncodingAESKey, formatOf, type MessageFormat } from '../../../core/callback/index.ts';
import { WechatMpError } from '../../../core/errors.ts';
import { showsReply } from '../../../core/reply/index.ts';
import type { Random } from '../../../io/ports.ts';
import type { PushView } from '../types/index.ts';
import { deliverLikePlatform, type Delivery, type Push, type PushTarget } from '../../push/index.ts';
import type { Chats } from '../../nouns/chat/state.ts';
import { newPushView, withAttempt } from '../push-view.ts';
import type { KeptPush, Pusher, PusherWorld } from '../pusher.ts';
import { messageContent, outcomeMessage, unavailable, unknownMedia } from './chat-content.ts';

export interface SentPush {
  readonly id: number;
  view(): PushView;
  /** As it is in the end; never rejects. */
  readonly done: Promise<PushView>;
}

/**
 * `type` names the sample of which it was made, `random` is for how it travels; `onBegin` hears of its id before
 * anything is sent.
 */
export function sendPush(
  pusher: Pusher,
  type: string,
  push: Push,
  random: Random,
  onBegin?: (id: number) => void,
): SentPush {
  const { world } = pusher;
  const { clock, config } = world;
  // A message that somebody wrote out has the format in which it is written.
  const format = formatOf(push.text);
  const target = targetOf(world, format);
  const view = newPushView(
    {
      id: pusher.nextId(),
      at: new Date(clock.now()).toISOString(),
      openid: push.message.fromUserName,
      type,
      ...world.tag(),
    },
    push,
    { mode: config.settings().mode, format },
  );
  const entry = { view, push };
  pusher.keep(entry);
  const isPaused = config.isPaused();
  onBegin?.(view.id);
  pusher.update(entry, view);
  const leave = (skipped: 'no_server' | 'paused'): PushView =>
    pusher.update(entry, skip(world, entry, skipped));
  const sent = { id: view.id, view: () => entry.view };
  if (target === undefined) return { ...sent, done: Promise.resolve(leave('no_server')) };
  if (isPaused) return { ...sent, done: Promise.resolve(leave('paused')) };
  const done = pusher.inTurn(async (signal) => {
    // The pause may have begun while it waited.
    if (config.isPaused()) return leave('paused');
    return await deliver({ ...world, random, signal }, entry, target, (next) => pusher.update(entry, next));
  });
  return { ...sent, done };
}

/** `undefined` without a server. */
function targetOf({ config }: PusherWorld, format: MessageFormat): PushTarget | undefined {
  const { url, callbackToken, encodingAESKey, mode } = config.settings();
  if (url === undefined) return undefined;
  return { url, callbackToken, key: decodeEncodingAESKey(encodingAESKey), appId: config.appId, mode, format };
}

async function deliver(
  world: PusherWorld & { readonly random: Random },
  entry: KeptPush,
  target: PushTarget,
  update: (view: PushView) => PushView,
): Promise<PushView> {
  const { clock, config, random, signal } = world;
  const { push } = entry;
  // The chat that the message stands in: a reset in between gives everybody a new one.
  const chats = world.chats();
  try {
    const pushWorld = { clock, random, fetch: await world.openFetch(), signal };
    const deliveries = await deliverLikePlatform(pushWorld, target, push, (delivery) => {
      update(withAttempt(entry.view, delivery, target.callbackToken));
    });
    const last = deliveries.at(-1);
    const answered = last?.verdict !== undefined;
    config.note(answered);
    const problems = [...entry.view.problems, ...unknownMedia(last?.verdict?.reply, world.mediaUrl)];
    const view: PushView = { ...entry.view, state: answered ? 'answered' : 'failed', problems };
    if (last !== undefined) showOutcome(world, chats, view, last, push);
    return update(view);
  } catch (error) {
    if (error instanceof WechatMpError && error.family === 'interrupted') {
      return update({ ...entry.view, state: 'skipped', skipped: 'interrupted' });
    }
    const message = error instanceof Error ? error.message : String(error);
    const text = { en: `The simulator failed: ${message}`, zh: `模拟器出错：${message}` };
    const problem = { rule: 'other', severity: 'error', text, hint: null, field: null } as const;
    return update({ ...entry.view, state: 'failed', problems: [problem] });
  }
}

function showOutcome(
  { isKnown, mediaUrl, handOver }: PusherWorld,
  chats: Chats,
  view: PushView,
  delivery: Delivery,
  { message }: Push,
): void {
  if (!isKnown(view.openid)) return;
  const shown = outcomeMessage(view, delivery, message, mediaUrl);
  if (shown !== undefined) chats.add(view.openid, shown);
  const reply = shown?.content.type === 'notice' ? delivery.verdict?.reply : undefined;
  const content = messageContent(message, mediaUrl);
  if (reply?.msgType === 'transfer_customer_service' && content !== undefined) {
    handOver(view.openid, reply.kfAccount, content);
  }
}

/** Nothing is sent. Without a server that is how it must be; in the pause the person sees that the server is down. */
function skip(world: PusherWorld, { view, push }: KeptPush, skipped: 'no_server' | 'paused'): PushView {
  const sees = skipped === 'paused' && showsReply(push.message, view.format) ? 'unavailable' : 'nothing';
  const next: PushView = {
    ...view,
    state: 'skipped',
    skipped,
    problems: skipped === 'paused' ? [pausedProblem] : [],
    user_sees: sees,
  };
  if (sees === 'unavailable' && world.isKnown(view.openid)) {
    world.chats().add(view.openid, unavailable(view.id, next.problems));
  }
  return next;
}

const pausedProblem: PushView['problems'][number] = {
  rule: 'paused',
  severity: 'error',
  text: {
    en: 'Ten pushes in a row failed: WeChat stops pushing for one minute',
    zh: '连续十次推送失败：微信暂停推送一分钟',
  },
  hint: {
    en: 'Repair the server, save the configuration again or advance the clock by 1 minute',
    zh: '请修复服务器，然后重新保存服务器配置，或将时钟拨快 1 分钟',
  },
  field: null,
};
