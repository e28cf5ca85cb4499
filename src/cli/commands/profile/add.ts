/** `profile add`: saves an account, after a token has proved it. */
import {
  type CredentialKind,
  describeOddSecret,
  parseAppId,
  parseCallbackToken,
  parseEncodingAESKey,
  readCredential,
} from '../../../core/account/index.ts';
import { inputError, PlatformError, usageError, WechatMpError } from '../../../core/errors.ts';
import { defined } from '../../../core/text/defined.ts';
import type { Text } from '../../../core/text/text.ts';
import type { Context } from '../../context.ts';
import { defineCommand, flag } from '../../frame/command.ts';
import { openTokens } from '../../settings/platform.ts';
import type { Profile, Secrets } from '../../settings/profile-file.ts';
import { changeProfile } from '../../settings/profile-store.ts';
import type { Settings } from '../../settings/settings.ts';

export const command = defineCommand({
  arguments: [{ name: '<name>', text: { en: 'Letters, digits, "-" and "_"', zh: '字母、数字、“-”和“_”' } }],
  settings: ['account', 'token', 'callback'],
  options: {
    force: flag('--force', { en: 'Replace a profile of this name', zh: '覆盖同名的配置档案' }),
  },
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
    // A new profile takes nothing from the one in force.
    const settings = context.settings.withoutProfile();
    const { appId, secrets } = await askForAccount(context, settings);
    const apiBase = settings.apiBase.value;
    const save = async (): Promise<void> =>
      await changeProfile(
        context.io,
        context.settings.configDirectory,
        {
          name,
          profile: chosenSettings(context, settings, appId),
          secrets: { apiBase, appId, values: secrets },
          check: (current) => {
            if (current.profiles[name] !== undefined && !options.force) throw exists(name);
          },
        },
        (text) => context.warn(text),
      );
    try {
      await context.wait(
        { en: 'Fetching a token to prove the account', zh: '正在获取 access_token 以验证账号' },
        prove(context, settings, appId, secrets.secret ?? ''),
      );
    } catch (error) {
      // 40164 proves the AppID; adding the address is the next step, not typing all again.
      if (!(error instanceof PlatformError) || error.errcode !== 40164) throw error;
      await save();
      context.warn({
        en: `Profile "${name}" is saved, but not proved yet`,
        zh: `配置档案 "${name}" 已保存，但尚未通过验证`,
      });
      const odd = describeOddSecret(secrets.secret ?? '');
      if (odd !== undefined) context.warn(odd);
      throw error;
    }
    await save();
    context.print(
      { profile: name, appid: appId, api_base: apiBase, verified: true },
      { en: `Saved profile "${name}" for ${appId}`, zh: `已保存配置档案 "${name}"（${appId}）` },
    );
  },
});

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

/** Flags and environment first; what is missing is asked on a terminal, or named. */
async function askForAccount(
  context: Context,
  settings: Settings,
): Promise<{ readonly appId: string; readonly secrets: Secrets }> {
  const level = (await settings.appIdAt('flag')) === undefined ? 'environment' : 'flag';
  const given = {
    appId: (await settings.appIdAt(level))?.value,
    secret: ((await settings.secretAt('flag')) ?? (await settings.secretAt(level)))?.value,
    callbackToken: (await settings.givenCallbackToken())?.value,
    aesKey: (await settings.givenEncodingAESKey())?.value,
  };
  if (!context.interactive) {
    if (given.appId === undefined) throw missing('AppID', '--appid');
    if (given.secret === undefined) throw missing('AppSecret', '--secret-stdin, --secret-file');
  }
  const asks = context.interactive && (given.appId === undefined || given.secret === undefined);
  const prompter = asks ? await context.io.terminal.ask() : undefined;
  const answers = new Answers(context, settings);
  const appId =
    given.appId ??
    (await answers.read('appid', (await prompter?.text('AppID', answers.check('appid', false))) ?? ''));
  const optional = async (kind: Question, question: Text): Promise<string | undefined> => {
    const answer = await prompter?.secret(context.say(question), answers.check(kind, true));
    return (await answers.read(kind, answer ?? '')) || undefined;
  };
  const secret =
    given.secret ??
    (await answers.read(
      'secret',
      (await prompter?.secret('AppSecret', answers.check('secret', false))) ?? '',
    ));
  context.redactor.add(secret);
  const callbackToken =
    given.callbackToken ??
    (await optional('callbackToken', { en: 'Callback Token (Enter: none)', zh: '令牌 Token（回车跳过）' }));
  const aesKey =
    given.aesKey ??
    (await optional('aesKey', { en: 'EncodingAESKey (Enter: none)', zh: 'EncodingAESKey（回车跳过）' }));
  return {
    appId: parseAppId(appId),
    secrets: {
      secret,
      ...defined({
        callbackToken: callbackToken === undefined ? undefined : parseCallbackToken(callbackToken),
        aesKey: aesKey === undefined ? undefined : parseEncodingAESKey(aesKey),
      }),
    },
  };
}

/** What somebody types or pastes at a question. */
class Answers {
  readonly #context: Context;
  readonly #settings: Settings;

  constructor(context: Context, settings: Settings) {
    this.#context = context;
    this.#settings = settings;
  }

  async read(kind: Question, answer: string): Promise<string> {
    return await this.#settings.readPasted(
      kind,
      answer,
      this.#context.say({ en: 'the answer', zh: '输入内容' }),
    );
  }

  /** Says what is wrong with an answer while the question still stands. */
  check(kind: Question, optional: boolean): (answer: string) => string | undefined {
    return (answer) => {
      try {
        const { value } = readCredential(
          kind,
          answer,
          this.#context.say({ en: 'the answer', zh: '输入内容' }),
        );
        if (!optional || value !== '') parsers[kind](value);
        return undefined;
      } catch (error) {
        return error instanceof WechatMpError ? this.#context.say(error.text) : String(error);
      }
    };
  }
}

/** What a profile holds; a token by hand is none of it. */
type Question = Exclude<CredentialKind, 'accessToken' | 'ticket'>;

const parsers: Readonly<Record<Question, (text: string) => string>> = {
  appid: parseAppId,
  secret(text) {
    if (text !== '') return text;
    throw inputError('secret_empty', { en: 'An AppSecret is needed', zh: '必须填写 AppSecret' });
  },
  callbackToken: parseCallbackToken,
  aesKey: parseEncodingAESKey,
};

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
