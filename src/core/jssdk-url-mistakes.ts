/** What goes wrong with the URL before it is signed: the page's URL in, what was signed instead out. */

export type UrlMistakeName =
  | 'share_parameters_missing'
  | 'share_parameters_added'
  | 'query_cut'
  | 'query_missing'
  | 'trailing_slash'
  | 'path_missing'
  | 'scheme'
  | 'host'
  | 'port'
  | 'fragment_kept'
  | 'entity'
  | 'url_encoded_once'
  | 'url_encoded_twice'
  | 'url_decoded'
  | 'url_space';

interface OtherUrl {
  readonly value: string;
  readonly detail?: string | undefined;
}

export interface UrlMistake {
  readonly name: UrlMistakeName;
  readonly make: (url: string) => Iterable<OtherUrl>;
}

/** In the order in which they are tried. `given` is the URL with its fragment. */
export function urlMistakes(given: string): readonly UrlMistake[] {
  return [
    { name: 'share_parameters_missing', make: withoutShare },
    { name: 'share_parameters_added', make: withShare },
    { name: 'query_cut', make: cutAtAmpersand },
    { name: 'query_missing', make: (url) => plain(url.replace(/\?.*$/s, ''), url.replace(/\?.*$/s, '?')) },
    { name: 'trailing_slash', make: otherSlash },
    { name: 'path_missing', make: (url) => plain(`${origin(url)}/`, origin(url)) },
    {
      name: 'scheme',
      make: (url) =>
        plain(
          /^https:/i.test(url) ? `http${url.slice(5)}` : `https${url.slice(4)}`,
          url.slice(url.indexOf(':') + 1),
          url.slice(url.indexOf(':') + 3),
        ),
    },
    {
      name: 'host',
      make: (url) => [
        { value: url.replace(/^(\w+:\/\/)www\./i, '$1'), detail: 'www.' },
        { value: url.replace(/^(\w+:\/\/)(?!www\.)/i, '$1www.'), detail: 'www.' },
      ],
    },
    { name: 'port', make: otherPorts },
    { name: 'fragment_kept', make: (url) => withFragment(url, given) },
    {
      name: 'entity',
      make: (url) => plain(url.replaceAll('&', '&amp;'), url.replaceAll('&amp;', '&')),
    },
    { name: 'url_encoded_once', make: encoded },
    { name: 'url_encoded_twice', make: encodedTwice },
    { name: 'url_decoded', make: decoded },
    {
      name: 'url_space',
      make: (url) => plain(`${url} `, `${url}\n`, `${url}\r\n`, ` ${url}`, `"${url}"`),
    },
  ];
}

function plain(...values: readonly string[]): OtherUrl[] {
  return values.map((value) => ({ value }));
}

function origin(url: string): string {
  return /^\w+:\/\/[^/?#]*/.exec(url)?.[0] ?? url;
}

const shareNames = ['from', 'isappinstalled', 'scene', 'clicktime', 'enterid', 'nsukey', 'wechat_redirect'];

function isShare(pair: string): boolean {
  return shareNames.includes(pair.replace(/=.*$/s, ''));
}

/** All of them gone, and each alone. */
function withoutShare(url: string): OtherUrl[] {
  const start = url.indexOf('?');
  if (start === -1) return [];
  const pairs = url.slice(start + 1).split('&');
  const rests = [
    pairs.filter((pair) => !isShare(pair)),
    ...pairs
      .filter(isShare)
      .slice(0, mostCuts)
      .map((share) => pairs.filter((pair) => pair !== share)),
  ];
  return plain(...rests.map((rest) => url.slice(0, start) + (rest.length === 0 ? '' : `?${rest.join('&')}`)));
}

const shareQueries = ['singlemessage', 'groupmessage', 'timeline'].flatMap((from) => [
  `from=${from}`,
  `from=${from}&isappinstalled=0`,
  `from=${from}&isappinstalled=1`,
]);

function withShare(url: string): OtherUrl[] {
  const join = url.includes('?') ? '&' : '?';
  return [...shareQueries, 'isappinstalled=0', 'isappinstalled=1'].map((query) => ({
    value: url + join + query,
    detail: query,
  }));
}

/** More parameters than this are not tried one by one. */
const mostCuts = 20;

/** What is left of a URL that was handed on as `?url=https://…&x=1` without encoding it. */
function* cutAtAmpersand(url: string): Iterable<OtherUrl> {
  let at = -1;
  for (let cut = 0; cut < mostCuts; cut += 1) {
    at = url.indexOf('&', at + 1);
    if (at === -1) return;
    yield { value: url.slice(0, at) };
  }
}

/** At the end of the path, and at the end of everything. */
function otherSlash(url: string): OtherUrl[] {
  const start = url.indexOf('?');
  const [path, query] = start === -1 ? [url, ''] : [url.slice(0, start), url.slice(start)];
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  return plain(other + query, url.endsWith('/') ? url.slice(0, -1) : `${url}/`);
}

const ports = ['80', '443', '8080', '3000', '8000', '8443', '8888', '5000', '5173', '9000'];

function otherPorts(url: string): OtherUrl[] {
  const base = origin(url).replace(/:\d+$/, '');
  const rest = url.slice(origin(url).length);
  return [base, ...ports.map((port) => `${base}:${port}`)].map((start) => ({
    value: start + rest,
    detail: start.slice(base.length + 1),
  }));
}

function withFragment(url: string, given: string): OtherUrl[] {
  const own = given.includes('#') ? [given.slice(given.indexOf('#'))] : [];
  return [...own, '#', '#/', '#!/', '#wechat_redirect', '#rd'].map((fragment) => ({
    value: url + fragment,
    detail: fragment,
  }));
}

/** By the functions for a value, for a whole URL, and for a form; some write the escapes in small letters. */
function encoders(): readonly ((text: string) => string)[] {
  return [
    encodeURIComponent,
    encodeURI,
    (text) => new URL(text).href,
    (text) => encodeURIComponent(text).replaceAll('%20', '+'),
    (text) => encodeURIComponent(text).replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
  ];
}

function encoded(url: string): OtherUrl[] {
  return encoders().map((encode) => ({ value: quietly(encode, url) }));
}

function encodedTwice(url: string): OtherUrl[] {
  return [encodeURIComponent, encodeURI].map((encode) => ({
    value: quietly((text) => encode(encode(text)), url),
  }));
}

function decoded(url: string): OtherUrl[] {
  return [
    decodeURIComponent,
    decodeURI,
    (text: string) => decodeURIComponent(decodeURIComponent(text)),
    (text: string) => decodeURIComponent(text.replaceAll('+', ' ')),
  ].map((decode) => ({ value: quietly(decode, url) }));
}

/** A text that cannot be changed so stays as it is, and then is no candidate. */
function quietly(change: (text: string) => string, text: string): string {
  try {
    return change(text);
  } catch {
    return text;
  }
}
