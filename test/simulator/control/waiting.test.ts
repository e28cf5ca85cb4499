import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startMs } from '../simulated.ts';
import { alice, phoned } from './phoned.ts';

/** A clock whose waiting ends when the test says so, or when nobody wants it any more. */
function handClock() {
  const asked: number[] = [];
  let wake: (() => void)[] = [];
  const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      asked.push(milliseconds);
      wake.push(resolve);
      signal?.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
    });
  return {
    clock: { now: () => startMs, monotonic: () => 0, sleep },
    asked,
    /** Lets what was begun get as far as its waiting. */
    begun: async (waits = 1): Promise<void> => {
      while (asked.length < waits) await setImmediate();
    },
    timeIsOver: (): void => {
      for (const each of wake) each();
      wake = [];
    },
  };
}

const menuGet = '/cgi-bin/menu/get';

async function world(answer?: Parameters<typeof phoned>[0]) {
  const { clock, ...hand } = handClock();
  const simulated = await phoned(answer, { clock });
  const wait = async (list: string, query: string, signal?: AbortSignal) => {
    const url = `http://127.0.0.1:8090/_ctl/${list}?${query}`;
    const response = await simulated.fetch(new Request(url, signal && { signal }));
    const body = (await response.json()) as readonly Record<string, unknown>[] & {
      readonly messages: readonly Record<string, unknown>[];
      readonly error?: { readonly type: string; readonly message: string };
    };
    return { status: response.status, header: response.headers.get('x-wait'), body };
  };
  return { ...simulated, ...hand, wait };
}

describe('?wait= of the requests', () => {
  test('answers with the last one that was wanted, and not before', async () => {
    const { call, wait, asked, begun } = await world();
    await call('GET', menuGet);
    let isAnswered = false;
    const waited = wait('requests', `wait=5s&path=${menuGet}&count=2`).finally(() => (isAnswered = true));
    await begun();
    await call('GET', '/cgi-bin/token');
    await setImmediate();
    expect([isAnswered, asked]).toEqual([false, [5000]]);
    await call('GET', menuGet);
    const { header, body } = await waited;
    expect([header, body.map(({ path }) => path)]).toEqual([null, [menuGet, menuGet]]);
  });

  test('answers at once where enough are there', async () => {
    const { call, wait, asked } = await world();
    await call('GET', menuGet);
    const { header, body } = await wait('requests', `wait=5s&path=${menuGet}`);
    expect([header, body.length, asked]).toEqual([null, 1, []]);
  });

  test('ends with what there is when the time is over', async () => {
    const { call, wait, begun, timeIsOver } = await world();
    const waited = wait('requests', 'wait=5s&count=2');
    await begun();
    await call('GET', menuGet);
    timeIsOver();
    const { status, header, body } = await waited;
    expect([status, header, body.length]).toEqual([200, 'timeout', 1]);
    expect(await wait('requests', 'count=2')).toMatchObject({ header: 'timeout' });
  });

  test('counts from the last clearing or reset on', async () => {
    const { call, wait, begun, timeIsOver } = await world();
    await call('GET', menuGet);
    const waited = wait('requests', `wait=5s&count=2`);
    await begun();
    await call('DELETE', '/_ctl/requests');
    await call('GET', menuGet);
    await setImmediate();
    timeIsOver();
    expect(await waited).toMatchObject({ header: 'timeout', body: [{ path: menuGet }] });
    await call('POST', '/_ctl/reset');
    expect(await wait('requests', 'count=1')).toMatchObject({ header: 'timeout', body: [] });
  });

  test('chooses by any field, by what stands in it, and by what was before', async () => {
    const { call, wait } = await world();
    await call('GET', '/cgi-bin/token');
    await call('POST', '/cgi-bin/token', '{"a":"\\"x\\" ü"}');
    await call('GET', '/nonsense');
    const paths = async (query: string) =>
      (await wait('requests', query)).body.map(({ method, path }) => `${String(method)} ${String(path)}`);
    expect(await paths('method=POST')).toEqual(['POST /cgi-bin/token']);
    expect(await paths('errcode=41002')).toEqual(['GET /cgi-bin/token']);
    expect(await paths('status=404&note=unknown_path')).toEqual(['GET /nonsense']);
    expect(await paths(`contains=${encodeURIComponent('"x" ü')}`)).toEqual(['POST /cgi-bin/token']);
    expect(await paths('after=2')).toEqual(['GET /nonsense']);
    expect(await paths('path=/cgi-bin')).toEqual([]);
  });

  test('comes in pages with a limit, each with where the next one is', async () => {
    const { call } = await world();
    const paths = ['/cgi-bin/token', menuGet, menuGet, menuGet, '/cgi-bin/token'];
    for (const path of paths) await call('GET', path);
    const read = async (address: string) => {
      const response = await call('GET', address);
      const [next, total] = ['x-next', 'x-total'].map((name) => response.headers.get(name));
      return { ids: ((await response.json()) as { id: number }[]).map(({ id }) => id), next, total };
    };
    const asked = `/_ctl/requests?path=${encodeURIComponent(menuGet)}&limit=2`;
    const next = `${asked}&after=3`;
    expect(await read(`${asked}&count=3`)).toEqual({ ids: [2, 3], next, total: '3' });
    expect(await read(next)).toEqual({ ids: [4], next: null, total: '1' });
    expect(await read('/_ctl/requests?limit=5')).toEqual({ ids: [1, 2, 3, 4, 5], next: null, total: '5' });
  });

  test.each([
    ['limit=0', '"limit" must be a whole number from 1 to 1000'],
    ['limit=1001', '"limit" must be'],
    ['limit=1e2', '"limit" must be'],
    ['wait=5', '"wait": a duration is a number with its unit'],
    ['wait=6m', '"wait": it can be 5m at most'],
    ['wait=5s&count=0', '"count" must be a whole number from 1 to 1000'],
    ['count=1001', '"count" must be'],
    ['count=x', '"count" must be'],
    ['after=-1', '"after" must be'],
    ['pth=/x', 'got "pth"'],
    ['limit=2&limit=3', '"limit" more than once'],
    ['status=200&wait=5s&status=200', '"status" more than once'],
    ['wait=3s&status=abc', '"status" must be a whole number, or null'],
    ['status=4o0', '"status" must be a whole number'],
    ['errcode=abc', '"errcode" must be a whole number'],
    ['errcode=', '"errcode" must be a whole number'],
    ['errcode=040164', '"errcode" must be a whole number'],
    ['method=FOO', '"method" must be one of "GET", "POST"'],
    ['method=get', '"method" must be one of'],
    ['path=cgi-bin/menu/get', '"path" must begin with "/"'],
    ['path=https://api.weixin.qq.com/cgi-bin/menu/get', '"path" must begin with "/"'],
    ['path=/cgi-bin/menu/get%3Fa=1', '"path" must begin with "/", without host and query'],
    ['path=/_ctl/state', 'must not be below "/_ctl"'],
    ['note=drop', '"note" must be one of "not_simulated"'],
  ])('refuses %s', async (query, words) => {
    const { wait, asked } = await world();
    const { status, body } = await wait('requests', query);
    expect([status, body.error?.type, body.error?.message, asked]).toEqual([
      400,
      'invalid_query',
      expect.stringContaining(words),
      [],
    ]);
  });

  test.each(['status=null', 'errcode=-1', 'errcode=0', 'method=DELETE', 'path=/', 'note=dropped'])(
    'takes %s, which may come',
    async (query) => {
      const { wait } = await world();
      expect(await wait('requests', query)).toEqual({ status: 200, header: null, body: [] });
    },
  );

  test('ends when its client leaves or the simulator stops', async () => {
    const { wait, begun, close } = await world();
    const client = new AbortController();
    const [left, stopped] = [wait('requests', 'wait=5s', client.signal), wait('requests', 'wait=5s')];
    await begun(2);
    client.abort();
    expect((await left).header).toBe('timeout');
    close();
    expect((await stopped).header).toBe('timeout');
    expect((await wait('requests', 'wait=5s')).header).toBe('timeout');
  });
});

describe('?wait= of pushes and chats', () => {
  test('waits until a push has ended', async () => {
    let answer = (): void => {};
    const { call, wait, begun } = await world(
      () =>
        new Promise((resolve) => {
          answer = () => resolve('success');
        }),
    );
    await call('POST', `/_ctl/phone/${alice}/send`, { text: 'hi', wait: false });
    let isAnswered = false;
    const waited = wait('pushes', `wait=5s&type=text&openid=${alice}`).finally(() => (isAnswered = true));
    await begun();
    await setImmediate();
    expect(isAnswered).toBe(false);
    answer();
    expect((await waited).body).toMatchObject([{ type: 'text', state: 'answered' }]);
    expect((await wait('pushes', 'event=CLICK')).body).toEqual([]);
  });

  test('hears of the message that the account writes later', async () => {
    const { act, ask, path, wait, begun } = await world();
    await act('send', { text: 'hi' });
    const waited = wait(`chats/${alice}`, 'wait=5s&from=account');
    await begun();
    await ask('POST', await path('/cgi-bin/message/custom/send'), {
      touser: alice,
      msgtype: 'text',
      text: { content: 'later' },
    });
    const { header, body } = await waited;
    expect([header, body.messages]).toMatchObject([null, [{ origin: 'custom', content: { text: 'later' } }]]);
    expect((await wait(`chats/${alice}`, 'from=system')).body.messages).toEqual([]);
  });

  test('goes on over a reset with the chats that are new', async () => {
    const { call, act, wait, begun } = await world();
    await act('send', { text: 'one' });
    const waited = wait(`chats/${alice}`, 'wait=5s&count=2&from=person');
    await begun();
    await call('POST', '/_ctl/reset');
    await call('POST', '/_ctl/followers', { openid: alice });
    for (const text of ['two', 'three']) await act('send', { text });
    expect((await waited).body.messages).toMatchObject([
      { content: { text: 'two' } },
      { content: { text: 'three' } },
    ]);
  });

  test.each([
    ['from=me', '"from" must be one of "person", "account", "system"'],
    ['wait=5s&origin=phones', '"origin" must be one of "phone", "reply"'],
  ])('refuses %s of a chat', async (query, words) => {
    const { wait, asked } = await world();
    const { status, body } = await wait(`chats/${alice}`, query);
    expect([status, body.error?.message, asked]).toEqual([400, expect.stringContaining(words), []]);
  });

  test('refuses the chat of nobody at once', async () => {
    const { wait, asked } = await world();
    expect((await wait('chats/nobody', 'wait=5s')).body.error?.type).toBe('unknown_person');
    expect(asked).toEqual([]);
  });
});
