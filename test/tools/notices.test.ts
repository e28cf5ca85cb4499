import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../helpers/command.ts';
import { formatNotices } from './notices.mjs';

/** A library in `node_modules` with these files; answers one of its modules. */
function library(name: string, manifest: object, files: Readonly<Record<string, string>> = {}): string {
  const folder = path.join(temporaryFolder(), 'node_modules', ...name.split('/'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '1.2.3', ...manifest }));
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  return path.join(folder, 'lib', 'index.js');
}

describe('formatNotices()', () => {
  test('takes licence and notice files of each library once, in the order of the names', () => {
    const files = { 'LICENSE.md': 'Licence of zeta', NOTICE: 'Notice of zeta', 'readme.md': 'Words of zeta' };
    const zeta = library('zeta', { license: 'Apache-2.0' }, files);
    const scoped = library('@a/b', { license: 'MIT' }, { licence: 'Licence of b' });
    const text = formatNotices([zeta, '/desk/src/own.ts', scoped, zeta, `\0${zeta}`]);
    expect(text.match(/^\S+ 1\.2\.3 .*$/gm)).toEqual(['@a/b 1.2.3 (MIT)', 'zeta 1.2.3 (Apache-2.0)']);
    expect(text.match(/^\w+ of \w+$/gm)).toEqual(['Licence of b', 'Licence of zeta', 'Notice of zeta']);
  });

  test('names the holder where a library has only the name of its licence', () => {
    const text = formatNotices([library('bare', { license: 'MIT', author: { name: 'A. Person' } })]);
    expect(text).toContain('bare 1.2.3 (MIT)\n\nCopyright (c) A. Person\n');
  });

  test('refuses a library without a licence', () => {
    expect(() => formatNotices([library('free', {})])).toThrow(
      'free has neither a licence file nor a licence',
    );
  });
});
