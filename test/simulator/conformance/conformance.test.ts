import { describe, expect, test } from 'vitest';
import type { CatalogueEntry } from '../../../src/simulator/control/types/index.ts';
import { simulate, type Simulated } from '../simulated.ts';
import { accessSamples } from './access.ts';
import { basicSamples } from './basic.ts';
import { figuresSamples } from './figures.ts';
import { messageSamples } from './messages.ts';
import { mediaSamples } from './media.ts';
import type { Samples } from './sample.ts';

const samples: Samples = {
  ...accessSamples,
  ...basicSamples,
  ...mediaSamples,
  ...figuresSamples,
  ...messageSamples,
};

async function call(world: Simulated, method: string, path: string): Promise<unknown> {
  const { query = '', body, before, call: callAll } = samples[path] ?? {};
  await before?.(world);
  return callAll === undefined ? world.ask(method, await world.path(path + query), body) : callAll(world);
}

/** The paths at which an answer is not like the example: a field too few or too many, or of another type. */
function differences(answer: unknown, example: unknown, at = ''): string[] {
  if (Array.isArray(example)) {
    if (!Array.isArray(answer)) return [`${at} is no list`];
    return answer.flatMap((entry, index) => {
      const found = example.map((like: unknown) => differences(entry, like, `${at}[${index}]`));
      return found.toSorted((a, b) => a.length - b.length)[0] ?? [];
    });
  }
  if (typeof example !== 'object' || example === null || typeof answer !== 'object' || answer === null) {
    return typeof answer === typeof example ? [] : [`${at} is ${typeof answer}, not ${typeof example}`];
  }
  const [has, wants] = [answer as Record<string, unknown>, example as Record<string, unknown>];
  return [
    ...Object.keys(has).flatMap((key) => (key in wants ? [] : [`${at}.${key} is too many`])),
    ...Object.keys(wants).flatMap((key) =>
      key in has ? differences(has[key], wants[key], `${at}.${key}`) : [`${at}.${key} is missing`],
    ),
  ];
}

/** The example of menu/get has a rule of the past. */
const past = ['sex', 'country', 'province', 'city'].map(
  (field) => `.conditionalmenu[0].matchrule.${field} is missing`,
);

async function simulatedPaths(): Promise<readonly { method: string; path: string; example: unknown }[]> {
  const response = await simulate().call('GET', '/_ctl/catalogue');
  const entries = (await response.json()) as readonly CatalogueEntry[];
  return entries
    .filter(({ simulated }) => simulated)
    .map(({ method, path, response_example: example }) => ({ method, path, example }));
}

const rows = await simulatedPaths();

describe('every endpoint that the simulator answers', () => {
  test('has a sample here', () => {
    expect([...new Set(rows.map(({ path }) => path))].toSorted()).toEqual(Object.keys(samples).toSorted());
  });

  test.each(rows.filter(({ path }) => samples[path]?.isBinary !== true))(
    '$path answers like the platform’s example',
    async ({ method, path, example }) => {
      const world = simulate();
      await world.ask('POST', '/_ctl/settings', { open_platform: true });
      await world.ask('POST', '/_ctl/followers', { openid: 'o1', tag_ids: [100] });
      await world.ask('POST', '/_ctl/followers', { openid: 'left', subscribed: false });
      await world.ask('POST', '/_ctl/phone/o1/send', { type: 'text', text: 'hi' });
      const found = differences(await call(world, method, path), example);
      expect(found.filter((difference) => !past.includes(difference))).toEqual([]);
    },
  );
});

describe('differences()', () => {
  test('finds a missing, an unknown and a changed field at any depth', () => {
    expect(differences({ a: [{ b: 1 }], c: 'x' }, { a: [{ b: 'text', d: 1 }] })).toEqual([
      '.c is too many',
      '.a[0].b is number, not string',
      '.a[0].d is missing',
    ]);
    expect(differences({ a: 1 }, { a: 2 })).toEqual([]);
  });
});
