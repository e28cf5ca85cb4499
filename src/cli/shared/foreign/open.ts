/** The store of another library, as the address of the store chooses it: read, or with `write=1` shared. */
import type { TicketType } from '../../../api/ticket.ts';
import type { TokenSource } from '../../../api/token-source.ts';
import { createForeignTickets, createForeignTokens } from '../../../api/token-store/foreign.ts';
import { createForeignStore } from '../../../api/token-store/foreign-store.ts';
import { endpointOther, endpointUnsaid } from '../../../api/token-store/foreign-texts.ts';
import type { TokenStore } from '../../../api/token-store/store.ts';
import { PlatformError } from '../../../core/errors.ts';
import {
  type ForeignKey,
  type LayoutChoice,
  needsSecret,
  ticketKey,
  tokenKeys,
  writingOf,
} from '../../../core/foreign/index.ts';
import { createCredentialKey, type CredentialKey } from '../../../core/token/index.ts';
import type { Context } from '../../context.ts';
import { requireAppId, resolveAccount } from '../../settings/account.ts';
import { openClientWith, openStore } from '../../settings/platform.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Sourced } from '../../settings/sourced.ts';
import { openServer, type StoreServer } from '../team-token.ts';

export interface ForeignStore {
  /** Its token where that is only read; else the store where this tool fetches for it, too, and what it asks then. */
  tokens(): Promise<
    | { readonly read: TokenSource; readonly store?: undefined; readonly endpoint?: undefined }
    | { readonly read?: undefined; readonly store: TokenStore; readonly endpoint: 'stable' | 'classic' }
  >;
  /** Its tickets, else those of `own`. */
  tickets(type: TicketType, own: TokenSource): Promise<TokenSource>;
}

/** `undefined` where the store is our own. */
export async function openForeignStore(
  context: Context,
  settings: Settings,
  chosen: Sourced<string>,
): Promise<ForeignStore | undefined> {
  const server = await openServer(context, settings, chosen);
  const { layout } = server ?? {};
  if (server === undefined || layout === undefined) return undefined;
  return new OpenedStore(context, settings, server, layout);
}

class OpenedStore implements ForeignStore {
  readonly #context: Context;
  readonly #settings: Settings;
  readonly #server: StoreServer;
  readonly #choice: LayoutChoice;

  constructor(context: Context, settings: Settings, server: StoreServer, choice: LayoutChoice) {
    this.#context = context;
    this.#settings = settings;
    this.#server = server;
    this.#choice = choice;
  }

  async tokens(): ReturnType<ForeignStore['tokens']> {
    const context = this.#context;
    const keys = await this.#keys();
    const endpoint = endpointOf(this.#said);
    if (this.#choice.write) return await this.#share(keys[0]);
    const read = createForeignTokens({
      ...this.#place,
      keys,
      endpoint,
      identity: await this.#identity(endpoint ?? 'stable_token'),
      verify: async (token, dead) => await proveToken(context, token, dead),
      warn: (text) => context.warn(text),
    });
    return { read };
  }

  async #share(key: ForeignKey) {
    const writing = writingOf(key.layout);
    const only = 'refused' in writing ? undefined : writing.endpoint;
    const endpoint = this.#said ?? only;
    if (endpoint === undefined) throw endpointUnsaid(key.layout, this.#server.shown);
    if (only !== undefined && endpoint !== only)
      throw endpointOther(key.layout, only, this.#settings.tokenEndpoint.name);
    const store = createForeignStore({
      ...this.#place,
      random: this.#context.io.random,
      key,
      own: await openStore(this.#context, this.#settings),
    });
    return { store, endpoint };
  }

  async tickets(type: TicketType, own: TokenSource): Promise<TokenSource> {
    const { layout, prefix } = this.#choice;
    const identity = await this.#identity(type);
    const key = ticketKey(layout, type, identity.appId, prefix);
    return key === undefined ? own : createForeignTickets({ ...this.#place, key, identity }, own);
  }

  get #place() {
    const { redis, shown } = this.#server;
    return { redis, clock: this.#context.io.clock, store: shown };
  }

  /** The endpoint that a person has named. */
  get #said(): 'stable' | 'classic' | undefined {
    const { value, level } = this.#settings.tokenEndpoint;
    return level === 'default' ? undefined : value;
  }

  async #keys(): Promise<readonly [ForeignKey, ...ForeignKey[]]> {
    const { layout, prefix } = this.#choice;
    const appId = (await requireAppId(this.#settings)).value;
    const secret = needsSecret(layout) ? (await resolveAccount(this.#settings)).secret.value : undefined;
    const said = endpointOf(this.#said);
    const [first, ...others] = tokenKeys(layout, { appId, secret }, prefix).filter(
      (key) => said === undefined || (key.endpoint ?? said) === said,
    );
    if (first === undefined) throw new TypeError(`${layout} has no key for a token`);
    return [first, ...others];
  }

  async #identity(endpoint: CredentialKey['endpoint']): Promise<CredentialKey> {
    const appId = (await requireAppId(this.#settings)).value;
    return createCredentialKey({ apiBase: this.#settings.apiBase.value, appId, endpoint, secret: '' });
  }
}

function endpointOf(said: 'stable' | 'classic' | undefined): 'stable_token' | 'token' | undefined {
  if (said === undefined) return undefined;
  return said === 'classic' ? 'token' : 'stable_token';
}

/**
 * Asks for WeChat's own addresses with this token, which changes nothing; throws `dead()` where WeChat refuses the token,
 * and what stands in the way of asking. Any other refusal is about the call, so that the token is good.
 */
export async function proveToken(
  context: Context,
  token: { readonly value: string; readonly place: string },
  dead: () => Error,
): Promise<void> {
  const { fetchApiAddresses } = await import('../../../api/openapi.ts');
  const client = await openClientWith(context, {
    get: async () => token,
    renew: async () => {
      throw dead();
    },
  });
  try {
    await fetchApiAddresses(client);
  } catch (error) {
    if (!(error instanceof PlatformError) || error.type === 'ip_not_allowed') throw error;
  }
}
