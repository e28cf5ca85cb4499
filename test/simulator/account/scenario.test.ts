import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../../src/simulator/account/scenario.ts';
import { scenarioNames, scenarios } from '../../../src/simulator/account/scenarios.ts';
import type { CommentedArticle, ControlState } from '../../../src/simulator/control/types/index.ts';
import { phoned, refused } from '../control/phoned.ts';
import { simulate } from '../simulated.ts';

const named = (name: string) => ({ scenario: parseScenario(scenarios[name]?.scenario) });

describe('each shipped scenario', () => {
  test('is there, with words in both languages and somebody to play with', () => {
    expect(scenarioNames).toEqual([
      'token-conflict',
      'ip-not-allowed',
      'quota-used-up',
      'slow-platform',
      'callback-down',
    ]);
    for (const { text, scenario } of Object.values(scenarios)) {
      expect(text.en).not.toBe(text.zh);
      expect(parseScenario(scenario).followers).toHaveLength(1);
    }
  });

  test('token-conflict kills the token once for each kind of call', async () => {
    const world = simulate(named('token-conflict'));
    const path = await world.path('/cgi-bin/menu/get');
    expect([await world.errcode('GET', path), await world.errcode('GET', path)]).toEqual([40001, 46003]);
  });

  test('ip-not-allowed refuses a token until the address is allowed', async () => {
    const world = simulate(named('ip-not-allowed'));
    expect((await world.stable()).errcode).toBe(40164);
    await world.call('POST', '/_ctl/settings', { whitelist: ['127.0.0.1'] });
    expect((await world.stable()).errcode).toBeUndefined();
  });

  test('quota-used-up refuses calls but not tokens', async () => {
    const world = simulate(named('quota-used-up'));
    expect(await world.errcode('GET', await world.path('/cgi-bin/menu/get'))).toBe(45009);
  });

  test('slow-platform lets every call wait six seconds', async () => {
    const world = simulate(named('slow-platform'));
    await world.errcode('GET', await world.path('/cgi-bin/menu/get'));
    expect(world.slept).toEqual([6000, 6000]);
  });

  test('callback-down ends in the fault message after three attempts', async () => {
    const world = await phoned(() => Promise.reject(refused()), { callback: {}, ...named('callback-down') });
    const { pushes } = await world.act('send', { text: 'hi' });
    expect(pushes[0]).toMatchObject({ state: 'failed', user_sees: 'unavailable' });
    expect(world.received).toHaveLength(3);
  });
});

describe('a scenario', () => {
  const scenario = {
    settings: { secret_frozen: true },
    faults: [{ path: '/cgi-bin/menu/get', errcode: -1 }],
    followers: [{ openid: 'o1', tag_ids: [100] }, { count: 2 }],
    clock: '2h',
    callback: { url: 'http://localhost:3000/', mode: 'safe' },
  };
  const expected = {
    now: '2026-01-15T06:00:00.000Z',
    settings: { secret_frozen: true },
    faults: [{ path: '/cgi-bin/menu/get' }],
    callback: { url: 'http://localhost:3000/', mode: 'safe' },
  };

  test('is there at the start and after a reset', async () => {
    const world = simulate({ scenario: parseScenario(scenario) });
    for (const round of [1, 2]) {
      const state = (await world.ask('GET', '/_ctl/state')) as unknown as ControlState;
      expect(state, String(round)).toMatchObject(expected);
      expect(state['followers']).toHaveLength(3);
      await world.call('POST', '/_ctl/settings', { secret_frozen: false });
      await world.call('POST', '/_ctl/reset');
    }
  });

  test('has articles that are out, with comments, and nobody is told of them', async () => {
    const articles = [
      {
        title: '营业时间 <b>',
        comments: [
          { openid: 'oAlice', content: 'one' },
          { openid: 'oBob', content: 'two', elected: true, reply: 'thanks' },
        ],
      },
      { title: 'For followers', content: '<p>Hi</p>', followers_only: true },
    ];
    const world = await phoned(undefined, {
      scenario: parseScenario({ followers: [{ openid: 'oBob' }], articles }),
    });
    for (const round of [1, 2]) {
      const [first, second] = (await world.ask(
        'GET',
        '/_ctl/comments',
      )) as unknown as readonly CommentedArticle[];
      expect(first, String(round)).toMatchObject({
        title: '营业时间 <b>',
        open: true,
        followers_only: false,
      });
      expect(first?.comments.map(({ at: _at, ...rest }) => rest)).toEqual([
        { user_comment_id: 2, openid: 'oBob', content: 'two', elected: true, reply: 'thanks' },
        { user_comment_id: 1, openid: 'oAlice', content: 'one', elected: false, reply: null },
      ]);
      expect(second).toMatchObject({ followers_only: true, comments: [] });
      const list = { msg_data_id: first?.msg_data_id, index: 0, begin: 0, count: 50, type: 2 };
      expect(await world.ask('POST', await world.path('/cgi-bin/comment/list'), list)).toMatchObject({
        total: 1,
      });
      const read = { offset: 0, count: 2 };
      const published = await world.ask('POST', await world.path('/cgi-bin/freepublish/batchget'), read);
      expect(published).toMatchObject({ total_count: 2 });
      await world.ask('POST', '/_ctl/reset');
    }
    expect(world.received).toEqual([]);
  });

  test('is put on top of what is there by POST /_ctl/scenario', async () => {
    const world = simulate();
    expect(await world.ask('POST', '/_ctl/scenario', scenario)).toMatchObject(expected);
    expect(await world.ask('POST', '/_ctl/scenario', { name: 'ip-not-allowed' })).toMatchObject({
      settings: { whitelist: [], secret_frozen: true },
    });
    expect(await world.ask('GET', '/_ctl/scenarios')).toHaveLength(5);
  });

  test.each([
    [[], 'invalid_scenario'],
    [{ settings: [] }, 'invalid_scenario'],
    [{ settings: { colour: 1 } }, 'invalid_settings'],
    [{ faults: [{ path: '/x' }] }, 'invalid_fault'],
    [{ faults: {} }, 'invalid_scenario'],
    [{ followers: [{ openid: '' }] }, 'invalid_follower'],
    [{ articles: [{ content: 'a' }] }, 'invalid_body'],
    [{ articles: [{ title: 'a'.repeat(65) }] }, 'invalid_scenario'],
    [{ articles: [{ title: 'a', content: '<script>1</script>' }] }, 'invalid_scenario'],
    [{ articles: [{ title: 'a', comments: {} }] }, 'invalid_scenario'],
    [{ articles: [{ title: 'a', comments: [{ openid: 'o1' }] }] }, 'invalid_body'],
    [{ articles: [{ title: 'a', comments: [{ openid: 'o 1', content: 'a' }] }] }, 'invalid_follower'],
    [{ articles: [{ title: 'a', comments: [{ openid: 'o1', content: '' }] }] }, 'invalid_body'],
    [{ clock: 'soon' }, 'invalid_scenario'],
    [{ clock: '3651d' }, 'invalid_scenario'],
    [{ fault: [] }, 'invalid_body'],
  ])('%j is refused', (value, type) => {
    expect(() => parseScenario(value)).toThrow(expect.objectContaining({ type }));
  });

  test.each([
    [{ articles: [{ title: 'a', comments: [{ openid: 'o 1', content: 'a' }] }] }, 'articles[0].comments[0]'],
    [
      {
        articles: [
          { title: 'a' },
          { title: 'b', comments: [{ openid: 'o1', content: 'a' }, { openid: 'o1' }] },
        ],
      },
      'articles[1].comments[1]',
    ],
    [{ articles: [{ title: 'a', comments: [{}, 1] }] }, 'articles[0]'],
    [{ followers: [{}, { openid: '' }] }, 'followers[1]'],
    [{ followers: [{ openid: 'o1' }, {}, { openid: 'o1' }] }, 'followers[2]'],
  ])('%j is refused with the whole way to the mistake', async (value, place) => {
    const { ask } = simulate();
    const begins = (words: string) => new RegExp(`^${words.replaceAll('[', '\\[').replaceAll('.', '\\.')}`);
    const told = (way: string) => ({
      message: expect.stringMatching(begins(`${way}: `)),
      message_zh: expect.stringMatching(begins(`${way}：`)),
    });
    const { error } = await ask('POST', '/_ctl/scenario', value);
    expect(error).toMatchObject(told(place));
    const { error: ofAccount } = await ask('POST', '/_ctl/accounts', { scenario: value });
    expect(ofAccount).toMatchObject(told(`scenario.${place}`));
  });

  test('is refused with the place of the mistake, in both languages', () => {
    const path = '/cgi-bin/token';
    expect(() =>
      parseScenario({
        faults: [
          { path, drop: true },
          { path, delay: 'soon' },
        ],
      }),
    ).toThrow(
      expect.objectContaining({
        text: {
          en: expect.stringMatching(/^faults\[1\]: Cannot use "soon" for "delay": a duration is/),
          zh: expect.stringMatching(/^faults\[1\]："delay" 不能用 "soon"：时长/),
        },
      }),
    );
    expect(() => parseScenario({ followers: [{ nick: 'a' }] })).toThrow(
      /^followers\[0\]: Fields of a follower must be "openid", .*, got "nick"$/,
    );
  });

  test('is refused where it has the same person twice, with both places', () => {
    const people = (...openids: readonly string[]) => ({ followers: openids.map((openid) => ({ openid })) });
    expect(() => parseScenario(people('o1', 'o2', 'O1', 'o2'))).toThrow(
      /^followers\[3\]: The openid "o2" is that of followers\[1\] already$/,
    );
    expect(
      parseScenario({ followers: [{ count: 2 }, { count: 2 }, { openid: 'o1' }] }).followers,
    ).toHaveLength(3);
  });

  test.each([
    ['settings', (settings: object) => settings],
    ['scenario', (settings: object) => ({ settings })],
    ['accounts', (settings: object) => ({ scenario: { settings } })],
  ])('POST /_ctl/%s refuses a quota of a path that no call has', async (call, bodyOf) => {
    const { ask } = simulate();
    const state = async (): Promise<unknown> => [
      await ask('GET', '/_ctl/state'),
      await ask('GET', '/_ctl/accounts'),
    ];
    const before = await state();
    const body = bodyOf({ quotas: { '/cgi-bin/user/get': 1, '/cgi-bin/nothing': 5 } });
    expect(await ask('POST', `/_ctl/${call}`, body)).toEqual({
      error: {
        type: 'invalid_settings',
        message: '"quotas": no call has the path "/cgi-bin/nothing"',
        message_zh: '“quotas”：没有路径为“/cgi-bin/nothing”的接口',
      },
    });
    expect(await state()).toEqual(before);
    // Simulated or not; and one of before can be taken away.
    const known = bodyOf({ quotas: { '/cgi-bin/poi/getpoi': 5, '/cgi-bin/nothing': null } });
    expect(await ask('POST', `/_ctl/${call}`, known)).not.toHaveProperty('error');
  });

  test.each([{ name: 'nonsense' }, { name: 'callback-down', clock: '2h' }, { callback: { url: 'x' } }])(
    'POST /_ctl/scenario refuses %j and changes nothing',
    async (body) => {
      const world = simulate();
      const before = await world.ask('GET', '/_ctl/state');
      expect((await world.call('POST', '/_ctl/scenario', { clock: undefined, ...body })).status).toBe(400);
      expect(await world.ask('GET', '/_ctl/state')).toEqual(before);
    },
  );
});

test('lasts 24 hours, in which everything ends in its time', async () => {
  const world = await phoned();
  await world.act('send', { text: 'hi' });
  const code = { expire_seconds: 3600, action_name: 'QR_SCENE', action_info: { scene: { scene_id: 1 } } };
  const { ticket } = await world.createCode(code);
  const seen: unknown[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    const { outcome } = await world.act('scan', { ticket });
    const state = (await world.ask('GET', '/_ctl/state')) as unknown as ControlState;
    const used = state.counters['/cgi-bin/qrcode/create']?.used;
    if (JSON.stringify(seen.at(-1)) !== JSON.stringify([outcome, used])) seen.push([outcome, used]);
    await world.path('/cgi-bin/menu/get').then((path) => world.errcode('GET', path));
    await world.advance('1h');
  }
  // It is noon in Beijing at the start: the code ends within an hour, the day at midnight.
  expect(seen).toEqual([
    ['done', 1],
    ['code_expired', 1],
    ['code_expired', 0],
  ]);
  const state = (await world.ask('GET', '/_ctl/state')) as unknown as ControlState;
  expect(state.now).toBe('2026-01-16T04:00:00.000Z');
  const chat = await world.ask('GET', `/_ctl/chats/oAlice_0000000000000000000001`);
  expect(chat['window_until']).toBe('2026-01-17T04:00:00.000Z');
});
