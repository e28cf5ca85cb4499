/** 客服账号管理: the accounts in whose name people answer. Sessions with them（客服会话）are not simulated. */
import { own } from '../../../core/text/json-value.ts';
import { addEndpoint, ok, type ApiApp, type Endpoint } from '../../server/endpoint.ts';
import { pictureAddress } from '../media/answers.ts';
import { contentTypes, detectFormat } from '../media/format.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import type { ServiceAccount } from './state.ts';

export function addServiceAccountRoutes(app: ApiApp, platform: Platform): void {
  const add = (method: Endpoint['method'], path: string, answer: Endpoint['answer']): void => {
    addEndpoint(app, platform, { method, path, credential: 'access_token', answer });
  };
  // Quirk: reading is below /cgi-bin/, changing is not.
  add('GET', '/cgi-bin/customservice/getkflist', ({ origin }) => ({
    kf_list: platform.serviceAccounts
      .list()
      .map((account) => formatServiceAccount(platform, account, origin)),
  }));
  add('GET', '/cgi-bin/customservice/getonlinekflist', () => ({
    kf_online_list: platform.serviceAccounts
      .list()
      .filter(({ isOnline }) => isOnline)
      // 1 is the web client. Nobody has taken a case: there are no sessions.
      .map(({ name, id }) => ({ kf_account: name, status: 1, kf_id: String(id), accepted_case: 0 })),
  }));
  add('POST', '/customservice/kfaccount/add', (call) => {
    const body = call.json();
    platform.serviceAccounts.add(own(body, 'kf_account'), own(body, 'nickname'));
    return ok;
  });
  add('POST', '/customservice/kfaccount/update', (call) => {
    const body = call.json();
    platform.serviceAccounts.rename(own(body, 'kf_account'), own(body, 'nickname'));
    return ok;
  });
  // Quirk: a POST with a body on the page of today, a GET with the query on the older one; clients of both kinds work.
  add('any', '/customservice/kfaccount/del', ({ query, json }) => {
    platform.serviceAccounts.delete(query('kf_account') ?? own(json(), 'kf_account'));
    return ok;
  });
  add('POST', '/customservice/kfaccount/uploadheadimg', (call) => {
    const { name } = platform.serviceAccounts.find(call.query('kf_account'));
    const { fileName = '', bytes } = call.file('media');
    const format = detectFormat(bytes);
    if (format !== 'jpg' && format !== 'png') throw new Refusal(40005);
    const file = { fileName, contentType: contentTypes[format], bytes };
    platform.serviceAccounts.setPicture(name, platform.media.addArticlePicture(file).key);
    return ok;
  });
  add('POST', '/customservice/kfaccount/inviteworker', (call) => {
    const body = call.json();
    platform.serviceAccounts.invite(own(body, 'kf_account'), own(body, 'invite_wx'));
    return ok;
  });
}

/** As `getkflist` tells it: the person who serves, or the one who has been asked to. */
export function formatServiceAccount(
  { serviceAccounts }: Platform,
  { name, nickname, id, picture, worker, invitation }: ServiceAccount,
  origin: string,
): Record<string, unknown> {
  return {
    kf_account: name,
    kf_nick: nickname,
    kf_id: String(id),
    kf_headimgurl: picture === undefined ? '' : pictureAddress(origin, { key: picture }),
    ...(worker !== undefined && { kf_wx: worker }),
    ...(invitation !== undefined && {
      invite_wx: invitation.weChatId,
      invite_expire_time: Math.floor(invitation.expiresAtMs / 1000),
      invite_status: serviceAccounts.invitationState(invitation),
    }),
  };
}

/** Who speaks in a customer message, where it names somebody（customservice）. Throws 47001 or 65401. */
export function checkSpeaker({ serviceAccounts }: Platform, body: unknown): void {
  const speaker = own(body, 'customservice');
  if (speaker === undefined) return;
  const name = own(speaker, 'kf_account');
  if (typeof name !== 'string') throw new Refusal(47001);
  serviceAccounts.find(name);
}
