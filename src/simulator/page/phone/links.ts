/** Links in what the account writes（文本消息中的超链接）. Everything else in a text stays text. */

export interface TextPart {
  readonly text: string;
  /** An address to open; only http and https. */
  readonly href?: string;
  /** What a tap sends, for `weixin://bizmsgmenu` links（菜单消息）. */
  readonly sends?: { readonly text: string; readonly id: string };
}

const anchor = /<a\s+([^<>]*)>([^<]*)<\/a>/gi;
const hrefAttribute = /(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i;

/** Cuts a text into plain pieces and links. An `<a>` that leads elsewhere than http, https or a menu message stays as it is. */
export function splitLinks(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(anchor)) {
    const link = readLink(match[1] ?? '', match[2] ?? '');
    if (link === undefined) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push(link);
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

function readLink(attributes: string, text: string): TextPart | undefined {
  const found = hrefAttribute.exec(attributes);
  const address = (found?.[1] ?? found?.[2] ?? found?.[3])?.trim().replaceAll('&amp;', '&');
  if (address === undefined || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.protocol === 'http:' || url.protocol === 'https:') return { text, href: url.href };
  if (url.protocol !== 'weixin:' || !address.startsWith('weixin://bizmsgmenu?')) return undefined;
  const query = url.searchParams;
  return {
    text,
    sends: { text: query.get('msgmenucontent') ?? text, id: query.get('msgmenuid') ?? '' },
  };
}

/** An address that may be opened from the page, or `undefined`. */
export function safeHref(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  return protocol === 'http:' || protocol === 'https:' ? href : undefined;
}

/** Pictures come from this machine only: the page sends nothing anywhere else. */
export function isLocalPicture(address: string): boolean {
  const href = safeHref(address);
  if (href === undefined) return false;
  const { protocol, hostname } = new URL(href);
  return protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost');
}

/** An article that this simulator has published or sent. */
export function isSimulatedArticle(address: string, origin: string): boolean {
  return address.startsWith(`${origin}/s/`);
}

/** Pages of the platform that the simulator has, by their hosts. */
const simulatedPages: Readonly<Record<string, RegExp>> = {
  'open.weixin.qq.com': /^\/connect\/oauth2\/authorize$/,
  'mp.weixin.qq.com': /^\/mp\/subscribemsg$/,
};

/** Where an address leads on this phone: pages of the platform itself are the simulator's, all others as they are. */
export function simulatedAddress(address: string, origin: string): string {
  if (!URL.canParse(address)) return address;
  const { hostname, pathname, search, hash } = new URL(address);
  const isSimulated = simulatedPages[hostname]?.test(pathname) ?? false;
  return isSimulated ? `${origin}${pathname}${search}${hash}` : address;
}
