/** Pushes, and the server that they go to（服务器配置）. */
import type { Hono } from 'hono';
import { parseFields } from '../../core/callback/index.ts';
import { isObject } from '../../core/text/json-value.ts';
import { pushOf, renew, sampleSummaries } from '../push/index.ts';
import { saveCallback } from './callback-config.ts';
import type { Control } from './control.ts';
import {
  checkKeys,
  optionalFlag,
  optionalText,
  readBody,
  refuse,
  requiredText,
  showsSecrets,
  type Body,
} from './input.ts';
import { makeRawPush, makeSamplePush, type PushMaker } from './phone/push.ts';
import { type SentPush, sendPush } from './phone/send-push.ts';
import { keptPushes, maskPush } from './pusher.ts';
import type { PushView, SampleView } from './types/index.ts';
import { setForm, unknownPush, unsetForm } from './texts.ts';
import { answerJson } from './turns.ts';
import type { Watched } from './waiting.ts';

export function addPushRoutes(app: Hono, control: Control): void {
  const { pusher } = control;
  const watched: Watched<PushView> = {
    list: pusher.list,
    subscribe: pusher.subscribe,
    fields: { type: 'text', msg_type: 'text', event: 'text', openid: 'text' },
    most: keptPushes,
    isOver: ({ state }) => state !== 'sending',
  };
  app.get('/samples', (context) => context.json(sampleSummaries.map(formatSample)));
  app.get('/pushes', async (context) =>
    answerJson(context, (await control.waiting.choose(context, watched)).map(maskPush)),
  );
  app.get('/pushes/:id', (context) => {
    const { view } = findPush(control, context.req.param('id'));
    return context.json(showsSecrets(context) ? view : maskPush(view));
  });
  app.post('/push', async (context) => {
    const body = await readBody(context);
    const maker = control.maker();
    const { type, push } = await readPush(control, body, maker);
    return context.json(await answerOf(sendPush(pusher, type, push, maker.delivery), body));
  });
  app.post('/pushes/:id/again', async (context) => {
    const body = await readBody(context);
    checkKeys(body, ['wait']);
    const { view, push } = findPush(control, context.req.param('id'));
    const maker = control.maker();
    const again = pushOf(renew(parseFields(push.text), maker), pusher.format());
    return context.json(await answerOf(sendPush(pusher, view.type, again, maker.delivery), body));
  });
  addCallback(app, control);
}

async function answerOf(pushed: SentPush, body: Body): Promise<PushView> {
  const wait = optionalFlag(body, 'wait') ?? true;
  return maskPush(wait ? await pushed.done : pushed.view());
}

async function readPush({ traffic }: Control, body: Body, maker: PushMaker) {
  if (body['message'] !== undefined) {
    checkKeys(body, ['message', 'wait']);
    return makeRawPush(requiredText(body, 'message'));
  }
  const { type, from, changes } = readOrder(body);
  const openId = from ?? traffic.platform.followers.following()[0]?.openId;
  return { type, push: await makeSamplePush(maker, type, openId, changes) };
}

function readOrder(body: Body) {
  checkKeys(body, ['type', 'from', 'key', 'set', 'unset', 'message', 'wait'], ['type']);
  const { set = {}, unset = [] } = body;
  const places = isObject(set) ? Object.entries(set) : [['', undefined] as const];
  if (!places.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    return refuse(setForm);
  }
  if (!Array.isArray(unset) || !unset.every((place): place is string => typeof place === 'string')) {
    return refuse(unsetForm);
  }
  return {
    type: requiredText(body, 'type'),
    from: optionalText(body, 'from'),
    changes: { set: places, unset, key: optionalText(body, 'key') },
  };
}

function formatSample({ id, kind, msgType, event, title }: (typeof sampleSummaries)[number]): SampleView {
  return { id, kind, msg_type: msgType, event: event ?? null, title };
}

function findPush({ pusher }: Control, id: string) {
  return pusher.find(Number(id)) ?? refuse(unknownPush(id), 'unknown_push');
}

function addCallback(app: Hono, control: Control): void {
  const { config } = control;
  app.get('/callback', (context) => context.json(config.view(showsSecrets(context))));
  app.post('/callback', async (context) => {
    const world = { ...control, random: control.maker().random };
    const result = await saveCallback(config, world, await readBody(context));
    if (result.saved) control.tell('callback');
    return context.json(result, result.saved ? 200 : 422);
  });
}
