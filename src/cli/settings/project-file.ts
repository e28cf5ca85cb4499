/** `wechat-mp.json`: what a repository says about itself. Never a secret, and never where secrets are sent. */
import { inputError, WechatMpError } from '../../core/errors.ts';
import { own } from '../../core/json-value.ts';
import type { Files } from '../../io/ports.ts';
import { dirname, join } from 'node:path';

export interface ProjectFile {
  readonly path: string;
  readonly profile?: string;
  /** A pin: with another AppID no command works here. */
  readonly appid?: string;
  /** Where `trigger` sends to. */
  readonly triggerTo?: string;
  /** As it is written, whether as a number or a text. */
  readonly servePort?: string;
  readonly servePath?: string;
}

const name = 'wechat-mp.json';
/** In lower case and without dashes: a secret is a secret however its name is written. */
const forbidden = new Set([
  'secret',
  'appsecret',
  'token',
  'accesstoken',
  'callbacktoken',
  'aeskey',
  'encodingaeskey',
  'apibase',
  'proxy',
  'store',
]);

/** Looks upwards from `directory` to the root of the repository or of the file system. */
export async function findProjectFile(files: Files, directory: string): Promise<ProjectFile | undefined> {
  for (let folder = directory; ; folder = dirname(folder)) {
    const path = join(folder, name);
    const bytes = exists(files, path) ? readQuietly(files, path) : undefined;
    if (bytes !== undefined) return await parseProjectFile(path, bytes.toString('utf8'));
    if (exists(files, join(folder, '.git')) || dirname(folder) === folder) return undefined;
  }
}

/** A folder that this user may not look into, as above a home directory, is a folder without a project. */
function exists(files: Files, path: string): boolean {
  try {
    return files.stat(path) !== undefined;
  } catch {
    return false;
  }
}

function readQuietly(files: Files, path: string): Buffer | undefined {
  try {
    return files.read(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw new WechatMpError({
      family: 'local',
      type: 'project_file_unreadable',
      text: { en: `Cannot read "${path}": ${code}`, zh: `无法读取 "${path}"：${code}` },
      cause,
    });
  }
}

async function parseProjectFile(path: string, text: string): Promise<ProjectFile> {
  const { parseJsonFile } = await import('../json-file.ts');
  const value = parseJsonFile(text, path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw inputError('project_file_invalid', {
      en: `Cannot use "${path}": it must hold a JSON object`,
      zh: `"${path}" 的内容必须是 JSON 对象`,
    });
  }
  const content = value as Readonly<Record<string, unknown>>;
  const wrong = Object.keys(content).find((key) => forbidden.has(key.toLowerCase().replaceAll(/[-_]/g, '')));
  if (wrong !== undefined) {
    throw inputError(
      'project_file_forbidden_key',
      {
        en: `Cannot use "${path}": "${wrong}" does not belong in a file that is checked in`,
        zh: `"${path}" 中不能有 "${wrong}"：这个文件会进入版本库`,
      },
      {
        en: 'Take it out; secrets and hosts come from the environment or a profile',
        zh: '请删除它；密钥和地址应放在环境变量或配置档案中',
      },
    );
  }
  return { path, ...readKeys(content) };
}

/** The keys that this version knows; what is no text is left out. */
function readKeys(content: Readonly<Record<string, unknown>>): Omit<ProjectFile, 'path'> {
  const pick = (key: string, from: unknown = content): string | undefined => {
    const found = own(from, key);
    return typeof found === 'string' && found !== '' ? found : undefined;
  };
  const { serve, trigger } = content;
  const port = own(serve, 'port');
  const found = {
    profile: pick('profile'),
    appid: pick('appid'),
    triggerTo: pick('to', trigger),
    servePort: typeof port === 'number' ? String(port) : pick('port', serve),
    servePath: pick('path', serve),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}
