/** The way to a developer's own server, for the commands that play WeChat. */
import { WechatMpError } from '../../core/errors.ts';
import type { Fetch } from '../../io/ports.ts';
import type { Context } from '../context.ts';
import { tellProxy } from './outgoing.ts';

/** The HTTP client for the address that a flag names; with `--debug` it tells of every exchange. */
export async function openDeveloperFetch(context: Context, addressFlag: string): Promise<Fetch> {
  const { clock } = context.io;
  const proxy = context.settings.proxy?.value;
  const plain = await context.io.fetch({ proxy, environment: context.environment, addressFlag });
  const fetch = context.options.debug
    ? (await import('./explain/debug-fetch.ts')).debuggingFetch(context, plain)
    : plain;
  return async (request) => {
    const url = new URL(request.url);
    const { origin, pathname } = url;
    tellProxy(context, url);
    const startedAtMs = clock.monotonic();
    const tell = (end: string): void => {
      context.debug(
        `${request.method} ${origin}${pathname} → ${end} in ${Math.round(clock.monotonic() - startedAtMs)} ms`,
      );
    };
    try {
      const response = await fetch(request);
      tell(`${response.status}, ${response.body.length} bytes`);
      return response;
    } catch (error) {
      tell(error instanceof WechatMpError ? error.type : 'error');
      throw error;
    }
  };
}
