/** The relay that the settings name: checked before anything is sent, and told where nobody has typed its address. */
import { createRelay, type Relay } from '../../api/relay/relay.ts';
import { keyMissing } from '../../api/relay/texts.ts';
import { isLoopbackHost } from '../../core/account/index.ts';
import { inputError, usageError, type WechatMpError } from '../../core/errors.ts';
import type { Text } from '../../core/text/text.ts';
import type { Fetch } from '../../io/ports.ts';
import type { Context } from '../context.ts';
import { requireAppId, resolveAccount } from '../settings/account.ts';
import type { Settings } from '../settings/settings.ts';
import type { SettingsFlags } from '../settings/settings-flags.ts';
import type { Sourced } from '../settings/sourced.ts';
import { placeOf } from './outgoing.ts';

/** One for all calls of a run: what it has told need not be asked for again. */
const opened = new WeakMap<Settings, Promise<Relay>>();

export async function openNamedRelay(
  context: Context,
  settings: Settings,
  via: Sourced<string>,
  openFetch: () => Promise<Fetch>,
): Promise<Relay> {
  const known = opened.get(settings) ?? open(context, settings, via, openFetch);
  opened.set(settings, known);
  return await known;
}

async function open(
  context: Context,
  settings: Settings,
  via: Sourced<string>,
  openFetch: () => Promise<Fetch>,
): Promise<Relay> {
  const base = parseRelayUrl(via);
  refuseOtherWays(settings, via);
  const pin = await settings.appIdAt('project');
  // With the check against the pin, where both are there.
  const appId = (await settings.appId()) === undefined ? pin : await requireAppId(settings);
  const key = await settings.viaKey();
  if (key === undefined) throw keyMissing(base);
  return createRelay({
    base,
    appId: appId?.value,
    key: key.value,
    fetch: tellingFetch(context, base, via, await openFetch()),
    clock: context.io.clock,
    timeoutMs: (await settings.timeoutMs()).value,
    signal: context.io.interruption(),
  });
}

/** Whoever typed the address knows it; the others are told before anything is sent. */
function tellingFetch(context: Context, base: string, via: Sourced<string>, fetch: Fetch): Fetch {
  if (via.level === 'flag') return fetch;
  const { en, zh } = placeOf(via);
  return async (request) => {
    context.noteOnce({
      en: `Sending through the relay at ${base} (from ${en})`,
      zh: `正在经由中继 ${base} 发送（来自${zh}）`,
    });
    return await fetch(request);
  };
}

/** The address of a relay, without a slash at the end: https anywhere, http on this machine. It holds no key. */
export function parseRelayUrl({ value, name }: Sourced<string>): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const reason = url === undefined ? notUrl : refusalOf(url);
  if (url !== undefined && reason === undefined) return url.origin + url.pathname.replace(/\/+$/, '');
  const { en, zh } = reason ?? notUrl;
  throw inputError(
    'via_invalid',
    { en: `Cannot use the relay in ${name}: ${en}`, zh: `${name} 中的中继地址无法使用：${zh}` },
    {
      en: 'Write https://host, or http://127.0.0.1:8787 for one on this machine',
      zh: '写成 https://主机，或本机的 http://127.0.0.1:8787',
    },
  );
}

const notUrl: Text = { en: 'it is not a URL', zh: '不是合法的 URL' };

function refusalOf(url: URL): Text | undefined {
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    return {
      en: 'plain http would show the key to the network, so it is for this machine only',
      zh: 'http 明文会在网络上暴露密钥，只能用于本机',
    };
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { en: 'it must be https, or http on this machine', zh: '应为 https，http 只用于本机' };
  if (url.username !== '' || url.password !== '')
    return { en: 'the key belongs into WECHAT_MP_VIA_KEY', zh: '密钥应放在 WECHAT_MP_VIA_KEY 中' };
  if (url.search !== '' || url.hash !== '')
    return { en: 'it has a query or a fragment', zh: '带有查询参数或 # 片段' };
  return undefined;
}

/** Flags about tokens, the secret or the platform: with a relay they would mean nothing. */
const otherWays = {
  secretStdin: '--secret-stdin',
  secretFile: '--secret-file',
  accessTokenStdin: '--access-token-stdin',
  stable: '--stable',
  classic: '--classic',
  tokenUrl: '--token-url',
  store: '--store',
  storeFallback: '--store-fallback',
} as const satisfies Partial<Record<keyof SettingsFlags, string>>;

/** Other ways in variables and profiles are set aside; a flag that would be is a mistake, and said. */
function refuseOtherWays(settings: Settings, via: Sourced<string>): void {
  const { flags, apiBase } = settings;
  const names = Object.entries(otherWays) as readonly (readonly [keyof typeof otherWays, string])[];
  const given = names.find(([flag]) => flags[flag] !== undefined && flags[flag] !== false)?.[1];
  const other = given ?? (apiBase.level === 'flag' ? '--api-base' : undefined);
  if (other !== undefined) throw excludesRelay(other, via);
}

export function excludesRelay(flag: string, via: Sourced<string>): WechatMpError {
  const { en, zh } = placeOf(via);
  return usageError(
    'flags_conflict',
    {
      en: `Cannot use ${flag} with a relay (from ${en}): the relay has token and secret`,
      zh: `使用中继时（来自${zh}）不能使用 ${flag}：access_token 和密钥都在中继上`,
    },
    { en: `Leave out ${flag}, or the relay: --via none`, zh: `去掉 ${flag}，或不经中继：--via none` },
  );
}

/** The AppSecret for a call that takes it. A relay takes its key in that place, and puts the AppSecret in. */
export async function secretOrKey({ settings }: Context): Promise<string> {
  const key = settings.via === undefined ? undefined : await settings.viaKey();
  return (key ?? (await resolveAccount(settings)).secret).value;
}
