/** The log of the API side as an HTTP archive (HAR 1.2), which the tools of browsers open. */
import { defined } from '../../../core/text/defined.ts';
import { decodeUtf8 } from '../../../core/text/utf8.ts';
import type { Mask } from '../../server/mask.ts';
import type { RawCall, Requests } from '../../server/requests.ts';
import { forEachInPieces, type Work } from '../turns.ts';
import type { RequestRecord } from '../types/index.ts';

/** Of what is written here: it grows when that changes. */
const creator = { name: 'wechat-mp simulator', version: '1' };

type Pairs = readonly { readonly name: string; readonly value: string }[];

/** A few milliseconds' work where the bodies are long. */
const entriesATurn = 20;

/** These calls, with their secrets as the log masks them. */
export function* formatHar(records: readonly RequestRecord[], requests: Requests, mask: Mask): Work<object> {
  const entries: object[] = [];
  yield* forEachInPieces(records, entriesATurn, ({ id }) => {
    const found = requests.find(id);
    if (found !== undefined) entries.push(entryOf(found.record, found.raw, mask));
  });
  return { log: { version: '1.2', creator, entries } };
}

function entryOf(record: RequestRecord, raw: RawCall, mask: Mask): object {
  const { at, ms, note } = record;
  return {
    startedDateTime: at,
    time: ms,
    request: requestOf(record, raw, mask),
    response: responseOf(record, raw, mask),
    cache: {},
    timings: { send: 0, wait: ms, receive: 0 },
    ...defined({ comment: note }),
  };
}

function requestOf(record: RequestRecord, raw: RawCall, mask: Mask): object {
  const { method, query } = record;
  const url = new URL(raw.url);
  url.search = '';
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const kept = raw.requestBody === undefined ? undefined : decodeUtf8(raw.requestBody);
  const text = kept === undefined ? textOf(record.body) : mask.text(kept);
  return {
    method,
    url: url.href,
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: pairsOf(raw.requestHeaders, mask),
    queryString: Object.entries(query).map(([name, value]) => ({ name, value })),
    ...(text !== '' && { postData: { mimeType: raw.requestHeaders['content-type'] ?? '', text } }),
    headersSize: -1,
    bodySize: raw.requestBody?.length ?? -1,
  };
}

/** A connection that was dropped has status 0, as browsers write it. */
function responseOf({ status, response }: RequestRecord, raw: RawCall, mask: Mask): object {
  const text = textOf(response);
  const headers = raw.responseHeaders;
  return {
    status: status ?? 0,
    statusText: '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: pairsOf(headers, mask),
    content: { size: Buffer.byteLength(text), mimeType: headers['content-type'] ?? '', text },
    redirectURL: headers['location'] ?? '',
    headersSize: -1,
    bodySize: -1,
  };
}

function textOf(body: unknown): string {
  if (body === null) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function pairsOf(headers: Readonly<Record<string, string>>, mask: Mask): Pairs {
  return Object.entries(headers).map(([name, value]) => ({ name, value: mask.text(value) }));
}
