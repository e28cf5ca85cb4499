/** What is said where an AppID, an AppSecret, the Token or the key is missing, or where they do not belong together. */
import { accountError, WechatMpError } from '../../core/errors.ts';
import type { Text } from '../../core/text/text.ts';
import { secretsKey } from './profile-file.ts';
import type { Settings } from './settings.ts';
import type { Sourced } from './sourced.ts';

export function pinnedElsewhere(appId: Sourced<string>, pin: Sourced<string>): WechatMpError {
  return new WechatMpError({
    family: 'account',
    type: 'appid_pinned',
    text: {
      en: `This project belongs to ${pin.value}, but ${describe(appId).en} says ${appId.value}`,
      zh: `本项目限定使用 ${pin.value}，而${describe(appId).zh}是 ${appId.value}`,
    },
    details: [{ en: `The pin is "appid" in ${pin.name}`, zh: `限定写在 ${pin.name} 的 "appid"` }],
    hint: {
      en: 'Choose the right profile with --profile, or change the pin',
      zh: '用 --profile 选择正确的配置档案，或修改该限定',
    },
  });
}

export async function missingAccount(settings: Settings): Promise<WechatMpError> {
  const named = [settings.via?.value, settings.flags.via, settings.variable('WECHAT_MP_VIA')?.value];
  const key = named.some((via) => via !== undefined) ? undefined : await settings.viaKey();
  if (key !== undefined) return relayUnnamed(key);
  return new WechatMpError({
    family: 'account',
    type: 'no_account',
    text: { en: 'No account is configured', zh: '还没有配置公众号' },
    details: [
      {
        en: 'Without an account, try: wechat-mp simulator -- wechat-mp token',
        zh: '没有公众号可以先试：wechat-mp simulator -- wechat-mp token',
      },
    ],
    hint: {
      en: 'Run "wechat-mp profile add <name>", or set WECHAT_MP_APPID and WECHAT_MP_APPSECRET',
      zh: '运行 wechat-mp profile add <名称>，或设置 WECHAT_MP_APPID 和 WECHAT_MP_APPSECRET',
    },
  });
}

/** A key alone leads nowhere: the address was forgotten, or its variable is empty. */
function relayUnnamed(key: Sourced<string>): WechatMpError {
  const { en, zh } = describe(key);
  return accountError(
    'no_account',
    {
      en: `No account is configured, and the key of a relay (from ${en}) has no address`,
      zh: `还没有配置公众号；有中继的密钥（来自${zh}），却没有中继的地址`,
    },
    {
      en: 'Set WECHAT_MP_VIA to the address of the relay, or use --via: an empty variable counts as none',
      zh: '请将 WECHAT_MP_VIA 设为中继的地址，或使用 --via；空的变量等于未设置',
    },
  );
}

export function missingSecret(settings: Settings, appId: Sourced<string>): WechatMpError {
  const base = settings.apiBase;
  const elsewhere = Object.keys(settings.storedSecrets).filter(
    (key) => key.endsWith(` ${appId.value}`) && key !== secretsKey(base.value, appId.value),
  );
  const first = elsewhere[0]?.split(' ')[0];
  if (first !== undefined && appId.level === 'profile') {
    return accountError(
      'secret_bound_elsewhere',
      {
        en: `The stored AppSecret of ${appId.value} is for ${first} and is not sent to ${base.value}`,
        zh: `${appId.value} 保存的 AppSecret 只用于 ${first}，不会发送到 ${base.value}`,
      },
      {
        en: `Give the secret for this host by --secret-stdin, or run "wechat-mp profile add" with --api-base ${base.value}`,
        zh: `用 --secret-stdin 提供该地址的密钥，或带 --api-base ${base.value} 运行 wechat-mp profile add`,
      },
    );
  }
  return accountError(
    'no_secret',
    {
      en: `There is no AppSecret for ${appId.value} (AppID from ${describe(appId).en})`,
      zh: `没有 ${appId.value} 的 AppSecret（AppID 来自${describe(appId).zh}）`,
    },
    {
      en: 'Set WECHAT_MP_APPSECRET, use --secret-stdin or --secret-file, or run "wechat-mp profile add <name>"',
      zh: '设置 WECHAT_MP_APPSECRET，使用 --secret-stdin 或 --secret-file，或运行 wechat-mp profile add <名称>',
    },
  );
}

/** Never used instead of a relay that was named. */
export function secretSetAside(via: Sourced<string>): WechatMpError {
  const { en, zh } = describe(via);
  return accountError(
    'relay_without_secret',
    {
      en: `This needs an AppSecret, and with a relay (from ${en}) none is used here`,
      zh: `此操作需要 AppSecret，而使用中继时（来自${zh}）本机不使用 AppSecret`,
    },
    {
      en: 'Run it on the machine of the relay, or with --via none',
      zh: '请在中继所在的机器上运行，或加 --via none',
    },
  );
}

export function mixed(appId: Sourced<string>, secret: Sourced<string>): WechatMpError {
  return accountError(
    'account_mixed',
    {
      en: `AppID and AppSecret come from different places: ${describe(appId).en} and ${describe(secret).en}`,
      zh: `AppID 与 AppSecret 来源不同：${describe(appId).zh}与${describe(secret).zh}`,
    },
    {
      en: 'Give both in the same place, so that they belong together',
      zh: '请在同一处同时提供两者，确保它们属于同一公众号',
    },
  );
}

/** Where a value came from, for people. */
export function describe(value: Sourced<unknown>): Text {
  if (value.level === 'profile') return { en: `profile "${value.name}"`, zh: `配置档案 "${value.name}"` };
  if (value.level === 'environment') {
    return value.file === undefined
      ? { en: `the variable ${value.name}`, zh: `环境变量 ${value.name}` }
      : { en: `the variable ${value.name} in ${value.file}`, zh: `${value.file} 中的变量 ${value.name}` };
  }
  if (value.level === 'flag') return { en: `the flag ${value.name}`, zh: `选项 ${value.name}` };
  if (value.level === 'project') return { en: value.name, zh: value.name };
  return { en: 'the default', zh: '默认值' };
}

export function missingCallbackToken(): WechatMpError {
  return accountError(
    'no_callback_token',
    { en: 'There is no callback Token', zh: '没有配置令牌（Token）' },
    {
      en: 'Set WECHAT_MP_CALLBACK_TOKEN, use --callback-token-stdin or --callback-token-file, or save it with "wechat-mp profile add"',
      zh: '设置 WECHAT_MP_CALLBACK_TOKEN，使用 --callback-token-stdin 或 --callback-token-file，或用 wechat-mp profile add 保存',
    },
  );
}

export function missingAesKey(): WechatMpError {
  return accountError(
    'aes_key_missing',
    { en: 'There is no EncodingAESKey', zh: '没有配置 EncodingAESKey' },
    {
      en: 'Set WECHAT_MP_AES_KEY, use --aes-key-stdin or --aes-key-file, or save it with "wechat-mp profile add"',
      zh: '设置 WECHAT_MP_AES_KEY，使用 --aes-key-stdin 或 --aes-key-file，或用 wechat-mp profile add 保存',
    },
  );
}

export function missingAppIdForEncryption(): WechatMpError {
  return accountError(
    'appid_missing',
    { en: 'There is no AppID: encrypted messages hold it', zh: '没有 AppID：加密消息中包含 AppID' },
    {
      en: 'Set WECHAT_MP_APPID, use --appid, or save it with "wechat-mp profile add"',
      zh: '设置 WECHAT_MP_APPID，使用 --appid，或用 wechat-mp profile add 保存',
    },
  );
}
