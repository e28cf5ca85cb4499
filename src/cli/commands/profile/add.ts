/** `profile add`: saves an account, after a token has proved it. */
import { join } from 'node:path';
import { describeOddSecret, parseCallbackToken, parseEncodingAESKey } from '../../../core/account/index.ts';
import { PlatformError, usageError } from '../../../core/errors.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Context } from '../../context.ts';
import { defineCommand, flag } from '../../frame/command.ts';
import { openTokens } from '../../settings/platform.ts';
import { type Profile, profileFileName, secretsFileName } from '../../settings/profile-file.ts';
import { changeProfile } from '../../settings/profile-store.ts';
import type { Settings } from '../../settings/settings.ts';
import { Questions, takesVariables } from './questions.ts';

export const command = defineCommand({
  arguments: [{ name: '<name>', text: { en: 'Letters, digits, "-" and "_"', zh: '字母、数字、“-”和“_”' } }],
  settings: ['account', 'token', 'callback'],
  options: { force: flag('--force', { en: 'Replace a profile of this name', zh: '覆盖同名的配置档案' }) },
  examples: [
    { command: 'wechat-mp profile add shop', text: { en: 'Ask for everything', zh: '逐项提问' } },
    {
      command: 'wechat-mp profile add shop --appid wx1234567890abcdef --secret-file secret.txt',
      text: { en: 'Without questions', zh: '不提问' },
    },
  ],
  output: {
    en: 'One line that says what was saved.\nJSON: {"profile","appid","api_base","verified"}',
    zh: '一行，说明保存了什么。\nJSON：{"profile","appid","api_base","verified"}',
  },
  exitCodes: {
    3: {
      en: 'The platform refused; with 40164 (IP whitelist) the profile is kept',
      zh: '平台拒绝；遇到 40164（IP 白名单）时仍会保存',
    },
  },
  async run(context, { arguments: [name = ''], options }) {
    checkName(name);
    if (context.settings.profileFile.profiles[name] !== undefined && !options.force) throw exists(name);
    const { settings, given, questions } = await prepare(context);
    const { appId, secret, unproved } = await proveAccount(context, settings, given, questions);
    // Asked now: a secret that is wrong is told before more is typed.
    const callbackToken = given.callbackToken ?? (await questions?.callbackToken());
    const aesKey = given.aesKey ?? (await questions?.encodingAESKey());
    const apiBase = settings.apiBase.value;
    await changeProfile(
      context.io,
      context.settings.configDirectory,
      {
        name,
        profile: chosenSettings(context, settings, appId),
        secrets: { apiBase, appId, values: { secret, ...defined({ callbackToken, aesKey }) } },
        check: (current) => {
          if (current.profiles[name] !== undefined && !options.force) throw exists(name);
        },
      },
      (text) => context.warn(text),
    );
    if (unproved !== undefined) {
      context.warn({
        en: `Profile "${name}" is saved, but not proved yet`,
        zh: `配置档案 "${name}" 已保存，但尚未通过验证`,
      });
      const odd = describeOddSecret(secret, 'sent');
      if (odd !== undefined) context.warn(odd);
      throw unproved;
    }
    context.print(
      { profile: name, appid: appId, api_base: apiBase, verified: true },
      { en: `Saved profile "${name}" for ${appId}`, zh: `已保存配置档案 "${name}"（${appId}）` },
    );
    if (context.interactive) tellWhatNow(context, name);
  },
});

/** What was given already, and who asks for the rest; nobody where nothing may be asked, or nothing is missing. */
interface Preparation {
  readonly settings: Settings;
  readonly given: Given;
  readonly questions: Questions | undefined;
}

type Given = Readonly<Partial<Record<'appId' | 'secret' | 'callbackToken' | 'aesKey', string>>>;

async function prepare(context: Context): Promise<Preparation> {
  // A new profile takes nothing from the one in force.
  const own = context.settings.withoutProfile();
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

/** Where it is, who may read it, whether it is in force, and what to try. */
function tellWhatNow(context: Context, name: string): void {
  const { configDirectory = '', profileFile } = context.settings.withProfile(name);
  const [place, secrets] = [join(configDirectory, profileFileName), join(configDirectory, secretsFileName)];
  context.note({
    en: `It is in ${place}, its secrets in ${secrets}, which only you can read (mode 0600)`,
    zh: `保存在 ${place}；密钥在 ${secrets}，仅本人可读（权限 0600）`,
  });
  const isDefault = profileFile.default === name;
  context.note(
    isDefault
      ? { en: 'It is the default: commands use it without --profile', zh: '它是默认配置档案，无需 --profile' }
      : {
          en: `Use it with --profile ${name}, or make it the default: wechat-mp profile use ${name}`,
          zh: `使用时加 --profile ${name}，或设为默认：wechat-mp profile use ${name}`,
        },
  );
  const choice = isDefault ? '' : ` --profile ${name}`;
  context.note({
    en: `Try next: wechat-mp menu pull${choice}`,
    zh: `接下来可以试试：wechat-mp menu pull${choice}`,
  });
}

function checkName(name: string): void {
  if (/^[A-Za-z0-9][\w-]{0,63}$/.test(name)) return;
  throw usageError('profile_name_invalid', {
    en: `Cannot use "${name}" as a profile name: it must be letters, digits, "-" and "_", at most 64`,
    zh: `配置档案名称不能为 "${name}"：只能用字母、数字、“-”和“_”，最多 64 个`,
  });
}

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
    ...defined({ lang: options.lang }),
  };
}

/** config.json may be shared with other machines, so a proxy with a password does not go there. */
function hasPassword(proxy: string): boolean {
  return proxy.includes('@');
}
