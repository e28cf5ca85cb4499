import { describe, expect, test } from 'vitest';
import {
  compareAnswers,
  type Difference,
  fillCall,
  maskAnswer,
  readCalls,
  type Seen,
  writeCalls,
} from '../../../src/core/compare/index.ts';
import { effectOf, findKnownCalls } from '../../../src/core/catalogue/index.ts';

const seen = (json: unknown, change: Partial<Seen> = {}): Seen => ({
  status: 200,
  contentType: 'application/json',
  json,
  ...change,
});
const differences = (platform: unknown, simulator: unknown): readonly Difference[] =>
  compareAnswers(seen(platform), seen(simulator));
const short = (list: readonly Difference[]) =>
  list.map(({ kind, at, platform, simulator }) => [kind, at, platform, simulator]);

describe('compareAnswers()', () => {
  test('finds nothing in values of the same form, whoever they are about', () => {
    const one = { total: 2, data: { openid: ['o1', 'o2'] }, next_openid: 'o2', ok: true, none: null };
    const other = { total: 0, data: { openid: ['o9'] }, next_openid: '', ok: false, none: null };
    expect(differences(one, other)).toEqual([]);
  });

  test('names status, content, code and words', () => {
    expect(short(compareAnswers(seen({}, { status: 404 }), seen({})))).toEqual([['status', '', 404, 200]]);
    expect(short(compareAnswers(seen({}, { contentType: 'text/html' }), seen({})))).toEqual([
      ['content_type', '', 'text/html', 'application/json'],
    ]);
    expect(short(differences({ errcode: 40003, errmsg: 'a' }, { errcode: 40013, errmsg: 'b' }))).toEqual([
      ['errcode', 'errcode', 40003, 40013],
    ]);
    expect(short(differences({ errcode: 40003, errmsg: 'a' }, { data: 1 }))).toEqual([
      ['errcode', 'errcode', 40003, 0],
    ]);
    expect(short(differences({ errcode: 1, errmsg: 'no' }, { errcode: 1, errmsg: 'nein' }))).toEqual([
      ['errmsg', 'errmsg', 'no', 'nein'],
    ]);
  });

  test('takes rids, addresses and ids in words for the same, but not their absence', () => {
    const words = (errmsg: string) => ({ errcode: 40164, errmsg });
    const one = words(
      'invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist rid: 6123abcd-11112222-33334444',
    );
    const other = words('invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: 6a-1-2');
    expect(differences(one, other)).toEqual([]);
    expect(short(differences(words('no rid: 6a-1-2'), words('no')))).toEqual([
      ['errmsg', 'errmsg', 'no rid: <rid>', 'no'],
    ]);
  });

  test('names a field too few, too many and of another type, at any depth', () => {
    expect(short(differences({ a: { b: 1, c: 'x' } }, { a: { b: '1', d: [] } }))).toEqual([
      ['missing', 'a.c', 'string', null],
      ['extra', 'a.d', null, 'list'],
      ['type', 'a.b', 'number', 'string'],
    ]);
    expect(short(differences([], {}))).toEqual([['type', '', 'list', 'object']]);
    expect(short(differences({ a: 1 }, undefined))).toEqual([['type', '', 'object', 'no JSON']]);
  });

  test('compares entries of lists as far as both have some', () => {
    expect(differences({ list: [] }, { list: [{ a: 1 }] })).toEqual([]);
    expect(short(differences({ list: [{ a: 1 }] }, { list: [{ b: 1 }] }))).toEqual([
      ['missing', 'list[].a', 'number', null],
      ['extra', 'list[].b', null, 'number'],
    ]);
    // What only some entries have may be optional; what the platform has shown once it has.
    expect(differences({ list: [{ a: 1 }] }, { list: [{ a: 1 }, { a: 1, b: 2 }] })).toEqual([]);
    expect(short(differences({ list: [{ a: 1 }, { a: 1, b: 2 }] }, { list: [{ a: 1 }] }))).toEqual([
      ['missing', 'list[].b', 'number', null],
    ]);
  });
});

test('maskAnswer() leaves the form, codes and words, and nothing of anybody', () => {
  const answer = {
    errcode: 40013,
    errmsg: 'invalid appid wx0123456789abcdef rid: 6a-1-2',
    openid: 'oEmYbwN-n24jxvk4Sox81qedINkQ',
    nickname: '小明',
    url: 'http://mp.weixin.qq.com/s/abc',
    time: 1_768_449_600,
    sex: 1,
    ratio: 0.5,
    empty: '',
    list: [{ id: 1234, ok: true, none: null }],
  };
  expect(maskAnswer(answer)).toEqual({
    errcode: 40013,
    errmsg: 'invalid appid <appid> rid: <rid>',
    openid: '<id>',
    nickname: '<text>',
    url: '<url>',
    time: '<number>',
    sex: 1,
    ratio: '<number>',
    empty: '',
    list: [{ id: '<number>', ok: true, none: null }],
  });
});

describe('fillCall()', () => {
  const call = { method: 'POST', path: '/x', query: { openid: '{openid}' } } as const;

  test('puts facts in the place of their names, with their types', () => {
    const body = { tag: { id: '{tagid}', name: '{name}2' }, list: ['{openid}'] };
    expect(fillCall({ ...call, body }, { openid: 'o1', tagid: 100, name: 'n' })).toEqual({
      ...call,
      query: { openid: 'o1' },
      body: { tag: { id: 100, name: 'n2' }, list: ['o1'] },
    });
  });

  test('gives nothing where a fact is not known, and leaves other texts alone', () => {
    expect(fillCall(call, {})).toBeUndefined();
    expect(fillCall({ ...call, query: { a: 'x{openid}' } }, {})).toEqual({
      ...call,
      query: { a: 'x{openid}' },
    });
  });
});

test('calls that only read are reads of the catalogue, or are refused by their method', async () => {
  const wrong: string[] = [];
  for (const { method, path, query = {}, body } of readCalls) {
    const known = (await findKnownCalls(path)).find((each) => each.method === method);
    const effect = known === undefined ? undefined : effectOf(known, { query, body });
    if (effect !== 'read') wrong.push(`${method} ${path}`);
  }
  expect(wrong).toEqual(['POST /cgi-bin/user/get', 'GET /cgi-bin/tags/create', 'GET /cgi-bin/no/such/call']);
});

test('of what writes only the menu and the tag that was made cannot be undone by themselves', async () => {
  const grave: unknown[] = [];
  for (const { method, path, query = {}, body } of [...writeCalls.tags, ...writeCalls.menu]) {
    const known = (await findKnownCalls(path)).find((each) => each.method === method) ?? expect.fail(path);
    const effect = effectOf(known, { query, body });
    if (effect !== 'read' && effect !== 'write' && path !== '/cgi-bin/menu/create')
      grave.push([effect, path, body]);
  }
  const deleted = ['irreversible', '/cgi-bin/tags/delete', { tag: { id: '{made}' } }];
  expect(grave).toEqual([deleted, deleted]);
});
