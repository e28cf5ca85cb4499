import { describe, expect, test } from 'vitest';
import { fakeWorld } from '../../../helpers/fake-io.ts';

const leaf = '"type":"click","name":"a","key":"k"';

/** Places where an object stands: the text of a file round `%`, and the pointer of that object. */
const places: readonly (readonly [string, string])[] = [
  [`{%,"button":[{${leaf}}]}`, ''],
  [`{"button":[{${leaf}}],%}`, ''],
  [`{"button":[{%,${leaf}}]}`, '/button/0'],
  [`{"button":[{"name":"p","sub_button":[{${leaf},%}]}]}`, '/button/0/sub_button/0'],
  [`{"button":[{${leaf},"news_info":{%}}]}`, '/button/0/news_info'],
  [`{"menu":{"button":[{${leaf},%}]}}`, '/menu/button/0'],
  [`{"selfmenu_info":{%,"button":[{${leaf}}]}}`, '/selfmenu_info'],
  [
    `{"button":[{${leaf}}],"conditional":[{"button":[{${leaf}}],"matchrule":{%}}]}`,
    '/conditional/0/matchrule',
  ],
];

/** What is put there, and the name that is refused. */
const payloads: readonly (readonly [string, string])[] = [
  ['"__proto__":{"polluted":1}', '__proto__'],
  ['"__proto__":null', '__proto__'],
  ['"\\u005f_proto\\u005f_":{"polluted":1}', '__proto__'],
  ['"constructor":{"prototype":{"polluted":1}}', 'constructor'],
  ['"prototype":{"polluted":1}', 'prototype'],
];

const all = places.flatMap(([text, path]) =>
  payloads.map(([payload, name]) => [text.replace('%', payload), `${path}/${name}`] as const),
);

const isClean = (): boolean =>
  !('polluted' in {}) && !('polluted' in []) && Object.keys(Object.prototype).length === 0;

describe('pollution', () => {
  test('there are 40 payloads', () => {
    expect(new Set(all.map(([text]) => text)).size).toBe(40);
  });

  test.each(all)('%s is refused at %s, and nothing is polluted', async (text, path) => {
    const world = fakeWorld({ files: { 'menu.json': text } });
    const lint = await world.run('menu', 'lint', '--json');
    const { problems } = JSON.parse(lint.stdout) as { problems: readonly Record<string, unknown>[] };
    expect(lint.code).toBe(1);
    expect(problems).toContainEqual(
      expect.objectContaining({ rule: 'reserved-key', severity: 'error', path }),
    );
    const push = await world.run('menu', 'push', '--yes', '--json');
    expect([push.code, world.requests]).toEqual([2, []]);
    expect(JSON.parse(push.stderr)).toMatchObject({ error: { type: 'menu_invalid' } });
    expect(isClean()).toBe(true);
  });

  test.each([
    '${HOME}',
    '$(id)',
    '`id`',
    '{{constructor}}',
    '${__proto__.x}',
    '%PATH%',
    '<%= 1 %>',
    '!!js/function',
  ])('the name %j is a name: nothing in a file is looked up or run', async (name) => {
    const world = fakeWorld({
      files: {
        'menu.json': JSON.stringify({
          button: [{ name: 'p', sub_button: [{ type: 'click', name, key: name }] }],
        }),
      },
    });
    expect((await world.run('menu', 'push', '--yes')).code).toBe(0);
    const { stdout } = await world.run('menu', 'pull', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ button: [{ sub_button: [{ name, key: name }] }] });
  });
});
