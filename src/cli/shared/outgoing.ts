/**
 * What leaves this machine is shown: tokens, signatures and ciphertexts that go to an address which is neither WeChat's
 * own nor on the command line.
 */
import { isLoopbackHost, isWeixinHost } from '../../core/account/index.ts';
import { usageError } from '../../core/errors.ts';
import type { Text } from '../../core/text/text.ts';
import type { Fetch } from '../../io/ports.ts';
import { findProxy, proxyVariable } from '../../io/net/proxy-settings.ts';
import type { Context } from '../context.ts';
import type { Level, Sourced } from '../settings/sourced.ts';

/** Where a value is configured, as a person finds it, behind "from" and "来自". */
export function placeOf({ level, name }: Sourced<unknown>): Text {
  if (level === 'profile') return { en: `profile "${name}"`, zh: `配置档案“${name}”` };
  // Chinese keeps a blank before a name in Latin letters, such as that of a variable.
  return { en: name, zh: /^\p{ASCII}/u.test(name) ? ` ${name}` : name };
}

/** Whoever typed an address, or left WeChat's own in place, knows it. */
const isKnown = (level: Level): boolean => level === 'flag' || level === 'default';

/** Says where things go, once. The path of the address stays, for a gateway may serve many. */
export function tellAddress(context: Context, address: Sourced<string>): void {
  if (isKnown(address.level) || isWeixinHost(new URL(address.value).hostname)) return;
  const place = placeOf(address);
  context.noteOnce({
    en: `Sending to ${address.value} (from ${place.en})`,
    zh: `正在发送到 ${address.value}（来自${place.zh}）`,
  });
}

/**
 * The HTTP client of an API base, which tells its address before it sends there. On this machine it waits for the answer:
 * a simulator is named as one.
 */
export function tellingFetch(context: Context, base: Sourced<string>, fetch: Fetch): Fetch {
  if (isKnown(base.level)) return fetch;
  const early = !isLoopbackHost(new URL(base.value).hostname);
  return async (request) => {
    if (early) tellAddress(context, base);
    let isSimulator = false;
    try {
      const response = await fetch(request);
      isSimulator = response.headers['server'] === 'wechat-mp-simulator';
      return response;
    } finally {
      if (isSimulator) tellSimulator(context, base);
      else tellAddress(context, base);
    }
  };
}

/** Everything that talks to a simulator says so, also where a relay stands between. */
export function tellSimulator(context: Context, base: Sourced<string>, relay?: string): void {
  if (relay !== undefined) {
    context.noteOnce({
      en: `Using the simulator behind the relay at ${relay}`,
      zh: `正在使用中继 ${relay} 之后的模拟器`,
    });
    return;
  }
  const place = isKnown(base.level) ? undefined : placeOf(base);
  context.noteOnce({
    en: `Using the simulator at ${base.value}${place === undefined ? '' : ` (from ${place.en})`}`,
    zh: `正在使用模拟器：${base.value}${place === undefined ? '' : `（来自${place.zh}）`}`,
  });
}

/** Over plain http a proxy reads the signature; says which one where the command line does not name it. */
export function tellProxy(context: Context, url: URL): void {
  const { settings, environment } = context;
  const own = settings.proxy;
  if (url.protocol !== 'http:' || isLoopbackHost(url.hostname) || own?.level === 'flag') return;
  const address = findProxy({ proxy: own?.value, environment }, url);
  if (address === undefined) return;
  const name = address.replace(/^([a-z0-9+.-]+:\/\/)?.*@/is, '$1');
  const variable = { value: address, level: 'environment', name: proxyVariable(environment) ?? '' } as const;
  const place = placeOf(own ?? variable);
  context.noteOnce({
    en: `Sending through the proxy ${name}, which can read it (from ${place.en})`,
    zh: `正在通过代理 ${name} 发送，代理可以看到内容（来自${place.zh}）`,
  });
}

/** An address out of a file that is checked in: somebody else may have written it, so it may only be this machine. */
export function requireLoopback(url: string, flag: string, file: string): string {
  if (isLoopbackHost(new URL(url).hostname)) return url;
  throw usageError(
    'project_address_not_loopback',
    {
      en: `Cannot send to "${url}" out of "${file}": an address in a project file must be on this machine`,
      zh: `不能发送到“${file}”中的“${url}”：项目文件中的地址只能是本机`,
    },
    {
      en: `If you trust it, give it on the command line: ${flag} ${url}`,
      zh: `如果信任该地址，请写在命令行中：${flag} ${url}`,
    },
  );
}
