import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { diagnoseJssdk, diagnoseJssdkInTurns } from '../../../src/core/diagnosis/jssdk.ts';
import { jssdkMistakeWords } from '../../../src/core/diagnosis/jssdk-texts.ts';
import { formatText, jssdkMistakes, rightText, type JssdkCase } from '../../../src/core/diagnosis/jssdk.ts';
import { explanations } from '../../../src/core/diagnosis/search.ts';
import { vectors } from '../../helpers/vectors.ts';

const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg';
const accessToken = '61_W3mQzX0cYh7rTnEoLpKd';
const cardTicket = 'IpK_1T69hDhZkLQTlwsAX5GhCWLTsnrGcVGBeVYyHYZg';
const [nonce, time] = ['Wm3WZYTPz0wzccnW', '1414587457'];
const page = 'https://example.com/a/b?x=1&y=2';

const caseOf = (url: string, more: Partial<JssdkCase> = {}): JssdkCase => ({
  url,
  ticket,
  nonceStr: nonce,
  timestamp: time,
  accessToken,
  cardTicket,
  ...more,
});
const hex = (text: string, algorithm = 'sha1') => createHash(algorithm).update(text).digest('hex');
/** What a server hashes; written out here, so that a mistake of the code under test is not made twice. */
const string1 = (url: string, parts: { t?: string; n?: string; s?: string } = {}) =>
  `jsapi_ticket=${parts.t ?? ticket}&noncestr=${parts.n ?? nonce}&timestamp=${parts.s ?? time}&url=${url}`;
const otherPages = new Set([
  'share_parameters_missing',
  'oauth_parameters_missing',
  'browser_form',
  'escape_case',
  'blank_escape',
  'url_decoded',
  'values_encoded',
]);
const namesFor = (input: JssdkCase, signature: string) =>
  diagnoseJssdk(input, signature).mistakes.map(({ name }) => name);

/** What the page's URL is, what a server hashes by mistake, and what that must be called. */
const single: readonly (readonly [what: string, name: string, url: string, hashed: string])[] = [
  ['the fragment kept', 'fragment_kept', `${page}#top`, string1(`${page}#top`)],
  ['a lone # kept', 'fragment_kept', page, string1(`${page}#`)],
  ['#wechat_redirect kept', 'fragment_kept', page, string1(`${page}#wechat_redirect`)],
  ['http for https', 'scheme', page, string1(`http${page.slice(5)}`)],
  ['https for http', 'scheme', `http${page.slice(5)}`, string1(page)],
  ['no scheme', 'scheme', page, string1(page.slice(8))],
  ['www. added', 'host', page, string1('https://www.example.com/a/b?x=1&y=2')],
  ['www. left out', 'host', 'https://www.example.com/', string1('https://example.com/')],
  ['the port of the server behind the proxy', 'port', page, string1('https://example.com:8080/a/b?x=1&y=2')],
  [':443 added', 'port', page, string1('https://example.com:443/a/b?x=1&y=2')],
  ['the port left out', 'port', 'https://example.com:8443/', string1('https://example.com/')],
  ['a slash added', 'trailing_slash', 'https://example.com/a', string1('https://example.com/a/')],
  ['a slash left out', 'trailing_slash', 'https://example.com/a/', string1('https://example.com/a')],
  ['a bare domain', 'trailing_slash', 'https://example.com/', string1('https://example.com')],
  ['a slash before the query', 'trailing_slash', page, string1('https://example.com/a/b/?x=1&y=2')],
  ['a slash behind the query', 'trailing_slash', page, string1(`${page}/`)],
  ['the domain alone', 'path_missing', page, string1('https://example.com/')],
  ['no query', 'query_missing', page, string1('https://example.com/a/b')],
  ['the query cut at "&"', 'query_cut', page, string1('https://example.com/a/b?x=1')],
  ['encoded as a value', 'url_encoded_once', page, string1(encodeURIComponent(page))],
  [
    'encoded as Java does',
    'url_encoded_once',
    `${page}&q=%20`,
    string1('https%3a%2f%2fexample.com%2fa%2fb%3fx%3d1%26y%3d2%26q%3d%2520'),
  ],
  [
    'escapes escaped',
    'url_encoded_once',
    'https://example.com/%E4%BD%A0',
    string1('https://example.com/%25E4%25BD%25A0'),
  ],
  ['encoded twice', 'url_encoded_twice', page, string1(encodeURIComponent(encodeURIComponent(page)))],
  [
    'escapes escaped twice',
    'url_encoded_twice',
    'https://example.com/%E4%BD%A0',
    string1('https://example.com/%2525E4%2525BD%2525A0'),
  ],
  ['decoded', 'url_decoded', 'https://example.com/%E4%BD%A0?q=%26', string1('https://example.com/你?q=&')],
  ['decoded as a URL', 'url_decoded', 'https://e.com/%E4%BD%A0?q=%26', string1('https://e.com/你?q=%26')],
  ['plus as a blank', 'url_decoded', 'https://e.com/?q=a+b', string1('https://e.com/?q=a b')],
  ['&amp;', 'entity', page, string1('https://example.com/a/b?x=1&amp;y=2')],
  ['& for &amp;', 'entity', 'https://e.com/?x=1&amp;y=2', string1('https://e.com/?x=1&y=2')],
  [
    'share parameters left out',
    'share_parameters_missing',
    `${page}&from=singlemessage&isappinstalled=0`,
    string1(page),
  ],
  [
    'one of them left out',
    'share_parameters_missing',
    'https://e.com/?from=x&isappinstalled=0',
    string1('https://e.com/?from=x'),
  ],
  [
    'share parameters kept',
    'share_parameters_added',
    page,
    string1(`${page}&from=groupmessage&isappinstalled=0`),
  ],
  [
    'share parameters as the query',
    'share_parameters_added',
    'https://e.com/',
    string1('https://e.com/?from=timeline'),
  ],
  [
    'what 网页授权 appended left out',
    'oauth_parameters_missing',
    'https://e.com/p?code=021abc&state=S&id=3',
    string1('https://e.com/p?id=3'),
  ],
  [
    'the code alone left out',
    'oauth_parameters_missing',
    'https://e.com/p?id=3&code=021abc&state=S&x=1',
    string1('https://e.com/p?id=3&state=S&x=1'),
  ],
  [
    'one parameter left out',
    'parameters_missing',
    'https://e.com/p?a=1&b=2&c=3',
    string1('https://e.com/p?a=1&c=3'),
  ],
  [
    'neighbours of many left out',
    'parameters_missing',
    `https://e.com/p?${'abcdefgh'.replaceAll(/./g, '$&=1&')}i=1`,
    string1('https://e.com/p?a=1&e=1&f=1&g=1&h=1&i=1'),
  ],
  ['the query sorted', 'query_order', 'https://e.com/p?b=2&a=1&c=3', string1('https://e.com/p?a=1&b=2&c=3')],
  [
    'the query as a hash table had it',
    'query_order',
    'https://e.com/p?a=1&b=2&c=3',
    string1('https://e.com/p?c=3&a=1&b=2'),
  ],
  [
    'many parameters sorted',
    'query_order',
    'https://e.com/p?g=1&f=1&e=1&d=1&c=1&b=1&a=1',
    string1('https://e.com/p?a=1&b=1&c=1&d=1&e=1&f=1&g=1'),
  ],
  ['escapes in small letters', 'escape_case', 'https://e.com/%E4%BD%A0', string1('https://e.com/%e4%bd%a0')],
  ['escapes in capitals', 'escape_case', 'https://e.com/?q=%e4%bd%a0', string1('https://e.com/?q=%E4%BD%A0')],
  ['%20 for +', 'blank_escape', 'https://e.com/?q=a+b', string1('https://e.com/?q=a%20b')],
  ['+ for %20', 'blank_escape', 'https://e.com/?q=a%20b', string1('https://e.com/?q=a+b')],
  ['/index.php added', 'index_file', 'https://e.com/?id=3', string1('https://e.com/index.php?id=3')],
  ['/index.php left out', 'index_file', 'https://e.com/index.php?id=3', string1('https://e.com/?id=3')],
  [
    'the front controller',
    'index_file',
    'https://e.com/shop/p?id=3',
    string1('https://e.com/index.php/shop/p?id=3'),
  ],
  [
    'the route as a parameter',
    'index_file',
    'https://e.com/p?id=3',
    string1('https://e.com/index.php?s=/p&id=3'),
  ],
  ['the server behind the proxy', 'upstream_host', page, string1('http://127.0.0.1:8080/a/b?x=1&y=2')],
  ['the name of a container', 'upstream_host', page, string1('http://backend/a/b?x=1&y=2')],
  ['the nonce in small letters', 'nonce_case', page, string1(page, { n: nonce.toLowerCase() })],
  ['a second later', 'timestamp_difference', page, string1(page, { s: String(Number(time) + 1) })],
  ['five seconds earlier', 'timestamp_difference', page, string1(page, { s: String(Number(time) - 5) })],
  ['a line end behind the URL', 'url_space', page, string1(`${page}\n`)],
  ['nonceStr', 'parameter_name', page, string1(page).replace('noncestr', 'nonceStr')],
  [
    'nonceStr and timeStamp',
    'parameter_name',
    page,
    string1(page).replace('noncestr', 'nonceStr').replace('timestamp', 'timeStamp'),
  ],
  [
    'ticket, sorted',
    'parameter_name',
    page,
    `noncestr=${nonce}&ticket=${ticket}&timestamp=${time}&url=${page}`,
  ],
  ['milliseconds', 'timestamp_milliseconds', page, string1(page, { s: `${time}007` })],
  ['the access_token', 'access_token_as_ticket', page, string1(page, { t: accessToken })],
  ['the ticket of cards', 'card_ticket', page, string1(page, { t: cardTicket })],
  ['no ticket', 'ticket_missing', page, string1(page, { t: 'undefined' })],
  ['a line end behind the ticket', 'ticket_space', page, string1(page, { t: `${ticket}\n` })],
  [
    'another order',
    'parameter_order',
    page,
    `url=${page}&timestamp=${time}&noncestr=${nonce}&jsapi_ticket=${ticket}`,
  ],
  ['"&" at the end', 'separator', page, `${string1(page)}&`],
  ['no "&"', 'separator', page, `jsapi_ticket=${ticket}noncestr=${nonce}timestamp=${time}url=${page}`],
  ['the values alone', 'card_algorithm', page, [ticket, nonce, time, page].toSorted().join('')],
];

describe('diagnoseJssdk()', () => {
  test.each(single)('diagnoseJssdk() names the mistake: %s', (_, name, url, hashed) => {
    expect(namesFor(caseOf(url), hex(hashed))).toEqual([name]);
  });

  test('diagnoseJssdk() names a URL that was signed as it was typed', () => {
    const input = caseOf('https://e.com/a', { typedUrl: 'https://E.com/x/../a#top' });
    expect(namesFor(input, hex(string1('https://E.com/x/../a')))).toEqual(['browser_form']);
  });

  test('diagnoseJssdk() does not look for a timestamp further away', () => {
    expect(namesFor(caseOf(page), hex(string1(page, { s: String(Number(time) + 11) })))).toEqual([]);
  });

  test('diagnoseJssdkInTurns() finds the same, and pauses', async () => {
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
    };
    const signature = hex(string1(page, { s: `${time}000` }).replace('noncestr', 'nonceStr'));
    expect(await diagnoseJssdkInTurns(caseOf(page), signature, pause)).toEqual(
      diagnoseJssdk(caseOf(page), signature),
    );
    expect(pauses).toBeGreaterThan(1);
    expect((await diagnoseJssdkInTurns(caseOf(page), hex(string1(page)), pause)).ok).toBe(true);
  });

  test('diagnoseJssdk() names values that were encoded when they were joined', () => {
    const input = caseOf('https://e.com/', { nonceStr: 'a+b/c=' });
    const hashed = `jsapi_ticket=${ticket}&noncestr=a%2Bb%2Fc%3D&timestamp=${time}&url=https%3A%2F%2Fe.com%2F`;
    expect(namesFor(input, hex(hashed))).toEqual(['values_encoded']);
  });

  test.each([
    ['capitals', 'signature_case', hex(string1(page)).toUpperCase()],
    ['Base64', 'base64_digest', createHash('sha1').update(string1(page)).digest('base64')],
    ['MD5', 'other_digest', hex(string1(page), 'md5')],
    ['SHA-256', 'other_digest', hex(string1(page), 'sha256')],
    ['a digit too few', 'signature_form', hex(string1(page)).slice(1)],
  ])('diagnoseJssdk() sees at the signature itself: %s', (_, name, signature) => {
    expect(namesFor(caseOf(page), signature)).toEqual([name]);
    expect(diagnoseJssdk(caseOf(page), signature).ok).toBe(false);
  });

  test.each([
    ['fragment and http', ['scheme', 'fragment_kept'], `${page}#top`, string1(`http${page.slice(5)}#top`)],
    [
      'fragment, then encoded',
      ['fragment_kept', 'url_encoded_once'],
      `${page}#top`,
      string1(encodeURIComponent(`${page}#top`)),
    ],
    ['http and port', ['scheme', 'port'], page, string1('http://example.com:3000/a/b?x=1&y=2')],
    [
      '&amp; and nonceStr',
      ['entity', 'parameter_name'],
      page,
      string1(page.replace('&', '&amp;')).replace('noncestr', 'nonceStr'),
    ],
    [
      'milliseconds and no query',
      ['query_missing', 'timestamp_milliseconds'],
      page,
      string1('https://example.com/a/b', { s: `${time}999` }),
    ],
    [
      'milliseconds and nonceStr',
      ['timestamp_milliseconds', 'parameter_name'],
      page,
      string1(page, { s: `${time}000` }).replace('noncestr', 'nonceStr'),
    ],
    [
      'share parameters and fragment',
      ['share_parameters_added', 'fragment_kept'],
      page,
      string1(`${page}&from=timeline#rd`),
    ],
    [
      'access_token and decoded',
      ['url_decoded', 'access_token_as_ticket'],
      'https://e.com/%20',
      string1('https://e.com/ ', { t: accessToken }),
    ],
    [
      'another order and card ticket',
      ['card_ticket', 'parameter_order'],
      page,
      `noncestr=${nonce}&jsapi_ticket=${cardTicket}&timestamp=${time}&url=${page}`,
    ],
  ])('diagnoseJssdk() names two mistakes at once: %s', (_, names, url, hashed) => {
    expect(namesFor(caseOf(url), hex(hashed))).toEqual(names);
  });

  test('diagnoseJssdk() names a mistake beside the form of the signature', () => {
    expect(namesFor(caseOf(page), hex(string1(`${page}#`)).toUpperCase())).toEqual([
      'fragment_kept',
      'signature_case',
    ]);
    expect(namesFor(caseOf(page), hex(string1(page, { s: `${time}123` }), 'md5'))).toEqual([
      'timestamp_milliseconds',
      'other_digest',
    ]);
  });

  test('diagnoseJssdk() does not name three mistakes', () => {
    const hashed = string1(`http${page.slice(5)}#top`, { s: `${time}123` });
    expect(namesFor(caseOf(`${page}#top`), hex(hashed))).toEqual([]);
  });

  test('diagnoseJssdk() names milliseconds that are handed to wx.config, whatever was signed', () => {
    const input = caseOf(page, { timestamp: `${time}123` });
    expect(namesFor(input, hex(string1(page)))).toEqual(['timestamp_milliseconds']);
    expect(diagnoseJssdk(input, hex(string1(page))).ok).toBe(false);
    expect(namesFor(input, hex(string1(page, { s: `${time}123` })))).toEqual(['timestamp_milliseconds']);
    expect(namesFor(input, hex(string1(page, { s: `${time}124` })))).toEqual([]);
  });

  test.each(vectors.jssdk.filter(({ url }) => !url.includes('#')))(
    'diagnoseJssdk() accepts: $source',
    (vector) => {
      const input = caseOf(`${vector.url}#top`, { ticket: vector.jsapi_ticket });
      expect(diagnoseJssdk(input, vector.signature)).toMatchObject({
        ok: true,
        mistakes: [],
        expected: vector.signature,
      });
    },
  );

  test('diagnoseJssdk() names nothing for a random signature', () => {
    const url = 'http://例子.com:8080/?from=timeline&a=%20#top';
    expect(diagnoseJssdk(caseOf(url), randomBytes(20).toString('hex'))).toMatchObject({
      ok: false,
      mistakes: [],
      signed: undefined,
    });
  });

  test('diagnoseJssdk() tells no secret, whatever was signed', () => {
    const input = caseOf(`${page}#top`);
    const seen = new Set<string>();
    const tried = new Map<string, number>();
    for (const { state, mistakes } of explanations(rightText(input), jssdkMistakes(input), 1)) {
      const [made] = mistakes;
      const count = (tried.get(made?.name ?? '') ?? 0) + 1;
      tried.set(made?.name ?? '', count);
      // Of the thousand milliseconds some are enough.
      if (count > 30) continue;
      const answer = diagnoseJssdk(input, hex(formatText(state)));
      const text = JSON.stringify(answer);
      for (const secret of [ticket, accessToken, cardTicket]) expect(text).not.toContain(secret.slice(0, 12));
      for (const { name } of answer.mistakes) seen.add(name);
    }
    expect([...seen].toSorted()).toEqual(
      Object.keys(jssdkMistakeWords)
        .filter((name) => !/^signature_|_digest$/.test(name))
        // These need another URL or nonce.
        .filter((name) => !otherPages.has(name))
        .toSorted(),
    );
  });

  test('diagnoseJssdk() shows what was signed, with the ticket hidden', () => {
    expect(diagnoseJssdk(caseOf(`${page}#top`), hex(string1(`${page}#top`))).signed).toBe(
      `jsapi_ticket=***&noncestr=${nonce}&timestamp=${time}&url=${page}#top`,
    );
    expect(diagnoseJssdk(caseOf(page), hex([ticket, nonce, time, page].toSorted().join(''))).signed).toBe(
      `${time}${nonce}${page}***`,
    );
  });

  test('diagnoseJssdk() shows which other secret stood in the place of the ticket', () => {
    const signed = (t: string) => diagnoseJssdk(caseOf(page), hex(string1(page, { t }))).signed;
    expect(signed(accessToken)).toBe(string1(page, { t: '<access_token>' }));
    expect(signed(cardTicket)).toBe(string1(page, { t: '<wx_card ticket>' }));
    expect(signed(`"${ticket}"`)).toBe(string1(page, { t: '"***"' }));
    expect(signed('null')).toBe(string1(page, { t: 'null' }));
  });

  test('diagnoseJssdk() tells the detail, also where it looks like a pattern', () => {
    const url = "https://e.com/#$&%$'";
    const [mistake] = diagnoseJssdk(caseOf(url), hex(string1(url))).mistakes;
    expect(mistake?.text.en).toBe(`The URL was signed with its fragment: "#$&%$'"`);
    expect(mistake?.text.zh).toBe(`签名的地址带上了 # 及其后部分：“#$&%$'”`);
  });

  test('diagnoseJssdk() tries few texts of a long URL with many parameters', async () => {
    const long = `https://e.com/?${Array.from({ length: 3000 }, (_, index) => `from=${index}`).join('&')}`;
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
    };
    expect((await diagnoseJssdkInTurns(caseOf(long), '0'.repeat(40), pause)).mistakes).toEqual([]);
    // As many as for any other wrong signature.
    expect(pauses).toBeLessThan(60);
    expect(namesFor(caseOf(long), hex(string1(`${long}#`)))).toEqual(['fragment_kept']);
  });
});
