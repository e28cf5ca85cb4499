/** What a request asks for: account, path and query, whatever else its target tries to be. */
import { isWeixinHost } from '../core/account/index.ts';

export interface Target {
  /** Of the path's beginning, where the base address of a client names the account. */
  readonly appId: string | undefined;
  readonly path: string;
  readonly query: readonly QueryPair[];
}

export interface QueryPair {
  readonly name: string;
  readonly value: string;
  /** As it came. */
  readonly raw: string;
}

/**
 * Reads a target; `undefined` for one that is no path, or a URL of another host than the platform's: the relay is no
 * proxy. Nothing of a host or a path is used to send: what is not a path of the catalogue goes nowhere.
 */
export function readTarget(target: string): Target | undefined {
  const [, host, local = target] = /^http:\/\/([a-z0-9.-]+)(?::\d+)?(\/.*)$/is.exec(target) ?? [];
  if (!local.startsWith('/') || (host !== undefined && !isWeixinHost(host.toLowerCase()))) return undefined;
  const [whole = '', ...rest] = local.split('#', 1)[0]?.split('?') ?? [];
  const [, appId, path = whole] = /^\/(wx[0-9a-f]{16})(\/.*)$/.exec(whole) ?? [];
  return { appId, path, query: readPairs(rest.join('?')) };
}

/** The pairs of a query or of a form, decoded. What is not valid percent-encoding stays as it is. */
export function readPairs(query: string): readonly QueryPair[] {
  return query
    .split('&')
    .filter((raw) => raw !== '')
    .map((raw) => {
      const at = raw.indexOf('=');
      return {
        name: decode(at === -1 ? raw : raw.slice(0, at)),
        value: at === -1 ? '' : decode(raw.slice(at + 1)),
        raw,
      };
    });
}

/** The first value of a name. */
export function valueOf(pairs: readonly QueryPair[], name: string): string | undefined {
  return pairs.find((pair) => pair.name === name)?.value;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
