/** What `--debug` tells of every exchange, whoever is asked. */
import { WechatMpError } from '../core/errors.ts';
import type { Clock, Fetch } from '../io/ports.ts';

/** The same HTTP client, which tells how each exchange ended and how long it took, without query and body. */
export function toldFetch(fetch: Fetch, clock: Clock, tell: (line: string) => void): Fetch {
  return async (request) => {
    const { origin, pathname } = new URL(request.url);
    const name = `${request.method} ${origin}${pathname}`;
    const startedAtMs = clock.monotonic();
    const took = (): string => `${Math.round(clock.monotonic() - startedAtMs)} ms`;
    try {
      const response = await fetch(request);
      tell(`${name} → ${response.status} in ${took()}, ${response.body.length} bytes`);
      return response;
    } catch (error) {
      tell(`${name} → ${error instanceof WechatMpError ? error.type : 'error'} after ${took()}`);
      throw error;
    }
  };
}
