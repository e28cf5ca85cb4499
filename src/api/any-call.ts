/** Any call of the platform, with what the catalogue says about the proof of its success. */
import type { FormPart } from '../core/call/index.ts';
import type { Effect, KnownCall } from '../core/catalogue/index.ts';
import { defined } from '../core/text/defined.ts';
import { own } from '../core/text/json-value.ts';
import type { Text } from '../core/text/text.ts';
import { decodeUtf8 } from '../core/text/utf8.ts';
import { type Answer, errcodeZero, type Proof, readAnswer } from './answer.ts';
import type { Client } from './client.ts';

export interface AnyCall {
  /** `undefined` for a path that is not in the catalogue. */
  readonly known: KnownCall | undefined;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly contentType: string | undefined;
  readonly effect: Effect;
  readonly token: boolean;
  /** In the query or the body. */
  readonly secrets: readonly string[];
}

export interface AnyAnswer extends Answer {
  /** The text of a JSON object; `undefined` for a file or a page. */
  readonly json: string | undefined;
}

/** Films are the largest that comes, with 10 MB; lists of articles hold the HTML of each. */
const maxBytes = 64 * 1024 * 1024;

const lookFirst: Text = {
  en: 'Look whether it has happened before you send it again',
  zh: '请先确认是否已经生效，再决定是否重发',
};

/**
 * Sends a call. A change is done only where the platform says so: by `errcode` 0 or, where the documented answer has
 * none, by a field that it does have. Throws what `client.call` throws.
 */
export async function sendAnyCall(client: Client, call: AnyCall): Promise<AnyAnswer> {
  const { known, method, path, query, body, contentType, token, secrets } = call;
  return await client.call<AnyAnswer>({
    ...(call.effect === 'read' ? { effect: 'read' } : { effect: 'write', check: lookFirst }),
    method,
    path,
    query,
    token,
    secrets,
    raw: known?.answers !== 'json',
    maxBytes,
    ...defined({ body, contentType, host: known?.host }),
    proof: proofOf(new URL(client.apiBase).host, call),
  });
}

function proofOf(host: string, call: AnyCall): Proof<AnyAnswer> {
  const { known, effect, secrets } = call;
  const names = known?.proof ?? [];
  return {
    wanted: names.length === 0 ? errcodeZero.wanted : quoted(names),
    find: (raw) => {
      if (isFile(raw, known)) return { ...raw, json: undefined };
      const { status, headers, bytes: body } = raw;
      const answer = readAnswer({ status, headers, body }, { host, secrets });
      return effect === 'read' || isDone(answer, known)
        ? { ...answer, json: (decodeUtf8(answer.bytes) ?? '').replace(/^\uFEFF/, '').trim() }
        : undefined;
    },
  };
}

/** Bytes of a picture, a sound, a film; a page for those who asked for one. A gateway's page is no answer. */
function isFile({ status, headers, bytes }: Answer, known: KnownCall | undefined): boolean {
  if (status !== 200 || bytes.length === 0 || known?.answers === 'json') return false;
  const type = headers['content-type'] ?? '';
  if (/html/i.test(type)) return known?.answers === 'page';
  return !/json|text/i.test(type) && bytes[0] !== '{'.charCodeAt(0);
}

function isDone(answer: Answer, known: KnownCall | undefined): boolean {
  const { fields } = answer;
  if (known !== undefined && known.proof.length > 0)
    return known.proof.some((name) => isProof(name.split('.').reduce<unknown>(own, fields), name));
  if (errcodeZero.find(answer) === true) return true;
  // What a call answers that nobody has described may be anything but nothing.
  return known === undefined && Object.keys(fields).length > 0;
}

function isProof(value: unknown, name: string): boolean {
  if (/(?:^|\.)(?:errcode|ret)$/.test(name)) return value === 0 || value === '0';
  if (typeof value === 'string') return value !== '';
  return typeof value === 'number' || Array.isArray(value);
}

function quoted(names: readonly string[]): Text {
  const list = names.map((name) => `"${name}"`);
  return { en: list.join(' or '), zh: list.join(' 或 ') };
}

/**
 * The bytes and the content type of a form.
 * Quirk: a body without Content-Length is refused with HTTP 412, so it is made whole before it is sent.
 * Quirk: a part with `filename*` only counts as one without a file (41005); names go as raw UTF-8 in `filename`.
 */
export async function formatForm(
  parts: readonly FormPart[],
): Promise<{ readonly body: Uint8Array; readonly contentType: string }> {
  const form = new FormData();
  for (const { name, content } of parts) {
    if (typeof content === 'string') form.append(name, content);
    else
      form.append(
        name,
        new File([new Uint8Array(content.bytes)], content.fileName, { type: typeOf(content.fileName) }),
      );
  }
  const response = new Response(form);
  return {
    body: new Uint8Array(await response.arrayBuffer()),
    contentType: response.headers.get('content-type') ?? 'multipart/form-data',
  };
}

const types: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  bmp: 'image/bmp',
  amr: 'audio/amr',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  wma: 'audio/x-ms-wma',
  mp4: 'video/mp4',
  pdf: 'application/pdf',
};

function typeOf(fileName: string): string {
  const ending = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(types, ending) ? (types[ending] ?? '') : 'application/octet-stream';
}
