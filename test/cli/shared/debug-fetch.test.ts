import { expect, test } from 'vitest';
import { fakeWorld } from '../../helpers/fake-io.ts';

test('--debug prints each exchange with headers and bodies, and no secret', async () => {
  const world = fakeWorld();
  const { code, stdout, stderr } = await world.run('token', '--debug');
  expect(code).toBe(0);
  expect(stderr).toMatch(/^> POST http:\/\/127\.0\.0\.1:8090\/cgi-bin\/stable_token$/m);
  expect(stderr).toMatch(/^> content-type: application\/json/im);
  expect(stderr).toMatch(/^> \{.*"grant_type":"client_credential".*"secret":"\*\*\*"/m);
  expect(stderr).toMatch(/^< 200\n< content-type: application\/json/m);
  expect(stderr).toMatch(/^< \{"access_token":"\*\*\*","expires_in":7200/m);
  expect(stderr).not.toContain(world.simulator.account.secret);
  expect(stderr).not.toContain(stdout.trim());
});

test('--debug shows a picture by its size, and --verbose no exchange', async () => {
  const world = fakeWorld();
  const create = ['qr', 'create', '--scene', '1', '--out', 'qr.jpg'];
  expect((await world.run(...create, '--debug')).stderr).toMatch(/^< \(\d+ bytes, image\/jpe?g\)$/m);
  expect((await world.run(...create, '-v')).stderr).not.toMatch(/^[<>] /m);
});
