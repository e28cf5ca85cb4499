/** The simulator as a Hono app, callable without a port: control, then the API side with its faults and its log. */
import { Hono } from 'hono/tiny';
import { jsonAnswer, refusalAnswer } from './answers.ts';
import type { Console } from './console/console.ts';
import { createControl } from './control.ts';
import type { ApiApp } from './endpoint.ts';
import { ConnectionDropped } from './faults.ts';
import { createJssdkPages } from './jssdk-page.ts';
import { addPageRoutes, type ReadAsset } from './page-assets.ts';
import type { Platform } from './platform.ts';
import { Refusal } from './refusal.ts';
import { addCustomMessageRoutes } from './routes/custom-message.ts';
import { addMenuRoutes } from './routes/menu.ts';
import { addOpenapiRoutes } from './routes/openapi.ts';
import { addQrcodeRoutes } from './routes/qrcode.ts';
import { addShortenRoutes } from './routes/shorten.ts';
import { addTagRoutes } from './routes/tag.ts';
import { addTicketRoutes } from './routes/ticket.ts';
import { addTokenRoutes } from './routes/token.ts';
import { addUserRoutes } from './routes/user.ts';
import { watchTraffic } from './traffic.ts';

/** `readAsset` has the files of the page; without it there is no page. */
export function createApp(console: Console, readAsset?: ReadAsset): ApiApp {
  const { traffic } = console;
  const { platform } = traffic;
  const app: ApiApp = new Hono();
  app.use('*', async (context, next) => {
    await next();
    // Who is speaking, so that a client can say that this is not the real platform; and when, by the simulated clock.
    context.res.headers.set('server', 'wechat-mp-simulator');
    context.res.headers.set('date', new Date(platform.clock.now()).toUTCString());
  });
  app.use('*', async (_context, next) => {
    await next();
    platform.outbox.flush();
  });
  const pages = readAsset === undefined ? undefined : createJssdkPages(console.openFetch, readAsset);
  app.use('*', async (context, next) => (await pages?.answer(context.req.raw)) ?? next());
  app.route(
    '/_ctl',
    createControl({ console, fetch: async (request) => app.fetch(request), isSimulated, pages }),
  );
  if (readAsset !== undefined) addPageRoutes(app, readAsset);
  app.use('*', watchTraffic(traffic));
  // The router takes "/cgi-bin/token/" for "/cgi-bin/token"; the platform's gateway does not.
  app.use('*', async (context, next) => (context.req.path.endsWith('/') ? context.notFound() : next()));
  addTokenRoutes(app, platform);
  addTicketRoutes(app, platform);
  addMenuRoutes(app, platform);
  addQrcodeRoutes(app, platform);
  addShortenRoutes(app, platform);
  addUserRoutes(app, platform);
  addTagRoutes(app, platform);
  addCustomMessageRoutes(app, platform);
  addOpenapiRoutes(app, traffic);
  app.notFound((context) => answerUnknownPath(platform, context));
  app.onError((error, context) => {
    // The connection itself is the answer: `fetch` rejects, and the listener resets the socket.
    if (error instanceof ConnectionDropped) throw error;
    if (error instanceof Refusal) return refusalAnswer(platform, error);
    context.set('note', 'failed');
    const { errcode, message } = new Refusal(-1, `system error: the simulator failed: ${error.message}`);
    return jsonAnswer({ errcode, errmsg: message }, 500);
  });
  const simulated = new Set(app.routes.map(({ path }) => path));
  return app;

  function isSimulated(path: string): boolean {
    return simulated.has(path);
  }
}

/** Never a false success: a path that the platform has and the simulator has not says so, others are the gateway's 404. */
async function answerUnknownPath(
  platform: Platform,
  context: {
    req: { method: string; path: string };
    set: (key: 'note', note: 'not_simulated' | 'unknown_path') => void;
  },
): Promise<Response> {
  const { method, path } = context.req;
  const { platformMethods } = await import('./catalogue.ts');
  const methods = await platformMethods(path);
  context.set('note', methods.length > 0 ? 'not_simulated' : 'unknown_path');
  if (methods.length === 0) return refusalAnswer(platform, new Refusal(40066), 404);
  const call = `${methods.includes(method) ? method : methods[0]} ${path}`;
  return refusalAnswer(
    platform,
    new Refusal(48001, `api unauthorized: the simulator does not have ${call}`),
    404,
  );
}
