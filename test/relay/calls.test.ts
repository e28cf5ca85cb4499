import { describe, expect, test } from 'vitest';
import { readKnownCalls } from '../../src/core/catalogue/index.ts';
import {
  createCallBook,
  hasTwice,
  meantBy,
  namedAppId,
  onlyReads,
  secretParameter,
} from '../../src/relay/calls.ts';
import { readPairs } from '../../src/relay/target.ts';

const book = createCallBook(await readKnownCalls());
const callsOf = (path: string) => book.get(path) ?? expect.fail(path);

describe('meantBy()', () => {
  const namesOf = (path: string, method: string, query: string) =>
    meantBy(callsOf(path), method, readPairs(query)).map(({ name }) => name);
  const all = callsOf('/card/invoice/setbizattr').map(({ name }) => name);

  test('meantBy() tells the calls of one path apart by their fixed parameter', () => {
    expect(all.length).toBe(6);
    expect(namesOf('/card/invoice/setbizattr', 'POST', 'action=get_pay_mch&x=1')).toEqual([
      'invoice.getPayMch',
    ]);
    for (const query of ['', 'action=other', 'x=get_pay_mch'])
      expect(namesOf('/card/invoice/setbizattr', 'POST', query)).toEqual(all);
  });

  test('meantBy() takes another method for the same call', () => {
    expect(namesOf('/cgi-bin/menu/get', 'GET', '')).toEqual(['menu.get']);
    expect(namesOf('/cgi-bin/menu/get', 'POST', '')).toEqual(['menu.get']);
  });
});

test('onlyReads() is false as soon as one that may be meant changes something', () => {
  const calls = callsOf('/card/invoice/setbizattr');
  const query = readPairs('action=get_pay_mch');
  expect(onlyReads(calls, [])).toBe(false);
  expect(onlyReads(meantBy(calls, 'POST', query), query)).toBe(true);
});

test('createCallBook() has no page that a browser opens', () => {
  expect(book.has('/connect/oauth2/authorize')).toBe(false);
  expect(book.has('/cgi-bin/menu/get')).toBe(true);
});

test.each([
  ['', false],
  ['a=1&b=2', false],
  ['a=1&a=1', true],
  ['a=1&%61=2', true],
])('hasTwice() says of the query %j: %s', (query, expected) => {
  expect(hasTwice(readPairs(query))).toBe(expected);
});

test.each([
  ['/cgi-bin/token', 'secret'],
  ['/sns/oauth2/access_token', 'secret'],
  ['/cgi-bin/menu/get', undefined],
])('secretParameter() of %s is %s', (path, name) => {
  expect(callsOf(path).map(secretParameter)).toEqual([name]);
});

test('namedAppId() reads an AppID only of calls that take one', () => {
  const query = readPairs('appid=wx0123456789abcdef');
  expect(callsOf('/cgi-bin/token').map((call) => namedAppId(call, query))).toEqual(['wx0123456789abcdef']);
  expect(callsOf('/cgi-bin/menu/get').map((call) => namedAppId(call, query))).toEqual([undefined]);
});
