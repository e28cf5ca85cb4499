/** The page at `/`: static files that the build makes, and the rules a browser has to follow for them. */
import type { Files } from '../../io/ports.ts';
import type { ApiApp } from './endpoint.ts';
import { realHostOf } from './requests.ts';

/** One file of the built page, or `undefined` where there is none. The terminal side reads it; this layer has no files. */
export type ReadAsset = (name: string) => Uint8Array | undefined;

/** Reads a file of the page by its name, each time it is asked for. `folder` is that of the running file. */
export function createPageReader(files: Pick<Files, 'read'>, folder: string): ReadAsset {
  return (name) => files.read(`${folder}/page/${name}`);
}

/** What a page of the simulator may load: itself, pictures of this machine, and pages in the JS-SDK check. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob: http://127.0.0.1:* http://localhost:*",
  "media-src 'self' data: blob: http://127.0.0.1:* http://localhost:*",
  'frame-src http://jssdk.localhost:*',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/**
 * `GET /` and `GET /_page/<name>`; names are flat, so nothing outside the folder can be asked for. The platform has no such
 * page: under its own names both are refused like any path that it does not have.
 */
export function addPageRoutes(app: ApiApp, readAsset: ReadAsset): void {
  app.get('/', async ({ req }, next) =>
    realHostOf(req.url) === undefined ? assetResponse(readAsset, 'index.html') : next(),
  );
  app.get('/_page/:name', async ({ req }, next) =>
    realHostOf(req.url) === undefined ? assetResponse(readAsset, req.param('name')) : next(),
  );
}

/** A file of the page with its headers, or 404. */
export function assetResponse(readAsset: ReadAsset, name: string): Response {
  const type = types[/^[a-z0-9-]+\.([a-z]+)$/.exec(name)?.[1] ?? ''];
  const bytes = type === undefined ? undefined : readAsset(name);
  if (type === undefined || bytes === undefined) {
    return new Response('Not found\n', { status: 404, headers: { 'content-type': 'text/plain' } });
  }
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': type,
      'content-security-policy': contentPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
      // The stand-in for jweixin is a script of other pages, too.
      'cross-origin-resource-policy': name === 'jweixin.js' ? 'cross-origin' : 'same-origin',
    },
  });
}
