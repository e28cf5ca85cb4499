/** How the platform answers: HTTP 200 and JSON, also for errors, and a request id (rid) behind the words. */
import type { Platform } from './platform.ts';
import { randomHex } from './random-text.ts';
import type { Refusal } from './refusal.ts';

// Quirk: "encoding", not "charset".
const contentType = 'application/json; encoding=utf-8';

export function jsonAnswer(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': contentType } });
}

export function refusalAnswer(platform: Platform, { errcode, message }: Refusal, status = 200): Response {
  return jsonAnswer({ errcode, errmsg: `${message} rid: ${rid(platform)}` }, status);
}

/** Quirk: the first of its three groups is the Unix time in hex (seen in live answers, undocumented). */
function rid({ clock, random }: Platform): string {
  const seconds = Math.floor(clock.now() / 1000);
  return [seconds.toString(16).padStart(8, '0'), randomHex(random, 8), randomHex(random, 8)].join('-');
}
