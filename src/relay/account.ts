/** An account of the relay, with the token that it holds for all its clients. */
import type { Credential, TokenSource } from '../api/token-source.ts';
import { checkTokenOrigin } from '../api/simulator-token.ts';
import type { TicketType } from '../api/ticket.ts';
import type { CallUsage } from '../core/catalogue/index.ts';
import { WechatMpError } from '../core/errors.ts';
import type { Clock, StreamFetch } from '../io/ports.ts';
import { Quotas } from './quotas.ts';

export interface AccountParts {
  readonly appId: string;
  /** As `parseApiBase` gives it. */
  readonly apiBase: string;
  /** The AppSecret, where the relay has it: not where a token comes by hand or from a service. */
  readonly secret: string | undefined;
  readonly tokens: TokenSource;
  tickets(type: TicketType): Promise<TokenSource>;
  readonly fetch: StreamFetch;
  /** Asks the platform what is left of the day's calls. */
  usage(path: string): Promise<CallUsage>;
  readonly clock: Clock;
}

/** So long a token is used without a look at the store, in milliseconds: others may have replaced it there. */
const RECHECK_MS = 10_000;
/** So long one that has failed and was confirmed is not asked about again, in milliseconds. */
const CONFIRMED_MS = 5000;

type Token = Pick<Credential, 'value' | 'expiresAtMs' | 'endpoint'>;

export class RelayAccount {
  readonly parts: AccountParts;
  readonly quotas: Quotas;
  /** How often the platform refused a token, and how often its answer was another one. */
  readonly counts = { refused: 0, renewed: 0 };
  #held: Token | undefined;
  /** On the monotonic clock. */
  #lookAgainAtMs = 0;
  #flight: Promise<Token> | undefined;
  #confirmed = { value: '', untilMs: 0 };

  constructor(parts: AccountParts) {
    this.parts = parts;
    this.quotas = new Quotas(parts.clock, (path) => parts.usage(path));
  }

  /** When the token in use ends; `undefined` before the first one, and where nobody knows. */
  get expiresAtMs(): number | undefined {
    const { expiresAtMs = Infinity } = this.#held ?? {};
    return Number.isFinite(expiresAtMs) ? expiresAtMs : undefined;
  }

  /** A token that is good as far as anybody knows; all who ask share one attempt. Rejects as the token source does. */
  async token(): Promise<Token> {
    const held = this.#held;
    if (held !== undefined && this.parts.clock.monotonic() < this.#lookAgainAtMs) return held;
    this.#flight ??= this.#look().finally(() => (this.#flight = undefined));
    return await this.#flight;
  }

  /** Another one than that which failed, or the same where the platform has confirmed it. */
  async renew(failed: string): Promise<string> {
    const { clock, tokens } = this.parts;
    this.counts.refused += 1;
    if (this.#held !== undefined && this.#held.value !== failed) return this.#held.value;
    if (this.#confirmed.value === failed && clock.monotonic() < this.#confirmed.untilMs) return failed;
    const token = this.#hold(await tokens.renew(failed));
    if (token.value !== failed) this.counts.renewed += 1;
    else this.#confirmed = { value: failed, untilMs: clock.monotonic() + CONFIRMED_MS };
    return token.value;
  }

  async #look(): Promise<Token> {
    const { tokens, clock } = this.parts;
    try {
      return this.#hold(await tokens.get());
    } catch (error) {
      // While the store or the platform is away, what is here serves as long as it lives.
      const held = this.#held;
      const passes = error instanceof WechatMpError && ['network', 'local', 'limit'].includes(error.family);
      if (held === undefined || !passes || held.expiresAtMs <= clock.now()) throw error;
      return this.#hold(held);
    }
  }

  #hold(token: Token): Token {
    const { apiBase, clock } = this.parts;
    checkTokenOrigin(token.value, apiBase);
    this.#lookAgainAtMs = clock.monotonic() + RECHECK_MS;
    return (this.#held = token);
  }
}
