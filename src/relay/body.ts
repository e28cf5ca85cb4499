/** The body of a client's request, on its way to a platform that wants to know its length. */
import { systemCode } from '../core/errors.ts';
import type { Spool, StreamCall, StreamRequest } from '../io/ports.ts';
import { RelayRefusal } from './refusal.ts';
import * as texts from './texts.ts';

/** So much is kept in memory, and sent once more after a refused token. */
export const HELD_BYTES = 1_048_576;
/** More than the platform takes of any file. */
const MAX_BYTES = 64 * 1_048_576;

export interface PassedBody {
  /** What is sent; `undefined` without a body. A second time only where it may be repeated. */
  open(): StreamCall['body'];
  readonly mayRepeat: boolean;
  /** The bytes, where they are in memory. */
  readonly held: Uint8Array | undefined;
  /** Whether the client went away in the middle of it. */
  readonly isBroken: boolean;
  close(): Promise<void>;
}

/** The client went away while it was sending; there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/**
 * Takes a body over. A short one is read to its end. A long one is passed on as it comes where its length is known; one
 * that is sent in chunks, which the platform refuses, is written down first. Throws a `RelayRefusal` for one that is too
 * long, `ClientGone` for one that does not come to its end.
 */
export async function takeBody(request: StreamRequest, openSpool: () => Promise<Spool>): Promise<PassedBody> {
  const { bodyLength } = request;
  if (bodyLength === 0) return whole(undefined);
  if (bodyLength !== undefined && bodyLength > MAX_BYTES) throw new RelayRefusal('relay_body_too_large');
  if (bodyLength !== undefined && bodyLength > HELD_BYTES) return streamed(request.body, bodyLength);
  const kept: Uint8Array[] = [];
  let length = 0;
  let spool: Spool | undefined;
  try {
    for await (const chunk of request.body) {
      length += chunk.byteLength;
      if (length > MAX_BYTES) throw new RelayRefusal('relay_body_too_large');
      if (spool === undefined && length > HELD_BYTES) {
        spool = await openSpool();
        for (const piece of kept.splice(0)) await spool.add(piece);
      }
      if (spool === undefined) kept.push(chunk);
      else await spool.add(chunk);
    }
  } catch (error) {
    await spool?.close();
    throw readFailure(error);
  }
  if (spool !== undefined) return spooled(spool, length);
  const [first] = kept;
  return whole(kept.length > 1 ? Buffer.concat(kept, length) : first);
}

/** The disk's errors are the relay's own; any other is that of a client which has gone. */
function readFailure(error: unknown): unknown {
  if (error instanceof RelayRefusal) return error;
  const code = systemCode(error) ?? '';
  if (['ENOSPC', 'EDQUOT', 'EACCES', 'EROFS', 'EMFILE', 'ENFILE', 'ENOENT', 'EIO'].includes(code))
    return new RelayRefusal('relay_body_too_large', { text: texts.noSpace });
  return new ClientGone('gone', { cause: error });
}

function whole(held: Uint8Array | undefined): PassedBody {
  return { open: () => held, mayRepeat: true, held, isBroken: false, close: async () => {} };
}

function spooled(spool: Spool, length: number): PassedBody {
  return {
    open: () => ({ bytes: spool.read(), length }),
    mayRepeat: true,
    held: undefined,
    isBroken: false,
    close: () => spool.close(),
  };
}

function streamed(body: AsyncIterable<Uint8Array>, length: number): PassedBody {
  let isBroken = false;
  const watched = async function* (): AsyncIterable<Uint8Array> {
    try {
      yield* body;
    } catch (error) {
      isBroken = true;
      throw error;
    }
  };
  return {
    open: () => ({ bytes: watched(), length }),
    mayRepeat: false,
    held: undefined,
    get isBroken() {
      return isBroken;
    },
    close: async () => {},
  };
}
