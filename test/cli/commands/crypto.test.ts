import { describe, expect, test } from 'vitest';
import { isEncodingAESKey } from '../../../src/core/account/plain-credential.ts';
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

  const signedPush = async () => {
    const words = [
      '--as',
      'push',
      '--url',
      'http://h/wx',
      '--timestamp',
      '1713424427',
      '--nonce',
      '415670741',
    ];
    const { stdout, stderr } = await run(['crypto', 'encrypt', ...words], { stdin: message });
    return { body: stdout, url: stderr.trim() };
  };

  test.each([
    ['msg_signature', (url: string) => url.replace('msg_signature', 'x')],
    ['timestamp', (url: string) => url.replace('timestamp', 'x')],
    ['nonce', (url: string) => url.replace('nonce', 'x')],
  ])('skips no check in silence: a URL without %s is a mistake', async (name, change) => {
    const { body, url } = await signedPush();
    const ended = await run(['crypto', 'decrypt', '--url', change(url)], { stdin: body });
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(`✗ Cannot check the signature: ${name} is missing in the URL\n`);
    const flag = `--${name.replace('_', '-')}`;
    expect(ended.stderr).toContain(flag);
    const value = new URL(url).searchParams.get(name) ?? '';
    const given = await run(['crypto', 'decrypt', '--url', change(url), flag, value], { stdin: body });
    expect(given).toEqual({ code: 0, stdout: message, stderr: '' });
  });

  test.each([
    [['--msg-signature', '0'.repeat(40)], 'timestamp, nonce are missing'],
    [['--timestamp', '1'], 'msg_signature, nonce are missing'],
    [['--msg-signature', '0', '--nonce', '1', '--explain'], 'timestamp is missing'],
  ])('skips no check in silence: %j alone is a mistake', async (words, text) => {
    const { body } = await signedPush();
    const ended = await run(['crypto', 'decrypt', ...words], { stdin: body });
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(text) as string });
  });

  test('checks the signature of a URL copied from anywhere', async () => {
    const { body, url } = await signedPush();
    const html = await run(['crypto', 'decrypt', '--url', url.replaceAll('&', '&amp;')], { stdin: body });
    expect(html).toMatchObject({ code: 0, stdout: message });
    expect(html.stderr).toMatch(/^! The URL has "&amp;"/);
    const line = `"POST ${url.slice('http://h'.length)} HTTP/1.1" 200`;
    expect(await run(['crypto', 'decrypt', '--url', line], { stdin: body })).toMatchObject({
      code: 0,
      stderr: '',
    });
    const wrong = url.replace('nonce=4', 'nonce=5').replaceAll('&', '&amp;');
    expect(await run(['crypto', 'decrypt', '--url', wrong], { stdin: body })).toMatchObject({
      code: 1,
      stdout: '',
    });
  });

  test('says that the Token is right where only msg_signature does not fit', async () => {
    const { body, url } = await signedPush();
    const wrong = url.replace(/msg_signature=\w+/, `msg_signature=${'0'.repeat(40)}`);
    const explain = async (...words: readonly string[]) =>
      await run(['crypto', 'decrypt', '--explain', '--url', wrong, ...words], { stdin: body });
    const steps = (JSON.parse((await explain('--json')).stdout) as { steps: readonly object[] }).steps;
    expect(steps[2]).toMatchObject({ name: 'signature', code: -40001, mistake: 'msg_signature_alone_wrong' });
    const said = (await explain('--lang', 'zh')).stdout.replaceAll(/\s+/g, '');
    expect(said).toContain('令牌（Token）正确，因为signature相符：msg_signature或消息体');
  });

  test('says that nothing was checked where nothing was given to check it with', async () => {
    const { body } = await signedPush();
    const ended = await run(['crypto', 'decrypt'], { stdin: body });
    expect(ended).toMatchObject({ code: 0, stdout: message });
    expect(ended.stderr).toBe(
      'msg_signature: not checked: give msg_signature, timestamp and nonce, or the whole URL\n',
    );
    expect((await run(['crypto', 'decrypt', '-q'], { stdin: body })).stderr).toBe('');
  });

  describe('an encrypted echostr', () => {
    const echostr = '5927782489442352469';
    const encrypt = async () => {
      const { stdout } = await run(['crypto', 'encrypt', '--json'], { stdin: echostr });
      return (JSON.parse(stdout) as { encrypt: string }).encrypt;
    };
    const sign = async (words: readonly string[]) =>
      (await run(['handshake', 'sign', '--url', 'http://h/wx', ...words])).stdout.trim();

    test('is opened out of its signed URL, without a body', async () => {
      const url = await sign(['--echostr', await encrypt()]);
      const { code, stdout, stderr } = await run(['crypto', 'decrypt', '--explain', '--url', url]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(`✓ message    This is an encrypted echostr: answer ${echostr}\n`);
      expect(stdout).toContain('✓ signature  signature is right');
      expect(stdout.endsWith(`\n\n${echostr}\n`)).toBe(true);
      expect((await run(['crypto', 'decrypt', '--url', url])).stdout).toBe(echostr);
    });

    test('is opened as a bare text, and with the msg_signature of its URL', async () => {
      const { stdout } = await run(['crypto', 'encrypt', '--json'], { stdin: echostr });
      const made = JSON.parse(stdout) as Readonly<
        Record<'encrypt' | 'msg_signature' | 'timestamp' | 'nonce', string>
      >;
      expect(await run(['crypto', 'decrypt', '--explain'], { stdin: made.encrypt })).toMatchObject({
        code: 0,
      });
      const query = `msg_signature=${made.msg_signature}&timestamp=${made.timestamp}&nonce=${made.nonce}`;
      const url = `/wx?${query}&echostr=${encodeURIComponent(made.encrypt)}`;
      const opened = await run(['crypto', 'decrypt', '--explain', '--url', url]);
      expect(opened).toMatchObject({ code: 0 });
      expect(opened.stdout).toContain('✓ signature  msg_signature is right');
      expect(await run(['handshake', 'check', url])).toMatchObject({ code: 0, stdout: 'valid\n' });
      const tampered = await run([
        'crypto',
        'decrypt',
        '--explain',
        '--url',
        url.replace('nonce=', 'nonce=1'),
      ]);
      expect(tampered).toMatchObject({ code: 1 });
      expect(tampered.stdout).toContain('(-40001)');
    });

    test('is none where it stands in the clear', async () => {
      const ended = await run([
        'crypto',
        'decrypt',
        '--explain',
        '--url',
        await sign(['--echostr', echostr]),
      ]);
      expect(ended).toMatchObject({ code: 1 });
      expect(ended.stdout).toContain('✗ envelope  This is an echostr in the clear');
      expect(ended.stdout).toContain('wechat-mp handshake check');
    });

    test('is none in the body of a push', async () => {
      const stdin = `<xml><Encrypt>${await encrypt()}</Encrypt></xml>`;
      expect(await run(['crypto', 'decrypt', '--explain'], { stdin })).toMatchObject({ code: 1 });
    });
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
