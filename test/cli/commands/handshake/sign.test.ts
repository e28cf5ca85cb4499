import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';

const token = 'weixinToken123';
const environment = { WECHAT_MP_CALLBACK_TOKEN: token };
const values = ['--timestamp', '1714036504', '--nonce', '1514711492'];
/** An independent rule: sorted as text, joined, SHA-1. */
const signature = createHash('sha1')
  .update([token, '1714036504', '1514711492'].toSorted().join(''))
  .digest('hex');

describe('handshake sign', () => {
  test('prints the signature, quietly where everything was given', async () => {
    expect(await fakeWorld({ environment }).run('handshake', 'sign', ...values)).toEqual({
      code: 0,
      stdout: `${signature}\n`,
      stderr: '',
    });
  });

  test('invents what was not given, and says it', async () => {
    const run = await fakeWorld({ environment }).run('handshake', 'sign');
    expect(run.stderr).toMatch(/^timestamp=1768449600 nonce=[1-9]{9}\n$/);
  });

  test.each([
    ['http://h/wechat', 'http://h/wechat?'],
    ['http://h/wechat?a=1', 'http://h/wechat?a=1&'],
    ['http://h/wechat?', 'http://h/wechat?'],
    ['http://h/wechat#x', 'http://h/wechat?'],
  ])('--url %s becomes the whole URL', async (url, start) => {
    const run = await fakeWorld({ environment }).run(
      'handshake',
      'sign',
      ...values,
      '--url',
      url,
      '--echostr',
      'a b&c',
    );
    expect(run.stdout).toBe(
      `${start}signature=${signature}&echostr=a%20b%26c&timestamp=1714036504&nonce=1514711492\n`,
    );
  });

  test('what it signs, handshake check accepts', async () => {
    const world = fakeWorld({ environment });
    const { stdout } = await world.run('handshake', 'sign', '--url', 'http://h/');
    expect((await world.run('handshake', 'check', stdout.trim())).code).toBe(0);
  });

  test.each([[['--echostr', 'x']], [['--url', 'ftp://h/']], [['--url', 'h']]])(
    '%j is a mistake',
    async (words) => {
      expect(await fakeWorld({ environment }).run('handshake', 'sign', ...words)).toMatchObject({
        code: 2,
        stdout: '',
      });
    },
  );

  test('needs a callback Token, and warns of an unusual one', async () => {
    const none = await fakeWorld({ environment: { WECHAT_MP_CALLBACK_TOKEN: undefined } }).run(
      'handshake',
      'sign',
    );
    expect([none.code, none.stdout]).toEqual([3, '']);
    const odd = await fakeWorld({ environment: { WECHAT_MP_CALLBACK_TOKEN: 'a-b' } }).run(
      'handshake',
      'sign',
      ...values,
    );
    expect(odd).toMatchObject({
      code: 0,
      stderr:
        '! The callback Token is unusual: the console takes 3 to 32 letters and digits, and this has 3 characters, among them something that is neither a letter nor a digit\n',
    });
  });
});
