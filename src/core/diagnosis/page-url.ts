/** What goes wrong with the URL before it is signed: the page's URL in, what was signed instead out. */
import {
  cutAtAmpersand,
  joinQuery,
  otherQueryOrders,
  splitQuery,
  withoutOauth,
  withoutParameters,
  withoutShare,
  withShare,
} from './page-query.ts';
import type { OtherValue } from './variants.ts';

export type UrlMistakeName =
  | 'share_parameters_missing'
  | 'share_parameters_added'
  | 'query_cut'
  | 'query_missing'
  | 'oauth_parameters_missing'
  | 'parameters_missing'
  | 'query_order'
  | 'trailing_slash'
  | 'path_missing'
  | 'index_file'
  | 'scheme'
  | 'host'
  | 'port'
  | 'browser_form'
  | 'upstream_host'
  | 'fragment_kept'
  | 'entity'
  | 'escape_case'
  | 'blank_escape'
  | 'url_encoded_once'
  | 'url_encoded_twice'
  | 'url_decoded'
  | 'url_space';

export interface UrlMistake {
  readonly name: UrlMistakeName;
  readonly make: (url: string) => Iterable<OtherValue>;
  readonly wide?: boolean;
}

/** In the order in which they are tried. `given` is the URL with its fragment, `typed` what somebody wrote for it. */
export function urlMistakes(given: string, typed?: string): readonly UrlMistake[] {
  return [
    { name: 'share_parameters_missing', make: withoutShare },
    { name: 'share_parameters_added', make: withShare },
    { name: 'query_cut', make: cutAtAmpersand },
    { name: 'query_missing', make: (url) => plain(url.replace(/\?.*$/s, ''), url.replace(/\?.*$/s, '?')) },
    { name: 'oauth_parameters_missing', make: withoutOauth },
    { name: 'parameters_missing', make: withoutParameters, wide: true },
    { name: 'query_order', make: otherQueryOrders, wide: true },
    { name: 'trailing_slash', make: otherSlash },
    { name: 'path_missing', make: (url) => plain(`${origin(url)}/`, origin(url)) },
    { name: 'index_file', make: otherIndexFiles },
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
    { name: 'browser_form', make: () => plain(...(typed === undefined ? [] : [typed.replace(/#.*$/s, '')])) },
    { name: 'upstream_host', make: upstreamHosts, wide: true },
    { name: 'fragment_kept', make: (url) => withFragment(url, given) },
    {
      name: 'entity',
      make: (url) => plain(url.replaceAll('&', '&amp;'), url.replaceAll('&amp;', '&')),
    },
    {
      name: 'escape_case',
      make: (url) => [
        changeEscapes(url, (code) => code.toLowerCase()),
        changeEscapes(url, (code) => code.toUpperCase()),
      ],
    },
    { name: 'blank_escape', make: otherBlanks },
    { name: 'url_encoded_once', make: encoded },
    { name: 'url_encoded_twice', make: encodedTwice },
    { name: 'url_decoded', make: decoded },
    {
      name: 'url_space',
      make: (url) => plain(`${url} `, `${url}\n`, `${url}\r\n`, ` ${url}`, `"${url}"`),
    },
  ];
}

function plain(...values: readonly string[]): OtherValue[] {
  return values.map((value) => ({ value }));
}

function origin(url: string): string {
  return /^\w+:\/\/[^/?#]*/.exec(url)?.[0] ?? url;
}

/** At the end of the path, and at the end of everything. */
function otherSlash(url: string): OtherValue[] {
  const start = url.indexOf('?');
  const [path, query] = start === -1 ? [url, ''] : [url.slice(0, start), url.slice(start)];
  const other = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  return plain(other + query, url.endsWith('/') ? url.slice(0, -1) : `${url}/`);
}

const indexFiles = ['index.php', 'index.html', 'index.htm', 'index.jsp', 'index.do', 'default.aspx'];

/** A server names the file that it found, or the front controller that everything runs through. */
function* otherIndexFiles(url: string): Iterable<OtherValue> {
  const { start, pairs } = splitQuery(url);
  const [base, query] = [origin(url), url.slice(start.length)];
  const path = start.slice(base.length);
  for (const detail of indexFiles) {
    if (path === '' || path.endsWith('/'))
      yield { value: `${start}${path === '' ? '/' : ''}${detail}${query}`, detail };
    if (path.endsWith(`/${detail}`)) yield { value: start.slice(0, -detail.length) + query, detail };
  }
  const [front = ''] = indexFiles;
  const parent = path.slice(0, path.lastIndexOf('/') + 1);
  const controllers = [
    `/${front}${path}${query}`,
    `/${front}${query}`,
    `${path}/${front}${query}`,
    `${parent}${front}${query}`,
    joinQuery(`/${front}`, [`s=${path}`, ...pairs]),
    joinQuery(path, [`s=${path}`, ...pairs]),
    path.replace(`/${front}/`, '/') + query,
  ];
  for (const value of controllers) yield { value: base + value, detail: front };
}

const ports = ['80', '443', '8080', '3000', '8000', '8443', '8888', '5000', '5173', '9000'];

function otherPorts(url: string): OtherValue[] {
  const base = origin(url).replace(/:\d+$/, '');
  const rest = url.slice(origin(url).length);
  return [base, ...ports.map((port) => `${base}:${port}`)].map((start) => ({
    value: start + rest,
    detail: start.slice(base.length + 1),
  }));
}

/** What stands in proxy_pass and in the files of containers. */
const upstreams = [
  ...['127.0.0.1', 'localhost', '0.0.0.0'].flatMap((host) => ['', ...ports].map((port) => ({ host, port }))),
  ...['backend', 'upstream', 'app', 'web', 'api', 'server'].flatMap((host) =>
    ['', '8080', '3000', '8000'].map((port) => ({ host, port })),
  ),
];

/** Behind a proxy that sets no Host header, a server takes its own address for that of the page. */
function upstreamHosts(url: string): OtherValue[] {
  const rest = url.slice(origin(url).length);
  return ['http', 'https'].flatMap((scheme) =>
    upstreams.map(({ host, port }) => {
      const detail = port === '' ? host : `${host}:${port}`;
      return { value: `${scheme}://${detail}${rest}`, detail };
    }),
  );
}

function withFragment(url: string, given: string): OtherValue[] {
  const own = given.includes('#') ? [given.slice(given.indexOf('#'))] : [];
  return [...own, '#', '#/', '#!/', '#wechat_redirect', '#rd'].map((fragment) => ({
    value: url + fragment,
    detail: fragment,
  }));
}

/** `%e4` and `%E4` are the same to everybody but a hash. */
function changeEscapes(url: string, change: (escape: string) => string): OtherValue {
  return { value: url.replaceAll(/%[0-9a-f]{2}/gi, change) };
}

/** A form writes "+" for a blank, everything else "%20". */
function otherBlanks(url: string): OtherValue[] {
  const { start } = splitQuery(url);
  const query = url.slice(start.length);
  return plain(
    start + query.replaceAll('+', '%20'),
    start + query.replaceAll('%20', '+'),
    start + query.replaceAll('+', '%2B'),
  );
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

function encoded(url: string): OtherValue[] {
  return encoders().map((encode) => ({ value: quietly(encode, url) }));
}

function encodedTwice(url: string): OtherValue[] {
  return [encodeURIComponent, encodeURI].map((encode) => ({
    value: quietly((text) => encode(encode(text)), url),
  }));
}

function decoded(url: string): OtherValue[] {
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
