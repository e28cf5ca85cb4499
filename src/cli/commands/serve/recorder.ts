/** `--record DIR`: every genuine request and its answer in a file of its own, for `trigger --replay` and for tests. */
import { join } from 'node:path';
import type { CallbackRecord, Exchange } from '../../../server/callback-record.ts';
import type { Context } from '../../context.ts';
import { unwritable } from '../../files/output-file.ts';
import { formatRecording } from '../../shared/recording.ts';

export type Recorder = (record: CallbackRecord, exchange: Exchange) => void;

/** Makes the folder. Refused requests are not kept: strangers must not fill the disk. */
export function createRecorder(context: Context, folder: string): Recorder {
  prepare(context, folder);
  let broken = false;
  return (record, exchange) => {
    if (broken || record.kind === 'refused') return;
    const at = new Date(context.io.clock.now()).toISOString();
    const file = join(
      folder,
      `${at.replaceAll(/[-:.]/g, '')}-${record.id.padStart(6, '0')}-${nameOf(record)}.json`,
    );
    try {
      context.io.files.write(file, contentOf(record, exchange, at));
    } catch (error) {
      broken = true;
      const failure = unwritable(context.io.files, file, error) as {
        readonly text?: { readonly en: string; readonly zh: string };
      };
      const { en, zh } = failure.text ?? { en: String(error), zh: String(error) };
      context.warn({ en: `${en}; recording has stopped`, zh: `${zh}；已停止录制` });
    }
  };
}

function prepare(context: Context, folder: string): void {
  try {
    // A folder of the user's own keeps its mode; a new one is private, as messages of people are.
    if (context.io.files.stat(folder)?.directory !== true) context.io.files.makePrivate(folder);
  } catch (error) {
    throw unwritable(context.io.files, folder, error);
  }
}

function contentOf(record: CallbackRecord, { request, response }: Exchange, at: string): string {
  const headers = Object.entries(request.headers).filter(
    (header): header is [string, string] => header[1] !== undefined,
  );
  return formatRecording({
    at,
    method: request.method === 'GET' ? 'GET' : 'POST',
    path: request.path,
    query: request.query,
    headers: Object.fromEntries(headers),
    body: request.body,
    message: record.kind === 'message' ? record.text : undefined,
    response: {
      status: response.status,
      contentType: response.contentType,
      body: typeof response.body === 'string' ? Buffer.from(response.body) : response.body,
    },
  });
}

/** What it was, as part of a file name. It comes from outside, so only harmless characters stay. */
function nameOf(record: Exclude<CallbackRecord, { readonly kind: 'refused' }>): string {
  if (record.kind === 'handshake') return 'handshake';
  return record.name.replaceAll(/[^\w-]/g, '_').slice(0, 40);
}
