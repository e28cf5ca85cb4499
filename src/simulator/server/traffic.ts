/** Around every call of the API side: the faults that were asked for, and the log. */
import type { MiddlewareHandler } from 'hono';
import { bodyOfAnswer } from './answers.ts';
import { readBody } from './call.ts';
import type { ApiEnv } from './endpoint.ts';
import { replacesAnswer, type Fault } from './faults/fault.ts';
import { ConnectionDropped, cutOff, faultAnswer, type Faults, type ShownAnswer } from './faults/faults.ts';
import { createMask } from './mask.ts';
import type { Platform } from '../account/platform.ts';
import type { RequestNote } from '../control/types/index.ts';
import { describeCall, keptBodyBytes, type RawCall, type Requests } from './requests.ts';

export interface Traffic {
  readonly platform: Platform;
  readonly faults: Faults;
  readonly requests: Requests;
}

export function watchTraffic({ platform, faults, requests }: Traffic): MiddlewareHandler<ApiEnv> {
  const { account, clock } = platform;
  const mask = createMask([account.secret, account.encodingAESKey]);
  return async (context, next) => {
    const { method, path, raw } = context.req;
    const place = requests.arrive(raw);
    const atMs = clock.now();
    const began = clock.monotonic();
    const fault = faults.take(path);
    const bytes = await readBody(context.req);
    const record = (answered: ShownAnswer | undefined, note: RequestNote | undefined): void => {
      const call = {
        atMs,
        method,
        path,
        url: raw.url,
        note,
        requestType: raw.headers.get('content-type') ?? '',
        requestBody: bytes,
        status: answered?.answer.status,
        responseType: answered?.answer.headers.get('content-type') ?? '',
        responseBody: answered?.shown ?? '',
        ms: clock.monotonic() - began,
        userAgent: (raw.headers.get('user-agent') ?? '').slice(0, 200),
      };
      place((about) => describeCall(about, call, mask), rawCall(raw, bytes, answered?.answer));
    };
    const drop = (reason: string): never => {
      record(undefined, 'dropped');
      throw new ConnectionDropped(`The connection of ${method} ${path} was dropped: ${reason}`);
    };
    const wait = async (): Promise<void> => {
      if (fault === undefined || fault.delayMs === 0) return;
      await clock.sleep(fault.delayMs, raw.signal).catch(() => drop('the client did not wait'));
    };

    if (fault?.after !== true) await wait();
    if (fault === undefined || fault.after || !replacesAnswer(fault)) await next();
    if (fault?.after === true) await wait();
    if (fault?.drop === true) drop('on request');
    const answered = await answerOf(platform, fault, path, () => context.res);
    record(answered, fault === undefined ? context.get('note') : 'fault');
    if (fault?.partialBytes !== undefined) {
      throw cutOff(answered, fault.partialBytes, `The answer of ${method} ${path} was cut off on request`);
    }
    if (answered.answer !== context.res) {
      // Hono would merge the old answer's headers into the new one.
      context.res = undefined;
      context.res = answered.answer;
    }
  };
}

/** What the log keeps whole. The request is copied: it holds on to its connection and to its body, however long. */
function rawCall(
  { url, headers }: Request,
  body: Uint8Array<ArrayBuffer>,
  answer: Response | undefined,
): RawCall {
  const answered = answer?.headers;
  return {
    url,
    requestHeaders: Object.fromEntries(headers),
    requestBody: body.length <= keptBodyBytes ? body : undefined,
    get responseHeaders() {
      return Object.fromEntries(answered ?? []);
    },
  };
}

async function answerOf(
  platform: Platform,
  fault: Fault | undefined,
  path: string,
  own: () => Response,
): Promise<ShownAnswer> {
  if (fault !== undefined && replacesAnswer(fault)) return faultAnswer(platform, fault, path);
  const answer = own();
  return { answer, shown: await bodyOfAnswer(answer) };
}
