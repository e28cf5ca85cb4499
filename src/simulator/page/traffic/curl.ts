/** A push as one command for a shell. */
import type { PushAttempt } from '../../control/types/index.ts';

/** Headers that curl writes by itself. */
const own = new Set(['content-length', 'connection', 'host']);

export function formatCurl({ url, headers, body }: Pick<PushAttempt, 'url' | 'headers' | 'body'>): string {
  const options = Object.entries(headers)
    .filter(([name]) => !own.has(name.toLowerCase()))
    .map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`);
  return ['curl', '-sS', '-X', 'POST', ...options, '--data-binary', quote(body), quote(url)].join(' ');
}

/** Single quotes keep everything but themselves. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
