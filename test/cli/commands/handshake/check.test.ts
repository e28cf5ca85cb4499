import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';

const token = 'weixinToken123';
const signature = createHash('sha1')
  .update([token, '1714036504', '1514711492'].toSorted().join(''))
  .digest('hex');
const query = `signature=${signature}&timestamp=1714036504&nonce=1514711492`;
const check = (...words: readonly string[]) =>
  fakeWorld({ environment: { WECHAT_MP_CALLBACK_TOKEN: token } }).run('handshake', 'check', ...words);

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
});
