/** What is refused before any call of the platform reads it: bodies without a length, and paths that are no call. */
import type { Context, MiddlewareHandler } from 'hono';
import { checkAddress } from '../account/credentials.ts';
import { refusalAnswer } from './answers.ts';
import { findKnownCalls } from '../../core/catalogue/index.ts';
import { addressOf } from './call.ts';
import type { ApiEnv } from './endpoint.ts';
import type { Platform } from '../account/platform.ts';
import { Refusal } from './refusal.ts';

/**
 * Quirk: the gateway answers 412, without JSON, to a body that comes chunked, that is without Content-Length (reported
 * for template/send, uploads and others by users of several HTTP clients). A call without any body is fine.
 */
export function refuseChunked(platform: Platform): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    if (context.req.header('transfer-encoding') === undefined || platform.settings.acceptChunked)
      return next();
    context.set('note', 'chunked');
    return new Response(null, { status: 412 });
  };
}

/**
 * Never a false success: a call that the platform has and the simulator has not says so, with a header for programs;
 * one that was withdrawn says that; any other path is the gateway's 404.
 */
export async function answerUnknownPath(platform: Platform, context: Context<ApiEnv>): Promise<Response> {
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
  context.set('note', 'not_simulated');
  const wanted = `${calls.some((call) => call.method === method) ? method : first.method} ${path}`;
  const refusal = new Refusal(48001, `api unauthorized: the simulator does not have ${wanted}`);
  const answer = refusalAnswer(platform, refusal, 200, path);
  answer.headers.set('x-simulated', 'none');
  return answer;
}
