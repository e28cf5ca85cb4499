/** openApi 管理 and 网络: quotas, what became of a request (rid), and the platform's addresses. */
import { mayCall } from '../../../core/account/index.ts';
import { callQuotas, findKnownCalls } from '../../../core/catalogue/index.ts';
import { own } from '../../../core/text/json-value.ts';
import { addressOf } from '../../server/call.ts';
import { get, inBody, inQuery, ok, post } from '../../server/endpoint.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import type { RequestRecord } from '../../control/types/index.ts';
import type { Requests } from '../../server/requests.ts';
import { stableAMinute, stableTokenPath } from '../token/state.ts';

/** What the platform answers where it means "as good as no limit" (seen in its example). */
const noLimit = 50_000_000;
const ridForm = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/;
const ridLifeMs = 7 * 86_400_000;
/** Both sides of the simulator are on this machine, and say so. */
const addresses = { ip_list: ['127.0.0.1'] };

export const calls = [
  get('/cgi-bin/getcallbackip', { answer: () => addresses }),
  get('/cgi-bin/get_api_domain_ip', { answer: () => addresses }),
  post('/cgi-bin/openapi/quota/get', {
    reads: inBody('cgi_path'),
    async answer(fields, platform) {
      const path = await checkPath(fields.cgi_path);
      return { ...ok, ...describeQuota(platform, path) };
    },
  }),
  post('/cgi-bin/openapi/quota/clear', {
    reads: inBody('cgi_path'),
    async answer(fields, platform) {
      const path = await checkPath(fields.cgi_path);
      platform.quota.clear(path);
    },
  }),
  post('/cgi-bin/clear_quota', {
    reads: inBody('appid'),
    answer({ appid }, { account, quota }) {
      if (appid === undefined || appid === '') throw new Refusal(41002);
      if (appid !== account.appId) throw new Refusal(40013);
      quota.clearAll();
    },
  }),
  post('/cgi-bin/clear_quota/v2', {
    credential: 'own',
    reads: inQuery('appid', 'appsecret'),
    answer(fields, { quota, tokens }, call) {
      // Quirk: the documentation's table says body, its example says query; both are taken.
      const given = fields.appid === undefined ? call.json() : {};
      const appId = fields.appid ?? own(given, 'appid');
      const secret = fields.appsecret ?? own(given, 'appsecret');
      tokens.authenticate({ appId, secret, address: call.address });
      quota.clearAll();
    },
  }),
  post('/cgi-bin/openapi/rid/get', {
    reads: inBody('rid'),
    answer({ rid }, { clock }, _, { requests, accounts }) {
      if (typeof rid !== 'string' || !ridForm.test(rid)) throw new Refusal(76002);
      const record = findByRid(requests, rid);
      if (record === undefined) {
        const isOthers = accounts.logs().some((log) => findByRid(log, rid) !== undefined);
        throw new Refusal(isOthers ? 76003 : 76001);
      }
      if (clock.now() - Date.parse(record.at) > ridLifeMs) throw new Refusal(76004);
      const headers = new Headers(requests.find(record.id)?.raw.requestHeaders);
      return { ...ok, request: describeRequest(record, addressOf(headers)) };
    },
  }),
];

/** Throws 76022 for what is not the account's to ask, 76021 for a path that the platform does not have. */
async function checkPath(path: unknown): Promise<string> {
  if (typeof path !== 'string') throw new Refusal(76021);
  if (path.startsWith('/sns/')) throw new Refusal(76022);
  if ((await findKnownCalls(path)).length === 0) throw new Refusal(76021);
  return path;
}

function describeQuota({ quota, settings }: Platform, path: string): Record<string, unknown> {
  const { used, limit } = quota.usage(path);
  const none = { call_count: 0, refresh_second: 0 };
  return {
    quota: mayCall(settings.accountType, path) ? countsOf(path, used, limit) : notOpen,
    rate_limit: path === stableTokenPath ? { call_count: stableAMinute, refresh_second: 60 } : none,
    component_rate_limit: none,
  };
}

/** A call that this kind of account may not make has none a day. */
const notOpen = { daily_limit: 0, used: 0, remain: 0 };

/** A limit of 0 in the settings is a day on which none is left: those of the platform's figure are used. */
function countsOf(path: string, used: number, limit: number): Record<string, number> {
  if (limit === 0) {
    const daily = callQuotas[path]?.day ?? noLimit;
    return { daily_limit: daily, used: daily, remain: 0 };
  }
  const daily = Math.min(limit, noLimit);
  return { daily_limit: daily, used, remain: Math.max(0, daily - used) };
}

function findByRid(requests: Requests, rid: string): RequestRecord | undefined {
  return requests.list().find(({ response }) => ridOf(response) === rid);
}

function ridOf(response: unknown): string | undefined {
  const errmsg = own(response, 'errmsg');
  return typeof errmsg === 'string' ? / rid: ([0-9a-f-]{26})$/.exec(errmsg)?.[1] : undefined;
}

/** Secrets are shortened, as in the log. A simulated call takes no time worth naming. */
function describeRequest({ at, query, body, response }: RequestRecord, address: string): unknown {
  return {
    invoke_time: Math.floor(Date.parse(at) / 1000),
    cost_in_ms: 0,
    request_url: Object.entries(query)
      .map(([name, value]) => `${name}=${value}`)
      .join('&'),
    request_body: asText(body),
    response_body: asText(response),
    client_ip: address,
  };
}

function asText(value: unknown): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
