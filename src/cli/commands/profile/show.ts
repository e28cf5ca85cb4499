/** `profile show`: every setting in force with its source; secrets only as "set, 32 characters". */
import { defined } from '../../../core/text/defined.ts';
import { defineCommand } from '../../frame/command.ts';
import { describe } from '../../settings/account-trouble.ts';
import { findLanguage } from '../../frame/language.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Sourced } from '../../settings/sourced.ts';
import type { Context } from '../../context.ts';

export const command = defineCommand({
  arguments: [
    {
      name: '[name]',
      text: { en: 'Another profile than the one in force', zh: '查看另一个配置档案' },
      values: ['<profile>'],
    },
  ],
  settings: ['account', 'token', 'callback'],
  examples: [
    { command: 'wechat-mp profile show', text: { en: 'What is in force here', zh: '此处生效的设置' } },
    {
      command: 'wechat-mp profile show shop',
      text: { en: 'As with --profile shop', zh: '等同于 --profile shop' },
    },
  ],
  output: {
    en: 'One line a setting: name, value, source.\nJSON: {"<setting>":{"value","source","name"}}, with "file" for what --dotenv has read; a secret has {"set","characters"}',
    zh: '每行一项设置：名称、值、来源。\nJSON：{"<设置>":{"value","source","name"}}，来自 --dotenv 的另有 "file"；密钥为 {"set","characters"}',
  },
  effect: 'none',
  async run(context, { arguments: [name] }) {
    const settings = name === undefined ? context.settings : context.settings.withProfile(name);
    const plain: Readonly<Record<string, Sourced<string | number> | undefined>> = {
      profile: settings.profileName,
      appid: await settings.appId(),
      token_endpoint: settings.tokenEndpoint,
      api_base: settings.apiBase,
      timeout_ms: await settings.timeoutMs(),
      proxy: withoutPassword(settings.proxy),
      store: withoutPassword(settings.store, otherThanLayout),
      token_url: withoutPassword(settings.tokenUrl),
      via: withoutPassword(settings.via),
      lang: language(context, settings),
      config_directory: place(settings, settings.configDirectory, 'WECHAT_MP_CONFIG_DIR'),
      cache_directory: place(settings, settings.cacheDirectory, 'WECHAT_MP_CACHE_DIR'),
      state_directory: place(settings, settings.stateDirectory, 'WECHAT_MP_STATE_DIR'),
      project_file: place(settings, settings.project?.path),
      project_appid: await settings.appIdAt('project'),
    };
    const secrets: Readonly<Record<string, Sourced<string> | undefined>> = {
      secret:
        (await settings.secretAt('flag')) ??
        (await settings.secretAt('environment')) ??
        (await settings.secretAt('profile')),
      access_token: await settings.accessToken(),
      callback_token: await settings.callbackToken(),
      aes_key: await settings.encodingAESKey(),
      via_key: await settings.viaKey(),
    };
    const value: Record<string, unknown> = {};
    const lines: string[] = [];
    const unset = context.say({ en: 'not set', zh: '未设置' });
    const add = (key: string, text: string, found: Sourced<unknown> | undefined): void => {
      const isDefault = key === 'profile' && found?.level === 'profile';
      const source = found === undefined ? '' : context.say(isDefault ? machineDefault : describe(found));
      lines.push(
        `${key.padEnd(17)}  ${found === undefined ? unset : text}${source === '' ? '' : `  (${source})`}`,
      );
    };
    for (const [key, found] of Object.entries(plain)) {
      value[key] = found === undefined ? null : { value: found.value, ...sourceOf(found) };
      add(key, String(found?.value), found);
    }
    for (const [key, found] of Object.entries(secrets)) {
      const characters = found?.value.length ?? 0;
      value[key] = found === undefined ? { set: false } : { set: true, characters, ...sourceOf(found) };
      add(
        key,
        context.say({ en: `set, ${characters} characters`, zh: `已设置，${characters} 个字符` }),
        found,
      );
    }
    context.print(value, lines.join('\n'));
  },
});

/** The first profile becomes it by itself. */
const machineDefault = {
  en: 'the default here; another one: profile use',
  zh: '本机默认；更换：profile use',
};

function language(context: Context, settings: Settings): Sourced<string> {
  const found = findLanguage(context.options.lang, context.environment, settings.quietProfile.lang);
  const value = context.language;
  if (found === undefined) return { value, level: 'default', name: '' };
  if (found.from === 'profile') return { value, level: 'profile', name: settings.profileName?.value ?? '' };
  if (found.from.startsWith('--')) return { value, level: 'flag', name: found.from };
  return { level: 'environment', name: found.from, ...settings.variable(found.from), value };
}

/** Whose keys lie in a store is no secret. */
const otherThanLayout = /\?(?!(?:(?:layout|prefix|write)=[^&]*(?:&|$))+$).*/s;

/** A key may stand before the host, or in the query. */
function withoutPassword(
  address: Sourced<string> | undefined,
  query: RegExp = /\?.*/s,
): Sourced<string> | undefined {
  if (address === undefined) return undefined;
  const value = address.value.replace(query, '?***').replace(/^([a-z0-9+.-]+:\/\/)?.*@/is, '$1***@');
  return { ...address, value };
}

/** A folder; the variable is the one of ours that chooses it. */
function place(settings: Settings, path: string | undefined, variable = ''): Sourced<string> | undefined {
  if (path === undefined) return undefined;
  return { level: 'default', name: '', ...settings.variable(variable), value: path };
}

function sourceOf({ level, name, file }: Sourced<unknown>): Readonly<Record<string, unknown>> {
  return { source: level, name, ...defined({ file }) };
}
