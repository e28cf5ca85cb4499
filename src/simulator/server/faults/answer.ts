/** The answers that faults put in the place of the true ones. */
import { bodyOfAnswer, refusalAnswer } from '../answers.ts';
import { bodiless, type Fault } from './fault.ts';
import { ConnectionDropped } from './faults.ts';
import type { Platform } from '../../account/platform.ts';
import { errmsgOf, Refusal } from '../refusal.ts';
import type { Body } from '../requests.ts';

const jsonType = 'application/json; encoding=utf-8';
const mebibyte = 1024 * 1024;

/** An answer and what the log says of its body. */
export interface ShownAnswer {
  readonly answer: Response;
  readonly shown: Body;
}

export async function faultAnswer(platform: Platform, fault: Fault, path: string): Promise<ShownAnswer> {
  const { errcode, errmsg, status = 200, headers, body, bombMiB } = fault;
  const made =
    bombMiB !== undefined
      ? bomb(status, bombMiB)
      : errcode === undefined
        ? plainAnswer(status, body)
        : refusalAnswer(platform, new Refusal(errcode, errmsg ?? (await wordsOf(errcode))), status, path);
  for (const [name, value] of Object.entries(headers)) made.headers.set(name, value);
  const shown = bombMiB === undefined ? await bodyOfAnswer(made) : `${bombMiB} MiB of spaces, compressed`;
  return { answer: made, shown };
}

/** Ends the connection in the middle of an answer. */
export function cutOff({ answer, shown }: ShownAnswer, bytes: number, words: string): ConnectionDropped {
  const whole = typeof shown === 'string' ? Buffer.from(shown) : shown;
  const begun = new Uint8Array(whole.subarray(0, bytes));
  // There is more to come even if all of it has been sent.
  const promised = Math.max(whole.length, begun.length + 1);
  return new ConnectionDropped(words, {
    status: answer.status,
    headers: { ...Object.fromEntries(answer.headers), 'content-length': String(promised) },
    bytes: begun,
  });
}

/** Codes that the simulator never answers by itself have their words in the table of all codes. */
async function wordsOf(errcode: number): Promise<string> {
  const own = errmsgOf(errcode);
  if (own !== undefined) return own;
  const { describeErrcode } = await import('../../../core/errcode/errcode.ts');
  return (await describeErrcode(errcode)).errmsg ?? `errcode ${errcode}`;
}

function plainAnswer(status: number, body: string | Uint8Array | undefined): Response {
  if (bodiless(status)) return new Response(null, { status });
  if (body !== undefined) {
    return new Response(typeof body === 'string' ? body : new Uint8Array(body), {
      status,
      headers: { 'content-type': jsonType },
    });
  }
  if (status < 400) return new Response(null, { status });
  // What the gateway in front of the API sends when it has no answer from behind.
  const page = `<html>\r\n<head><title>${status}</title></head>\r\n<body><center><h1>${status}</h1></center></body>\r\n</html>\r\n`;
  return new Response(page, { status, headers: { 'content-type': 'text/html' } });
}

/** Spaces without end, as JSON would allow them before its value: made piece by piece, so that it costs its victim only. */
function bomb(status: number, mebibytes: number): Response {
  const spaces = new Uint8Array(mebibyte).fill(0x20);
  let left = mebibytes;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (left === 0) controller.close();
      else controller.enqueue(spaces);
      left -= 1;
    },
  });
  return new Response(source.pipeThrough(new CompressionStream('gzip')), {
    status,
    headers: { 'content-type': jsonType, 'content-encoding': 'gzip' },
  });
}
