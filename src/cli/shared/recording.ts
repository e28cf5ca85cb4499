/** Requests that a server has kept, as files: written by `serve --record`, sent again by `trigger --replay`. */
import { inputError } from '../../core/errors.ts';
import { defined } from '../../core/text/defined.ts';
import { isObject, own, parseJson } from '../../core/text/json-value.ts';
import { decodeUtf8 } from '../../core/text/utf8.ts';

/** A request that a callback URL received, with its answer, as a file keeps it to be sent again. */
export interface Recording {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** As it came, without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** The message in the clear; handshakes have none. */
  readonly message?: string | undefined;
  readonly response: {
    readonly status: number;
    readonly contentType: string;
    readonly body: Uint8Array;
  };
}

/** Increased when an older reader would misunderstand the file. */
const version = 1;

/** A recording as JSON. Bodies are text where they are UTF-8, else Base64 under another name. */
export function formatRecording(recording: Recording): string {
  const { at, method, path, query, headers, message, response } = recording;
  const value = {
    recording: version,
    at,
    method,
    path,
    query,
    headers,
    ...bodyMembers(recording.body),
    ...defined({ message }),
    response: {
      status: response.status,
      content_type: response.contentType,
      ...bodyMembers(response.body),
    },
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function bodyMembers(bytes: Uint8Array): Readonly<Record<string, string>> {
  const text = decodeUtf8(bytes);
  return text === undefined ? { body_base64: Buffer.from(bytes).toString('base64') } : { body: text };
}

/** Reads a recording. `fileName` is for the message. Throws an error of family `input`. */
export function parseRecording(text: string, fileName: string): Recording {
  const value = parseJson(text);
  const [method, response] = [own(value, 'method'), own(value, 'response')];
  const [body, answer] = [readBody(value), readBody(response)];
  const status = own(response, 'status');
  const isRequest = own(value, 'recording') === version && (method === 'GET' || method === 'POST');
  if (!isRequest || body === undefined || answer === undefined || typeof status !== 'number') {
    throw inputError(
      'recording_invalid',
      {
        en: `Cannot read "${fileName}": it must be a file that "serve --record" wrote`,
        zh: `无法读取 "${fileName}"：应为“serve --record”写出的文件`,
      },
      {
        en: 'Record one: wechat-mp serve --record <folder>',
        zh: '请先录制：wechat-mp serve --record <目录>',
      },
      { file: fileName },
    );
  }
  const message = own(value, 'message');
  return {
    at: word(value, 'at'),
    method,
    path: word(value, 'path'),
    query: word(value, 'query'),
    headers: readHeaders(own(value, 'headers')),
    body,
    ...defined({ message: typeof message === 'string' ? message : undefined }),
    response: { status, contentType: word(response, 'content_type'), body: answer },
  };
}

function readBody(value: unknown): Uint8Array | undefined {
  const [text, base64] = [own(value, 'body'), own(value, 'body_base64')];
  if (typeof text === 'string') return Buffer.from(text);
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : undefined;
}

function readHeaders(value: unknown): Readonly<Record<string, string>> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function word(value: unknown, name: string): string {
  const found = own(value, name);
  return typeof found === 'string' ? found : '';
}
