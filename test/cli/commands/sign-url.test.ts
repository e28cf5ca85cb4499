import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../helpers/fake-io.ts';

const url = 'http://mp.weixin.qq.com?params=value';
/** The example of the official page (JS-SDK 使用权限签名算法). */
const official = {
  ticket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
  words: ['--ticket-stdin', '--nonce', 'Wm3WZYTPz0wzccnW', '--timestamp', '1414587457'],
  signature: '0f9de62fce790f9a083d5c99e95740ceb90c27ed',
};
const { appId } = fakeWorld().simulator.account;
const sign = (...words: readonly string[]) => fakeWorld({ stdin: official.ticket }).run('sign-url', ...words);

describe('sign-url', () => {
  test('prints five lines, the signature as in the official example', async () => {
    expect(await sign(url, ...official.words, '-q')).toMatchObject({
      code: 0,
      stdout: `appId=${appId}\ntimestamp=1414587457\nnonceStr=Wm3WZYTPz0wzccnW\nsignature=${official.signature}\nurl=${url}\n`,
    });
  });

  test('is an object for wx.config with --json, one line for each URL', async () => {
    const { stdout } = await sign(
      url,
      `${url}#frag`,
      ...official.words,
      '--json',
      '--api-list',
      'scanQRCode,chooseImage,',
    );
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(first).toEqual({
      appId,
      timestamp: 1414587457,
      nonceStr: 'Wm3WZYTPz0wzccnW',
      signature: official.signature,
      jsApiList: ['scanQRCode', 'chooseImage'],
      url,
    });
    expect(second).toEqual(first);
  });

  test('fetches the ticket, and signs now with a nonce of its own', async () => {
    const world = fakeWorld();
    const { stdout } = await world.run('sign-url', url, '--json');
    const value = JSON.parse(stdout) as Record<string, string | number>;
    expect(value).toMatchObject({
      timestamp: 1768449600,
      nonceStr: expect.stringMatching(/^[\w-]{16}$/) as string,
    });
    expect(world.requests.map((request) => request.split('/').at(-1))).toEqual(['stable_token', 'getticket']);
    await world.run('sign-url', url);
    expect(world.requests).toHaveLength(2);
  });

  test('says on stderr that the fragment was cut, and what looks wrong', async () => {
    const { stderr } = await sign('https://e.com/?a=1&amp;b=2#x', ...official.words);
    expect(stderr).toContain('! The URL contains "&amp;"');
    expect(stderr).toContain('Cut the fragment: signed https://e.com/?a=1&amp;b=2\n');
  });

  test('--format github appends to the output of the step, and takes one URL', async () => {
    const world = fakeWorld({ stdin: official.ticket, environment: { GITHUB_OUTPUT: '/desk/out' } });
    expect(await world.run('sign-url', url, ...official.words, '--format', 'github')).toMatchObject({
      code: 0,
      stdout: '',
    });
    expect(world.files.contents.get('/desk/out')?.toString()).toContain(
      `\nsignature=${official.signature}\nurl=${url}\n`,
    );
    expect((await world.run('sign-url', url, url, ...official.words, '--format', 'github')).code).toBe(2);
  });

  test.each([
    ['no URL', []],
    ['no web address', ['ftp://e.com/']],
    ['a line break in the URL', ['https://e.com/\nsignature=forged']],
    ['a line break in the nonce', ['https://e.com/', '--nonce', 'a\nsignature=forged']],
    ['milliseconds', ['https://e.com/', '--timestamp', '1414587457000']],
    ['two shapes', ['https://e.com/', '--json', '--format', 'github']],
  ])('%s is a mistake, and nothing is sent', async (_, words) => {
    const world = fakeWorld();
    expect(await world.run('sign-url', ...words)).toMatchObject({ code: 2, stdout: '' });
    expect(world.requests).toEqual([]);
  });

  test('--json and --format json are the same', async () => {
    expect((await sign(url, ...official.words, '--json', '--format', 'json')).stdout).toBe(
      (await sign(url, ...official.words, '--json')).stdout,
    );
  });

  test('signs what a browser would: the signature is the hash of string1', async () => {
    const { stdout } = await sign('https://e.com/?a=1', ...official.words, '--json');
    const string1 = `jsapi_ticket=${official.ticket}&noncestr=Wm3WZYTPz0wzccnW&timestamp=1414587457&url=https://e.com/?a=1`;
    expect(JSON.parse(stdout)).toMatchObject({ signature: createHash('sha1').update(string1).digest('hex') });
  });

  test('an empty ticket on stdin is a mistake', async () => {
    expect((await fakeWorld({ stdin: ' \n' }).run('sign-url', url, '--ticket-stdin')).code).toBe(2);
  });
});
