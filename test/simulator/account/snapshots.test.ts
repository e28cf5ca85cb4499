import { describe, expect, test } from 'vitest';
import { copyOf, lengthOf, parseSaved } from '../../../src/simulator/account/saved.ts';
import { alice, phoned, type Phoned } from '../control/phoned.ts';
import { simulate, startMs, type Simulated } from '../simulated.ts';

const take = (world: Simulated, name = 'start') => world.ask('POST', '/_ctl/snapshot', { name });
const restore = (world: Simulated, name = 'start') => world.ask('POST', '/_ctl/restore', { name });
const menuGet = '/cgi-bin/menu/get';

/** Everything of a simulator that can be asked for; the numbers of faults are never given twice. */
const all = async ({ ask }: Simulated): Promise<unknown> => {
  const lists = ['state', 'followers', `chats/${alice}`, 'callback?secrets=show', 'clock', 'test'];
  const told = await Promise.all(lists.map((list) => ask('GET', `/_ctl/${list}`)));
  return JSON.parse(JSON.stringify(told).replaceAll(/\{"id":\d+,"path"/g, '{"path"'));
};

/** Changes something of every kind. */
async function live(world: Phoned): Promise<void> {
  await world.pushMenu({ type: 'click', name: 'a', key: 'K' });
  await world.classic();
  await world.createCode({ action_name: 'QR_LIMIT_SCENE', action_info: { scene: { scene_id: 7 } } });
  await world.ask('POST', '/_ctl/followers', { openid: 'o2', tag_ids: [101] });
  await world.ask('POST', '/_ctl/settings', { name: 'Shop', quotas: { [menuGet]: 5 } });
  await world.ask('POST', '/_ctl/callback', { token: 'Token9', mode: 'safe', check: false });
  await world.ask('POST', '/_ctl/faults', { path: menuGet, errcode: -1 });
  await world.ask('POST', '/_ctl/scenario', { settings: { web_auth_domains: ['a.example.com'] } });
  await world.advance('30m');
  await world.act('send', { text: 'hi' });
}

describe('copyOf()', () => {
  test('copies what may change and shares a list that is frozen', () => {
    const person = { tagIds: [1] };
    const value = { people: Object.freeze([person]), chats: [['o1', { left: 5, last: null }]] };
    const copy = copyOf(value);
    expect(copy).toEqual(value);
    expect([copy.people === value.people, copy.chats[0] === value.chats[0]]).toEqual([true, false]);
  });

  test('lengthOf() is that of the JSON, about that of a long list', () => {
    const short = { a: [{ b: 'ü"', c: [1, null] }], d: true };
    expect(lengthOf(short)).toBeGreaterThanOrEqual(JSON.stringify(short).length);
    expect(lengthOf(short)).toBeLessThan(JSON.stringify(short).length + 12);
    const long = Array.from({ length: 5001 }, (_, id) => ({
      id: `${id}`.padStart(8),
      text: 'x'.repeat(100),
    }));
    expect(lengthOf(long) / JSON.stringify(long).length).toBeCloseTo(1, 1);
  });
});

describe('POST /_ctl/snapshot and /_ctl/restore', () => {
  test('bring everything back, as often as wanted, with empty logs', async () => {
    const world = await phoned();
    await live(world);
    await world.ask('DELETE', '/_ctl/requests');
    await world.ask('DELETE', '/_ctl/pushes');
    const before = await all(world);
    expect(await take(world)).toEqual({ name: 'start', at: new Date(startMs + 1_800_000).toISOString() });
    for (let round = 0; round < 2; round += 1) {
      await live(world);
      await world.act('unfollow');
      await world.ask('DELETE', '/_ctl/faults');
      await restore(world);
      expect(await all(world)).toEqual(before);
    }
    await world.ask('POST', '/_ctl/reset');
    await restore(world);
    expect(await all(world)).toEqual(before);
  });

  test('keep the tokens of then good, and know none that came later', async () => {
    const world = simulate();
    const first = (await world.classic()).access_token;
    await take(world);
    const later = (await world.classic()).access_token;
    await world.advance('10m');
    expect(await world.errcode('GET', `${menuGet}?access_token=${first}`)).toBe(40001);
    await restore(world);
    expect(await world.errcode('GET', `${menuGet}?access_token=${first}`)).toBe(46003);
    expect(await world.errcode('GET', `${menuGet}?access_token=${later}`)).toBe(40001);
  });

  test('draw the same afterwards each time, and never what had been drawn by then', async () => {
    const world = simulate();
    const token = async () => (await world.classic()).access_token;
    const before = [await token()];
    await take(world);
    const after: unknown[] = [];
    for (let round = 0; round < 2; round += 1) {
      await restore(world);
      after.push([await token(), await token()]);
    }
    expect(after[1]).toEqual(after[0]);
    // What was drawn since the first one belongs to the second one of that name.
    await take(world);
    await restore(world);
    const tokens = [...before, ...(after[0] as string[]), await token()];
    expect(new Set(tokens).size).toBe(4);
  });

  test('bring accounts back that are gone, and take away those that came', async () => {
    const world = simulate();
    const add = async (appid: string) => await world.ask('POST', '/_ctl/accounts', { appid });
    const [kept, other] = ['wxaaaaaaaaaaaaaaaa', 'wxbbbbbbbbbbbbbbbb'];
    const { secret } = await add(kept);
    await world.ask('POST', `/_ctl/followers?account=${kept}`, { openid: 'oKept' });
    const before = await world.ask('GET', '/_ctl/accounts?secrets=show');
    await take(world);
    await world.ask('DELETE', `/_ctl/accounts/${kept}`);
    await add(other);
    await restore(world);
    expect(await world.ask('GET', '/_ctl/accounts?secrets=show')).toEqual(before);
    expect(await world.ask('GET', `/_ctl/followers?account=${kept}`)).toMatchObject([{ openid: 'oKept' }]);
    const query = `grant_type=client_credential&appid=${kept}&secret=${String(secret)}`;
    expect(await world.errcode('GET', `/cgi-bin/token?${query}`)).toBe(0);
    await world.ask('POST', '/_ctl/reset');
    // The number of the one that was reset away is given once more.
    await add(other);
    await restore(world);
    expect(await world.ask('GET', '/_ctl/accounts?secrets=show')).toEqual(before);
  });

  test('tell every page to read its lists again', async () => {
    const world = simulate();
    await take(world);
    const events = await world.call('GET', '/_ctl/events');
    await restore(world);
    world.close();
    expect(await events.text()).toContain('event: reset\n');
  });

  test('are listed, replaced and removed by name', async () => {
    const world = simulate();
    await take(world, '测试 1');
    await take(world, 'b');
    await world.advance('1m');
    await take(world, '测试 1');
    const at = (minutes: number) => new Date(startMs + minutes * 60_000).toISOString();
    const [b, again] = [
      { name: 'b', at: at(0) },
      { name: '测试 1', at: at(1) },
    ];
    expect(await world.ask('GET', '/_ctl/snapshots')).toEqual([b, again]);
    expect(await world.ask('DELETE', `/_ctl/snapshots/${encodeURIComponent('测试 1')}`)).toEqual([b]);
    for (const [method, path, body] of [
      ['POST', 'restore', { name: '测试 1' }],
      ['DELETE', 'snapshots/x', undefined],
    ] as const) {
      const response = await world.call(method, `/_ctl/${path}`, body);
      expect([response.status, await response.json()]).toMatchObject([
        404,
        { error: { type: 'unknown_snapshot', message: expect.stringMatching(/there are "b"$/) } },
      ]);
    }
  });

  test.each([[{}], [{ name: '' }], [{ name: 'a\nb' }], [{ name: 'x'.repeat(65) }], [{ name: 7 }]])(
    'refuse %j',
    async (body) => {
      const { call } = simulate();
      const response = await call('POST', '/_ctl/snapshot', body);
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { error: { type: 'invalid_body' } },
      ]);
    },
  );

  test('end at twenty', async () => {
    const world = simulate();
    for (let number = 1; number <= 20; number += 1) await take(world, `s${number}`);
    expect(await take(world, 's21')).toMatchObject({ error: { type: 'too_many_snapshots' } });
    expect(await take(world, 's20')).toMatchObject({ name: 's20' });
  });
});

describe('snapshots in a state file', () => {
  test('outlive the simulator, and draw anew in the next one', async () => {
    const world = await phoned();
    await live(world);
    await take(world);
    await world.act('unfollow');
    const before = await world.classic();
    const file = JSON.stringify(await world.ask('GET', '/_ctl/state?format=file'));
    expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(world.save())));
    const next = simulate({ saved: parseSaved(JSON.parse(file)) });
    const followers = async () => await next.ask('GET', '/_ctl/followers');
    expect(await followers()).toMatchObject([{ subscribed: false }, { openid: 'o2' }]);
    await restore(next);
    expect(await followers()).toMatchObject([{ openid: alice, subscribed: true }, { openid: 'o2' }]);
    expect((await next.classic()).access_token).not.toBe(before.access_token);
  });

  test('that somebody has spoilt are refused, and change nothing', async () => {
    const world = await phoned();
    await take(world);
    const file = JSON.parse(JSON.stringify(world.save())) as {
      snapshots: { number: unknown; accounts: { platform: { nouns: Record<string, unknown> } }[] }[];
    };
    const [snapshot] = file.snapshots;
    const nouns = snapshot?.accounts[0]?.platform.nouns ?? {};
    nouns['followers'] = 7;
    const next = simulate({ saved: parseSaved(file) });
    await next.ask('POST', '/_ctl/faults', { path: menuGet, errcode: -1 });
    const before = await all(next);
    expect(await restore(next)).toMatchObject({ error: { type: 'state_invalid' } });
    expect(await all(next)).toEqual(before);
    if (snapshot !== undefined) snapshot.number = 'x';
    expect(() => parseSaved(file)).toThrow('no state');
  });

  test('?format= has no other form', async () => {
    expect(await simulate().ask('GET', '/_ctl/state?format=yaml')).toMatchObject({
      error: { type: 'invalid_query', message: '"format" can only be "file"' },
    });
  });
});
