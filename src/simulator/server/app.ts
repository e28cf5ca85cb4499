/** The simulator as a Hono app, callable without a port: control, then the API side with its faults and its log. */
import { Hono, type Context } from 'hono';
import { Hono as QuickHono } from 'hono/quick';
import { getPath } from 'hono/utils/url';
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
import { type Answered, watchTraffic } from './traffic.ts';
import { checkAddress } from '../account/credentials.ts';
import { findKnownCalls } from '../../core/catalogue/index.ts';
import { addressOf, readBody } from './call.ts';
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

/**
 * Most requests are calls, and a call has one fixed path: it is found and answered at once. The framework is for all that
 * has parameters in its path, or several that answer.
 */
export function createApp(options: AppOptions): (request: Request) => Promise<Response> {
  const { control, accounts, pages } = options;
  const { platform, requests } = control.traffic;
  const world = { platform, requests, accounts, control };
  const watch = watchTraffic(control.traffic);
  const fetch = async (request: Request): Promise<Response> => {
    const path = getPath(request);
    const endpoint = findEndpoint(path);
    if (endpoint === undefined || pages?.isFor(request)) return await app.fetch(request);
    try {
      const answered = await watch({
        request,
        path,
        read: () => readBody(request),
        answer: async (body) => {
          try {
            if (isRefusedChunked(platform, request.headers)) return refusedChunked();
            return { answer: await answerCall(world, endpoint, request, body), note: undefined };
          } catch (error) {
            return await answerFor(platform, error, path);
          }
        },
      });
      dress(answered, platform);
      return request.method === 'HEAD' ? new Response(null, answered) : answered;
    } finally {
      // What has been done is told, also where its answer is lost.
      platform.outbox.flush();
    }
  };
  const app = createRoutes(options, watch, fetch);
  return fetch;
}

function createRoutes(
  { control, accounts, readAsset, pages, examples }: AppOptions,
  watch: ReturnType<typeof watchTraffic>,
  fetch: (request: Request) => Promise<Response>,
): ApiApp {
  const { platform } = control.traffic;
  const app: ApiApp = new Hono();
  // Pages of developers pass as they are.
  app.use('*', async (context, next) => (await pages?.answer(context.req.raw)) ?? next());
  app.use('*', async (context, next) => {
    try {
      await next();
    } finally {
      platform.outbox.flush();
    }
    dress(context.res, platform);
  });
  // An app makes one expression of all its routes at its first request: with these hundred it would take ten times as long.
  const controlApp = createControlApp({ control, accounts, fetch, pages });
  const mounted = new QuickHono().route('/_ctl', controlApp).onError(rethrow);
  app.all('/_ctl/*', (context) => mounted.fetch(context.req.raw));
  if (readAsset !== undefined) addPageRoutes(app, readAsset);
  for (const page of browserPersonPages) addPage(app, platform, page);
  app.use('*', async (context, next) => {
    const { raw: request, path } = context.req;
    const answer = async (): Promise<Answered> => {
      await next();
      return { answer: context.res, note: context.get('note') };
    };
    const answered = await watch({ request, path, read: () => readBody(context.req), answer });
    if (answered === context.res) return;
    // Hono would merge the old answer's headers into the new one.
    context.res = undefined;
    context.res = answered;
  });
  app.use('*', async (context, next) => {
    if (!isRefusedChunked(platform, context.req.raw.headers)) return next();
    const { answer, note } = refusedChunked();
    context.set('note', note);
    return answer;
  });
  // The router takes "/cgi-bin/token/" for "/cgi-bin/token"; the platform's gateway does not.
  app.use('*', async (context, next) => (context.req.path.endsWith('/') ? context.notFound() : next()));
  for (const page of simulatedPages) addPage(app, platform, page);
  app.notFound((context) => answerUnknownPath(platform, context, examples));
  app.onError(async (error, context) => {
    // The connection itself is the answer: `fetch` rejects, and the listener resets the socket.
    if (error instanceof ConnectionDropped) throw error;
    const { answer, note } = await answerFor(platform, error, context.req.path);
    if (note !== undefined) context.set('note', note);
    return answer;
  });
  return app;
}

function dress({ headers }: Response, { clock }: Platform): void {
  // Who is speaking, so that a client can say that this is not the real platform; and when, by the simulated clock.
  headers.set('server', 'wechat-mp-simulator');
  // Texts of strangers stand in many answers: no browser may take one for a page or a script.
  headers.set('x-content-type-options', 'nosniff');
  headers.set('date', new Date(clock.now()).toUTCString());
}

/** The platform's refusal, or that something here is broken. */
async function answerFor(platform: Platform, error: unknown, path: string): Promise<Answered> {
  if (error instanceof Refusal)
    return { answer: await refusalAnswer(platform, error, 200, path), note: undefined };
  const words = error instanceof Error ? error.message : String(error);
  const answer = jsonAnswer({ errcode: -1, errmsg: `system error: the simulator failed: ${words}` }, 500);
  return { answer, note: 'failed' };
}

function rethrow(error: Error): never {
  throw error;
}

/**
 * Quirk: the gateway answers 412, without JSON, to a body that comes chunked, that is without Content-Length (reported
 * for template/send, uploads and others by users of several HTTP clients). A call without any body is fine.
 */
function isRefusedChunked({ settings }: Platform, headers: Headers): boolean {
  return headers.has('transfer-encoding') && !settings.acceptChunked;
}

function refusedChunked(): Answered {
  return { answer: new Response(null, { status: 412 }), note: 'chunked' };
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
