import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFiles } from '../../../../src/io/files/files.ts';
import { temporaryFolder } from '../../../helpers/command.ts';
import { fakeWorld, type Run } from '../../../helpers/fake-io.ts';

const good = '{ "button": [{ "type": "click", "name": "歌曲", "key": "K" }] }';
const warned = '{ "button": [{ "type": "view", "name": "a", "url": "https://localhost" }] }';
const wrong = '{"button":[]}';

const lint = async (files: Readonly<Record<string, string | Uint8Array>>, ...words: string[]): Promise<Run> =>
  await fakeWorld({ files }).run('menu', 'lint', ...words);
const linesOf = ({ stdout }: Run): readonly Record<string, unknown>[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const namesIn = (run: Run): readonly unknown[] =>
  linesOf(run).flatMap(({ file }) => (file === undefined ? [] : [file]));

describe('menu lint of several files', () => {
  test('prints the problems of each, in the order given, and one summary', async () => {
    const files = { 'b.json': wrong, 'a.json': good, 'c.json': warned };
    const run = await lint(files, 'b.json', 'a.json', 'c.json');
    expect(run.stdout.split('\n').map((line) => line.replace(/ .*/, ''))).toEqual([
      'b.json:1:11:',
      '',
      'c.json:1:52:',
      '',
      '',
    ]);
    expect([run.code, run.stderr]).toEqual([1, '3 files: 1 error, 1 warning\n']);
    expect((await lint(files, 'b.json', 'a.json', '--lang', 'zh')).stderr).toBe(
      '2 个文件：1 个错误，0 个警告\n',
    );
  });

  test('says on stdout that there is nothing to say', async () => {
    const run = await lint({ 'a.json': good, 'b.json': good }, 'a.json', 'b.json');
    expect(run).toEqual({ code: 0, stdout: '2 files: no problems\n', stderr: '' });
  });

  test('--strict fails for a warning in any of them', async () => {
    const files = { 'a.json': warned, 'b.json': good };
    expect((await lint(files, 'a.json', 'b.json')).code).toBe(0);
    expect((await lint(files, 'a.json', 'b.json', '--strict')).code).toBe(1);
  });

  test('--json prints for each the line that it has alone, then a summary', async () => {
    const files = { 'a.json': wrong, 'b.json': warned };
    const run = await lint(files, 'a.json', 'b.json', '--json');
    const alone = [await lint(files, 'a.json', '--json'), await lint(files, 'b.json', '--json')];
    const summary =
      '{"type":"summary","ok":false,"files":2,"errors":1,"warnings":1,"unreadable":0,"skipped":0}\n';
    expect(run).toEqual({
      code: 1,
      stdout: `${alone.map(({ stdout }) => stdout).join('')}${summary}`,
      stderr: '',
    });
    expect((await lint(files, 'a.json', 'b.json', '--format', 'json')).stdout).toBe(run.stdout);
  });

  test('a file that is named twice is checked once, and alone as one', async () => {
    const files = { 'm/a.json': good, 'b.json': good };
    expect(namesIn(await lint(files, './m/a.json', 'b.json', 'm/a.json', '--json'))).toEqual([
      './m/a.json',
      'b.json',
    ]);
    expect(await lint(files, 'b.json', 'b.json', '--json')).toEqual(await lint(files, 'b.json', '--json'));
  });

  test('"-" is stdin among them, once', async () => {
    const world = fakeWorld({ files: { 'a.json': good }, stdin: wrong });
    const run = await world.run('menu', 'lint', 'a.json', '-', '-', '--json');
    expect([run.code, ...namesIn(run)]).toEqual([1, 'a.json', 'stdin']);
  });

  test('one that cannot be read is exit 2, and the others are checked', async () => {
    const run = await lint({ 'a.json': wrong }, 'no.json', 'a.json');
    expect([run.code, run.stdout.slice(0, 12)]).toEqual([2, 'a.json:1:11:']);
    expect(run.stderr).toBe(
      '1 file: 1 error, 0 warnings\n' +
        '✗ Cannot read "no.json": no such file\n' +
        '  Fix: Check the path\n' +
        '  More: wechat-mp explain file_unreadable\n',
    );
  });

  test('several that cannot be read are told in one error', async () => {
    const files = { 'bad.json': '{"button":[,]}', 'a.json': good };
    const words = ['no.json', 'bad.json', 'a.json'];
    const run = await lint(files, ...words, '--json');
    expect(linesOf(run)).toMatchObject([
      { file: 'no.json', ok: false, error: { type: 'file_unreadable' } },
      { file: 'bad.json', ok: false, error: { type: 'json_invalid', line: 1, column: 12 } },
      { file: 'a.json', ok: true },
      { type: 'summary', ok: false, files: 1, unreadable: 2 },
    ]);
    expect(JSON.parse(run.stderr)).toMatchObject({
      error: { code: 2, type: 'files_unreadable', unreadable: 2, details: { length: 2 } },
    });
    expect((await lint(files, ...words, '--lang', 'zh')).stderr).toContain('✗ 有 2 个文件或目录无法检查\n');
    expect((await lint(files, ...words, '--format', 'github', '-q')).stdout).toMatch(
      /^::error file=no\.json,line=1,col=1::Cannot [^\n]+\n::error file=bad\.json,line=1,col=12::Cannot [^\n]+\n$/,
    );
  });

  test('of many that cannot be read twenty are named', async () => {
    const words = Array.from({ length: 25 }, (_, index) => `no${index}.json`);
    const { stderr } = await lint({}, ...words);
    expect(stderr).toContain('"no19.json": no such file\n  … and 5 more\n');
    expect(stderr).not.toContain('no20.json');
  });

  test('--format tree stands each below its name', async () => {
    const { stdout } = await lint({ 'a.json': good, 'b.json': good }, 'a.json', 'b.json', '--format', 'tree');
    expect(stdout).toMatch(/^a\.json\n┌[^]+K\n\nb\.json\n┌[^]+K\n$/);
  });
});

describe('menu lint of a folder', () => {
  test('takes the JSON files below it by name, without dots and node_modules', async () => {
    const run = await lint(
      {
        'm/b.json': good,
        'm/a/z.json': good,
        'm/c.jsonc': wrong,
        'm/.git/x.json': wrong,
        'm/.x.json': wrong,
        'm/node_modules/p/menu.json': wrong,
        'other.json': wrong,
      },
      'm',
      '--json',
    );
    expect([run.code, namesIn(run)]).toEqual([0, ['m/a/z.json', 'm/b.json']]);
    expect(namesIn(await lint({ 'm/a.json': good }, '.', '--json'))).toEqual(['m/a.json']);
  });

  test.each([
    ['{"name":"p","version":"1.0.0"}', false],
    ['{"properties":{"button":{}},"$schema":"http://json-schema.org/draft-07/schema"}', false],
    ['{"buttonText":["a"]}', false],
    ['{"bottom":3}', false],
    ['["button"]', false],
    ['{"a":[,]}', false],
    ['{"button":1}', true],
    ['{"buttons":[]}', true],
    ['{"menu":{"button":[]}}', true],
    ['{"selfmenu_info":{"button":[]}}', true],
    ['{"$schema":"./menu.schema.json"}', true],
    ['{"button":[,]}', true],
    [Buffer.concat([Buffer.from('{"button":[{"name":"'), Buffer.from('b8e8c7fa', 'hex')]), true],
    [Buffer.from('{"button":[]}', 'utf16le'), true],
    [`{"button":[]}${' '.repeat(1024 * 1024)}`, false],
  ])('%s: a menu? %j', async (content, isMenu) => {
    const run = await lint({ 'm/a.json': good, 'm/x.json': content }, 'm', '--json');
    expect(namesIn(run)).toEqual(isMenu ? ['m/a.json', 'm/x.json'] : ['m/a.json']);
    expect(linesOf(run).at(-1)).toMatchObject({ skipped: isMenu ? 0 : 1 });
  });

  test('other JSON is counted, named with -v, and checked where it is named itself', async () => {
    const files = { 'm/a.json': good, 'm/p.json': '{}' };
    const run = await lint(files, 'm', '-v');
    expect([run.code, run.stdout]).toEqual([0, '1 file: no problems\n']);
    expect(run.stderr).toContain('Skipped m/p.json: it holds no menu\n');
    expect(run.stderr).toContain('Skipped 1 JSON file without a menu (-v lists them)');
    expect(namesIn(await lint(files, 'm', 'm/p.json', '--json'))).toEqual(['m/a.json', 'm/p.json']);
  });

  test('a folder without a menu is exit 2', async () => {
    const run = await lint({ 'm/p.json': '{}', 'e/x.txt': '', 'a.json': good }, 'm', 'e', 'a.json', '--json');
    expect(run.code).toBe(2);
    const absent = (file: string, end: string): object => ({
      file,
      error: {
        type: 'no_menu_in_folder',
        message: `Cannot find a menu in the folder "${file}": ${end}`,
      },
    });
    expect(linesOf(run)).toMatchObject([
      absent('m', 'no menu among 1 JSON file'),
      absent('e', 'no JSON file'),
      { file: 'a.json', ok: true },
      { unreadable: 2, skipped: 1 },
    ]);
    const twice = await lint({ 'm/s/a.json': good }, 'm', 'm/s', '--json');
    expect([twice.code, namesIn(twice)]).toEqual([0, ['m/s/a.json']]);
  });

  test('a link is followed to a file, and never round in a circle', async () => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'in'));
    writeFileSync(path.join(folder, 'in/a.json'), good);
    symlinkSync('a.json', path.join(folder, 'in/b.json'));
    symlinkSync('..', path.join(folder, 'in/up'));
    const world = fakeWorld();
    const real = createFiles();
    Object.assign(world.files, { read: real.read, stat: real.stat, entries: real.entries });
    const run = await world.run('menu', 'lint', folder, '--json');
    expect(namesIn(run)).toEqual([path.join(folder, 'in/a.json'), path.join(folder, 'in/b.json')]);
  });

  test('a link in it that leads nowhere is told, as a menu may have been there', async () => {
    const folder = temporaryFolder();
    const at = (name: string) => path.join(folder, name);
    writeFileSync(at('a.json'), good);
    symlinkSync('gone', at('b.json'));
    symlinkSync('gone', at('b.txt'));
    const world = fakeWorld();
    const real = createFiles();
    Object.assign(world.files, { read: real.read, stat: real.stat, entries: real.entries });
    const run = await world.run('menu', 'lint', folder);
    expect(run).toMatchObject({ code: 2, stdout: '1 file: no problems\n' });
    expect(run.stderr).toContain(
      `Cannot read "${at('b.json')}": the link leads to a file that is not there\n`,
    );
    expect(linesOf(await world.run('menu', 'lint', folder, '--json', '--lang', 'zh'))).toMatchObject([
      { file: at('a.json'), ok: true },
      {
        file: at('b.json'),
        ok: false,
        error: { type: 'file_unreadable', hint: '请删除该链接，或恢复它指向的文件' },
      },
      { type: 'summary', ok: false, files: 1, unreadable: 1, skipped: 0 },
    ]);
  });

  test('links in a circle and what is below a file keep no other from being checked', async () => {
    const folder = temporaryFolder();
    const at = (name: string) => path.join(folder, name);
    writeFileSync(at('a.json'), good);
    symlinkSync('b.json', at('b.json'));
    const world = fakeWorld();
    const real = createFiles();
    Object.assign(world.files, { read: real.read, stat: real.stat, entries: real.entries });
    const run = await world.run('menu', 'lint', at('b.json'), at('a.json/x'), at('b.json/x'), at('a.json'));
    expect(run).toMatchObject({ code: 2, stdout: '1 file: no problems\n' });
    const reasons = [...run.stderr.matchAll(/Cannot read "[^"]*": (.*)/g)].map(([, reason]) => reason);
    expect(reasons).toEqual(['its links lead in a circle', 'no such file', 'its links lead in a circle']);
  });

  test('one that cannot be looked into is named with the reason', async () => {
    const world = fakeWorld({ files: { 'm/a.json': good } });
    Object.assign(world.files, {
      entries: () => {
        throw Object.assign(new Error('no'), { code: 'EACCES' });
      },
    });
    const run = await world.run('menu', 'lint', 'm', '--lang', 'zh');
    expect([run.code, run.stderr.split('\n')[0]]).toEqual([2, '✗ 无法读取 "m"：没有权限']);
  });
});
