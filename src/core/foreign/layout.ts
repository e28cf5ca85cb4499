/** Where other libraries keep an access_token and a ticket in Redis: under which keys, and who may write there. */
import { createHash } from 'node:crypto';
import type { Text } from '../text/text.ts';

/** Those that lie in Redis. */
export const redisLayouts = [
  'wxjava',
  'easywechat6',
  'easywechat5',
  'wechatpy',
  'silenceper',
  'powerwechat',
  'senparc',
] as const;
/** The last one lies in a folder of files. */
export const layoutNames = [...redisLayouts, 'node-easywechat'] as const;
export type LayoutName = (typeof layoutNames)[number];

type TokenEndpoint = 'stable_token' | 'token';
type TicketType = 'jsapi' | 'wx_card';

/** Whose credentials are looked for. Some libraries have the AppSecret in the names of their keys, or a hash of it. */
export interface Owner {
  readonly appId: string;
  readonly secret: string | undefined;
}

/** Where a credential lies, or would. */
export interface ForeignKey {
  readonly layout: LayoutName;
  readonly name: string;
  /** The name without the AppSecret that may be in it: for people. */
  readonly shown: string;
  /** What stands before the part that the library fixes, without the colon between. */
  readonly prefix: string;
  readonly holds: 'access_token' | 'ticket';
  /** Where the name tells it. */
  readonly endpoint?: TokenEndpoint;
  /** Where nothing lies under the name: a field of a hash that may hold it instead. */
  readonly hash?: { readonly name: string; readonly field: string };
  /** A key with the end of the credential, in seconds since 1970. */
  readonly endName?: string;
}

/** A name without its prefix. */
interface Place {
  readonly name: string;
  readonly shown?: string;
  readonly endpoint?: TokenEndpoint;
  readonly isField?: boolean;
  readonly endName?: string;
}

/** How a library writes, where its value and its lock are plain enough for others to do the same. */
interface Writing {
  /** The one that the library asks; where there is none, the person must say which. */
  readonly endpoint?: 'stable' | 'classic';
  /** By how many seconds the key ends before the token. */
  readonly early: Readonly<Record<TokenEndpoint, number>>;
  readonly codec: 'plain' | 'json';
  readonly encode: (token: string, expiresInSeconds: number) => string;
  /** The library's own lock, a string with the owner's value. */
  readonly lock?: (prefix: string, appId: string) => { readonly name: string; readonly leaseMs: number };
}

interface Layout {
  /** What people call the library. */
  readonly library: string;
  /** The library's own default, then what its framework or its documentation has. */
  readonly prefixes: readonly [string, ...string[]];
  readonly needsSecret?: true;
  readonly tokens: (appId: string, secret: string) => readonly Place[];
  readonly tickets: Readonly<Partial<Record<TicketType, (appId: string) => Place>>>;
  readonly writing: Writing | { readonly refused: Text };
}

const toTheEnd = { stable_token: 0, token: 0 } as const;
const plainToken = (token: string): string => token;
const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Symfony's and Laravel's prefixes; the last two are Laravel's pair of them, before and since its version 11. */
const phpPrefixes = [
  '',
  'easywechat',
  'laravel_database_laravel_cache_:',
  'laravel_database_laravel_cache_',
] as const;

const layouts: Readonly<Record<LayoutName, Layout>> = {
  wxjava: {
    library: 'WxJava',
    prefixes: ['wx'],
    // Quirk: the same key for both endpoints, so nothing there tells which one the program uses.
    tokens: (appId) => [{ name: `access_token:${appId}` }],
    tickets: {
      jsapi: (appId) => ({ name: `ticket:key:${appId}:jsapi` }),
      wx_card: (appId) => ({ name: `ticket:key:${appId}:wx_card` }),
    },
    writing: {
      early: toTheEnd,
      codec: 'plain',
      encode: plainToken,
      lock: (prefix, appId) => ({ name: under(prefix, `lock:${appId}:accessTokenLock`), leaseMs: 60_000 }),
    },
  },
  easywechat6: {
    library: 'EasyWeChat 6',
    prefixes: phpPrefixes,
    needsSecret: true,
    tokens: easyWechatTokens,
    tickets: { jsapi: (appId) => ({ name: `official_account.jsapi_ticket.${appId}` }) },
    writing: {
      refused: {
        en: 'EasyWeChat 6 has the AppSecret in the name of its key and chooses the form of the value by what PHP has loaded',
        zh: 'EasyWeChat 6 的键名含有 AppSecret，值的格式取决于 PHP 加载的扩展',
      },
    },
  },
  easywechat5: {
    library: 'EasyWeChat 4/5',
    prefixes: phpPrefixes,
    needsSecret: true,
    tokens: (appId, secret) => [
      {
        name: `easywechat.kernel.access_token.${md5(
          JSON.stringify({ grant_type: 'client_credential', appid: appId, secret }),
        )}`,
      },
    ],
    tickets: { jsapi: (appId) => ({ name: `easywechat.basic_service.jssdk.ticket.jsapi.${appId}` }) },
    writing: {
      refused: {
        en: 'EasyWeChat 4/5 keeps a value in a form of PHP that its configuration chooses',
        zh: 'EasyWeChat 4/5 的值采用由其配置决定的 PHP 序列化格式',
      },
    },
  },
  wechatpy: {
    library: 'wechatpy',
    prefixes: ['wechatpy'],
    tokens: (appId) => [{ name: `${appId}_access_token` }],
    tickets: {
      jsapi: (appId) => ({ name: `${appId}_jsapi_ticket`, endName: `${appId}_jsapi_ticket_expires_at` }),
      wx_card: (appId) => ({
        name: `${appId}_jsapi_card_ticket`,
        endName: `${appId}_jsapi_card_ticket_expires_at`,
      }),
    },
    writing: {
      endpoint: 'classic',
      early: toTheEnd,
      codec: 'json',
      encode: (token) => JSON.stringify(token),
    },
  },
  silenceper: {
    library: 'silenceper/wechat',
    prefixes: [''],
    // Quirk: two underscores; its prefix ends with one.
    tokens: (appId) => [
      { name: `gowechat_officialaccount__access_token_${appId}`, endpoint: 'token' },
      { name: `gowechat_officialaccount__stable_access_token_${appId}`, endpoint: 'stable_token' },
    ],
    tickets: { jsapi: (appId) => ({ name: `gowechat_officialaccount__jsapi_ticket_${appId}` }) },
    writing: { early: { stable_token: 300, token: 1500 }, codec: 'plain', encode: plainToken },
  },
  powerwechat: {
    library: 'PowerWeChat',
    prefixes: [''],
    needsSecret: true,
    tokens: (appId, secret) => [{ name: `powerwechat.access_token.${md5(appId + secret)}` }],
    tickets: { jsapi: (appId) => ({ name: `powerwechat.basic_service.jssdk.ticket.jsapi.${appId}` }) },
    writing: {
      early: toTheEnd,
      codec: 'json',
      encode: (token, seconds) => JSON.stringify({ access_token: token, expires_in: seconds }),
    },
  },
  senparc: {
    library: 'Senparc',
    prefixes: ['Senparc:DefaultCache'],
    tokens: (appId) => [senparcBag('AccessTokenBag', appId)],
    tickets: { jsapi: (appId) => senparcBag('JsApiTicketBag', appId) },
    writing: {
      refused: {
        en: 'Senparc keeps the AppSecret beside the token, under a lock of its own',
        zh: 'Senparc 把 AppSecret 与 access_token 存放在一起，并使用自己的锁',
      },
    },
  },
  'node-easywechat': {
    library: 'node-easywechat',
    prefixes: [''],
    needsSecret: true,
    tokens: easyWechatTokens,
    tickets: { jsapi: (appId) => ({ name: `official_account.jsapi_ticket.${appId}` }) },
    writing: {
      refused: {
        en: 'node-easywechat has the AppSecret in the name of its file',
        zh: 'node-easywechat 的文件名含有 AppSecret',
      },
    },
  },
};

/** Quirk: the AppSecret is part of the name; 1 is stable_token. */
function easyWechatTokens(appId: string, secret: string): readonly Place[] {
  return (['token', 'stable_token'] as const).map((endpoint, index) => ({
    name: `official_account.access_token.${appId}.${secret}.${index}`,
    shown: `official_account.access_token.${appId}.***.${index}`,
    endpoint,
  }));
}

/** Its key-value strategy has a key for each account, its HashSet strategy a field. */
function senparcBag(bag: string, appId: string): Place {
  return { name: `Container:Senparc.Weixin.MP.Containers.${bag}:${appId}`, isField: true };
}

/** A prefix that ends in a separator stands as it is; to any other one a colon is added, as Symfony and WxJava do. */
function under(prefix: string, name: string): string {
  return prefix === '' || /[:._-]$/.test(prefix) ? prefix + name : `${prefix}:${name}`;
}

export function libraryOf(layout: LayoutName): string {
  return layouts[layout].library;
}

export function needsSecret(layout: LayoutName): boolean {
  return layouts[layout].needsSecret === true;
}

/** The library's default first. */
export function usualPrefixes(layout: LayoutName): readonly [string, ...string[]] {
  return layouts[layout].prefixes;
}

export function writingOf(layout: LayoutName): Writing | { readonly refused: Text } {
  return layouts[layout].writing;
}

/** Where the layout keeps the access_token; none where that cannot be told without the AppSecret. */
export function tokenKeys(
  layout: LayoutName,
  { appId, secret }: Owner,
  prefix: string = usualPrefixes(layout)[0],
): readonly ForeignKey[] {
  if (secret === undefined && needsSecret(layout)) return [];
  const places = layouts[layout].tokens(appId, secret ?? '');
  return places.map((place) => keyOf(layout, prefix, place, 'access_token'));
}

/** Where the layout keeps a ticket; `undefined` for a type that it has none of. */
export function ticketKey(
  layout: LayoutName,
  type: TicketType,
  appId: string,
  prefix: string = usualPrefixes(layout)[0],
): ForeignKey | undefined {
  const place = layouts[layout].tickets[type]?.(appId);
  return place && keyOf(layout, prefix, place, 'ticket');
}

function keyOf(
  layout: LayoutName,
  prefix: string,
  { name, shown = name, endpoint, isField = false, endName }: Place,
  holds: ForeignKey['holds'],
): ForeignKey {
  const whole = under(prefix, name);
  const cut = whole.lastIndexOf(':');
  return {
    layout,
    name: whole,
    shown: under(prefix, shown),
    prefix,
    holds,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(isField ? { hash: { name: whole.slice(0, cut), field: whole.slice(cut + 1) } } : {}),
    ...(endName === undefined ? {} : { endName: under(prefix, endName) }),
  };
}

/** A pattern of SCAN that every key of every layout suits. */
export const scanPattern = '*[aA]ccess*[tT]oken*';

/** The token key of a layout that has this name, whatever its prefix is; a hash of Senparc by the name of the hash. */
export function recogniseKey(name: string, owner: Owner): ForeignKey | undefined {
  for (const layout of redisLayouts) {
    for (const key of tokenKeys(layout, owner, '')) {
      const found = [key.name, key.hash?.name].find((own) => own !== undefined && name.endsWith(own));
      if (found === undefined) continue;
      const before = name.slice(0, -found.length || undefined);
      // Without a default there may be none; and "wechat_authorizer_" before WxJava's name is another product's.
      const suits = usualPrefixes(layout)[0] === '' ? /^$|[:._-]$/ : /^$|:$/;
      if (suits.test(before))
        return tokenKeys(layout, owner, prefixOf(before)).find((own) => own.shown.endsWith(key.shown));
    }
  }
  return recogniseOtherSecret(name, owner);
}

/** EasyWeChat 6 under an AppSecret that we do not know: an old one, or that of a machine that has none. */
function recogniseOtherSecret(name: string, { appId }: Owner): ForeignKey | undefined {
  const [, before = '', secret, index] =
    /^(|.*[:._-])official_account\.access_token\.(?:wx[0-9a-f]{16})\.(.+)\.([01])$/s.exec(name) ?? [];
  if (secret === undefined || !name.includes(`.access_token.${appId}.`)) return undefined;
  return tokenKeys('easywechat6', { appId, secret }, prefixOf(before))[Number(index)];
}

/** What has to be said for `under` to make this of it. */
function prefixOf(before: string): string {
  return /(?:^|[:._-]):$/.test(before) ? before : before.replace(/:$/, '');
}
