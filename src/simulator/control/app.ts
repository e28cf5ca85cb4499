/** The control side, `/_ctl/…`: what a test or the page asks of the simulator itself, call by call as in `types/index.ts`. */
import { Hono } from 'hono/quick';
import type { Context, MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { durationRefusal, readPositiveDuration } from '../../core/text/duration.ts';
import { inputError, WechatMpError } from '../../core/errors.ts';
import { formatAccount, parseNewAccount, type AccountsControl } from '../account/new-account.ts';
import type { Platform } from '../account/platform.ts';
import { copyOf } from '../account/saved.ts';
import { parseScenario } from '../account/scenario.ts';
import { scenarioNames, scenarios } from '../account/scenarios.ts';
import { changeSettings, checkQuotaPaths, formatSettings } from '../account/settings.ts';
import { contentAnswer } from '../nouns/media/view.ts';
import { parseFault } from '../server/faults/fault.ts';
import { formatListed } from '../server/faults/faults.ts';
import { isForeign } from '../server/foreigners.ts';
import { keptRecords } from '../server/requests.ts';
import { addAccessRoutes } from './access.ts';
import type { Control } from './control.ts';
import {
  checkKeys,
  checkParameters,
  formatError,
  optionalChoice,
  parseBody,
  readBody,
  readFormat,
  refuse,
  requiredText,
  showsSecrets,
} from './input.ts';
import type { JssdkPages } from './jssdk-page.ts';
import { addMessageRoutes } from './messages.ts';
import { addPeopleRoutes } from './people.ts';
import { inventVoice } from './phone/media.ts';
import { addPhoneRoutes } from './phone/phone.ts';
import { addPushRoutes } from './pushes.ts';
import type { RequestNote, RequestRecord, SavedTest } from './types/index.ts';
import { foreignCall, noPicture, unknownCall } from './texts.ts';
import { answerJson, inTurns } from './turns.ts';
import type { Watched } from './waiting.ts';

export interface ControlAppOptions {
  readonly control: Control;
  readonly accounts: AccountsControl;
  /** The whole simulator, for calls that come from the form. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Opens pages for the JS-SDK check; `undefined` where the simulator has no page of its own. */
  readonly pages: JssdkPages | undefined;
}

/** Mounted at `/_ctl`. Errors are `{"error":{type, message, message_zh}}` with a fitting HTTP status. */
export function createControlApp(options: ControlAppOptions): Hono {
  const { control } = options;
  const app = new Hono();
  const unknown = (context: Context): Response =>
    context.json(formatError(inputError('unknown_control', unknownCall(listCalls(app)))), 404);
  app.use('*', refuseForeigners);
  // The router takes "/faults/" for "/faults": a fault without its id must not be all of them.
  app.use('*', async (context, next) => (context.req.path.endsWith('/') ? unknown(context) : next()));
  app.use('*', refuseParameters);
  app.use('*', control.journal.watch);
  addOverview(app, options);
  addAccounts(app, options.accounts);
  addSnapshots(app, options.accounts);
  addSwitches(app, control);
  addPeopleRoutes(app, control);
  app.get('/events', () => control.events.open({ now: isoNow(control.traffic.platform) }));
  addPhoneRoutes(app, control);
  addAccessRoutes(app, control);
  addMessageRoutes(app, control.traffic.platform);
  addPushRoutes(app, control);
  addForms(app, options);
  addScenarios(app, control);
  addSession(app, control);
  app.get('/openapi.json', async (context) => {
    const { formatOpenapi } = await import('./exports/openapi.ts');
    const { origin } = new URL(context.req.url);
    return answerJson(context, await formatOpenapi(origin, ['GET /_ctl', ...listCalls(app)]));
  });
  app.get('/', (context) => context.json({ calls: listCalls(app) }));
  app.all('*', unknown);
  app.onError((error, context) => {
    if (error instanceof WechatMpError) {
      return context.json(formatError(error), error.type === 'unknown_snapshot' ? 404 : 400);
    }
    throw error;
  });
  return app;
}

const notes = Object.keys({
  not_simulated: true,
  example: true,
  unknown_path: true,
  chunked: true,
  fault: true,
  dropped: true,
  failed: true,
} satisfies Readonly<Record<RequestNote, true>>);

function addOverview(app: Hono, { control, accounts }: ControlAppOptions): void {
  const { platform, requests } = control.traffic;
  const watched: Watched<RequestRecord> = {
    list: () => requests.list(),
    subscribe: (listener) => requests.subscribe(({ record }) => listener(record)),
    fields: {
      path: 'path',
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
      status: 'number',
      errcode: 'number',
      note: notes,
    },
    most: keptRecords,
  };
  app.get('/health', (context) =>
    context.json({
      ok: true,
      name: 'wechat-mp-simulator',
      appid: platform.account.appId,
      now: isoNow(platform),
    }),
  );
  app.get('/state', (context) =>
    readFormat(context, 'file') === 'file'
      ? answerJson(context, copyOf(accounts.export()))
      : context.json(control.state()),
  );
  app.get('/requests', async (context) => {
    const format = readFormat(context, 'har');
    const chosen = await control.waiting.choose(context, watched);
    if (format === undefined) return answerJson(context, chosen);
    const { formatHar } = await import('./exports/har.ts');
    context.header('content-disposition', 'attachment; filename="requests.har"');
    return answerJson(context, await inTurns(formatHar(chosen, requests, control.mask)));
  });
  app.delete('/requests', (context) => {
    requests.clear();
    control.tell('cleared');
    return context.json([]);
  });
  app.delete('/pushes', (context) => {
    control.pusher.forget();
    control.tell('cleared');
    return context.json([]);
  });
  app.post('/reset', async (context) => {
    await inTurns(context.req.query('account') === undefined ? accounts.resetAll() : control.reset());
    return context.json({ ok: true });
  });
}

function addAccounts(app: Hono, accounts: AccountsControl): void {
  app.get('/accounts', (context) => {
    const how = showsSecrets(context) ? 'whole' : 'shortened';
    return context.json(accounts.accounts().map((account) => formatAccount(account, how)));
  });
  app.post('/accounts', async (context) => {
    const body = await readBody(context);
    // Whoever makes an account has to know its secrets.
    const account = parseNewAccount(body);
    await checkQuotaPaths(account.scenario?.settings);
    const { added, people } = accounts.add(account);
    await inTurns(people);
    return context.json(formatAccount(added, 'whole'));
  });
  app.delete('/accounts/:appid', (context) => {
    accounts.remove(context.req.param('appid'));
    return context.json({ ok: true });
  });
}

function addSwitches(app: Hono, control: Control): void {
  const { platform, faults } = control.traffic;
  app.get('/faults', (context) => context.json(faults.list().map(formatListed)));
  app.post('/faults', async (context) => {
    const fault = parseFault(parseBody(await context.req.text()));
    const listed = faults.add(fault);
    control.tell('faults');
    return context.json(formatListed(listed));
  });
  app.delete('/faults', (context) => {
    faults.clear();
    for (const what of ['faults', 'scenario'] as const) control.tell(what);
    return context.json([]);
  });
  app.delete('/faults/:id', (context) => {
    // One that has struck in the meantime is gone as well.
    faults.remove(Number(context.req.param('id')));
    for (const what of ['faults', 'scenario'] as const) control.tell(what);
    return context.json(faults.list().map(formatListed));
  });
  app.get('/clock', (context) => context.json(describeClock(platform)));
  app.post('/clock', async (context) => {
    platform.clock.advance(parseAdvance(parseBody(await context.req.text())));
    return context.json(describeClock(platform));
  });
  app.delete('/clock', (context) => {
    platform.clock.reset();
    return context.json(describeClock(platform));
  });
  app.get('/settings', (context) => context.json(formatSettings(platform.settings)));
  app.get('/picture', () => {
    const { picture } = platform.settings;
    return contentAnswer(picture ?? refuse(noPicture, 'no_picture'));
  });
  app.post('/settings', async (context) => {
    const body = parseBody(await context.req.text());
    await checkQuotaPaths(body);
    changeSettings(platform.settings, body);
    control.tell('settings');
    return context.json(formatSettings(platform.settings));
  });
}

function addForms(app: Hono, { control, fetch, pages }: ControlAppOptions): void {
  const { traffic, mask } = control;
  const world = { platform: traffic.platform, requests: traffic.requests, mask, fetch };
  app.get('/catalogue', async (context) => {
    const { readCatalogue } = await import('./api-form.ts');
    return context.json(await readCatalogue());
  });
  app.post('/call', async (context) => {
    const { callApi } = await import('./api-form.ts');
    return context.json(await callApi(world, context.req.raw));
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
  app.post('/jssdk/voice', (context) => {
    const { mediaId } = traffic.platform.media.addJssdkVoice(inventVoice('narrow'));
    return context.json({ media_id: mediaId });
  });
  app.post('/jssdk', async (context) => {
    const { judgeJssdk } = await import('./jssdk.ts');
    return context.json(await judgeJssdk(traffic.platform, await readBody(context), mask));
  });
}

function addSnapshots(app: Hono, { snapshots }: AccountsControl): void {
  app.get('/snapshots', (context) => context.json(snapshots.list()));
  app.post('/snapshot', async (context) => context.json(snapshots.take(await readName(context))));
  app.post('/restore', async (context) =>
    context.json(await inTurns(snapshots.restore(await readName(context)))),
  );
  app.delete('/snapshots/:name', (context) => {
    snapshots.remove(context.req.param('name'));
    return context.json(snapshots.list());
  });
}

async function readName(context: Context): Promise<string> {
  const body = await readBody(context);
  checkKeys(body, ['name'], ['name']);
  return requiredText(body, 'name');
}

/** What a scenario changes, and gives back. */
const touched = ['callback', 'settings', 'faults', 'scenario'] as const;

function addScenarios(app: Hono, control: Control): void {
  app.get('/scenarios', (context) =>
    context.json(Object.entries(scenarios).map(([name, { text }]) => ({ name, text }))),
  );
  app.post('/scenario', async (context) => {
    const body = await readBody(context);
    const name = optionalChoice(body, 'name', scenarioNames);
    if (name !== undefined) checkKeys(body, ['name']);
    const scenario = parseScenario(name === undefined ? body : scenarios[name]?.scenario);
    await checkQuotaPaths(scenario.settings);
    await inTurns(control.scenarios.begin(scenario));
    control.traffic.platform.clock.advance(scenario.advanceMs);
    for (const what of [...touched, 'followers'] as const) control.tell(what);
    return context.json(control.state());
  });
  app.delete('/scenario', (context) => {
    control.scenarios.end();
    for (const what of touched) control.tell(what);
    return context.json(control.state());
  });
}

/** What has been done since the start, as a test. */
function addSession(app: Hono, { journal, config, traffic }: Control): void {
  app.get('/test', async (context) => {
    const { formatTest } = await import('./session/test-code.ts');
    const { account, chats } = traffic.platform;
    const { url, token, aes_key: aesKey, mode, format } = config.view(showsSecrets(context));
    // The server knows the account by these.
    const server = { to: url, mode, ...(format === 'json' && { format }) };
    const options = { ...server, appid: account.appId, callbackToken: token, aesKey };
    const steps = journal.list();
    const messages = (openid: string) => chats.list(openid);
    const code = formatTest({ steps, messages, options: url === null ? {} : options });
    return context.json({ steps: steps.length, code } satisfies SavedTest);
  });
}

/** A web page that somebody is looking at must not drive the simulator. */
const refuseForeigners: MiddlewareHandler = async (context, next) =>
  isForeign(context.req.raw) ? context.json(formatError(foreigner), 403) : next();

/** What a call takes beside `account` stands in its row. */
const refuseParameters: MiddlewareHandler = async (context, next) => {
  const names = [...new URL(context.req.url).searchParams.keys()];
  // Without any nothing is loaded; of an unknown call is said that it is none.
  const call = names.length === 0 ? undefined : matchedRoutes(context).find(({ method }) => method !== 'ALL');
  if (call !== undefined) {
    const { rows } = await import('./exports/openapi-control.ts');
    const { query = [] } = (await rows())[`${call.method} ${call.path}`] ?? {};
    checkParameters(names, [...query, 'account']);
  }
  return next();
};

const foreigner = inputError('foreign_origin', foreignCall);

/** What there is, as the router has it. */
function listCalls({ routes }: Hono): readonly string[] {
  const calls = routes
    .filter(({ method, path }) => method !== 'ALL' && path !== '/')
    .map(({ method, path }) => `${method} /_ctl${path}`);
  return [...new Set(calls)];
}

function parseAdvance(body: Readonly<Record<string, unknown>>): number {
  checkKeys(body, ['advance'], ['advance']);
  const { advance } = body;
  const { ms, refused } = readPositiveDuration(advance);
  if (refused !== undefined)
    throw inputError('invalid_clock', durationRefusal(advance, '"advance"', refused));
  return ms;
}

function describeClock(platform: Platform): { now: string; offset_ms: number } {
  return { now: isoNow(platform), offset_ms: platform.clock.offsetMs() };
}

function isoNow({ clock }: Platform): string {
  return new Date(clock.now()).toISOString();
}
