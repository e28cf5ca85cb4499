/** openApi 管理 and the platform's addresses: what is left of the day's calls, and who is seen from where. */
import { parseIpAddress } from '../core/account/index.ts';
import type { CallUsage } from '../core/catalogue/index.ts';
import { PlatformError } from '../core/errors.ts';
import { isObject, own } from '../core/text/json-value.ts';
import type { Text } from '../core/text/text.ts';
import type { Clock } from '../io/ports.ts';
import { errcodeZero, type Proof } from './answer.ts';
import type { Client } from './client.ts';

/**
 * 查询 API 调用额度: `POST /cgi-bin/openapi/quota/get`. Costs nothing of the quota that it tells.
 * Throws `PlatformError` 76021 for a path that the platform does not have, 76022 for one that it tells nothing about,
 * as those below `/sns/`.
 */
export async function fetchQuota(client: Client, path: string, signal?: AbortSignal): Promise<CallUsage> {
  const usage = await client.call({
    effect: 'read',
    method: 'POST',
    path: '/cgi-bin/openapi/quota/get',
    body: { cgi_path: path },
    proof: usageProof,
    signal,
  });
  return { path, ...usage };
}

const usageProof: Proof<Omit<CallUsage, 'path'>> = {
  wanted: {
    en: 'a "quota" with "daily_limit", "used" and "remain"',
    zh: '含“daily_limit”“used”“remain”的“quota”',
  },
  find: ({ fields }) => {
    const [dailyLimit, used, remain] = ['daily_limit', 'used', 'remain'].map((name) =>
      own(fields['quota'], name),
    );
    if (!isCount(dailyLimit) || !isCount(used) || !isCount(remain)) return undefined;
    const [calls, seconds] = ['call_count', 'refresh_second'].map((name) => own(fields['rate_limit'], name));
    // Quirk: where there is no limit a minute, both are 0.
    const isLimited = isCount(calls) && isCount(seconds) && calls > 0 && seconds > 0;
    return { dailyLimit, used, remain, ...(isLimited ? { rate: { calls, seconds } } : {}) };
  },
};

/** Quirk: statistics are a little off, so that "remain" may fall below 0; that is none left. */
function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value);
}

const lookAgain: Text = {
  en: 'Look at what is left with "wechat-mp quota" before you do it again: resets are few',
  zh: '重复操作前请先用 wechat-mp quota 查看剩余次数：重置次数有限',
};

/** 重置 API 调用次数: `POST /cgi-bin/clear_quota`, all calls of the account. Ten a month with `clearAllBySecret`. */
export async function clearAll(client: Client, appId: string): Promise<void> {
  await client.call({
    effect: 'write',
    method: 'POST',
    path: '/cgi-bin/clear_quota',
    body: { appid: appId },
    proof: errcodeZero,
    check: lookAgain,
  });
}

/**
 * 使用 AppSecret 重置 API 调用次数: `POST /cgi-bin/clear_quota/v2`, for the day on which no token can be had any more.
 * Quirk: the table of the official page has the parameters in the body, its example in the query; both are sent.
 */
export async function clearAllBySecret(client: Client, appId: string, appSecret: string): Promise<void> {
  const parameters = { appid: appId, appsecret: appSecret };
  await client.call({
    effect: 'write',
    method: 'POST',
    path: '/cgi-bin/clear_quota/v2',
    query: parameters,
    body: parameters,
    token: false,
    secrets: [appSecret],
    proof: errcodeZero,
    check: lookAgain,
  });
}

/** 重置指定 API 调用次数: `POST /cgi-bin/openapi/quota/clear`, one call. Fifty a month. */
export async function clearOne(client: Client, path: string): Promise<void> {
  await client.call({
    effect: 'write',
    method: 'POST',
    path: '/cgi-bin/openapi/quota/clear',
    body: { cgi_path: path },
    proof: errcodeZero,
    check: lookAgain,
  });
}

/** 获取微信 API 服务器 IP: `GET /cgi-bin/get_api_domain_ip`, where calls go to. */
export async function fetchApiAddresses(client: Client): Promise<readonly string[]> {
  return await fetchAddresses(client, '/cgi-bin/get_api_domain_ip');
}

/** 获取微信推送服务器 IP: `GET /cgi-bin/getcallbackip`, where pushes come from. Addresses and blocks (CIDR). */
export async function fetchPushAddresses(client: Client): Promise<readonly string[]> {
  return await fetchAddresses(client, '/cgi-bin/getcallbackip');
}

async function fetchAddresses(client: Client, path: string): Promise<readonly string[]> {
  return await client.call({ effect: 'read', method: 'GET', path, proof: addressList });
}

const addressList: Proof<readonly string[]> = {
  wanted: { en: 'an "ip_list"', zh: '“ip_list”列表' },
  find: ({ fields: { ip_list: list } }) =>
    Array.isArray(list) && list.every((entry) => typeof entry === 'string') ? list : undefined,
};

/** No call of the platform, and a path in its form. */
const unknownPath = '/cgi-bin/wechat-mp/unknown';
/** The platform may know a request only a moment after it has answered it. */
const ridDelaysMs = [0, 500, 1500];

/**
 * The address that the platform sees where it lets calls pass: one that it must refuse for what it asks has a rid, and
 * `openapi/rid/get` tells where that came from. `undefined` where the platform does not tell. Throws what any call
 * throws, above all `PlatformError` 40164, which has the address as `facts.ip`.
 * Quirk: that `rid/get` has `client_ip` is documented; how soon after the refusal it has the request is not.
 */
export async function findOwnAddress(
  client: Client,
  clock: Clock,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const rid = await ridOfRefusal(client, signal);
  if (rid === undefined) return undefined;
  for (const delayMs of ridDelaysMs) {
    if (delayMs > 0) await clock.sleep(delayMs, signal);
    try {
      return await fetchClientAddress(client, rid, signal);
    } catch (error) {
      if (!(error instanceof PlatformError) || error.family !== 'api') throw error;
      if (error.errcode !== 76001) return undefined;
    }
  }
  return undefined;
}

async function ridOfRefusal(client: Client, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    await fetchQuota(client, unknownPath, signal);
    return undefined;
  } catch (error) {
    if (error instanceof PlatformError && error.family === 'api') return error.facts.rid;
    throw error;
  }
}

async function fetchClientAddress(
  client: Client,
  rid: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { ip } = await fetchRequest(client, rid, signal);
  // Quirk: the example of the official page hides a part of it: 113.xx.70.51.
  return parseIpAddress(ip) === undefined ? undefined : ip;
}

/** As the platform kept it; the texts may hold secrets. */
export interface KeptRequest {
  readonly atMs: number | undefined;
  readonly costMs: number | undefined;
  /** Path and query, or the query alone. */
  readonly url: string;
  readonly body: string;
  readonly response: string;
  readonly ip: string;
}

/** What became of a request (查询 rid 信息): `POST /cgi-bin/openapi/rid/get`, for 7 days and one's own calls. */
export async function fetchRequest(client: Client, rid: string, signal?: AbortSignal): Promise<KeptRequest> {
  const path = '/cgi-bin/openapi/rid/get';
  return await client.call({ effect: 'read', method: 'POST', path, body: { rid }, proof: kept, signal });
}

const kept: Proof<KeptRequest> = {
  wanted: { en: '"request"', zh: '“request”' },
  find: ({ fields: { request } }) => {
    if (!isObject(request)) return undefined;
    const { invoke_time: seconds, cost_in_ms: cost } = request;
    const text = (name: string): string => (typeof request[name] === 'string' ? request[name] : '');
    return {
      atMs: typeof seconds === 'number' ? seconds * 1000 : undefined,
      costMs: typeof cost === 'number' ? cost : undefined,
      url: text('request_url'),
      body: text('request_body'),
      response: text('response_body'),
      ip: text('client_ip'),
    };
  },
};
