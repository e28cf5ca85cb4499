/** The way to a developer's own server, for the commands that play WeChat. */
import { toldFetch } from '../../api/told-fetch.ts';
import type { Fetch } from '../../io/ports.ts';
import type { Context } from '../context.ts';
import { tellProxy } from './outgoing.ts';

/** The HTTP client; with `--debug` it tells of every exchange, without query and body. */
export async function openDeveloperFetch(context: Context): Promise<Fetch> {
  const { clock } = context.io;
  const proxy = context.settings.proxy?.value;
  const fetch = await context.io.fetch({ proxy, environment: context.environment });
  const told = toldFetch(fetch, clock, (line) => context.debug(line));
  return async (request) => {
    tellProxy(context, new URL(request.url));
    return await told(request);
  };
}
