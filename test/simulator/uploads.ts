/** Files that begin like real ones, and calls that upload them. */
import type { JsonAnswer, Simulated } from './simulated.ts';

export const megabyte = 1024 * 1024;

/** Exactly that many bytes. */
function filled(head: readonly number[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.max(length, head.length));
  bytes.set(head);
  return bytes;
}

const latin1 = (text: string): number[] => [...Buffer.from(text, 'latin1')];

export const jpg = (length = 64) => filled([0xff, 0xd8, 0xff, 0xe0], length);
export const png = (length = 64) => filled([0x89, ...latin1('PNG\r\n'), 0x1a, 0x0a], length);
export const gif = (length = 64) => filled(latin1('GIF89a'), length);
export const bmp = (length = 64) => filled(latin1('BM'), length);
export const mp4 = (length = 64) => filled([0, 0, 0, 24, ...latin1('ftypisom')], length);
export const wma = (length = 64) => filled([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11], length);

/** Frames of 20 ms of 12.2 kbit/s. */
export function amr(frames: number): Uint8Array<ArrayBuffer> {
  const frame = [0x3c, ...Array.from({ length: 31 }, () => 0)];
  return new Uint8Array([...latin1('#!AMR\n'), ...Array.from({ length: frames }, () => frame).flat()]);
}

/** Frames of MPEG 1 layer III with 32 kbit/s and 48 kHz: 96 bytes and 24 ms each. */
export function mp3(frames: number): Uint8Array<ArrayBuffer> {
  const frame = [0xff, 0xfb, 0x14, 0xc0, ...Array.from({ length: 92 }, () => 0)];
  return new Uint8Array(Array.from({ length: frames }, () => frame).flat());
}

export interface UploadedFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** `media` by default. */
  readonly part?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** The body and the header of a form as browsers and Node send it. */
export async function formOf({
  name,
  bytes,
  part = 'media',
  fields = {},
}: UploadedFile): Promise<readonly [Uint8Array, Record<string, string>]> {
  const form = new FormData();
  for (const [field, text] of Object.entries(fields)) form.set(field, text);
  form.set(part, new File([bytes], name));
  const response = new Response(form);
  const type = response.headers.get('content-type') ?? '';
  return [new Uint8Array(await response.arrayBuffer()), { 'content-type': type }];
}

export async function upload(
  { ask, path }: Simulated,
  url: string,
  file: UploadedFile,
): Promise<JsonAnswer & { readonly media_id: string }> {
  const [body, headers] = await formOf(file);
  return (await ask('POST', await path(url), body, headers)) as JsonAnswer & { media_id: string };
}

/** A permanent picture, for covers. */
export async function addCover(world: Simulated): Promise<string> {
  const added = await upload(world, '/cgi-bin/material/add_material?type=image', {
    name: 'cover.jpg',
    bytes: jpg(),
  });
  return added.media_id;
}

/** An article as draft/add takes it. */
export function article(thumb: string, changes: Readonly<Record<string, unknown>> = {}) {
  return { title: 'T', author: 'A', digest: 'D', content: '<p>C</p>', thumb_media_id: thumb, ...changes };
}

export async function post(
  { ask, path }: Simulated,
  url: string,
  body: unknown,
): Promise<JsonAnswer & Readonly<Record<string, never>>> {
  return (await ask('POST', await path(url), body)) as JsonAnswer & Record<string, never>;
}

/** A draft with one article, and its cover. */
export async function addDraft(
  world: Simulated,
  ...changes: readonly Readonly<Record<string, unknown>>[]
): Promise<string> {
  const thumb = await addCover(world);
  const articles = (changes.length === 0 ? [{}] : changes).map((each) => article(thumb, each));
  return (await post(world, '/cgi-bin/draft/add', { articles }))['media_id'] as unknown as string;
}

/** Publishes; gives the ids of the publication and of its articles. */
export async function publish(world: Simulated, draft: string) {
  const submitted = await post(world, '/cgi-bin/freepublish/submit', { media_id: draft });
  const publishId = String(submitted['publish_id']);
  const status = await post(world, '/cgi-bin/freepublish/get', { publish_id: publishId });
  return { publishId, articleId: status['article_id'] as unknown as string, submitted, status };
}
