import { describe, expect, test } from 'vitest';
import { formatFault, parseFault } from '../../../../src/simulator/server/faults/fault.ts';

const path = '/cgi-bin/token';

describe('parseFault()', () => {
  test.each([
    { path, errcode: -1 },
    { path, errcode: 45009, errmsg: 'x', status: 200, headers: { 'x-a': 'b' }, times: 1_000_000, skip: 3 },
    { path, status: 502 },
    { path, status: 307, headers: { location: 'http://127.0.0.1:1/' } },
    { path, status: 599, body: '' },
    { path, status: 204, body: '' },
    { path, body: '<html>' },
    { path, body_base64: 'H4sIAA==' },
    { path, delay: '500ms' },
    { path, delay: '10m', after: true },
    { path, drop: true, after: true, delay: '1s' },
    { path, partial: 0 },
    { path, partial: 10, errcode: 40001, chance: 0.01 },
    { path, bomb: 1 },
    { path, bomb: 1024, status: 500, chance: 1 },
    { path: '/', drop: true },
    { path: '/_ctlx', drop: true },
  ])('takes %j', (value) => {
    expect(parseFault(value)).toMatchObject({ path: value.path });
  });

  test.each([
    [{}, 'path'],
    [{ path }, 'at least one of'],
    [{ path: 'cgi-bin/token', drop: true }, 'path'],
    [{ path: 'https://api.weixin.qq.com/cgi-bin/token', drop: true }, 'path'],
    [{ path: '/cgi-bin/token?appid=1', drop: true }, 'path'],
    [{ path: '/_ctl/health', drop: true }, 'path'],
    [{ path, errcode: 0 }, 'errcode'],
    [{ path, errcode: '40001' }, 'errcode'],
    [{ path, errcode: 1.5 }, 'errcode'],
    [{ path, errmsg: 'x' }, 'at least one of'],
    [{ path, errmsg: 'x', drop: true }, 'errmsg'],
    [{ path, errcode: 1, errmsg: 1 }, 'errmsg'],
    [{ path, status: 199 }, 'status'],
    [{ path, status: 600 }, 'status'],
    [{ path, status: '502' }, 'status'],
    [{ path, status: 204, body: 'x' }, 'must not have a body'],
    [{ path, body: {} }, 'body'],
    [{ path, body: 'x', body_base64: 'AAAA' }, 'one answer'],
    [{ path, body_base64: 'A' }, 'body_base64'],
    [{ path, body_base64: 'AA-_' }, 'body_base64'],
    [{ path, errcode: 1, body: 'x' }, 'one answer'],
    [{ path, drop: true, status: 500 }, 'one answer'],
    [{ path, drop: true, partial: 1 }, 'one answer'],
    [{ path, drop: true, bomb: 1 }, 'one answer'],
    [{ path, bomb: 1, errcode: 1 }, 'one answer'],
    [{ path, bomb: 1, body: 'x' }, 'one answer'],
    [{ path, bomb: 1, partial: 1 }, 'one answer'],
    [{ path, bomb: 0 }, '"bomb" must be a whole number from 1 to 1024'],
    [{ path, bomb: 1025 }, 'bomb'],
    [{ path, bomb: true }, 'bomb'],
    [{ path, partial: -1 }, 'partial'],
    [{ path, partial: '10' }, 'partial'],
    [{ path, partial: 1, status: 204 }, 'must not have a body'],
    [{ path, drop: true, chance: 0 }, 'chance'],
    [{ path, drop: true, chance: 1.01 }, 'chance'],
    [{ path, drop: true, chance: '0.5' }, 'chance'],
    [{ path, chance: 0.5 }, 'at least one of'],
    [{ path, drop: 'yes' }, 'drop'],
    [{ path, delay: '0s' }, '"delay": it must be longer than 0'],
    [{ path, delay: '601s' }, '"delay": it can be 10m at most'],
    [{ path, delay: 500 }, 'Cannot use 500 for "delay": a duration is a number with its unit'],
    [{ path, headers: { a: 'b' }, delay: '1s' }, 'headers'],
    [{ path, headers: { a: 'b' }, drop: true }, 'headers'],
    [{ path, status: 500, headers: { 'a b': 'c' } }, 'headers'],
    [{ path, status: 500, headers: { a: 'b\r\nc: d' } }, 'headers'],
    [{ path, status: 500, headers: { a: 1 } }, 'headers'],
    [{ path, status: 500, headers: 'a: b' }, 'headers'],
    [{ path, drop: true, times: 0 }, 'times'],
    [{ path, drop: true, times: 1_000_001 }, 'times'],
    [{ path, drop: true, skip: -1 }, 'skip'],
    [{ path, drop: true, after: 1 }, 'after'],
    [{ path, drop: true, count: 1 }, 'got "count"'],
  ])('refuses %j and names the field', (value, words) => {
    expect(() => parseFault(value)).toThrow(
      expect.objectContaining({ type: 'invalid_fault', family: 'input' }),
    );
    expect(() => parseFault(value)).toThrow(words);
  });
});

describe('formatFault()', () => {
  test.each([
    { path, times: 1, errcode: 45009, errmsg: 'x', status: 500, headers: { 'x-a': 'b' } },
    { path, times: 2, skip: 1, after: true, delay: '1500ms', drop: true },
    { path, times: 1, chance: 0.25, partial: 0 },
    { path, times: 1, bomb: 3 },
    { path, times: 1, body: 'x' },
    { path, times: 1, body_base64: 'AAEC' },
  ])('writes what parseFault() read from %j', (value) => {
    expect(formatFault(parseFault(value))).toEqual(value);
  });
});
