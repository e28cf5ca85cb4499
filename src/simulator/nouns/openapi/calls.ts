/** openApi 管理 and 网络: quotas, what became of a request (rid), and the platform's addresses. */
import { mayCall } from '../../../core/account/index.ts';
import { own } from '../../../core/text/json-value.ts';
import { addEndpoint, addressOf, createAdder, ok, type ApiApp, type Call } from '../../server/endpoint.ts';
import type { AccountsControl } from '../../account/new-account.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import type { RequestRecord, Requests } from '../../server/requests.ts';
import { stableAMinute, stableTokenPath } from '../token/state.ts';
import type { Traffic } from '../../server/traffic.ts';

/** What the platform answers where it means "as good as no limit" (seen in its example). */
const noLimit = 50_000_000;
const ridForm = /^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/;
const ridLifeMs = 7 * 86_400_000;
/** Both sides of the simulator are on this machine, and say so. */
const addresses = { ip_list: ['127.0.0.1'] };

export function addOpenapiRoutes(
  app: ApiApp,
  { platform, requests }: Traffic,
  accounts: Pick<AccountsControl, 'logs'>,
): void {
  const add = createAdder(app, platform);
  add('GET', 'getcallbackip', () => addresses);
  add('GET', 'get_api_domain_ip', () => addresses);
  add('POST', 'openapi/quota/get', async (call) => {
    const path = await checkPath(call);
    return { ...ok, ...describeQuota(platform, path) };
  });
  add('POST', 'openapi/quota/clear', async (call) => {
    const path = await checkPath(call);
    platform.quota.clear(path);
    return ok;
  });
  add('POST', 'clear_quota', (call) => {
    const appId = own(call.json(), 'appid');
    if (appId === undefined || appId === '') throw new Refusal(41002);
    if (appId !== platform.account.appId) throw new Refusal(40013);
    platform.quota.clearAll();
    return ok;
  });
  addEndpoint(app, platform, {
    method: 'POST',
    path: '/cgi-bin/clear_quota/v2',
    credential: 'own',
    answer: (call) => {
      // Quirk: the documentation's table says body, its example says query; both are taken.
      const { query, address } = call;
      const body = query('appid') === undefined ? call.json() : {};
      const appId = query('appid') ?? own(body, 'appid');
      const secret = query('appsecret') ?? own(body, 'appsecret');
      platform.tokens.authenticate({ appId, secret, address });
      platform.quota.clearAll();
      return ok;
    },
  });
  add('POST', 'openapi/rid/get', (call) => {
    const rid = own(call.json(), 'rid');
    if (typeof rid !== 'string' || !ridForm.test(rid)) throw new Refusal(76002);
    const record = findByRid(requests, rid);
    if (record === undefined) {
      const isOthers = accounts.logs().some((log) => findByRid(log, rid) !== undefined);
      throw new Refusal(isOthers ? 76003 : 76001);
    }
    if (platform.clock.now() - Date.parse(record.at) > ridLifeMs) throw new Refusal(76004);
    const headers = new Headers(requests.find(record.id)?.raw.requestHeaders);
    return { ...ok, request: describeRequest(record, addressOf(headers)) };
  });
}

/** Throws 76022 for what is not the account's to ask, 76021 for a path that the platform does not have. */
async function checkPath(call: Call): Promise<string> {
  const path = own(call.json(), 'cgi_path');
  if (typeof path !== 'string') throw new Refusal(76021);
  if (path.startsWith('/sns/')) throw new Refusal(76022);
  const { platformMethods } = await import('../../catalogue/catalogue.ts');
  if ((await platformMethods(path)).length === 0) throw new Refusal(76021);
  return path;
}

function describeQuota({ quota, settings }: Platform, path: string): Record<string, unknown> {
  const { used, limit } = quota.usage(path);
  // A call that this kind of account may not make has none a day.
  const daily = mayCall(settings.accountType, path) ? Math.min(limit, noLimit) : 0;
  const none = { call_count: 0, refresh_second: 0 };
  return {
    quota: { daily_limit: daily, used, remain: Math.max(0, daily - used) },
    rate_limit: path === stableTokenPath ? { call_count: stableAMinute, refresh_second: 60 } : none,
    component_rate_limit: none,
  };
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
