/** What each command loads before it does its work: every kilobyte and every file is time of a start. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { formatXml } from '../../src/core/message/format-xml.ts';
import { decodeEncodingAESKey, encryptMessage } from '../../src/core/callback/message-crypto.ts';
import { builtDist, builtFile, ended, firstLine, temporaryFolder } from '../helpers/command.ts';
import { createProject } from './project.ts';

const dist = builtDist();

/** Names of the tool's files that a command line loads, and their kilobytes together. A server is ended when it is ready. */
async function loadedBy(
  line: string,
  projectFile?: string,
): Promise<{ files: readonly string[]; kilobytes: number }> {
  const list = path.join(temporaryFolder(), 'loaded.json');
  const recorder = path.join(temporaryFolder(), 'recorder.cjs');
  writeFileSync(
    recorder,
    `const fs = require('fs');
    const { readFileSync, writeFileSync } = fs;
    const loaded = [];
    fs.readFileSync = (file, ...more) => {
      if (String(file).startsWith(${JSON.stringify(dist)}) && file.endsWith('.js')) loaded.push(file);
      return readFileSync(file, ...more);
    };
    process.on('exit', () => {
      // The function around a file does not count, and a Chinese character, which the build escapes, has its three bytes.
      const written = (file) => readFileSync(file, 'latin1').replace(/^[^{]*\\{ |\\n\\}\\)$/g, '').replace(/\\\\u[0-9a-f]{4}/g, '...');
      const bytes = loaded.reduce((sum, file) => sum + written(file).length, 0);
      const files = loaded.map((file) => require('path').basename(file, '.js'));
      writeFileSync(${JSON.stringify(list)}, JSON.stringify({ files, kilobytes: bytes / 1024 }));
    });`,
  );
  const project = createProject([process.execPath, '--require', recorder, builtFile()]);
  writeFileSync(path.join(project.folder, 'envelope.xml'), envelope);
  if (projectFile !== undefined) writeFileSync(path.join(project.folder, 'wechat-mp.json'), projectFile);
  const child = project.start(['wechat-mp', ...line.split(' ')], {
    env: { ...account, WECHAT_MP_CALLBACK_TOKEN: 'abcdef', WECHAT_MP_AES_KEY: aesKey },
  });
  if (/^(?:serve|simulator) --port/.test(line)) {
    await firstLine(child);
    child.kill();
  }
  await ended(child);
  return JSON.parse(readFileSync(list, 'utf8')) as Awaited<ReturnType<typeof loadedBy>>;
}

const account = {
  WECHAT_MP_APPID: 'wx0123456789abcdef',
  WECHAT_MP_APPSECRET: '0123456789abcdef0123456789abcdef',
  WECHAT_MP_ACCESS_TOKEN: '50_token',
};

const aesKey = 'a'.repeat(43);
const envelope = formatXml({
  Encrypt: encryptMessage({
    message: '<xml><MsgType>text</MsgType></xml>',
    appId: account.WECHAT_MP_APPID,
    key: decodeEncodingAESKey(aesKey),
    random16: Buffer.alloc(16),
  }),
});

test('the library that these tests look for has a file of its own', () => {
  expect(readdirSync(dist)).toContain('fetch.js');
});

test.each([
  ['--version', 53, 2],
  ['--help', 62, 4],
  ['crypto key', 54, 3],
  // A key while somebody types.
  ['__complete zsh simulator --', 60, 3],
  ['__complete zsh trigger menu', 72, 4],
  ['token', 106, 6],
  ['handshake sign --timestamp 1 --nonce 2', 67, 4],
  ['trigger --list', 84, 8],
  // Neither what a backup needs, nor what reads a pasted URL.
  // A good menu needs no words for problems, and no places in the file.
  ['menu lint menus/shop.json', 83, 6],
  ['menu lint menu.json', 95, 10],
  ['crypto decrypt envelope.xml', 90, 7],
  ['explain 40164', 124, 14],
  ['explain -1', 124, 14],
  // Nothing that opens, verifies, answers or logs a request.
  ['serve --port 0', 85, 6],
  ['simulator --help', 106, 13],
  // Neither nouns' calls nor pushes; with what takes a request, where the end comes late enough for it.
  ['simulator --port 0', 295, 25],
])('"%s" loads no library for HTTP, at most %i KB in %i files', async (line, most, mostFiles) => {
  const { files, kilobytes } = await loadedBy(line);
  expect(files).not.toContain('fetch');
  expect(kilobytes).toBeGreaterThan(40);
  expect(kilobytes).toBeLessThan(most);
  expect(files.length).toBeLessThanOrEqual(mostFiles);
});

test('a project file without comments is read without their parser', async () => {
  const parser = async (content: string) =>
    (await loadedBy('crypto key', content)).files.includes('json-file');
  expect([await parser('{"lang":"zh"}'), await parser('{} // ours')]).toEqual([false, true]);
});

test('a call loads no undici, and at most 160 KB', async () => {
  // Nobody listens there: what comes before the connection is loaded, and what tells of its failure.
  const { files, kilobytes } = await loadedBy('menu pull --api-base http://127.0.0.1:1');
  expect(files).toContain('fetch');
  expect(files).not.toContain('agent');
  expect(kilobytes).toBeLessThan(160);
});
