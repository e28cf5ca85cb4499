/** Who may drive the simulator: programs of this machine and its own page, but no other page that somebody is looking at. */

/** Whether a call comes from another web page, or under a name that only leads here (DNS rebinding). */
export function isForeign(request: Request): boolean {
  const { headers } = request;
  const host = hostOf(request);
  const origin = headers.get('origin');
  const site = headers.get('sec-fetch-site') ?? 'none';
  const fromElsewhere =
    (origin !== null && origin !== `http://${host}`) || (site !== 'none' && site !== 'same-origin');
  return fromElsewhere || !isLoopbackHost(host);
}

/**
 * Whether a name can only be meant for this machine or its network: an address, `localhost`, or a name without a dot as
 * containers have. Whoever owns a domain can let it lead anywhere.
 */
export function isNearbyHost(request: Request): boolean {
  const host = hostOf(request);
  return (
    isLoopbackHost(host) ||
    /^(?:[\d.]+|\[[\da-f:.]+\]|[a-z\d_-]+|[a-z\d-]+\.localhost)(?::\d{1,5})?$/i.test(host)
  );
}

function hostOf(request: Request): string {
  return request.headers.get('host') ?? new URL(request.url).host;
}

function isLoopbackHost(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i.test(host);
}
