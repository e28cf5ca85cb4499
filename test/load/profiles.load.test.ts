/** S5 with its full load. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addAtOnce, profileWorld } from '../helpers/profiles.ts';

test('100 processes that add an account at once leave 100 accounts', async () => {
  const world = await profileWorld();
  expect(await addAtOnce(world, 100)).toEqual({ failed: [], kept: 100 });
  expect(readdirSync(world.folder).toSorted()).toEqual(['config.json', 'secrets.json']);
});
