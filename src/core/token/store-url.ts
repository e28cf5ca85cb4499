/** The address of a shared store, as it is written in `--store`, `WECHAT_MP_STORE` or a profile. */
import { inputError, type WechatMpError } from '../errors.ts';
import { defined } from '../text/defined.ts';
import type { Text } from '../text/text.ts';

export interface StoreNode {
  readonly host: string;
  readonly port: number;
}

/** A Redis, or the sentinels that know where it is. */
export interface RedisAddress {
  readonly nodes: readonly [StoreNode, ...StoreNode[]];
  readonly tls: boolean;
  /** What the sentinels call it; the nodes are the sentinels then. */
  readonly sentinelName?: string;
  readonly username?: string;
  readonly password?: string;
  readonly database: number;
  /** For people: without the password. */
  readonly shown: string;
  /** What stands behind the question mark: whose layout the keys there have. */
  readonly query?: string;
  /** What is looked for stands there or nowhere: no other store can take its place. */
  readonly isOnlyPlace?: boolean;
}

const form = /^(redis|rediss|redis\+sentinel):\/\/(?:([^@/?#]*)@)?([^@/?#]+)((?:\/[^/?#]*)*)(?:\?([^#]*))?$/;
const ports = { redis: 6379, rediss: 6379, 'redis+sentinel': 26379 } as const;

/**
 * Reads `redis://`, `rediss://` and `redis+sentinel://h1:26379,h2:26379/name/0`; `undefined` for `file`, the default.
 * Throws an input error that names `place` and never repeats a password.
 */
export function parseStoreUrl(text: string, place: string): RedisAddress | undefined {
  if (text === 'file') return undefined;
  const [, scheme, login = '', hosts = '', path = '', query] = form.exec(text) ?? [];
  if (scheme !== 'redis' && scheme !== 'rediss' && scheme !== 'redis+sentinel')
    throw unusable(place, {
      en: 'it must be file, or begin with redis://, rediss:// or redis+sentinel://',
      zh: '应为 file，或以 redis://、rediss://、redis+sentinel:// 开头',
    });
  const nodes = hosts.split(',').map((host) => parseNode(host, ports[scheme]));
  const [first, ...others] = nodes.filter((node) => node !== undefined);
  if (first === undefined || others.length + 1 < nodes.length)
    throw unusable(place, { en: 'a host or port is malformed', zh: '主机或端口格式不正确' });
  const steps = path.split('/').slice(1);
  const name = scheme === 'redis+sentinel' ? decode(steps.shift()) : undefined;
  if (name === '' || (scheme === 'redis+sentinel' && name === undefined))
    throw unusable(place, {
      en: 'the name that the sentinels know must follow: redis+sentinel://host:26379/mymaster',
      zh: '应带有哨兵中的名称：redis+sentinel://host:26379/mymaster',
    });
  if (name === undefined && others.length > 0)
    throw unusable(place, {
      en: 'several hosts are sentinels, redis+sentinel://',
      zh: '多个主机只用于哨兵：redis+sentinel://',
    });
  const [database = ''] = steps;
  if (steps.length > 1 || !/^\d{0,5}$/.test(database))
    throw unusable(place, { en: 'the database must be a number', zh: '数据库应为数字' });
  const [username, password] = splitLogin(login);
  return {
    nodes: [first, ...others],
    tls: scheme === 'rediss',
    database: Number(database),
    shown: `${scheme}://${hosts}${path}`,
    ...defined({ sentinelName: name, username, password, query }),
  };
}

function parseNode(text: string, standardPort: number): StoreNode | undefined {
  const [, bracketed, plain, port] = /^(?:\[([\da-f:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const number = port === undefined ? standardPort : Number(port);
  return host === undefined || number < 1 || number > 65_535 ? undefined : { host, port: number };
}

/** `user:password`, `:password`, and `password` alone, as some write it. */
function splitLogin(login: string): readonly [string | undefined, string | undefined] {
  if (login === '') return [undefined, undefined];
  const colon = login.indexOf(':');
  if (colon === -1) return [undefined, decode(login)];
  return [decode(login.slice(0, colon)) || undefined, decode(login.slice(colon + 1)) || undefined];
}

/** A text that is no percent-encoding is taken as it is. */
function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unusable(place: string, why: Text): WechatMpError {
  return inputError(
    'store_invalid',
    { en: `Cannot use the store in ${place}: ${why.en}`, zh: `${place} 中的存储地址无法使用：${why.zh}` },
    { en: 'Write redis://:password@host:6379/0', zh: '格式：redis://:密码@主机:6379/0' },
  );
}
