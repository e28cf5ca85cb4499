/** What WeChat says to the account in force: its token, one harmless call with it, and its quotas. Each is asked once. */
import type { Client } from '../../../api/client.ts';
import { fetchApiAddresses, fetchQuota, findOwnAddress } from '../../../api/openapi.ts';
import type { Credential, TokenSource } from '../../../api/token-source.ts';
import { type CallUsage, usualCalls } from '../../../core/catalogue/index.ts';
import { DEAD_TOKEN_CODES } from '../../../core/errcode/index.ts';
import { accountError, PlatformError, WechatMpError } from '../../../core/errors.ts';
import { isFresh, type StoredEntry } from '../../../core/token/index.ts';
import type { Context } from '../../context.ts';
import { resolveAccount } from '../../settings/account.ts';
import { openClient, openClientWith, openTokens } from '../../settings/platform.ts';
import { once } from './world.ts';

export interface Obtained extends Pick<Credential, 'value' | 'expiresAtMs'> {
  /** `proof`: the classic endpoint is chosen and nothing of it is cached, so the other one has proved the account. */
  readonly source: Credential['source'] | 'proof';
}

/** What came of something: a value, or what stood in its way. */
export type Outcome<T> = { readonly value: T } | { readonly error: WechatMpError };

export interface Usages {
  readonly known: readonly CallUsage[];
  /** Of how many calls WeChat tells nothing. */
  readonly untold: number;
}

export interface Session {
  /** Never a new token in the place of one that others use. */
  readonly token: () => Promise<Outcome<Obtained>>;
  /** What the cache holds. */
  readonly entry: () => Promise<StoredEntry | undefined>;
  /** A harmless call with the token as it is. */
  readonly firstCall: () => Promise<Outcome<unknown>>;
  /** The same, with another token where the first one was dead and another one harms nobody. */
  readonly call: () => Promise<Outcome<Client>>;
  /** For further calls. Throws what stands in the way. */
  readonly client: () => Promise<Client>;
  /** The address that WeChat sees; nothing where it does not tell. */
  readonly address: () => Promise<string | undefined>;
  readonly usages: () => Promise<Usages>;
}

export function createSession(context: Context): Session {
  const { io, settings } = context;
  const openSource = once(() => openTokens(context));
  const token = once(() => outcomeOf(() => obtain(context, openSource)));
  const clientOf = (value: string): Promise<Client> => {
    context.redactor.add(value);
    return openClientWith(context, { get: async () => ({ value }), renew: refuseRenewal });
  };
  const callWith = async (value: string): Promise<Client> => {
    if (settings.via !== undefined) return await callThroughRelay(await openClient(context));
    const client = await clientOf(value);
    await fetchApiAddresses(client);
    return client;
  };
  const firstCall = once(async () => {
    const obtained = await token();
    return 'error' in obtained ? obtained : await outcomeOf(() => callWith(obtained.value.value));
  });
  const call = once(async () => {
    const [obtained, first] = [await token(), await firstCall()];
    if ('error' in obtained || 'value' in first || !isDead(first.error)) return first;
    const { value, source } = obtained.value;
    const isClassic = settings.tokenEndpoint.value === 'classic' && source !== 'service';
    if (source === 'given' || source === 'relay' || isClassic) return first;
    // Asked without force: the platform names the one that everybody has.
    return await outcomeOf(async () => await callWith((await (await openSource()).renew(value)).value));
  });
  const client = async (): Promise<Client> => {
    const called = await call();
    if ('error' in called) throw called.error;
    return called.value;
  };
  return {
    token,
    firstCall,
    call,
    client,
    entry: async () => await (await openSource()).peek(),
    address: once(async () => await findOwnAddress(await client(), io.clock, io.interruption())),
    usages: once(async () => await readUsages(await client())),
  };
}

/** Calls that only read and that any account may try: a key opens one or the other. */
const harmless = [
  '/cgi-bin/get_api_domain_ip',
  '/cgi-bin/getcallbackip',
  '/cgi-bin/get_current_selfmenu_info',
  '/cgi-bin/menu/get',
  '/cgi-bin/tags/get',
  '/cgi-bin/material/get_materialcount',
] as const;

/** No menu, and no right to one: WeChat has taken the call. */
const takenCodes: ReadonlySet<number> = new Set([46003, 48001]);

/** Sends the first call that the key opens; throws what WeChat or the relay says to it. */
async function callThroughRelay(client: Client): Promise<Client> {
  const wanted = { en: 'a JSON object', zh: 'JSON 对象' };
  let refused: unknown;
  for (const path of harmless) {
    try {
      await client.call({ effect: 'read', method: 'GET', path, proof: { wanted, find: () => true } });
      return client;
    } catch (error) {
      if (error instanceof PlatformError && takenCodes.has(error.errcode)) return client;
      if (!(error instanceof WechatMpError) || error.type !== 'relay_forbidden') throw error;
      refused ??= error;
    }
  }
  throw refused;
}

/** The client adds what WeChat has said. */
async function refuseRenewal(): Promise<never> {
  throw accountError('token_refused', { en: 'WeChat refuses the token', zh: '微信不接受该 access_token' });
}

/** Whether an error is WeChat's word that the token is dead. */
export function isDead({ facts: { errcode } }: WechatMpError): boolean {
  return errcode !== undefined && DEAD_TOKEN_CODES.has(errcode);
}

/** A new classic token would end that of others, so there the other endpoint proves AppID and AppSecret. */
async function obtain(context: Context, openSource: () => Promise<TokenSource>): Promise<Obtained> {
  const { settings, io } = context;
  // It puts the token in: a client may have no right to see it.
  if (settings.via !== undefined)
    return { value: '', expiresAtMs: Number.POSITIVE_INFINITY, source: 'relay' };
  const source = await openSource();
  const isForeign = (settings.tokenUrl ?? (await settings.accessToken())) !== undefined;
  if (isForeign || settings.tokenEndpoint.value === 'stable') return await source.get({ afresh: true });
  const entry = await source.peek();
  if (entry !== undefined && isFresh(entry, io.clock.now(), 0)) return { ...entry, source: 'cache' };
  const stable = await openTokens(context, settings.withStable(), await resolveAccount(settings));
  return { ...(await stable.get({ afresh: true })), source: 'proof' };
}

async function outcomeOf<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof WechatMpError) || error.family === 'interrupted') throw error;
    return { error };
  }
}

/** One after another: a diagnosis is in no hurry, and one connection will do. */
async function readUsages(client: Client): Promise<Usages> {
  const known: CallUsage[] = [];
  for (const path of usualCalls) {
    try {
      known.push(await fetchQuota(client, path));
    } catch (error) {
      if (!(error instanceof PlatformError) || !untoldCodes.has(error.errcode)) throw error;
    }
  }
  return { known, untold: usualCalls.length - known.length };
}

/** Of one call WeChat tells nothing: it does not know the path, or keeps it to itself. */
const untoldCodes: ReadonlySet<number> = new Set([76021, 76022]);
