/** A secret on the command line is in the shell's history and in `ps`: it is refused before anything else is looked at. */
import { usageError, type WechatMpError } from '../core/errors.ts';

/** What people try, in lower case and without dashes; and the flags of ours that take the same secret another way. */
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
};

/** The error for the first flag that carries a secret; `flags` are those that the command has. Its value is never told. */
export function secretFlagError(
  words: readonly string[],
  flags: () => readonly string[],
): WechatMpError | undefined {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  for (const word of words.slice(0, end)) {
    const name = word.replace(/=.*/s, '');
    const secret = name.startsWith('--') ? name.toLowerCase().replaceAll(/[-_]/g, '') : '';
    if (!Object.hasOwn(ways, secret)) continue;
    const known = flags();
    if (!known.includes(name)) return refusal(name, ways[secret] ?? [], known);
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
