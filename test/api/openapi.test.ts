import { describe, expect, test } from 'vitest';
import {
  clearAll,
  clearAllBySecret,
  clearOne,
  fetchApiAddresses,
  fetchPushAddresses,
  fetchQuota,
  fetchRequest,
  findOwnAddress,
} from '../../src/api/openapi.ts';
import { apiClient } from '../helpers/api-client.ts';
import { networkError, type FakeAnswer } from '../helpers/fake-fetch.ts';
import { createManualClock } from '../helpers/manual-clock.ts';

const base = 'http://127.0.0.1:8090';
const rid = '6aac005a-01bfdbee-79769285';
const path = '/cgi-bin/menu/create';
const quota = { daily_limit: 1000, used: 3, remain: 997 };
const ok = { body: { errcode: 0, errmsg: 'ok' } };

describe('fetchQuota()', () => {
  const quotaOf = async (body: unknown) => await fetchQuota(apiClient({ body }).client, path);

  test('tells the day and the rate of the path', async () => {
    const rate_limit = { call_count: 50, refresh_second: 60 };
    const { client, fake } = apiClient({ body: { quota, rate_limit } });
    expect(await fetchQuota(client, path)).toEqual({
      path,
      dailyLimit: 1000,
      used: 3,
      remain: 997,
      rate: { calls: 50, seconds: 60 },
    });
    expect(fake.requests[0]).toMatchObject({
      method: 'POST',
      url: `${base}/cgi-bin/openapi/quota/get?access_token=SIM_token`,
      body: `{"cgi_path":"${path}"}`,
    });
  });

  test.each([
    undefined,
    {},
    { call_count: 0, refresh_second: 0 },
    { call_count: 0, refresh_second: 60 },
    { call_count: 50, refresh_second: 0 },
    { call_count: '50', refresh_second: 60 },
    { call_count: 50, refresh_second: 1.5 },
  ])('tells no rate for %j', async (rate_limit) => {
    expect(await quotaOf({ quota, rate_limit })).toEqual({ path, dailyLimit: 1000, used: 3, remain: 997 });
  });

  test('takes 1 a second for a rate, and less than nothing left', async () => {
    const rate_limit = { call_count: 1, refresh_second: 1 };
    expect(await quotaOf({ quota: { ...quota, remain: -2 }, rate_limit })).toMatchObject({
      remain: -2,
      rate: { calls: 1, seconds: 1 },
    });
  });

  test.each([
    {},
    { ...quota, daily_limit: '1000' },
    { ...quota, used: undefined },
    { ...quota, remain: 0.5 },
    { ...quota, remain: 2 ** 53 },
  ])('refuses the quota %j', async (found) => {
    await expect(quotaOf({ quota: found })).rejects.toMatchObject({ type: 'unexpected_answer' });
  });
});

describe('resets', () => {
  test.each([
    ['all', clearAll, 'wx1', '/cgi-bin/clear_quota?access_token=SIM_token', '{"appid":"wx1"}'],
    [
      'one',
      clearOne,
      path,
      '/cgi-bin/openapi/quota/clear?access_token=SIM_token',
      '{"cgi_path":"/cgi-bin/menu/create"}',
    ],
  ])('of %s are posted once', async (_what, clear, about, url, body) => {
    const { client, fake } = apiClient(ok);
    await clear(client, about);
    expect(fake.requests[0]).toMatchObject({ method: 'POST', url: base + url, body });
    const broken = apiClient(networkError('reset', true));
    await expect(clear(broken.client, about)).rejects.toMatchObject({
      facts: { outcome: 'unknown' },
      hint: { en: expect.stringContaining('"wechat-mp quota"') as string },
    });
    expect(broken.fake.requests).toHaveLength(1);
  });

  test('by AppSecret need no token, and say it in query and body', async () => {
    const { client, fake } = apiClient(ok);
    await clearAllBySecret(client, 'wx1', 's1');
    expect(fake.requests[0]).toMatchObject({
      method: 'POST',
      url: `${base}/cgi-bin/clear_quota/v2?appid=wx1&appsecret=s1`,
      body: '{"appid":"wx1","appsecret":"s1"}',
    });
  });
});

describe('addresses of the platform', () => {
  test.each([
    ['API', fetchApiAddresses, '/cgi-bin/get_api_domain_ip'],
    ['pushes', fetchPushAddresses, '/cgi-bin/getcallbackip'],
  ])('of the %s are a list of texts', async (_what, fetchThem, url) => {
    const { client, fake } = apiClient({ body: { ip_list: ['203.0.113.7', '2001:db8::/32'] } });
    expect(await fetchThem(client)).toEqual(['203.0.113.7', '2001:db8::/32']);
    expect(fake.requests[0]).toMatchObject({ method: 'GET', url: `${base}${url}?access_token=SIM_token` });
    for (const list of [undefined, '203.0.113.7', ['203.0.113.7', 7]])
      await expect(fetchThem(apiClient({ body: { ip_list: list } }).client)).rejects.toMatchObject({
        type: 'unexpected_answer',
      });
  });
});

describe('findOwnAddress()', () => {
  const refused = { body: { errcode: 76021, errmsg: `cgi_path not found rid: ${rid}` } };
  const unknown = { body: { errcode: 76001, errmsg: 'rid not found' } };
  const seen = (client_ip: unknown) => ({ body: { errcode: 0, request: { client_ip } } });
  const find = async (...answers: readonly FakeAnswer[]) => {
    const slept: number[] = [];
    const { client, fake } = apiClient(...answers);
    const sleep = async (ms: number) => void slept.push(ms);
    const address = await findOwnAddress(client, { ...createManualClock(0), sleep });
    return { address, slept, asked: fake.requests.map(({ body }) => body) };
  };

  test('asks what the platform refuses, and then where that came from', async () => {
    expect(await find(refused, seen('203.0.113.7'))).toEqual({
      address: '203.0.113.7',
      slept: [],
      asked: ['{"cgi_path":"/cgi-bin/wechat-mp/unknown"}', `{"rid":"${rid}"}`],
    });
  });

  test('gives the platform two seconds to know the request', async () => {
    expect(await find(refused, unknown, unknown, seen('2001:db8::7'))).toMatchObject({
      address: '2001:db8::7',
      slept: [500, 1500],
    });
    expect(await find(refused, unknown, unknown, unknown)).toMatchObject({ address: undefined });
  });

  test.each([
    ['part of it is hidden', [refused, seen('113.xx.70.51')]],
    ['it is not told', [refused, seen(undefined)]],
    ['nothing is refused', [{ body: { quota } }]],
    ['the refusal has no rid', [{ body: { errcode: 76021, errmsg: 'cgi_path not found' } }]],
    ['the rid is of another account', [refused, { body: { errcode: 76002, errmsg: 'no' } }]],
  ])('knows no address where %s', async (_what, answers) => {
    expect(await find(...answers)).toMatchObject({ address: undefined, slept: [] });
  });

  test('throws where calls do not pass', async () => {
    const notAllowed = { body: { errcode: 40164, errmsg: 'invalid ip 203.0.113.7, not in whitelist' } };
    await expect(find(notAllowed)).rejects.toMatchObject({ errcode: 40164, facts: { ip: '203.0.113.7' } });
    await expect(find(refused, notAllowed)).rejects.toMatchObject({ errcode: 40164 });
  });
});

describe('fetchRequest()', () => {
  test('tells what the platform kept', async () => {
    const request = {
      invoke_time: 1714037059,
      cost_in_ms: 30,
      request_url: 'access_token=a',
      request_body: '{}',
      response_body: '{"errcode":1}',
      client_ip: '203.0.113.7',
    };
    const { client, fake } = apiClient({ body: { request } });
    expect(await fetchRequest(client, rid)).toEqual({
      atMs: 1714037059000,
      costMs: 30,
      url: 'access_token=a',
      body: '{}',
      response: '{"errcode":1}',
      ip: '203.0.113.7',
    });
    expect(fake.requests[0]?.url).toBe(`${base}/cgi-bin/openapi/rid/get?access_token=SIM_token`);
  });

  test('has empty texts and no times where it kept none', async () => {
    const request = { invoke_time: '1714037059', cost_in_ms: null, client_ip: 7 };
    expect(await fetchRequest(apiClient({ body: { request } }).client, rid)).toEqual({
      atMs: undefined,
      costMs: undefined,
      url: '',
      body: '',
      response: '',
      ip: '',
    });
    await expect(fetchRequest(apiClient({ body: { request: 'x' } }).client, rid)).rejects.toMatchObject({
      type: 'unexpected_answer',
    });
  });
});
