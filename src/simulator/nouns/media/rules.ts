/** What may be uploaded（新增临时素材, 新增其他类型永久素材）. */
import { Refusal } from '../../server/refusal.ts';
import { contentTypes, detectFormat, playSeconds, type Format } from './format.ts';

export type MediaType = 'image' | 'voice' | 'video' | 'thumb';

export interface CheckedFile {
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Rule {
  readonly formats: readonly Format[];
  /** Of permanent media alone. */
  readonly morePermanent: readonly Format[];
  readonly maxBytes: number;
}

const megabyte = 1024 * 1024;
const rules: Readonly<Record<MediaType, Rule>> = {
  image: { formats: ['png', 'jpg', 'gif'], morePermanent: ['bmp'], maxBytes: 10 * megabyte },
  voice: { formats: ['amr', 'mp3'], morePermanent: ['wma', 'wav'], maxBytes: 2 * megabyte },
  video: { formats: ['mp4'], morePermanent: [], maxBytes: 10 * megabyte },
  thumb: { formats: ['jpg'], morePermanent: [], maxBytes: 64 * 1024 },
};
const maxVoiceSeconds = 60;
const maxNameCharacters = 200;

/** Throws 40004. */
export function checkMediaType(type: unknown): MediaType {
  if (typeof type === 'string' && Object.hasOwn(rules, type)) return type as MediaType;
  throw new Refusal(40004);
}

interface UploadedFile {
  readonly fileName: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Throws 40005 for a name without the ending of a format of this type, or content that is none of them; 40113 for a
 * permanent file whose name has no ending; 45001 for too many bytes; 45007 for a voice of more than 60 whole seconds.
 */
export function checkUpload(
  type: MediaType,
  file: UploadedFile,
  scope: 'temporary' | 'permanent',
): CheckedFile {
  const { formats, morePermanent, maxBytes } = rules[type];
  const allowed = scope === 'permanent' ? [...formats, ...morePermanent] : formats;
  // Quirk: browsers call an unnamed file "blob"; add_material has a code of its own for that (two reports).
  if (scope === 'permanent' && endingOf(file) === undefined) throw new Refusal(40113);
  // Which is looked at first, format or size, is not documented.
  const format = checkFormat(file, allowed);
  if (file.bytes.length > maxBytes) throw new Refusal(45001);
  // Encoders add a few frames to what was recorded: the whole seconds count.
  const seconds = type === 'voice' ? Math.floor(playSeconds(format, file.bytes) ?? 0) : 0;
  if (seconds > maxVoiceSeconds) throw new Refusal(45007);
  return checked(file, format);
}

/** A picture inside an article（上传图文消息内的图片获取 URL）. Throws 40005, and 40009 for one that is not below 1 MB. */
export function checkArticlePicture(file: UploadedFile): CheckedFile {
  const format = checkFormat(file, ['jpg', 'png']);
  if (file.bytes.length >= megabyte) throw new Refusal(40009);
  return checked(file, format);
}

/** One format of the type under the name of another is taken: the platform looks at the content. */
function checkFormat(file: UploadedFile, allowed: readonly Format[]): Format {
  const ending = endingOf(file)?.toLowerCase().replace('jpeg', 'jpg');
  const format = detectFormat(file.bytes);
  if (format === undefined || !allowed.includes(format)) throw new Refusal(40005);
  if (!allowed.some((each) => each === ending)) throw new Refusal(40005);
  return format;
}

function endingOf({ fileName }: UploadedFile): string | undefined {
  return /\.([^./\\]+)$/.exec(fileName)?.[1];
}

function checked({ fileName, bytes }: UploadedFile, format: Format): CheckedFile {
  // A path that an old browser sends along is nobody's business.
  const name = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
  return { fileName: name.slice(-maxNameCharacters), contentType: contentTypes[format], bytes };
}
