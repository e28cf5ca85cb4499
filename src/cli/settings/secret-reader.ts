/** Secrets from flags (`--…-stdin`, `--…-file`), environment and profile; what was pasted round them goes, with a warning. */
import { type CredentialKind, isPlainCredential } from '../../core/account/index.ts';
import type { Text } from '../../core/text/text.ts';
import type { SettingsInput } from './settings.ts';
import type { Sourced } from './sourced.ts';

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
  'via-key': 'viaKey',
  WECHAT_MP_VIA_KEY: 'viaKey',
} as const satisfies Readonly<Record<string, CredentialKind>>;

type SecretName = keyof typeof kinds;

/** What is only needed for odd values and for flags is loaded with them: most starts have neither. */
export class SecretReader {
  readonly #input: SecretReaderInput;
  /** Which flag took standard input, and what it read. */
  #stdin: { readonly flag: string; readonly value: Sourced<string> } | undefined;
  /** What the files of flags hold: one may be a pipe, which can be read once. */
  readonly #files = new Map<string, Promise<Sourced<string>>>();
  readonly #warned = new Set<string>();

  constructor(input: SecretReaderInput) {
    this.#input = input;
  }

  async fromFlags(
    name: SecretName,
    stdin: boolean | undefined,
    file: string | undefined,
  ): Promise<Sourced<string> | undefined> {
    if (stdin !== true && file === undefined) return undefined;
    const given = await import('./given-secret.ts');
    if (stdin === true && file !== undefined) throw given.twoSources(name);
    if (file !== undefined) {
      const flag = `--${name}-file`;
      const place = `${flag} ${file}`;
      const read =
        this.#files.get(place) ??
        this.#fromFlag(flag, given.readSecretFile(this.#input.io.files, flag, file), kinds[name], file);
      this.#files.set(place, read);
      return await read;
    }
    const flag = `--${name}-stdin`;
    if (this.#stdin === undefined) {
      const line = await given.readSecretStdin(this.#input.io.terminal, flag);
      this.#stdin = { flag, value: await this.#fromFlag(flag, line, kinds[name]) };
    }
    if (this.#stdin.flag !== flag) throw given.stdinTaken(flag, this.#stdin.flag);
    return this.#stdin.value;
  }

  /** Of flags and environment alone. */
  async given(
    name: SecretName,
    variable: SecretName,
    { stdin, file }: { readonly stdin?: boolean | undefined; readonly file?: string | undefined },
  ): Promise<Sourced<string> | undefined> {
    return (await this.fromFlags(name, stdin, file)) ?? (await this.fromEnvironment(variable));
  }

  async fromEnvironment(variable: SecretName): Promise<Sourced<string> | undefined> {
    const found = this.#input.environment[variable];
    // Blanks alone are what an unset variable of a CI system or a template leaves.
    if (found === undefined || found.trim() === '') return undefined;
    const value = await this.#clean(found, variable, kinds[variable]);
    if (value === '') return undefined;
    const { dotenv } = this.#input;
    const inFile = dotenv?.names.has(variable) === true ? { file: dotenv.file } : {};
    return { value, level: 'environment', name: variable, ...inFile };
  }

  /** A value of another place, such as the files of a profile, which people edit, too. */
  async read(kind: CredentialKind, text: string, place: string): Promise<string> {
    if (isPlainCredential(kind, text)) return text;
    const { readCredential } = await import('../../core/account/pasted-credential.ts');
    const { value, notes } = readCredential(kind, text, place);
    for (const note of notes) this.#warnOnce(note);
    return value;
  }

  async #fromFlag(flag: string, line: string, kind: CredentialKind, file?: string): Promise<Sourced<string>> {
    const value = await this.#clean(line, flag, kind);
    (await import('./given-secret.ts')).checkOneLine(value, flag, file);
    return { value, level: 'flag', name: flag };
  }

  async #clean(text: string, place: string, kind: CredentialKind): Promise<string> {
    let value = text;
    if (!isPlainCredential(kind, text)) {
      const read = (await import('../../core/account/pasted-credential.ts')).readCredential(
        kind,
        text,
        place,
      );
      ({ value } = read);
      const trimmed: Text = {
        en: `Removed spaces around the secret in ${place}`,
        zh: `已去掉 ${place} 中密钥前后的空白`,
      };
      for (const note of read.notes.length === 0 && value !== text ? [trimmed] : read.notes)
        this.#warnOnce(note);
    }
    this.#input.secretSeen(value);
    return value;
  }

  #warnOnce(text: Text): void {
    if (this.#warned.has(text.en)) return;
    this.#warned.add(text.en);
    this.#input.warn(text);
  }
}
