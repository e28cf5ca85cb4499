/** Requests through a proxy (HTTP CONNECT, or socks5). Loaded only where one is configured. */
import connect from 'undici/lib/api/api-connect.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';
import type { Dispatcher } from 'undici';
import { WechatMpError } from '../core/errors.ts';

export interface Proxy {
  readonly dispatcher: Dispatcher;
  /** Scheme, host and port, for messages; never the user name and password. */
  readonly name: string;
}

const schemes = ['http:', 'https:', 'socks5:'];

/** Throws a `WechatMpError` of type `proxy` for an address that cannot be one. */
export function createProxy(address: string): Proxy {
  // People write "proxy.example.com:3128"; curl takes that as http, and so do we.
  const text = /^[a-z0-9+.-]+:\/\//i.test(address) ? address : `http://${address}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '' || !schemes.includes(url.protocol)) throw invalidProxy();
  const dispatcher = new ProxyAgent({ uri: url.href, clientFactory: createTunnelPool });
  return { dispatcher, name: `${url.protocol}//${url.host}` };
}

/** undici's index gives every dispatcher the method `connect`; without the index the one that tunnels has to get it. */
function createTunnelPool(origin: URL, options: object): Pool {
  return Object.assign(new Pool(origin, options), { connect });
}

/** The address is not repeated: it may hold a password. */
function invalidProxy(): WechatMpError {
  return new WechatMpError({
    family: 'network',
    type: 'proxy',
    text: {
      en: 'Cannot use the configured proxy: its address must be a URL with http, https or socks5',
      zh: '无法使用所配置的代理：地址必须是 http、https 或 socks5 开头的网址',
    },
    hint: {
      en: 'Write it as "http://proxy.example.com:3128" in --proxy or HTTPS_PROXY, or give --proxy none',
      zh: '请在 --proxy 或 HTTPS_PROXY 中写成“http://proxy.example.com:3128”，不用代理请写 --proxy none',
    },
    facts: { request_sent: false },
  });
}
