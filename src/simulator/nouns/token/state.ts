/** The life of access tokens, classic (获取接口调用凭据) and stable (获取稳定版接口调用凭据), which never disturb each other. */
import type { Clock, Random } from '../../../io/ports.ts';
import type { SimulatedAccount } from '../../account/account.ts';
import { checkAddress, checkGrant, checkSecret, type SecretRequest } from '../../account/credentials.ts';
import { createForgetting } from '../../account/forgetting.ts';
import { randomBase64Url } from '../../random/text.ts';
import { Refusal } from '../../server/refusal.ts';
import type { Settings } from '../../account/settings.ts';
import type { IpRequests } from '../../account/ip-requests.ts';
import { beijingDay, type Quota } from '../openapi/state.ts';

export const tokenPath = '/cgi-bin/token';
export const stableTokenPath = '/cgi-bin/stable_token';

const grantType = 'client_credential';
const lifeMs = 7_200_000;
/** How long the previous token still works (classic), and how early the next one is made (stable). */
const overlapMs = 300_000;
const forcedApartMs = 30_000;
const forcedADay = 20;
export const stableAMinute = 10_000;
/** Dead tokens are remembered to tell 42001 from 40001; some five days of the classic quota. */
const rememberedTokens = 10_000;
const tokenForm = /^SIM_[A-Za-z0-9_-]{116,508}$/;

interface TokenRequest extends SecretRequest {
  readonly grantType: unknown;
}

export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
}

/** The newest of them: what is older is dead anyway, and then 40001 and 42001 are as good as one another. */
const savedTokens = 100;

interface SavedToken {
  readonly value: string;
  readonly expiresAtMs: number;
  /** `null` for never. */
  readonly endsAtMs: number | null;
}

export interface SavedTokens {
  readonly issued: readonly SavedToken[];
  readonly classic: string | null;
  readonly stable: string | null;
  readonly previousStable: string | null;
  readonly forced: SavedForced;
}

interface Issued {
  readonly value: string;
  readonly expiresAtMs: number;
  /** When it ends because a newer token has taken its place. */
  endsAtMs: number;
}

interface TokenWorld {
  readonly clock: Clock;
  readonly random: Random;
  readonly account: SimulatedAccount;
  readonly settings: Settings;
  readonly quota: Quota;
  readonly ipRequests: IpRequests;
}

export type Tokens = ReturnType<typeof createTokens>;

export function createTokens(world: TokenWorld) {
  const { clock, quota } = world;
  const issued = createIssued(world);
  let classic: Issued | undefined;
  let stable: Issued | undefined;
  /** The stable token before `stable`; it lives on through the overlap. */
  let previousStable: Issued | undefined;
  const forced = createForced(clock);

  const renewStable = (): Issued => {
    previousStable = stable;
    return (stable = issued.make([stable, classic]));
  };
  const forceStable = (): Issued => {
    // Quirk: a forced refresh that comes too early is not an error, it just does nothing.
    if (stable !== undefined && forced.isTooEarly()) return stable;
    forced.count();
    end(stable, clock.now());
    end(previousStable, clock.now());
    return renewStable();
  };

  return {
    /** Checks an AppSecret that is used without a token. Throws what the token endpoints throw. */
    authenticate(request: SecretRequest): void {
      authenticate({ ...request, grantType }, world);
    },
    fetchClassic(request: TokenRequest): IssuedToken {
      authenticate(request, world);
      quota.count(tokenPath);
      end(classic, clock.now() + overlapMs);
      classic = issued.make([stable, previousStable]);
      return { accessToken: classic.value, expiresInSeconds: lifeMs / 1000 };
    },
    fetchStable(request: TokenRequest & { readonly forceRefresh: boolean }): IssuedToken {
      authenticate(request, world);
      quota.countMinute(stableTokenPath, stableAMinute);
      quota.count(stableTokenPath);
      const now = clock.now();
      if (request.forceRefresh) stable = forceStable();
      else if (stable === undefined || stable.expiresAtMs - now <= overlapMs) stable = renewStable();
      return { accessToken: stable.value, expiresInSeconds: Math.floor((stable.expiresAtMs - now) / 1000) };
    },
    /** Throws 41001, 40014, 40001 or 42001 unless the token is good. */
    check: issued.check,
    owns: (id: string): boolean => issued.find(id) !== undefined,
    save: (): SavedTokens => ({
      issued: issued.save([stable, previousStable]),
      classic: classic?.value ?? null,
      stable: stable?.value ?? null,
      previousStable: previousStable?.value ?? null,
      forced: forced.save(),
    }),
    restore(saved: SavedTokens): void {
      issued.restore(saved.issued);
      classic = issued.find(saved.classic);
      stable = issued.find(saved.stable);
      previousStable = issued.find(saved.previousStable);
      forced.restore(saved.forced);
    },
    /** Today's newest tokens with their first and last four characters only. */
    snapshot: (): Record<string, unknown> => ({
      classic: describe(classic, clock.now()),
      stable: describe(stable, clock.now()),
      forced_refreshes_today: forced.today(),
    }),
  };
}

interface SavedForced {
  readonly day: number | null;
  readonly count: number;
  readonly lastAtMs: number | null;
}

/** How often, and when last, the stable token has been replaced by force. */
function createForced(clock: Clock) {
  let [day, count, lastAtMs] = [Number.NaN, 0, Number.NEGATIVE_INFINITY];
  const today = (): number => (beijingDay(clock.now()) === day ? count : 0);
  return {
    today,
    isTooEarly: (): boolean => clock.now() - lastAtMs < forcedApartMs,
    /** Throws 45009 beyond the day's. */
    count(): void {
      const before = today();
      if (before >= forcedADay) throw new Refusal(45009);
      [day, count, lastAtMs] = [beijingDay(clock.now()), before + 1, clock.now()];
    },
    save: (): SavedForced => ({ day: finite(day), count, lastAtMs: finite(lastAtMs) }),
    restore(saved: SavedForced): void {
      day = saved.day ?? Number.NaN;
      count = saved.count;
      lastAtMs = saved.lastAtMs ?? Number.NEGATIVE_INFINITY;
    },
  };
}

/** The tokens that have been given out, living and dead. */
function createIssued({ clock, random }: TokenWorld) {
  const tokens = new Map<string, Issued>();
  const forget = createForgetting(tokens, rememberedTokens);
  return {
    /** The oldest are forgotten, but none of those to keep. */
    make(keep: readonly (Issued | undefined)[]): Issued {
      const token: Issued = {
        value: `SIM_${randomBase64Url(random, 132)}`,
        expiresAtMs: clock.now() + lifeMs,
        endsAtMs: Number.POSITIVE_INFINITY,
      };
      tokens.set(token.value, token);
      for (let gone = forget(); gone !== undefined; gone = forget()) {
        const kept = keep.find((each) => each?.value === gone);
        if (kept !== undefined) tokens.set(gone, kept);
      }
      return token;
    },
    find: (value: string | null): Issued | undefined => (value === null ? undefined : tokens.get(value)),
    /** The newest, and those to keep. */
    save(keep: readonly (Issued | undefined)[]): readonly SavedToken[] {
      const all = [...tokens.values()];
      const newest = all.length - savedTokens;
      return all
        .filter((token, index) => index >= newest || keep.includes(token))
        .map((token) => ({ ...token, endsAtMs: finite(token.endsAtMs) }));
    },
    restore(saved: readonly SavedToken[]): void {
      tokens.clear();
      for (const token of saved) {
        tokens.set(token.value, { ...token, endsAtMs: token.endsAtMs ?? Number.POSITIVE_INFINITY });
      }
    },
    check: (value: string | undefined): void => {
      if (value === undefined || value === '') throw new Refusal(41001);
      const token = tokens.get(value);
      if (token === undefined) throw new Refusal(tokenForm.test(value) ? 40001 : 40014);
      const now = clock.now();
      if (now >= token.expiresAtMs) throw new Refusal(42001);
      if (now >= token.endsAtMs) throw new Refusal(40001);
    },
  };
}

/** JSON has no number for never. */
function finite(number: number): number | null {
  return Number.isFinite(number) ? number : null;
}

/** In the platform's order: AppID, grant type, secret, address, frozen. */
function authenticate(request: TokenRequest, { account, settings, ipRequests }: TokenWorld): void {
  checkGrant(request, grantType, account);
  checkSecret(request.secret, account);
  checkAddress(request.address, settings, ipRequests);
  if (settings.secretFrozen) throw new Refusal(40243);
}

function end(token: Issued | undefined, endsAtMs: number): void {
  if (token !== undefined) token.endsAtMs = endsAtMs;
}

function describe(token: Issued | undefined, nowMs: number): unknown {
  if (token === undefined) return null;
  return {
    first4: token.value.slice(0, 4),
    last4: token.value.slice(-4),
    expires_at: new Date(token.expiresAtMs).toISOString(),
    expires_in: Math.max(0, Math.floor((token.expiresAtMs - nowMs) / 1000)),
  };
}
