import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';

const token = 'weixinToken123';
const appId = 'wxba5fad812f8e6fb9';
const sha1 = (...parts: readonly string[]): string => createHash('sha1').update(parts.join('')).digest('hex');
const signed = (...more: readonly string[]): string =>
  sha1(...[token, '1714036504', '1514711492', ...more].toSorted());
const signature = signed();
const query = `signature=${signature}&timestamp=1714036504&nonce=1514711492`;
const environment = { WECHAT_MP_CALLBACK_TOKEN: token, WECHAT_MP_APPID: appId };
const check = (...words: readonly string[]) => fakeWorld({ environment }).run('handshake', 'check', ...words);
const flags = (given: string, ...more: readonly string[]) =>
  ['handshake', 'check', '--signature', given, '--timestamp', '1714036504', '--nonce', '1514711492'].concat(
    more,
  );
interface Answer {
  readonly ok: boolean;
  readonly mistakes: readonly { readonly name: string | null; readonly signature: string }[];
}
const answerOf = async (given: string) => {
  const { code, stdout, stderr } = await fakeWorld({ environment }).run(...flags(given, '--json'));
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const answer = JSON.parse(stdout) as Answer;
  expect(answer.ok).toBe(false);
  return answer.mistakes;
};

describe('handshake check', () => {
  test.each([
    ['a URL', [`http://h/wechat?${query}&echostr=1`]],
    ['a path, as access logs have it', [`/wechat?${query}`]],
    ['single values', ['--signature', signature, '--timestamp', '1714036504', '--nonce', '1514711492']],
    [
      'a URL and a value that stands for its own',
      [`/?${query.replace('1714036504', '1')}`, '--timestamp', '1714036504'],
    ],
  ])('takes %s', async (_, words) => {
    expect(await check(...words)).toEqual({ code: 0, stdout: 'valid\n', stderr: '' });
    expect(JSON.parse((await check(...words, '--json')).stdout)).toEqual({
      ok: true,
      valid: true,
      timestamp: '1714036504',
      nonce: '1514711492',
      mistakes: [],
    });
  });

  // The nonce stands last, where a line goes on.
  const target = `/wx?signature=${signature}&echostr=4375120948345356249&timestamp=1714036504&nonce=1514711492`;
  test.each([
    ['a request line', `GET ${target} HTTP/1.1`],
    [
      'nginx and Apache (combined)',
      `101.226.103.61 - - [25/Apr/2024:17:15:04 +0800] "GET ${target} HTTP/1.1" 200 19 "http://a/?signature=0&timestamp=1&nonce=1" "Mozilla/4.0"`,
    ],
    [
      'nginx, its error log',
      `2024/04/25 17:15:04 [error] 7#7: *1 upstream timed out, client: 101.226.103.61, request: "GET ${target} HTTP/1.1", host: "a.example.com"`,
    ],
    [
      'Caddy',
      JSON.stringify({
        level: 'info',
        logger: 'http.log.access',
        request: { method: 'GET', host: 'a.example.com', uri: target, headers: { Accept: ['*/*'] } },
        status: 200,
      }),
    ],
    [
      'Caddy with escapes and the name of a container',
      `caddy-1  | {"uri":"${target.replaceAll('&', '\\u0026')}"}`,
    ],
    ['curl -v', `*   Trying 127.0.0.1:8080...\n> GET ${target} HTTP/1.1\n> Host: a.example.com\n> \n`],
    ['a URL in quotes', `"https://a.example.com${target}"`],
    ['a URL with a fragment', `https://a.example.com${target}#x`],
    ['the query alone', target.slice(4)],
    ['a POST', `POST ${target}&openid=o1 HTTP/1.1`],
  ])('takes a line of a log: %s', async (_, line) => {
    expect(await check(line)).toEqual({ code: 0, stdout: 'valid\n', stderr: '' });
  });

  test.each([
    ['"&amp;"', target.replaceAll('&', '&amp;')],
    ['"×tamp"', target.replace('&timestamp', '×tamp')],
    ['"×tamp"', target.replace('&timestamp', '%C3%97tamp')],
    ['"×tamp"', `GET ${target.replace('&timestamp', '\\xC3\\x97tamp')} HTTP/1.1`],
  ])('reads what HTML made of a URL, and names it: %s in %s', async (named, line) => {
    const run = await check(line);
    expect([run.code, run.stdout]).toEqual([0, 'valid\n']);
    expect(run.stderr).toContain(`! The URL has ${named}`);
  });

  test.each([
    ['another signature', query.replace(signature, '0'.repeat(40))],
    ['another timestamp', query.replace('1714036504', '1714036505')],
    ['another nonce', query.replace('1514711492', '1514711493')],
    ['a signature in capitals', query.replace(signature, signature.toUpperCase())],
  ])('says no to %s, and does not tell the right one', async (_, changed) => {
    const run = await check(`/?${changed}`, '--json');
    expect([run.code, run.stderr]).toEqual([1, '']);
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: false, valid: false });
    expect(run.stdout).not.toContain(signature);
  });

  test.each(['signature', 'timestamp', 'nonce'])('a missing %s is a mistake that is named', async (name) => {
    const run = await check(`/?${query.replace(`${name}=`, 'x=')}`);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toBe(
      `✗ There is no ${name} to check\n  Fix: Give the whole URL, or --${name}\n  More: wechat-mp handshake check --help\n`,
    );
  });

  test.each([
    ['unsorted', sha1(token, '1714036504', '1514711492')],
    ['signature_case', signature.toUpperCase()],
    ['token_newline', sha1('1514711492', '1714036504', `${token}\n`)],
    ['token_case', sha1('1514711492', '1714036504', token.toLowerCase())],
    ['other_value_as_token', sha1('1514711492', '1714036504', appId)],
  ])('names the mistake %s', async (mistake, given) => {
    expect(await answerOf(given)).toMatchObject([{ name: mistake, signature: 'signature' }]);
  });

  test('names two mistakes at once, each with what to do', async () => {
    const given = sha1(token, '1714036504', '1514711492').toUpperCase();
    expect(await answerOf(given)).toMatchObject([{ name: 'unsorted' }, { name: 'signature_case' }]);
    const { code, stdout } = await fakeWorld({ environment }).run(...flags(given));
    expect([code, stdout.split('\n').filter((line) => line.startsWith('✗'))]).toEqual([
      1,
      ['✗ The values were joined without sorting them', '✗ The signature is written in capitals'],
    ]);
    expect(stdout.match(/Fix: /g)).toHaveLength(2);
  });

  test('says no more than that it is wrong where no mistake explains it', async () => {
    expect(await answerOf(sha1('random'))).toMatchObject([
      { name: null, message: 'The signature does not belong to this Token, timestamp and nonce' },
    ]);
  });

  test('tells msg_signature by the URL and by the body', async () => {
    const encrypt = 'abcd';
    const msgSignature = signed(encrypt);
    const url = `/wechat?${query}&msg_signature=${msgSignature}`;
    expect((await check(url)).code).toBe(0);
    const swapped = await check(url, '--signature', msgSignature);
    expect(swapped).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('This is msg_signature') as string,
    });
    const files = { '/desk/body.xml': `<xml><Encrypt>${encrypt}</Encrypt></xml>` };
    const withBody = await fakeWorld({ environment, files }).run(
      ...flags(msgSignature, '--body', 'body.xml', '--lang', 'zh'),
    );
    expect(withBody).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('这是 msg_signature') as string,
    });
  });

  test('checks msg_signature too where the body is given, also alone', async () => {
    const files = { '/desk/body.xml': '<xml><Encrypt>abcd</Encrypt></xml>' };
    const world = () => fakeWorld({ environment, files });
    const times = 'timestamp=1714036504&nonce=1514711492';
    const judge = async (url: string) => {
      const { code, stdout } = await world().run('handshake', 'check', url, '--body', 'body.xml', '--json');
      return [code, ...(JSON.parse(stdout) as Answer).mistakes.map((one) => `${one.signature}: ${one.name}`)];
    };
    const wrong = sha1(token, '1714036504', '1514711492', 'abcd');
    expect(await judge(`/?${query}&msg_signature=${signed('abcd')}`)).toEqual([0]);
    expect(await judge(`/?${query}&msg_signature=${wrong}`)).toEqual([1, 'msg_signature: unsorted']);
    expect(await judge(`/?${times}&msg_signature=${signed('abcd')}`)).toEqual([0]);
    // The other one proves the Token right.
    expect(await judge(`/?${query}&msg_signature=${signed('else')}`)).toEqual([
      1,
      'msg_signature: msg_signature_alone_wrong',
    ]);
    const other = query.replace(signature, sha1('else'));
    expect(await judge(`/?${other}&msg_signature=${signed('abcd')}`)).toEqual([
      1,
      'signature: signature_alone_wrong',
    ]);
    const alone = await check(`/?${times}&msg_signature=${signed('abcd')}`);
    expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('--body') as string });
  });

  test('takes an encrypted echostr, and says that it is one', async () => {
    const echostr = Buffer.alloc(64, 0xfb).toString('base64');
    const url = `/?timestamp=1714036504&nonce=1514711492&echostr=${encodeURIComponent(echostr)}`;
    for (const given of [`&signature=${signature}`, `&msg_signature=${signed(echostr)}`]) {
      const run = await check(url + given);
      expect([run.code, run.stdout]).toEqual([0, 'valid\n']);
      expect(run.stderr).toContain('an encrypted echostr');
    }
    const wrong = await check(`${url}&signature=${signature}&msg_signature=${signed('else')}`);
    expect(wrong).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('✗ The Token is right') as string,
    });
  });
});
