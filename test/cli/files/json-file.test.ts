import { describe, expect, test } from 'vitest';
import { parseJsonNode } from '../../../src/cli/files/json-file.ts';
import { parseJsonTree } from '../../../src/cli/files/json-tree.ts';
import type { WechatMpError } from '../../../src/core/errors.ts';
import { fakeWorld } from '../../helpers/fake-io.ts';

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
      `✗ Cannot read "m.json": it is not UTF-8${guess}\n  Fix: Save it as UTF-8 in the editor${convert}\n`,
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
