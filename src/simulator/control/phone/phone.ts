/** What a person does on the phone, with the pushes that WeChat makes of it. */
import type { Hono } from 'hono';
import { defined } from '../../../core/text/defined.ts';
import type { FieldValue } from '../../../core/message/index.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Platform } from '../../account/platform.ts';
import { keptMessages } from '../../nouns/chat/state.ts';
import { commentOnPhone } from '../../nouns/comment/view.ts';
import { recordText } from '../../nouns/kfsession/view.ts';
import { mediaUrl } from '../../nouns/media/view.ts';
import type { QrCode } from '../../nouns/qrcode/state.ts';
import { formatFollower } from '../../nouns/user/view.ts';
import type { Follower } from '../../nouns/user/state.ts';
import type { Push } from '../../push/index.ts';
import { tellFollower, typingView, type Control } from '../control.ts';
import {
  optionalFlag,
  personNamed,
  readBody,
  refuse,
  type Body,
  checkKeys,
  optionalChoice,
} from '../input.ts';
import { maskPush } from '../pusher.ts';
import type { ChatMessage, ChatView, PhoneResult, PushView } from '../types/index.ts';
import type { Watched } from '../waiting.ts';
import { tapButton, type Step } from './buttons.ts';
import { messageContent } from './chat-content.ts';
import { readCode, readLocationReport, readMessageAction, readOptionalCode, readTap } from './input.ts';
import { createPhoneMedia } from './media.ts';
import { makePush } from './push.ts';
import { type SentPush, sendPush } from './send-push.ts';
import {
  alreadyFollowing,
  codeExpired,
  doesNotFollow,
  foreignCode,
  heardByService,
  mustFollowFirst,
  noLongerFollowing,
  nowFollowing,
  profileOpens,
  seesNoMenu,
  nothingAnswered,
  oneTimeSceneForm,
  templateTwice,
  templatesForm,
  unknownTemplates,
} from './texts.ts';
import { parseScene } from '../../nouns/subscribe/state.ts';

/** `GET /_ctl/chats/:openid`, and what a person can do: `POST /_ctl/phone/:openid/follow` … */
export function addPhoneRoutes(app: Hono, control: Control): void {
  app.get('/chats/:openid', async (context) => {
    const openId = context.req.param('openid');
    personNamed(control.traffic.platform, openId);
    const messages = await control.waiting.choose(context, watchedChat(control, openId));
    return context.json({ ...chatView(control, openId), messages });
  });
  for (const action of phoneActions) {
    app.post(`/phone/:openid/${action}`, async (context) => {
      const openId = context.req.param('openid');
      const { origin } = new URL(context.req.url);
      const result = await actOnPhone(control, openId, action, await readBody(context), origin);
      if (action !== 'tap' && action !== 'send') tellFollower(control, openId);
      return context.json({ ...result, pushes: result.pushes.map(maskPush) });
    });
  }
}

const speakers = Object.keys({
  person: true,
  account: true,
  system: true,
} satisfies Readonly<Record<ChatMessage['from'], true>>);

const origins = Object.keys({
  phone: true,
  reply: true,
  custom: true,
  service: true,
  menu: true,
  platform: true,
  template: true,
  mass: true,
  autoreply: true,
} satisfies Readonly<Record<ChatMessage['origin'], true>>);

function watchedChat({ traffic, subscribeChats }: Control, openId: string): Watched<ChatMessage> {
  return {
    list: () => traffic.platform.chats.list(openId),
    subscribe: (listener) => subscribeChats((of, message) => of === openId && listener(message)),
    fields: { from: speakers, origin: origins },
    most: keptMessages,
  };
}

function chatView({ traffic }: Control, openId: string): Omit<ChatView, 'messages'> {
  const { menu, chats } = traffic.platform;
  const follower = personNamed(traffic.platform, openId);
  const untilMs = chats.windowUntilMs(openId);
  const shown = follower.follows ? menu.shownTo(follower) : undefined;
  return {
    follower: formatFollower(follower) as ChatView['follower'],
    menu: shown === undefined ? null : (shown.button as unknown as NonNullable<ChatView['menu']>),
    window_until: untilMs === undefined ? null : new Date(untilMs).toISOString(),
    typing_until: typingView(traffic.platform, openId).until,
  };
}

const phoneActions = [
  'follow',
  'unfollow',
  'scan',
  'tap',
  'send',
  'location',
  'subscribe',
  'comment',
] as const;
type PhoneAction = (typeof phoneActions)[number];

/** Does it, and waits for the pushes unless told otherwise. Throws an input error for what no phone can do. */
async function actOnPhone(
  control: Control,
  openId: string,
  action: PhoneAction,
  body: Body,
  origin: string,
): Promise<PhoneResult> {
  const follower = personNamed(control.traffic.platform, openId);
  const run = createRun(control, openId, origin);
  const outcome = await actions[action](run, follower, body);
  await run.send(optionalFlag(body, 'wait') ?? true);
  return run.result(outcome);
}

interface Outcome {
  readonly outcome: PhoneResult['outcome'];
  readonly notice?: Text;
  readonly opened?: string | undefined;
}

type Run = ReturnType<typeof createRun>;

/** `origin` begins the addresses that the developer's server can open. */
function createRun(control: Control, openId: string, origin: string) {
  const { pusher } = control;
  const { platform } = control.traffic;
  const maker = control.maker();
  const planned: (() => Promise<readonly [string, Push]>)[] = [];
  const sent: SentPush[] = [];
  const { chats } = platform;
  let servedBy: string | undefined;
  const firstId = chats.list(openId).at(-1)?.id ?? 0;
  const sendOne = ([sampleId, push]: readonly [string, Push]): Promise<unknown> => {
    const content = messageContent(push.message, (mediaId) => mediaUrl(platform, mediaId));
    const addOwn = (pushId: number | null): void => {
      if (content === undefined) return;
      chats.add(openId, { from: 'person', origin: 'phone', push_id: pushId, content });
    };
    // Quirk: the account does not receive the messages of somebody on its black list (unverified for events).
    if (content !== undefined && platform.followers.find(openId)?.isBlacklisted === true) {
      addOwn(null);
      return Promise.resolve();
    }
    servedBy = content && platform.serviceSessions.hear(openId, recordText(content));
    if (servedBy !== undefined) {
      addOwn(null);
      return Promise.resolve();
    }
    const pushed = sendPush(pusher, sampleId, push, maker.delivery, addOwn);
    sent.push(pushed);
    return pushed.done.then(answerItself(platform, push));
  };
  return {
    platform,
    media: createPhoneMedia(platform, maker.random, origin),
    /** Plans an event or a message of the person; the next one waits for its answer. */
    push(sampleId: string, changes: Readonly<Record<string, FieldValue | undefined>>): void {
      planned.push(async () => [sampleId, await makePush(maker, sampleId, openId, changes)]);
    },
    /** Puts something into the chat that no push is behind. */
    show(message: Pick<ChatMessage, 'from' | 'origin' | 'content'>): void {
      chats.add(openId, { ...message, push_id: null });
    },
    /** Sends what was planned. Without waiting it returns when the first push is on its way. */
    async send(wait: boolean): Promise<void> {
      // All are made before one is sent, so that nothing can go wrong half way.
      const pushes: (readonly [string, Push])[] = [];
      for (const make of planned) pushes.push(await make());
      const sending = (async () => {
        for (const push of pushes) await sendOne(push);
      })();
      if (wait) await sending;
    },
    result: ({ outcome, notice: says, opened }: Outcome): PhoneResult => ({
      outcome,
      notice: says ?? (servedBy === undefined ? null : heardByService(servedBy)),
      opened: opened ?? null,
      pushes: sent.map((pushed) => pushed.view()),
      messages: chats.list(openId).filter(({ id }) => id > firstId),
    }),
  };
}

/** 自动回复: what is saved on the web console works only while no server is configured. */
function answerItself({ autoReplies, chats }: Platform, { message }: Push): (view: PushView) => void {
  return ({ id, openid, skipped }) => {
    if (skipped !== 'no_server') return;
    for (const content of autoReplies.answer(message)) {
      chats.add(openid, { from: 'account', origin: 'autoreply', push_id: id, content });
    }
  };
}

type Action = (run: Run, follower: Follower, body: Body) => Promise<Outcome> | Outcome;

const actions: Readonly<Record<PhoneAction, Action>> = {
  follow(run, follower, body) {
    const wanted = readOptionalCode(body);
    if (follower.follows) return already;
    if (wanted === undefined) return follow(run, follower);
    const code = findCode(run, wanted);
    return 'outcome' in code ? code : follow(run, follower, code);
  },
  unfollow(run, { openId, follows }) {
    if (!follows) return { outcome: 'no_change', notice: doesNotFollow };
    run.platform.followers.put(openId, { follows: false });
    run.platform.chats.closeWindows(openId);
    run.show(notice(noLongerFollowing));
    run.push('unsubscribe', { EventKey: '' });
    return { outcome: 'done' };
  },
  scan(run, follower, body) {
    const code = findCode(run, readCode(body));
    if ('outcome' in code) return code;
    if (follower.follows) {
      run.platform.chats.openWindow(follower.openId, 'tap');
      run.push('scan', { EventKey: String(code.scene.scene), Ticket: code.ticket });
      return { outcome: 'done' };
    }
    if (body['follow'] === false) {
      return { outcome: 'no_change', notice: profileOpens };
    }
    return follow(run, follower, code);
  },
  tap(run, follower, body) {
    mustFollow(follower);
    const menu = run.platform.menu.shownTo(follower);
    if (menu === undefined) return refuse(seesNoMenu, 'no_menu');
    return perform(run, follower, tapButton(menu, readTap(body), run.media));
  },
  send(run, follower, body) {
    mustFollow(follower);
    const { sampleId, changes } = readMessageAction(body, run.media);
    if (!follower.isBlacklisted) run.platform.chats.openWindow(follower.openId, 'message');
    run.push(sampleId, changes);
    return { outcome: 'done' };
  },
  location(run, follower, body) {
    mustFollow(follower);
    run.push('location_report', readLocationReport(body));
    return { outcome: 'done' };
  },
  subscribe(run, { openId }, body) {
    for (const { sampleId, changes } of subscribeOnPhone(run.platform, openId, body)) {
      run.push(sampleId, changes);
    }
    return { outcome: 'done' };
  },
  comment(run, follower, body) {
    commentOnPhone(run.platform, follower, body);
    return { outcome: 'done' };
  },
};

const already: Outcome = { outcome: 'no_change', notice: alreadyFollowing };
function follow(run: Run, { openId }: Follower, code?: QrCode): Outcome {
  const { followers, chats } = run.platform;
  followers.put(openId, {
    follows: true,
    followScene: code === undefined ? 'ADD_SCENE_SEARCH' : 'ADD_SCENE_QR_CODE',
    qrScene: code?.scene.scene ?? '',
  });
  chats.openWindow(openId, 'tap');
  run.show(notice(nowFollowing));
  // Quirk: the prefix is there when somebody follows by a code, and only then.
  if (code === undefined) run.push('subscribe', { EventKey: '' });
  else run.push('subscribe_qr', { EventKey: `qrscene_${code.scene.scene}`, Ticket: code.ticket });
  return { outcome: 'done' };
}

function findCode({ platform }: Run, wanted: { readonly ticket?: string; readonly url?: string }) {
  const { qrCodes } = platform;
  const code =
    wanted.ticket === undefined ? qrCodes.findByUrl(wanted.url ?? '') : qrCodes.find(wanted.ticket);
  if (code === undefined) {
    return { outcome: 'code_unknown', notice: foreignCode, opened: wanted.url } as const;
  }
  if (!qrCodes.isExpired(code)) return code;
  return { outcome: 'code_expired', notice: codeExpired } as const;
}

function perform(run: Run, { openId }: Follower, step: Step): Outcome {
  if (step.opensWindow) run.platform.chats.openWindow(openId, 'tap');
  for (const { sampleId, changes } of step.pushes) run.push(sampleId, changes);
  if (step.shows !== undefined) run.show({ from: 'account', origin: 'menu', content: step.shows });
  return {
    outcome: step.isParent ? 'sub_menu' : 'done',
    ...defined({ notice: step.notice }),
    opened: step.opens,
  };
}

function notice(text: Text): Pick<ChatMessage, 'from' | 'origin' | 'content'> {
  return { from: 'system', origin: 'phone', content: { type: 'notice', text } };
}

function mustFollow({ follows, openId }: Follower): void {
  if (follows) return;
  refuse(mustFollowFirst(openId), 'not_following');
}

interface Pushed {
  readonly sampleId: string;
  readonly changes: Readonly<Record<string, FieldValue>>;
}

interface Choice {
  readonly templateId: string;
  readonly status: 'accept' | 'reject';
}

/** Keeps the answers; gives the event that tells of them, if there is one. Throws an input error. */
function subscribeOnPhone(platform: Platform, openId: string, body: Body): readonly Pushed[] {
  checkKeys(body, ['accept', 'reject', 'where', 'one_time_scene', 'wait']);
  const { subscriptions } = platform;
  const where = optionalChoice(body, 'where', ['page', 'article', 'settings']) ?? 'page';
  const scene = readScene(body['one_time_scene']);
  const choices = [
    ...readIds(platform, body, 'accept').map((templateId) => ({ templateId, status: 'accept' }) as const),
    ...readIds(platform, body, 'reject').map((templateId) => ({ templateId, status: 'reject' }) as const),
  ];
  if (new Set(choices.map(({ templateId }) => templateId)).size < choices.length) refuse(templateTwice);
  if (choices.length === 0 && scene === undefined) refuse(nothingAnswered);
  if (scene !== undefined) subscriptions.allowOnce(openId, scene);
  for (const { templateId, status } of choices) {
    subscriptions.answer(openId, templateId, status, where === 'settings' ? 'settings' : 'popup');
  }
  return where === 'settings' ? changed(choices) : answered(choices, where);
}

/** Quirk: 1 is a web page, 2 an article. */
function answered(choices: readonly Choice[], where: 'page' | 'article'): readonly Pushed[] {
  if (choices.length === 0) return [];
  const List = choices.map(({ templateId, status }) => ({
    TemplateId: templateId,
    SubscribeStatusString: status,
    PopupScene: where === 'page' ? '1' : '2',
  }));
  return [{ sampleId: 'subscribe_msg_popup', changes: { SubscribeMsgPopupEvent: { List } } }];
}

/** Quirk: only refusals are pushed. */
function changed(choices: readonly Choice[]): readonly Pushed[] {
  const List = choices
    .filter(({ status }) => status === 'reject')
    .map(({ templateId, status }) => ({ TemplateId: templateId, SubscribeStatusString: status }));
  if (List.length === 0) return [];
  return [{ sampleId: 'subscribe_msg_change', changes: { SubscribeMsgChangeEvent: { List } } }];
}

function readIds({ subscriptions }: Platform, body: Body, key: 'accept' | 'reject'): readonly string[] {
  const list = body[key] ?? [];
  if (!Array.isArray(list)) return refuse(templatesForm(key));
  return list.map((id: unknown) => {
    const found = subscriptions.list().find(({ priTmplId }) => priTmplId === id);
    if (found !== undefined) return found.priTmplId;
    return refuse(unknownTemplates(key));
  });
}

function readScene(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const scene = typeof value === 'number' ? parseScene(String(value)) : undefined;
  if (scene !== undefined) return scene;
  return refuse(oneTimeSceneForm);
}
