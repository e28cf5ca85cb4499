/** What people who serve do in their own WeChat: they take invitations, and come and go. */
import type { Hono } from 'hono/tiny';
import { inputError } from '../../core/errors.ts';
import type { Platform } from '../account/platform.ts';
import { Refusal } from '../server/refusal.ts';
import { formatServiceAccount } from '../nouns/kfaccount/calls.ts';
import { checkKeys, parseBody } from './input.ts';

/** `GET /_ctl/kf_accounts`, and `POST` of `{"kf_account","invitation":"accept"|"reject"}` or `{"kf_account","online"}`. */
export function addServiceAccountControl(app: Hono, platform: Platform): void {
  const list = (url: string): unknown =>
    platform.serviceAccounts.list().map((account) => ({
      ...formatServiceAccount(platform, account, new URL(url).origin),
      online: account.isOnline,
    }));
  app.get('/kf_accounts', (context) => context.json(list(context.req.url)));
  app.post('/kf_accounts', async (context) => {
    change(platform, parseBody(await context.req.text()));
    return context.json(list(context.req.url));
  });
}

function change({ serviceAccounts }: Platform, body: Readonly<Record<string, unknown>>): void {
  checkKeys(body, ['kf_account', 'invitation', 'online']);
  const { kf_account: name, invitation, online } = body;
  const isAnswer = invitation === 'accept' || invitation === 'reject';
  if (isAnswer === (typeof online === 'boolean') || (invitation !== undefined && !isAnswer)) {
    throw inputError('invalid_kf_account', {
      en: 'The body must be {"kf_account","invitation":"accept"} or "reject", or {"kf_account","online":true} or false',
      zh: '请求体应为 {"kf_account","invitation":"accept"}（或 "reject"），或 {"kf_account","online":true}（或 false）',
    });
  }
  try {
    const done = isAnswer
      ? serviceAccounts.answerInvitation(name, invitation === 'accept')
      : serviceAccounts.setOnline(name, online === true);
    if (done) return;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw inputError('unknown_kf_account', {
      en: `There is no customer-service account ${JSON.stringify(name)}`,
      zh: `没有客服账号 ${JSON.stringify(name)}`,
    });
  }
  throw isAnswer
    ? inputError('no_invitation', {
        en: `No invitation waits for ${JSON.stringify(name)}; POST /customservice/kfaccount/inviteworker makes one`,
        zh: `客服账号 ${JSON.stringify(name)} 没有待确认的邀请；可用 POST /customservice/kfaccount/inviteworker 发起`,
      })
    : inputError('no_worker', {
        en: `Nobody serves as ${JSON.stringify(name)} yet: an invitation must be accepted first`,
        zh: `客服账号 ${JSON.stringify(name)} 尚未绑定微信号：须先接受邀请`,
      });
}
