import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseMultipart } from '../../../src/simulator/server/multipart.ts';

const type = 'multipart/form-data; boundary=b';

function read(body: string | Uint8Array<ArrayBuffer>, contentType = type) {
  const bytes = typeof body === 'string' ? new Uint8Array(Buffer.from(body)) : body;
  return parseMultipart(contentType, bytes)?.map(({ name, fileName, contentType: kind, bytes: content }) => [
    name,
    fileName,
    kind,
    Buffer.from(content).toString(),
  ]);
}

/** One part with this header. */
const part = (disposition: string, lineEnd = '\r\n', more = ''): string =>
  [
    '--b',
    `Content-Disposition: form-data; ${disposition}`,
    ...(more === '' ? [] : [more]),
    '',
    'abc',
    '--b--',
    '',
  ].join(lineEnd);

describe('parseMultipart()', () => {
  test.each([
    // curl -F, with and without a type.
    ['name="media"; filename="a.jpg"', 'a.jpg'],
    ['name="media"; filename="my photo (1).jpg"', 'my photo (1).jpg'],
    // Go, axios with form-data, browsers: bytes of UTF-8.
    ['name="media"; filename="图 片.jpg"', '图 片.jpg'],
    // Python requests with an old urllib3, .NET.
    ['name="media"; filename*=utf-8\'\'%E5%9B%BE%20%E7%89%87.jpg', undefined],
    ['name="media"; filename="x.jpg"; filename*=UTF-8\'\'%E5%9B%BE.jpg', 'x.jpg'],
    ['name="media"; filename*=UTF-8\'\'%E5%9B%BE.jpg; filename="x.jpg"', 'x.jpg'],
    // Older curl, and newer curl and browsers.
    ['name="media"; filename="a\\"b\\\\.jpg"', 'a"b\\.jpg'],
    ['name="media"; filename="a%22b.jpg"', 'a"b.jpg'],
    ['name="media"; filename="a\\"', 'a\\'],
    ['filename="a\\"; name="media"', 'a\\'],
    ['name="media"; filename="a%20b.jpg"', 'a%20b.jpg'],
    // Hand-written clients.
    ['name=media; filename=a.jpg', 'a.jpg'],
    ['name="media";filename="a.jpg"', 'a.jpg'],
    ['filename="a.jpg"; name="media"', 'a.jpg'],
    // The platform's own examples in PHP and Java.
    ['name="media"; filelength="3"; filename="a.jpg"', 'a.jpg'],
    ['name="media"; filename=""', ''],
    ['name="media"', undefined],
  ])('reads the file name of %s', (disposition, fileName) => {
    for (const lineEnd of ['\r\n', '\n']) {
      expect(read(part(disposition, lineEnd))).toEqual([['media', fileName, undefined, 'abc']]);
      const typed = part(disposition, lineEnd, 'content-type: image/jpeg');
      expect(read(typed)).toEqual([['media', fileName, 'image/jpeg', 'abc']]);
    }
  });

  test('takes every form of boundary that the standard allows', () => {
    const long = 'x'.repeat(70);
    const body = part('name="media"').replaceAll('--b', `--${long}`);
    const wanted = [['media', undefined, undefined, 'abc']];
    expect(read(body, `multipart/form-data; charset=utf-8; boundary="${long}"`)).toEqual(wanted);
    expect(read(body, `Multipart/Form-Data;boundary=${long}`)).toEqual(wanted);
    expect(read(`To whom it may concern\r\n${part('name="media"')}`)).toEqual(wanted);
    expect(read(`\r\n${part('name="media"')}`)).toEqual(wanted);
    expect(read(part('name="media"').replace('--b\r\n', '--b \t\r\n'))).toEqual(wanted);
    expect(read(part('name="media"').slice(0, -2))).toEqual(wanted);
  });

  test('keeps what only looks like a boundary', () => {
    const head = '--b\r\nContent-Disposition: form-data; name="f"\r\n\r\n';
    for (const content of ['a--b\r\n', '\r\n', '\n', '--bc\r\n', 'x\r\n--b c', '']) {
      expect(read(`${head}${content}\r\n--b--`)).toEqual([['f', undefined, undefined, content]]);
    }
  });

  test('reads several parts in their order, and leaves out one without a name', () => {
    const body = [
      '--b\r\nContent-Disposition: form-data; name="description"\r\n\r\n{"title":"标题"}\r\n',
      '--b\r\nX-Other: 1\r\n\r\nlost\r\n',
      '--b\r\nContent-Disposition: form-data; name="media"; filename="a.mp4"\r\n\r\n\r\n',
      '--b--\r\n',
    ].join('');
    expect(read(body)).toEqual([
      ['description', undefined, undefined, '{"title":"标题"}'],
      ['media', 'a.mp4', undefined, ''],
    ]);
  });

  test('reads at most twenty parts, those without a name included', () => {
    const body = (nameless: number) => '--b\r\n\r\n\r\n'.repeat(nameless) + part('name="media"');
    expect(read(body(19))).toEqual([['media', undefined, undefined, 'abc']]);
    expect(read(body(20))).toBeUndefined();
  });

  test.each([
    ['another type', part('name="media"'), 'application/json'],
    ['no boundary', part('name="media"'), 'multipart/form-data'],
    ['no end', part('name="media"').replace('--b--', ''), type],
    ['no part', '', type],
    ['only another boundary', part('name="media"').replaceAll('--b', '--c'), type],
  ])('reads nothing from a body with %s', (_, body, contentType) => {
    expect(read(body, contentType)).toBeUndefined();
  });

  test('gives back every file that FormData has written, byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array(),
        fc.string({ unit: 'grapheme', minLength: 1 }),
        async (bytes, name) => {
          // FormData writes line ends of names in its own way, and an empty name not at all; two backslashes are one of others.
          const fileName = name.replaceAll(/[\r\n%]|\\(?=\\)/g, '_');
          const form = new FormData();
          form.set('media', new File([new Uint8Array(bytes)], fileName));
          const response = new Response(form);
          const header = response.headers.get('content-type') ?? '';
          const [found] = parseMultipart(header, new Uint8Array(await response.arrayBuffer())) ?? [];
          expect([found?.fileName, Buffer.from(found?.bytes ?? [])]).toEqual([fileName, Buffer.from(bytes)]);
        },
      ),
    );
  });
});
