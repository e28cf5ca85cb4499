/** The simulator as a Hono app, callable without a port: control, then the API side with its faults and its log. */
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { Hono as QuickHono } from 'hono/quick';
import { jsonAnswer, refusalAnswer } from './answers.ts';
import type { Control } from '../control/control.ts';
import { createControlApp } from '../control/app.ts';
import { addPage, answerCall, type ApiApp, type ApiEnv } from './endpoint.ts';
import { ConnectionDropped } from './faults/faults.ts';
import type { JssdkPages } from '../control/jssdk-page.ts';
import type { AccountsControl } from '../account/new-account.ts';
import { addPageRoutes, type ReadAsset } from './page-assets.ts';
import { Refusal } from './refusal.ts';
import { browserPersonPages, findEndpoint, simulatedPages } from '../nouns/index.ts';
import { watchTraffic } from './traffic.ts';
import { checkAddress } from '../account/credentials.ts';
import { findKnownCalls } from '../../core/catalogue/index.ts';
import { addressOf } from './call.ts';
import type { Platform } from '../account/platform.ts';

export interface AppOptions {
  readonly control: Control;
  readonly accounts: AccountsControl;
  /** The files of the page; without them there is no page. */
  readonly readAsset: ReadAsset | undefined;
  /** Calls that are known and not simulated answer the example of the documentation. */
  readonly examples: boolean;
  readonly pages: JssdkPages | undefined;
}

export function createApp({ control, accounts, readAsset, pages, examples }: AppOptions): ApiApp {
  const { traffic } = control;
  const { platform } = traffic;
  const app: ApiApp = new Hono();
  // Pages of developers pass as they are.
  app.use('*', async (context, next) => (await pages?.answer(context.req.raw)) ?? next());
  app.use('*', async (context, next) => {
    try {
      await next();
    } finally {
      // What has been done is told, also where its answer is lost.
      platform.outbox.flush();
    }
    // Who is speaking, so that a client can say that this is not the real platform; and when, by the simulated clock.
    context.res.headers.set('server', 'wechat-mp-simulator');
    // Texts of strangers stand in many answers: no browser may take one for a page or a script.
    context.res.headers.set('x-content-type-options', 'nosniff');
    context.res.headers.set('date', new Date(platform.clock.now()).toUTCString());
  });
  // An app makes one expression of all its routes at its first request: with these hundred it would take ten times as long.
  const controlApp = createControlApp({
    control,
    accounts,
    fetch: async (request) => app.fetch(request),
    pages,
  });
  const mounted = new QuickHono().route('/_ctl', controlApp).onError(rethrow);
  app.all('/_ctl/*', (context) => mounted.fetch(context.req.raw));
  if (readAsset !== undefined) addPageRoutes(app, readAsset);
  for (const page of browserPersonPages) addPage(app, platform, page);
  app.use('*', watchTraffic(traffic));
  app.use('*', refuseChunked(platform));
  // The router takes "/cgi-bin/token/" for "/cgi-bin/token"; the platform's gateway does not.
  app.use('*', async (context, next) => (context.req.path.endsWith('/') ? context.notFound() : next()));
  const world = { platform, requests: traffic.requests, accounts, control };
  for (const page of simulatedPages) addPage(app, platform, page);
  app.use('*', (context, next) => {
    const endpoint = findEndpoint(context.req.path);
    return endpoint === undefined ? next() : answerCall(world, endpoint, context);
  });
  app.notFound((context) => answerUnknownPath(platform, context, examples));
  app.onError((error, context) => {
    // The connection itself is the answer: `fetch` rejects, and the listener resets the socket.
    if (error instanceof ConnectionDropped) throw error;
    if (error instanceof Refusal) return refusalAnswer(platform, error, 200, context.req.path);
    context.set('note', 'failed');
    return jsonAnswer({ errcode: -1, errmsg: `system error: the simulator failed: ${error.message}` }, 500);
  });
  return app;
}

function rethrow(error: Error): never {
  throw error;
}

/**
 * Quirk: the gateway answers 412, without JSON, to a body that comes chunked, that is without Content-Length (reported
 * for template/send, uploads and others by users of several HTTP clients). A call without any body is fine.
 */
function refuseChunked(platform: Platform): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    if (context.req.header('transfer-encoding') === undefined || platform.settings.acceptChunked)
      return next();
    context.set('note', 'chunked');
    return new Response(null, { status: 412 });
  };
}

/**
 * Never a false success: a call that the platform has and the simulator has not says so, with a header for programs,
 * or where examples are wanted that it is one; one that was withdrawn says that; any other path is the gateway's 404.
 */
async function answerUnknownPath(
  platform: Platform,
  context: Context<ApiEnv>,
  examples: boolean,
): Promise<Response> {
  const { method, path, raw } = context.req;
  const calls = await findKnownCalls(path);
  const [first] = calls;
  if (first === undefined) {
    context.set('note', 'unknown_path');
    return refusalAnswer(platform, new Refusal(40066), 404, path);
  }
  const { settings, ipRequests } = platform;
  if (settings.whitelistScope === 'all') checkAddress(addressOf(raw.headers), settings, ipRequests);
  if (first.isWithdrawn) throw new Refusal(45106);
  if (examples) {
    const { exampleAnswer } = await import('./examples.ts');
    const example = await exampleAnswer(platform, calls, context);
    if (example !== undefined) {
      context.set('note', 'example');
      return example;
    }
  }
  context.set('note', 'not_simulated');
  const wanted = `${calls.some((call) => call.method === method) ? method : first.method} ${path}`;
  const today = first.replacedBy === undefined ? '' : `; ${first.replacedBy} does the same today`;
  const refusal = new Refusal(48001, `api unauthorized: the simulator does not have ${wanted}${today}`);
  const answer = await refusalAnswer(platform, refusal, 200, path);
  answer.headers.set('x-simulated', 'none');
  return answer;
}
