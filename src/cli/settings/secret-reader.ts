/** Secrets from flags (`--…-stdin`, `--…-file`) and the environment, trimmed with a warning. */
import { inputError, usageError } from '../../core/errors.ts';
import { pastedNote, readPasted } from '../../core/pasted.ts';
import { readLimits } from '../../core/read-limits.ts';
import { readInputFile } from '../input-file.ts';
import type { SettingsInput } from './settings.ts';
import type { Sourced } from './sourced.ts';

/** No secret is longer. What is, is read as far as `readLimits` says, and named. */
const longestSecretBytes = 4096;

type SecretReaderInput = Pick<SettingsInput, 'io' | 'environment' | 'dotenv' | 'warn' | 'secretSeen'>;

export class SecretReader {
  readonly #input: SecretReaderInput;
  /** Which flag took standard input, and what it read. */
  #stdin: { readonly flag: string; readonly value: Sourced<string> } | undefined;
  readonly #warned = new Set<string>();

  constructor(input: SecretReaderInput) {
    this.#input = input;
  }

  /** `keys`: the secret's names in an answer of the API; given, it is taken out of one that was pasted whole. */
  async fromFlags(
    name: string,
    stdin: boolean | undefined,
    file: string | undefined,
    keys?: readonly string[],
  ): Promise<Sourced<string> | undefined> {
    if (stdin === true && file !== undefined) {
      throw usageError('flags_conflict', {
        en: `Flags --${name}-stdin and --${name}-file exclude each other`,
        zh: `--${name}-stdin 与 --${name}-file 不能同时使用`,
      });
    }
    if (stdin === true) return await this.#fromStdin(`--${name}-stdin`, keys);
    return file === undefined ? undefined : this.#fromFile(`--${name}-file`, file, keys);
  }

  fromEnvironment(variable: string, keys?: readonly string[]): Sourced<string> | undefined {
    const found = this.#input.environment[variable];
    // Blanks alone are what an unset variable of a CI system or a template leaves.
    if (found === undefined || found.trim() === '') return undefined;
    const { dotenv } = this.#input;
    return {
      value: this.#trim(this.#unwrap(found, variable, keys), variable),
      level: 'environment',
      name: variable,
      ...(dotenv?.names.has(variable) === true ? { file: dotenv.file } : {}),
    };
  }

  async #fromStdin(flag: string, keys: readonly string[] | undefined): Promise<Sourced<string>> {
    if (this.#stdin !== undefined) {
      if (this.#stdin.flag === flag) return this.#stdin.value;
      throw usageError('stdin_taken', {
        en: `Cannot read ${flag}: standard input already feeds ${this.#stdin.flag}`,
        zh: `无法读取 ${flag}：标准输入已经用于 ${this.#stdin.flag}`,
      });
    }
    const bytes = await this.#input.io.terminal.readStdin(readLimits.secret);
    const value: Sourced<string> = { value: this.#line(bytes, flag, keys), level: 'flag', name: flag };
    this.#stdin = { flag, value };
    return value;
  }

  #fromFile(flag: string, path: string, keys: readonly string[] | undefined): Sourced<string> {
    const bytes = readInputFile(this.#input.io.files, path, readLimits.secret, flag);
    return { value: this.#line(bytes, flag, keys), level: 'flag', name: flag };
  }

  /** One line ending is how files and pipes end; anything else round the secret is worth a warning. */
  #line(bytes: Uint8Array, flag: string, keys: readonly string[] | undefined): string {
    if (bytes.length > longestSecretBytes) {
      throw inputError('secret_too_long', {
        en: `Cannot use ${flag}: more than ${longestSecretBytes} bytes are no secret`,
        zh: `${flag} 的内容超过 ${longestSecretBytes} 字节，不像是密钥`,
      });
    }
    const text = Buffer.from(bytes)
      .toString('utf8')
      .replace(/\r?\n$/, '');
    const value = this.#trim(this.#unwrap(text, flag, keys), flag);
    // The zeros of UTF-16, as PowerShell writes it; a second line; what was no UTF-8: none of them is in a secret.
    if (/[\0\r\n\u{fffd}]/u.test(value)) throw notOneLine(flag);
    if (value !== '') return value;
    throw inputError('secret_empty', { en: `Cannot use ${flag}: it is empty`, zh: `${flag} 的内容为空` });
  }

  /** The secret out of a pasted answer of the API or quotes, with a warning. `keys` are its names in such an answer. */
  #unwrap(text: string, place: string, keys: readonly string[] | undefined): string {
    if (keys === undefined) return text;
    const wanted = { place, keys };
    const { value, found } = readPasted(text, wanted);
    if (found === undefined) return text;
    if (!this.#warned.has(place)) this.#input.warn(pastedNote(wanted, found));
    this.#warned.add(place);
    return value;
  }

  #trim(value: string, name: string): string {
    const trimmed = value.replace(/^[\s\u{feff}]+|[\s\u{feff}]+$/gu, '');
    if (trimmed !== value && !this.#warned.has(name)) {
      this.#warned.add(name);
      this.#input.warn({
        en: `Removed spaces around the secret in ${name}`,
        zh: `已去掉 ${name} 中密钥前后的空白`,
      });
    }
    this.#input.secretSeen(trimmed);
    return trimmed;
  }
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
