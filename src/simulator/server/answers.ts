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

/**
 * The headers of an answer. A server writes them as a flat list, names in small letters, and so they are kept: `Headers`
 * cost more than the rest of a call, and are made where somebody asks for them.
 */
export class Head {
  private kept: string[] | Headers;

  constructor(kept: string[] | Headers) {
    this.kept = kept;
  }

  get headers(): Headers {
    if (Array.isArray(this.kept)) {
      const headers = new Headers();
      for (let index = 0; index < this.kept.length; index += 2)
        headers.append(this.kept[index] ?? '', this.kept[index + 1] ?? '');
      this.kept = headers;
    }
    return this.kept;
  }

  /** In the place of one of this name. */
  set(name: string, value: string): void {
    const { kept } = this;
    if (Array.isArray(kept) && !kept.includes(name)) kept.push(name, value);
    else this.headers.set(name, value);
  }

  list(): readonly string[] {
    return Array.isArray(this.kept) ? this.kept : [...this.kept].flat();
  }
}

/** Made with the first answer: asking for the runtime's `Response` costs as much as all of Node's start. */
let AnswerClass: MakeAnswer | undefined;

function wholeAnswer(whole: Whole, status: number, lines: string[]): Response {
  AnswerClass ??= defineAnswer();
  return new AnswerClass(whole, status, new Head(lines));
}

type MakeAnswer = new (
  whole: Whole,
  status: number,
  head: Head,
) => Response & WholeResponse & { readonly head: Head };

/**
 * An answer that still knows what it says. To make a `Response`, and to read headers and body out of it again for the
 * log and for the wire, costs as much as the rest of a call: it is made where somebody reads the answer as one.
 */
function defineAnswer(): MakeAnswer {
  class WholeAnswer implements WholeResponse {
    readonly whole: Whole;
    readonly status: number;
    readonly head: Head;
    private made: Response | undefined;

    constructor(whole: Whole, status: number, head: Head) {
      this.whole = whole;
      this.status = status;
      this.head = head;
    }

    get headers(): Headers {
      return this.head.headers;
    }

    headerList(): readonly string[] {
      return this.head.list();
    }

    asRead(): Response {
      return (this.made ??= new Response(this.whole, { status: this.status, headers: this.headers }));
    }
  }

  const { prototype } = WholeAnswer;
  for (const name of Object.getOwnPropertyNames(Response.prototype)) {
    if (name === 'status' || name in prototype) continue;
    Object.defineProperty(prototype, name, {
      get(this: WholeAnswer): unknown {
        const read = this.asRead();
        const member: unknown = Reflect.get(read, name);
        return typeof member === 'function' ? member.bind(read) : member;
      },
    });
  }
  // A `Response` to whoever asks, without having been made as one.
  Object.setPrototypeOf(prototype, Response.prototype);
  return WholeAnswer as unknown as MakeAnswer;
}

function isWhole(answer: Response): answer is InstanceType<MakeAnswer> {
  return AnswerClass !== undefined && answer instanceof AnswerClass;
}

/** What sets headers of an answer, and tells them afterwards. */
export function headOf(answer: Response): Head {
  return isWhole(answer) ? answer.head : new Head(answer.headers);
}

/** A value that is frozen is one that stays as it is, with all that is in it: who asks for it again gets the same text. */
export function jsonAnswer(value: unknown, status = 200): Response {
  return wholeAnswer(isLasting(value) ? lastingText(value) : JSON.stringify(value), status, [
    'content-type',
    jsonType,
  ]);
}

function isLasting(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.isFrozen(value);
}

const lasting = new WeakMap<object, string>();

function lastingText(value: object): string {
  const text = lasting.get(value) ?? JSON.stringify(value);
  lasting.set(value, text);
  return text;
}

export function bytesAnswer(
  bytes: Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>>,
): Response {
  return wholeAnswer(bytes, 200, Object.entries(headers).flat());
}

/** The body of an answer, which can still be sent afterwards. */
export function bodyOfAnswer(answer: Response): Body | Promise<Body> {
  return isWhole(answer) ? answer.whole : readAnswer(answer);
}

async function readAnswer(answer: Response): Promise<Uint8Array> {
  return new Uint8Array(await answer.clone().arrayBuffer());
}

/** Quirk: the calls of web authorisation（sns）answer JSON as plain text. */
export function snsAnswer(value: unknown, status = 200): Response {
  return wholeAnswer(JSON.stringify(value), status, ['content-type', 'text/plain']);
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

export function dress(answer: Response, { clock }: Platform): void {
  const head = headOf(answer);
  // Who is speaking, so that a client can say that this is not the real platform; and when, by the simulated clock.
  head.set('server', 'wechat-mp-simulator');
  // Texts of strangers stand in many answers: no browser may take one for a page or a script.
  head.set('x-content-type-options', 'nosniff');
  head.set('date', dateLine(Math.floor(clock.now() / 1000)));
}

let told = { second: Number.NaN, line: '' };

function dateLine(second: number): string {
  if (second !== told.second) told = { second, line: new Date(second * 1000).toUTCString() };
  return told.line;
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
