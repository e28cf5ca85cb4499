import { execFileSync } from 'node:child_process';
import { parse } from 'dotenv';
import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';
import * as fc from 'fast-check';
import { formatScriptJson } from '../../../../src/cli/commands/sign-url/formats.ts';
import { anyCharacter } from '../../../helpers/any-character.ts';

const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg';
const words = ['--ticket-stdin', '--nonce', 'Wm3WZYTPz0wzccnW', '--timestamp', '1414587457'];
const signature = '75d179db3f6cd621e8c674d2659ab8da02a0f058';
const page = 'https://example.com/a/b?x=1&y=2';
const format = async (name: string, ...more: readonly string[]) =>
  (await fakeWorld({ stdin: ticket }).run('sign-url', page, ...words, '--format', name, ...more)).stdout;

describe('sign-url --format config', () => {
  test('is a call that hands wx.config what --json prints', async () => {
    const calls: unknown[] = [];
    const wx = { config: (value: unknown) => calls.push(JSON.parse(JSON.stringify(value))) };
    vm.runInNewContext(await format('config', '--api-list', 'scanQRCode'), { wx });
    const appId = expect.stringMatching(/^wx[0-9a-f]{16}$/) as string;
    const value = { debug: false, appId, timestamp: 1414587457, nonceStr: 'Wm3WZYTPz0wzccnW', signature };
    expect(calls).toEqual([{ ...value, jsApiList: ['scanQRCode'] }]);
  });

  test('cannot leave the script it is pasted into', async () => {
    const evil = ['--nonce', '</script><!--\u2028', '--api-list', '</script>'];
    const { stdout } = await fakeWorld({ stdin: ticket }).run(
      'sign-url',
      page,
      '--ticket-stdin',
      ...evil,
      '--format',
      'config',
    );
    expect(stdout).not.toMatch(/[<>\u2028]/);
    const calls: { nonceStr: string }[] = [];
    vm.runInNewContext(stdout, { wx: { config: (value: { nonceStr: string }) => calls.push(value) } });
    expect(calls[0]?.nonceStr).toBe('</script><!--\u2028');
  });
});

describe('sign-url --format env', () => {
  test('means the same to a shell and to a reader of .env files', async () => {
    const text = await format('env');
    expect(text.split('\n').map((line) => line.split('=')[0])).toEqual([
      'WX_APP_ID',
      'WX_TIMESTAMP',
      'WX_NONCE_STR',
      'WX_SIGNATURE',
      'WX_URL',
      '',
    ]);
    expect(parse(text)).toMatchObject({ WX_URL: page, WX_SIGNATURE: signature, WX_TIMESTAMP: '1414587457' });
    const shown = execFileSync('sh', ['-c', `${text}printf '%s|%s' "$WX_URL" "$WX_SIGNATURE"`]).toString();
    expect(shown).toBe(`${page}|${signature}`);
  });

  test.each([
    `https://e.com/$(echo%20x)'\`id\`;"&b`,
    'https://e.com/&id',
    'https://e.com/;id',
    'https://e.com/~*',
  ])('lets a shell run nothing of %s', async (evil) => {
    const world = fakeWorld({ stdin: ticket });
    const { stdout } = await world.run('sign-url', evil, ...words, '--as-is', '--format', 'env');
    expect(execFileSync('sh', ['-c', `${stdout}printf '%s' "$WX_URL"`]).toString()).toBe(evil);
  });
});

describe('formatScriptJson()', () => {
  test.each(['</script><script>alert(1)</script>', '<!--', ']]>', '&lt;', 'a\u2028b\u2029c'])(
    'formatScriptJson() lets nothing out of a script: %j',
    (text) => {
      const script = formatScriptJson({ text });
      expect(script).not.toMatch(/[<>&\u2028\u2029]/);
      expect(JSON.parse(script)).toEqual({ text });
    },
  );

  test('formatScriptJson() is the same value for JSON and for a script', () => {
    const context = vm.createContext();
    fc.assert(
      fc.property(fc.array(fc.string({ unit: anyCharacter }), { maxLength: 4 }), (value) => {
        const script = formatScriptJson(value, 2);
        expect(JSON.parse(script)).toEqual(value);
        expect(JSON.stringify(vm.runInContext(`(${script})`, context))).toBe(JSON.stringify(value));
      }),
    );
  });
});
