/** The built tool on other versions of Node than the one that runs the tests. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { builtFile, ended, firstLine } from '../helpers/command.ts';
import { createProject, needs, root, type Project } from './project.ts';
import { readQr } from './qr-readers.ts';

const nodes = (process.env['WECHAT_MP_TEST_NODES'] ?? '').split(':').filter((node) => node !== '');

/** Short enough for a test's name. */
function versionOf(node: string): string {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return stdout?.trim() || `${node}, which does not run`;
}

test('other versions of Node are given in WECHAT_MP_TEST_NODES', (context) => {
  needs(context, nodes.length > 0, 'WECHAT_MP_TEST_NODES names no node binaries, separated by ":"');
  const versions = nodes.map(versionOf);
  for (const version of versions) expect(version).toMatch(/^v\d+\.\d+\.\d+$/);
  expect(versions).not.toContain(process.version);
});

describe.each(nodes.map((node) => ({ node, version: versionOf(node) })))('with Node $version', ({ node }) => {
  const project = (): Project => createProject([node, builtFile()]);
  const simulated = (...words: readonly string[]): readonly string[] => [
    'wechat-mp',
    'simulator',
    '--',
    'wechat-mp',
    '--quiet',
    ...words,
  ];

  test('--version says the version of the package, and nothing else', async () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(await project().exec(['wechat-mp', '--version'])).toMatchObject({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  test('token prints the bare token', async () => {
    const result = await project().exec(simulated('token'));
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^SIM_[\w-]{132}\n$/);
  });

  test('menu push publishes and reads back', async () => {
    const result = await project().exec(simulated('menu', 'push', 'menus/basic.json', '--yes'));
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^Pushed 4 buttons to wx[0-9a-f]{16}; read back and equal\n$/);
  });

  test('qr create writes a picture that can be read', async () => {
    const one = project();
    const { code, stdout, stderr } = await one.exec(
      simulated('qr', 'create', '--scene', '123', '--out', 'qr.jpg'),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const url = stdout.trimEnd();
    expect(await readQr(readFileSync(path.join(one.folder, 'qr.jpg')))).toEqual([url, url]);
  });

  test('sign-url gives the signature of the official page', async () => {
    const words = ['sign-url', 'http://mp.weixin.qq.com?params=value', '--ticket-stdin', '--as-is', '--json'];
    const flags = ['--nonce', 'Wm3WZYTPz0wzccnW', '--timestamp', '1414587457'];
    const { code, stdout, stderr } = await project().exec(['wechat-mp', ...words, ...flags], {
      env: { WECHAT_MP_APPID: 'wx1234567890abcdef' },
      input: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
    });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        '! The URL has no path: the browser adds "/" after the domain\n' +
        '! The URL begins with "http:": opened over https the page needs another signature\n',
    });
    expect(JSON.parse(stdout)).toMatchObject({ signature: '0f9de62fce790f9a083d5c99e95740ceb90c27ed' });
  });

  test('serve answers a handshake and ends with a signal', async () => {
    const one = project();
    const env = { WECHAT_MP_CALLBACK_TOKEN: 'AAAAA' };
    const server = one.start(['wechat-mp', 'serve', '--port', '0', '--json'], { env });
    const { url } = JSON.parse(await firstLine(server)) as { url: string };
    const words = ['wechat-mp', 'handshake', 'sign', '--url', url, '--echostr', '4375120948345356249'];
    const { stdout: signed } = await one.exec(words, { env });
    expect(await (await fetch(signed.trimEnd())).text()).toBe('4375120948345356249');
    server.kill('SIGTERM');
    expect(await ended(server)).toMatchObject({ code: 143, stderr: 'Stopped\n' });
  });
});
