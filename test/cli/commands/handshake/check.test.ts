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
const errorOf = async (given: string) => {
  const { code, stdout, stderr } = await fakeWorld({ environment }).run(...flags(given, '--json'));
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  return (JSON.parse(stderr) as { error: Readonly<Record<string, unknown>> }).error;
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
      valid: true,
      timestamp: '1714036504',
      nonce: '1514711492',
    });
  });

  test.each([
    ['another signature', query.replace(signature, '0'.repeat(40))],
    ['another timestamp', query.replace('1714036504', '1714036505')],
    ['another nonce', query.replace('1514711492', '1514711493')],
    ['a signature in capitals', query.replace(signature, signature.toUpperCase())],
  ])('says no to %s, and does not tell the right one', async (_, changed) => {
    const run = await check(`/?${changed}`, '--json');
    expect([run.code, run.stdout]).toEqual([1, '']);
    expect(JSON.parse(run.stderr)).toMatchObject({ error: { code: 1, type: 'signature_invalid' } });
    expect(run.stderr).not.toContain(signature);
  });

  test.each(['signature', 'timestamp', 'nonce'])('a missing %s is a mistake that is named', async (name) => {
    const run = await check(`/?${query.replace(`${name}=`, 'x=')}`);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toBe(`✗ There is no ${name} to check\n  Fix: Give the whole URL, or --${name}\n`);
  });

  test.each([
    ['unsorted', sha1(token, '1714036504', '1514711492')],
    ['signature_case', signature.toUpperCase()],
    ['token_newline', sha1('1514711492', '1714036504', `${token}\n`)],
    ['token_case', sha1('1514711492', '1714036504', token.toLowerCase())],
    ['other_value_as_token', sha1('1514711492', '1714036504', appId)],
  ])('names the mistake %s', async (mistake, given) => {
    expect(await errorOf(given)).toMatchObject({ type: 'signature_invalid', mistake, sample_code: -40001 });
  });

  test('says no more than that it is wrong where no mistake explains it', async () => {
    expect(await errorOf(sha1('random'))).not.toHaveProperty('mistake');
  });

  test('tells msg_signature by the URL and by the body', async () => {
    const encrypt = 'abcd';
    const msgSignature = signed(encrypt);
    const url = `/wechat?${query}&msg_signature=${msgSignature}`;
    expect((await check(url)).code).toBe(0);
    const swapped = await check(url, '--signature', msgSignature);
    expect(swapped).toMatchObject({ code: 1, stderr: expect.stringContaining('this is msg_signature') });
    const files = { '/desk/body.xml': `<xml><Encrypt>${encrypt}</Encrypt></xml>` };
    const withBody = await fakeWorld({ environment, files }).run(
      ...flags(msgSignature, '--body', 'body.xml', '--lang', 'zh'),
    );
    expect(withBody).toMatchObject({ code: 1, stderr: expect.stringContaining('这是 msg_signature') });
  });
});
