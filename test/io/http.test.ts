import { describe, expect, test } from 'vitest';
import { endToEndHeaders, openQuery, parseQuery, readBody } from '../../src/io/http.ts';

async function* chunks(...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (const size of sizes) yield await Promise.resolve(Buffer.alloc(size, size));
}

describe('readBody()', () => {
  test('readBody() joins the chunks up to the limit and not a byte more', async () => {
    expect(await readBody(chunks(2, 3), 5)).toEqual(Buffer.from([2, 2, 3, 3, 3]));
    expect(await readBody(chunks(), 0)).toEqual(Buffer.alloc(0));
    expect(await readBody(chunks(2, 4), 5)).toBeUndefined();
  });

  test('readBody() stops reading at the limit', async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        read += 1;
        yield await Promise.resolve(Buffer.alloc(10));
      }
    }
    expect(await readBody(endless(), 25)).toBeUndefined();
    expect(read).toBe(3);
  });
});

describe('endToEndHeaders()', () => {
  test('drops what belongs to one connection, and nothing else', () => {
    const kept = { 'content-type': 'text/xml', authorization: 'Bearer t', 'x-te': '1', cookie: undefined };
    const ofConnection =
      'connection expect host keep-alive te trailer transfer-encoding upgrade content-length';
    const ofNeighbours = 'accept-encoding proxy-authenticate proxy-authorization proxy-connection';
    const dropped = `${ofConnection} ${ofNeighbours}`.split(' ');
    const given = { ...Object.fromEntries(dropped.map((name) => [name, 'x'])), ...kept };
    expect(endToEndHeaders(given)).toEqual({
      'content-type': 'text/xml',
      authorization: 'Bearer t',
      'x-te': '1',
    });
  });

  test('drops what "Connection" names and what is not wanted', () => {
    const given = {
      connection: 'close, X-Hop ,x-other',
      'x-hop': '1',
      'x-other': '2',
      origin: 'o',
      via: 'v',
    };
    expect(endToEndHeaders(given, ['origin'])).toEqual({ via: 'v' });
  });
});

describe('parseQuery()', () => {
  test.each([
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&a=2', { a: '1' }],
    ['a&b=', { a: '', b: '' }],
    ['a=b=c', { a: 'b=c' }],
    ['a=x+y%2Bz%20%3D', { a: 'x+y+z =' }],
    ['a=%E4%BD%A0&%E5%A5%BD=1', { a: '你', 好: '1' }],
    ['a=%&b=%E4', { a: '%', b: '%E4' }],
    ['&&=1&a=1', { a: '1' }],
    ['a&b&c=1&d', { a: '', b: '', c: '1', d: '' }],
    ['__proto__=1', { ['__proto__']: '1' }],
  ])('parseQuery() reads %j as %j', (query, wanted) => {
    expect([...parseQuery(query)]).toEqual(Object.entries(wanted));
  });
});

describe('openQuery()', () => {
  /** Every text of so many of these characters. */
  function* textsOf(length: number): Generator<string> {
    if (length === 0) yield '';
    else for (const text of textsOf(length - 1)) for (const next of 'ab=&') yield text + next;
  }

  test('openQuery() finds what parseQuery() reads, in every query of up to six characters', () => {
    for (let length = 0; length <= 6; length += 1)
      for (const query of textsOf(length)) {
        const [opened, parsed] = [openQuery(query), parseQuery(query)];
        for (const name of ['a', 'b', 'ab', 'aa'])
          if (opened.get(name) !== parsed.get(name)) throw new Error(`${name} in ${query}`);
      }
  });

  test.each([
    ['msg_signature=1&signature=2', '2'],
    ['x=signature=1', undefined],
    ['signature=%31', '1'],
    ['%73ignature=1+', '1+'],
    ['signature=a+b', 'a+b'],
  ])('openQuery() finds "signature" in %j as %j', (query, value) => {
    expect(openQuery(query).get('signature')).toBe(value);
  });
});
