/**
 * How terminals find a running simulator without a variable: it leaves a private file with its address and secrets, and
 * `--profile simulator` takes the newest one that answers on this machine.
 */
import { join } from 'node:path';
import { accountError } from '../../core/errors.ts';
import { isObject, parseJson } from '../../core/text/json-value.ts';
import type { Text } from '../../core/text/text.ts';
import type { Files, Io } from '../../io/ports.ts';
import { type Profile, type Secrets, secretsKey } from '../settings/profile-file.ts';
import { Settings, type SettingsInput } from '../settings/settings.ts';

interface AccountLine {
  readonly appid: string;
  readonly secret: string;
  readonly callback_token: string;
  readonly aes_key: string;
}

interface ReadyLine extends AccountLine {
  readonly url: string;
  readonly accounts?: readonly AccountLine[];
}

interface Located extends ReadyLine {
  readonly host: string;
  readonly started_ms: number;
}

/** Far more than a simulator needs to say that it is there, in milliseconds. */
const answerMs = 2000;

/** Writes the file of this simulator and hands back how to take it away. A machine without a place for it does without. */
export function publishSimulator(
  io: Io,
  stateDirectory: string | undefined,
  ready: ReadyLine,
  trouble: (error: unknown) => void,
): () => void {
  const folder = folderOf(stateDirectory);
  if (folder === undefined) return () => {};
  const located: Located = { ...ready, host: io.host, started_ms: io.clock.now() };
  // By its port: after a crash the next simulator there takes the place of what was left behind.
  const file = join(folder, `${new URL(ready.url).port}.json`);
  const content = `${JSON.stringify(located)}\n`;
  try {
    io.files.makePrivate(folder);
    io.files.write(file, content);
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

/** What answers at this address, if it is a simulator; nothing where it is something else, or nobody. */
export async function askHealth(io: Io, url: string): Promise<{ readonly appid: string } | undefined> {
  try {
    // Without the environment: no proxy stands between a machine and itself.
    const fetch = await io.fetch({ environment: {} });
    const { status, body } = await fetch({
      method: 'GET',
      url: `${url}/_ctl/health`,
      timeoutMs: answerMs,
      maxBytes: 65_536,
    });
    const health = status === 200 ? parseJson(Buffer.from(body).toString('utf8')) : undefined;
    const isSimulator = isObject(health) && health['name'] === 'wechat-mp-simulator';
    return isSimulator ? { appid: String(health['appid']) } : undefined;
  } catch {
    return undefined;
  }
}

/** What `--profile simulator` stands for. */
export interface RunningSimulator {
  /** Throws where none is running. */
  readonly profile: Profile;
  readonly secrets: Readonly<Record<string, Secrets>>;
}

/**
 * The settings of a run with `--profile simulator`. Whatever the environment says of an account is set aside, so that
 * neither a real account meets the simulator, nor this name the real platform. A saved profile of the name wins.
 */
export async function adoptSimulator(
  input: SettingsInput,
  settings: Settings,
): Promise<{ readonly settings: Settings; readonly said?: Text }> {
  const running = readFolder(input.io.files, folderOf(settings.stateDirectory)).filter(
    ({ host }) => host === input.io.host,
  );
  if (settings.profileFile.profiles['simulator'] !== undefined)
    return running.length === 0 ? { settings } : { settings, said: savedWins };
  const environment = Object.fromEntries(
    Object.entries(input.environment).filter(([name]) => !setAside.has(name)),
  );
  const located = await newestThatAnswers(input.io, running);
  return { settings: new Settings({ ...input, environment, simulator: asProfile(located, input) }) };
}

const setAside = new Set([
  'WECHAT_MP_API_BASE',
  'WECHAT_MP_APPID',
  'WECHAT_MP_APPSECRET',
  'WECHAT_MP_ACCESS_TOKEN',
  'WECHAT_MP_CALLBACK_TOKEN',
  'WECHAT_MP_AES_KEY',
]);

function asProfile(located: Located | undefined, { options }: SettingsInput): RunningSimulator {
  if (located === undefined) {
    return {
      get profile(): Profile {
        throw noneRunning();
      },
      secrets: {},
    };
  }
  const accounts = located.accounts ?? [located];
  const { appid } = accounts.find((account) => account.appid === options.appid) ?? located;
  return {
    profile: { appid, apiBase: located.url },
    secrets: Object.fromEntries(
      accounts.map((account) => [
        secretsKey(located.url, account.appid),
        { secret: account.secret, callbackToken: account.callback_token, aesKey: account.aes_key },
      ]),
    ),
  };
}

async function newestThatAnswers(io: Io, running: readonly Located[]): Promise<Located | undefined> {
  for (const located of running.toSorted((a, b) => b.started_ms - a.started_ms)) {
    if ((await askHealth(io, located.url))?.appid === located.appid) return located;
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
  if (!isAccount(value) || !('url' in value) || !('host' in value) || !('started_ms' in value)) return false;
  const { url, host, started_ms: started } = value;
  const isKnown = typeof url === 'string' && typeof host === 'string' && typeof started === 'number';
  if (!isKnown || !/^http:\/\/(?:127\.[\d.]+|localhost|\[::1\]):\d+$/.test(url)) return false;
  return !('accounts' in value) || (Array.isArray(value.accounts) && value.accounts.every(isAccount));
}

function isAccount(value: unknown): value is AccountLine {
  return (
    isObject(value) &&
    ['appid', 'secret', 'callback_token', 'aes_key'].every((key) => typeof value[key] === 'string')
  );
}

function noneRunning(): Error {
  return accountError(
    'simulator_not_running',
    { en: 'No simulator is running on this machine', zh: '本机没有正在运行的模拟器' },
    {
      en: 'Start one in another terminal: wechat-mp simulator',
      zh: '请在另一个终端中启动：wechat-mp simulator',
    },
  );
}

const savedWins: Text = {
  en: 'Using the saved profile "simulator", not the simulator that may be running; to use that: wechat-mp profile remove simulator',
  zh: '使用已保存的配置档案 "simulator"，而不是正在运行的模拟器；如需使用后者：wechat-mp profile remove simulator',
};
