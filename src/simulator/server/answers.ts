/** How the platform answers: HTTP 200 and JSON, also for errors, and a request id (rid) behind the words. */
import type { Platform } from '../account/platform.ts';
import { randomHex } from '../random/text.ts';
import { type Refusal, wordsOf } from './refusal.ts';

// Quirk: "encoding", not "charset".
const contentType = 'application/json; encoding=utf-8';

/** An answer that still knows what it says: reading that out of a `Response` costs as much as making it. */
class TextAnswer extends Response {
  readonly said: string;

  constructor(said: string, init: ResponseInit) {
    super(said, init);
    this.said = said;
  }
}

export function jsonAnswer(value: unknown, status = 200): Response {
  return new TextAnswer(JSON.stringify(value), { status, headers: { 'content-type': contentType } });
}

/** The body of an answer, which can still be sent afterwards. */
export async function bodyOfAnswer(answer: Response): Promise<Uint8Array | string> {
  return answer instanceof TextAnswer ? answer.said : new Uint8Array(await answer.clone().arrayBuffer());
}

/** Quirk: the calls of web authorisation（sns）answer JSON as plain text. */
export function snsAnswer(value: unknown, status = 200): Response {
  return new TextAnswer(JSON.stringify(value), { status, headers: { 'content-type': 'text/plain' } });
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
