/** What proves that a call comes from the account, checked in the platform's order: AppID, grant type, secret, address. */
import { mayCall } from '../../core/account/index.ts';
import type { SimulatedAccount } from './account.ts';
import { Refusal } from '../server/refusal.ts';
import type { Settings } from './settings.ts';
import type { IpRequests } from './ip-requests.ts';
import { isListed } from './whitelist.ts';

export interface SecretRequest {
  readonly appId: unknown;
  readonly secret: unknown;
  /** Where the call comes from, for the whitelist (IP 白名单). */
  readonly address: string;
}

export interface GrantRequest {
  readonly appId: unknown;
  readonly grantType: unknown;
}

/** What an account's console says about callers. */
export interface Gate {
  readonly settings: Settings;
  readonly ipRequests: IpRequests;
}

/** Throws 41002, 40013 or 40002. */
export function checkGrant(
  { appId, grantType }: GrantRequest,
  wanted: string,
  account: SimulatedAccount,
): void {
  if (appId === undefined || appId === '') throw new Refusal(41002);
  if (appId !== account.appId) throw new Refusal(40013);
  if (grantType !== wanted) throw new Refusal(40002);
}

/** Throws 41004 or 40125. */
export function checkSecret(secret: unknown, account: SimulatedAccount): void {
  if (secret === undefined || secret === '') throw new Refusal(41004);
  if (secret !== account.secret) throw new Refusal(40125);
}

/** What is asked of a caller who is known: where the call comes from, and what this kind of account may do. Throws what `checkAddress` throws, and 48001. */
export function checkCaller(path: string, address: string, { settings, ipRequests }: Gate): void {
  if (settings.whitelistScope === 'all') checkAddress(address, settings, ipRequests);
  if (!mayCall(settings.accountType, path)) throw new Refusal(48001);
}

/** Throws 40164, or with the administrator's confirmation 89503, 89501, 89507 or 89506. */
export function checkAddress(
  address: string,
  { whitelist, ipConfirmation }: Settings,
  requests: IpRequests,
): void {
  if (whitelist !== undefined && isListed(address, whitelist)) return;
  if (ipConfirmation) requests.check(address);
  else if (whitelist !== undefined) {
    const ipv6 = address.includes(':') ? address : `::ffff:${address}`;
    throw new Refusal(40164, `invalid ip ${address} ipv6 ${ipv6}, not in whitelist`);
  }
}
