import { describe, expect, test } from 'vitest';
import { signUrl } from '../../../../src/core/callback/signature.ts';
import type { HttpRequest } from '../../../../src/io/ports.ts';
import { refused } from '../../control/phoned.ts';
import { simulate, type JsonAnswer } from '../../simulated.ts';

interface Checked {
  readonly received: HttpRequest[];
  check(body?: unknown): Promise<JsonAnswer>;
}

/** A simulator whose pushes go to this address; the server answers after 23.0791 ms, or not at all. */
function checked(url: string | undefined, isUp = true): Checked {
  const received: HttpRequest[] = [];
  let time = 0;
  const world = simulate({
    account: { callbackToken: 'AAAAA' },
    callback: { url },
    clock: { now: () => 1_768_449_600_999, monotonic: () => (time += 23.0791), sleep: async () => {} },
    openFetch: async () => async (request) => {
      received.push(request);
      if (!isUp) throw refused();
      return { status: 403, headers: {}, body: Buffer.from('') };
    },
  });
  const all = { action: 'all', check_operator: 'DEFAULT' };
  return {
    received,
    check: async (body = all) => world.ask('POST', await world.path('/cgi-bin/callback/check'), body),
  };
}

describe('POST /cgi-bin/callback/check', () => {
  test('reaches the server with a handshake and says how long it took', async () => {
    const { check, received } = checked('http://localhost:3000/wechat?a=1');
    expect(await check()).toEqual({
      dns: [{ ip: '127.0.0.1', real_operator: 'CAP' }],
      ping: [{ ip: '127.0.0.1', from_operator: 'CAP', package_loss: '0%', time: '23.079ms' }],
    });
    expect(received).toHaveLength(1);
    const { searchParams: query } = new URL(received[0]?.url ?? '');
    expect([...query.keys()]).toEqual(['a', 'signature', 'echostr', 'timestamp', 'nonce']);
    const [timestamp, nonce] = [query.get('timestamp') ?? '', query.get('nonce') ?? ''];
    expect(timestamp).toBe('1768449600');
    expect(query.get('signature')).toBe(signUrl('AAAAA', timestamp, nonce));
  });

  test('tells a server that is down', async () => {
    const { check } = checked('http://127.0.0.1:3000/', false);
    expect(await check()).toMatchObject({ ping: [{ package_loss: '100%', time: '' }] });
  });

  test.each([
    ['dns', ['dns']],
    ['ping', ['ping']],
    ['all', ['dns', 'ping']],
  ])('answers for %s only that', async (action, keys) => {
    const { check, received } = checked('http://127.0.0.1:3000/');
    expect(Object.keys(await check({ action, check_operator: 'UNICOM' }))).toEqual(keys);
    expect(received).toHaveLength(action === 'dns' ? 0 : 1);
  });

  test('names the operator that was asked for', async () => {
    const { check } = checked('http://[::1]:3000/');
    expect(await check({ action: 'all', check_operator: 'CHINANET' })).toMatchObject({
      dns: [{ ip: '::1', real_operator: 'CHINANET' }],
      ping: [{ ip: '::1', from_operator: 'CHINANET' }],
    });
  });

  test('resolves no foreign name and asks nothing of it', async () => {
    const { check, received } = checked('https://example.com/wechat');
    expect(await check()).toEqual({ dns: [], ping: [] });
    expect(received).toEqual([]);
  });

  test('refuses without an address with 40201, other actions with 40202, other operators with 40203', async () => {
    expect(await checked(undefined).check()).toMatchObject({
      errcode: 40201,
      errmsg: expect.stringMatching(/^invalid check url rid: /),
    });
    const { check } = checked('http://127.0.0.1:3000/');
    for (const action of [undefined, 'ALL', 1]) {
      expect(await check({ action, check_operator: 'DEFAULT' })).toMatchObject({
        errcode: 40202,
        errmsg: expect.stringMatching(/^invalid check action rid: /),
      });
    }
    expect(await check({ action: 'all', check_operator: 'CMCC' })).toMatchObject({
      errcode: 40203,
      errmsg: expect.stringMatching(/^invalid check operator rid: /),
    });
    expect(await check({ action: 'dns' })).toMatchObject({ dns: [{ real_operator: 'CAP' }] });
  });
});
