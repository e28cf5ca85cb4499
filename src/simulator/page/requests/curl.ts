/** A push as one command for a shell. */
import { shellQuote } from '../../../core/text/shell-word.ts';
import type { PushAttempt } from '../../control/types/index.ts';

/** Headers that curl writes by itself. */
const own = new Set(['content-length', 'connection', 'host']);

export function formatCurl({ url, headers, body }: Pick<PushAttempt, 'url' | 'headers' | 'body'>): string {
  const options = Object.entries(headers)
    .filter(([name]) => !own.has(name.toLowerCase()))
    .map(([name, value]) => `-H ${shellQuote(`${name}: ${value}`)}`);
  return ['curl', '-sS', '-X', 'POST', ...options, '--data-binary', shellQuote(body), shellQuote(url)].join(
    ' ',
  );
}
