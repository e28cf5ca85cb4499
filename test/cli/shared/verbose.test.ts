import { expect, test } from 'vitest';
import { fakeWorld } from '../../helpers/fake-io.ts';

test('-v says whether the token was fetched or cached, and when it ends', async () => {
  const world = fakeWorld();
  const create = ['qr', 'create', '--scene', '1', '-v'];
  expect((await world.run(...create)).stderr).toContain(
    'Fetched a stable_token, which expires at 2026-01-15T06:00:00.000Z\n',
  );
  expect((await world.run(...create)).stderr).toContain(
    'Using the cached stable_token, which expires at 2026-01-15T06:00:00.000Z\n',
  );
  expect((await world.run('qr', 'create', '--scene', '1')).stderr).not.toContain('stable_token');
});
