/** `--out FILE`: whole or not at all, `-` is stdout, and other people's files stay. */
import { localError, usageError, WechatMpError } from '../../core/errors.ts';
import { systemReason } from '../../core/text/system-reason.ts';
import type { Text } from '../../core/text/text.ts';
import type { Files } from '../../io/ports.ts';
import type { Context } from '../context.ts';

/** Mode of a file that is made for the user; not private, it holds no secret. */
const publicMode = 0o644;
const privateMode = 0o600;

export interface OutputOptions {
  /** Replace whatever is there. */
  readonly force: boolean;
  /** The bytes of a picture: they would garble a terminal, and may replace another picture. */
  readonly picture?: boolean;
  /** Whether this cannot be what will be written. Then it is refused before the work is done, where it may not go. */
  readonly differs?: (old: Buffer) => boolean;
  /** Nothing but an empty file may be replaced. */
  readonly keep?: boolean;
  /** For the owner's eyes only. */
  readonly private?: boolean;
  /** What to do where there is such a file, for a command without `--force`. */
  readonly hint?: Text;
}

/** Throws before any work is done where the file could not be written in the end. */
export async function checkOutput(context: Context, path: string, options: OutputOptions): Promise<void> {
  if (isStdout(path)) {
    if (options.picture === true && context.io.terminal.stdoutIsTty) {
      throw usageError(
        'binary_on_terminal',
        { en: 'Cannot print an image on a terminal', zh: '不能在终端上输出图片' },
        { en: 'Use --out <file>, or pipe stdout', zh: '请使用 --out <文件>，或接管道' },
      );
    }
    if (options.picture === true && context.options.json) {
      throw usageError('flags_conflict', {
        en: 'Flags --out - and --json exclude each other: both want stdout',
        zh: '--out - 与 --json 不能同时使用：两者都占用 stdout',
      });
    }
    return;
  }
  // A device would not be written but replaced by a file.
  if (/^\/dev\/(?!shm\/)/.test(path)) throw isDevice(path, options.hint);
  try {
    const found = context.io.files.stat(path);
    if (found !== undefined && found.directory) throw isDirectory(path);
    if (found !== undefined && options.differs !== undefined) {
      const old = options.force ? undefined : context.io.files.read(path);
      if (old !== undefined && options.differs(old) && !(await mayReplace(context, path, old, options)))
        throw exists(path, options);
    }
    if (context.io.files.stat(parentOf(path))?.directory !== true) throw noFolder(path);
  } catch (error) {
    throw unwritable(context.io.files, path, error);
  }
}

/** Writes the file. One with the same content is left alone; another one is replaced where that can hurt nobody. */
export async function writeOutput(
  context: Context,
  path: string,
  data: string | Uint8Array,
  options: OutputOptions,
): Promise<void> {
  if (isStdout(path)) {
    context.io.terminal.writeStdout(data);
    return;
  }
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data;
  try {
    const old = context.io.files.read(path);
    if (old !== undefined && old.equals(bytes)) return;
    if (old !== undefined && !(await mayReplace(context, path, old, options))) throw exists(path, options);
    context.io.files.write(path, bytes, options.private === true ? privateMode : publicMode);
  } catch (error) {
    throw unwritable(context.io.files, path, error);
  }
  if (options.picture !== true) (await import('./written-files.ts')).remember(context, path, bytes);
}

/** Writes a file for its owner's eyes that nothing may replace: other content is refused with this hint. */
export function writeKept(context: Context, path: string, text: string, hint: Text): void {
  try {
    const old = context.io.files.read(path);
    if (old !== undefined && old.toString('utf8') === text) return;
    if (old !== undefined && old.length > 0) throw exists(path, { hint });
    context.io.files.write(path, text, privateMode);
  } catch (error) {
    throw unwritable(context.io.files, path, error);
  }
}

/**
 * A picture may replace a picture, for it is made again as easily, and a text one that nobody has touched since this
 * tool wrote it; there is nothing to lose in an empty file.
 */
async function mayReplace(
  context: Context,
  path: string,
  old: Buffer,
  { force, picture, keep }: OutputOptions,
): Promise<boolean> {
  if (force || old.length === 0) return true;
  if (keep === true) return false;
  if (picture === true) return isPicture(old);
  return (await import('./written-files.ts')).isUntouched(context, path, old);
}

const pictureBeginnings = ['\xff\xd8\xff', '\x89PNG\r\n\x1a\n', 'GIF87a', 'GIF89a'];

/** What JPEG, PNG, GIF and WebP begin with. */
function isPicture(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, 12);
  return pictureBeginnings.some((begin) => head.startsWith(begin)) || /^RIFF[^]{4}WEBP/.test(head);
}

function parentOf(path: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  if (cut < 0) return '.';
  return cut === 0 ? path.slice(0, 1) : path.slice(0, cut);
}

export function isStdout(path: string): boolean {
  return path === '-' || path === '/dev/stdout';
}

const stdoutHint: Text = { en: 'Use --out - for stdout', zh: '输出到 stdout 请用 --out -' };

function isDevice(path: string, hint = stdoutHint): WechatMpError {
  return usageError(
    'out_is_a_device',
    { en: `Cannot write "${path}": it is no ordinary file`, zh: `无法写入 "${path}"：这不是普通文件` },
    hint,
  );
}

const forceHint: Text = {
  en: 'Add --force to replace it, or choose another name',
  zh: '加上 --force 覆盖，或换一个文件名',
};

function exists(path: string, { hint = forceHint, picture }: Partial<OutputOptions>): WechatMpError {
  const [why, zhWhy] = picture === true ? [' and is no picture', '，且不是图片'] : ['', ''];
  return usageError(
    'file_exists',
    {
      en: `Cannot write "${path}": it exists already${why}`,
      zh: `无法写入 "${path}"：文件已存在${zhWhy}`,
    },
    hint,
    { file: path },
  );
}

function isDirectory(path: string): WechatMpError {
  return localError(
    'file_not_writable',
    { en: `Cannot write "${path}": it is a directory`, zh: `无法写入 "${path}"：这是一个目录` },
    { en: 'Give a file name', zh: '请给出文件名' },
    { file: path },
  );
}

function noFolder(path: string): WechatMpError {
  return localError(
    'file_not_writable',
    {
      en: `Cannot write "${path}": there is no folder "${parentOf(path)}"`,
      zh: `无法写入 "${path}"：目录 "${parentOf(path)}" 不存在`,
    },
    { en: `Make it first: mkdir -p ${parentOf(path)}`, zh: `请先创建：mkdir -p ${parentOf(path)}` },
    { file: path },
  );
}

/** Quirk: file systems such as /proc answer ENOENT for a new name in a folder that is there. */
function takesNothing(path: string, folder: string): WechatMpError {
  return localError(
    'file_not_writable',
    {
      en: `Cannot write "${path}": nothing can be made in "${folder}" (ENOENT)`,
      zh: `无法写入 "${path}"：无法在 "${folder}" 中创建文件或目录 (ENOENT)`,
    },
    { en: 'Choose another place', zh: '请换一个位置' },
    { file: path },
  );
}

function isFolder(files: Pick<Files, 'stat'>, name: string): boolean {
  try {
    return files.stat(name)?.directory === true;
  } catch {
    return false;
  }
}

/** What a system error means for a file that was to be written; an error of ours stays as it is. */
export function unwritable(files: Pick<Files, 'stat'>, path: string, error: unknown): unknown {
  if (error instanceof WechatMpError || !(error instanceof Error)) return error;
  const { code = error.message, syscall, path: refused } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') {
    // Of folders that are made one by one, the system names the first that it refused.
    const folder = parentOf(syscall === 'mkdir' && refused !== undefined ? refused : path);
    return isFolder(files, folder) ? takesNothing(path, folder) : noFolder(path);
  }
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const reason = full ? { en: 'the disk is full', zh: '磁盘已满' } : systemReason(code);
  return new WechatMpError({
    family: 'local',
    type: full ? 'disk_full' : 'file_not_writable',
    text: {
      en: `Cannot write "${path}": ${reason.en}`,
      zh: `无法写入 "${path}"：${reason.zh}`,
    },
    hint: full
      ? { en: 'Free some space; nothing was half written', zh: '请释放空间；没有留下不完整的文件' }
      : { en: 'Check the permissions, or choose another place', zh: '请检查权限，或换一个位置' },
    facts: { file: path },
    cause: error,
  });
}
