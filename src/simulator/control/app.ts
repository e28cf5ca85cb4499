/** The control side, `/_ctl/…`: what a test or the page asks of the simulator itself. */
import { Hono } from 'hono/tiny';
import type { MiddlewareHandler } from 'hono';
import { durationRefusal, readPositiveDuration } from '../../core/text/duration.ts';
import { inputError, WechatMpError } from '../../core/errors.ts';
import { formatAccount, parseNewAccount, type AccountsControl } from '../account/new-account.ts';
import { formatFault, parseFault } from '../server/faults/fault.ts';
import type { Control } from './control.ts';
import { parseBody } from './input.ts';
import { addRoutes, type ControlAppOptions } from './routes.ts';
import { addServiceAccountControl } from './service-accounts.ts';
import { parseConsoleMenu } from '../nouns/menu/console-menu.ts';
import { formatFollower, parseFollowerRequest } from '../nouns/user/follower.ts';
import type { Follower } from '../nouns/user/follower.ts';
import { isForeign } from '../server/foreigners.ts';
import type { Platform } from '../account/platform.ts';
import { changeSettings, formatSettings } from '../account/settings.ts';

/** Mounted at `/_ctl`. Errors are `{"error":{type, message, message_zh}}` with a fitting HTTP status. */
export function createControlApp(options: ControlAppOptions): Hono {
  const { control } = options;
  const app = new Hono();
  app.use('*', refuseForeigners);
  addOverview(app, options);
  addAccounts(app, options.accounts);
  addSwitches(app, control);
  addPeople(app, control);
  addServiceAccountControl(app, control.traffic.platform);
  addRoutes(app, options);
  app.all('*', (context) => context.json(formatError(unknownControl(app)), 404));
  app.onError((error, context) => {
    if (error instanceof WechatMpError) return context.json(formatError(error), 400);
    throw error;
  });
  return app;
}

function addOverview(app: Hono, { control, accounts }: ControlAppOptions): void {
  const { platform, requests } = control.traffic;
  app.get('/health', (context) =>
    context.json({
      ok: true,
      name: 'wechat-mp-simulator',
      appid: platform.account.appId,
      now: isoNow(platform),
    }),
  );
  app.get('/state', (context) => context.json(control.state()));
  app.get('/requests', (context) => context.json(requests.list()));
  app.post('/reset', (context) => {
    if (context.req.query('account') === undefined) accounts.resetAll();
    else control.reset();
    return context.json({ ok: true });
  });
}

function addAccounts(app: Hono, accounts: AccountsControl): void {
  app.get('/accounts', (context) => {
    const how = context.req.query('secrets') === 'show' ? 'whole' : 'shortened';
    return context.json(accounts.accounts().map((account) => formatAccount(account, how)));
  });
  app.post('/accounts', async (context) => {
    const body = parseBody(await context.req.text(), { optional: true });
    // Whoever makes an account has to know its secrets.
    return context.json(formatAccount(accounts.add(parseNewAccount(body)), 'whole'));
  });
  app.delete('/accounts/:appid', (context) => {
    accounts.remove(context.req.param('appid'));
    return context.json({ ok: true });
  });
}

function addSwitches(app: Hono, control: Control): void {
  const { platform, faults } = control.traffic;
  app.get('/faults', (context) => context.json(faults.list().map(formatFault)));
  app.post('/faults', async (context) => {
    const fault = parseFault(parseBody(await context.req.text()));
    faults.add(fault);
    control.tell('faults');
    return context.json(formatFault(fault));
  });
  app.delete('/faults', (context) => {
    faults.clear();
    control.tell('faults');
    return context.json([]);
  });
  app.get('/clock', (context) => context.json(describeClock(platform)));
  app.post('/clock', async (context) => {
    platform.clock.advance(parseAdvance(parseBody(await context.req.text())));
    control.tell('clock');
    return context.json(describeClock(platform));
  });
  app.get('/settings', (context) => context.json(formatSettings(platform.settings)));
  app.post('/settings', async (context) => {
    changeSettings(platform.settings, parseBody(await context.req.text()));
    control.tell('settings');
    return context.json(formatSettings(platform.settings));
  });
}

function addPeople(app: Hono, control: Control): void {
  const { platform } = control.traffic;
  app.get('/followers', (context) => {
    const page = pageOfPeople(platform.followers.list(), context.req.query('after'));
    context.header('x-total', String(page.total));
    if (page.next !== undefined) context.header('x-next', page.next);
    return context.json(page.people.map(formatFollower));
  });
  app.post('/followers', async (context) => {
    const put = await putFollowers(platform, parseBody(await context.req.text()));
    control.tell('followers');
    return context.json(put);
  });
  app.get('/menu', (context) => context.json(platform.menu.snapshot()));
  app.post('/menu', async (context) => {
    platform.menu.editOnConsole(parseConsoleMenu(parseBody(await context.req.text())));
    control.tell('menu');
    return context.json(platform.menu.snapshot());
  });
}

/** A web page that somebody is looking at must not drive the simulator. */
const refuseForeigners: MiddlewareHandler = async (context, next) =>
  isForeign(context.req.raw) ? context.json(formatError(foreigner), 403) : next();

const foreigner = inputError('foreign_origin', {
  en: 'Control calls must come from this machine: a loopback "Host" and no foreign "Origin"',
  zh: '控制接口只接受本机请求：“Host”必须是回环地址，且“Origin”不能来自其他网站',
});

/** Names what there is, as the router has it. */
function unknownControl({ routes }: Hono): WechatMpError {
  const calls = routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path}`);
  const list = [...new Set(calls)].map((call) => call.replace(' ', ' /_ctl'));
  return inputError('unknown_control', {
    en: `There is no such control call; there are ${list.join(', ')}`,
    zh: `没有这个控制接口；可用的有 ${list.join('、')}`,
  });
}

export function formatError({ type, text }: WechatMpError): { error: Record<string, string> } {
  return { error: { type, message: text.en, message_zh: text.zh } };
}

function parseAdvance(body: Readonly<Record<string, unknown>>): number {
  const { advance, ...rest } = body;
  if (advance === undefined || Object.keys(rest).length > 0) {
    throw inputError('invalid_clock', {
      en: 'The body must be {"advance":"2h"}, and nothing else',
      zh: '请求体只能是 {"advance":"2h"}',
    });
  }
  const { ms, refused } = readPositiveDuration(advance);
  if (refused !== undefined)
    throw inputError('invalid_clock', durationRefusal(advance, '"advance"', refused));
  return ms;
}

/** More rows than somebody reads; all of a large account would hold up everybody else while they are written. */
const maxListed = 1000;
/** Few enough that the others hardly wait. */
const peopleATurn = 100;

/** One follower for one, a list for a count; of many the first page, and where the next one is. */
async function putFollowers(
  { followers, tags }: Platform,
  body: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const { openId, change, count } = parseFollowerRequest(body);
  tags.ensure(change.tagIds ?? []);
  if (count === undefined) return formatFollower(followers.put(openId, change));
  const listed: Follower[] = [];
  for (let made = 0; made < count; made += 1) {
    // Others are answered in between.
    if (made > 0 && made % peopleATurn === 0) await new Promise((resolve) => setImmediate(resolve));
    const follower = followers.put(openId, change);
    if (made < maxListed) listed.push(follower);
  }
  const people = listed.map(formatFollower);
  if (count <= maxListed) return people;
  return { count, followers: people, next: pageAfter(listed.at(-1)) };
}

/** Everybody from the first one, or after an openid, as far as a page reaches. */
function pageOfPeople(all: readonly Follower[], after: string | undefined) {
  const before = after === undefined ? -1 : all.findIndex(({ openId }) => openId === after);
  if (after !== undefined && before === -1) {
    throw inputError('unknown_person', {
      en: `There is nobody with the openid "${after}" to go on after`,
      zh: `没有 openid 为“${after}”的用户，无法从其后继续`,
    });
  }
  const people = all.slice(before + 1, before + 1 + maxListed);
  const isLast = before + 1 + people.length >= all.length;
  return { total: all.length, people, next: isLast ? undefined : pageAfter(people.at(-1)) };
}

function pageAfter(last: Follower | undefined): string {
  return `/_ctl/followers?after=${encodeURIComponent(last?.openId ?? '')}`;
}

function describeClock(platform: Platform): { now: string; offset_ms: number } {
  return { now: isoNow(platform), offset_ms: platform.clock.offsetMs() };
}

function isoNow({ clock }: Platform): string {
  return new Date(clock.now()).toISOString();
}
