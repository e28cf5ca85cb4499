/** Around every call of the API side: the faults that were asked for, and the log. */
import type { MiddlewareHandler } from 'hono';
import { refusalAnswer } from './answers.ts';
import { bodiless, replacesAnswer, type Fault } from './fault.ts';
import { ConnectionDropped, type Faults } from './faults.ts';
import type { ApiEnv } from './endpoint.ts';
import { createMask } from './mask.ts';
import type { Platform } from './platform.ts';
import { errmsgOf, Refusal } from './refusal.ts';
import { describeBody, errcodeOf, keptBodyBytes, type Requests } from './requests.ts';

/** What the layers around the platform share. */
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
    const record = requests.arrive(raw);
    const arrival = {
      at: new Date(clock.now()).toISOString(),
      method,
      path,
      query: mask.query(new URL(raw.url).searchParams),
    };
    const fault = faults.take(path);
    const bodyBytes = new Uint8Array(await context.req.arrayBuffer());
    const body = describeBody(bodyBytes, raw.headers.get('content-type') ?? '', mask);
    const request = {
      url: raw.url,
      requestHeaders: Object.fromEntries(raw.headers),
      requestBody: bodyBytes.length <= keptBodyBytes ? bodyBytes : undefined,
    };
    const drop = (reason: string): never => {
      const none = { status: null, errcode: null, body, response: null };
      record({ ...arrival, ...none, note: 'dropped' }, { ...request, responseHeaders: {} });
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
    if (fault !== undefined && replacesAnswer(fault)) {
      const answer = await faultAnswer(platform, fault);
      // Hono would merge the old answer's headers into the new one.
      context.res = undefined;
      context.res = answer;
    }

    const { status, headers } = context.res;
    const bytes = new Uint8Array(await context.res.clone().arrayBuffer());
    const response = describeBody(bytes, headers.get('content-type') ?? '', mask);
    const note = fault === undefined ? context.get('note') : 'fault';
    const answer = { status, errcode: errcodeOf(response), body, response, ...(note && { note }) };
    record({ ...arrival, ...answer }, { ...request, responseHeaders: Object.fromEntries(headers) });
  };
}

async function faultAnswer(platform: Platform, fault: Fault): Promise<Response> {
  const { errcode, errmsg, status = 200, headers, body } = fault;
  const answer =
    errcode === undefined
      ? plainAnswer(status, body)
      : refusalAnswer(platform, new Refusal(errcode, errmsg ?? (await wordsOf(errcode))), status);
  for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
  return answer;
}

/** Codes that the simulator never answers by itself have their words in the table of all codes. */
async function wordsOf(errcode: number): Promise<string> {
  const own = errmsgOf(errcode);
  if (own !== undefined) return own;
  const { describeErrcode } = await import('../core/errcode.ts');
  return (await describeErrcode(errcode)).errmsg ?? `errcode ${errcode}`;
}

function plainAnswer(status: number, body: string | Uint8Array | undefined): Response {
  if (bodiless(status)) return new Response(null, { status });
  if (body !== undefined) {
    return new Response(typeof body === 'string' ? body : new Uint8Array(body), {
      status,
      headers: { 'content-type': 'application/json; encoding=utf-8' },
    });
  }
  if (status < 400) return new Response(null, { status });
  // What the gateway in front of the API sends when it has no answer from behind.
  const page = `<html>\r\n<head><title>${status}</title></head>\r\n<body><center><h1>${status}</h1></center></body>\r\n</html>\r\n`;
  return new Response(page, { status, headers: { 'content-type': 'text/html' } });
}
