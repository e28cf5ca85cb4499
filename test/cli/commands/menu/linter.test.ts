import { describe, expect, test } from 'vitest';
import { lintMenu } from '../../../../src/cli/commands/menu/linter.ts';
import { menuRules, type MenuRule } from '../../../../src/core/menu/rules/problem.ts';

/** A file whose first button is this. */
const top = (button: string): string => `{\n  "button": [\n    ${button}\n  ]\n}\n`;
/** A file whose only sub-button is this. */
const sub = (button: string): string => top(`{ "name": "菜单", "sub_button": [\n      ${button}\n    ] }`);
const click = (index: number): string => `{ "type": "click", "name": "n${index}", "key": "k${index}" }`;
const clicks = (count: number): string => Array.from({ length: count }, (_, index) => click(index)).join(',');
const list = (count: number): string => `{ "button": ¶[${clicks(count)}] }`;
const parent = (count: number): string => top(`{ "name": "p", "sub_button": ¶[${clicks(count)}] }`);
const conditional = (...menus: string[]): string =>
  `{ "button": [${click(0)}],\n  "conditional": [\n    ${menus.join(',\n    ')}\n] }`;
const conditionalOf = (rule: string): string =>
  conditional(`{ "button": [${click(1)}], "matchrule": ${rule} }`);
/** Conditional menus with one link each; the last link is the one too many. */
const linking = (...hosts: string[]): string =>
  conditional(
    ...hosts.map(
      (host, index) =>
        `{ "button": [{ "type": "view", "name": "n", "url": ${index === hosts.length - 1 ? '¶' : ''}"https://${host}/" }], "matchrule": { "tag_id": "${index}" } }`,
    ),
  );
const url = (bytes: number): string => `"${'https://example.com/'.padEnd(bytes, 'x')}"`;
const view = (address: string): string => top(`{ "type": "view", "name": "a", "url": ¶${address} }`);
/** An address of 网页授权 but for its end. */
const authorize =
  'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx286b93c14bbf93aa&redirect_uri=https%3A%2F%2Fa.com&response_type=code&scope=snsapi_base';
const miniProgram = (fields: string, mark = '¶'): string =>
  top(`${mark}{ "type": "miniprogram", "name": "a", "url": "https://a.com/"${fields} }`);

interface Case {
  readonly rule: MenuRule;
  /** What is broken. */
  readonly name: string;
  /** "¶" stands where the problem is to be reported. */
  readonly broken: string;
  /** As near to it as can be, and good. */
  readonly good: string;
  readonly errcode?: number;
  readonly alternative?: number;
  readonly warning?: true;
  readonly notice?: true;
}

const cases: readonly Case[] = [
  {
    rule: 'json-duplicate-key',
    name: 'a name twice',
    broken: top('{ "type": "click", "name": "a", ¶"name": "b", "key": "k" }'),
    good: top(click(1)),
    warning: true,
  },
  {
    rule: 'reserved-key',
    name: '__proto__ in a button',
    broken: top('{ "type": "click", "name": "a", "key": "k",\n ¶"__proto__": {} }'),
    good: top(click(1)),
    errcode: 47001,
  },
  {
    rule: 'nesting',
    name: '17 levels',
    broken: `{ "button": ${'['.repeat(15)}¶[]${']'.repeat(15)} }`,
    good: top(click(1)),
    errcode: 47001,
  },
  {
    rule: 'escaped-character',
    name: 'a bell in a name',
    broken: top('{ "type": "click", "name": ¶"a\\u0007", "key": "k" }'),
    good: top('{ "type": "click", "name": "a\\nb", "key": "k" }'),
    errcode: 40033,
  },
  {
    rule: 'escaped-character',
    name: 'half a pair in a key',
    broken: top('{ "type": "click", "name": "a", "key": ¶"\\ud83d" }'),
    good: top('{ "type": "click", "name": "a", "key": "\\ud83d\\ude00" }'),
    errcode: 40033,
  },
  { rule: 'menu-object', name: 'a list', broken: ` ¶[${click(1)}]`, good: top(click(1)), errcode: 47001 },
  {
    rule: 'unknown-key',
    name: 'a misspelt key of a button',
    broken: top('{ "type": "click", "name": "a", "key": "k", ¶"ulr": "x" }'),
    good: top(click(1)),
    warning: true,
  },
  {
    rule: 'unknown-key',
    name: 'a misspelt key of a menu',
    broken: `{ "button": [${click(1)}],\n\t¶"conditionl": [] }`,
    good: `{ "button": [${click(1)}],\n\t"conditional": [] }`,
    warning: true,
  },
  {
    rule: 'unknown-key',
    name: 'a misspelt field of a match rule',
    broken: conditionalOf('{ "tag_id": "1", ¶"client_platform": "1" }'),
    good: conditionalOf('{ "tag_id": "1", "client_platform_type": "1" }'),
    warning: true,
  },
  { rule: 'button-list', name: 'no list', broken: '{ "button": ¶{} }', good: list(1), errcode: 40016 },
  { rule: 'button-list', name: 'nothing at all', broken: '\n ¶{ }', good: list(1), errcode: 40016 },
  { rule: 'button-count', name: '0 buttons', broken: list(0), good: list(1), errcode: 40016 },
  { rule: 'button-count', name: '4 buttons', broken: list(4), good: list(3), errcode: 40016 },
  { rule: 'button-object', name: 'a text for a button', broken: top('¶"x"'), good: list(1), errcode: 40016 },
  {
    rule: 'button-object',
    name: 'a text for a sub-button',
    broken: sub('¶"x"'),
    good: sub(click(1)),
    errcode: 40023,
  },
  {
    rule: 'sub-button-list',
    name: 'an object of sub-buttons',
    broken: top('{ "name": "p", "sub_button": ¶{} }'),
    good: top(`{ "name": "p", "sub_button": { "list": [${click(1)}] } }`),
    errcode: 40023,
  },
  { rule: 'sub-button-count', name: '0 sub-buttons', broken: parent(0), good: parent(1), errcode: 40023 },
  { rule: 'sub-button-count', name: '6 sub-buttons', broken: parent(6), good: parent(5), errcode: 40023 },
  {
    rule: 'menu-level',
    name: 'a third level',
    broken: sub(`{ "name": "b", ¶"sub_button": [${click(1)}] }`),
    good: sub('{ "type": "click", "name": "b", "key": "k", "sub_button": [] }'),
    errcode: 40022,
  },
  {
    rule: 'name-missing',
    name: 'no name',
    broken: top('¶{ "type": "click", "key": "k" }'),
    good: top(click(1)),
    errcode: 40018,
  },
  {
    rule: 'name-missing',
    name: 'an empty name of a sub-button',
    broken: sub('{ "type": "click", "name": ¶"", "key": "k" }'),
    good: sub('{ "type": "click", "name": "a", "key": "k" }'),
    errcode: 40025,
    alternative: 40018,
  },
  {
    rule: 'name-bytes',
    name: '17 bytes, where 16 are 6 columns',
    broken: top(`{ "type": "click", "name": ¶"${'é'.repeat(8)}a", "key": "k" }`),
    good: top(`{ "type": "click", "name": "${'é'.repeat(8)}", "key": "k" }`),
    errcode: 40018,
  },
  {
    rule: 'name-bytes',
    name: '61 bytes of a sub-button, where 60 are 15 columns',
    broken: sub(`{ "type": "click", "name": ¶"${'\\ud800\\udf48'.repeat(15)}a", "key": "k" }`),
    good: sub(`{ "type": "click", "name": "${'\\ud800\\udf48'.repeat(15)}", "key": "k" }`),
    errcode: 40025,
    alternative: 40018,
  },
  {
    rule: 'name-shown',
    name: '5 Chinese characters',
    broken: top('{ "type": "click", "name": ¶"今日歌曲单", "key": "k" }'),
    good: top('{ "type": "click", "name": "今日歌曲", "key": "k" }'),
    warning: true,
  },
  {
    rule: 'name-shown',
    name: '9 letters',
    broken: top('{ "type": "click", "name": ¶"abcdefghi", "key": "k" }'),
    good: top('{ "type": "click", "name": "abcdefgh", "key": "k" }'),
    warning: true,
  },
  {
    rule: 'name-shown',
    name: '9 Chinese characters of a sub-button',
    broken: sub('{ "type": "click", "name": ¶"一二三四五六七八九", "key": "k" }'),
    good: sub('{ "type": "click", "name": "一二三四五六七八", "key": "k" }'),
    warning: true,
  },
  {
    rule: 'name-duplicate',
    name: 'equal names side by side',
    broken: `{ "button": [${click(1)},\n { "type": "click", "name": ¶"n1", "key": "k" }] }`,
    good: `{ "button": [${click(1)},\n { "name": "p", "sub_button": [{ "type": "click", "name": "n1", "key": "k" }] }] }`,
    warning: true,
  },
  {
    rule: 'type-missing',
    name: 'no type',
    broken: top('¶{ "name": "a" }'),
    good: top(click(1)),
    errcode: 40017,
  },
  {
    rule: 'type-missing',
    name: 'no type of a sub-button',
    broken: sub('¶{ "name": "a" }'),
    good: sub(click(1)),
    errcode: 40024,
    alternative: 40017,
  },
  {
    rule: 'type-unknown',
    name: 'an unknown type',
    broken: top('{ "type": ¶"tap", "name": "a" }'),
    good: top(click(1)),
    errcode: 40017,
  },
  {
    rule: 'type-blank',
    name: 'a type with a blank at the end',
    broken: top('{ "type": ¶"view ", "name": "a", "url": "https://a.com/" }'),
    good: top('{ "type": "view", "name": "a", "url": "https://a.com/" }'),
    errcode: 40017,
  },
  {
    rule: 'text-expected',
    name: 'a number as name',
    broken: top('{ "type": "click", "name": ¶2024, "key": "k" }'),
    good: top('{ "type": "click", "name": "2024", "key": "k" }'),
    errcode: 40018,
  },
  {
    rule: 'name-blank',
    name: 'a name of blanks and an invisible character',
    broken: top('{ "type": "click", "name": ¶" \u200b ", "key": "k" }'),
    good: top('{ "type": "click", "name": "a", "key": "k" }'),
    warning: true,
  },
  {
    rule: 'invisible-character',
    name: 'an invisible character in a key',
    broken: top('{ "type": "click", "name": "a", "key": ¶"k\u200b" }'),
    good: top('{ "type": "click", "name": "👨\u200d👩", "key": "k" }'),
    warning: true,
  },
  {
    rule: 'blank-at-edge',
    name: 'a blank at the end of a key',
    broken: top('{ "type": "click", "name": "a", "key": ¶"k " }'),
    good: top('{ "type": "click", "name": "a", "key": "k k" }'),
    warning: true,
  },
  {
    rule: 'type-case',
    name: 'a type with a capital',
    broken: sub('{ "type": ¶"Click", "name": "a", "key": "k" }'),
    good: sub(click(1)),
    errcode: 40024,
    alternative: 40017,
  },
  {
    rule: 'type-web-only',
    name: 'a type of the web console',
    broken: `{ "is_menu_open": 1, "selfmenu_info": { "button": [{ "name": "p", "sub_button": { "list": [\n  { "type": ¶"text", "name": "a", "value": "Hello" }] } }] } }`,
    good: `{ "is_menu_open": 1, "selfmenu_info": { "button": [{ "name": "p", "sub_button": { "list": [\n  ${click(1)}] } }] } }`,
    errcode: 40024,
    alternative: 40017,
  },
  {
    rule: 'type-retired',
    name: 'view_limited',
    broken: top('{ "type": ¶"view_limited", "name": "a", "media_id": "m" }'),
    good: top('{ "type": "article_view_limited", "name": "a", "article_id": "m" }'),
    warning: true,
  },
  {
    rule: 'sub-button-beside-type',
    name: 'a type beside sub-buttons',
    broken: top(`{ "name": "p", ¶"type": "click", "sub_button": [${click(1)}] }`),
    good: top('{ "name": "p", "type": "click", "key": "k", "sub_button": [] }'),
    warning: true,
  },
  {
    rule: 'key-missing',
    name: 'no key',
    broken: top('¶{ "type": "click", "name": "a" }'),
    good: top(click(1)),
    errcode: 40019,
  },
  {
    rule: 'text-expected',
    name: 'a number as key of a sub-button',
    broken: sub('{ "type": "click", "name": "a", "key": ¶1 }'),
    good: sub('{ "type": "click", "name": "a", "key": "1" }'),
    errcode: 40026,
    alternative: 40019,
  },
  {
    rule: 'url-missing',
    name: 'an empty url',
    broken: view('""'),
    good: view('"https://a.com"'),
    errcode: 40020,
  },
  {
    rule: 'media-id-missing',
    name: 'no media_id',
    broken: top('¶{ "type": "media_id", "name": "a" }'),
    good: top('{ "type": "media_id", "name": "a", "media_id": "m" }'),
    errcode: 40007,
    alternative: 40117,
  },
  {
    rule: 'article-id-missing',
    name: 'no article_id',
    broken: top('¶{ "type": "article_id", "name": "a" }'),
    good: top('{ "type": "article_id", "name": "a", "article_id": "m" }'),
    errcode: 53600,
  },
  {
    rule: 'appid-missing',
    name: 'a mini program without appid',
    broken: miniProgram(', "pagepath": "p"'),
    good: miniProgram(', "pagepath": "p", "appid": "wx286b93c14bbf93aa"'),
    errcode: 40013,
  },
  {
    rule: 'pagepath-missing',
    name: 'a mini program without pagepath',
    broken: miniProgram(', "appid": "wx286b93c14bbf93aa"'),
    good: miniProgram(', "pagepath": "p", "appid": "wx286b93c14bbf93aa"'),
    errcode: 40035,
  },
  {
    rule: 'field-unused',
    name: 'a url of a click button',
    broken: top('{ "type": "click", "name": "a", "key": "k", ¶"url": "https://a.com" }'),
    good: top(click(1)),
    warning: true,
  },
  {
    rule: 'field-unused',
    name: 'a key beside sub-buttons',
    broken: top(`{ "name": "p", ¶"key": "k", "sub_button": [${click(1)}] }`),
    good: parent(1),
    warning: true,
  },
  {
    rule: 'key-bytes',
    name: '129 bytes of Chinese',
    broken: top(`{ "type": "click", "name": "a", "key": ¶"${'键'.repeat(43)}" }`),
    good: top(`{ "type": "click", "name": "a", "key": "${'键'.repeat(42)}ab" }`),
    errcode: 40019,
  },
  {
    rule: 'key-bytes',
    name: '129 bytes of a sub-button',
    broken: sub(`{ "type": "click", "name": "a", "key": ¶"${'k'.repeat(129)}" }`),
    good: sub(`{ "type": "click", "name": "a", "key": "${'k'.repeat(128)}" }`),
    errcode: 40026,
    alternative: 40019,
  },
  {
    rule: 'key-duplicate',
    name: 'equal keys on two levels',
    broken: `{ "button": [${click(1)},\n { "name": "p", "sub_button": [{ "type": "click", "name": "x", "key": ¶"k1" }] }] }`,
    good: `{ "button": [${click(1)},\n { "name": "p", "sub_button": [{ "type": "click", "name": "x", "key": "K1" }] }] }`,
    warning: true,
  },
  { rule: 'url-bytes', name: '1025 bytes', broken: view(url(1025)), good: view(url(1024)), errcode: 40020 },
  {
    rule: 'url-bytes',
    name: '1025 bytes of a sub-button',
    broken: sub(`{ "type": "view", "name": "a", "url": ¶${url(1025)} }`),
    good: sub(`{ "type": "view", "name": "a", "url": ${url(1024)} }`),
    errcode: 40027,
    alternative: 40020,
  },
  {
    rule: 'url-scheme',
    name: 'another scheme',
    broken: view('"weixin://a.com"'),
    good: view('"HTTPS://a.com"'),
    errcode: 40055,
  },
  {
    rule: 'url-scheme',
    name: 'no domain of a sub-button',
    broken: sub('{ "type": "view", "name": "a", "url": ¶"https:///x" }'),
    good: sub('{ "type": "view", "name": "a", "url": "https://x.cn" }'),
    errcode: 40054,
    alternative: 40055,
  },
  {
    rule: 'url-entity',
    name: '&amp;',
    broken: view('"https://a.com/?a=1&amp;b=2"'),
    good: view('"https://a.com/?a=1&b=2"'),
    warning: true,
  },
  {
    rule: 'url-blank',
    name: 'a blank',
    broken: view('"https://a.com/a b"'),
    good: view('"https://a.com/a%20b"'),
    warning: true,
  },
  {
    rule: 'url-http',
    name: 'http',
    broken: view('"http://a.com/"'),
    good: view('"https://a.com/"'),
    notice: true,
  },
  {
    rule: 'url-private',
    name: 'a page of this machine',
    broken: view('"http://localhost:3000/"'),
    good: view('"https://a.com:3000/"'),
    warning: true,
  },
  {
    rule: 'authorize-link',
    name: 'an authorise link without its end',
    broken: view(`"${authorize}"`),
    good: view(`"${authorize}#wechat_redirect"`),
    warning: true,
  },
  {
    rule: 'appid-form',
    name: 'capitals in an AppID',
    broken: miniProgram(', "pagepath": "p", "appid": ¶"wx286B93C14BBF93AA"', ''),
    good: miniProgram(', "pagepath": "p", "appid": "wx286b93c14bbf93aa"'),
    warning: true,
  },
  {
    rule: 'conditional-list',
    name: 'an object for the list',
    broken: `{ "button": [${click(1)}], "conditional": ¶{} }`,
    good: `{ "button": [${click(1)}], "conditional": [] }`,
    errcode: 65307,
  },
  {
    rule: 'conditional-without-default',
    name: 'no default menu',
    broken: `{ ¶"conditional": [{ "button": [${click(1)}], "matchrule": { "tag_id": "1" } }] }`,
    good: conditionalOf('{ "tag_id": "1" }'),
    errcode: 65303,
  },
  {
    rule: 'match-rule-place',
    name: 'a rule beside the default menu',
    broken: `{ "button": [${click(1)}], ¶"matchrule": { "tag_id": "1" } }`,
    good: conditionalOf('{ "tag_id": "1" }'),
  },
  {
    rule: 'match-rule-place',
    name: 'an empty rule beside the default menu',
    broken: `{ "button": [${click(1)}], ¶"matchrule": {} }`,
    good: `{ "button": [${click(1)}], "matchrule": null }`,
  },
  {
    rule: 'match-rule-empty',
    name: 'no rule',
    broken: conditional(`¶{ "button": [${click(1)}] }`),
    good: conditionalOf('{ "tag_id": "1" }'),
    errcode: 65304,
  },
  {
    rule: 'match-rule-empty',
    name: 'a rule of empty fields',
    broken: conditionalOf('¶{ "tag_id": "", "client_platform_type": "" }'),
    good: conditionalOf('{ "client_platform_type": "1" }'),
    errcode: 65304,
  },
  {
    rule: 'match-rule-empty',
    name: 'a rule of null',
    broken: conditional(`¶{ "button": [${click(1)}], "matchrule": null }`),
    good: conditionalOf('{ "tag_id": "1", "sex": null }'),
    errcode: 65304,
  },
  {
    rule: 'match-field-empty',
    name: 'an empty field beside a filled one',
    broken: conditionalOf('{ "tag_id": "1", ¶"sex": "" }'),
    good: conditionalOf('{ "tag_id": "1" }'),
    warning: true,
  },
  {
    rule: 'match-number',
    name: 'a number for a platform',
    broken: conditionalOf('{ "client_platform_type": ¶3 }'),
    good: conditionalOf('{ "client_platform_type": "3" }'),
    warning: true,
  },
  {
    rule: 'match-tag',
    name: 'the name of a tag',
    broken: conditionalOf('{ "tag_id": ¶"vip" }'),
    good: conditionalOf('{ "tag_id": "2" }'),
    errcode: 45159,
  },
  {
    rule: 'match-platform',
    name: 'the name of a platform',
    broken: conditionalOf('{ "client_platform_type": ¶"IOS" }'),
    good: conditionalOf('{ "client_platform_type": "1" }'),
    errcode: 40035,
  },
  ...['sex', 'country', 'province', 'city', 'language'].map((field): Case => ({
    rule: 'match-rule-private',
    name: `the field ${field}`,
    broken: conditionalOf(`{ "tag_id": "1", ¶"${field}": "1" }`),
    good: conditionalOf('{ "tag_id": "1" }'),
    errcode: 65320,
  })),
  {
    rule: 'match-rule-old',
    name: 'group_id',
    broken: conditionalOf('{ ¶"group_id": "1" }'),
    good: conditionalOf('{ "tag_id": "1" }'),
    warning: true,
  },
  {
    rule: 'match-rule-duplicate',
    name: 'the same rule in another order',
    broken: conditional(
      `{ "button": [${click(1)}], "matchrule": { "tag_id": "1", "client_platform_type": "2" } }`,
      `{ "button": [${click(1)}], "matchrule": ¶{ "client_platform_type": "2", "tag_id": "1" } }`,
    ),
    good: conditional(
      `{ "button": [${click(1)}], "matchrule": { "tag_id": "1", "client_platform_type": "2" } }`,
      `{ "button": [${click(1)}], "matchrule": { "client_platform_type": "1", "tag_id": "1" } }`,
    ),
    warning: true,
  },
  {
    rule: 'match-number',
    name: 'a number for a tag',
    broken: conditionalOf('{ "tag_id": ¶2 }'),
    good: conditionalOf('{ "tag_id": "2" }'),
    warning: true,
  },
  {
    rule: 'match-platform',
    name: 'a fourth platform',
    broken: conditionalOf('{ "client_platform_type": ¶"4" }'),
    good: conditionalOf('{ "client_platform_type": "3" }'),
    errcode: 40035,
  },
  {
    rule: 'domain-count',
    name: '4 domains in all conditional menus',
    broken: linking('a.com', 'b.com', 'c.com', 'd.com'),
    good: linking('a.com', 'b.com', 'c.com', 'A.com'),
    errcode: 65316,
  },
  {
    rule: 'domain-count',
    name: '4 hosts, which may be one domain',
    broken: linking('a.shop.com', 'b.shop.com', 'c.shop.com', 'd.shop.com'),
    good: linking('a.shop.com', 'b.shop.com', 'c.shop.com', 'c.shop.com'),
    errcode: 65316,
    warning: true,
  },
];

/** Line and column of the mark, counted in another way than the source does. */
function placeOfMark(text: string): { readonly line: number; readonly column: number } {
  const lines = (text.split('¶')[0] ?? '').split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

const withoutMark = (text: string): string => text.replace('¶', '');

describe('lintMenu()', () => {
  test.each(cases.map((entry) => [`${entry.rule}: ${entry.name}`, entry] as const))(
    'lintMenu() finds %s, and nothing in its neighbour',
    (_, { rule, broken, good, errcode, alternative, warning, notice }) => {
      const severity = notice === true ? 'notice' : warning === true ? 'warning' : 'error';
      const expected = { rule, severity, errcode, alternative };
      const { problems } = lintMenu(withoutMark(broken), 'menu.json');
      const [first] = problems;
      expect(
        problems.map(({ rule: found, severity: level, errcode: code, alternative: other }) => ({
          rule: found,
          severity: level,
          errcode: code,
          alternative: other,
        })),
      ).toEqual([expected]);
      expect({ line: first?.line, column: first?.column }).toEqual(placeOfMark(broken));
      expect(lintMenu(withoutMark(good), 'menu.json').problems).toEqual([]);
    },
  );

  test('lintMenu() warns of an authorise link for another account', () => {
    const text = view(`"${authorize}#wechat_redirect"`).replace('¶', '');
    const rulesFor = (appId: string | undefined) =>
      lintMenu(text, 'menu.json', () => appId).problems.map(({ rule, severity }) => `${rule} ${severity}`);
    expect(rulesFor('wx0123456789abcdef')).toEqual(['authorize-appid warning']);
    expect(rulesFor('wx286b93c14bbf93aa')).toEqual([]);
    expect(rulesFor(undefined)).toEqual([]);
  });

  test('lintMenu() has a case here for every rule', () => {
    expect(new Set([...cases.map(({ rule }) => rule), 'authorize-appid'])).toEqual(new Set(menuRules));
  });
});
