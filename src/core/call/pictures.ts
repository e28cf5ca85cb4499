/** Pictures in the HTML of an article（图文消息正文）. */
import { isLoopbackHost } from '../account/index.ts';

/** Where the platform keeps what was uploaded to it. */
const ownHosts = /(?:^|\.)(?:qpic\.cn|qlogo\.cn|weixin\.qq\.com|wx\.qq\.com)$/;

/**
 * Addresses of pictures that the platform takes out of an article without a word: only those that `media/uploadimg` gave
 * stay. A simulator gives addresses of this machine.
 */
export function findForeignPictures(html: string): readonly string[] {
  return Array.from(html.matchAll(/<img\b[^>]*?\s(?:data-)?src\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi))
    .map(([, double, single, bare]) => (double ?? single ?? bare ?? '').trim())
    .filter((url) => url !== '' && !isOwn(url));
}

function isOwn(url: string): boolean {
  const absolute = url.startsWith('//') ? `https:${url}` : url;
  if (!URL.canParse(absolute)) return false;
  const { hostname } = new URL(absolute);
  return ownHosts.test(hostname) || isLoopbackHost(hostname);
}
