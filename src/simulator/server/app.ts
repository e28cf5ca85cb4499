/** The simulator as a function, callable without a port: the calls of the API side; all else is in `routes.ts`. */
import { getPath } from 'hono/utils/url';
import type { Control } from '../control/control.ts';
import type { JssdkPages } from '../control/jssdk-page.ts';
import type { AccountsControl } from '../account/new-account.ts';
import { answerFor, dress, isRefusedChunked, refusedChunked } from './answers.ts';
import { readBody } from './call.ts';
import { answerCall, type ApiApp } from './endpoint.ts';
import type { ReadAsset } from './page-assets.ts';
import { findEndpoint, findLoadedEndpoint } from '../nouns/index.ts';
import { type Answered, type Eventual, watchTraffic } from './traffic.ts';

export interface AppOptions {
  readonly control: Control;
  readonly accounts: AccountsControl;
  /** The files of the page; without them there is no page. */
  readonly readAsset: ReadAsset | undefined;
  /** Calls that are known and not simulated answer the example of the documentation. */
  readonly examples: boolean;
  readonly pages: JssdkPages | undefined;
}

/**
 * Most requests are calls, and a call has one fixed path: it is found and answered at once. The framework is for all that
 * has parameters in its path, or several that answer, and is loaded with the first of these.
 */
export function createApp(options: AppOptions): (request: Request) => Promise<Response> {
  const { control, accounts, pages } = options;
  const { platform, requests } = control.traffic;
  const world = { platform, requests, accounts, control };
  const watch = watchTraffic(control.traffic);
  let routes: Promise<ApiApp> | undefined;
  const openRoutes = async (): Promise<ApiApp> => {
    const { createRoutes } = await import('./routes.ts');
    return createRoutes(options, watch, fetch);
  };
  const fetch = async (request: Request): Promise<Response> => {
    const path = getPath(request);
    const endpoint = findLoadedEndpoint(path) ?? (await findEndpoint(path));
    if (endpoint === undefined || pages?.isFor(request))
      return await (await (routes ??= openRoutes())).fetch(request);
    const answer = (body: Uint8Array<ArrayBuffer>): Eventual<Answered> => {
      try {
        if (isRefusedChunked(platform, request.headers)) return refusedChunked();
        const answered = answerCall(world, endpoint, request, body);
        if (!(answered instanceof Promise)) return { answer: answered, note: undefined };
        const failed = (error: unknown): Promise<Answered> => answerFor(platform, error, path);
        return answered.then((late) => ({ answer: late, note: undefined })).catch(failed);
      } catch (error) {
        return answerFor(platform, error, path);
      }
    };
    try {
      const answered = await watch({ request, path, read: () => readBody(request), answer });
      dress(answered, platform);
      return request.method === 'HEAD' ? new Response(null, answered) : answered;
    } finally {
      // What has been done is told, also where its answer is lost.
      platform.outbox.flush();
    }
  };
  return fetch;
}
