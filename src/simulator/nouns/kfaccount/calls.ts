/** 客服账号管理: the accounts in whose name people answer. Their sessions are in `kfsession`. */
import { defined } from '../../../core/text/defined.ts';
import { isObject, own } from '../../../core/text/json-value.ts';
import { get, getOrPost, inBody, inQuery, post, unlessInQuery, upload } from '../../server/endpoint.ts';
import { pictureAddress } from '../media/view.ts';
import { contentTypes, detectFormat } from '../media/state.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import type { ServiceAccount } from './state.ts';

// Quirk: reading is below /cgi-bin/, changing is not.
export const calls = [
  get('/cgi-bin/customservice/getkflist', {
    answer: (_, platform, { origin }) => ({
      kf_list: platform.serviceAccounts
        .list()
        .map((account) => formatServiceAccount(platform, account, origin)),
    }),
  }),
  get('/cgi-bin/customservice/getonlinekflist', {
    answer: (_, { serviceAccounts, serviceSessions }) => ({
      kf_online_list: serviceAccounts
        .list()
        .filter(({ isOnline }) => isOnline)
        .map(({ name, id }) => ({
          kf_account: name,
          // The web client.
          status: 1,
          kf_id: String(id),
          accepted_case: serviceSessions.list().filter(({ account }) => account === name).length,
        })),
    }),
  }),
  post('/customservice/kfaccount/add', {
    reads: inBody('kf_account', 'nickname'),
    answer: ({ kf_account: name, nickname }, { serviceAccounts }) => serviceAccounts.add(name, nickname),
  }),
  post('/customservice/kfaccount/update', {
    reads: inBody('kf_account', 'nickname'),
    answer: ({ kf_account: name, nickname }, { serviceAccounts }) => serviceAccounts.rename(name, nickname),
  }),
  // Quirk: a POST with a body on the page of today, a GET with the query on the older one; clients of both kinds work.
  getOrPost('/customservice/kfaccount/del', {
    reads: unlessInQuery('kf_account'),
    answer({ kf_account }, { serviceAccounts, serviceSessions }) {
      const { name } = serviceAccounts.find(kf_account);
      serviceAccounts.delete(name);
      serviceSessions.dropAccount(name);
    },
  }),
  post('/customservice/kfaccount/uploadheadimg', {
    reads: { ...inQuery('kf_account'), ...upload('media', { accept: 'image/jpeg,image/png' }) },
    fills: { kf_account: { value: 'test1@test' } },
    answer(fields, { serviceAccounts, media }) {
      const { name } = serviceAccounts.find(fields.kf_account);
      const { fileName = '', bytes } = fields.media();
      const format = detectFormat(bytes);
      if (format !== 'jpg' && format !== 'png') throw new Refusal(40005);
      const picture = { fileName, contentType: contentTypes[format], bytes };
      serviceAccounts.setPicture(name, media.addArticlePicture(picture).key);
    },
  }),
  post('/customservice/kfaccount/inviteworker', {
    reads: inBody('kf_account', 'invite_wx'),
    answer: ({ kf_account: name, invite_wx: weChatId }, { serviceAccounts }) =>
      serviceAccounts.invite(name, weChatId),
  }),
];

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
    ...defined({ kf_wx: worker }),
    ...(invitation !== undefined && {
      invite_wx: invitation.weChatId,
      invite_expire_time: Math.floor(invitation.expiresAtMs / 1000),
      invite_status: serviceAccounts.invitationState(invitation),
    }),
  };
}

/** Who speaks in a customer message, where it names somebody（customservice）. Throws 47001 or 65401. */
export function checkSpeaker({ serviceAccounts }: Platform, body: unknown): void {
  const speaker = own(body, 'customservice') ?? {};
  if (!isObject(speaker)) throw new Refusal(47001);
  const { kf_account: name } = speaker;
  if (name === undefined) return;
  if (typeof name !== 'string') throw new Refusal(47001);
  serviceAccounts.find(name);
}
