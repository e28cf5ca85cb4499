import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { compareString1, hashString1 } from '../../../src/core/diagnosis/string1.ts';

const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy';
const fields = {
  ticket,
  nonceStr: 'Wm3WZYTPz0wzccnW',
  timestamp: '1414587457',
  url: 'https://e.com/a?ticket=9&x=1',
};
const right = `jsapi_ticket=${ticket}&noncestr=Wm3WZYTPz0wzccnW&timestamp=1414587457&url=https://e.com/a?ticket=9&x=1`;

describe('compareString1()', () => {
  test('compareString1() finds nothing in the right text, nor where *** stands for the ticket', () => {
    expect(compareString1(fields, right)).toBeNull();
    expect(compareString1(fields, right.replace(ticket, '***'))).toBeNull();
  });

  test.each([
    [right.replace('noncestr', 'nonceStr'), 'noncestr', '… "et=***&nonceStr=Wm3WZYTPz0wzccnW&timesta" …'],
    [right.replace('1414587457', '1414587458'), 'timestamp', '… "mp=141458745'],
    [right.replace('x=1', 'x=2'), 'url', '… "?ticket=9&x=2"'],
    [right.replace('https', 'http'), 'url', '… "457&url=http://e.com/a?ticket=9&x=1"'],
    [`${right}\n`, 'url', '… "ticket=9&x=1\\n"'],
    [right.slice(0, -1), 'url', '… "?ticket=9&x="'],
    [right.slice(1), 'jsapi_ticket', '"sapi_ticket='],
    ['', 'jsapi_ticket', '""'],
  ])('compareString1() shows the first difference: %j', (given, part, shown) => {
    const found = compareString1(fields, given);
    expect(found?.part).toBe(part);
    expect(found?.given).toContain(shown);
  });

  test('compareString1() counts characters from 1, the ticket as ***', () => {
    expect(compareString1(fields, right.replace('noncestr', 'nonceStr'))?.at).toBe(
      'jsapi_ticket=***&nonceS'.length,
    );
  });

  test.each([
    right.replace(ticket, '61_W3mQzX0cYh7rTnEoLpKd'),
    right.replace('jsapi_ticket', 'access_token').replace(ticket, '61_W3mQzX0cYh7rTnEoLpKd'),
    `noncestr=Wm3WZYTPz0wzccnW&jsapi_ticket=${ticket}`,
  ])('compareString1() shows no secret', (given) => {
    const found = compareString1(fields, given);
    expect(found?.part).toBe('jsapi_ticket');
    expect(JSON.stringify(found)).not.toMatch(/W3mQ|sM4AOV/);
  });
});

test('hashString1() is the signature of that text with the ticket in it', () => {
  const hash = createHash('sha1').update(right).digest('hex');
  expect(hashString1(ticket, right)).toBe(hash);
  expect(hashString1(ticket, right.replace(ticket, '***'))).toBe(hash);
});
