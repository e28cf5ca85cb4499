import { expect, test } from 'vitest';
import { parseSaved } from '../../../../src/simulator/account/saved.ts';
import type { MigrationView } from '../../../../src/simulator/control/types/index.ts';
import { simulate, type JsonAnswer, type Simulated } from '../../simulated.ts';

const before = 'wx0123456789abcdef';

const migrate = async (world: Simulated, ...openids: readonly string[]): Promise<MigrationView> =>
  (await world.ask('POST', '/_ctl/migrations', {
    from_appid: before,
    openids,
  })) as unknown as MigrationView;
const convert = async (world: Simulated, body: object): Promise<JsonAnswer> =>
  world.ask('POST', await world.path('/cgi-bin/changeopenid'), body);

test('changeopenid tells who the people of the other account are here', async () => {
  const world = simulate();
  const { people } = await migrate(world, 'oOne', 'oTwo', 'oOne');
  const [one] = people;
  expect(people).toHaveLength(2);
  expect(await convert(world, { from_appid: before, openid_list: ['oOne', 'oThree'] })).toEqual({
    errcode: 0,
    errmsg: 'ok',
    result_list: [
      { ori_openid: 'oOne', new_openid: one?.new_openid, err_msg: 'ok' },
      { ori_openid: 'oThree', err_msg: 'ori_openid error' },
    ],
  });
  const path = await world.path(`/cgi-bin/user/info?openid=${one?.new_openid}`);
  expect(await world.ask('GET', path)).toMatchObject({
    subscribe: 1,
    subscribe_scene: 'ADD_SCENE_ACCOUNT_MIGRATION',
  });
});

test('changeopenid knows a migration for 15 days, also after a restart', async () => {
  const world = simulate();
  await migrate(world, 'oOne');
  const next = simulate({ saved: parseSaved(JSON.parse(JSON.stringify(world.save()))) });
  const body = { from_appid: before, openid_list: ['oOne'] };
  await next.advance('1295999999ms');
  expect(await convert(next, body)).toMatchObject({ errcode: 0 });
  await next.advance('1ms');
  expect(await convert(next, body)).toMatchObject({ errcode: 63_183 });
});

test.each([
  [{ openid_list: ['o'] }, 63_178],
  [{ from_appid: before }, 63_182],
  [{ from_appid: before, openid_list: [] }, 63_182],
  [{ from_appid: before, openid_list: Array.from({ length: 100 }, () => 'o') }, 0],
  [{ from_appid: before, openid_list: Array.from({ length: 101 }, () => 'o') }, 63_179],
  [{ from_appid: 'wxaaaaaaaaaaaaaaaa', openid_list: ['o'] }, 63_183],
])('changeopenid answers %j with %i', async (body, errcode) => {
  const world = simulate();
  await migrate(world, 'oOne');
  expect(await convert(world, body)).toMatchObject({ errcode });
});

test.each([
  { openids: ['o'] },
  { from_appid: 'wx1', openids: ['o'] },
  { from_appid: before, openids: [] },
  { from_appid: before, openids: [7] },
])('POST /_ctl/migrations refuses %j', async (body) => {
  expect((await simulate().call('POST', '/_ctl/migrations', body)).status).toBe(400);
});
