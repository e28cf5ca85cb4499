/** `--examples`: what the documentation shows, for calls that the platform has and the simulator has not. */
import type { Context } from 'hono';
import { type KnownCall, readCallExamples } from '../../core/catalogue/index.ts';
import { checkCaller } from '../account/credentials.ts';
import type { Platform } from '../account/platform.ts';
import { jsonAnswer } from './answers.ts';
import { addressOf } from './call.ts';
import type { ApiEnv } from './endpoint.ts';
import { Refusal } from './refusal.ts';

/**
 * The example of the call that is meant, of all that have this path; `undefined` where the documentation has none. The
 * checks that all calls have in common come first: a bad token gets no good answer. Throws their refusals.
 */
export async function exampleAnswer(
  platform: Platform,
  calls: readonly KnownCall[],
  { req }: Context<ApiEnv>,
): Promise<Response | undefined> {
  const sameMethod = calls.filter((call) => call.method === req.method);
  if (sameMethod.length === 0) throw new Refusal(calls[0]?.method === 'GET' ? 43001 : 43002);
  const call = sameMethod.find((each) => fixedOf(each).every(([name, value]) => req.query(name) === value));
  if (call === undefined) return undefined;
  if (call.needsToken) platform.tokens.check(req.query('access_token'));
  checkCaller(call.path, addressOf(req.raw.headers), platform);
  const { answer } = (await readCallExamples())[call.name] ?? {};
  if (answer === undefined) return undefined;
  const response = jsonAnswer(answer);
  response.headers.set('x-simulated', 'example');
  return response;
}

/** What tells calls of one path apart: `action=publisher_settlement`. */
function fixedOf({ query }: KnownCall): readonly (readonly [string, string])[] {
  return query.flatMap((text) => {
    const [name = '', value] = text.split('=');
    return value === undefined ? [] : [[name, value] as const];
  });
}
