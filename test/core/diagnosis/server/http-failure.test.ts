import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../../src/core/errors.ts';
import { judgeNetworkError } from '../../../../src/core/diagnosis/server/http-failure.ts';

describe('judgeNetworkError()', () => {
  const failure = (type: string, facts: Record<string, unknown> = {}) =>
    new WechatMpError({ family: 'network', type, text: { en: 'What happened', zh: '发生了什么' }, facts });

  test.each(['dns', 'connect', 'tls', 'answer', 'body'])(
    'has words of its own for a timeout of phase %s',
    (phase) => {
      const { cause, text } = judgeNetworkError(failure('timeout', { phase }), 5000);
      expect(cause).toBe('timeout');
      expect(text.en).toMatch(/^The time of 5 s was over while /);
      const others = ['dns', 'connect', 'tls', 'answer', 'body'].filter((other) => other !== phase);
      for (const other of others)
        expect(judgeNetworkError(failure('timeout', { phase: other }), 5000).text).not.toEqual(text);
    },
  );

  test.each([
    ['refused', 'refused'],
    ['reset', 'reset'],
    ['truncated_answer', 'reset'],
    ['tls', 'tls'],
    ['encoded_answer', 'gzip'],
    ['dns', 'other'],
    ['not_http', 'other'],
  ])('calls %s %s', (type, cause) => {
    expect(judgeNetworkError(failure(type), 5000)).toMatchObject({ cause, text: { en: 'What happened' } });
  });

  test('accuses neither the server nor the proxy that a request went through', () => {
    const proxy = 'http://127.0.0.1:3128';
    const texts = ['answer', 'body'].map(
      (phase) => judgeNetworkError(failure('timeout', { phase, proxy }), 5000).text.en,
    );
    const end = `; it went through the proxy "${proxy}", which may be the cause`;
    expect(texts).toEqual([
      `The time of 5 s was over while no answer had come${end}`,
      `The time of 5 s was over while the answer was on its way, piece by piece${end}`,
    ]);
    expect(judgeNetworkError(failure('proxy', { proxy }), 5000).text.en).toContain(proxy);
  });

  test.each([
    ['body_too_large', 'success'],
    ['headers_too_long', 'Cookie'],
    ['malformed_answer', 'curl -v'],
  ])('has a hint for the developer for %s', (type, word) => {
    expect(judgeNetworkError(failure(type), 5000).hint.zh).toContain(word);
  });

  test('asks for the whole chain where the issuer is missing', () => {
    const hint = (code: string) => judgeNetworkError(failure('tls', { cause_code: code }), 5000).hint.en;
    expect(hint('UNABLE_TO_VERIFY_LEAF_SIGNATURE')).toContain('fullchain.pem');
    expect(hint('CERT_HAS_EXPIRED')).not.toContain('fullchain.pem');
  });
});
