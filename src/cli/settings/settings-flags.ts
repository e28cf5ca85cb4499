/** Flags that feed settings; a command names the groups it takes. Secrets come by file or standard input only. */
import { flag, type OptionSpec, type OptionValues, type SettingsGroup, value } from '../frame/command.ts';

const account = {
  appid: value('--appid <appid>', { en: 'AppID of the account', zh: '公众号的 AppID' }),
  secretStdin: flag('--secret-stdin', { en: 'Read the AppSecret from stdin', zh: '从 stdin 读取 AppSecret' }),
  secretFile: value('--secret-file <file>', {
    en: 'Read the AppSecret from a file',
    zh: '从文件读取 AppSecret',
  }),
} as const;

const token = {
  accessTokenStdin: flag('--access-token-stdin', {
    en: 'Use the access_token on stdin, fetch none',
    zh: '使用 stdin 上的 access_token，不去获取',
  }),
  stable: flag('--stable', { en: 'Token from stable_token (default)', zh: '用 stable_token 获取（默认）' }),
  classic: flag('--classic', {
    en: 'Token from cgi-bin/token, which ends the one others hold',
    zh: '用 cgi-bin/token 获取，会使他人手里的失效',
  }),
  tokenUrl: value('--token-url <url>', {
    en: "Ask the team's token service, fetch none",
    zh: '向团队的中控服务器获取，不自行获取',
  }),
  via: value('--via <url>', {
    en: 'Make every call through this relay, without AppSecret',
    zh: '所有调用都经由该中继，本机无需 AppSecret',
  }),
  viaKeyFile: value('--via-key-file <file>', {
    en: 'Read the key for the relay from a file',
    zh: '从文件读取中继的密钥',
  }),
  store: value('--store <url>', {
    en: 'Share tokens with other machines: redis://host:6379/0',
    zh: '与其他机器共用 access_token：redis://主机:6379/0',
  }),
  storeFallback: flag('--store-fallback', {
    en: 'Go on with the local cache where that store fails',
    zh: '该存储不可用时改用本机缓存',
  }),
} as const;

const callback = {
  callbackTokenStdin: flag('--callback-token-stdin', {
    en: 'Read the callback Token (令牌) from stdin',
    zh: '从 stdin 读取令牌（Token）',
  }),
  callbackTokenFile: value('--callback-token-file <file>', {
    en: 'Read the callback Token (令牌) from a file',
    zh: '从文件读取令牌（Token）',
  }),
  aesKeyStdin: flag('--aes-key-stdin', {
    en: 'Read the EncodingAESKey from stdin',
    zh: '从 stdin 读取 EncodingAESKey',
  }),
  aesKeyFile: value('--aes-key-file <file>', {
    en: 'Read the EncodingAESKey from a file',
    zh: '从文件读取 EncodingAESKey',
  }),
} as const;

export const settingsFlags = {
  account,
  token,
  callback,
} satisfies Readonly<Record<SettingsGroup, Readonly<Record<string, OptionSpec<unknown>>>>>;

/** The values of these flags as they were written. The last one is a flag of `crypto decrypt` alone. */
export type SettingsFlags = Partial<OptionValues<typeof account & typeof token & typeof callback>> & {
  readonly previousAesKeyFile?: string;
};
