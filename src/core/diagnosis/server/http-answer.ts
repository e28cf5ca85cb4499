/** Why the status of a developer's server is no answer to WeChat. */
import type { ProbeFinding } from './handshake-answer.ts';
import * as say from './texts.ts';
import { maxPageBytes, pageText } from './words.ts';

/** An answer, and what it answers. */
interface JudgedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Of the request. */
  readonly url: string;
  readonly method: 'GET' | 'POST';
  /** Whether the request was a message that only the EncodingAESKey opens. */
  readonly sealed?: boolean;
}

/** Judges everything but the body of an answer; `undefined` for status 200. */
export function judgeStatus(answer: JudgedAnswer): ProbeFinding | undefined {
  const { status, method, sealed = false } = answer;
  const encoding = answer.headers['content-encoding'] ?? '';
  if (status === 200) return ['', 'identity'].includes(encoding) ? undefined : say.compressed(encoding);
  if (status >= 300 && status < 400 && status !== 304) return judgeRedirect(answer);
  if (status === 419 || ([400, 401, 403, 422].includes(status) && saysCsrf(answer.body)))
    return say.csrf(status);
  if (status === 401 || status === 403) return say.forbidden(status, method, sealed);
  if (status === 405 || status === 501) return say.wrongMethod(method, status);
  if (status === 204) return method === 'GET' ? say.empty(204) : say.noContent();
  if (status === 413) return say.tooLarge();
  if (method === 'POST' && [400, 415, 422].includes(status)) return say.notRead(status, sealed);
  if (status === 404 && answer.headers['server'] === 'wechat-mp-simulator') return say.simulatorItself();
  if (unreachable.has(status)) return say.upstreamUnreachable(status);
  if (status === 504 || status === 524) return say.upstreamTimeout(status);
  return say.otherStatus(status, sealed);
}

/** 502 of every proxy; 521 to 523 and 530 of Cloudflare, whose tunnel or origin is gone. */
const unreachable: ReadonlySet<number> = new Set([502, 521, 522, 523, 530]);

/**
 * Whether the page speaks of forged requests. Its tags are left out: pages of every kind carry a CSRF token in a meta
 * element or a form. Rails in production has one page for all it refuses with 422, and that is nearly always this.
 */
function saysCsrf(body: Uint8Array): boolean {
  const page = pageText(Buffer.from(body).toString('latin1', 0, maxPageBytes));
  return /csrf|xsrf|request forgery|InvalidAuthenticityToken|authenticity token|change you wanted was rejected/i.test(
    page,
  );
}

function judgeRedirect({ status, headers, url }: JudgedAnswer): ProbeFinding {
  const target = readLocation(headers['location'], url);
  if (target === undefined) return say.redirect(status, '–', 'other');
  return say.redirect(status, `${target.origin}${target.pathname}`, redirectKind(new URL(url), target));
}

function readLocation(location: string | undefined, base: string): URL | undefined {
  return location !== undefined && URL.canParse(location, base) ? new URL(location, base) : undefined;
}

function redirectKind(from: URL, to: URL): say.RedirectKind {
  if (/log-?in|sign-?in|passport|oauth|sso|auth/i.test(to.pathname)) return 'login';
  if (from.protocol === 'http:' && to.protocol === 'https:') return 'https';
  if (withoutSlash(from) === withoutSlash(to) && from.pathname !== to.pathname) return 'slash';
  return from.host === to.host ? 'other' : 'host';
}

function withoutSlash({ pathname }: URL): string {
  return pathname.replace(/\/+$/, '');
}
