import { own } from '../../text/json-value.ts';
import { maxSites } from '../limits.ts';
import { menuError, menuWarning, pointer, type MenuProblem } from './problem.ts';

interface Link {
  readonly host: string;
  readonly path: string;
}

/** A conditional menu and where it stands. */
export interface PlacedMenu {
  readonly menu: unknown;
  readonly path: string;
}

/**
 * Checks to how many domains all conditional menus（个性化菜单）of an account link together.
 *
 * Quirk: the page says "3 domains" and not what a domain is. So `a.shop.com` and `b.shop.com` may be one or two: where
 * only the hosts are too many it is a warning.
 */
export function checkDomains(menus: readonly PlacedMenu[]): MenuProblem[] {
  const links = menus.flatMap(({ menu, path }) => linksOf(own(menu, 'button'), pointer(path, 'button')));
  const codes = { errcode: 65316 };
  const sites = firstBeyond(links, siteOf);
  if (sites !== undefined)
    return [menuError('domain-count', sites.path, (say) => say.domainCount(sites.count), codes)];
  const hosts = firstBeyond(links, (host) => host);
  if (hosts === undefined) return [];
  return [menuWarning('domain-count', hosts.path, (say) => say.domainCount(hosts.count), codes)];
}

interface Beyond {
  readonly path: string;
  readonly count: number;
}

/** The link with which they become too many, and how many they are in the end. */
function firstBeyond(links: readonly Link[], nameOf: (host: string) => string): Beyond | undefined {
  const seen = new Set<string>();
  let path: string | undefined;
  for (const link of links) {
    seen.add(nameOf(link.host));
    if (seen.size > maxSites) path ??= link.path;
  }
  return path === undefined ? undefined : { path, count: seen.size };
}

function linksOf(value: unknown, path: string): Link[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((button: unknown, index) => {
    const place = pointer(path, index);
    const url = own(button, 'url');
    const host = typeof url === 'string' ? /^https?:\/\/([^/?#:]+)/i.exec(url)?.[1] : undefined;
    const link = host === undefined ? [] : [{ host: host.toLowerCase(), path: pointer(place, 'url') }];
    return [...link, ...linksOf(own(button, 'sub_button'), pointer(place, 'sub_button'))];
  });
}

/** At most the domain that was registered, never a part of it: `shop.com` for `m.shop.com`, and `com.cn` for `a.com.cn`. */
function siteOf(host: string): string {
  return /^[\d.]+$/.test(host) ? host : host.split('.').slice(-2).join('.');
}
