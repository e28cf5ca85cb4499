/** 客服会话控制 and 聊天记录: sessions between people and those who serve them. */
import { get, inBody, inQuery, post } from '../../server/endpoint.ts';
import { Refusal } from '../../server/refusal.ts';
import { readWhole } from '../../server/wire.ts';
import type { Platform } from '../../account/platform.ts';
import { findFollower, findPerson } from '../user/state.ts';
import { isSpoken, type ServiceRecord } from './state.ts';

/** How many cases getwaitcase tells at once. */
const maxWaitingTold = 100;
const maxSpanSeconds = 86_400;
const maxRecords = 10_000;
/** Of the call of before. */
const maxPageSize = 50;

const accountExample = { kf_account: { value: 'test1@test' } };

export const calls = [
  post('/customservice/kfsession/create', {
    reads: inBody('kf_account', 'openid'),
    answer({ kf_account: name, openid }, { serviceAccounts, serviceSessions, followers }) {
      serviceAccounts.find(name);
      serviceSessions.create(name, findFollower(followers, openid).openId);
    },
  }),
  post('/customservice/kfsession/close', {
    reads: inBody('kf_account', 'openid'),
    answer({ kf_account: name, openid }, { serviceAccounts, serviceSessions, followers }) {
      serviceAccounts.find(name);
      serviceSessions.close(name, findPerson(followers, openid).openId);
    },
  }),
  get('/customservice/kfsession/getsession', {
    reads: inQuery('openid'),
    answer({ openid }, { serviceSessions, followers }) {
      const session = serviceSessions.find(findPerson(followers, openid).openId);
      // Quirk: no session is an empty account, and no refusal.
      return { createtime: seconds(session?.sinceMs ?? 0), kf_account: session?.account ?? '' };
    },
  }),
  get('/customservice/kfsession/getsessionlist', {
    reads: inQuery('kf_account'),
    fills: accountExample,
    answer(fields, { serviceAccounts, serviceSessions }) {
      const { name } = serviceAccounts.find(fields.kf_account);
      const own = serviceSessions.list().filter(({ account }) => account === name);
      return {
        sessionlist: own.map(({ openId, sinceMs }) => ({ createtime: seconds(sinceMs), openid: openId })),
      };
    },
  }),
  get('/customservice/kfsession/getwaitcase', {
    answer(_, { serviceSessions }) {
      const waiting = serviceSessions.waiting();
      return {
        count: waiting.length,
        waitcaselist: waiting
          .slice(0, maxWaitingTold)
          .map(({ openId, latestAtMs }) => ({ latest_time: seconds(latestAtMs), openid: openId })),
      };
    },
  }),
  post('/customservice/msgrecord/getmsglist', {
    reads: inBody('starttime', 'endtime', 'msgid', 'number'),
    answer(fields, platform) {
      const [after, most] = [readWhole(fields.msgid), readWhole(fields.number)];
      if (after === undefined || most === undefined || most < 1 || most > maxRecords)
        throw new Refusal(65416);
      const said = recordsOf(platform, fields).filter((each) => isSpoken(each) && each.id > after);
      const told = said.slice(0, most);
      // Quirk: where as many come as were asked for, the next call begins with this id.
      return { recordlist: told.map(formatRecord), number: told.length, msgid: told.at(-1)?.id ?? after };
    },
  }),
  // The call of before: with what became of the sessions, page by page.
  post('/customservice/msgrecord/getrecord', {
    reads: inBody('starttime', 'endtime', 'pageindex', 'pagesize'),
    answer(fields, platform) {
      const [page, size] = [readWhole(fields.pageindex), readWhole(fields.pagesize)];
      if (page === undefined || page < 1 || size === undefined || size < 1 || size > maxPageSize)
        throw new Refusal(65416);
      const records = recordsOf(platform, fields).slice((page - 1) * size, page * size);
      return { recordlist: records.map(formatRecord) };
    },
  }),
];

/** Throws 65416 for times that are none, 65417 for more than a day. */
function recordsOf(
  { serviceSessions }: Platform,
  { starttime, endtime }: { readonly starttime: unknown; readonly endtime: unknown },
): readonly ServiceRecord[] {
  const [start, end] = [readWhole(starttime), readWhole(endtime)];
  if (start === undefined || end === undefined || end < start) throw new Refusal(65416);
  if (end - start > maxSpanSeconds) throw new Refusal(65417);
  return serviceSessions.recordsBetween(start, end);
}

function formatRecord({ openId, operation, text, atMs, account }: ServiceRecord): Record<string, unknown> {
  return { openid: openId, opercode: operation, text, time: seconds(atMs), worker: account };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
