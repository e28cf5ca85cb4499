/** The rows about what is set here: profile, settings, AppID and AppSecret, the Token and key of the server. */
import { consolePlaces, describeOddSecret, isLoopbackBase } from '../../../core/account/index.ts';
import type { Check, Finding } from '../../../core/doctor/index.ts';
import type { Text } from '../../../core/text/text.ts';
import { knownAppId, resolveAccount } from '../../settings/account.ts';
import { describe } from '../../settings/account-trouble.ts';
import { openRelay } from '../../settings/platform.ts';
import type { Sourced } from '../../settings/sourced.ts';
import { parseRelayUrl } from '../../shared/relay-client.ts';
import { pass, skip, type World } from './world.ts';

export const accountChecks: readonly Check<World>[] = [
  { name: 'profile', look: lookAtProfile },
  { name: 'settings', needs: ['profile'], look: lookAtSettings },
  { name: 'account', needs: ['profile', 'settings'], look: lookAtAccount },
];

function lookAtProfile({ settings }: World): Finding {
  const name = settings.profileName;
  if (name === undefined) return pass('No profile is in force', '没有使用配置档案');
  // Throws where there is none of that name.
  const isThere = Object.keys(settings.profile).length > 0;
  const from = name.name;
  return isThere
    ? pass(`"${name.value}", chosen by ${from}`, `“${name.value}”，由 ${from} 选定`)
    : pass(
        `"${name.value}" of ${from} is not on this machine; the environment has the account`,
        `本机没有 ${from} 中的“${name.value}”，使用环境变量中的账号`,
      );
}

async function lookAtSettings({ settings }: World): Promise<Finding> {
  const base = settings.apiBase;
  const seconds = (await settings.timeoutMs()).value / 1000;
  const { via } = settings;
  if (via !== undefined) {
    const address = parseRelayUrl(via);
    const { en, zh } = describe(via);
    return pass(
      `All through the relay at ${address}, from ${en}, ${seconds} s a call`,
      `全部经由中继 ${address}，来自${zh}，每次调用最多 ${seconds} 秒`,
    );
  }
  const endpoint = settings.tokenEndpoint.value === 'classic' ? 'cgi-bin/token' : 'stable_token';
  const [from, fromZh] =
    base.level === 'default' ? ['', ''] : [` (from ${describe(base).en})`, `（来自${describe(base).zh}）`];
  return pass(
    `${base.value}${from}, ${seconds} s a call, tokens from ${endpoint}`,
    `${base.value}${fromZh}，每次调用最多 ${seconds} 秒，用 ${endpoint} 获取 access_token`,
  );
}

async function lookAtAccount({ context, settings, odd }: World): Promise<Finding> {
  const key = (await openRelay(context)) === undefined ? undefined : await settings.viaKey();
  if (key !== undefined) {
    const appId = (await settings.appId())?.value;
    const characters = key.value.length;
    return asRead(
      odd,
      key,
      pass(
        `${appId ?? 'The account of the relay'}, with a key of ${characters} characters; no AppSecret is needed here`,
        `${appId ?? '中继的公众号'}，密钥为 ${characters} 个字符；本机无需 AppSecret`,
      ),
    );
  }
  const given = await settings.accessToken();
  if (given !== undefined) {
    const appId = await knownAppId(settings);
    const whose = appId === undefined ? '' : ` (${appId})`;
    return asRead(
      odd,
      given,
      pass(
        `An access_token from ${describe(given).en}${whose}`,
        `使用${describe(given).zh}提供的 access_token${whose}`,
      ),
    );
  }
  if (settings.tokenUrl !== undefined) {
    // Without its query and password, which may be keys.
    const { origin, pathname } = new URL(settings.tokenUrl.value);
    const { en, zh } = describe(settings.tokenUrl);
    return pass(
      `Tokens of the service ${origin}${pathname}, from ${en}`,
      `使用 ${origin}${pathname} 提供的 access_token，来自${zh}`,
    );
  }
  const { appId, secret } = await resolveAccount(settings);
  // A simulator takes any.
  const form = isLoopbackBase(settings.apiBase.value) ? undefined : describeOddSecret(secret.value, 'typed');
  if (form !== undefined) {
    const hint: Text = {
      en: `Copy it again from ${consolePlaces.appSecret.en}`,
      zh: `请从 ${consolePlaces.appSecret.zh}重新复制`,
    };
    odd.splice(0);
    return { status: 'warn', text: form, hint };
  }
  const { en, zh } = describe(appId);
  const characters = secret.value.length;
  return asRead(
    odd,
    secret,
    pass(
      `${appId.value} from ${en}, with an AppSecret of ${characters} characters`,
      `${appId.value} 来自${zh}，AppSecret 为 ${characters} 个字符`,
    ),
  );
}

/** What had to be taken away to read a value is worth a warning: other programs read the same place. */
function asRead(odd: Text[], source: Sourced<string>, well: Finding): Finding {
  const [text] = odd.splice(0);
  if (text === undefined) return well;
  const { en, zh } = describe(source);
  return {
    status: 'warn',
    text,
    hint: { en: `Correct it in ${en}: other programs may not`, zh: `请修改${zh}：其他程序未必会自动处理` },
  };
}

/** Token and EncodingAESKey by their form; whether they are those of the console only a push can tell. */
export const callbackSecretsCheck: Check<World> = {
  name: 'callback_secrets',
  needs: ['profile', 'settings'],
  async look({ settings, odd }) {
    const [token, key] = [await settings.callbackToken(), await settings.encodingAESKey()];
    const first = token ?? key;
    if (first === undefined)
      return skip('No Token and no EncodingAESKey are set here', '未设置令牌（Token）和 EncodingAESKey');
    const { describeOddCallbackToken, parseEncodingAESKey } =
      await import('../../../core/account/account.ts');
    if (key !== undefined) parseEncodingAESKey(key.value);
    const form = token && describeOddCallbackToken(token.value);
    if (form !== undefined) {
      const { en, zh } = consolePlaces.messagePush;
      return {
        status: 'warn',
        text: form,
        hint: { en: `Compare it with ${en}`, zh: `请与 ${zh}核对` },
      };
    }
    const { en, zh } = describe(first);
    const names = [
      ...(token === undefined ? [] : ['Token']),
      ...(key === undefined ? [] : ['EncodingAESKey']),
    ];
    return asRead(odd, first, pass(`${names.join(' and ')} from ${en}`, `${names.join('、')} 来自${zh}`));
  },
};
