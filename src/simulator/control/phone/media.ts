/** The pictures, voices and videos of a phone: what a person sends can be downloaded, and what a menu names is shown. */
import type { Random } from '../../../io/ports.ts';
import type { ArticleView, ChatContent } from '../types/index.ts';
import { articleCards, mediaPath, pictureAddress } from '../../nouns/media/view.ts';
import {
  type CheckedFile,
  checkUpload,
  contentTypes,
  detectFormat,
  type MediaType,
  type Medium,
} from '../../nouns/media/state.ts';
import { encodeBlackWhiteJpeg } from '../../pictures/jpeg.ts';
import type { Platform } from '../../account/platform.ts';
import { Refusal } from '../../server/refusal.ts';
import { base64Of, type Body, optionalText, refuse } from '../input.ts';
import { dataForm, dataRefused } from './texts.ts';

export type PhoneMedia = ReturnType<typeof createPhoneMedia>;

/** `origin` begins the addresses that the developer's server is told. */
export function createPhoneMedia(
  platform: Pick<Platform, 'media' | 'publications'>,
  random: Random,
  origin: string,
) {
  const { media, publications } = platform;
  const take = (type: MediaType, body: Body, invent: () => CheckedFile): Medium => {
    const [mediaId, data] = [optionalText(body, 'media_id'), readData(type, body['data'])];
    const known = mediaId === undefined ? undefined : media.find(mediaId);
    if (data === undefined && known?.type === type) return known;
    return media.addTemporary(type, data ?? invent(), known === undefined ? mediaId : undefined);
  };
  const picture = (body: Body = {}): Medium => take('image', body, () => inventPicture(random));
  return {
    /** A picture that the person sends, as the body says; without a body the simulator makes one. */
    picture,
    voice: (body: Body): { readonly voice: Medium; readonly wide: Medium } => ({
      voice: take('voice', body, () => inventVoice('narrow')),
      wide: media.addTemporary('voice', inventVoice('wide')),
    }),
    video: (body: Body) => ({ video: take('video', body, inventVideo), cover: picture() }),
    pictureAddress: (medium: Medium): string => pictureAddress(origin, medium),
    /** What the platform sends of permanent media; `undefined` for an id that the account does not have. */
    sent(mediaId: string): ChatContent | undefined {
      const medium = media.find(mediaId);
      return medium && mediumContent(medium);
    },
    /** The cards of a published article; `undefined` where it is not out. */
    articles(articleId: string): readonly ArticleView[] | undefined {
      const found = publications.findArticles(articleId);
      if (found?.status !== 'success') return undefined;
      const shown = found.articles.filter(({ isDeleted }) => !isDeleted);
      return articleCards(platform, shown, origin);
    },
  };
}

function mediumContent(medium: Medium): ChatContent {
  const [media_id, media_url] = [medium.mediaId, mediaPath(medium)];
  if (medium.type === 'voice') return { type: 'voice', media_id, media_url, recognition: null };
  if (medium.type !== 'video') return { type: 'image', media_id, media_url, pic_url: null };
  const { title, introduction: description } = medium;
  return { type: 'video', media_id, media_url, thumb_url: null, title, description };
}

/** The content of a data URL. Throws an input error for anything that the platform would not take of this type. */
function readData(type: MediaType, data: unknown): CheckedFile | undefined {
  if (data === undefined) return undefined;
  const base64 = base64Of(data);
  if (base64 === undefined) return refuse(dataForm);
  const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
  const format = detectFormat(bytes);
  try {
    return checkUpload(type, { fileName: `${type}.${format ?? 'other'}`, bytes }, 'temporary');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refuse(dataRefused(type, error.errcode, format));
  }
}

/** Of a picture that is made up. */
const fields = 8;
const fieldSide = 24;
const margin = 24;
const side = fields * fieldSide + 2 * margin;

/** A pattern that is its own mirror image, another one each time, so that pictures can be told apart. */
export function inventPicture(random: Random): CheckedFile {
  const half = random.bytes(fields);
  const pixels = new Uint8Array(side * side);
  for (let y = 0; y < fields * fieldSide; y += 1) {
    const row = half[Math.floor(y / fieldSide)] ?? 0;
    for (let x = 0; x < fields * fieldSide; x += 1) {
      const column = Math.floor(x / fieldSide);
      const bit = Math.min(column, fields - 1 - column);
      if ((row >> bit) & 1) pixels[(margin + y) * side + margin + x] = 1;
    }
  }
  return invented('jpg', encodeBlackWhiteJpeg(side, pixels));
}

/** A second of silence: fifty frames that say that there is nothing to hear. */
export function inventVoice(rate: 'narrow' | 'wide'): CheckedFile {
  const head = rate === 'wide' ? '#!AMR-WB\n' : '#!AMR\n';
  const noData = 0x7c;
  return invented('amr', new Uint8Array([...Buffer.from(head), ...Array.from({ length: 50 }, () => noData)]));
}

/** A second in which nothing is seen and heard: an mp4 without tracks. */
export function inventVideo(): CheckedFile {
  const movieHeader = box('mvhd', [
    ...numbers(0, 0, 0, 1000, 1000, 0x0001_0000, 0x0100_0000, 0, 0),
    ...numbers(0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000),
    ...numbers(0, 0, 0, 0, 0, 0, 1),
  ]);
  const type = box('ftyp', [...Buffer.from('isom'), ...numbers(0x200), ...Buffer.from('isommp41')]);
  return invented('mp4', new Uint8Array([...type, ...box('moov', movieHeader)]));
}

function box(name: string, content: readonly number[]): number[] {
  return [...numbers(content.length + 8), ...Buffer.from(name), ...content];
}

function numbers(...list: readonly number[]): number[] {
  return list.flatMap((each) => [each >>> 24, (each >> 16) & 0xff, (each >> 8) & 0xff, each & 0xff]);
}

function invented(format: keyof typeof contentTypes, bytes: Uint8Array<ArrayBuffer>): CheckedFile {
  return { fileName: `${format}.${format}`, contentType: contentTypes[format], bytes };
}
