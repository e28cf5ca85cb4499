import { describe, expect, test } from 'vitest';
import type { SavedSimulator } from '../../src/simulator/simulator.ts';
import { alice, phoned, type Phoned } from './console/phoned.ts';
import { simulate } from './simulated.ts';

/** As a file keeps it. */
const throughJson = (saved: SavedSimulator): SavedSimulator =>
  JSON.parse(JSON.stringify(saved)) as SavedSimulator;

/** Something of every kind. */
async function live(world: Phoned): Promise<void> {
  const click = { type: 'click', name: 'a', key: 'K' };
  await world.pushMenu(click);
  const conditional = { button: [{ ...click, key: 'TWO' }], matchrule: { client_platform_type: 2 } };
  await world.ask('POST', await world.path('/cgi-bin/menu/addconditional'), conditional);
  await world.classic();
  await world.ask('GET', await world.path('/cgi-bin/ticket/getticket?type=jsapi'));
  for (const action_name of ['QR_SCENE', 'QR_LIMIT_SCENE']) {
    await world.createCode({
      action_name,
      expire_seconds: 2_592_000,
      action_info: { scene: { scene_id: 7 } },
    });
  }
  await world.call('POST', '/_ctl/followers', { openid: 'o2', tag_ids: [101] });
  await world.call('POST', '/_ctl/settings', {
    whitelist: ['127.0.0.1'],
    quotas: { '/cgi-bin/user/get': 5 },
  });
  await world.call('POST', '/_ctl/callback', { token: 'Token9', mode: 'safe', check: false });
  await world.advance('30m');
  await world.act('send', { text: 'hi' });
}

describe('save()', () => {
  test('lets the next simulator go on as if nothing had been', async () => {
    const world = await phoned();
    await live(world);
    const next = simulate({ saved: throughJson(world.save()) });
    expect(next.account).toEqual(world.account);
    for (const path of ['state', `chats/${alice}`, 'followers', 'menu', 'callback?secrets=show']) {
      const before = { ...(await world.ask('GET', `/_ctl/${path}`)) };
      // Logs are of one run.
      const after = { ...(await next.ask('GET', `/_ctl/${path}`)) };
      if (path === 'state') Object.assign(after, { requests: before['requests'], pushes: before['pushes'] });
      expect(after, path).toEqual(before);
    }
  });

  test('keeps tokens good or dead to the millisecond, and permanent codes the same', async () => {
    const world = await phoned();
    const { access_token: first } = await world.classic();
    const { access_token: second } = await world.classic();
    const scene = { action_name: 'QR_LIMIT_SCENE', action_info: { scene: { scene_id: 7 } } };
    const { ticket } = await world.createCode(scene);
    const next = simulate({ saved: throughJson(world.save()) });
    const errcode = (token: string | undefined) =>
      next.errcode('GET', `/cgi-bin/menu/get?access_token=${token}`);
    await next.advance('299999ms');
    expect([await errcode(first), await errcode(second)]).toEqual([46003, 46003]);
    await next.advance('1ms');
    expect([await errcode(first), await errcode(second)]).toEqual([40001, 46003]);
    const again = await next.ask('POST', await next.path('/cgi-bin/qrcode/create'), scene);
    expect(again.ticket).toBe(ticket);
  });

  test('leaves codes out that have expired', async () => {
    const world = await phoned();
    const { ticket } = await world.createCode({
      action_name: 'QR_SCENE',
      expire_seconds: 60,
      action_info: { scene: { scene_id: 7 } },
    });
    await world.advance('59999ms');
    expect(JSON.stringify(world.save())).toContain(ticket);
    await world.advance('1ms');
    expect(JSON.stringify(world.save())).not.toContain(ticket);
  });

  test('never repeats a token, also with the same seed', async () => {
    const tokens = new Set<string | undefined>();
    let saved: SavedSimulator | undefined;
    for (let run = 0; run < 3; run += 1) {
      const world = simulate({ saved });
      tokens.add((await world.classic()).access_token);
      saved = throughJson(world.save());
    }
    expect(tokens.size).toBe(3);
  });

  test('gives way to what the next start is told', async () => {
    const world = await phoned();
    const saved = throughJson(world.save());
    const next = simulate({ saved, callback: { url: 'http://localhost:4000/', mode: 'safe' } });
    expect(await next.ask('GET', '/_ctl/callback')).toMatchObject({
      url: 'http://localhost:4000/',
      mode: 'safe',
    });
  });
});
