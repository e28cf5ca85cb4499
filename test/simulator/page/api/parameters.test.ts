import { expect, test } from 'vitest';
import type { CatalogueEntry } from '../../../../src/simulator/control/types/index.ts';
import { explainParameter } from '../../../../src/simulator/page/api/parameters.ts';
import { simulate } from '../../simulated.ts';

/** Keywords of templates, in the examples of sending one: they are the account's own. */
const keyword = /^(?:keyword|name|thing|time)\d+$/;

test('explainParameter() knows every parameter and member of the calls that the simulator has', async () => {
  const entries = (await simulate().ask('GET', '/_ctl/catalogue')) as unknown as readonly CatalogueEntry[];
  const unexplained = entries
    .filter(({ simulated }) => simulated)
    .flatMap(({ name, query, body_example: example }) => {
      const names = new Set(query.map((parameter) => parameter.replace(/=.*/, '')));
      JSON.stringify(example, (member, value: unknown) => {
        if (member !== '' && !/^\d+$/.test(member)) names.add(member);
        return value;
      });
      return [...names]
        .filter((each) => each !== 'access_token' && !keyword.test(each))
        .map((each) => [name, each]);
    })
    .filter(([, name = '']) => explainParameter(name) === undefined);
  expect(unexplained).toEqual([]);
});

test('explainParameter() knows nothing of what no call has', () => {
  expect(explainParameter('no_such_parameter')).toBeUndefined();
  expect(explainParameter('constructor')).toBeUndefined();
});
