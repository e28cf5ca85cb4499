/**
 * Opens a developer's page for the JS-SDK check. It is shown under a host of its own, `jssdk.localhost`, which leads to
 * this machine: so its scripts are foreigners to the simulator, and the official script can be replaced by the stand-in.
 */
import { inputError, WechatMpError } from '../../core/errors.ts';
import { endToEndHeaders } from '../../io/http.ts';
import type { Fetch, HttpResponse } from '../../io/ports.ts';
import { assetResponse, type ReadAsset } from '../server/page-assets.ts';
import { pageAddressForm, pageMustBeYours } from './texts.ts';

const host = 'jssdk.localhost';
const timeoutMs = 10_000;
const maxBytes = 10 * 1024 * 1024;
const standIn = '/_page/jweixin.js';
/** `<script src="https://res.wx.qq.com/open/js/jweixin-1.6.0.js">` in any of its spellings. */
const officialScript =
  /(<script\b[^>]*?\bsrc\s*=\s*)(?:"[^"]*\bjweixin[^"]*"|'[^']*\bjweixin[^']*'|[^\s"'>]*\bjweixin[^\s>]*)/gi;
/** The body comes decoded; the others keep a page out of frames or away from other scripts. */
const droppedHeaders = [
  'content-encoding',
  'content-security-policy',
  'strict-transport-security',
  'x-frame-options',
];
const forwardedHeaders = [
  'accept',
  'accept-language',
  'content-type',
  'cookie',
  'user-agent',
  'x-requested-with',
];

export type JssdkPages = ReturnType<typeof createJssdkPages>;

export function createJssdkPages(openFetch: () => Promise<Fetch>, readAsset: ReadAsset) {
  let origin: string | undefined;
  return {
    isFor,
    /** Chooses the page; answers the address to open. Throws an input error for one that cannot be opened. */
    open(address: unknown, port: string): string {
      const url = parsePageUrl(address);
      origin = url.origin;
      return `http://${host}${port === '' ? '' : `:${port}`}${url.pathname}${url.search}${url.hash}`;
    },
    /** The answer to a request for that host; `undefined` for any other host. */
    answer(request: Request): Promise<Response> | undefined {
      if (!isFor(request)) return undefined;
      const url = new URL(request.url);
      if (url.pathname === standIn) return Promise.resolve(assetResponse(readAsset, 'jweixin.js'));
      if (origin === undefined) return Promise.resolve(plainResponse(404, 'No page has been chosen\n'));
      return forward(openFetch, request, `${origin}${url.pathname}${url.search}`);
    },
  };
}

/** Every call comes by here, and reading an address takes a while. */
function isFor({ url }: Request): boolean {
  return url.includes(host) && new URL(url).hostname === host;
}

function parsePageUrl(address: unknown): URL {
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw inputError('page_invalid', pageAddressForm);
  if (/(?:^|\.)qq\.com$/i.test(url.hostname)) throw inputError('page_invalid', pageMustBeYours(url.hostname));
  return url;
}

async function forward(openFetch: () => Promise<Fetch>, request: Request, url: string): Promise<Response> {
  const { method } = request;
  if (method !== 'GET' && method !== 'POST') return plainResponse(405, 'Only GET and POST pass\n');
  const headers: Record<string, string> = {};
  for (const name of forwardedHeaders) {
    const value = request.headers.get(name);
    if (value !== null) headers[name] = value;
  }
  try {
    const fetch = await openFetch();
    const body = method === 'POST' ? { body: new Uint8Array(await request.arrayBuffer()) } : {};
    const response = await fetch({ method, url, headers, ...body, timeoutMs, maxBytes, allowHttp: true });
    return rewrite(response, new URL(url).origin);
  } catch (error) {
    if (!(error instanceof WechatMpError)) throw error;
    return plainResponse(502, `${error.text.en}\n${error.text.zh}\n`);
  }
}

/** The page as it came, but for the official script and the way it leads to itself. */
function rewrite({ status, headers: given, body }: HttpResponse, origin: string): Response {
  const headers = new Headers(endToEndHeaders(given, droppedHeaders));
  const location = headers.get('location');
  if (location?.startsWith(`${origin}/`) === true) headers.set('location', location.slice(origin.length));
  if (status === 204 || status === 304) return new Response(null, { status, headers });
  if (headers.get('content-type')?.includes('html') !== true) {
    return new Response(new Uint8Array(body), { status, headers });
  }
  // Latin-1 keeps every byte, whatever the page's encoding is.
  const html = Buffer.from(body).toString('latin1').replace(officialScript, `$1"${standIn}"`);
  return new Response(Buffer.from(html, 'latin1'), { status, headers });
}

function plainResponse(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}
