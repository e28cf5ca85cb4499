/** Temporary and permanent media（素材管理）and the pictures inside articles, with their content. */
import type { Clock, Random } from '../../../io/ports.ts';
import type { CheckedFile, MediaType } from './rules.ts';
import { randomBase64Url } from '../../random/text.ts';
import { Refusal } from '../../server/refusal.ts';

export { contentTypes, detectFormat } from './format.ts';
export { checkUpload, type CheckedFile, type MediaType } from './rules.ts';

const temporaryLifeMs = 3 * 86_400_000;
const megabyte = 1024 * 1024;
/** The platform names no number of temporary media; these are the simulator's, and the oldest go first. */
const loose = { maxFiles: 1000, maxBytes: 128 * megabyte };
const articlePictures = { maxFiles: 1000, maxBytes: 32 * megabyte };
/** The bytes of all permanent media are the simulator's own limit, the numbers are the platform's. */
const maxPermanentBytes = 128 * megabyte;
const maxPermanent = { image: 100_000, voice: 1000, video: 1000 };
/** What `--state` keeps: permanent media first, then the newest of the others. */
const maxSavedBytes = 16 * megabyte;

export interface Medium extends CheckedFile {
  readonly mediaId: string;
  readonly type: MediaType;
  /** In the address under which everybody can see it. */
  readonly key: string;
  readonly createdAtMs: number;
  /** Of a permanent video. */
  readonly title: string;
  readonly introduction: string;
  /** A voice that a web page has recorded（JS-SDK uploadVoice）. */
  readonly isOfJssdk?: true;
}

/** How permanent media are counted and listed: a thumb is a picture. */
export type MediaKind = 'image' | 'voice' | 'video';

export interface SavedMedia {
  readonly temporary: readonly SavedFile[];
  readonly permanent: readonly SavedFile[];
  readonly pictures: readonly SavedFile[];
}

export type Media = ReturnType<typeof createMedia>;

export function createMedia(clock: Clock, random: Random) {
  const temporary = createShelf();
  const permanent = createShelf();
  const pictures = createShelf();
  const shelves = [temporary, permanent, pictures];
  const create = (type: MediaType, file: CheckedFile, mediaId = randomBase64Url(random, 64)): Medium => ({
    ...file,
    type,
    mediaId,
    key: randomBase64Url(random, 40),
    createdAtMs: clock.now(),
    title: '',
    introduction: '',
  });
  const findTemporary = (mediaId: string): Medium | undefined => {
    const found = temporary.find(mediaId);
    return found !== undefined && clock.now() < found.createdAtMs + temporaryLifeMs ? found : undefined;
  };
  const permanentOf = (kind: MediaKind) => permanent.list().filter((medium) => kindOf(medium) === kind);

  return {
    owns: (id: string): boolean => shelves.some((shelf) => shelf.find(id) ?? shelf.findByKey(id)),
    save: (): SavedMedia => save(permanent, pictures, temporary),
    restore(saved: SavedMedia): void {
      for (const [shelf, files] of [
        [temporary, saved.temporary],
        [permanent, saved.permanent],
        [pictures, saved.pictures],
      ] as const) {
        shelf.clear();
        for (const file of files) shelf.add(parseFile(file));
      }
    },
    addTemporary: (type: MediaType, file: CheckedFile, mediaId?: string) =>
      put(temporary, loose, create(type, file, mediaId)),
    addJssdkVoice: (file: CheckedFile) =>
      put(temporary, loose, { ...create('voice', file), isOfJssdk: true }),
    /** Throws 45034 when the library is full. */
    addPermanent(type: MediaType, file: CheckedFile, words?: Pick<Medium, 'title' | 'introduction'>): Medium {
      const medium = { ...create(type, file), ...words };
      const kind = kindOf(medium);
      const isFull = permanentOf(kind).length >= maxPermanent[kind];
      if (isFull || permanent.bytes() + file.bytes.length > maxPermanentBytes) throw new Refusal(45034);
      permanent.add(medium);
      return medium;
    },
    addArticlePicture: (file: CheckedFile): Medium => put(pictures, articlePictures, create('image', file)),
    /** `undefined` for one that is older than three days, too. */
    findTemporary,
    findPermanent: (mediaId: string): Medium | undefined => permanent.find(mediaId),
    /** Either: what a message may name. */
    find: (mediaId: string): Medium | undefined => permanent.find(mediaId) ?? findTemporary(mediaId),
    /** What is public under this key, expired or not. */
    findByKey: (key: string) =>
      shelves.map((shelf) => shelf.findByKey(key)).find((found) => found !== undefined),
    /** Throws 40007 for what is no permanent media. */
    delete(mediaId: string): void {
      if (!permanent.remove(mediaId)) throw new Refusal(40007);
    },
    /** Permanent ones, newest first. */
    list: (kind: MediaKind): readonly Medium[] => permanentOf(kind).toReversed(),
    count: (kind: MediaKind): number => permanentOf(kind).length,
    snapshot: (): Record<string, unknown> => ({
      temporary: temporary.list().length,
      permanent: permanent.list().length,
      article_pictures: pictures.list().length,
      bytes: shelves.reduce((sum, shelf) => sum + shelf.bytes(), 0),
    }),
  };
}

/** The oldest make room. */
function put(shelf: Shelf, limits: typeof loose, medium: Medium): Medium {
  shelf.add(medium);
  shelf.removeOldest(limits);
  return medium;
}

function kindOf({ type }: Medium): MediaKind {
  return type === 'thumb' ? 'image' : type;
}

function save(permanent: Shelf, pictures: Shelf, temporary: Shelf): SavedMedia {
  let left = maxSavedBytes;
  const newest = (shelf: Shelf): readonly SavedFile[] => {
    const kept = shelf
      .list()
      .toReversed()
      .filter(({ bytes }) => {
        if (bytes.length > left) return false;
        left -= bytes.length;
        return true;
      });
    return kept.toReversed().map(formatFile);
  };
  return { permanent: newest(permanent), pictures: newest(pictures), temporary: newest(temporary) };
}

export type Shelf = ReturnType<typeof createShelf>;

export function createShelf() {
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
    /** One with the same id goes. */
    add(medium: Medium): void {
      remove(medium.mediaId);
      byId.set(medium.mediaId, medium);
      byKey.set(medium.key, medium);
      total += medium.bytes.length;
    },
    find: (mediaId: string): Medium | undefined => byId.get(mediaId),
    findByKey: (key: string): Medium | undefined => byKey.get(key),
    remove,
    /** Makes room for what has been added last. */
    removeOldest({ maxFiles, maxBytes }: { readonly maxFiles: number; readonly maxBytes: number }): void {
      for (const mediaId of byId.keys()) {
        if (byId.size <= 1 || (byId.size <= maxFiles && total <= maxBytes)) break;
        remove(mediaId);
      }
    },
    /** Oldest first. */
    list: (): readonly Medium[] => [...byId.values()],
    bytes: (): number => total,
    clear(): void {
      byId.clear();
      byKey.clear();
      total = 0;
    },
  };
}

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
