import type { Simulated } from '../simulated.ts';
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

/** 数据分析 and 客服账号管理. */
export const figuresSamples: Samples = {
  '/cgi-bin/customservice/getkflist': { before: employ },
  '/cgi-bin/customservice/getonlinekflist': { before: employ },
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
