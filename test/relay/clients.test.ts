import { describe, expect, test } from 'vitest';
import { WechatMpError } from '../../src/core/errors.ts';
import {
  createClientBook,
  findOddities,
  formatRight,
  mayCall,
  mayUse,
  parseKeyFile,
  type RelayClient,
} from '../../src/relay/clients.ts';

const key = 'key-0123456789abcdef';
const [one, two] = ['wx0123456789abcdef', 'wxfedcba9876543210'];

const parse = (text: string) => parseKeyFile(text, 'relay.keys');
function errorOf(run: () => unknown): WechatMpError {
  try {
    run();
  } catch (error) {
    if (error instanceof WechatMpError) return error;
  }
  throw new Error('nothing was refused');
}
const client = (prefixes: string): RelayClient => {
  const [first] = parse(`ci:${key}:${prefixes}`);
  if (first === undefined) throw new Error('no client');
  return first;
};

describe('parseKeyFile()', () => {
  test('reads a client a line, comments and blanks between them', () => {
    const text = `\r\n# who\n  ci : ${key}1 \r\nshop@example.com:${key}2: /cgi-bin/menu , /token :60/m\n a.b:${key}3::5/s`;
    expect(
      parse(text).map(({ rights, ...rest }) => ({
        ...rest,
        rights: rights.map((right) => formatRight(right)),
      })),
    ).toEqual([
      { name: 'ci', key: `${key}1`, rights: [], rate: undefined, line: 3 },
      {
        name: 'shop@example.com',
        key: `${key}2`,
        rights: ['/cgi-bin/menu', '/token'],
        rate: { count: 60, perMs: 60_000 },
        line: 4,
      },
      { name: 'a.b', key: `${key}3`, rights: [], rate: { count: 5, perMs: 1000 }, line: 5 },
    ]);
  });

  test.each([
    ['ci', 'it has not two to four parts between colons'],
    [`ci:${key}:/a:1/s:more`, 'it has not two to four parts between colons'],
    [`:${key}`, 'the name must be letters'],
    [`a b:${key}`, 'the name must be letters'],
    [`${'n'.repeat(65)}:${key}`, 'the name must be letters'],
    ['ci:1234567', 'the key must be 8 to 512'],
    [`ci:${'k'.repeat(513)}`, 'the key must be 8 to 512'],
    ['ci:with a blank in it', 'the key must be 8 to 512'],
    [`ci:${key}:cgi-bin`, 'a path must begin with "/"'],
    [`ci:${key}:/cgi-bin//menu`, 'a path "/cgi-bin//menu" must begin'],
    [`ci:${key}:/cgi-bin/*`, 'a path "/cgi-bin/*" must begin'],
    [`ci:${key}::60`, 'the rate must be a count'],
    [`ci:${key}::0/m`, 'the rate must be a count'],
    [`ci:${key}::60/w`, 'the rate must be a count'],
    [`ci:${key}::60/mm`, 'the rate must be a count'],
    [`ci:${key}::x60/m`, 'the rate must be a count'],
    [`ci:${key}::1234567890/m`, 'the rate must be a count'],
  ])('refuses the line %j with its number, and never quotes a key: %s', (line, reason) => {
    const error = errorOf(() => parse(`# first\n${line}\n`));
    expect(error).toMatchObject({ family: 'input', type: 'key_file_invalid', facts: { line: 2 } });
    expect(error.text.en).toContain(`Cannot use "relay.keys", line 2: ${reason}`);
    expect(`${error.text.en}${error.text.zh}`).not.toContain(key);
  });

  test.each([8, 512])('takes a key of %i characters', (length) => {
    expect(parse(`ci:${'k'.repeat(length)}`)).toHaveLength(1);
  });

  test('refuses a name or a key that stands there twice, with both lines', () => {
    expect(errorOf(() => parse(`a:${key}\n\na:${key}2`)).text.en).toContain(
      'line 3: line 1 has the same name',
    );
    expect(errorOf(() => parse(`a:${key}\nb:${key}`)).text.en).toContain('line 2: line 1 has the same key');
  });

  test.each(['', '\n\n', '# nobody\n'])('refuses a file without clients: %j', (text) => {
    expect(errorOf(() => parse(text))).toMatchObject({
      family: 'input',
      type: 'key_file_empty',
      facts: { file: 'relay.keys' },
    });
  });
});

describe('mayCall()', () => {
  test.each([
    ['', '/cgi-bin/menu/create', true],
    ['', '/token', false],
    ['', '/ticket', false],
    ['', '/metrics', false],
    ['/', '/cgi-bin/menu/create', true],
    ['/', '/token', false],
    ['/cgi-bin/menu', '/cgi-bin/menu', true],
    ['/cgi-bin/menu', '/cgi-bin/menu/create', true],
    ['/cgi-bin/menu/', '/cgi-bin/menu/create', true],
    ['/cgi-bin/menu', '/cgi-bin/menus', false],
    ['/cgi-bin/menu', '/cgi-bin/user/get', false],
    ['/cgi-bin/user,/cgi-bin/menu', '/cgi-bin/menu/get', true],
    // Longer than an AppID: a path like any other.
    [`/${one}0/menu`, `/${one}0/menu/x`, true],
    ['/token', '/token', true],
    ['/token', '/cgi-bin/token', false],
    ['/token', '/ticket', false],
    [`/${one}`, '/cgi-bin/menu/get', true],
    [`/${one}`, '/token', false],
    [`/${one}/token`, '/token', true],
    [`/${two}`, '/cgi-bin/menu/get', false],
    [`/${two}/token`, '/token', false],
    [`/${two}/cgi-bin/menu,/cgi-bin/user`, '/cgi-bin/user/get', true],
  ])('with the prefixes %j says of %s: %s', (prefixes, path, may) => {
    expect(mayCall(client(prefixes), one, path)).toBe(may);
  });

  test.each([
    ['', true],
    ['/cgi-bin/menu', true],
    [`/${one}/cgi-bin`, true],
    [`/${two}/cgi-bin`, false],
  ])('an account is open to a client of %j: %s', (prefixes, may) => {
    expect(mayUse(client(prefixes), one)).toBe(may);
  });
});

describe('createClientBook()', () => {
  test('finds a client by the whole key and by nothing else', () => {
    const book = createClientBook(parse(`a:${key}1\nb:${key}2`));
    expect(
      [`${key}1`, `${key}2`, key, `${key}1 `, '', 'A'.repeat(10_000)].map((text) => book.find(text)?.name),
    ).toEqual(['a', 'b', undefined, undefined, undefined, undefined]);
  });
});

describe('findOddities()', () => {
  const known = { paths: ['/cgi-bin/menu/get'], appIds: [one] };

  test.each([
    [`${key}:/cgi-bin/menu,/cgi-bin,/,/token,/${one}`, []],
    ['123456789012345', ['the key is shorter than 16 characters']],
    ['1234567890123456', []],
    [`${key}:/cgi-bin/mneu`, ['"/cgi-bin/mneu" opens nothing']],
    [`${key}:/cgi-bin/men`, ['"/cgi-bin/men" opens nothing']],
    [`${key}:/${two}/cgi-bin`, [`"/${two}/cgi-bin" opens nothing`]],
  ])('finds what is odd about %s: %j', (line, texts) => {
    const found = findOddities(parse(`ci:${line}`), known);
    expect(found.map(({ text }) => texts.some((start) => text.en.startsWith(start)))).toEqual(
      texts.map(() => true),
    );
  });
});
