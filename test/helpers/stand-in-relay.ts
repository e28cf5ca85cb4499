/** A relay as its protocol describes it, around the simulator of a fake world: what clients say and understand. */
import type { Fetch, HttpRequest, HttpResponse } from '../../src/io/ports.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { simulatorBase, throughSimulator } from './through-simulator.ts';

export const relayBase = 'https://relay.example.com';
export const relayKey = 'laptop-key-0123456789';

export interface StandIn {
  /** As the key file has them. */
  readonly prefixes?: readonly string[];
  readonly accounts?: readonly string[];
  readonly readOnly?: boolean;
  /** Answers in place of the relay, where it answers anything. */
  readonly answer?: (request: HttpRequest) => HttpResponse | undefined;
}

export const json = (value: unknown, word: string, status = 200): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'wechat-mp-relay': word },
  body: Buffer.from(JSON.stringify(value)),
});

export const refusal = (type: string, status: number, more: Readonly<Record<string, unknown>> = {}) =>
  json(
    { error: { type, message: 'no', retryable: false, ...more }, errcode: -1, errmsg: 'no' },
    type,
    status,
  );

/** Sends nothing to any other host; each request without the key is refused. */
export function standInRelay(simulator: () => Simulator, options: StandIn = {}): Fetch {
  let token: string | undefined;
  const { prefixes, readOnly = false } = options;
  return async (request) => {
    const url = new URL(request.url);
    if (url.origin !== relayBase) throw new Error(`past the relay: ${url.origin}`);
    const own = options.answer?.(request);
    if (own !== undefined) return own;
    const { account } = simulator();
    const accounts = options.accounts ?? [account.appId];
    const given = request.headers?.['authorization'];
    if (given !== `Bearer ${relayKey}`)
      return refusal(given === undefined ? 'relay_key_missing' : 'relay_key_invalid', 401);
    const [, named, path = ''] = /^(?:\/(wx[0-9a-f]{16}))?(\/.*)$/.exec(url.pathname) ?? [];
    if (named !== undefined && !accounts.includes(named)) return refusal('relay_account_unknown', 403);
    if (path === '/healthz')
      return json(
        { ok: true, client: 'laptop', accounts, prefixes: prefixes ?? null, read_only: readOnly },
        'answered',
      );
    if (named === undefined && accounts.length > 1) return refusal('relay_account_missing', 400);
    const isOwn = path === '/token' || path === '/ticket';
    const may = prefixes?.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)) ?? !isOwn;
    if (!may) return refusal('relay_forbidden', 403);
    const send = throughSimulator(simulator());
    const call = async (target: string, body?: unknown): Promise<Record<string, unknown>> => {
      const { body: bytes } = await send({
        ...request,
        method: body === undefined ? 'GET' : 'POST',
        url: simulatorBase + target,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
    };
    if (token === undefined) {
      const { appId: appid, secret } = account;
      const body = { grant_type: 'client_credential', appid, secret };
      token = String((await call('/cgi-bin/stable_token', body))['access_token']);
    }
    const common = { expires_in: 7000, appid: account.appId };
    if (path === '/token')
      return json({ access_token: token, ...common, endpoint: 'stable_token' }, 'answered');
    const type = url.searchParams.get('type') ?? '';
    if (path === '/ticket') {
      const { ticket } = await call(`/cgi-bin/ticket/getticket?type=${type}&access_token=${token}`);
      return json({ ticket, type, ...common }, 'answered');
    }
    if (url.searchParams.has('access_token')) throw new Error('a client of a relay sends no token');
    if (!path.endsWith('/showqrcode')) url.searchParams.set('access_token', token);
    const { authorization: _, ...headers } = request.headers ?? {};
    const answer = await send({ ...request, headers, url: `${simulatorBase}${path}${url.search}` });
    return { ...answer, headers: { ...answer.headers, 'wechat-mp-relay': 'passed' } };
  };
}
