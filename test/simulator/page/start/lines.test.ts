import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { libraries, shells, type Way } from '../../../../src/simulator/page/start/lines.ts';

/** The table of the libraries, wherever the documentation has it. */
function tableIn(...files: readonly string[]): ReadonlyMap<string, string> {
  const texts = files.filter((file) => existsSync(file)).map((file) => readFileSync(file, 'utf8'));
  const text = texts.find((each) => /^\| wechatpy /m.test(each)) ?? '';
  return new Map(
    Array.from(text.matchAll(/^\| ([^|]*?) +\| (.*) \|$/gm), ([, name = '', setting = '']) => [
      name.replace('（', ' (').replace('）', ')'),
      setting.replaceAll(String.raw`\|`, '|'),
    ]),
  );
}

const tables = {
  en: tableIn('README.md', 'src/simulator/README.md'),
  zh: tableIn('README.zh-CN.md', 'src/simulator/README.zh-CN.md'),
};

function linesOf(way: Way): readonly string[] {
  return way.lines({});
}

describe.each(['en', 'zh'] as const)(
  'the libraries on the page and in the documentation (%s)',
  (language) => {
    test.each(libraries.map((way) => [way.name, way] as const))('%s has the same lines', (name, way) => {
      const setting = tables[language].get(name) ?? '';
      expect(linesOf(way).filter((line) => !setting.includes(line))).toEqual([]);
    });

    test('are the same libraries, in the same order', () => {
      const documented = [...tables[language].keys()];
      const first = documented.indexOf(libraries[0]?.name ?? '');
      const names = libraries.map((way) => way.name);
      expect(documented.slice(first, first + names.length)).toEqual(names);
      expect(documented[first + names.length]).toMatch(/^(?:Anything else|其他)$/);
    });
  },
);

describe('the lines of a library', () => {
  test('have the address of this simulator', () => {
    const lines = libraries.flatMap((way) => way.lines({ WECHAT_MP_API_BASE: 'http://127.0.0.1:4711' }));
    expect(lines.filter((line) => line.includes('8090'))).toEqual([]);
    expect(lines.filter((line) => line.includes('http://127.0.0.1:4711')).length).toBeGreaterThan(8);
  });
});

describe('the lines of a shell', () => {
  test.each([
    ['Shell', `export A='it'\\''s $x'`, 'export B=plain/+='],
    ['.env', `A='it'\\''s $x'`, 'B=plain/+='],
    ['PowerShell', `$env:A = 'it''s $x'`, `$env:B = 'plain/+='`],
  ])('%s keeps every value as it is', (name, first, second) => {
    const way = shells.find((each) => each.name === name);
    expect(way?.lines({ A: "it's $x", B: 'plain/+=' })).toEqual([first, second]);
  });
});
