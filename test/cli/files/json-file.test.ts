import { describe, expect, test } from 'vitest';
import { parseJsonNode, parseJsonTree } from '../../../src/cli/files/json-file.ts';
import type { WechatMpError } from '../../../src/core/errors.ts';
import { fakeWorld } from '../../helpers/fake-io.ts';
import * as fc from 'fast-check';
import { pointer } from '../../../src/core/menu/rules/problem.ts';

const menu = '{"button":[{"type":"click","name":"菜单","key":"k"}]}';

describe('parseJsonNode()', () => {
  test.each([
    ['a byte order mark', `\u{feff}${menu}`],
    ['comments', `// ours\n${menu} /* end */`],
    ['a comma at the end', '{"button":[{"type":"click","name":"菜单","key":"k",},],}'],
  ])('takes %s', (_, text) => {
    expect(parseJsonTree(text, 'm.json').value).toEqual(JSON.parse(menu));
  });

  test('counts lines and columns as editors do, from 1', () => {
    expect(() => parseJsonNode('{\n\t"a": tru }', 'm.json')).toThrow(
      'Cannot read "m.json" as JSON: there is an unknown word at line 2, column 7',
    );
    expect(() => parseJsonTree('\u{feff}x', 'm.json')).toThrow('at line 1, column 1');
    expect(() => parseJsonNode('{}\r\n}', 'm.json')).toThrow('at line 2, column 1');
  });

  test.each([
    ['{"a":x}', 'there is an unknown word', '有无法识别的内容'],
    ['{a:1}', 'there is an unknown word', '有无法识别的内容'],
    ['{1:1}', 'a key in double quotes is missing', '缺少用双引号括起的键名'],
    ['{"a":}', 'a value is missing', '缺少值'],
    ['{"a" 1}', '":" is missing', '缺少 ":"'],
    ['{"a":1 "b":2}', '"," is missing', '缺少 ","'],
    ['{"a":1', '"}" is missing', '缺少 "}"'],
    ['[1', '"]" is missing', '缺少 "]"'],
    ['{}}', 'something follows the end', '有多余的内容'],
    ['{} /*', 'a comment is not closed', '的注释没有结束'],
    ['{"a":"b', 'a text is not closed', '的字符串没有结束'],
    ['{"a":1.}', 'a number breaks off', '的数字不完整'],
    [String.raw`{"a":"\u12"}`, String.raw`a "\u" escape is malformed`, String.raw`的 "\u" 转义不正确`],
    [String.raw`{"a":"\q"}`, 'an escape is unknown', '有未知的转义字符'],
    ['{"a":"\t"}', 'a text holds a control character that must be escaped', '的字符串中有必须转义的控制字符'],
  ])('says of %j that %s', (text, en, zh) => {
    const error = (() => {
      try {
        return parseJsonNode(text, 'm.json');
      } catch (caught) {
        return caught as WechatMpError;
      }
    })() as WechatMpError;
    expect(error.text.en).toContain(`as JSON: ${en} at line 1, column `);
    expect(error.text.zh).toContain(zh);
  });
});

describe('a menu file on its way in', () => {
  const push = (content: string | Uint8Array) =>
    fakeWorld({ files: { 'm.json': content } }).run('menu', 'push', 'm.json', '--dry-run');

  test.each([
    ['a byte order mark', `\u{feff}${menu}`],
    ['comments', `// ours\n${menu}`],
  ])('may have %s', async (_, content) => {
    expect((await push(content)).code).toBe(0);
  });

  test.each([
    // „菜单" in GBK.
    [
      'GBK',
      Buffer.concat([Buffer.from('{"button":"'), Buffer.from([0xb2, 0xcb, 0xb5, 0xa5]), Buffer.from('"}')]),
      ', it looks like GBK',
      'GB18030',
    ],
    [
      'Big5',
      // „選單、聯絡我們" in Big5, whose bytes are valid GBK, too.
      Buffer.concat([
        Buffer.from('{"button":"'),
        Buffer.from('bfefb3e6a142c170b5b8a7daadcc', 'hex'),
        Buffer.from('"}'),
      ]),
      ', it looks like Big5',
      'BIG5',
    ],
    [
      'Big5 of two characters that are frequent in GBK',
      // „選單" in Big5.
      Buffer.concat([Buffer.from('{"button":"'), Buffer.from('bfefb3e6', 'hex'), Buffer.from('"}')]),
      ', it looks like Big5',
      'BIG5',
    ],
    [
      'GBK or Big5',
      // „第" in GBK is „菴" in Big5.
      Buffer.concat([Buffer.from('{"button":"'), Buffer.from('b5da', 'hex'), Buffer.from('"}')]),
      ', it looks like GBK or Big5',
      'GB18030 -t UTF-8 m.json > utf8-m.json   or: iconv -f BIG5',
    ],
    [
      'UTF-16 of a small-endian machine',
      Buffer.from(`\u{feff}${menu}`, 'utf16le'),
      ', it looks like UTF-16',
      'UTF-16',
    ],
    [
      'UTF-16 of a big-endian machine',
      Buffer.from(`\u{feff}${menu}`, 'utf16le').swap16(),
      ', it looks like UTF-16',
      'UTF-16',
    ],
    ['bytes without sense', Buffer.from([0x7b, 0xff, 0xff, 0x7d]), '', ''],
  ])('in %s is named, with the command that converts it', async (_, content, guess, iconv) => {
    const run = await push(content);
    expect(run.code).toBe(2);
    const convert = iconv === '' ? '' : `, or: iconv -f ${iconv} -t UTF-8 m.json > utf8-m.json`;
    expect(run.stderr).toBe(
      `✗ Cannot read "m.json": it is not UTF-8${guess}\n  Fix: Save it as UTF-8 in the editor${convert}\n  More: wechat-mp explain not_utf8\n`,
    );
  });

  test.each([
    ['YAML', 'button:\n  - name: a\n', 'npx js-yaml m.json > m.json'],
    ['YAML', '# ours\n---\nbutton: []\n', 'npx js-yaml m.json > m.json'],
    [
      'JavaScript',
      'module.exports = { button: [] };',
      `node -p "JSON.stringify(require(path.resolve('m.json')), null, 2)" > m.json`,
    ],
    ['JavaScript', "'use strict';\nconst a = 1;", 'node -p '],
    ['JavaScript', '// ours\nexport default { button: [] };', 'node --input-type=module -e '],
  ])('that is %s is named, with the command that converts it: %j', async (name, content, command) => {
    const run = await push(content);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`✗ Cannot read "m.json" as JSON: it looks like ${name}\n`);
    expect(run.stderr).toContain(`Fix: Convert it: ${command}`);
  });

  test('that is JSON in a text is named', async () => {
    const run = await push(JSON.stringify(menu));
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(/it holds one text with JSON inside/);
    expect((await push('"plain"')).stderr).toMatch(/A menu must be an object|a menu must be an object/);
  });

  test.each([
    [
      'cut',
      '{"button":[{"type":"click"',
      /^✗ Cannot read "m.json" as JSON: "}" is missing at line 1, column 27\n/,
    ],
    ['nested without end', '['.repeat(300_000), /^✗ Cannot read "m.json" as JSON: it is nested too deeply\n/],
    ['empty', '', /^✗ Cannot read "m.json" as JSON: a value is missing at line 1, column 1\n/],
    [
      'beyond 1 MiB',
      ' '.repeat(1_048_577),
      /^✗ Cannot read "m.json": it is longer than 1 MiB, the most that is read here\n/,
    ],
  ])('that is %s is a mistake of the input', async (_, content, words) => {
    const run = await push(content);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(words);
  });

  test('that is missing, a folder or forbidden is named with the reason', async () => {
    const world = fakeWorld({ files: { 'd/x': '', 'm.json': '{}' } });
    world.files.fail('read', 'm.json', 'EACCES');
    expect((await world.run('menu', 'push', 'nowhere.json')).stderr).toContain(
      '✗ Cannot read "nowhere.json": no such file',
    );
    expect((await world.run('menu', 'push', 'd')).stderr).toContain('✗ Cannot read "d": it is a directory');
    expect((await world.run('menu', 'push', 'm.json', '--lang', 'zh')).stderr).toContain(
      '✗ 无法读取 "m.json"：没有权限',
    );
    expect(world.requests).toEqual([]);
  });

  test('may come from stdin', async () => {
    const run = await fakeWorld({ stdin: menu }).run('menu', 'push', '-', '--dry-run', '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({ changed: true, dry_run: true, buttons: 1 });
  });
});

/** Something that may stand between two tokens. */
const gap = fc.constantFrom('', ' ', '\t', '\n', '\r\n', '  \n\n', '/* 注释 😀 */', '// x\n');
const json = fc.jsonValue({ maxDepth: 4 });

interface Written {
  text: string;
  /** JSON pointers to the offsets of names and values. */
  readonly places: Map<string, { readonly key: number; readonly value: number }>;
}

/** Writes a value with anything between its tokens, and notes where everything came to stand. */
function write(value: unknown, next: () => string, into: Written, path = '', key?: number): void {
  into.text += next();
  const start = into.text.length;
  into.places.set(path, { key: key ?? start, value: start });
  if (typeof value !== 'object' || value === null) {
    into.text += JSON.stringify(value);
    return;
  }
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  into.text += open;
  for (const [index, [name, child]] of Object.entries(value).entries()) {
    if (index > 0) into.text += next() + ',';
    let at: number | undefined;
    if (!Array.isArray(value)) {
      into.text += next();
      at = into.text.length;
      into.text += `${JSON.stringify(name)}${next()}:`;
    }
    write(child, next, into, pointer(path, name), at);
  }
  into.text += next() + close;
}

describe('parseJsonTree()', () => {
  test('parseJsonTree() knows the value and the place of everything in a file', () => {
    fc.assert(
      fc.property(json, fc.array(gap, { minLength: 1, maxLength: 20 }), fc.boolean(), (value, gaps, mark) => {
        const into: Written = { text: '', places: new Map() };
        let used = 0;
        write(value, () => gaps[(used += 1) % gaps.length] ?? '', into);
        const source = parseJsonTree((mark ? '\u{feff}' : '') + into.text, 'menu.json');
        expect(JSON.stringify(source.value)).toBe(JSON.stringify(value));
        expect(source.repeatedKeys).toEqual([]);
        const placeAt = (offset: number): object => {
          const lines = into.text.slice(0, offset).split('\n');
          return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
        };
        for (const [path, { key, value: at }] of into.places) {
          expect(source.placeOf(path)).toEqual(placeAt(at));
          expect(source.placeOf(path, 'key')).toEqual(placeAt(key));
        }
      }),
      { numRuns: 150 },
    );
  });

  test('parseJsonTree() keeps the last of equal keys and tells the place of each later one', () => {
    const source = parseJsonTree('{"a":1,\n "a":{"b":2},\n  "a":3,"b":1}', 'menu.json');
    expect(source.value).toEqual({ a: 3, b: 1 });
    expect(source.repeatedKeys).toEqual([
      { name: 'a', path: '/a', place: { line: 2, column: 2 } },
      { name: 'a', path: '/a', place: { line: 3, column: 3 } },
    ]);
    expect(source.placeOf('/a')).toEqual({ line: 3, column: 7 });
  });

  test('parseJsonTree() makes __proto__ a key like any other', () => {
    const tree = parseJsonTree('{"a":1,"__proto__":{"x":1}}', 'menu.json');
    expect(Object.keys(tree.value as object)).toEqual(['a', '__proto__']);
    expect(Object.getPrototypeOf(tree.value)).toBe(Object.prototype);
    expect(tree.prototypeKeys).toEqual([
      { name: '__proto__', path: '/__proto__', place: { line: 1, column: 8 } },
    ]);
    expect(parseJsonTree('{"proto":{"constructor":1}}', 'menu.json').prototypeKeys).toEqual([]);
  });

  test('parseJsonTree() places what is missing at its nearest parent', () => {
    const tree = parseJsonTree('{"a":\n [ {"b":1} ]}', 'rules.json');
    expect(tree.placeOf('/a/0/c/d')).toEqual({ line: 2, column: 4 });
    expect(tree.placeOf('/a/7')).toEqual({ line: 2, column: 2 });
    expect(tree.placeOf('/x')).toEqual({ line: 1, column: 1 });
  });

  test.each([16, 127, 128, 1000, 2000, 4000, 6000])('parseJsonTree() survives %i levels', (depth) => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const text = `${open.repeat(depth)}1${close.repeat(depth)}`;
      let outcome = 'read';
      try {
        parseJsonTree(text, 'menu.json');
      } catch (error) {
        outcome = (error as { type?: string }).type ?? 'crashed';
      }
      expect(outcome).toBe(depth < 128 ? 'read' : 'json_too_deep');
    }
  });

  test('parseJsonTree() names the nesting that no parser survives', () => {
    expect(() => parseJsonTree('['.repeat(200_000), 'menu.json')).toThrow(/nested too deeply/);
  });
});
