/**
 * How terminals find a running simulator without a variable: it leaves a file with its address, and `--profile simulator`
 * takes the newest one that answers on this machine. Its secrets and its mode are asked for then: both may have been
 * changed on its page since it started.
 */
import { join } from 'node:path';
import { type EncryptionMode, modesByName } from '../../core/callback/index.ts';
import { accountError } from '../../core/errors.ts';
import { isObject, own, parseJson } from '../../core/text/json-value.ts';
import type { Text } from '../../core/text/text.ts';
import type { Files, Io } from '../../io/ports.ts';
import { type Profile, type Secrets, secretsKey } from '../settings/profile-file.ts';
import { Settings, type SettingsInput } from '../settings/settings.ts';

/** Where a simulator is, and the AppID by which it is known again. */
interface Located {
  readonly url: string;
  readonly appid: string;
  readonly host: string;
  readonly started_ms: number;
}

/** One of its accounts, as `GET /_ctl/accounts` shows it. */
interface AccountLine {
  readonly appid: string;
  readonly secret: string;
  readonly callback_token: string;
  readonly aes_key: string;
  readonly mode: keyof typeof modesByName;
}

/** Far more than a simulator needs to say that it is there, in milliseconds. */
const answerMs = 2000;

/** Writes the file of this simulator and hands back how to take it away. A machine without a place for it does without. */
export function publishSimulator(
  io: Io,
  stateDirectory: string | undefined,
  { url, appid }: Pick<Located, 'url' | 'appid'>,
  trouble: (error: unknown) => void,
): () => void {
  const folder = folderOf(stateDirectory);
  if (folder === undefined) return () => {};
  const located: Located = { url, appid, host: io.host, started_ms: io.clock.now() };
  // By its port: after a crash the next simulator there takes the place of what was left behind.
  const file = join(folder, `${new URL(url).port}.json`);
  const content = `${JSON.stringify(located)}\n`;
  try {
    io.files.makePrivate(folder);
    // Nobody looks for it after a power cut, and whoever does checks it.
    io.files.write(file, content, 0o600, { sync: false });
  } catch (error) {
    trouble(error);
  }
  return () => {
    try {
      if (io.files.read(file)?.toString('utf8') === content) io.files.remove(file);
    } catch {
      // It is checked before it is used, so it does no harm.
    }
  };
}

/** Whether what answers at this address is a simulator, and one that `--profile simulator` finds from here. */
export async function recogniseSimulator(
  io: Io,
  stateDirectory: string | undefined,
  url: string,
): Promise<'listed' | 'unlisted' | undefined> {
  const health = await askControl(io, url, 'health');
  if (own(health, 'name') !== 'wechat-mp-simulator') return undefined;
  const isThis = (located: Located): boolean =>
    new URL(located.url).port === new URL(url).port && located.appid === own(health, 'appid');
  const located = newestFirst(readFolder(io.files, folderOf(stateDirectory)), io.host);
  return located.some(isThis) ? 'listed' : 'unlisted';
}

/** The addresses of simulators that may be running on this machine, the newest first. */
export function locateSimulators(io: Io, stateDirectory: string | undefined): readonly string[] {
  return newestFirst(readFolder(io.files, folderOf(stateDirectory)), io.host).map(({ url }) => url);
}

function newestFirst(located: readonly Located[], here: string): readonly Located[] {
  return located.filter(({ host }) => host === here).toSorted((a, b) => b.started_ms - a.started_ms);
}

/** What a simulator says to this call; nothing where something else answers, or nobody. */
async function askControl(io: Io, url: string, call: string): Promise<unknown> {
  try {
    // Without the environment: no proxy stands between a machine and itself.
    const fetch = await io.fetch({ environment: {} });
    const { status, body } = await fetch({
      method: 'GET',
      url: `${url}/_ctl/${call}`,
      timeoutMs: answerMs,
      maxBytes: 65_536,
    });
    return status === 200 ? parseJson(Buffer.from(body).toString('utf8')) : undefined;
  } catch {
    return undefined;
  }
}

/** What `--profile simulator` stands for. */
export interface RunningSimulator {
  /** Throws where none is running. */
  readonly profile: Profile;
  readonly secrets: Readonly<Record<string, Secrets>>;
  /** How it pushes now. */
  readonly mode?: EncryptionMode;
}

/**
 * The settings of a run with `--profile simulator`. Whatever the environment says of an account is set aside, so that
 * neither a real account meets the simulator, nor this name the real platform. A saved profile of the name wins; and the
 * account of the environment, as behind `simulator --`, where only the project or the machine's default has the name.
 */
export async function adoptSimulator(
  input: SettingsInput,
  settings: Settings,
): Promise<{ readonly settings: Settings; readonly said?: Text }> {
  if (settings.yieldsToEnvironment) {
    const isReal = !input.options.apiBase && !input.environment['WECHAT_MP_API_BASE'];
    return isReal ? { settings, said: environmentWins } : { settings };
  }
  const { files, host } = input.io;
  const running = newestFirst(readFolder(files, folderOf(settings.stateDirectory)), host);
  if (settings.profileFile.profiles['simulator'] !== undefined)
    return running.length === 0 ? { settings } : { settings, said: savedWins };
  const environment = Object.fromEntries(
    Object.entries(input.environment).filter(([name]) => !setAside.has(name)),
  );
  const simulator = (await newestThatAnswers(input, running)) ?? noSimulator;
  return { settings: new Settings({ ...input, environment, simulator }) };
}

const setAside = new Set([
  'WECHAT_MP_API_BASE',
  'WECHAT_MP_APPID',
  'WECHAT_MP_APPSECRET',
  'WECHAT_MP_ACCESS_TOKEN',
  'WECHAT_MP_STORE',
  'WECHAT_MP_TOKEN_URL',
  'WECHAT_MP_VIA',
  'WECHAT_MP_VIA_KEY',
  'WECHAT_MP_CALLBACK_TOKEN',
  'WECHAT_MP_AES_KEY',
]);

const noSimulator: RunningSimulator = {
  get profile(): Profile {
    throw noneRunning();
  },
  secrets: {},
};

async function newestThatAnswers(
  { io, options }: SettingsInput,
  running: readonly Located[],
): Promise<RunningSimulator | undefined> {
  for (const { url, appid } of running) {
    const found = await askControl(io, url, 'accounts?secrets=show');
    const accounts = Array.isArray(found) ? found.filter(isAccount) : [];
    const [first] = accounts;
    // Another one may have taken its port.
    if (first === undefined || first.appid !== appid) continue;
    const chosen = accounts.find((account) => account.appid === options.appid) ?? first;
    return {
      profile: { appid: chosen.appid, apiBase: url },
      secrets: Object.fromEntries(
        accounts.map((account) => [
          secretsKey(url, account.appid),
          { secret: account.secret, callbackToken: account.callback_token, aesKey: account.aes_key },
        ]),
      ),
      mode: modesByName[chosen.mode],
    };
  }
  return undefined;
}

function folderOf(stateDirectory: string | undefined): string | undefined {
  return stateDirectory === undefined ? undefined : join(stateDirectory, 'simulators');
}

function readFolder(files: Files, folder: string | undefined): readonly Located[] {
  if (folder === undefined) return [];
  try {
    return files
      .list(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => readLocated(files, join(folder, name)));
  } catch {
    return [];
  }
}

function readLocated(files: Files, file: string): readonly Located[] {
  try {
    const found: unknown = JSON.parse(files.read(file)?.toString('utf8') ?? '');
    return isLocated(found) ? [found] : [];
  } catch {
    return [];
  }
}

function isLocated(value: unknown): value is Located {
  if (!isObject(value)) return false;
  const { url, appid, host, started_ms: started } = value;
  const isWhole = typeof appid === 'string' && typeof host === 'string' && typeof started === 'number';
  return isWhole && typeof url === 'string' && /^http:\/\/(?:127\.[\d.]+|localhost|\[::1\]):\d+$/.test(url);
}

function isAccount(value: unknown): value is AccountLine {
  return (
    isObject(value) &&
    ['appid', 'secret', 'callback_token', 'aes_key'].every((key) => typeof value[key] === 'string') &&
    Object.hasOwn(modesByName, String(value['mode']))
  );
}

function noneRunning(): Error {
  return accountError(
    'simulator_not_running',
    { en: 'No running simulator was found', zh: '没有找到正在运行的模拟器' },
    {
      en: 'Start one in another terminal: wechat-mp simulator. For one of another user or HOME, leave out "simulator" as profile and set WECHAT_MP_API_BASE, WECHAT_MP_APPID and WECHAT_MP_APPSECRET, which its page shows',
      zh: '请在另一个终端中启动：wechat-mp simulator。若它由其他用户或在其他 HOME 下启动，请不要使用配置档案 simulator，改为设置其页面上显示的 WECHAT_MP_API_BASE、WECHAT_MP_APPID 和 WECHAT_MP_APPSECRET',
    },
  );
}

const environmentWins: Text = {
  en: 'Using the account in the environment variables, not the simulator that the settings here choose; to use that: --profile simulator',
  zh: '使用环境变量中的公众号，而不是此处设置所选的模拟器；如需使用后者：--profile simulator',
};

const savedWins: Text = {
  en: 'Using the saved profile "simulator", not the simulator that may be running; to use that: wechat-mp profile remove simulator',
  zh: '使用已保存的配置档案 "simulator"，而不是正在运行的模拟器；如需使用后者：wechat-mp profile remove simulator',
};
