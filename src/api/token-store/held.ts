/** A token for thousands of calls in a row: who has it looks it up once a second, not once a call. */
import type { Clock } from '../../io/ports.ts';
import type { TokenProvider } from '../client.ts';
import type { Credential, TokenSource } from '../token-source.ts';

/** Another process may replace the token meanwhile; then a call is refused, and `renew` finds the new one. */
const HOLD_MS = 1000;

export function holdToken(tokens: Pick<TokenSource, 'get' | 'renew'>, clock: Clock): TokenProvider {
  let held: Credential | undefined;
  let untilMs = 0;
  const hold = async (asked: Promise<Credential>): Promise<Credential> => {
    const credential = await asked;
    untilMs = clock.monotonic() + Math.min(HOLD_MS, credential.expiresAtMs - clock.now());
    return (held = credential);
  };
  return {
    get: async () => (held !== undefined && clock.monotonic() < untilMs ? held : await hold(tokens.get())),
    renew: async (failed) => await hold(tokens.renew(failed)),
  };
}
