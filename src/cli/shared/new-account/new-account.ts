/** A new account on this machine: asked for, proved by a token, and saved. What `profile add` and `init` share. */
import { describeOddSecret, parseCallbackToken, parseEncodingAESKey } from '../../../core/account/index.ts';
import { PlatformError, usageError } from '../../../core/errors.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Context } from '../../context.ts';
import { openRelay, openTokens } from '../../settings/platform.ts';
import type { Profile } from '../../settings/profile-file.ts';
import { changeProfile, type ProfileChange } from '../../settings/profile-store.ts';
import type { Settings } from '../../settings/settings.ts';
import { isProfileName } from './profile-name.ts';
import { Questions, takesVariables } from './questions.ts';

export interface NewAccount {
  readonly appId: string;
  readonly apiBase: string;
  /** Why the platform could not prove it, where it was saved all the same. Thrown when all the rest is done. */
  readonly unproved: PlatformError | undefined;
}

/** Asks for what was not given, and saves it under the name. `force` replaces a profile of that name. */
export async function saveNewAccount(context: Context, name: string, force: boolean): Promise<NewAccount> {
  checkProfileName(name);
  if (context.settings.profileFile.profiles[name] !== undefined && !force) throw exists(name);
  const own = context.settings.withoutProfile();
  if (own.via !== undefined) return await saveRelayed(context, own, name, force);
  const { settings, given, questions } = await prepare(context, own);
  const { appId, secret, unproved } = await proveAccount(context, settings, given, questions);
  // Asked now: a secret that is wrong is told before more is typed.
  const callbackToken = given.callbackToken ?? (await questions?.callbackToken());
  const aesKey = given.aesKey ?? (await questions?.encodingAESKey());
  const apiBase = settings.apiBase.value;
  const values = { secret, ...defined({ callbackToken, aesKey }) };
  await save(context, name, force, {
    profile: chosenSettings(context, settings, appId),
    secrets: [{ address: apiBase, appId, values }],
  });
  if (unproved !== undefined) {
    context.warn({
      en: `Profile "${name}" is saved, but not proved yet`,
      zh: `配置档案 "${name}" 已保存，但尚未通过验证`,
    });
    const odd = describeOddSecret(secret, 'sent');
    if (odd !== undefined) context.warn(odd);
  }
  return { appId, apiBase, unproved };
}

async function save(
  context: Context,
  name: string,
  force: boolean,
  change: Pick<ProfileChange, 'profile' | 'secrets'>,
): Promise<void> {
  const check: ProfileChange['check'] = (current) => {
    if (current.profiles[name] !== undefined && !force) throw exists(name);
  };
  const { io, settings } = context;
  await changeProfile(io, settings.configDirectory, { name, check, ...change }, (text) => context.warn(text));
}

/** An account whose AppSecret stays with a relay: the key proves it, and nothing has to be asked. */
async function saveRelayed(
  context: Context,
  settings: Settings,
  name: string,
  force: boolean,
): Promise<NewAccount> {
  const relay = await openRelay(context, settings);
  const viaKey = (await settings.viaKey())?.value;
  if (relay === undefined || viaKey === undefined)
    throw new TypeError('a relay without a key is an error above');
  await context.wait({ en: 'Asking the relay', zh: '正在询问中继' }, relay.facts());
  const appId = await relay.appId();
  const { callbackToken, aesKey } = await readGiven(settings);
  const apiBase = settings.apiBase.value;
  await save(context, name, force, {
    profile: { ...chosenSettings(context, settings, appId), via: relay.name },
    secrets: [
      { address: relay.name, appId, values: { viaKey } },
      { address: apiBase, appId, values: defined({ callbackToken, aesKey }) },
    ],
  });
  return { appId, apiBase, unproved: undefined };
}

function checkProfileName(name: string): void {
  if (isProfileName(name)) return;
  throw usageError('profile_name_invalid', {
    en: `Cannot use "${name}" as a profile name: it must be letters, digits, "-" and "_", at most 64`,
    zh: `配置档案名称不能为 "${name}"：只能用字母、数字、“-”和“_”，最多 64 个`,
  });
}

/** What was given already, and who asks for the rest; nobody where nothing may be asked, or nothing is missing. */
interface Preparation {
  readonly settings: Settings;
  readonly given: Given;
  readonly questions: Questions | undefined;
}

type Given = Readonly<Partial<Record<'appId' | 'secret' | 'callbackToken' | 'aesKey', string>>>;

/** A new profile takes nothing from the one in force: `own` is without it. */
async function prepare(context: Context, own: Settings): Promise<Preparation> {
  if (!context.interactive) {
    const given = await readGiven(own);
    if (given.appId === undefined) throw missing('AppID', '--appid');
    if (given.secret === undefined) throw missing('AppSecret', '--secret-stdin, --secret-file');
    return { settings: own, given, questions: undefined };
  }
  const prompter = await context.io.terminal.ask();
  const names = credentialVariables.filter((name) => context.environment[name]);
  const takes = names.length === 0 || context.options.yes || (await takesVariables(context, prompter, names));
  const settings = takes ? own : own.withoutVariables(credentialVariables);
  const given = await readGiven(settings);
  const isComplete = given.appId !== undefined && given.secret !== undefined;
  return {
    settings,
    given,
    questions: isComplete ? undefined : new Questions(context, settings, prompter),
  };
}

async function readGiven(settings: Settings): Promise<Given> {
  const level = (await settings.appIdAt('flag')) === undefined ? 'environment' : 'flag';
  const [callbackToken, aesKey] = [
    (await settings.givenCallbackToken())?.value,
    (await settings.givenEncodingAESKey())?.value,
  ];
  return defined({
    appId: (await settings.appIdAt(level))?.value,
    secret: ((await settings.secretAt('flag')) ?? (await settings.secretAt(level)))?.value,
    callbackToken: callbackToken === undefined ? undefined : parseCallbackToken(callbackToken),
    aesKey: aesKey === undefined ? undefined : parseEncodingAESKey(aesKey),
  });
}

interface Proved {
  readonly appId: string;
  readonly secret: string;
  /** Why the platform could not prove it, where that is no reason to type everything again. */
  readonly unproved?: PlatformError;
}

/** Asks until the platform gives a token: what it calls wrong is asked for again, the rest is kept. */
async function proveAccount(
  context: Context,
  settings: Settings,
  given: Given,
  questions: Questions | undefined,
): Promise<Proved> {
  let appId = given.appId ?? (await questions?.appId()) ?? '';
  let secret = given.secret ?? (await questions?.secret()) ?? '';
  for (;;) {
    try {
      await context.wait(
        { en: 'Fetching a token to prove the account', zh: '正在获取 access_token 以验证账号' },
        prove(context, settings, appId, secret),
      );
      return { appId, secret };
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      // 40164 proves the AppID; adding the address is the next step, not typing all again.
      if (error.errcode === 40164) return { appId, secret, unproved: error };
      const isAppId = wrongAppId.has(error.errcode);
      if (questions === undefined || !(isAppId || wrongSecret.has(error.errcode))) throw error;
      if ((isAppId ? given.appId : given.secret) !== undefined) throw error;
      for (const text of [error.text, ...error.details]) context.warn(text);
      if (isAppId) appId = await questions.appId();
      else secret = await questions.secret();
    }
  }
}

const wrongAppId: ReadonlySet<number> = new Set([40013, 41002]);
const wrongSecret: ReadonlySet<number> = new Set([40001, 40125, 41004]);

const credentialVariables = [
  'WECHAT_MP_APPID',
  'WECHAT_MP_APPSECRET',
  'WECHAT_MP_CALLBACK_TOKEN',
  'WECHAT_MP_AES_KEY',
] as const;

function exists(name: string): Error {
  return usageError(
    'profile_exists',
    { en: `There is already a profile "${name}"`, zh: `已有名为 "${name}" 的配置档案` },
    { en: 'Add --force to replace it, or choose another name', zh: '加上 --force 覆盖，或换一个名称' },
  );
}

async function prove(context: Context, settings: Settings, appId: string, secret: string): Promise<void> {
  const tokens = await openTokens(context, settings, {
    appId: { value: appId, level: 'flag', name: '--appid' },
    secret: { value: secret, level: 'flag', name: '--secret-file' },
  });
  await tokens.get();
}

function missing(what: string, flags: string): Error {
  return usageError(
    'answer_missing',
    { en: `There is no ${what}, and nobody can be asked here`, zh: `缺少 ${what}，且此处无法提问` },
    { en: `Give it with ${flags} or the environment`, zh: `请用 ${flags} 或环境变量提供` },
  );
}

/** What the profile keeps besides the AppID: the settings that were given as flags now. */
function chosenSettings(context: Context, settings: Settings, appId: string): Profile {
  const { options } = context;
  const endpoint = settings.tokenEndpoint;
  return {
    appid: appId,
    ...(settings.apiBase.level === 'default' ? {} : { apiBase: settings.apiBase.value }),
    ...(endpoint.level === 'flag' ? { tokenEndpoint: endpoint.value } : {}),
    ...defined({ timeout: options.timeout }),
    ...(options.proxy === undefined || hasPassword(options.proxy) ? {} : { proxy: options.proxy }),
    ...defined({
      lang: options.lang,
      store: settings.store?.level === 'flag' ? settings.store.value : undefined,
      tokenUrl: settings.tokenUrl?.level === 'flag' ? settings.tokenUrl.value : undefined,
    }),
  };
}

/** config.json may be shared with other machines, so a proxy with a password does not go there. */
function hasPassword(proxy: string): boolean {
  return proxy.includes('@');
}
