import { describe, expect, test } from 'vitest';
import { isEncodingAESKey } from '../../../src/core/account.ts';
import { fakeWorld, type FakeIoOptions } from '../../helpers/fake-io.ts';
import { testAccount } from '../../helpers/handler-fetch.ts';
import { vectors } from '../../helpers/vectors.ts';

const environment = {
  WECHAT_MP_APPID: testAccount.appId,
  WECHAT_MP_CALLBACK_TOKEN: testAccount.callbackToken,
  WECHAT_MP_AES_KEY: testAccount.encodingAESKey,
};
const message =
  '<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><MsgType>text</MsgType></xml>';
const otherKey = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno12';

const run = async (words: readonly string[], options: FakeIoOptions = {}) =>
  await fakeWorld({ ...options, environment: { ...environment, ...options.environment } }).run(...words);

async function encrypted(words: readonly string[] = [], more: FakeIoOptions = {}): Promise<string> {
  return (await run(['crypto', 'encrypt', ...words], { stdin: message, ...more })).stdout;
}

describe('crypto encrypt', () => {
  test('makes a reply envelope that decrypt verifies and opens, byte for byte', async () => {
    const envelope = await encrypted(['--timestamp', '1713424427', '--nonce', '415670741']);
    expect(envelope).toContain('<TimeStamp>1713424427</TimeStamp>');
    expect(await run(['crypto', 'decrypt'], { stdin: envelope })).toEqual({
      code: 0,
      stdout: message,
      stderr: '',
    });
  });

  test('makes JSON of JSON, and of anything that is asked for', async () => {
    const json = JSON.parse(await encrypted([], { stdin: '{"demo_resp":"good luck"}' })) as object;
    expect(Object.keys(json)).toEqual(['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce']);
    expect(await encrypted(['--format', 'json'])).toMatch(/^\{/);
    expect(await encrypted(['--format', 'xml'], { stdin: '{}' })).toMatch(/^<xml>/);
  });

  test('makes a push, whose URL goes to stderr and verifies it', async () => {
    const words = ['--as', 'push', '--url', 'http://localhost:3000/wechat?a=1'];
    const { stdout, stderr } = await run(['crypto', 'encrypt', ...words], { stdin: message });
    expect(stdout).toContain('<ToUserName><![CDATA[gh_1]]></ToUserName>');
    const url = stderr.trim();
    expect(new URL(url).searchParams.get('openid')).toBe('o1');
    expect(await run(['crypto', 'decrypt', '--url', url], { stdin: stdout })).toMatchObject({
      code: 0,
      stdout: message,
    });
    const tampered = url.replace('timestamp=1', 'timestamp=2');
    expect(await run(['crypto', 'decrypt', '--url', tampered, '--json'], { stdin: stdout })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('"sample_code":-40001'),
    });
  });

  test('leaves what is never encrypted as it is, with a warning', async () => {
    const { code, stdout, stderr } = await run(['crypto', 'encrypt', '--json'], { stdin: 'success' });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ envelope: 'success', encrypt: null, msg_signature: null });
    expect(stderr).toContain('never encrypted');
  });

  test.each([
    [['--url', 'http://x/'], '--url needs --as push'],
    [['--as', 'push', '--url', 'ftp://x/'], 'must begin with http'],
    [['--timestamp', '1714036504123'], 'Unix seconds'],
    [['--callback-token-stdin'], 'Cannot read the message from standard input'],
  ])('refuses %j', async (words, text) => {
    const ended = await run(['crypto', 'encrypt', ...words], { stdin: message });
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(text) });
  });

  test.each([
    ['WECHAT_MP_AES_KEY', 'EncodingAESKey'],
    ['WECHAT_MP_CALLBACK_TOKEN', 'Token'],
    ['WECHAT_MP_APPID', 'AppID'],
  ])('says what to do without %s', async (name, words) => {
    const ended = await run(['crypto', 'encrypt'], { stdin: message, environment: { [name]: undefined } });
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining(words) });
  });
});

describe('crypto decrypt', () => {
  const official = vectors.crypto.find(({ token }) => token !== undefined);

  test('opens the official push with its URL', async () => {
    if (official === undefined) throw new Error('no vector');
    const { msg_signature, timestamp, nonce, encrypt, encoding_aes_key, appid, msg } = official;
    const ended = await run(
      ['crypto', 'decrypt', `--url=/w?msg_signature=${msg_signature}&timestamp=${timestamp}&nonce=${nonce}`],
      {
        stdin: JSON.stringify({ Encrypt: encrypt }),
        environment: { WECHAT_MP_AES_KEY: encoding_aes_key, WECHAT_MP_APPID: appid },
      },
    );
    expect(ended).toEqual({ code: 0, stdout: msg, stderr: '' });
  });

  test('reads a file, and prints JSON', async () => {
    const { stdout, code } = await run(['crypto', 'decrypt', 'body.xml', '--json'], {
      files: { '/desk/body.xml': await encrypted() },
    });
    expect({ code, value: JSON.parse(stdout) }).toEqual({
      code: 0,
      value: { message, appid: testAccount.appId, key: 'current' },
    });
  });

  test('gives a terminal a line end and takes its control characters away', async () => {
    const stdin = await encrypted([], { stdin: '<xml>\u{1b}[31mred</xml>' });
    const { stdout } = await run(['crypto', 'decrypt'], { stdin, tty: ['stdout'] });
    expect(stdout).not.toContain('\u{1b}');
    expect(stdout.endsWith('</xml>\n')).toBe(true);
    expect((await run(['crypto', 'decrypt'], { stdin })).stdout).toContain('\u{1b}');
  });

  test('hands out what is no message, with a warning, but nothing that is no text', async () => {
    const odd = await run(['crypto', 'decrypt'], { stdin: await encrypted([], { stdin: 'hello' }) });
    expect(odd).toMatchObject({ code: 0, stdout: 'hello', stderr: expect.stringContaining('XML') });
    const cut = (await encrypted()).replace(/.{4}\]\]><\/Encrypt>/, ']]></Encrypt>');
    expect(await run(['crypto', 'decrypt'], { stdin: cut })).toMatchObject({ code: 1, stdout: '' });
  });

  test('tries the key before the last change, and says so', async () => {
    const stdin = await encrypted();
    const options = { stdin, environment: { WECHAT_MP_AES_KEY: otherKey } };
    expect(await run(['crypto', 'decrypt'], options)).toMatchObject({ code: 1, stdout: '' });
    const files = { '/desk/old.txt': `${testAccount.encodingAESKey}\n` };
    const ended = await run(['crypto', 'decrypt', '--previous-aes-key-file', 'old.txt'], {
      ...options,
      files,
    });
    expect(ended).toMatchObject({ code: 0, stdout: message, stderr: expect.stringContaining('previous') });
  });

  test('never takes a key from the command line', async () => {
    const ended = await run(['crypto', 'decrypt', '--previous-aes-key', otherKey], { stdin: '' });
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('--previous-aes-key-file') });
    expect(ended.stderr).not.toContain(otherKey);
  });

  test('--explain shows every step, the number of the failed one, and the message', async () => {
    const stdin = await encrypted();
    const good = await run(['crypto', 'decrypt', '--explain'], { stdin });
    expect(good.code).toBe(0);
    expect(
      good.stdout
        .split('\n')
        .slice(0, 9)
        .map((line) => line.slice(0, 3).trim()),
    ).toEqual(['✓ k', '✓ e', '✓ s', '✓ b', '✓ c', '✓ p', '✓ l', '✓ a', '✓ m'].map((start) => start));
    expect(good.stdout).toContain(`\n\n${message}\n`);
    const bad = await run(
      ['crypto', 'decrypt', '--explain', '--appid', 'wx0123456789abcdef', '--lang', 'zh'],
      { stdin },
    );
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain('✗ appid      AppID 应为“wx0123456789abcdef”');
    expect(bad.stdout).toContain('(-40005)');
  });

  test('--explain --json has the same as data', async () => {
    const { code, stdout, stderr } = await run(['crypto', 'decrypt', '--explain', '--json'], {
      stdin: `<xml><Encrypt>${'A'.repeat(64)}</Encrypt></xml>`,
    });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const value = JSON.parse(stdout) as { steps: { name: string; status: string; code: number }[] };
    expect(value).toMatchObject({ ok: false, message: null, key: null });
    expect(value.steps.at(-1)).toMatchObject({ name: 'padding', status: 'fail', code: -40008 });
  });

  test('shows neither key nor Token in what it says', async () => {
    const { stdout, stderr } = await run(['crypto', 'decrypt', '--explain', '--debug'], {
      stdin: await encrypted(),
      environment: { WECHAT_MP_CALLBACK_TOKEN: 'CanaryToken123', WECHAT_MP_AES_KEY: otherKey },
    });
    expect(stdout).toContain('✗ signature');
    for (const secret of ['CanaryToken123', otherKey]) expect(stdout + stderr).not.toContain(secret);
  });
});

describe('crypto key', () => {
  test('prints a key that the other commands take', async () => {
    const { code, stdout, stderr } = await run(['crypto', 'key']);
    expect({ code, stderr, lines: stdout.split('\n').length }).toEqual({ code: 0, stderr: '', lines: 2 });
    expect(isEncodingAESKey(stdout.trim())).toBe(true);
    const json = JSON.parse((await run(['crypto', 'key', '--json'])).stdout) as Record<string, string>;
    expect(isEncodingAESKey(json['encoding_aes_key'] ?? '')).toBe(true);
  });
});
