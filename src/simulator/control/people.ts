/** The people of an account: followers, the menu that they see, and those who serve them（客服）. */
import type { Hono } from 'hono/tiny';
import { parseAppId } from '../../core/account/index.ts';
import { inputError } from '../../core/errors.ts';
import type { Platform } from '../account/platform.ts';
import { formatServiceAccount } from '../nouns/kfaccount/calls.ts';
import { actAsWorker, listSessions } from '../nouns/kfsession/view.ts';
import type { Migration } from '../nouns/migration/state.ts';
import { parseConsoleMenu } from '../nouns/menu/view.ts';
import { formatFollower, parseFollowerRequest } from '../nouns/user/view.ts';
import type { Follower } from '../nouns/user/state.ts';
import { Refusal } from '../server/refusal.ts';
import type { Control } from './control.ts';
import { checkKeys, parseBody, refuse, requiredText, type Body } from './input.ts';
import type { MigrationView } from './types/index.ts';
import {
  migrationForm,
  noInvitation,
  noWorker,
  nobodyToGoOnAfter,
  serviceAccountForm,
  unknownServiceAccount,
} from './texts.ts';

export function addPeopleRoutes(app: Hono, control: Control): void {
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
  addServiceAccounts(app, platform);
  app.get('/migrations', (context) => context.json(platform.migrations.list().map(formatMigration)));
  app.post('/migrations', async (context) => {
    const { fromAppId, openIds } = parseMigration(parseBody(await context.req.text()));
    const migration = platform.migrations.migrate(fromAppId, openIds);
    control.tell('followers');
    return context.json(formatMigration(migration));
  });
}

/** As many as a test looks at. */
const maxMigrated = 1000;

function parseMigration(body: Body) {
  checkKeys(body, ['from_appid', 'openids'], ['from_appid', 'openids']);
  const { openids } = body;
  const isList = Array.isArray(openids) && openids.length > 0 && openids.length <= maxMigrated;
  if (!isList || !openids.every((openId) => typeof openId === 'string' && openId !== ''))
    return refuse(migrationForm(maxMigrated));
  return { fromAppId: parseAppId(requiredText(body, 'from_appid')), openIds: openids as readonly string[] };
}

function formatMigration({ fromAppId, atMs, openIds }: Migration): MigrationView {
  const people = openIds.map(([ori_openid, new_openid]) => ({ ori_openid, new_openid }));
  return { from_appid: fromAppId, at: new Date(atMs).toISOString(), people };
}

/** More rows than somebody reads; all of a large account would hold up everybody else while they are written. */
const maxListed = 1000;
/** Few enough that the others hardly wait. */
const peopleATurn = 100;

/** One follower for one, a list for a count; of many the first page, and where the next one is. */
async function putFollowers({ followers, tags }: Platform, body: Body): Promise<unknown> {
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
  if (after !== undefined && before === -1) throw inputError('unknown_person', nobodyToGoOnAfter(after));
  const people = all.slice(before + 1, before + 1 + maxListed);
  const isLast = before + 1 + people.length >= all.length;
  return { total: all.length, people, next: isLast ? undefined : pageAfter(people.at(-1)) };
}

function pageAfter(last: Follower | undefined): string {
  return `/_ctl/followers?after=${encodeURIComponent(last?.openId ?? '')}`;
}

/** What people who serve do in their own WeChat: they take invitations, and come and go. `GET /_ctl/kf_accounts`, and `POST` of `{"kf_account","invitation":"accept"|"reject"}` or `{"kf_account","online"}`. */
function addServiceAccounts(app: Hono, platform: Platform): void {
  const list = (url: string): unknown =>
    platform.serviceAccounts.list().map((account) => ({
      ...formatServiceAccount(platform, account, new URL(url).origin),
      online: account.isOnline,
    }));
  app.get('/kf_accounts', (context) => context.json(list(context.req.url)));
  app.post('/kf_accounts', async (context) => {
    changeServiceAccount(platform, parseBody(await context.req.text()));
    return context.json(list(context.req.url));
  });
  app.get('/kf_sessions', (context) => context.json(listSessions(platform)));
  app.post('/kf_sessions', async (context) => {
    await actAsWorker(platform, parseBody(await context.req.text()));
    return context.json(listSessions(platform));
  });
}

function changeServiceAccount({ serviceAccounts }: Platform, body: Body): void {
  checkKeys(body, ['kf_account', 'invitation', 'online']);
  const { kf_account: name, invitation, online } = body;
  const isAnswer = invitation === 'accept' || invitation === 'reject';
  if (isAnswer === (typeof online === 'boolean') || (invitation !== undefined && !isAnswer)) {
    throw inputError('invalid_kf_account', serviceAccountForm);
  }
  try {
    const done = isAnswer
      ? serviceAccounts.answerInvitation(name, invitation === 'accept')
      : serviceAccounts.setOnline(name, online === true);
    if (done) return;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw inputError('unknown_kf_account', unknownServiceAccount(name));
  }
  throw isAnswer ? inputError('no_invitation', noInvitation(name)) : inputError('no_worker', noWorker(name));
}
