/** All that the simulator answers besides calls, as a Hono app: control, the page, what browsers open, and unknown paths. */
import { Hono, type Context } from 'hono';
import { Hono as QuickHono } from 'hono/quick';
import { createControlApp } from '../control/app.ts';
import { checkAddress } from '../account/credentials.ts';
import type { Platform } from '../account/platform.ts';
import { findKnownCalls } from '../../core/catalogue/index.ts';
import { readPages } from '../nouns/index.ts';
import { answerFor, dress, isRefusedChunked, refusalAnswer, refusedChunked } from './answers.ts';
import type { AppOptions } from './app.ts';
import { addressOf, readBody } from './call.ts';
import { addPage, type ApiApp, type ApiEnv } from './endpoint.ts';
import { ConnectionDropped } from './faults/faults.ts';
import { addPageRoutes } from './page-assets.ts';
import { Refusal } from './refusal.ts';
import type { Answered, watchTraffic } from './traffic.ts';

export async function createRoutes(
  { control, accounts, readAsset, pages, examples }: AppOptions,
  watch: ReturnType<typeof watchTraffic>,
  fetch: (request: Request) => Promise<Response>,
): Promise<ApiApp> {
  const { platform } = control.traffic;
  const { simulated, ofBrowserPerson } = await readPages();
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
  for (const page of ofBrowserPerson) addPage(app, platform, page);
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
  for (const page of simulated) addPage(app, platform, page);
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

function rethrow(error: Error): never {
  throw error;
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
