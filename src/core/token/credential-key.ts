/** What tells one cached credential from another, and the name its files carry. */
import { sha256Hex } from '../text/digest.ts';

/** Where a credential comes from: one of the two token endpoints, or a ticket type of `ticket/getticket`. */
export type CredentialEndpoint = (typeof credentialEndpoints)[number];
export const credentialEndpoints = ['stable_token', 'token', 'jsapi', 'wx_card'] as const;

/**
 * The hash of the secret keeps an old and a reset secret apart, the API base keeps a simulator and production apart.
 * The secret itself is in no key.
 */
export interface CredentialKey {
  /** Without a slash at the end. */
  readonly apiBase: string;
  readonly appId: string;
  readonly endpoint: CredentialEndpoint;
  /** SHA-256 of the AppSecret, in hex. */
  readonly secretHash: string;
}

export function createCredentialKey(parts: {
  readonly apiBase: string;
  readonly appId: string;
  readonly endpoint: CredentialEndpoint;
  readonly secret: string;
}): CredentialKey {
  return {
    apiBase: parts.apiBase.replace(/\/+$/, ''),
    appId: parts.appId,
    endpoint: parts.endpoint,
    secretHash: sha256Hex(parts.secret),
  };
}

/**
 * Under which a failure to reach the platform is remembered: it is the same for all accounts that take the same way.
 * The proxy may hold a password, so only its hash is kept.
 */
export function createOutageKey(way: {
  readonly apiBase: string;
  readonly endpoint: CredentialEndpoint;
  readonly proxy: string | undefined;
}): CredentialKey {
  // No account has an empty AppID, so this never meets a credential's own key.
  return createCredentialKey({ ...way, appId: '', secret: way.proxy ?? '' });
}

/** Increase it whenever the stored shape changes: old and new versions of the tool then use different files. */
const FORMAT = 1;

/** 64 hex digits that stand for the key: a safe file name that reveals neither the AppID nor the secret. */
export function nameCredentialKey(key: CredentialKey): string {
  return sha256Hex(JSON.stringify([FORMAT, key.apiBase, key.appId, key.endpoint, key.secretHash]));
}
