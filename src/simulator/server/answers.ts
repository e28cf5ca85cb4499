/** How the platform answers: HTTP 200 and JSON, also for errors, and a request id (rid) behind the words. */
import type { WholeResponse } from '../../io/http.ts';
import type { Platform } from '../account/platform.ts';
import { randomHex } from '../random/text.ts';
import type { Body } from './requests.ts';
import { Refusal, wordsOf } from './refusal.ts';
import type { Answered } from './traffic.ts';

// Quirk: "encoding", not "charset".
const jsonType = 'application/json; encoding=utf-8';

type Whole = string | Uint8Array<ArrayBuffer>;

/** Made with the first answer: asking for the runtime's `Response` costs as much as all of Node's start. */
let AnswerClass: (new (whole: Whole, init: ResponseInit) => Response & WholeResponse) | undefined;

function wholeAnswer(whole: Whole, init: ResponseInit): Response {
  AnswerClass ??= defineAnswer();
  return new AnswerClass(whole, init);
}

/**
 * An answer that still knows what it says. To make a `Response` with a body, and to read that out of it again for the
 * log and for the wire, costs as much as the rest of a call: it is made where somebody reads the answer as one.
 */
function defineAnswer(): NonNullable<typeof AnswerClass> {
  class WholeAnswer extends Response implements WholeResponse {
    readonly whole: Whole;
    private made: Response | undefined;

    constructor(whole: Whole, init: ResponseInit) {
      super(null, init);
      this.whole = whole;
    }

    asRead(): Response {
      return (this.made ??= new Response(this.whole, this));
    }
  }

  for (const name of [
    'body',
    'bodyUsed',
    'arrayBuffer',
    'blob',
    'bytes',
    'clone',
    'formData',
    'json',
    'text',
  ]) {
    Object.defineProperty(WholeAnswer.prototype, name, {
      get(this: WholeAnswer): unknown {
        const read = this.asRead();
        const member: unknown = Reflect.get(read, name);
        return typeof member === 'function' ? member.bind(read) : member;
      },
    });
  }
  return WholeAnswer;
}

export function jsonAnswer(value: unknown, status = 200): Response {
  return wholeAnswer(JSON.stringify(value), { status, headers: { 'content-type': jsonType } });
}

export function bytesAnswer(
  bytes: Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>>,
): Response {
  return wholeAnswer(bytes, { headers });
}

/** The body of an answer, which can still be sent afterwards. */
export function bodyOfAnswer(answer: Response): Body | Promise<Body> {
  return AnswerClass !== undefined && answer instanceof AnswerClass ? answer.whole : readAnswer(answer);
}

async function readAnswer(answer: Response): Promise<Uint8Array> {
  return new Uint8Array(await answer.clone().arrayBuffer());
}

/** Quirk: the calls of web authorisation（sns）answer JSON as plain text. */
export function snsAnswer(value: unknown, status = 200): Response {
  return wholeAnswer(JSON.stringify(value), { status, headers: { 'content-type': 'text/plain' } });
}

/** `path` is that of the call. Quirk: those below /sns/ write a comma before the rid. */
export async function refusalAnswer(
  platform: Platform,
  refusal: Refusal,
  status = 200,
  path = '',
): Promise<Response> {
  const isSns = path.startsWith('/sns/');
  // Ids come in the order of the calls, whosever words take longer to be read.
  const id = rid(platform);
  const errmsg = `${await wordsOf(refusal)}${isSns ? ',' : ''} rid: ${id}`;
  return (isSns ? snsAnswer : jsonAnswer)({ errcode: refusal.errcode, errmsg, ...refusal.facts }, status);
}

/** Quirk: the first of its three groups is the Unix time in hex (seen in live answers, undocumented). */
function rid({ clock, rids }: Platform): string {
  const seconds = Math.floor(clock.now() / 1000);
  return [seconds.toString(16).padStart(8, '0'), randomHex(rids, 8), randomHex(rids, 8)].join('-');
}

export function dress({ headers }: Response, { clock }: Platform): void {
  // Who is speaking, so that a client can say that this is not the real platform; and when, by the simulated clock.
  headers.set('server', 'wechat-mp-simulator');
  // Texts of strangers stand in many answers: no browser may take one for a page or a script.
  headers.set('x-content-type-options', 'nosniff');
  headers.set('date', new Date(clock.now()).toUTCString());
}

/** The platform's refusal, or that something here is broken. */
export async function answerFor(platform: Platform, error: unknown, path: string): Promise<Answered> {
  if (error instanceof Refusal)
    return { answer: await refusalAnswer(platform, error, 200, path), note: undefined };
  const words = error instanceof Error ? error.message : String(error);
  const answer = jsonAnswer({ errcode: -1, errmsg: `system error: the simulator failed: ${words}` }, 500);
  return { answer, note: 'failed' };
}

/**
 * Quirk: the gateway answers 412, without JSON, to a body that comes chunked, that is without Content-Length (reported
 * for template/send, uploads and others by users of several HTTP clients). A call without any body is fine.
 */
export function isRefusedChunked({ settings }: Platform, headers: Headers): boolean {
  return headers.has('transfer-encoding') && !settings.acceptChunked;
}

export function refusedChunked(): Answered {
  return { answer: new Response(null, { status: 412 }), note: 'chunked' };
}
