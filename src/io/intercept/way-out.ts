/** How connections to other hosts leave: as they would have without us, directly or through the proxy that the user has. */
import { connect, type Socket } from 'node:net';
import { isLoopbackHost } from '../../core/account/index.ts';
import { findProxy } from '../net/proxy-settings.ts';
import type { Environment } from './trust.ts';

export interface Target {
  readonly scheme: 'http:' | 'https:';
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

/** The proxy that the user has for this target. */
export function usersProxy(environment: Environment, { scheme, host, port }: Target): string | undefined {
  const url = new URL(`${scheme}//${host.includes(':') ? `[${host}]` : host}:${port}`);
  if (isLoopbackHost(url.hostname)) return undefined;
  const name = `${scheme.slice(0, -1)}_proxy`;
  const proxy =
    environment[name] ||
    environment[name.toUpperCase()] ||
    environment['all_proxy'] ||
    environment['ALL_PROXY'];
  const { no_proxy: small, NO_PROXY: capital } = environment;
  return findProxy({ environment: { https_proxy: proxy, no_proxy: small ?? capital } }, url);
}

/** Connects to the target. Rejects where that fails. */
export async function leave(environment: Environment, target: Target): Promise<Socket> {
  const proxy = usersProxy(environment, target);
  if (proxy === undefined) return await dial(target.host, target.port);
  const { openTunnel, parseProxy } = await import('../net/proxy.ts');
  const { scheme: protocol, host: hostname, port } = target;
  return await openTunnel(parseProxy(proxy), { protocol, hostname, port: `${port}` });
}

export function dial(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true });
    // Stays: an error may come before whoever takes the socket listens.
    socket.on('error', reject);
    socket.once('connect', () => resolve(socket));
  });
}
