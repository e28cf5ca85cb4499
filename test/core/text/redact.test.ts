import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rounds } from '../../helpers/rounds.ts';
import { createRedactor, redactNamed } from '../../../src/core/text/redact.ts';
import { almostQuadratic, growth } from '../../helpers/growth.ts';
import { anyCharacter } from '../../helpers/any-character.ts';

const secret = 'Q7/x+k=2"\\é9ZCANARY0123456789';

function redact(text: string, ...secrets: readonly string[]): string {
  const redactor = createRedactor();
  for (const each of secrets) redactor.add(each);
  return redactor.redact(text);
}

describe('createRedactor()', () => {
  test.each([
    ['as it is', secret],
    ['percent-encoded', encodeURIComponent(secret)],
    [
      'percent-encoded in small letters',
      encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
    ],
    ['in JSON', JSON.stringify(secret).slice(1, -1)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ['cut after 8 characters', secret.slice(0, 8)],
    ['cut after 20 characters', secret.slice(0, 20)],
  ])('hides a secret %s', (_how, spelling) => {
    expect(redact(`before ${spelling} after`, secret)).toBe('before *** after');
  });

  test.each([0, 1, 2, 3])('hides a secret in base64 behind %i other bytes', (offset) => {
    for (const alphabet of ['base64', 'base64url'] as const) {
      const encoded = Buffer.from(`${'u'.repeat(offset)}${secret}:tail`).toString(alphabet);
      const hidden = redact(encoded, secret);
      expect(hidden).toContain('***');
      expect(hidden.length).toBeLessThan(20);
      expect(Buffer.from(hidden, 'base64').toString()).not.toContain('CANARY');
    }
  });

  test('hides every place and leaves the rest', () => {
    expect(redact(`a${secret}${secret}b ${secret}`, secret)).toBe('a******b ***');
  });

  test('hides the whole of a secret that begins like itself, behind a piece of itself', () => {
    expect(redact('abababababababababababX1234 end', 'ababababababababX1234')).toBe('*** end');
  });

  test('leaves seven characters of a beginning, which may be anything', () => {
    expect(redact(`x ${secret.slice(0, 7)}!`, secret)).toBe(`x ${secret.slice(0, 7)}!`);
  });

  test('hides short secrets whole only: their beginning may be a word', () => {
    expect(redact('password123 password', 'password123')).toBe('*** password');
  });

  test('ignores what is too short to be told from a word', () => {
    expect(redact('token abcde', 'abcde')).toBe('token abcde');
    expect(redact('token abcdef', 'abcdef')).toBe('token ***');
    expect(redact('text', '')).toBe('text');
  });

  test.each([
    'weixin',
    'the Token weixin is wrong',
    'token=weixin&x=1',
    '"weixin"',
    '“weixin”',
    '令牌weixin错误',
    'weixin.',
    'weixin, weixin; (weixin)',
    '15147114921714036504weixin',
    'weixin15147114921714036504',
    '1weixin2',
    'token%3Dweixin%26x',
    String.raw`"a\nweixin"`,
    String.raw`\u003Dweixin\u0026`,
    '<Token>weixin</Token>',
    'https://example.com/?weixin',
  ])('hides an everyday word that stands alone: %s', (text) => {
    expect(redact(text, 'weixin')).toBe(text.replaceAll('weixin', '***'));
  });

  test.each([
    ['weixin', 'See mp.weixin.qq.com, open.weixin.qq.com/connect and weixins'],
    ['wechat', 'Run: wechat-mp token, as wechat_mp or http://localhost:3000/wechat says'],
    ['WECHAT', 'Set WECHAT_MP_APPID'],
    ['callback', 'Use --callback-token-file'],
    ['Wechat', 'WechatMpError'],
  ])('leaves the everyday word %s in other words and names: %s', (word, text) => {
    expect(redact(text, word)).toBe(text);
  });

  test.each(['weixin1', 'wEixin', 'we-xin', 'weixinweixinweix'])(
    'hides %s, which is no word, anywhere',
    (each) => {
      expect(redact(`x${each}x mp.${each}.qq.com`, each)).toBe('x***x mp.***.qq.com');
    },
  );

  test('leaves an everyday word in our own words, and only there', () => {
    const redactor = createRedactor();
    redactor.add('profile');
    redactor.add('c4f1e09b7a2d4c6e');
    const own = 'Run "wechat-mp profile add"';
    expect(redactor.redact(`The answer is profile. ${own}`, own)).toBe(`The answer is ***. ${own}`);
    expect(redactor.redact(`The answer is profile. ${own}`)).toBe(
      'The answer is ***. Run "wechat-mp *** add"',
    );
    expect(redactor.redact(`profile`, 'Run it')).toBe('***');
    expect(redactor.redact('Use c4f1e09b7a2d4c6e', 'Use c4f1e09b7a2d4c6e')).toBe('Use ***');
  });

  test('takes a secret with a lone surrogate', () => {
    expect(redact('x secret\ud800 y', 'secret\ud800')).toBe('x *** y');
  });

  test('hides any long secret in any text', () => {
    assert(
      property(string({ minLength: 20, unit: anyCharacter }), string(), string(), (each, before, after) => {
        expect(redact(`${before}${each}${after}`, each)).not.toContain(each);
      }),
      { numRuns: rounds(30, 1000) },
    );
  });

  test('needs time in proportion to the text, also where much looks like a beginning', () => {
    const hide = (count: number) => {
      const text = 'aaaaaaaaaaaaaaab'.repeat(count);
      return () => redact(text, 'a'.repeat(64), 'b'.repeat(64));
    };
    expect(growth(3000, hide)).toBeLessThan(almostQuadratic);
  });
});

describe('hide()', () => {
  test.each([
    ['a'.repeat(15), true],
    ['a'.repeat(16), false],
  ])('leaves a short secret in data: %s', (short, stays) => {
    const redactor = createRedactor();
    redactor.add(short);
    expect(redactor.hide(`<${short}>`)).toBe(stays ? `<${short}>` : '<***>');
    expect(redactor.redact(`<${short}>`)).toBe('<***>');
  });

  test('hides registered secrets and nothing for its name', () => {
    const redactor = createRedactor();
    redactor.add(secret);
    const text = `ticket=abc "access_token":"abcdefghijklmnopqrst" `;
    expect(redactor.hide(text + secret)).toBe(`${text}***`);
    expect(redactor.redact(text + secret)).toBe('ticket=*** "access_token":"***" ***');
  });
});

describe('redactNamed()', () => {
  test.each([
    ['https://h/x?access_token=50_abc&type=jsapi', 'https://h/x?access_token=***&type=jsapi'],
    ['GET /cgi-bin/token?appid=wx1&secret=abc HTTP/1.1', 'GET /cgi-bin/token?appid=wx1&secret=*** HTTP/1.1'],
    ['?appsecret=abc&x=1', '?appsecret=***&x=1'],
    ['showqrcode?ticket=gQH%3D%3D', 'showqrcode?ticket=***'],
    ['jsapi_ticket=abc&noncestr=def', 'jsapi_ticket=***&noncestr=def'],
    ['refresh_token=abc component_access_token=def', 'refresh_token=*** component_access_token=***'],
    ['js_code=0a1', 'js_code=***'],
    ['EncodingAESKey=abc', 'EncodingAESKey=***'],
    ['WECHAT_MP_APPSECRET=abc WECHAT_MP_AES_KEY=def', 'WECHAT_MP_APPSECRET=*** WECHAT_MP_AES_KEY=***'],
    ['WECHAT_MP_CALLBACK_TOKEN=abc', 'WECHAT_MP_CALLBACK_TOKEN=***'],
    ['{"access_token":"50_abc","expires_in":7200}', '{"access_token":"***","expires_in":7200}'],
    ['{ "secret" : "a\\"b\\\\", "x": 1 }', '{ "secret" : "***", "x": 1 }'],
    ['{"body":"{\\"secret\\":\\"abc\\",\\"x\\":1}"}', '{"body":"{\\"secret\\":\\"***\\",\\"x\\":1}"}'],
    ['{"callbackToken":"abc"}', '{"callbackToken":"***"}'],
    ['access_token="abc def"', 'access_token="***"'],
    ['secret: 0123456789abcdef', 'secret: ***'],
    ['access_token:wx1234567890abcdef0', 'access_token:***'],
    ['access_token: wx1234567890abcdef.x', 'access_token: ***'],
    ['SECRET=abc', 'SECRET=***'],
  ])('hides the value in %s', (text, hidden) => {
    expect(redactNamed(text)).toBe(hidden);
  });

  test.each([
    'secret: set, 32 characters',
    'secret: not set',
    'The ticket must be percent-encoded',
    'expires_in=7200&appid=wx1234567890abcdef',
    '{"expires_in":7200,"errmsg":"access_token missing"}',
    'tickets=3',
    'the access_token: run wechat-mp token',
    'wx:access_token:wx1234567890abcdef in redis://h',
  ])('leaves %s', (text) => {
    expect(redactNamed(text)).toBe(text);
  });

  test.each([
    'access_token=',
    '"secret":"',
    '\\"secret\\":\\"',
    'a-',
    'secret:',
    '"a',
    'access',
    'secret    ',
  ])('needs time in proportion to the length of repeated %j', (piece) => {
    const hide = (count: number) => {
      const text = piece.repeat(count);
      return () => redactNamed(text);
    };
    expect(growth(3000, hide)).toBeLessThan(almostQuadratic);
  });
});
