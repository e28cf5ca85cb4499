/** Everything that people hand in is read in one place, with a limit. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createFiles } from '../../../src/io/files/files.ts';
import type { Files } from '../../../src/io/ports.ts';
import { fakeWorld } from '../../helpers/fake-io.ts';

const to = ['--to', 'http://127.0.0.1:9/wx'];

/** Each way to hand in a file, and how much is read of it. */
const readers: readonly (readonly [words: readonly string[], limit: string])[] = [
  [['menu', 'lint', '/dev/zero'], '1 MiB'],
  [['menu', 'push', '/dev/zero'], '1 MiB'],
  [['menu', 'diff', '/dev/zero'], '1 MiB'],
  [['token', '--dotenv', '/dev/zero'], '1 MiB'],
  [['token', '--secret-file', '/dev/zero'], '64 KiB'],
  [['serve', '--rules', '/dev/zero'], '1 MiB'],
  [['serve', '--reply', '/dev/zero'], '1 MiB'],
  [['serve', '--aes-key-file', '/dev/zero'], '64 KiB'],
  [['simulator', '--scenario', '/dev/zero'], '1 MiB'],
  [['crypto', 'encrypt', '/dev/zero'], '1 MiB'],
  [['crypto', 'decrypt', '/dev/zero'], '1 MiB'],
  [['trigger', '--file', '/dev/zero', ...to], '1 MiB'],
  [['sign-url', 'https://a.example/', '--ticket-file', '/dev/zero'], '64 KiB'],
  [['qr', 'batch', '/dev/zero', '--out-dir', 'codes'], '64 MiB'],
];

const environment = {
  WECHAT_MP_CALLBACK_TOKEN: 'token',
  WECHAT_MP_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  WECHAT_MP_CONFIG_DIR: '/nonexistent/config',
};

describe('a file that never ends', () => {
  test.skipIf(process.platform === 'win32').each(readers)(
    '%j is exit 2 at its limit',
    async (words, limit) => {
      const world = fakeWorld({ environment });
      const real: Pick<Files, 'read' | 'stat'> = createFiles();
      Object.assign(world.files, { read: real.read, stat: real.stat });
      const run = await world.run(...words, '--json');
      expect([run.code, run.stdout, world.requests]).toEqual([2, '', []]);
      expect(JSON.parse(run.stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({
        error: {
          code: 2,
          type: 'file_too_large',
          file: '/dev/zero',
          message: `Cannot read "/dev/zero": it is longer than ${limit}, the most that is read here`,
        },
      });
    },
  );
});

describe('a file in UTF-16', () => {
  test.each([
    ['with its mark', '\ufeff{"button":[]}'],
    ['without its mark', '{"button":[]}'],
  ])('is named %s, in both orders of bytes', async (_, text) => {
    const little = Buffer.from(text, 'utf16le');
    for (const content of [little, Buffer.from(little).swap16()]) {
      const run = await fakeWorld({ files: { 'm.json': content } }).run('menu', 'lint', 'm.json', '--json');
      expect(JSON.parse(run.stderr)).toMatchObject({
        error: { code: 2, type: 'not_utf8', file: 'm.json', encoding: 'UTF-16' },
      });
    }
  });

  test('is not guessed from one zero', async () => {
    const run = await fakeWorld({ files: { 'm.json': '{\0"button":[]}' } }).run(
      'menu',
      'lint',
      'm.json',
      '--json',
    );
    expect(JSON.parse(run.stderr)).toMatchObject({ error: { type: 'json_invalid' } });
  });
});

describe('standard input that is not UTF-8', () => {
  const said = (zh: boolean) => (zh ? '请先经管道转码：' : 'Pipe it through ');
  const menu = '{"button":[]}';
  const little = Buffer.from(menu, 'utf16le');
  const big = Buffer.from(menu, 'utf16le').swap16();
  const marked = Buffer.from(`\u{feff}${menu}`, 'utf16le');

  test.each([
    ['UTF-16', marked],
    ['UTF-16', Buffer.from(marked).swap16()],
    ['UTF-16LE', little],
    ['UTF-16BE', big],
    ['GB18030', Buffer.from([0xb2, 0xcb, 0xb5, 0xa5])],
  ])('is piped through iconv from %s', async (encoding, stdin) => {
    for (const language of ['en', 'zh']) {
      const run = await fakeWorld({ stdin }).run('menu', 'lint', '-', '--json', '--lang', language);
      expect(JSON.parse(run.stderr)).toMatchObject({
        error: { type: 'not_utf8', hint: `${said(language === 'zh')}iconv -f ${encoding} -t UTF-8` },
      });
    }
  });
});

test.skipIf(process.platform === 'win32')('a link to nothing is told from no file', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'links-'));
  const world = fakeWorld();
  const real: Pick<Files, 'read' | 'stat' | 'entries'> = createFiles();
  Object.assign(world.files, { read: real.read, stat: real.stat, entries: real.entries });
  const messageOf = async (name: string): Promise<string> => {
    const { stderr } = await world.run('menu', 'lint', path.join(folder, name), '--json');
    return JSON.parse(stderr).error.message;
  };
  try {
    symlinkSync('gone.json', path.join(folder, 'link.json'));
    expect(await messageOf('link.json')).toMatch(/: the link leads to a file that is not there$/);
    expect(await messageOf('gone.json')).toMatch(/: no such file$/);
    expect(await messageOf('none/gone.json')).toMatch(/: no such file$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
