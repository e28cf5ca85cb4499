/** The simulator as a Hono app, callable without a port: control, then the API side with its faults and its log. */
import { Hono } from 'hono';
import { jsonAnswer, refusalAnswer } from './answers.ts';
import type { Control } from '../control/control.ts';
import { createControlApp } from '../control/app.ts';
import { addEndpoint, addPage, type ApiApp } from './endpoint.ts';
import { ConnectionDropped } from './faults/faults.ts';
import type { JssdkPages } from '../control/jssdk-page.ts';
import type { AccountsControl } from '../account/new-account.ts';
import { addPageRoutes, type ReadAsset } from './page-assets.ts';
import { answerUnknownPath, refuseChunked } from './gateway.ts';
import { Refusal } from './refusal.ts';
import { browserPersonPages, simulatedEndpoints, simulatedPages } from '../nouns/index.ts';
import { watchTraffic } from './traffic.ts';

export interface AppOptions {
  readonly control: Control;
  readonly accounts: AccountsControl;
  /** The files of the page; without them there is no page. */
  readonly readAsset: ReadAsset | undefined;
  readonly pages: JssdkPages | undefined;
}

export function createApp({ control, accounts, readAsset, pages }: AppOptions): ApiApp {
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
  app.route(
    '/_ctl',
    createControlApp({ control, accounts, fetch: async (request) => app.fetch(request), pages }),
  );
  if (readAsset !== undefined) addPageRoutes(app, readAsset);
  for (const page of browserPersonPages) addPage(app, platform, page);
  app.use('*', watchTraffic(traffic));
  app.use('*', refuseChunked(platform));
  // The router takes "/cgi-bin/token/" for "/cgi-bin/token"; the platform's gateway does not.
  app.use('*', async (context, next) => (context.req.path.endsWith('/') ? context.notFound() : next()));
  const world = { platform, requests: traffic.requests, accounts, control };
  for (const endpoint of simulatedEndpoints) addEndpoint(app, world, endpoint);
  for (const page of simulatedPages) addPage(app, platform, page);
  app.notFound((context) => answerUnknownPath(platform, context));
  app.onError((error, context) => {
    // The connection itself is the answer: `fetch` rejects, and the listener resets the socket.
    if (error instanceof ConnectionDropped) throw error;
    if (error instanceof Refusal) return refusalAnswer(platform, error, 200, context.req.path);
    context.set('note', 'failed');
    const { errcode, message } = new Refusal(-1, `system error: the simulator failed: ${error.message}`);
    return jsonAnswer({ errcode, errmsg: message }, 500);
  });
  return app;
}
