import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';

const url = 'http://mp.weixin.qq.com?params=value';
/** The example of the official page (JS-SDK 使用权限签名算法). */
const official = {
  ticket: 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg',
  words: ['--ticket-stdin', '--nonce', 'Wm3WZYTPz0wzccnW', '--timestamp', '1414587457', '--as-is'],
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

  test.each([
    ['https://a.example.com', 'https://a.example.com/'],
    ['https://a.example.com?x=1#top', 'https://a.example.com/?x=1'],
    ['HTTPS://A.EXAMPLE.com:443/P', 'https://a.example.com/P'],
    ['https://例子.com/你', 'https://xn--fsqu00a.com/%E4%BD%A0'],
  ])('signs %s as a browser shows it, and says so', async (given, shown) => {
    const words = official.words.filter((word) => word !== '--as-is');
    const { code, stdout, stderr } = await sign(given, ...words, '--json');
    const string1 = `jsapi_ticket=${official.ticket}&noncestr=Wm3WZYTPz0wzccnW&timestamp=1414587457&url=${shown}`;
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      { url: shown, signature: createHash('sha1').update(string1).digest('hex') },
    ]);
    expect(stderr).toBe(`Signed as a browser shows it: ${shown} (as it is written: --as-is)\n`);
    expect((await sign(given, ...official.words, '--json', '-q')).stdout).toContain(
      `"url":"${given.split('#')[0]}"`,
    );
  });

  test('signs a query outside ASCII as UTF-8, with a warning', async () => {
    const words = official.words.filter((word) => word !== '--as-is');
    const { code, stdout, stderr } = await sign('https://e.com/?q=世', ...words);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('url=https://e.com/?q=%E4%B8%96\n') as string,
    ]);
    expect(stderr).toMatch(/^! The query contains characters outside ASCII: signed as UTF-8; .*GBK/);
  });

  test.each([
    [
      'the whole answer of getticket',
      JSON.stringify({ errcode: 0, errmsg: 'ok', ticket: official.ticket, expires_in: 7200 }),
    ],
    ['the answer of a cache', JSON.stringify({ jsapi_ticket: official.ticket, expire_time: 1714036504 })],
    ['a line with its name', `jsapi_ticket=${official.ticket}\n`],
    ['a ticket in quotes', `"${official.ticket}"\n`],
    ['a ticket with an invisible character', `\u200b${official.ticket}`],
  ])('takes the ticket out of %s, and says so', async (_, stdin) => {
    const { code, stdout, stderr } = await fakeWorld({ stdin }).run(
      'sign-url',
      url,
      ...official.words,
      '--json',
    );
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { signature: official.signature }]);
    expect(stderr).toContain('Took the ticket in --ticket-stdin out of');
    expect(stderr).not.toContain(official.ticket);
    const files = { '/desk/answer.json': stdin };
    const words = ['--ticket-file', 'answer.json', ...official.words.slice(1), '--json'];
    const fromFile = await fakeWorld({ files }).run('sign-url', url, ...words);
    expect(JSON.parse(fromFile.stdout)).toMatchObject({ signature: official.signature });
  });

  test.each([
    ['a refusal', '{"errcode":40001,"errmsg":"invalid credential"}', '40001'],
    [
      'the answer with a token',
      '{"access_token":"61_W3mQzX0cYh7rTnEoLpKd","expires_in":7200}',
      '"access_token"',
    ],
    ['half an answer', '{"errcode":0,"ticket":"sM4AOVdWf', 'breaks off'],
    ['a list', '["sM4AOVdWf"]', 'JSON list'],
    ['a page', '<html>sM4AOVdWf</html>', 'HTML or XML'],
    ['the line of another value', 'access_token=61_W3mQzX', 'a line with the access_token'],
    ['a missing value', 'null', '"null" is what a program prints'],
  ])('refuses %s in place of a ticket', async (_, stdin, named) => {
    const { code, stdout, stderr } = await fakeWorld({ stdin }).run('sign-url', url, ...official.words);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(named);
    expect(stderr).not.toMatch(/W3mQ|sM4A/);
  });

  test('--open-tags become openTagList, in JSON, config and html', async () => {
    const tags = ['--open-tags', 'wx-open-launch-weapp,wx-open-audio,'];
    const list = ['wx-open-launch-weapp', 'wx-open-audio'];
    const json = await sign(url, ...official.words, ...tags, '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      signature: official.signature,
      jsApiList: [],
      openTagList: list,
    });
    for (const format of ['config', 'html']) {
      const { code, stdout } = await sign(url, ...official.words, ...tags, '--format', format);
      expect([code, stdout.replaceAll(/\s/g, '')]).toEqual([
        0,
        expect.stringContaining(`"openTagList":${JSON.stringify(list)}`) as string,
      ]);
    }
    for (const format of ['lines', 'env'])
      expect((await sign(url, ...official.words, ...tags, '--format', format)).stdout).not.toContain(
        'wx-open',
      );
    expect((await sign(url, ...official.words, '--json')).stdout).not.toContain('openTagList');
  });

  test('warns of a tag in --open-tags that is not known, and signs all the same', async () => {
    const { code, stderr } = await sign(
      url,
      ...official.words,
      '--open-tags',
      'wx-open-audio,wx-open-lunch-weapp,div',
    );
    expect(code).toBe(0);
    expect(stderr).not.toContain('! "wx-open-audio"');
    expect(stderr).toContain(
      '! "wx-open-lunch-weapp" is not a known open tag; did you mean "wx-open-launch-weapp"?\n',
    );
    expect(stderr).toContain('! "div" is not a known open tag\n');
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

  test('says on stderr what was cut, and what looks wrong', async () => {
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

  test('masks a ticket of the platform in GitHub Actions, and prints it nowhere else', async () => {
    const world = fakeWorld({ environment: { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: '/desk/out' } });
    const { stdout, stderr } = await world.run('sign-url', url, '--format', 'github');
    const [, ticket = ''] = /^::add-mask::(SIM_[\w-]{84})$/m.exec(stderr) ?? [];
    expect(ticket).not.toBe('');
    expect(stdout + stderr.replace(/^::add-mask::.*$/m, '')).not.toContain(ticket.slice(4));
    expect(world.files.contents.get('/desk/out')?.toString()).not.toContain(ticket.slice(4));
    const elsewhere = await fakeWorld().run('sign-url', url);
    expect(elsewhere.stderr).not.toContain('add-mask');
  });

  test('reads the ticket from a file', async () => {
    const world = fakeWorld({ files: { '/desk/ticket': `\ufeff${official.ticket}\r\n` } });
    const words = ['--ticket-file', 'ticket', ...official.words.slice(1), '--json'];
    expect(JSON.parse((await world.run('sign-url', url, ...words)).stdout)).toMatchObject({
      signature: official.signature,
    });
    expect(world.requests).toEqual([]);
    expect((await world.run('sign-url', url, '--ticket-file', 'nowhere')).code).toBe(2);
  });

  test('does not take for a ticket what cannot be one, and does not tell it', async () => {
    for (const stdin of [`two ${official.ticket}`, 'x'.repeat(513), '票']) {
      const { code, stdout, stderr } = await fakeWorld({ stdin }).run('sign-url', url, '--ticket-stdin');
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).not.toContain(stdin);
    }
    const longest = await fakeWorld({ stdin: 'x'.repeat(512) }).run('sign-url', url, '--ticket-stdin');
    expect(longest.code).toBe(0);
  });

  test('warns of an unknown name in --api-list, and signs', async () => {
    const { code, stderr } = await sign(url, ...official.words, '--api-list', 'scanQRCode,scanQrcode,zzz');
    expect(code).toBe(0);
    expect(stderr).not.toContain('! "scanQRCode"');
    expect(stderr).toContain('! "scanQrcode" is not a call of the JS-SDK; did you mean "scanQRCode"?\n');
    expect(stderr).toContain('! "zzz" is not a call of the JS-SDK\n');
  });

  test.each([
    ['no URL', []],
    ['no web address', ['ftp://e.com/']],
    ['a line break in the URL', ['https://e.com/\nsignature=forged']],
    ['a line break in the nonce', ['https://e.com/', '--nonce', 'a\nsignature=forged']],
    ['milliseconds', ['https://e.com/', '--timestamp', '1414587457000']],
    ['two shapes', ['https://e.com/', '--json', '--format', 'github']],
    ['--json and lines', ['https://e.com/', '--json', '--format', 'lines']],
    ['two URLs in one page', ['https://e.com/', 'https://f.com/', '--format', 'html']],
    ['two URLs in one call', ['https://e.com/', 'https://f.com/', '--format', 'config']],
    ['two URLs in one environment', ['https://e.com/', 'https://f.com/', '--format', 'env']],
    ['URLs from both', ['https://e.com/', '--stdin']],
    ['stdin for two', ['--stdin', '--ticket-stdin']],
    ['stdin for lines and a secret', ['--stdin', '--secret-stdin']],
    ['stdin for lines and a token', ['--stdin', '--access-token-stdin']],
    ['two tickets', ['https://e.com/', '--ticket-stdin', '--ticket-file', 'x']],
    ['lines in a shape of one', ['--stdin', '--format', 'env']],
    ['a check without nonce', ['https://e.com/', '--check', 'x', '--timestamp', '1']],
    ['a check without timestamp', ['https://e.com/', '--check', 'x', '--nonce', '1']],
    [
      'a check of two',
      ['https://e.com/', 'https://f.com/', '--check', 'x', '--nonce', '1', '--timestamp', '1'],
    ],
    ['open tags for cards', ['a', '--type', 'wx_card', '--open-tags', 'wx-open-audio']],
    ['the text of a server without nonce', ['https://e.com/', '--string1', 'x', '--timestamp', '1']],
    [
      'the text of a server for cards',
      ['a', '--type', 'wx_card', '--string1', 'x', '--nonce', '1', '--timestamp', '1'],
    ],
    ['a check of none', ['--check', 'x', '--nonce', '1', '--timestamp', '1']],
    ['a check of many', ['--stdin', '--check', 'x', '--nonce', '1', '--timestamp', '1']],
    ['a page for cards', ['pjZ8', '--type', 'wx_card', '--format', 'html']],
    ['no card', ['--type', 'wx_card']],
    ['a code for two cards', ['a', 'b', '--type', 'wx_card', '--code', '1']],
    ['cards from stdin', ['--type', 'wx_card', '--stdin']],
    ['a code for pages', ['https://e.com/', '--code', '1']],
    ['a call without cards', ['https://e.com/', '--call', 'addCard']],
    ['a kind of card for addCard', ['a', '--type', 'wx_card', '--card-type', 'GROUPON']],
    ['a code for chooseCard', ['a', '--type', 'wx_card', '--call', 'chooseCard', '--code', '1']],
    ['two cards for chooseCard', ['a', 'b', '--type', 'wx_card', '--call', 'chooseCard']],
    ['a line break in a code', ['a', '--type', 'wx_card', '--code', '1\n2']],
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

  test('says how many seconds the milliseconds are', async () => {
    const { stderr } = await sign(url, '--timestamp', '1414587457000');
    expect(stderr).toMatch(/these are milliseconds\n.*Use 1414587457\n {2}More: .*\n$/);
  });

  test('an empty ticket on stdin is a mistake', async () => {
    expect((await fakeWorld({ stdin: ' \n' }).run('sign-url', url, '--ticket-stdin')).code).toBe(2);
  });
});
