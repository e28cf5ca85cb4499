/** From settings to the platform: token sources, ticket sources and the client, each loaded when it is needed. */
import type { Client, TokenProvider } from '../../api/client.ts';
import type { Relay } from '../../api/relay/relay.ts';
import type { TicketType } from '../../api/ticket.ts';
import {
  createTokenSource,
  type Credential,
  type TokenSource,
  type TokenSourceParts,
} from '../../api/token-source.ts';
import { createFileStore } from '../../api/token-store/file.ts';
import type { TokenStore } from '../../api/token-store/store.ts';
import { createCredentialKey, type CredentialEndpoint } from '../../core/token/index.ts';
import type { Fetch } from '../../io/ports.ts';
import { findProxy } from '../../io/net/proxy-settings.ts';
import type { Context } from '../context.ts';
import type { ForeignStore } from '../shared/foreign/open.ts';
import { tellSimulator, tellingFetch } from '../shared/outgoing.ts';
import { requireAppId, resolveAccount, type Account } from './account.ts';
import type { Settings } from './settings.ts';
import type { Sourced } from './sourced.ts';

/** Access tokens of the account in force, or the token that was given by hand. */
export async function openTokens(
  context: Context,
  settings: Settings = context.settings,
  proving?: Account,
): Promise<TokenSource> {
  const relay = proving === undefined ? await openRelay(context, settings) : undefined;
  if (relay !== undefined) return told(context, relay.tokens);
  const given = proving === undefined ? await settings.accessToken() : undefined;
  if (given !== undefined) {
    const { givenToken } = await import('../../api/token-store/given.ts');
    return told(context, givenToken(given.value));
  }
  const service = proving === undefined ? settings.tokenUrl : undefined;
  if (service !== undefined) return told(context, await openTokenService(context, settings, service));
  const foreign = proving === undefined ? await (await openForeign(context, settings))?.tokens() : undefined;
  if (foreign?.read !== undefined) return told(context, foreign.read);
  const account = proving ?? (await resolveAccount(settings));
  const classic = (foreign?.endpoint ?? settings.tokenEndpoint.value) === 'classic';
  if (context.explains && proving === undefined)
    (await import('../shared/explain/verbose.ts')).tellAccount(context, account.appId);
  return await openSource(context, settings, {
    endpoint: classic ? 'token' : 'stable_token',
    appId: account.appId.value,
    secret: account.secret.value,
    store: foreign?.store,
    fetchIssued: async ({ forceRefresh, signal }) => {
      const { fetchClassicToken, fetchStableToken } = await import('../../api/token.ts');
      const client = await connect(context, settings, account.appId.value, undefined);
      const request = { appId: account.appId.value, appSecret: account.secret.value, signal };
      if (!classic) return await fetchStableToken(client, { ...request, forceRefresh });
      context.note({
        en: 'Note: a token from cgi-bin/token ends the one that others got the same way, after 5 minutes',
        zh: '注意：用 cgi-bin/token 获取后，他人以同样方式取得的 access_token 将在 5 分钟后失效',
      });
      return await fetchClassicToken(client, request);
    },
  });
}

/** The store of another library, where one is chosen. */
async function openForeign(context: Context, settings: Settings): Promise<ForeignStore | undefined> {
  const { store } = settings;
  if (!store?.value.includes('layout=')) return undefined;
  return await (await import('../shared/foreign/open.ts')).openForeignStore(context, settings, store);
}

/** Tickets for the JS-SDK or for cards, cached as access tokens are. */
export async function openTickets(
  context: Context,
  type: TicketType,
  settings: Settings = context.settings,
): Promise<TokenSource> {
  const relay = await openRelay(context, settings);
  if (relay !== undefined) return told(context, relay.tickets(type));
  let tokens: TokenSource | undefined;
  /** Wanted by those who ask the platform; most find a ticket that is fresh. */
  const open = async (): Promise<TokenSource> => (tokens ??= await openTokens(context, settings));
  const given = await settings.accessToken();
  const foreign = (given ?? settings.tokenUrl) ? undefined : await openForeign(context, settings);
  // What stands for the secret: tickets of one account and another never meet.
  const origin = given ?? settings.tokenUrl ?? (foreign && settings.store);
  const secret = origin?.value ?? (await resolveAccount(settings)).secret.value;
  const appId = (await requireAppId(settings)).value;
  return await openSource(context, settings, {
    endpoint: type,
    appId,
    secret,
    through: foreign && (async (own) => await foreign.tickets(type, own)),
    prepare: async () => await (await open()).get(),
    fetchIssued: async ({ signal }) => {
      const { fetchTicket } = await import('../../api/ticket.ts');
      return await fetchTicket(await connect(context, settings, appId, await open()), type, signal);
    },
  });
}

/** The relay that every call goes through, where one is named. */
export async function openRelay(
  context: Context,
  settings: Settings = context.settings,
): Promise<Relay | undefined> {
  if (settings.via === undefined) return undefined;
  const { openNamedRelay } = await import('../shared/relay-client.ts');
  return await openNamedRelay(context, settings, settings.via, () => openFetch(context, settings, '--via'));
}

/** The AppID in force; where nobody says it here, a relay does. */
export async function findAppId(context: Context): Promise<string> {
  const { settings } = context;
  const relay = (await settings.appId()) === undefined ? await openRelay(context) : undefined;
  return relay === undefined ? (await requireAppId(settings)).value : await relay.appId();
}

/** The team's service, which owns the token. */
async function openTokenService(
  context: Context,
  settings: Settings,
  address: Sourced<string>,
): Promise<TokenSource> {
  const [{ createServiceTokens }, { parseServiceUrl }] = await Promise.all([
    import('../../api/token-store/service.ts'),
    import('../shared/team-token.ts'),
  ]);
  return createServiceTokens({
    url: parseServiceUrl(context, address),
    fetch: await openFetch(context, settings),
    clock: context.io.clock,
    timeoutMs: (await settings.timeoutMs()).value,
    signal: context.io.interruption(),
  });
}

/** The client for everything else. Its calls end with `signal`, where that is not the interruption itself. */
export async function openClient(context: Context, signal?: AbortSignal): Promise<Client> {
  const { settings } = context;
  const tokens = settings.via === undefined ? await openTokens(context) : undefined;
  return await connect(context, settings, (await settings.appId())?.value, tokens, signal);
}

/** The client of thousands of calls in a row. */
export async function openBusyClient(context: Context, signal: AbortSignal): Promise<Client> {
  const { settings } = context;
  const appId = (await settings.appId())?.value;
  if (settings.via !== undefined) return await connect(context, settings, appId, undefined, signal);
  const { holdToken } = await import('../../api/token-store/held.ts');
  const tokens = holdToken(await openTokens(context), context.io.clock);
  return await connect(context, settings, appId, tokens, signal);
}

/** A client whose calls carry this token, whatever becomes of it; `renew` is told of a refused one. */
export async function openClientWith(
  context: Context,
  tokens: TokenProvider,
  settings: Settings = context.settings,
): Promise<Client> {
  return await connect(context, settings, (await settings.appId())?.value, tokens);
}

/** The client for what anybody may ask without a token. */
export async function openPublicClient(context: Context): Promise<Client> {
  return await connect(context, context.settings, undefined, undefined);
}

interface Source extends Pick<TokenSourceParts, 'fetchIssued' | 'prepare'> {
  readonly endpoint: CredentialEndpoint;
  readonly appId: string;
  readonly secret: string;
  /** Instead of the one that the settings name. */
  readonly store?: TokenStore | undefined;
  /** What comes before the source. */
  readonly through?: ((own: TokenSource) => Promise<TokenSource>) | undefined;
}

/** The cache of this machine, or the store that machines share. */
export async function openStore(context: Context, settings: Settings): Promise<TokenStore> {
  const { io } = context;
  const file = createFileStore({
    files: io.files,
    locks: () => io.locks(),
    clock: io.clock,
    directory: settings.cacheDirectory,
    note: (text) => context.warn(text),
  });
  const chosen = settings.store;
  if (chosen === undefined) return file;
  return (await import('../shared/team-token.ts')).openSharedStore(context, settings, chosen, file);
}

async function openSource(context: Context, settings: Settings, source: Source): Promise<TokenSource> {
  const { io } = context;
  const apiBase = settings.apiBase.value;
  const parts: TokenSourceParts = {
    key: createCredentialKey({ apiBase, ...source }),
    store: source.store ?? (await openStore(context, settings)),
    clock: io.clock,
    random: io.random,
    // Both cost time at the start and are wanted only by those who fetch.
    get host() {
      return io.host;
    },
    get signal() {
      return io.interruption();
    },
    pid: io.pid,
    timeoutMs: (await settings.timeoutMs()).value,
    proxy: findProxy(
      { proxy: settings.proxy?.value, environment: context.environment },
      new URL(settings.apiBase.value),
    ),
    load: async () => {
      await Promise.all([
        import('../../api/client.ts'),
        import('../../api/token.ts'),
        openFetch(context, settings),
      ]);
    },
    fetchIssued: source.fetchIssued,
    prepare: source.prepare,
    note: (text) => context.warn(text),
  };
  const own = createTokenSource(parts);
  return told(context, (await source.through?.(own)) ?? own);
}

async function connect(
  context: Context,
  settings: Settings,
  appId: string | undefined,
  tokens: TokenProvider | undefined,
  signal?: AbortSignal,
): Promise<Client> {
  const { io } = context;
  const base = settings.apiBase;
  const relay = await openRelay(context, settings);
  const { createClient } = await import('../../api/client.ts');
  return createClient({
    fetch: relay?.fetch ?? (await openPlatformFetch(context, settings)),
    apiBase: relay?.apiBase ?? base.value,
    relay: relay?.name,
    timeoutMs: (await settings.timeoutMs()).value,
    tokens,
    clock: io.clock,
    random: io.random,
    signal: signal ?? io.interruption(),
    debug: (line) => context.debug(line),
    onSimulator: () => tellSimulator(context, base, relay?.name),
    appId,
  });
}

/** The HTTP client of the API base in force, which says where it sends to. */
export async function openPlatformFetch(
  context: Context,
  settings: Settings = context.settings,
): Promise<Fetch> {
  return tellingFetch(context, settings.apiBase, await openFetch(context, settings));
}

/** An HTTP client that says nothing of where it sends to. */
export async function openFetch(context: Context, settings: Settings, addressFlag?: string): Promise<Fetch> {
  const fetch = await context.io.fetch({
    proxy: settings.proxy?.value,
    environment: context.environment,
    addressFlag,
  });
  if (!context.options.debug) return fetch;
  return (await import('../shared/explain/debug-fetch.ts')).debuggingFetch(context, fetch);
}

/** Every credential is known to the redactor before anything can be said about it; `-v` says once where it came from. */
function told(context: Context, source: TokenSource): TokenSource {
  let last = '';
  const tell = async (credential: Credential): Promise<Credential> => {
    context.redactor.add(credential.value);
    if (context.explains && credential.value !== last) {
      last = credential.value;
      (await import('../shared/explain/verbose.ts')).tellCredential(context, credential);
    }
    return credential;
  };
  return {
    get: async (options) => await tell(await source.get(options)),
    renew: async (failed) => await tell(await source.renew(failed)),
    peek: () => source.peek(),
    clear: () => source.clear(),
  };
}
