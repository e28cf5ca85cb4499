/** `wechat-mp.json`: what a repository says about itself. Never a secret, and never where secrets are sent. */
import { inputError, type WechatMpError } from '../../core/errors.ts';
import { isObject, own } from '../../core/text/json-value.ts';
import { plainName } from '../../core/text/secret-names.ts';
import type { KeyPlace } from '../files/json-file.ts';
import { parsePlainJson } from '../files/plain-json.ts';
import { isSecretSetting } from './refused-flags.ts';

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

/** Where secrets are sent or kept. */
const whereabouts = new Set(['apibase', 'proxy', 'store', 'tokenurl', 'via']);

/** Throws an input error for what is no JSON object, and for keys that must not be there. */
export async function parseProjectFile(path: string, text: string): Promise<ProjectFile> {
  const { value: content, misleading } = await read(path, text);
  if (!isObject(content)) {
    throw inputError('project_file_invalid', {
      en: `Cannot use "${path}": it must hold a JSON object`,
      zh: `"${path}" 的内容必须是 JSON 对象`,
    });
  }
  if (misleading !== undefined) throw misleadingKey(path, misleading);
  const wrong = Object.keys(content).find((key) => isSecretSetting(key) || whereabouts.has(plainName(key)));
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

/** Most such files are plain, and every command that runs beside one reads it. */
async function read(
  path: string,
  text: string,
): Promise<{ readonly value: unknown; readonly misleading?: KeyPlace | undefined }> {
  const plain = parsePlainJson(text);
  if (plain !== undefined) return plain;
  const { parseJsonTree } = await import('../files/json-file.ts');
  const { value, prototypeKeys, repeatedKeys } = parseJsonTree(text, path);
  return { value, misleading: prototypeKeys[0] ?? repeatedKeys[0] };
}

/** Two people who read such a file would not read the same. */
function misleadingKey(path: string, { name, place: { line, column } }: KeyPlace): WechatMpError {
  const twice = name !== '__proto__';
  return inputError(
    'project_file_misleading_key',
    {
      en: `Cannot use "${path}": "${name}" ${twice ? 'is here twice' : 'must not be a key'}, at line ${line}, column ${column}`,
      zh: `无法使用 "${path}"：第 ${line} 行第 ${column} 列："${name}" ${twice ? '重复出现' : '不能用作键名'}`,
    },
    { en: `Correct ${path}:${line}:${column}`, zh: `请修改 ${path}:${line}:${column}` },
    { file: path, line, column },
  );
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
