/** Flags that feed settings; a command names the groups it takes. Secrets come by file or standard input only. */
import type { OptionSpec, SettingsGroup } from './command.ts';

const account = {
  appid: { flags: '--appid <appid>', text: { en: 'AppID of the account', zh: '公众号的 AppID' } },
  secretStdin: {
    flags: '--secret-stdin',
    text: { en: 'Read the AppSecret from stdin', zh: '从 stdin 读取 AppSecret' },
  },
  secretFile: {
    flags: '--secret-file <file>',
    text: { en: 'Read the AppSecret from a file', zh: '从文件读取 AppSecret' },
  },
} as const;

const token = {
  accessTokenStdin: {
    flags: '--access-token-stdin',
    text: { en: 'Use the access_token on stdin, fetch none', zh: '使用 stdin 上的 access_token，不去获取' },
  },
  stable: {
    flags: '--stable',
    text: { en: 'Token from stable_token (default)', zh: '用 stable_token 获取（默认）' },
  },
  classic: {
    flags: '--classic',
    text: {
      en: 'Token from cgi-bin/token, which ends the one others hold',
      zh: '用 cgi-bin/token 获取，会使他人手里的失效',
    },
  },
} as const;

const callback = {
  callbackTokenStdin: {
    flags: '--callback-token-stdin',
    text: { en: 'Read the callback Token (令牌) from stdin', zh: '从 stdin 读取令牌（Token）' },
  },
  callbackTokenFile: {
    flags: '--callback-token-file <file>',
    text: { en: 'Read the callback Token (令牌) from a file', zh: '从文件读取令牌（Token）' },
  },
  aesKeyStdin: {
    flags: '--aes-key-stdin',
    text: { en: 'Read the EncodingAESKey from stdin', zh: '从 stdin 读取 EncodingAESKey' },
  },
  aesKeyFile: {
    flags: '--aes-key-file <file>',
    text: { en: 'Read the EncodingAESKey from a file', zh: '从文件读取 EncodingAESKey' },
  },
} as const;

export const settingsFlags: Readonly<Record<SettingsGroup, Readonly<Record<string, OptionSpec<unknown>>>>> = {
  account,
  token,
  callback,
};

/** The values of these flags as they were written. */
export interface SettingsFlags {
  readonly appid?: string;
  readonly secretStdin?: boolean;
  readonly secretFile?: string;
  readonly accessTokenStdin?: boolean;
  readonly stable?: boolean;
  readonly classic?: boolean;
  readonly callbackTokenStdin?: boolean;
  readonly callbackTokenFile?: string;
  readonly aesKeyStdin?: boolean;
  readonly aesKeyFile?: string;
}
