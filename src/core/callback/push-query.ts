/** The query of a push, apart from its body: signing a handshake wants neither cipher nor XML. */

/** Appends parameters to what a URL has, as the platform does, without touching the rest. The fragment is dropped. */
export function appendQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const base = url.replace(/#.*$/s, '');
  const query = Object.entries(parameters)
    .map(([name, text]) => `${name}=${encodeURIComponent(text)}`)
    .join('&');
  if (!base.includes('?')) return `${base}?${query}`;
  return base + (/[?&]$/.test(base) ? '' : '&') + query;
}

/** A number in decimal digits without zeros, as the platform's nonce and echostr are. */
export function digitsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String((byte % 9) + 1)).join('');
}
