/** Flags that are refused before anything else is looked at, wherever they stand. */
import { usageError, type WechatMpError } from '../../core/errors.ts';
import { plainName } from '../../core/text/secret-names.ts';

/** What people try, as plain names; and the flags of ours that take the same secret another way. */
const ways: Readonly<Record<string, readonly string[]>> = {
  secret: ['secret'],
  appsecret: ['secret'],
  accesstoken: ['access-token'],
  callbacktoken: ['callback-token'],
  token: ['access-token', 'callback-token'],
  aeskey: ['aes-key'],
  encodingaeskey: ['aes-key'],
  previousaeskey: ['previous-aes-key'],
  ticket: ['ticket'],
  jsapiticket: ['ticket'],
  viakey: ['via-key'],
};

/** Whether it names a secret of ours, however it is written. */
export function isSecretSetting(name: string): boolean {
  return Object.hasOwn(ways, plainName(name));
}

/** The error for the first such flag; `flags` are those that the command has. */
export function refusedFlagError(
  words: readonly string[],
  flags: () => readonly string[],
): WechatMpError | undefined {
  return secretFlagError(words, flags) ?? envFileFlagError(words);
}

/** A secret on the command line is in the shell's history and in `ps`. Its value is never told. */
function secretFlagError(
  words: readonly string[],
  flags: () => readonly string[],
): WechatMpError | undefined {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  for (const word of words.slice(0, end)) {
    const name = word.replace(/=.*/s, '');
    if (!name.startsWith('--') || !isSecretSetting(name)) continue;
    const known = flags();
    if (!known.includes(name)) return refusal(name, ways[plainName(name)] ?? [], known);
  }
  return undefined;
}

function refusal(name: string, stems: readonly string[], flags: readonly string[]): WechatMpError {
  const better = stems
    .flatMap((stem) => [`--${stem}-stdin`, `--${stem}-file`])
    .filter((flag) => flags.includes(flag))
    .join(', ');
  return usageError(
    'secret_on_command_line',
    {
      en: `Cannot take a secret from ${name}: the command line is visible in "ps" and in the shell history`,
      zh: `不能用 ${name} 传密钥：命令行会出现在 ps 和 shell 历史里`,
    },
    better === ''
      ? { en: 'Use an environment variable or a profile', zh: '请使用环境变量或配置档案' }
      : {
          en: `Use ${better}, an environment variable or a profile`,
          zh: `请使用 ${better}、环境变量或配置档案`,
        },
  );
}

/**
 * Node.js takes this flag for itself wherever it stands, and ends before we begin where there is no such file. Where
 * there is one, its variables are set by now as if they were real.
 */
function envFileFlagError(words: readonly string[]): WechatMpError | undefined {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const found = words.slice(0, end).find((word) => /^--env-file(?:-if-exists)?(?:=|$)/.test(word));
  if (found === undefined) return undefined;
  const name = found.replace(/=.*/s, '');
  return usageError(
    'option_of_node',
    {
      en: `Cannot take ${name}: Node.js reads that flag itself, before this tool starts`,
      zh: `无法使用 ${name}：该选项会在 wechat-mp 启动前被 Node.js 自己读取`,
    },
    { en: 'Use --dotenv <file>', zh: '请改用 --dotenv <文件>' },
  );
}
