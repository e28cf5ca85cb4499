/** What people have allowed web pages to know（网页授权）: codes, and the tokens that codes become. */
import type { Clock, Random } from '../../../io/ports.ts';
import { createForgetting } from '../../account/forgetting.ts';
import { randomAlphanumeric, randomBase64Url } from '../../random/text.ts';
import { Refusal } from '../../server/refusal.ts';
import type { WebScope } from '../../../core/account/index.ts';

export { createForms } from './forms.ts';

const codeLifeMs = 300_000;
const tokenLifeMs = 7_200_000;
const refreshLifeMs = 30 * 86_400_000;
/** A simulator that runs for weeks forgets the oldest. */
const keptGrants = 10_000;
const savedGrants = 1000;
const tokenForm = /^SIM_[A-Za-z0-9_-]{116,508}$/;

export interface Consent {
  readonly openId: string;
  readonly scope: WebScope;
  /** 快照页: WeChat shows the page without asking, and the person is an invented one. */
  readonly isSnapshot: boolean;
}

interface Code extends Consent {
  readonly value: string;
  readonly untilMs: number;
  isUsed: boolean;
}

interface Grant extends Consent {
  /** Renewed when it is refreshed after its end. */
  accessToken: string;
  untilMs: number;
  readonly refreshToken: string;
  readonly refreshUntilMs: number;
  /** The person has changed the password: both tokens are dead. */
  isVoid: boolean;
  /** The person has taken back name and picture. */
  isWithdrawn: boolean;
}

export type WebToken = Readonly<Grant> & { readonly expiresInSeconds: number };

export interface SavedWebGrants {
  readonly codes: readonly Code[];
  readonly grants: readonly Grant[];
}

export function createWebGrants(clock: Clock, random: Random) {
  const codes = createCodes(clock, random);
  const grants = createGrants(clock);
  const newToken = (): string => `SIM_${randomBase64Url(random, 132)}`;
  const answer = (grant: Grant): WebToken => ({
    ...grant,
    expiresInSeconds: Math.floor((grant.untilMs - clock.now()) / 1000),
  });
  const changeAll = (openId: string, change: (grant: Grant) => boolean): number =>
    grants.list().filter((grant) => grant.openId === openId && change(grant)).length;

  return {
    /** A code that is good once, for five minutes. */
    issueCode: (consent: Consent): string => codes.issue(consent),
    /** Throws 41008, 40029, 40163 or 42003. */
    exchange(value: string | undefined): WebToken {
      const { openId, scope, isSnapshot } = codes.take(value);
      const grant: Grant = {
        openId,
        scope,
        isSnapshot,
        accessToken: newToken(),
        untilMs: clock.now() + tokenLifeMs,
        refreshToken: newToken(),
        refreshUntilMs: clock.now() + refreshLifeMs,
        isVoid: false,
        isWithdrawn: false,
      };
      grants.keep(grant);
      return answer(grant);
    },
    /** Throws 41003, 40030, 42002 or 42007. */
    refresh(refreshToken: string | undefined): WebToken {
      const grant = grants.toRefresh(refreshToken);
      // Quirk: a token that still lives stays and lives on; only a dead one is replaced. The refresh token stays.
      if (clock.now() >= grant.untilMs) grants.rename(grant, newToken());
      grant.untilMs = clock.now() + tokenLifeMs;
      return answer(grant);
    },
    /** Throws 41001, 40014, 40001, 42001, 42007, 41009 or 40003. */
    check(accessToken: string | undefined, openId: string | undefined): WebToken {
      const grant = grants.good(accessToken);
      if (openId === undefined || openId === '') throw new Refusal(41009);
      if (openId !== grant.openId) throw new Refusal(40003);
      return answer(grant);
    },
    /** Ends all tokens of a person, as a new password does; answers how many there were. */
    endAll: (openId: string): number =>
      changeAll(openId, (grant) => {
        const lived = !grant.isVoid;
        grant.isVoid = true;
        return lived;
      }),
    /** Takes back what somebody has allowed beyond the openid; answers how many tokens that were. */
    withdraw: (openId: string): number =>
      changeAll(openId, (grant) => {
        const withdraws = grant.scope === 'snsapi_userinfo' && !grant.isWithdrawn;
        grant.isWithdrawn ||= withdraws;
        return withdraws;
      }),
    owns: (id: string): boolean => codes.owns(id) || grants.owns(id),
    save: (): SavedWebGrants => ({ codes: codes.save(), grants: grants.save() }),
    restore(saved: SavedWebGrants): void {
      codes.restore(saved.codes);
      grants.restore(saved.grants);
    },
  };
}

function createCodes(clock: Clock, random: Random) {
  const codes = new Map<string, Code>();
  const forget = createForgetting(codes, keptGrants);
  return {
    issue(consent: Consent): string {
      const value = randomAlphanumeric(random, 32);
      codes.set(value, { ...consent, value, untilMs: clock.now() + codeLifeMs, isUsed: false });
      forget();
      return value;
    },
    /** What somebody has allowed; the code is used then. Throws 41008, 40029, 40163 or 42003. */
    take(value: string | undefined): Consent {
      if (value === undefined || value === '') throw new Refusal(41008);
      const code = codes.get(value);
      if (code === undefined) throw new Refusal(40029);
      if (code.isUsed) throw new Refusal(40163);
      if (clock.now() >= code.untilMs) throw new Refusal(42003);
      code.isUsed = true;
      return code;
    },
    owns: (value: string): boolean => codes.has(value),
    save: () => [...codes.values()].filter(({ untilMs }) => clock.now() < untilMs).slice(-savedGrants),
    restore(saved: readonly Code[]): void {
      codes.clear();
      for (const code of saved) codes.set(code.value, { ...code });
    },
  };
}

function createGrants(clock: Clock) {
  const byAccess = new Map<string, Grant>();
  const byRefresh = new Map<string, Grant>();
  const forget = createForgetting(byRefresh, keptGrants, (token) =>
    byAccess.delete(byRefresh.get(token)?.accessToken ?? ''),
  );
  const keep = (grant: Grant): void => {
    byAccess.set(grant.accessToken, grant);
    byRefresh.set(grant.refreshToken, grant);
    forget();
  };
  return {
    keep,
    rename(grant: Grant, accessToken: string): void {
      byAccess.delete(grant.accessToken);
      grant.accessToken = accessToken;
      byAccess.set(accessToken, grant);
    },
    /** Throws 41003, 40030, 42007 or 42002. */
    toRefresh(refreshToken: string | undefined): Grant {
      if (refreshToken === undefined || refreshToken === '') throw new Refusal(41003);
      const grant = byRefresh.get(refreshToken);
      if (grant === undefined) throw new Refusal(40030);
      if (grant.isVoid) throw new Refusal(42007);
      if (clock.now() >= grant.refreshUntilMs) throw new Refusal(42002);
      return grant;
    },
    /** Throws 41001, 40014, 40001, 42007 or 42001. */
    good(accessToken: string | undefined): Grant {
      if (accessToken === undefined || accessToken === '') throw new Refusal(41001);
      const grant = byAccess.get(accessToken);
      if (grant === undefined) throw new Refusal(tokenForm.test(accessToken) ? 40001 : 40014);
      if (grant.isVoid) throw new Refusal(42007);
      if (clock.now() >= grant.untilMs) throw new Refusal(42001);
      return grant;
    },
    list: (): readonly Grant[] => [...byRefresh.values()],
    owns: (token: string): boolean => byAccess.has(token) || byRefresh.has(token),
    save: (): readonly Grant[] =>
      [...byRefresh.values()]
        .filter(({ refreshUntilMs }) => clock.now() < refreshUntilMs)
        .slice(-savedGrants),
    restore(saved: readonly Grant[]): void {
      byAccess.clear();
      byRefresh.clear();
      for (const grant of saved) keep({ ...grant });
    },
  };
}
