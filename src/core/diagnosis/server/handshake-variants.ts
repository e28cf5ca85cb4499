/** The right verification request, signed as a server would accept it that makes one of the known mistakes. */
import { sha1Hex } from '../../text/digest.ts';
import { signUrl } from '../../callback/index.ts';
import type { Text } from '../../text/text.ts';
import { diagnoseCallback } from '../callback.ts';

export interface SignedVariant {
  /** As `handshake check` calls the mistake. */
  readonly name: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly signature: string;
  /** The mistake, and what to do instead. */
  readonly text: Text;
  readonly fix: Text;
}

/** `nonce` belongs behind the timestamp in the order of bytes and is less as a number; `otherNonce` belongs before it. */
interface Ground {
  readonly callbackToken: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly otherNonce: string;
}

/**
 * The commonest mistakes first. What gives the right signature after all is left out, and so is what another one before
 * it gives: each is one request to somebody's server.
 */
export function signedVariants(ground: Ground): readonly SignedVariant[] {
  const { callbackToken, timestamp } = ground;
  const seen = new Set<string>();
  return candidates(ground).flatMap(({ signature, nonce }) => {
    if (seen.has(signature) || signature === signUrl(callbackToken, timestamp, nonce)) return [];
    seen.add(signature);
    const [mistake] = diagnoseCallback({
      given: signature,
      kind: 'signature',
      callbackToken,
      timestamp,
      nonce,
    });
    return mistake === undefined ? [] : [{ ...mistake, timestamp, nonce, signature }];
  });
}

function candidates({ callbackToken: token, timestamp, nonce, otherNonce }: Ground) {
  const joined = (...parts: readonly string[]) => ({ signature: sha1Hex(parts.join('')), nonce });
  const withToken = (other: string) => ({ signature: signUrl(other, timestamp, nonce), nonce });
  return [
    joined(token, timestamp, nonce),
    // As numbers: PHP's `sort`, then JavaScript's `sort((a, b) => a - b)`.
    joined(nonce, timestamp, token),
    joined(token, nonce, timestamp),
    { signature: sha1Hex(timestamp + otherNonce + token), nonce: otherNonce },
    withToken(token.toLowerCase()),
    withToken(`${token}\n`),
    withToken(''),
    withToken(`${token} `),
    withToken(token.toUpperCase()),
    withToken(` ${token}`),
  ];
}
