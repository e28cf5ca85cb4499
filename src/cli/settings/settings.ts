/** Every setting with the place it came from: flags, then environment, profile, project file, default. */
import {
  type CredentialKind,
  defaultApiBase,
  isPlainCredential,
  parseApiBase,
} from '../../core/account/index.ts';
import type { EncryptionMode } from '../../core/callback/index.ts';
import { WechatMpError } from '../../core/errors.ts';
import type { Text } from '../../core/text/text.ts';
import type { Io } from '../../io/ports.ts';
import { excludes, unsuitable } from '../frame/flag-errors.ts';
import type { GlobalOptions } from '../frame/global-options.ts';
import { findDirectory } from './directories.ts';
import type { Dotenv } from './dotenv.ts';
import {
  type Profile,
  type ProfileFile,
  profileFileName,
  readProfileFile,
  readSecrets,
  type Secrets,
  secretsFileName,
  secretsKey,
} from './profile-file.ts';
import type { ProjectFile } from './project-content.ts';
import type { RunningSimulator } from '../shared/running-simulator.ts';
import { SecretReader } from './secret-reader.ts';
import type { SettingsFlags } from './settings-flags.ts';
import { type Level, sourced, type Sourced } from './sourced.ts';

/** Longest time for one request where nothing else is said. */
const defaultTimeoutMs = 10_000;

export interface SettingsInput {
  readonly io: Io;
  /** Real variables above those of `--dotenv`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Which of them come out of a file. */
  readonly dotenv?: Dotenv | undefined;
  readonly options: GlobalOptions & SettingsFlags;
  /** Throws where the file cannot be used; `help` and the like never look at it. */
  readonly project: () => ProjectFile | undefined;
  readonly warn: (text: Text) => void;
  /** Called with every secret that is read, so that no output shows it. */
  readonly secretSeen: (secret: string) => void;
  /** Flags, environment and project only, as for a profile that is being made. */
  readonly withoutProfile?: boolean;
  /** What names the profile in the place of `--profile`. */
  readonly profileFlag?: string;
  /** What the name "simulator" stands for, where no profile is saved under it. */
  readonly simulator?: RunningSimulator;
}

export class Settings {
  readonly #input: SettingsInput;
  readonly #secrets: SecretReader;
  #apiBase: Sourced<string> | undefined;
  #profileFile: ProfileFile | undefined;
  #stored: Readonly<Record<string, Secrets>> | undefined;

  constructor(input: SettingsInput) {
    this.#input = input;
    this.#secrets = new SecretReader(input);
  }

  get configDirectory(): string | undefined {
    return this.#directory('config');
  }

  get cacheDirectory(): string | undefined {
    return this.#directory('cache');
  }

  get stateDirectory(): string | undefined {
    return this.#directory('state');
  }

  #directory(kind: 'config' | 'cache' | 'state'): string | undefined {
    const { environment, io } = this.#input;
    return findDirectory(kind, environment, io.platform);
  }

  get project(): ProjectFile | undefined {
    return this.#input.project();
  }

  get profileFile(): ProfileFile {
    return (this.#profileFile ??= readProfileFile(this.#input.io.files, this.configDirectory));
  }

  /** Which profile is in force. The project's choice comes before the machine-wide default: it is the closer one. */
  get profileName(): Sourced<string> | undefined {
    const { options, withoutProfile, profileFlag } = this.#input;
    if (withoutProfile === true) return undefined;
    if (options.profile !== undefined)
      return { value: options.profile, level: 'flag', name: profileFlag ?? '--profile' };
    const variable = this.variable('WECHAT_MP_PROFILE');
    if (variable !== undefined) return variable;
    const { project } = this;
    if (project?.profile !== undefined)
      return { value: project.profile, level: 'project', name: project.path };
    const chosen = this.profileFile.default;
    return chosen === undefined ? undefined : { value: chosen, level: 'profile', name: 'profile use' };
  }

  /** The profile in force. A name that does not exist is an error where it was asked for explicitly. */
  get profile(): Profile {
    const name = this.profileName;
    if (name === undefined) return {};
    const { simulator } = this.#input;
    const profile = this.profileFile.profiles[name.value];
    if (profile !== undefined) return profile;
    if (simulator !== undefined && name.value === 'simulator') return simulator.profile;
    // A project may name a profile that this machine lacks while the environment has everything, as in CI.
    if (this.yieldsToEnvironment && (name.level === 'project' || name.value === 'simulator')) return {};
    const known = Object.keys(this.profileFile.profiles).join(', ') || '–';
    throw new WechatMpError({
      family: 'account',
      type: 'profile_unknown',
      text: {
        en: `There is no profile "${name.value}" (${name.name})`,
        zh: `没有名为 "${name.value}" 的配置档案（${name.name}）`,
      },
      details: [{ en: `Known: ${known}`, zh: `已有：${known}` }],
      hint: {
        en: `Run: wechat-mp profile add ${name.value}`,
        zh: `运行：wechat-mp profile add ${name.value}`,
      },
    });
  }

  /** Whether the running simulator is asked for, or a profile that has its name. */
  get namesSimulator(): boolean {
    try {
      return this.profileName?.value === 'simulator';
    } catch {
      return false;
    }
  }

  /** The profile for choices that must not fail, such as the language. */
  get quietProfile(): Profile {
    try {
      return this.profile;
    } catch {
      return {};
    }
  }

  /** A variable that is set, and the file of `--dotenv` where it is one of those. */
  variable(name: string): Sourced<string> | undefined {
    const { environment, dotenv } = this.#input;
    return sourced(environment[name], 'environment', name, dotenv);
  }

  /** Whether the environment has the account, and the profile is one that nobody asked for explicitly. */
  get yieldsToEnvironment(): boolean {
    const { environment } = this.#input;
    const level = this.profileName?.level;
    if (level !== 'project' && level !== 'profile') return false;
    return Boolean(environment['WECHAT_MP_APPID'] || environment['WECHAT_MP_ACCESS_TOKEN']);
  }

  /** An explicit profile sets aside AppID and AppSecret of the environment. */
  get environmentAccountCounts(): boolean {
    return this.#input.options.profile === undefined;
  }

  get apiBase(): Sourced<string> {
    return (this.#apiBase ??= this.#readApiBase());
  }

  #readApiBase(): Sourced<string> {
    const found = this.#plain('apiBase', '--api-base', 'WECHAT_MP_API_BASE');
    if (found === undefined) return { value: defaultApiBase, level: 'default', name: '' };
    return { ...found, value: parseApiBase(found.value, found.name) };
  }

  async timeoutMs(): Promise<Sourced<number>> {
    const found = this.#plain('timeout', '--timeout', 'WECHAT_MP_TIMEOUT');
    if (found === undefined) return { value: defaultTimeoutMs, level: 'default', name: '' };
    const { parseWait } = await import('../frame/duration.ts');
    const value = parseWait(found.value, found.name);
    if (value > 0) return { ...found, value };
    throw unsuitable('timeout_invalid', found.value, found.name, {
      en: 'it must be longer than 0',
      zh: '必须大于 0',
    });
  }

  /** The environment's own proxy variables are read by the HTTP client. */
  get proxy(): Sourced<string> | undefined {
    return this.#plain('proxy', '--proxy', '');
  }

  get tokenEndpoint(): Sourced<'stable' | 'classic'> {
    const { options } = this.#input;
    if (options.stable === true && options.classic === true) throw excludes('--stable', '--classic');
    if (options.classic === true) return { value: 'classic', level: 'flag', name: '--classic' };
    if (options.stable === true) return { value: 'stable', level: 'flag', name: '--stable' };
    const found = this.#plain('tokenEndpoint', '', 'WECHAT_MP_TOKEN_ENDPOINT');
    if (found === undefined) return { value: 'stable', level: 'default', name: '' };
    if (found.value === 'stable' || found.value === 'classic') return { ...found, value: found.value };
    throw unsuitable('token_endpoint_invalid', found.value, found.name, {
      en: 'it must be stable or classic',
      zh: '只能是 stable 或 classic',
    });
  }

  /** Where tokens are shared; nothing where they stay in the cache of this machine. */
  get store(): Sourced<string> | undefined {
    const found = this.#plain('store', '--store', 'WECHAT_MP_STORE');
    return found?.value === 'file' ? undefined : found;
  }

  /** The team's token service. Never out of a project file: a stranger's repository would supply the token of a push. */
  get tokenUrl(): Sourced<string> | undefined {
    const found = this.#plain('tokenUrl', '--token-url', 'WECHAT_MP_TOKEN_URL');
    const named =
      this.#input.options.appid !== undefined ||
      (this.environmentAccountCounts && this.variable('WECHAT_MP_APPID') !== undefined);
    // The service of a profile hands out the token of that profile's account, and of no other.
    return found?.level === 'profile' && named ? undefined : found;
  }

  /**
   * The relay that every call goes through, whatever else is set; `none` is none. Never out of a project file. That of a
   * profile has the profile's account, not one that the environment names.
   */
  get via(): Sourced<string> | undefined {
    const found = this.#plain('via', '--via', 'WECHAT_MP_VIA');
    const isOther = this.environmentAccountCounts && this.variable('WECHAT_MP_APPID') !== undefined;
    return found?.value === 'none' || (found?.level === 'profile' && isOther) ? undefined : found;
  }

  /** The key for the relay; one that is stored is bound to the relay's address. */
  async viaKey(): Promise<Sourced<string> | undefined> {
    const given = await this.#secrets.given('via-key', 'WECHAT_MP_VIA_KEY', { file: this.flags.viaKeyFile });
    return given ?? (await this.#storedSecret('viaKey', this.via?.value));
  }

  /** As they stand on the command line. */
  get flags(): SettingsFlags {
    return this.#input.options;
  }

  get storeFallback(): boolean {
    return this.#input.options.storeFallback === true;
  }

  /** The AppID, whatever it is for; `account.ts` adds the rules for AppID and AppSecret together. */
  async appId(): Promise<Sourced<string> | undefined> {
    return (
      (await this.appIdAt('flag')) ?? (await this.appIdAt('environment')) ?? (await this.appIdAt('profile'))
    );
  }

  /** The AppID of one level alone. */
  async appIdAt(level: Level): Promise<Sourced<string> | undefined> {
    const { options } = this.#input;
    const found = {
      flag: () => sourced(options.appid, 'flag', '--appid'),
      environment: () => (this.environmentAccountCounts ? this.variable('WECHAT_MP_APPID') : undefined),
      profile: () => sourced(this.profile.appid, 'profile', this.profileName?.value ?? ''),
      project: () => sourced(this.project?.appid, 'project', this.project?.path ?? ''),
      default: () => undefined,
    }[level]();
    if (found === undefined || isPlainCredential('appid', found.value)) return found;
    const value = await this.readPasted('appid', found.value, placeOf(found));
    const { parseAppId } = await import('../../core/account/account.ts');
    return { ...found, value: parseAppId(value) };
  }

  /** The AppSecret of one level alone. */
  async secretAt(level: Level): Promise<Sourced<string> | undefined> {
    const { options } = this.#input;
    if (level === 'flag')
      return await this.#secrets.fromFlags('secret', options.secretStdin, options.secretFile);
    if (level === 'environment') {
      return this.environmentAccountCounts
        ? await this.#secrets.fromEnvironment('WECHAT_MP_APPSECRET')
        : undefined;
    }
    return level === 'profile' ? await this.#storedSecret('secret') : undefined;
  }

  /** A token given by hand; then none is ever fetched. */
  async accessToken(): Promise<Sourced<string> | undefined> {
    return (
      (await this.#secrets.fromFlags('access-token', this.#input.options.accessTokenStdin, undefined)) ??
      (this.environmentAccountCounts
        ? await this.#secrets.fromEnvironment('WECHAT_MP_ACCESS_TOKEN')
        : undefined)
    );
  }

  async callbackToken(): Promise<Sourced<string> | undefined> {
    return (await this.givenCallbackToken()) ?? (await this.#storedSecret('callbackToken'));
  }

  async encodingAESKey(): Promise<Sourced<string> | undefined> {
    return (await this.givenEncodingAESKey()) ?? (await this.#storedSecret('aesKey'));
  }

  /** The callback Token of flags and environment alone. */
  async givenCallbackToken(): Promise<Sourced<string> | undefined> {
    const { callbackTokenStdin: stdin, callbackTokenFile: file } = this.flags;
    return await this.#secrets.given('callback-token', 'WECHAT_MP_CALLBACK_TOKEN', { stdin, file });
  }

  /** The EncodingAESKey of flags and environment alone. */
  async givenEncodingAESKey(): Promise<Sourced<string> | undefined> {
    const { aesKeyStdin: stdin, aesKeyFile: file } = this.flags;
    return await this.#secrets.given('aes-key', 'WECHAT_MP_AES_KEY', { stdin, file });
  }

  /** How the running simulator pushes, where the account in force is one of its accounts. */
  get simulatorMode(): EncryptionMode | undefined {
    return this.#input.simulator?.mode;
  }

  /** The EncodingAESKey before the last change in the console. */
  async previousEncodingAESKey(): Promise<Sourced<string> | undefined> {
    return await this.#secrets.fromFlags('previous-aes-key', undefined, this.flags.previousAesKeyFile);
  }

  /** Flags, environment and project alone. */
  withoutProfile(): Settings {
    return new Settings({ ...this.#input, withoutProfile: true });
  }

  /** The same settings where these variables are not set. */
  withoutVariables(names: readonly string[]): Settings {
    const left = Object.entries(this.#input.environment).filter(([name]) => !names.includes(name));
    return new Settings({ ...this.#input, environment: Object.fromEntries(left) });
  }

  /** The same settings, read again; what is odd about them goes to `warn`. */
  telling(warn: (text: Text) => void): Settings {
    return new Settings({ ...this.#input, warn });
  }

  /** The same settings as with `--stable`. */
  withStable(): Settings {
    const { classic: _, ...options } = this.#input.options;
    return new Settings({ ...this.#input, options: { ...options, stable: true } });
  }

  /** The same settings as with `--profile`; `profileFlag` is what messages call the place of the name. */
  withProfile(name: string, profileFlag = '--profile'): Settings {
    return new Settings({ ...this.#input, profileFlag, options: { ...this.#input.options, profile: name } });
  }

  /** The value out of what somebody pasted, typed or wrote; says once what was done. */
  async readPasted(kind: CredentialKind, text: string, place: string): Promise<string> {
    return await this.#secrets.read(kind, text, place);
  }

  /** Secrets of the profile in force, at the address in force: the API base, or the relay. */
  async #storedSecret(
    kind: keyof Secrets,
    address = this.apiBase.value,
  ): Promise<Sourced<string> | undefined> {
    const appId = this.profile.appid;
    if (appId === undefined) return undefined;
    const secretsOf = (id: string): Secrets | undefined => this.storedSecrets[secretsKey(address, id)];
    // An AppID that was written by hand may differ from the one that the secrets were stored for.
    const stored = (secretsOf(appId) ?? secretsOf(await this.readPasted('appid', appId, profileFileName)))?.[
      kind
    ];
    const value = stored === undefined ? undefined : await this.readPasted(kind, stored, secretsFileName);
    if (value !== undefined) this.#input.secretSeen(value);
    return sourced(value, 'profile', this.profileName?.value ?? '');
  }

  get storedSecrets(): Readonly<Record<string, Secrets>> {
    return (this.#stored ??= {
      ...readSecrets(this.#input.io.files, this.configDirectory),
      ...this.#input.simulator?.secrets,
    });
  }

  #plain(key: keyof Profile, flag: string, variable: string): Sourced<string> | undefined {
    const options = this.#input.options as unknown as Readonly<Record<string, string | undefined>>;
    return (
      (flag === '' ? undefined : sourced(options[key], 'flag', flag)) ??
      (variable === '' ? undefined : this.variable(variable)) ??
      sourced(this.profile[key], 'profile', this.profileName?.value ?? '')
    );
  }
}

/** What messages call the place of a value that stands in a profile by the name of the profile. */
function placeOf({ level, name }: Sourced<unknown>): string {
  return level === 'profile' ? profileFileName : name;
}
