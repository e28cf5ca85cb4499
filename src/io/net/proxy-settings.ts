/** Which proxy, if any, a request goes through. Small and always loaded; `proxy.ts` has the proxy itself. */

export interface ProxySettings {
  /**
   * URL of a proxy for every host but this machine, given by flag or profile; `NO_PROXY` does not limit it.
   * The empty text and `none` mean no proxy, whatever the environment says.
   */
  readonly proxy?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** In the order in which they are asked; the small spelling wins, as with curl. */
const proxyVariables = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/** The proxy's address for this URL, or `undefined` for a direct connection. */
export function findProxy({ proxy, environment }: ProxySettings, url: URL): string | undefined {
  if (proxy !== undefined) return proxy === '' || proxy === 'none' ? undefined : proxy;
  const name = proxyVariable(environment);
  if (name === undefined || isExempt(environment['no_proxy'] ?? environment['NO_PROXY'] ?? '', url))
    return undefined;
  return environment[name];
}

/** The variable that names the proxy, where one does. */
export function proxyVariable(environment: ProxySettings['environment']): string | undefined {
  return proxyVariables.find((candidate) => environment[candidate]);
}

/** `NO_PROXY`: names separated by commas or blanks, each with its subdomains and perhaps a port; `*` is every host. */
function isExempt(list: string, url: URL): boolean {
  const host = url.hostname.toLowerCase();
  const port = url.port === '' ? '443' : url.port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, name = '', onlyPort] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (name === '' || (onlyPort !== undefined && onlyPort !== port)) return false;
      return name === '*' || host === name || host.endsWith(`.${name}`);
    });
}
