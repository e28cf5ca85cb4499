import { expect, test } from 'vitest';
import { bodyOfAnswer, headOf, jsonAnswer } from '../../../src/simulator/server/answers.ts';

const listOf = (answer: Response): unknown =>
  'headerList' in answer ? (answer.headerList as () => unknown)() : [];
const type = ['content-type', 'application/json; encoding=utf-8'];

test('an answer is a Response to whoever reads it as one', async () => {
  const answer = jsonAnswer({ name: '菜单' }, 203);
  expect(answer).toBeInstanceOf(Response);
  expect([answer.status, answer.ok, answer.bodyUsed, answer.type]).toEqual([203, true, false, 'default']);
  expect(await answer.clone().json()).toEqual({ name: '菜单' });
  expect(await answer.text()).toBe('{"name":"菜单"}');
  expect(answer.bodyUsed).toBe(true);
  const empty = new Response(null, jsonAnswer({}, 404));
  expect([empty.status, empty.headers.get('content-type'), await empty.text()]).toEqual([404, type[1], '']);
});

test('its headers are the same ones however they are set and read', () => {
  const answer = jsonAnswer({});
  const head = headOf(answer);
  head.set('server', 'a');
  head.set('server', 'b');
  expect([listOf(answer), answer.headers.get('server')]).toEqual([[...type, 'server', 'b'], 'b']);
  answer.headers.set('x-simulated', 'none');
  expect(listOf(answer)).toEqual([...type, 'server', 'b', 'x-simulated', 'none']);
  expect(head.headers.get('x-simulated')).toBe('none');
  const plain = new Response('a', { headers: { 'x-a': '1' } });
  headOf(plain).set('x-a', '2');
  expect([...plain.headers].flat()).toContain('2');
});

test('what is frozen is written once, anything else as it is by then', () => {
  const [frozen, loose] = [Object.freeze({ list: [1] }), { list: [1] }];
  const both = (): unknown[] => [frozen, loose].map((value) => bodyOfAnswer(jsonAnswer(value)));
  expect(both()).toEqual(['{"list":[1]}', '{"list":[1]}']);
  for (const { list } of [frozen, loose]) list.push(2);
  expect(both()).toEqual(['{"list":[1]}', '{"list":[1,2]}']);
});
