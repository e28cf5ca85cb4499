import { describe, expect, test } from 'vitest';
import { buttonFields } from '../../../../src/core/menu/menu.ts';
import { validateMenu, validateMenuFile } from '../../../../src/core/menu/rules/menu-rules.ts';
import * as texts from '../../../../src/core/menu/rules/texts.ts';

const click = (name = 'a', key = 'k') => ({ type: 'click', name, key });
const one = (button: unknown) => ({ button: [button] });
const parent = (...sub_button: unknown[]) => one({ name: 'p', sub_button });

const marks = { error: '', warning: '?', notice: '~' } as const;
/** `rule path errcode[/alternative]`, with `?` for a warning and `~` for a notice. */
const summary = (value: unknown) =>
  validateMenu(value).map(
    ({ rule, path, errcode, alternative, severity }) =>
      `${rule}${marks[severity]} ${path} ${errcode ?? '-'}${alternative === undefined ? '' : `/${alternative}`}`,
  );
/** What is said of the first problem. */
const said = (value: unknown) => validateMenu(value)[0]?.say(texts).text.en;
const buttons = (count: number, make: (index: number) => unknown) =>
  Array.from({ length: count }, (_, index) => make(index));

describe('validateMenu(): counts', () => {
  test.each([1, 2, 3])('validateMenu() accepts %i top-level buttons', (count) => {
    expect(summary({ button: buttons(count, (index) => click(`a${index}`, `k${index}`)) })).toEqual([]);
  });

  test.each([0, 4])('validateMenu() refuses %i top-level buttons', (count) => {
    expect(summary({ button: buttons(count, (index) => click(`a${index}`, `k${index}`)) })).toEqual([
      'button-count /button 40016',
    ]);
  });

  test.each([1, 5])('validateMenu() accepts %i sub-buttons', (count) => {
    expect(summary(parent(...buttons(count, (index) => click(`a${index}`, `k${index}`))))).toEqual([]);
  });

  test.each([0, 6])('validateMenu() refuses %i sub-buttons', (count) => {
    expect(summary(parent(...buttons(count, (index) => click(`a${index}`, `k${index}`))))).toEqual([
      'sub-button-count /button/0/sub_button 40023',
    ]);
  });

  test('validateMenu() accepts an empty list beside a type, as menu/get answers it', () => {
    expect(summary(one({ ...click(), sub_button: [] }))).toEqual([]);
    expect(summary(parent({ ...click(), sub_button: [] }))).toEqual([]);
  });

  test('validateMenu() refuses a third level', () => {
    expect(summary(parent({ name: 'b', sub_button: [click()] }))).toEqual([
      'menu-level /button/0/sub_button/0/sub_button 40022',
    ]);
  });
});

describe('validateMenu(): bytes', () => {
  test.each([
    ['a'.repeat(8), []],
    [' \u3000', ['name-blank? /button/0/name -']],
    ['a'.repeat(9), ['name-shown? /button/0/name -']],
    ['a'.repeat(16), ['name-shown? /button/0/name -']],
    ['a'.repeat(17), ['name-bytes /button/0/name 40018']],
    ['ab你好吗', []],
    ['ab你好吗的', ['name-shown? /button/0/name -']],
    ['一二三四五a', ['name-shown? /button/0/name -']],
    ['一二三四五ab', ['name-bytes /button/0/name 40018']],
  ])('validateMenu() finds in the top-level name %j: %j', (name, found) => {
    expect(summary(one(click(name)))).toEqual(found);
  });

  test.each([
    ['a'.repeat(16), []],
    ['a'.repeat(60), ['name-shown? /button/0/sub_button/0/name -']],
    ['a'.repeat(61), ['name-bytes /button/0/sub_button/0/name 40025/40018']],
    ['一二三四五六七八', []],
    ['一二三四五六七八九', ['name-shown? /button/0/sub_button/0/name -']],
    ['一'.repeat(20), ['name-shown? /button/0/sub_button/0/name -']],
    ['一'.repeat(20) + 'a', ['name-bytes /button/0/sub_button/0/name 40025/40018']],
  ])('validateMenu() finds in the sub-button name %j: %j', (name, found) => {
    expect(summary(parent(click(name)))).toEqual(found);
  });

  test.each([
    ['k'.repeat(128), [], []],
    ['一'.repeat(42) + 'ab', [], []],
    [
      'k'.repeat(129),
      ['key-bytes /button/0/key 40019'],
      ['key-bytes /button/0/sub_button/0/key 40026/40019'],
    ],
    [
      '一'.repeat(43),
      ['key-bytes /button/0/key 40019'],
      ['key-bytes /button/0/sub_button/0/key 40026/40019'],
    ],
  ])('validateMenu() finds in the key %j: %j, on the second level %j', (key, top, second) => {
    expect(summary(one(click('a', key)))).toEqual(top);
    expect(summary(parent(click('a', key)))).toEqual(second);
  });

  test('validateMenu() accepts a URL of 1024 bytes and refuses 1025', () => {
    const url = (bytes: number) => ({
      type: 'view',
      name: 'a',
      url: 'https://example.com/'.padEnd(bytes, 'x'),
    });
    expect(summary(one(url(1024)))).toEqual([]);
    expect(summary(one(url(1025)))).toEqual(['url-bytes /button/0/url 40020']);
    expect(summary(parent(url(1025)))).toEqual(['url-bytes /button/0/sub_button/0/url 40027/40020']);
  });
});

describe('validateMenu(): types', () => {
  const full = {
    key: 'k',
    url: 'https://a/',
    media_id: 'm',
    article_id: 'r',
    appid: 'wx0123456789abcdef',
    pagepath: 'p',
  };

  test.each(Object.entries(buttonFields))('validateMenu() asks for the fields of %s: %j', (type, fields) => {
    const button: Record<string, string> = { type, name: 'a' };
    for (const field of fields) button[field] = full[field];
    expect(validateMenu(one(button)).filter(({ severity }) => severity === 'error')).toEqual([]);
    for (const field of fields) {
      const { [field]: _, ...without } = button;
      const rule = `${field.replace('_', '-')}-missing`;
      expect(validateMenu(one(without))).toContainEqual(
        expect.objectContaining({ rule, severity: 'error', path: '/button/0' }),
      );
      expect(validateMenu(one({ ...button, [field]: '' }))).toContainEqual(
        expect.objectContaining({ rule, severity: 'error', path: `/button/0/${field}` }),
      );
    }
  });

  test.each([
    ['key', 40019, 40026],
    ['url', 40020, 40027],
    ['media_id', 40007, 40007],
    ['article_id', 53600, 53600],
  ] as const)(
    'validateMenu() answers a missing %s with %i and on the second level %i',
    (field, top, second) => {
      const type = { key: 'click', url: 'view', media_id: 'media_id', article_id: 'article_id' }[field];
      expect(validateMenu(one({ type, name: 'a' }))[0]?.errcode).toBe(top);
      expect(validateMenu(parent({ type, name: 'a' }))[0]?.errcode).toBe(second);
    },
  );

  test.each([
    [{ name: 'a' }, ['type-missing /button/0 40017'], ['type-missing /button/0/sub_button/0 40024/40017']],
    [
      { name: 'a', type: 'View' },
      ['type-case /button/0/type 40017'],
      ['type-case /button/0/sub_button/0/type 40024/40017'],
    ],
    [
      { name: 'a', type: 'text', value: 'Hello' },
      ['type-web-only /button/0/type 40017'],
      ['type-web-only /button/0/sub_button/0/type 40024/40017'],
    ],
    [
      { name: 'a', type: 'constructor' },
      ['type-unknown /button/0/type 40017'],
      ['type-unknown /button/0/sub_button/0/type 40024/40017'],
    ],
    [
      { name: 'a', type: 1 },
      ['type-unknown /button/0/type 40017'],
      ['type-unknown /button/0/sub_button/0/type 40024/40017'],
    ],
    [
      { type: 'click', key: 'k' },
      ['name-missing /button/0 40018'],
      ['name-missing /button/0/sub_button/0 40025/40018'],
    ],
    [
      { name: 1, type: 'click', key: 'k' },
      ['text-expected /button/0/name 40018'],
      ['text-expected /button/0/sub_button/0/name 40025/40018'],
    ],
    [
      { name: '', type: 'click', key: 'k' },
      ['name-missing /button/0/name 40018'],
      ['name-missing /button/0/sub_button/0/name 40025/40018'],
    ],
    ['x', ['button-object /button/0 40016'], ['button-object /button/0/sub_button/0 40023']],
  ])('validateMenu() finds in %j: %j, on the second level %j', (button, top, second) => {
    expect(summary(one(button))).toEqual(top);
    expect(summary(parent(button))).toEqual(second);
  });

  test('validateMenu() says how much of a name a phone shows', () => {
    expect(said(one(click('一二三四五')))).toContain('wider than 4 Chinese characters');
    expect(said(parent(click('一'.repeat(9))))).toContain('wider than 8 Chinese characters');
  });

  test('validateMenu() reports in the order of the checks: name, type, fields', () => {
    expect(summary({ button: [{ type: 'miniprogram', name: 'a'.repeat(17) }, { name: '' }] })).toEqual([
      'name-bytes /button/0/name 40018',
      'url-missing /button/0 40020',
      'appid-missing /button/0 40013',
      'pagepath-missing /button/0 40035',
      'name-missing /button/1/name 40018',
      'type-missing /button/1 40017',
    ]);
  });
});

describe('validateMenu(): addresses', () => {
  const view = (url: string) => ({ type: 'view', name: 'a', url });

  test.each([
    ['https://a.com/', []],
    ['HTTPS://A.com', []],
    ['http://a.com/', ['url-http~ /button/0/url -']],
    ['https://a.com/?a=1&amp;b=2', ['url-entity? /button/0/url -']],
    ['https://a.com/ b', ['url-blank? /button/0/url -']],
    ['https://192.168.0.1/', ['url-private? /button/0/url -']],
    ['https://a.com/?u=http://b.com', []],
    ['a.com', ['url-scheme /button/0/url 40055']],
    ['weixin://a', ['url-scheme /button/0/url 40055']],
    ['https://', ['url-scheme /button/0/url 40055']],
  ])('validateMenu() finds in the URL %j: %j', (url, found) => {
    expect(summary(one(view(url)))).toEqual(found);
  });

  test('validateMenuFile() asks for the own AppID only where a link names one', () => {
    const link = (query: string): string =>
      `https://open.weixin.qq.com/connect/oauth2/authorize?${query}redirect_uri=https%3A%2F%2Fa.cn&response_type=code&scope=snsapi_base#wechat_redirect`;
    const rulesOf = (url: string, own: () => string | undefined) =>
      validateMenuFile(one(view(url)), own).map(({ rule }) => rule);
    const named = link('appid=wx0123456789abcdef&');
    expect(rulesOf(named, () => 'wx0123456789abcdef')).toEqual([]);
    expect(rulesOf(named, () => 'wxfedcba9876543210')).toEqual(['authorize-appid']);
    expect(rulesOf(named, () => undefined)).toEqual([]);
    expect(rulesOf('https://a.cn/', () => expect.fail('asked'))).toEqual([]);
    expect(rulesOf(link(''), () => expect.fail('asked'))).toEqual(['authorize-link']);
  });

  test('validateMenu() has another code for URLs of the second level', () => {
    expect(summary(parent(view('a.com')))).toEqual(['url-scheme /button/0/sub_button/0/url 40054/40055']);
  });

  test('validateMenu() warns of an AppID that does not look like one', () => {
    const button = (appid: string) =>
      one({ type: 'miniprogram', name: 'a', url: 'https://a.cn/', pagepath: 'p', appid });
    expect(summary(button('wx286b93c14bbf93aa'))).toEqual([]);
    expect(summary(button('WX286B93C14BBF93AA'))).toEqual(['appid-form? /button/0/appid -']);
  });
});

describe('validateMenu(): warnings', () => {
  test('validateMenu() warns of what the platform ignores or nobody means', () => {
    expect(summary(one({ name: 'p', type: 'click', sub_button: [click()] }))).toEqual([
      'sub-button-beside-type? /button/0/type -',
    ]);
    expect(summary(one({ ...click(), ulr: 'x' }))).toEqual(['unknown-key? /button/0/ulr -']);
    expect(summary({ ...one(click()), $schema: 'x', 'a/b~c': 1 })).toEqual(['unknown-key? /a~1b~0c -']);
    expect(summary({ button: [click('a', 'k'), click('a', 'k')] })).toEqual([
      'name-duplicate? /button/1/name -',
      'key-duplicate? /button/1/key -',
    ]);
    expect(summary(one({ type: 'view_limited', name: 'a', media_id: 'm' }))).toEqual([
      'type-retired? /button/0/type -',
    ]);
  });

  test.each([
    [' a', 'blank-at-edge? /button/0/name -', 'at the start'],
    ['a ', 'blank-at-edge? /button/0/name -', 'at the end'],
    ['a\u200bb', 'invisible-character? /button/0/name -', 'U+200B'],
    ['\u00ada', 'invisible-character? /button/0/name -', 'U+00AD'],
  ])('validateMenu() warns of what nobody sees in the name %j: %s', (name, found, where) => {
    expect(summary(one(click(name)))).toEqual([found]);
    expect(said(one(click(name)))).toContain(where);
  });

  test('validateMenu() looks for blanks in keys, leaves joiners and speaks once of a URL', () => {
    expect(summary(one(click('a', 'k ')))).toEqual(['blank-at-edge? /button/0/key -']);
    expect(summary(one(click('a\u200db')))).toEqual([]);
    expect(summary(one({ type: 'view', name: 'a', url: 'https://a.com/ ' }))).toEqual([
      'url-blank? /button/0/url -',
    ]);
  });

  test('validateMenu() refuses numbers where a text belongs', () => {
    expect(summary(one({ ...click(), key: 5 }))).toEqual(['text-expected /button/0/key 40019']);
  });

  test('validateMenu() warns of fields that the type does not have', () => {
    const stray = { rule: 'field-unused', at: 'key' };
    expect(validateMenu(one({ type: 'view', name: 'a', url: 'https://a.cn/', key: 'k' }))).toEqual([
      expect.objectContaining({ ...stray, path: '/button/0/key' }),
    ]);
    expect(validateMenu(one({ name: 'p', key: 'k', sub_button: [click()] }))).toEqual([
      expect.objectContaining({ ...stray, path: '/button/0/key' }),
    ]);
    expect(summary(one({ ...click(), sub_button: [], url: 'https://a.cn/' }))).toEqual([
      'field-unused? /button/0/url -',
    ]);
  });

  test('validateMenu() excuses fields of the web console only beside its types', () => {
    expect(summary(one({ ...click(), value: 'x' }))).toEqual(['unknown-key? /button/0/value -']);
    expect(summary(one({ name: 'a', type: 'text', value: 'x', ulr: 'y' }))).toEqual([
      'type-web-only /button/0/type 40017',
      'unknown-key? /button/0/ulr -',
    ]);
  });

  test('validateMenu() takes names for equal only in one list, and keys only of buttons with one', () => {
    const view = { type: 'view', url: 'https://a.cn/', key: 'k' };
    expect(summary({ button: [click('a', 'k'), { name: 'p', sub_button: [click('a', 'l')] }] })).toEqual([]);
    expect(summary({ button: [click('a', 'k'), { name: 'p', sub_button: [click('b', 'k')] }] })).toEqual([
      'key-duplicate? /button/1/sub_button/0/key -',
    ]);
    expect(summary({ button: [click('a', 'k'), { ...view, name: 'b' }] })).toEqual([
      'field-unused? /button/1/key -',
    ]);
  });

  test('validateMenu() names what may stand there', () => {
    expect(validateMenu({ ...one(click()), buttons: [] })[0]).toMatchObject({
      at: 'key',
      choices: { given: 'buttons', known: ['button', 'conditional', '$schema', 'matchrule'] },
    });
    expect(validateMenu(one({ name: 'a', type: 'veiw' }))[0]?.choices).toMatchObject({
      given: 'veiw',
      known: expect.arrayContaining(['view']) as unknown,
    });
    expect(validateMenu(one({ ...click(), ulr: 'x' }))[0]?.choices).toMatchObject({
      given: 'ulr',
      known: expect.arrayContaining(['url']) as unknown,
    });
  });
});

describe('validateMenu(): shapes', () => {
  test.each([
    [null, ['menu-object  47001']],
    [[], ['menu-object  47001']],
    ['{}', ['menu-object  47001']],
    [{}, ['button-list  40016']],
    [{ button: {} }, ['button-list /button 40016']],
    [{ menu: {} }, ['button-list /menu 40016']],
    [{ menu: one(click('a'.repeat(17))) }, ['name-bytes /menu/button/0/name 40018']],
    [one({ name: 'p', sub_button: { list: [click()] } }), ['sub-button-list /button/0/sub_button 40016']],
    [one({ name: 'p', sub_button: 'x' }), ['sub-button-list /button/0/sub_button 40023']],
  ])('validateMenu() finds in %j: %j', (value, found) => {
    expect(summary(value)).toEqual(found);
  });

  test.each(['__proto__', 'constructor', 'prototype'])(
    'validateMenu() refuses the key %s at any depth',
    (name) => {
      const places: readonly [string, string][] = [
        [`{"${name}":{"x":1},"button":[]}`, `/${name}`],
        [`{"button":[{"name":"a","${name}":1}]}`, `/button/0/${name}`],
        [
          `{"button":[],"conditional":[{"matchrule":{"a":[{"${name}":1}]}}]}`,
          `/conditional/0/matchrule/a/0/${name}`,
        ],
      ];
      for (const [json, path] of places) {
        expect(summary(JSON.parse(json))).toEqual([`reserved-key ${path} 47001`]);
      }
      expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    },
  );

  test('validateMenu() refuses characters that only an escape can write, in values and names', () => {
    const found = { rule: 'escaped-character', errcode: 40033 };
    expect(validateMenu(one(click('a', 'k\u0001')))).toEqual([
      expect.objectContaining({ ...found, path: '/button/0/key' }),
    ]);
    expect(validateMenu({ ...one(click()), '\u0001': 1 })).toContainEqual(
      expect.objectContaining({ ...found, path: '/\u0001', at: 'key' }),
    );
    expect(summary(one(click('a', 'k\n1')))).toEqual([]);
  });

  test('validateMenu() takes 16 levels for a menu, and nothing within $schema', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
    const rulesAt = (depth: number) => validateMenu({ button: nested(depth) }).map(({ rule }) => rule);
    expect(rulesAt(15)).not.toContain('nesting');
    expect(rulesAt(16)).toEqual(['nesting']);
    expect(summary({ ...one(click()), $schema: JSON.parse('{"__proto__":1}') })).toEqual([]);
  });

  test('validateMenu() refuses deep nesting instead of running out of stack', () => {
    const json = `{"button":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect(validateMenu(JSON.parse(json))[0]).toMatchObject({ rule: 'nesting', errcode: 47001 });
  });

  test('validateMenu() gives every error a code and both languages', () => {
    const worst = {
      button: [
        {},
        'x',
        { name: 'a'.repeat(17), type: 'View' },
        { name: 'p', sub_button: [{}, { name: 'x', type: 'view', url: 'a' }] },
      ],
    };
    for (const { severity, errcode, say } of validateMenu(worst)) {
      expect(severity === 'warning' || errcode !== undefined).toBe(true);
      expect(say(texts).text.en).not.toBe(say(texts).text.zh);
    }
  });
});

describe('validateMenu(): conditional menus', () => {
  const conditional = (matchrule: unknown, button: unknown[] = [click()]) => ({
    ...one(click()),
    conditional: [{ button, matchrule }],
  });

  test.each([{ tag_id: '2' }, { client_platform_type: '1' }, { tag_id: '2', client_platform_type: '3' }])(
    'validateMenu() accepts the rule %j',
    (rule) => {
      expect(summary(conditional(rule))).toEqual([]);
      expect(summary({ ...one(click()), matchrule: rule })).toEqual([]);
    },
  );

  test.each([
    [undefined, ['match-rule-empty /conditional/0 65304']],
    [{}, ['match-rule-empty /conditional/0/matchrule 65304']],
    ['x', ['match-rule-empty /conditional/0/matchrule 65304']],
    [{ sex: '1', tag_id: '2' }, ['match-rule-private /conditional/0/matchrule/sex 65320']],
    [{ language: 'zh_CN' }, ['match-rule-private /conditional/0/matchrule/language 65320']],
    [{ group_id: '2' }, ['match-rule-old? /conditional/0/matchrule/group_id -']],
    [
      { tagid: '2' },
      ['match-rule-empty /conditional/0/matchrule 65304', 'unknown-key? /conditional/0/matchrule/tagid -'],
    ],
    [{ tag_id: '' }, ['match-rule-empty /conditional/0/matchrule 65304']],
    [{ tag_id: 2 }, ['match-number? /conditional/0/matchrule/tag_id -']],
    [{ tag_id: '二' }, ['match-tag /conditional/0/matchrule/tag_id 45159']],
    [{ tag_id: '2', sex: '' }, ['match-field-empty? /conditional/0/matchrule/sex -']],
    [{ tag_id: '2', sex: null }, []],
    [{ client_platform_type: 'IOS' }, ['match-platform /conditional/0/matchrule/client_platform_type 40035']],
    [{ client_platform_type: 4 }, ['match-platform /conditional/0/matchrule/client_platform_type 40035']],
    [{ client_platform_type: 1 }, ['match-number? /conditional/0/matchrule/client_platform_type -']],
    [{ client_platform_type: '4' }, ['match-platform /conditional/0/matchrule/client_platform_type 40035']],
  ])('validateMenu() finds in the rule %j: %j', (rule, found) => {
    expect(summary(conditional(rule))).toEqual(found);
  });

  test('validateMenu() checks the buttons of conditional menus', () => {
    expect(summary(conditional({ tag_id: '2' }, []))).toEqual(['button-count /conditional/0/button 40016']);
    expect(summary({ ...one(click()), conditional: {} })).toEqual(['conditional-list /conditional 65307']);
    expect(summary({ menu: { ...one(click()), conditional: [{ button: [click()] }] } })).toEqual([
      'match-rule-empty /menu/conditional/0 65304',
    ]);
  });

  test('validateMenu() accepts links to 3 domains and refuses 4', () => {
    const links = (count: number) => [
      {
        name: 'p',
        sub_button: buttons(count, (index) => ({
          type: 'view',
          name: `n${index}`,
          url: `https://a${index}.com/${index}`,
        })),
      },
      { type: 'view', name: 'x', url: 'https://A0.com/other' },
    ];
    expect(summary(conditional({ tag_id: '2' }, links(3)))).toEqual([]);
    expect(summary(conditional({ tag_id: '2' }, links(4)))).toEqual([
      'domain-count /conditional/0/button/0/sub_button/3/url 65316',
    ]);
    expect(summary({ button: links(4) })).toEqual([]);
    expect(summary({ button: links(4), matchrule: { tag_id: '2' } })).toEqual([
      'domain-count /button/0/sub_button/3/url 65316',
    ]);
  });

  test.each([
    [
      (index: number) => `m${index}.shop.com`,
      ['domain-count? /conditional/0/button/0/sub_button/3/url 65316'],
    ],
    [
      (index: number) => `${index}.shop.com`,
      ['domain-count? /conditional/0/button/0/sub_button/3/url 65316'],
    ],
    [(index: number) => `8.8.${index}.8`, ['domain-count /conditional/0/button/0/sub_button/3/url 65316']],
    [(index: number) => `shop.com:${index + 1}`, []],
  ])('validateMenu() counts hosts of one domain only for a warning: %s', (hostOf, found) => {
    const list = buttons(4, (index) => ({
      type: 'view',
      name: `n${index}`,
      url: `https://${hostOf(index)}/`,
    }));
    expect(summary(conditional({ tag_id: '2' }, [{ name: 'p', sub_button: list }]))).toEqual(found);
  });

  test('validateMenu() warns of a rule that a newer menu has too', () => {
    const menus = (...rules: unknown[]) => ({
      ...one(click()),
      conditional: rules.map((matchrule) => ({ ...one(click()), matchrule })),
    });
    expect(summary(menus({ tag_id: '2' }, { tag_id: '3' }, { tag_id: '2' }))).toEqual([
      'match-rule-duplicate? /conditional/2/matchrule -',
    ]);
    expect(summary(menus({}, {}))).toEqual([
      'match-rule-empty /conditional/0/matchrule 65304',
      'match-rule-empty /conditional/1/matchrule 65304',
    ]);
  });

  test('validateMenu() refuses conditional menus without a default one', () => {
    const list = [{ ...one(click()), matchrule: { tag_id: '2' } }];
    expect(validateMenu({ conditional: list })).toEqual([
      expect.objectContaining({
        rule: 'conditional-without-default',
        path: '/conditional',
        at: 'key',
        errcode: 65303,
      }),
    ]);
  });
});

describe('validateMenuFile()', () => {
  const live = {
    is_menu_open: 1,
    selfmenu_info: { button: [{ name: 'p', sub_button: { list: [click('a'.repeat(61))] } }] },
  };
  const rules = (value: unknown) => validateMenuFile(value).map(({ rule, path }) => `${rule} ${path}`);

  test('validateMenuFile() reads what get_current_selfmenu_info answers; validateMenu() refuses it', () => {
    expect(rules(live)).toEqual(['name-bytes /selfmenu_info/button/0/sub_button/list/0/name']);
    expect(summary(live)).toEqual(['sub-button-list /selfmenu_info/button/0/sub_button 40016']);
  });

  test('validateMenuFile() reads what menu/get answers, conditional menus included', () => {
    const menu = { button: [{ ...click(), sub_button: [] }], menuid: 208396938 };
    const old = { button: [{ ...click(), sub_button: [] }], matchrule: { sex: 1 } };
    expect(rules({ menu })).toEqual([]);
    const listed = (menuid?: number) =>
      validateMenuFile({ menu, conditionalmenu: [{ ...old, ...(menuid && { menuid }) }] })[0];
    const path = '/conditionalmenu/0/matchrule/sex';
    expect(listed()).toMatchObject({ rule: 'match-rule-private', severity: 'error', path });
    // One that exists cannot be made again, and need not.
    expect(listed(208396993)).toMatchObject({ rule: 'match-rule-private', severity: 'warning', path });
  });

  test('validateMenuFile() refuses a rule beside the default menu; validateMenu() takes it', () => {
    const body = { ...one(click()), matchrule: { tag_id: '2' } };
    expect(rules(body)).toEqual(['match-rule-place /matchrule']);
    expect(rules({ menu: body })).toEqual(['match-rule-place /menu/matchrule']);
    expect(summary(body)).toEqual([]);
  });

  test('validateMenuFile() never advises to move a rule without a condition', () => {
    const hint = (matchrule: unknown) =>
      validateMenuFile({ ...one(click()), matchrule })[0]?.say(texts).hint?.en;
    expect(hint({ tag_id: '2' })).toMatch(/^Write .*"matchrule": \{"tag_id":"2"\}/);
    expect(hint({ tag_id: '', sex: '' })).toMatch(/^Remove it, or write .*"matchrule": \{"tag_id": "…"\}/);
    expect(hint({})).toMatch(/^Remove it, or write /);
  });

  test('a link of web authorisation with "&amp;" is accused of that alone', () => {
    const url =
      'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx286b93c14bbf93aa&redirect_uri=https%3A%2F%2Fa.com&response_type=code&scope=snsapi_base#wechat_redirect';
    const view = (address: string) => one({ type: 'view', name: 'A', url: address });
    expect(rules(view(url))).toEqual([]);
    expect(rules(view(url.replaceAll('&', '&amp;')))).toEqual(['url-entity /button/0/url']);
    expect(rules(view(url.replaceAll('&', '&amp;').replace('code', 'token')))).toEqual([
      'url-entity /button/0/url',
      'authorize-link /button/0/url',
    ]);
  });
});
