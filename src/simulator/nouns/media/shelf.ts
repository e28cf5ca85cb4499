/** Files by their ids and by the keys of their public addresses, oldest first. */
import type { Medium } from './state.ts';

export interface Shelf {
  /** One with the same id goes. */
  add(medium: Medium): void;
  find(mediaId: string): Medium | undefined;
  findByKey(key: string): Medium | undefined;
  /** Whether it was there. */
  remove(mediaId: string): boolean;
  /** Makes room for what has been added last. */
  removeOldest(limits: { readonly maxFiles: number; readonly maxBytes: number }): void;
  /** Oldest first. */
  list(): readonly Medium[];
  bytes(): number;
  clear(): void;
}

export function createShelf(): Shelf {
  const byId = new Map<string, Medium>();
  const byKey = new Map<string, Medium>();
  let total = 0;
  const remove = (mediaId: string): boolean => {
    const found = byId.get(mediaId);
    if (found === undefined) return false;
    byId.delete(mediaId);
    byKey.delete(found.key);
    total -= found.bytes.length;
    return true;
  };
  return {
    add(medium) {
      remove(medium.mediaId);
      byId.set(medium.mediaId, medium);
      byKey.set(medium.key, medium);
      total += medium.bytes.length;
    },
    find: (mediaId) => byId.get(mediaId),
    findByKey: (key) => byKey.get(key),
    remove,
    removeOldest({ maxFiles, maxBytes }) {
      for (const mediaId of byId.keys()) {
        if (byId.size <= 1 || (byId.size <= maxFiles && total <= maxBytes)) break;
        remove(mediaId);
      }
    },
    list: () => [...byId.values()],
    bytes: () => total,
    clear() {
      byId.clear();
      byKey.clear();
      total = 0;
    },
  };
}

/** A file as JSON. */
export interface SavedFile extends Omit<Medium, 'bytes'> {
  readonly base64: string;
}

/** A state is written again and again; the content of a file never changes. */
const encoded = new WeakMap<Uint8Array, string>();

export function formatFile({ bytes, ...facts }: Medium): SavedFile {
  const base64 =
    encoded.get(bytes) ?? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
  encoded.set(bytes, base64);
  return { ...facts, base64 };
}

export function parseFile({ base64, ...facts }: SavedFile): Medium {
  return { ...facts, bytes: new Uint8Array(Buffer.from(base64, 'base64')) };
}
