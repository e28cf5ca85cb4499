import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../../src/core/errors.ts';
import { formatRecording, parseRecording, type Recording } from '../../../src/cli/shared/recording.ts';

const recording: Recording = {
  at: '2026-01-15T04:00:00.000Z',
  method: 'POST',
  path: '/wechat',
  query: 'signature=a&nonce=b',
  headers: { 'content-type': 'text/xml' },
  body: Buffer.from('<xml>你好</xml>'),
  message: '<xml>x</xml>',
  response: { status: 200, contentType: 'text/plain', body: Buffer.from('success') },
};

describe('formatRecording()', () => {
  test('formatRecording() keeps text readable, and bytes that are none as Base64', () => {
    expect(JSON.parse(formatRecording(recording))).toEqual({
      recording: 1,
      at: '2026-01-15T04:00:00.000Z',
      method: 'POST',
      path: '/wechat',
      query: 'signature=a&nonce=b',
      headers: { 'content-type': 'text/xml' },
      body: '<xml>你好</xml>',
      message: '<xml>x</xml>',
      response: { status: 200, content_type: 'text/plain', body: 'success' },
    });
    const binary = { ...recording, body: Uint8Array.of(0xff, 0xfe) };
    expect(JSON.parse(formatRecording(binary))).toMatchObject({ body_base64: '//4=' });
  });

  test('parseRecording() reads every byte that formatRecording() wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array(), fc.string(), (body, answer, query) => {
        const response = { ...recording.response, body: Buffer.from(answer) };
        const written = { ...recording, body: Buffer.from(body), query, response };
        expect(parseRecording(formatRecording(written), 'f')).toEqual(written);
      }),
    );
  });
});

describe('parseRecording()', () => {
  test.each(['', '{', '[]', '{}', 'null', '{"recording":2}', '{"recording":1,"method":"PUT"}'])(
    'parseRecording() refuses %j and says what it wants',
    (text) => {
      expect(() => parseRecording(text, 'x.json')).toThrow(WechatMpError);
      expect(() => parseRecording(text, 'x.json')).toThrow('"x.json"');
    },
  );

  test.each(['body', 'response'])('parseRecording() refuses a recording without its %s', (name) => {
    const { [name]: _, ...rest } = JSON.parse(formatRecording(recording)) as Record<string, unknown>;
    expect(() => parseRecording(JSON.stringify(rest), 'x.json')).toThrow(WechatMpError);
  });
});
