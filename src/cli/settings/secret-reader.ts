/** Secrets from flags (`--…-stdin`, `--…-file`), environment and profile; what was pasted round them goes, with a warning. */
import { inputError, usageError } from '../../core/errors.ts';
import { type CredentialKind, readCredential } from '../../core/account/index.ts';
import { readLimits } from '../../core/text/read-limits.ts';
import type { Text } from '../../core/text/text.ts';
import { isUtf16, readInputFile } from '../files/input-file.ts';
import type { SettingsInput } from './settings.ts';
import type { Sourced } from './sourced.ts';

/** No secret is longer. What is, is read as far as `readLimits` says, and named. */
const longestSecretBytes = 4096;

type SecretReaderInput = Pick<SettingsInput, 'io' | 'environment' | 'dotenv' | 'warn' | 'secretSeen'>;

/** Which secret a flag is for, by the stem of its name, or a variable. */
const kinds = {
  secret: 'secret',
  WECHAT_MP_APPSECRET: 'secret',
  'access-token': 'accessToken',
  WECHAT_MP_ACCESS_TOKEN: 'accessToken',
  'callback-token': 'callbackToken',
  WECHAT_MP_CALLBACK_TOKEN: 'callbackToken',
  'aes-key': 'aesKey',
  'previous-aes-key': 'aesKey',
  WECHAT_MP_AES_KEY: 'aesKey',
} as const satisfies Readonly<Record<string, CredentialKind>>;

type SecretName = keyof typeof kinds;

export class SecretReader {
  readonly #input: SecretReaderInput;
  /** Which flag took standard input, and what it read. */
  #stdin: { readonly flag: string; readonly value: Sourced<string> } | undefined;
  readonly #warned = new Set<string>();

  constructor(input: SecretReaderInput) {
    this.#input = input;
  }

  async fromFlags(
    name: SecretName,
    stdin: boolean | undefined,
    file: string | undefined,
  ): Promise<Sourced<string> | undefined> {
    if (stdin === true && file !== undefined) {
      throw usageError('flags_conflict', {
        en: `Flags --${name}-stdin and --${name}-file exclude each other`,
        zh: `--${name}-stdin 与 --${name}-file 不能同时使用`,
      });
    }
    if (stdin === true) return await this.#fromStdin(`--${name}-stdin`, kinds[name]);
    return file === undefined ? undefined : this.#fromFile(`--${name}-file`, file, kinds[name]);
  }

  fromEnvironment(variable: SecretName): Sourced<string> | undefined {
    const found = this.#input.environment[variable];
    // Blanks alone are what an unset variable of a CI system or a template leaves.
    if (found === undefined || found.trim() === '') return undefined;
    const value = this.#clean(found, variable, kinds[variable]);
    if (value === '') return undefined;
    const { dotenv } = this.#input;
    const inFile = dotenv?.names.has(variable) === true ? { file: dotenv.file } : {};
    return { value, level: 'environment', name: variable, ...inFile };
  }

  /** A value of another place, such as the files of a profile, which people edit, too. */
  read(kind: CredentialKind, text: string, place: string): string {
    const { value, notes } = readCredential(kind, text, place);
    for (const note of notes) this.#warnOnce(note);
    return value;
  }

  async #fromStdin(flag: string, kind: CredentialKind): Promise<Sourced<string>> {
    if (this.#stdin !== undefined) {
      if (this.#stdin.flag === flag) return this.#stdin.value;
      throw usageError('stdin_taken', {
        en: `Cannot read ${flag}: standard input already feeds ${this.#stdin.flag}`,
        zh: `无法读取 ${flag}：标准输入已经用于 ${this.#stdin.flag}`,
      });
    }
    const bytes = await this.#input.io.terminal.readStdin(readLimits.secret);
    const value: Sourced<string> = { value: this.#line(bytes, flag, kind), level: 'flag', name: flag };
    this.#stdin = { flag, value };
    return value;
  }

  #fromFile(flag: string, path: string, kind: CredentialKind): Sourced<string> {
    const bytes = readInputFile(this.#input.io.files, path, readLimits.secret, flag);
    return { value: this.#line(bytes, flag, kind), level: 'flag', name: flag };
  }

  /** One line ending is how files and pipes end; anything else round the secret is worth a warning. */
  #line(bytes: Uint8Array, flag: string, kind: CredentialKind): string {
    if (bytes.length > longestSecretBytes) {
      throw inputError('secret_too_long', {
        en: `Cannot use ${flag}: more than ${longestSecretBytes} bytes are no secret`,
        zh: `${flag} 的内容超过 ${longestSecretBytes} 字节，不像是密钥`,
      });
    }
    if (isUtf16(bytes)) throw notUtf8(flag);
    const text = Buffer.from(bytes).toString('utf8');
    const value = this.#clean(text.replace(/\r?\n$/, ''), flag, kind);
    // A zero, a second line, what was no UTF-8: none of them is in a secret.
    if (/[\0\r\n\u{fffd}]/u.test(value)) throw notOneLine(flag);
    if (value !== '') return value;
    throw inputError('secret_empty', { en: `Cannot use ${flag}: it is empty`, zh: `${flag} 的内容为空` });
  }

  #clean(text: string, place: string, kind: CredentialKind): string {
    const { value, notes } = readCredential(kind, text, place);
    const trimmed: Text = {
      en: `Removed spaces around the secret in ${place}`,
      zh: `已去掉 ${place} 中密钥前后的空白`,
    };
    for (const note of notes.length === 0 && value !== text ? [trimmed] : notes) this.#warnOnce(note);
    this.#input.secretSeen(value);
    return value;
  }

  #warnOnce(text: Text): void {
    if (this.#warned.has(text.en)) return;
    this.#warned.add(text.en);
    this.#input.warn(text);
  }
}

/** No command that converts is offered: it would leave a second file with the secret. */
function notUtf8(flag: string): Error {
  return inputError(
    'not_utf8',
    {
      en: `Cannot use ${flag}: it is UTF-16, as PowerShell 5 and Notepad may write it, not UTF-8`,
      zh: `无法使用 ${flag}：内容是 UTF-16 编码（PowerShell 5 或记事本可能这样保存），不是 UTF-8`,
    },
    { en: 'Save it again as UTF-8', zh: '请以 UTF-8 重新保存' },
    { encoding: 'UTF-16' },
  );
}

function notOneLine(flag: string): Error {
  return inputError(
    'secret_not_one_line',
    {
      en: `Cannot use ${flag}: it must be one line of plain text in UTF-8`,
      zh: `无法使用 ${flag}：内容应为一行 UTF-8 纯文本`,
    },
    {
      en: 'Save it again as UTF-8, with the secret and nothing else',
      zh: '请以 UTF-8 重新保存，文件中只放密钥',
    },
  );
}
