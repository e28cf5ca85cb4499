import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { builtFile, cleanEnvironment, ended, temporaryFolder } from '../../helpers/command.ts';

const tool = `'${process.execPath}' '${builtFile()}'`;

/** A line of shell in which `wechat-mp` is the tool; with bash's `pipefail`, so that the tool's own code is seen. */
async function shell(line: string, cwd = '/') {
  const child = spawn('bash', ['-c', `set -o pipefail; wechat-mp() { ${tool} "$@"; }; ${line}`], {
    env: cleanEnvironment({
      HOME: '/nonexistent',
      WECHAT_MP_ACCESS_TOKEN: 'SIM_x',
      WECHAT_MP_CALLBACK_TOKEN: 'abc',
    }),
    cwd,
    stdio: 'pipe',
  });
  child.stdin.end();
  const { code, stdout, stderr } = await ended(child);
  return { code, stdout, stderr };
}

describe('stdout', () => {
  test('may end early: a reader that has gone away is no error', async () => {
    const { code, stdout, stderr } = await shell('wechat-mp help | head -1');
    expect({ code, stderr, lines: stdout.trimEnd().split('\n').length }).toEqual({
      code: 0,
      stderr: '',
      lines: 1,
    });
    expect(await shell('wechat-mp help | true')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('may be closed', async () => {
    expect(await shell('wechat-mp help >&-')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await shell('wechat-mp help >&- 2>&- <&-')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test.skipIf(!existsSync('/dev/full'))('that is full is exit 7 with the reason, and no stack', async () => {
    for (const words of ['help', '--help', '--version', 'token', 'handshake sign --timestamp 1 --nonce 1']) {
      expect(await shell(`wechat-mp ${words} > /dev/full`)).toEqual({
        code: 7,
        stdout: '',
        stderr:
          '✗ Cannot write to standard output: the disk is full\n  Fix: Free some space, or send the output elsewhere\n  More: wechat-mp explain disk_full\n',
      });
    }
    const { code, stderr } = await shell('wechat-mp token --json > /dev/full');
    expect([code, JSON.parse(stderr)]).toMatchObject([7, { error: { code: 7, type: 'disk_full' } }]);
  });
});

describe('stderr', () => {
  test.skipIf(!existsSync('/dev/full'))(
    'that is full or closed changes neither output nor exit code',
    async () => {
      for (const place of ['/dev/full', '&-']) {
        expect(await shell(`wechat-mp tokn 2>${place}`)).toEqual({ code: 2, stdout: '', stderr: '' });
        expect(await shell(`wechat-mp token --verbose 2>${place}`)).toEqual({
          code: 0,
          stdout: 'SIM_x\n',
          stderr: '',
        });
        expect((await shell(`wechat-mp handshake sign 2>${place}`)).code).toBe(0);
      }
    },
  );
});

describe('the current folder', () => {
  test('may be gone', async () => {
    const folder = `${temporaryFolder()}/gone`;
    mkdirSync(folder);
    const line = `rmdir '${folder}'; wechat-mp token`;
    expect(await shell(line, folder)).toMatchObject({ code: 0, stdout: 'SIM_x\n' });
    expect(() => rmdirSync(folder)).toThrow('ENOENT');
  });

  test('may hold a broken project file, which does not keep help from helping', async () => {
    const folder = temporaryFolder();
    writeFileSync(`${folder}/wechat-mp.json`, '{');
    expect((await shell('wechat-mp help ci', folder)).code).toBe(0);
    expect((await shell('wechat-mp profile show', folder)).code).toBe(2);
  });
});
