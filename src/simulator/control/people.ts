/** The people of an account: followers, the menu that they see, and those who serve them（客服）. */
import type { Hono } from 'hono/tiny';
import { parseAppId } from '../../core/account/index.ts';
import { inputError } from '../../core/errors.ts';
import type { Platform } from '../account/platform.ts';
import { formatServiceAccount } from '../nouns/kfaccount/calls.ts';
import { actAsWorker, listSessions } from '../nouns/kfsession/view.ts';
import type { Migration } from '../nouns/migration/state.ts';
import { parseConsoleMenu } from '../nouns/menu/view.ts';
import { addPeople, formatFollower, parseFollowerRequest } from '../nouns/user/view.ts';
import type { Follower } from '../nouns/user/state.ts';
import { Refusal } from '../server/refusal.ts';
import type { Control } from './control.ts';
import { checkKeys, nextPage, parseBody, readLimit, refuse, requiredText, type Body } from './input.ts';
import type { MigrationView } from './types/index.ts';
import {
  migrationForm,
  noInvitation,
  noWorker,
  nobodyToGoOnAfter,
  serviceAccountForm,
  unknownServiceAccount,
} from './texts.ts';
import { inTurns } from './turns.ts';

export function addPeopleRoutes(app: Hono, control: Control): void {
  const { platform } = control.traffic;
  app.get('/followers', (context) => {
    const limit = readLimit(context.req.query('limit'), maxListed) ?? maxListed;
    const { total, people, isLast } = pageOfPeople(
      platform.followers.list(),
      context.req.query('after'),
      limit,
    );
    context.header('x-total', String(total));
    if (!isLast) context.header('x-next', nextPage(context.req.url, people.at(-1)?.openId ?? ''));
    return context.json(people.map(formatFollower));
  });
  app.post('/followers', async (context) => {
    const put = await putFollowers(platform, parseBody(await context.req.text()), context.req.url);
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
/** One follower for one, a list for a count; of many the first page, and where the next one is. */
async function putFollowers(platform: Platform, body: Body, url: string): Promise<unknown> {
  const request = parseFollowerRequest(body);
  const { count } = request;
  const listed: Follower[] = [];
  await inTurns(
    addPeople(platform, request, (follower) => {
      if (listed.length < maxListed) listed.push(follower);
    }),
  );
  const people = listed.map(formatFollower);
  if (count === undefined) return people[0];
  if (count <= maxListed) return people;
  return { count, followers: people, next: nextPage(url, listed.at(-1)?.openId ?? '') };
}

/** Everybody from the first one, or after an openid, as far as a page reaches. */
function pageOfPeople(all: readonly Follower[], after: string | undefined, limit: number) {
  const before = after === undefined ? -1 : all.findIndex(({ openId }) => openId === after);
  if (after !== undefined && before === -1) throw inputError('unknown_person', nobodyToGoOnAfter(after));
  const people = all.slice(before + 1, before + 1 + limit);
  return { total: all.length, people, isLast: before + 1 + people.length >= all.length };
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
