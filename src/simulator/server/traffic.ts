/** Around every call of the API side: the faults that were asked for, and the log. */
import type { RequestNote } from '../control/types/index.ts';
import type { WholeRequest } from '../../io/http.ts';
import type { Platform } from '../account/platform.ts';
import { bodyOfAnswer, headOf } from './answers.ts';
import { replacesAnswer, type Fault } from './faults/fault.ts';
import { ConnectionDropped, cutOff, faultAnswer, type Faults, type ShownAnswer } from './faults/faults.ts';
import type { Requests } from './requests.ts';

export interface Traffic {
  readonly platform: Platform;
  readonly faults: Faults;
  readonly requests: Requests;
}

/** What a call gets, and what the log notes of it. */
export interface Answered {
  readonly answer: Response;
  readonly note: RequestNote | undefined;
}

/** At once where nobody has to be waited for: each promise on the way of a call takes its time. */
export type Eventual<Value> = Value | Promise<Value>;

/** A call that has come. */
export interface Arrival {
  readonly request: Request;
  readonly path: string;
  readonly read: () => Eventual<Uint8Array<ArrayBuffer>>;
  /** What it gets unless a fault takes the place of that. */
  readonly answer: (body: Uint8Array<ArrayBuffer>) => Eventual<Answered>;
}

/** Gives a call its answer, or what a fault makes of it, and keeps both in the log. */
export function watchTraffic({
  platform,
  faults,
  requests,
}: Traffic): (arrival: Arrival) => Promise<Response> {
  const { clock } = platform;
  return async ({ request, path, read, answer }) => {
    const { method, url } = request;
    const place = requests.arrive(request);
    const atMs = clock.now();
    const began = clock.monotonic();
    const fault = faults.take(path);
    const body = read();
    const requestBody = body instanceof Promise ? await body : body;
    const record = (answered: ShownAnswer | undefined, note: RequestNote | undefined): void =>
      place({
        atMs,
        method,
        path,
        url,
        requestHeaders: headerList(request),
        requestBody,
        status: answered?.answer.status,
        responseHead: answered && headOf(answered.answer),
        responseBody: answered?.shown ?? '',
        note,
        ms: clock.monotonic() - began,
      });
    if (fault === undefined) {
      const given = answer(requestBody);
      const answered = given instanceof Promise ? await given : given;
      const shown = bodyOfAnswer(answered.answer);
      record(
        { answer: answered.answer, shown: shown instanceof Promise ? await shown : shown },
        answered.note,
      );
      return answered.answer;
    }
    const drop = (reason: string): never => {
      record(undefined, 'dropped');
      throw new ConnectionDropped(`The connection of ${method} ${path} was dropped: ${reason}`);
    };
    const wait = async (): Promise<void> => {
      if (fault.delayMs === 0) return;
      await clock.sleep(fault.delayMs, request.signal).catch(() => drop('the client did not wait'));
    };

    if (!fault.after) await wait();
    const own = fault.after || !replacesAnswer(fault) ? await answer(requestBody) : undefined;
    if (fault.after) await wait();
    if (fault.drop) drop('on request');
    const answered = await answerOf(platform, fault, path, own);
    record(answered, 'fault');
    if (fault.partialBytes !== undefined) {
      throw cutOff(answered, fault.partialBytes, `The answer of ${method} ${path} was cut off on request`);
    }
    return answered.answer;
  };
}

/** Names and values in turn; a listener that has them so saves making a list of them. */
function headerList(request: Request & WholeRequest): readonly string[] {
  return request.headerList ?? [...request.headers].flat();
}

async function answerOf(
  platform: Platform,
  fault: Fault,
  path: string,
  own: Answered | undefined,
): Promise<ShownAnswer> {
  if (own === undefined || replacesAnswer(fault)) return faultAnswer(platform, fault, path);
  return { answer: own.answer, shown: await bodyOfAnswer(own.answer) };
}
