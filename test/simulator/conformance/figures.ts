import { startMs, type Simulated } from '../simulated.ts';
import { post, type Sample, type Samples } from './sample.ts';

const yesterday = { begin_date: '2026-01-14', end_date: '2026-01-14' };
const lastMonth = { begin_date: '2025-12-01', end_date: '2025-12-30' };
const sample = (body: object): Sample => ({ body });

const accountName = 'test1@test';
const kfAccount = { kf_account: accountName };
const addAccount = post('/customservice/kfaccount/add', { ...kfAccount, nickname: 'ntest1' });

/** One account with somebody who serves, and one whose invitation waits. */
async function employ(world: Simulated): Promise<void> {
  await addAccount(world);
  await invite(world, accountName);
  await world.ask('POST', '/_ctl/kf_accounts', { ...kfAccount, invitation: 'accept' });
  await world.ask('POST', '/_ctl/kf_accounts', { ...kfAccount, online: true });
  await post('/customservice/kfaccount/add', { kf_account: 'test3@test', nickname: 'ntest3' })(world);
  await invite(world, 'test3@test');
}

const invite = (world: Simulated, account: string): Promise<unknown> =>
  post('/customservice/kfaccount/inviteworker', {
    kf_account: account,
    invite_wx: `wx_${account.slice(0, 5)}`,
  })(world);

/** Two people: one whom `test1@test` serves and has spoken to, and one who waits. */
async function serve(world: Simulated): Promise<void> {
  await employ(world);
  await post('/customservice/kfsession/create', { ...kfAccount, openid: 'o1' })(world);
  await world.ask('POST', '/_ctl/kf_sessions', { openid: 'o1', say: '您好' });
}

const seconds = startMs / 1000;
const span = { starttime: seconds - 60, endtime: seconds + 60 };

/** 数据分析, 客服账号管理, 客服会话 and 聊天记录. */
export const figuresSamples: Samples = {
  '/cgi-bin/customservice/getkflist': { before: employ },
  '/cgi-bin/customservice/getonlinekflist': { before: employ },
  '/customservice/kfsession/create': { before: employ, body: { ...kfAccount, openid: 'o1' } },
  '/customservice/kfsession/close': { before: serve, body: { ...kfAccount, openid: 'o1' } },
  '/customservice/kfsession/getsession': { before: serve, query: '?openid=o1' },
  '/customservice/kfsession/getsessionlist': { before: serve, query: `?kf_account=${accountName}` },
  // Whoever waits was handed over by a server: its answer with people in it is in the test of its noun.
  '/customservice/kfsession/getwaitcase': {},
  '/customservice/msgrecord/getmsglist': { before: serve, body: { ...span, msgid: 1, number: 10_000 } },
  '/customservice/msgrecord/getrecord': { before: serve, body: { ...span, pageindex: 1, pagesize: 10 } },
  '/customservice/kfaccount/add': { body: { ...kfAccount, nickname: '客服1' } },
  '/customservice/kfaccount/update': { before: addAccount, body: { ...kfAccount, nickname: '客服2' } },
  '/customservice/kfaccount/del': { before: addAccount, query: `?kf_account=${accountName}` },
  '/customservice/kfaccount/inviteworker': {
    before: addAccount,
    body: { ...kfAccount, invite_wx: 'test_kfwx' },
  },
  '/customservice/kfaccount/uploadheadimg': {
    call: async (world) => {
      await addAccount(world);
      const form = new FormData();
      form.append('media', new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0xe0])]), 'head.jpg');
      const request = new Request('http://x/', { method: 'POST', body: form });
      const path = await world.path(`/customservice/kfaccount/uploadheadimg?kf_account=${accountName}`);
      const type = request.headers.get('content-type') ?? '';
      return world.ask('POST', path, new Uint8Array(await request.arrayBuffer()), { 'content-type': type });
    },
  },
  ...Object.fromEntries(
    [
      'getusersummary',
      'getusercumulate',
      'getarticlesummary',
      'getarticletotal',
      'getuserread',
      'getuserreadhour',
      'getusershare',
      'getusersharehour',
      'getarticleread',
      'getarticleshare',
      'getbizsummary',
      'getarticletotaldetail',
      'getupstreammsg',
      'getupstreammsghour',
      'getupstreammsgdist',
      'getinterfacesummary',
      'getinterfacesummaryhour',
    ].map((name) => [`/datacube/${name}`, sample(yesterday)]),
  ),
  ...Object.fromEntries(
    ['getupstreammsgweek', 'getupstreammsgmonth', 'getupstreammsgdistweek', 'getupstreammsgdistmonth'].map(
      (name) => [`/datacube/${name}`, sample(lastMonth)],
    ),
  ),
};
