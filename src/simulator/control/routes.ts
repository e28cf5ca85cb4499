/** The calls of `types/index.ts`: phone, pushes, server configuration, API form and JS-SDK check. */
import type { Context, Hono } from 'hono';
import { parseFields } from '../../core/callback/index.ts';
import { isObject } from '../../core/text/json-value.ts';
import type { AccountsControl } from '../account/new-account.ts';
import type { ChatView, PushView, SampleView } from './types/index.ts';
import { formatFollower } from '../nouns/user/follower.ts';
import type { JssdkPages } from './jssdk-page.ts';
import { sampleSummaries } from '../push/sample-messages.ts';
import { applyScenario, parseScenario } from '../account/scenario.ts';
import { scenarioNames, scenarios } from '../account/scenarios.ts';
import { pushOf, renew } from '../push/trigger-message.ts';
import { addAccessRoutes } from './access.ts';
import { saveCallback } from './callback-config.ts';
import { typingView, type Control } from './control.ts';
import {
  checkKeys,
  optionalChoice,
  optionalFlag,
  optionalText,
  readBody,
  refuse,
  requiredText,
} from './input.ts';
import type { Body } from './input.ts';
import { addMessageControls } from './message-routes.ts';
import { readFormCall } from './form-upload.ts';
import { addMediaControl } from './media-control.ts';
import { personNamed } from './phone/person.ts';
import { makeRawPush, makeSamplePush } from './phone/push.ts';
import type { PushMaker } from './phone/push.ts';
import { actOnPhone, phoneActions } from './phone/phone.ts';
import type { SentPush } from './pusher.ts';
import { maskPush } from './push-view.ts';

export interface ControlAppOptions {
  readonly control: Control;
  readonly accounts: AccountsControl;
  /** The whole simulator, for calls that come from the form. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Whether the simulator answers a path of the API side. */
  readonly isSimulated: (path: string) => boolean;
  /** Opens pages for the JS-SDK check; `undefined` where the simulator has no page of its own. */
  readonly pages: JssdkPages | undefined;
}

export function addRoutes(app: Hono, options: ControlAppOptions): void {
  const { control } = options;
  app.get('/events', () => control.events.open({ now: new Date(control.clock.now()).toISOString() }));
  addPhoneRoutes(app, control);
  addAccessRoutes(app, control);
  addMessageControls(app, control.traffic.platform);
  addMediaControl(app, control);
  addPushRoutes(app, control);
  addCallbackRoutes(app, control);
  addFormRoutes(app, options);
  addScenarioRoutes(app, control);
}

function addPhoneRoutes(app: Hono, control: Control): void {
  const { platform } = control.traffic;
  app.get('/chats/:openid', (context) => context.json(chatView(control, context.req.param('openid'))));
  for (const action of phoneActions) {
    app.post(`/phone/:openid/${action}`, async (context) => {
      const openId = context.req.param('openid');
      const { origin } = new URL(context.req.url);
      const world = { platform, pusher: control.pusher, maker: () => control.maker(), origin };
      const result = await actOnPhone(world, openId, action, await readBody(context));
      if (action !== 'tap' && action !== 'send') control.tellFollower(openId);
      return context.json({ ...result, pushes: result.pushes.map(maskPush) });
    });
  }
}

function chatView({ traffic }: Control, openId: string): ChatView {
  const { chats, menu } = traffic.platform;
  const follower = personNamed(traffic.platform, openId);
  const untilMs = chats.windowUntilMs(openId);
  const shown = follower.follows ? menu.shownTo(follower) : undefined;
  return {
    follower: formatFollower(follower) as ChatView['follower'],
    messages: chats.list(openId),
    menu: shown === undefined ? null : (shown.button as unknown as NonNullable<ChatView['menu']>),
    window_until: untilMs === undefined ? null : new Date(untilMs).toISOString(),
    typing_until: typingView(traffic.platform, openId).until,
  };
}

function addPushRoutes(app: Hono, control: Control): void {
  const { pusher } = control;
  app.get('/samples', (context) => context.json(sampleSummaries.map(formatSample)));
  app.get('/pushes', (context) => context.json(pusher.list().map(maskPush)));
  app.get('/pushes/:id', (context) => {
    const { view } = findPush(control, context.req.param('id'));
    return context.json(showsSecrets(context) ? view : maskPush(view));
  });
  app.post('/push', async (context) => {
    const body = await readBody(context);
    const maker = control.maker();
    const { type, push } = await readPush(control, body, maker);
    return context.json(await answerOf(pusher.send(type, push, maker.delivery), body));
  });
  app.post('/pushes/:id/again', async (context) => {
    const body = await readBody(context);
    checkKeys(body, ['wait']);
    const { view, push } = findPush(control, context.req.param('id'));
    const maker = control.maker();
    const again = pushOf(renew(parseFields(push.text), maker), pusher.format());
    return context.json(await answerOf(pusher.send(view.type, again, maker.delivery), body));
  });
}

async function answerOf(pushed: SentPush, body: Body): Promise<PushView> {
  const wait = optionalFlag(body, 'wait') ?? true;
  return maskPush(wait ? await pushed.done : pushed.view());
}

/** A message as it stands, or a sample with changes. */
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
  checkKeys(body, ['type', 'from', 'key', 'set', 'unset', 'message', 'wait']);
  const { set = {}, unset = [] } = body;
  const places = isObject(set) ? Object.entries(set) : [['', undefined] as const];
  if (!places.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
    return refuse({
      en: '"set" must be an object of places and texts: {"ScanCodeInfo.ScanResult":"1"}',
      zh: '“set”必须是以字段位置为键、字符串为值的对象：{"ScanCodeInfo.ScanResult":"1"}',
    });
  }
  if (!Array.isArray(unset) || !unset.every((place): place is string => typeof place === 'string')) {
    return refuse({ en: '"unset" must be a list of places', zh: '“unset”必须是字段位置的数组' });
  }
  return {
    type: requiredText(body, 'type'),
    from: optionalText(body, 'from'),
    changes: {
      set: places,
      unset,
      key: optionalText(body, 'key'),
    },
  };
}

function formatSample({ id, kind, msgType, event, title }: (typeof sampleSummaries)[number]): SampleView {
  return { id, kind, msg_type: msgType, event: event ?? null, title };
}

function findPush({ pusher }: Control, id: string) {
  return (
    pusher.find(Number(id)) ??
    refuse(
      {
        en: `There is no push "${id}" in the log, which keeps the last 200`,
        zh: `日志中没有推送“${id}”：只保留最近 200 次`,
      },
      'unknown_push',
    )
  );
}

function addCallbackRoutes(app: Hono, control: Control): void {
  const { config } = control;
  app.get('/callback', (context) =>
    context.json(config.view(showsSecrets(context) ? { secrets: 'show' } : undefined)),
  );
  app.post('/callback', async (context) => {
    const world = { ...control, random: control.maker().random };
    const result = await saveCallback(config, world, await readBody(context));
    if (result.saved) control.tell('callback');
    return context.json(result, result.saved ? 200 : 422);
  });
}

function addFormRoutes(app: Hono, { control, fetch, isSimulated, pages }: ControlAppOptions): void {
  const { traffic, mask } = control;
  const world = { platform: traffic.platform, requests: traffic.requests, mask, fetch };
  app.get('/catalogue', async (context) => {
    const { readCatalogue } = await import('../catalogue/catalogue.ts');
    return context.json(await readCatalogue(isSimulated));
  });
  app.post('/call', async (context) => {
    const { callApi } = await import('./api-form.ts');
    const call = await readFormCall(context.req.raw);
    return context.json(await callApi(world, new URL(context.req.url).origin, call));
  });
  app.get('/requests/:id', async (context) => {
    const { requestDetail } = await import('./api-form.ts');
    return context.json(await requestDetail(world, context.req.param('id'), showsSecrets(context)));
  });
  app.post('/requests/:id/again', async (context) => {
    const { repeatCall } = await import('./api-form.ts');
    return context.json(await repeatCall(world, context.req.param('id'), await readBody(context)));
  });
  if (pages !== undefined) {
    app.post('/jssdk/page', async (context) => {
      const { url } = await readBody(context);
      return context.json({ url: pages.open(url, new URL(context.req.url).port) });
    });
  }
  app.post('/jssdk', async (context) => {
    const { judgeJssdk } = await import('./jssdk.ts');
    return context.json(await judgeJssdk(traffic.platform, await readBody(context), mask));
  });
}

function addScenarioRoutes(app: Hono, control: Control): void {
  app.get('/scenarios', (context) =>
    context.json(Object.entries(scenarios).map(([name, { text }]) => ({ name, text }))),
  );
  app.post('/scenario', async (context) => {
    const body = await readBody(context);
    const name = optionalChoice(body, 'name', scenarioNames);
    if (name !== undefined) checkKeys(body, ['name']);
    const scenario = parseScenario(name === undefined ? body : scenarios[name]?.scenario);
    applyScenario(control.traffic, control.config, scenario);
    control.traffic.platform.clock.advance(scenario.advanceMs);
    for (const what of ['callback', 'settings', 'faults', 'followers', 'clock'] as const) control.tell(what);
    return context.json(control.state());
  });
}

function showsSecrets(context: Context): boolean {
  return context.req.query('secrets') === 'show';
}
