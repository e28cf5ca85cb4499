/** What goes wrong with the URL before it is signed: the page's URL in, what was signed instead out. */
import type { JssdkMistakeName } from './jssdk-texts.ts';
import { permutations, type OtherValue } from './variants.ts';

export interface UrlMistake {
  readonly name: JssdkMistakeName;
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

const shareNames = ['from', 'isappinstalled', 'scene', 'clicktime', 'enterid', 'nsukey', 'wechat_redirect'];

function isShare(pair: string): boolean {
  return shareNames.includes(nameOf(pair));
}

/** All of them gone, and each alone. */
function withoutShare(url: string): OtherValue[] {
  const { start, pairs } = splitQuery(url);
  const rests = [
    pairs.filter((pair) => !isShare(pair)),
    ...pairs
      .filter(isShare)
      .slice(0, mostCuts)
      .map((share) => pairs.filter((pair) => pair !== share)),
  ];
  return rests.map((rest) => ({ value: joinQuery(start, rest) }));
}

interface Query {
  /** What stands before the question mark. */
  readonly start: string;
  readonly pairs: readonly string[];
}

function splitQuery(url: string): Query {
  const at = url.indexOf('?');
  return at === -1
    ? { start: url, pairs: [] }
    : { start: url.slice(0, at), pairs: url.slice(at + 1).split('&') };
}

function joinQuery(start: string, pairs: readonly string[]): string {
  return pairs.length === 0 ? start : `${start}?${pairs.join('&')}`;
}

function nameOf(pair: string): string {
  return pair.replace(/=.*$/s, '');
}

/** What the page of 网页授权 appends when it comes back; shared on from there, the page has both kinds. */
function withoutOauth(url: string): readonly OtherValue[] {
  const query = splitQuery(url);
  return [
    isOauth,
    (pair: string): boolean => nameOf(pair) === 'code',
    (pair: string): boolean => nameOf(pair) === 'state',
    (pair: string): boolean => isOauth(pair) || isShare(pair),
  ].flatMap((leavesOut) => (query.pairs.some(isOauth) ? leaveOut(query, leavesOut) : []));
}

function isOauth(pair: string): boolean {
  return ['code', 'state'].includes(nameOf(pair));
}

/** The URL without some of its parameters; nothing where all of them stay. */
function leaveOut(
  { start, pairs }: Query,
  leavesOut: (pair: string, index: number) => boolean,
): readonly OtherValue[] {
  const left = pairs.filter(leavesOut);
  if (left.length === 0) return [];
  const rest = pairs.filter((pair, index) => !leavesOut(pair, index));
  return [{ value: joinQuery(start, rest), detail: left.map(nameOf).join(', ') }];
}

/** Up to so many parameters, every choice of them is tried; of more, one and neighbours. */
const mostChoices = 6;

function* withoutParameters(url: string): Iterable<OtherValue> {
  const query = splitQuery(url);
  const { length } = query.pairs;
  if (length < 2) return;
  if (length <= mostChoices) {
    for (let choice = 1; choice < 2 ** length - 1; choice += 1)
      yield* leaveOut(query, (_, index) => (choice & (1 << index)) !== 0);
    return;
  }
  const most = Math.min(length, mostCuts);
  for (let count = 1; count < most; count += 1) {
    for (let from = 0; from + count <= most; from += 1)
      yield* leaveOut(query, (_, index) => index >= from && index < from + count);
  }
}

/** Up to so many parameters, every order of them is tried: that of a hash table is any. */
const mostOrdered = 5;

function otherQueryOrders(url: string): OtherValue[] {
  const { start, pairs } = splitQuery(url);
  if (pairs.length < 2) return [];
  const orders = [
    pairs.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1)),
    pairs.toSorted(),
    pairs.toReversed(),
    ...(pairs.length <= mostOrdered ? permutations(pairs) : []),
  ];
  return orders.map((order) => ({ value: joinQuery(start, order) }));
}

const shareQueries = ['singlemessage', 'groupmessage', 'timeline'].flatMap((from) => [
  `from=${from}`,
  `from=${from}&isappinstalled=0`,
  `from=${from}&isappinstalled=1`,
]);

function withShare(url: string): OtherValue[] {
  const join = url.includes('?') ? '&' : '?';
  return [...shareQueries, 'isappinstalled=0', 'isappinstalled=1'].map((query) => ({
    value: url + join + query,
    detail: query,
  }));
}

/** More parameters than this are not tried one by one. */
const mostCuts = 20;

/** What is left of a URL that was handed on as `?url=https://…&x=1` without encoding it. */
function* cutAtAmpersand(url: string): Iterable<OtherValue> {
  let at = -1;
  for (let cut = 0; cut < mostCuts; cut += 1) {
    at = url.indexOf('&', at + 1);
    if (at === -1) return;
    yield { value: url.slice(0, at) };
  }
}
