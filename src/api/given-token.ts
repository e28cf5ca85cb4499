/** A token given by hand, for example in `WECHAT_MP_ACCESS_TOKEN`. */
import { isCredentialText } from '../core/token/index.ts';
import type { Credential, TokenSource } from './token-source.ts';
import { givenTokenFixed, givenTokenInvalid, givenTokenRefused } from './token-source-texts.ts';

/** Never fetched, never stored, and nothing can renew it. Throws an input error for what cannot be a token. */
export function givenToken(value: string): TokenSource {
  if (!isCredentialText(value)) throw givenTokenInvalid();
  const credential: Credential = {
    value,
    expiresAtMs: Number.POSITIVE_INFINITY,
    source: 'given',
    endpoint: 'given',
  };
  return {
    get: async ({ force = false } = {}) => {
      if (force) throw givenTokenFixed();
      return credential;
    },
    renew: async () => {
      throw givenTokenRefused();
    },
    peek: async () => undefined,
    clear: async () => false,
  };
}
