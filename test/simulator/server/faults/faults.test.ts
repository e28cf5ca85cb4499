import { describe, expect, test } from 'vitest';
import { ConnectionDropped } from '../../../../src/simulator/server/faults/faults.ts';
import type { RequestRecord } from '../../../../src/simulator/control/types/index.ts';
import { simulate, startMs } from '../../simulated.ts';

const create = '/cgi-bin/menu/create';
const menu = { button: [{ type: 'click', name: 'a', key: 'K' }] };

async function requests(simulated: ReturnType<typeof simulate>): Promise<RequestRecord[]> {
  return (await (await simulated.call('GET', '/_ctl/requests')).json()) as RequestRecord[];
}

/** A client that leaves while it waits. */
const giveUp = (): Promise<void> => Promise.reject(new Error('gone'));

describe('a fault', () => {
  test('meets the next call of its path once, and then all is well', async () => {
    const { ask, classic, stable } = simulate();
    await ask('POST', '/_ctl/faults', { path: '/cgi-bin/token', errcode: 45009 });
    expect((await stable()).errcode).toBeUndefined();
    expect(await classic()).toEqual({
      errcode: 45009,
      errmsg: expect.stringMatching(/^reach max api daily quota limit rid: 69686640-/),
    });
    expect((await classic()).errcode).toBeUndefined();
  });

  test('meets as many calls as asked for, after those that it skips', async () => {
    const { ask, classic } = simulate();
    await ask('POST', '/_ctl/faults', { path: '/cgi-bin/token', errcode: -1, skip: 1, times: 2 });
    const codes = [];
    for (let call = 0; call < 4; call += 1) codes.push((await classic()).errcode);
    expect(codes).toEqual([undefined, -1, -1, undefined]);
  });

  test('waits its turn behind an earlier one of the same path', async () => {
    const { ask, classic } = simulate();
    await ask('POST', '/_ctl/faults', { path: '/cgi-bin/token', errcode: 40001 });
    await ask('POST', '/_ctl/faults', { path: '/cgi-bin/token', errcode: 40002 });
    expect([(await classic()).errcode, (await classic()).errcode]).toEqual([40001, 40002]);
  });

  test('has the official words of a code that the simulator never answers, or those given', async () => {
    const { ask, classic } = simulate();
    const fault = { path: '/cgi-bin/token', errcode: 50002 };
    await ask('POST', '/_ctl/faults', fault);
    expect((await classic()).errmsg).toMatch(/^user limited rid: /);
    await ask('POST', '/_ctl/faults', { ...fault, errcode: 123_456_789 });
    expect((await classic()).errmsg).toMatch(/^errcode 123456789 rid: /);
    await ask('POST', '/_ctl/faults', { ...fault, errmsg: 'out of luck' });
    expect((await classic()).errmsg).toMatch(/^out of luck rid: /);
  });

  test('bends status, headers and body', async () => {
    const { ask, call } = simulate();
    const path = '/cgi-bin/token';
    await ask('POST', '/_ctl/faults', { path, status: 502 });
    const gateway = await call('GET', path);
    expect([gateway.status, gateway.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(await gateway.text()).toContain('<h1>502</h1>');
    await ask('POST', '/_ctl/faults', { path, status: 307, headers: { location: 'http://127.0.0.1:1/' } });
    const redirect = await call('GET', path);
    expect([redirect.status, redirect.headers.get('location'), await redirect.text()]).toEqual([
      307,
      'http://127.0.0.1:1/',
      '',
    ]);
    await ask('POST', '/_ctl/faults', { path, body: '{"access_token":"SIM_' });
    expect(await (await call('GET', path)).text()).toBe('{"access_token":"SIM_');
    await ask('POST', '/_ctl/faults', {
      path,
      body_base64: 'AP8=',
      headers: { 'content-type': 'image/jpg' },
    });
    const bytes = await call('GET', path);
    expect(bytes.headers.get('content-type')).toBe('image/jpg');
    expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([0, 255]);
    await ask('POST', '/_ctl/faults', { path, status: 204 });
    expect((await call('GET', path)).status).toBe(204);
  });

  test('does not do the work of the call that it meets, unless it comes after', async () => {
    const { ask, errcode, path } = simulate();
    const url = await path(create);
    await ask('POST', '/_ctl/faults', { path: create, status: 500 });
    await expect(ask('POST', url, menu)).rejects.toThrow(SyntaxError);
    expect(await errcode('GET', await path('/cgi-bin/menu/get'))).toBe(46003);
    await ask('POST', '/_ctl/faults', { path: create, status: 500, after: true });
    await expect(ask('POST', url, menu)).rejects.toThrow(SyntaxError);
    expect(await errcode('GET', await path('/cgi-bin/menu/get'))).toBe(0);
  });

  test('leaves no header of the true answer on a bent one', async () => {
    const { ask, call, path } = simulate();
    const scene = { action_name: 'QR_LIMIT_SCENE', action_info: { scene: { scene_id: 5 } } };
    const { ticket = '' } = await ask('POST', await path('/cgi-bin/qrcode/create'), scene);
    await ask('POST', '/_ctl/faults', { path: '/cgi-bin/showqrcode', errcode: -1, after: true });
    const { headers } = await call('GET', `/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`);
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'application/json; encoding=utf-8',
      date: 'Thu, 15 Jan 2026 04:00:00 GMT',
      server: 'wechat-mp-simulator',
      'x-content-type-options': 'nosniff',
    });
  });

  test('drops the connection: fetch() rejects, and the work is done only when it comes after', async () => {
    const { ask, call, errcode, path } = simulate();
    const url = await path(create);
    await ask('POST', '/_ctl/faults', { path: create, drop: true });
    await expect(call('POST', url, menu)).rejects.toThrow(ConnectionDropped);
    expect(await errcode('GET', await path('/cgi-bin/menu/get'))).toBe(46003);
    await ask('POST', '/_ctl/faults', { path: create, drop: true, after: true });
    await expect(call('POST', url, menu)).rejects.toThrow(ConnectionDropped);
    expect(await errcode('GET', await path('/cgi-bin/menu/get'))).toBe(0);
  });

  test('cuts the true answer off, whose work is done', async () => {
    const simulated = simulate();
    const { ask, call, errcode, path } = simulated;
    const url = await path(create);
    await ask('POST', '/_ctl/faults', { path: create, partial: 9 });
    const error: unknown = await call('POST', url, menu).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ConnectionDropped);
    const { cut } = error as ConnectionDropped;
    expect([cut?.status, Buffer.from(cut?.bytes ?? []).toString(), cut?.headers['content-length']]).toEqual([
      200,
      '{"errcode',
      '27',
    ]);
    expect((await requests(simulated)).at(-1)).toMatchObject({
      path: create,
      status: 200,
      response: { errcode: 0, errmsg: 'ok' },
      note: 'fault',
    });
    expect(await errcode('GET', await path('/cgi-bin/menu/get'))).toBe(0);
  });

  test('promises more than it sends, however short the answer', async () => {
    const { ask, call } = simulate();
    await ask('POST', '/_ctl/faults', { path: '/cgi-bin/token', body: '你', partial: 100 });
    await expect(call('GET', '/cgi-bin/token')).rejects.toMatchObject({
      cut: { bytes: new Uint8Array(Buffer.from('你')), headers: { 'content-length': '4' } },
    });
    await ask('POST', '/_ctl/faults', { path: '/cgi-bin/token', status: 502, partial: 6 });
    await expect(call('GET', '/cgi-bin/token')).rejects.toMatchObject({
      cut: { status: 502, bytes: new Uint8Array(Buffer.from('<html>')) },
    });
  });

  test('is a compression bomb of so many MiB, which the log only names', async () => {
    const simulated = simulate();
    const { ask, call } = simulated;
    await ask('POST', '/_ctl/faults', { path: '/cgi-bin/token', bomb: 3 });
    const { headers, body } = await call('GET', '/cgi-bin/token');
    expect(headers.get('content-encoding')).toBe('gzip');
    let [packed, unpacked] = [0, 0];
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        packed += chunk.length;
        controller.enqueue(chunk);
      },
    });
    const stream = body?.pipeThrough(count).pipeThrough(new DecompressionStream('gzip') as never);
    for await (const chunk of (stream ?? []) as AsyncIterable<Uint8Array>) unpacked += chunk.length;
    expect(unpacked).toBe(3 * 1024 * 1024);
    expect(packed).toBeLessThan(10_000);
    expect((await requests(simulated)).at(-1)).toMatchObject({
      status: 200,
      response: '3 MiB of spaces, compressed',
      note: 'fault',
    });
  });

  test('meets some calls by chance, the same by seed', async () => {
    const simulated = simulate();
    const play = async (): Promise<readonly boolean[]> => {
      await simulated.ask('POST', '/_ctl/faults', {
        path: '/cgi-bin/token',
        errcode: -1,
        chance: 0.3,
        times: 1000,
      });
      const met: boolean[] = [];
      for (let call = 0; call < 200; call += 1) met.push((await simulated.classic()).errcode === -1);
      return met;
    };
    const first = await play();
    const count = first.filter(Boolean).length;
    expect(count).toBeGreaterThan(35);
    expect(count).toBeLessThan(85);
    expect((await simulated.ask('GET', '/_ctl/faults')) as unknown).toMatchObject([{ times: 1000 - count }]);
    await simulated.call('POST', '/_ctl/reset');
    expect(await play()).toEqual(first);
  });

  test('delays by the real clock, and answers truly when it does nothing else', async () => {
    const { ask, classic, slept } = simulate();
    await ask('POST', '/_ctl/faults', { path: '/cgi-bin/token', delay: '3s' });
    expect((await classic()).expires_in).toBe(7200);
    expect(slept).toEqual([3000]);
  });

  test('does not do the work when the client has gone during the delay', async () => {
    const simulated = simulate({ clock: { now: () => startMs, monotonic: () => 0, sleep: giveUp } });
    const { ask, call, errcode, path } = simulated;
    const url = await path(create);
    await ask('POST', '/_ctl/faults', { path: create, delay: '3s' });
    await expect(call('POST', url, menu)).rejects.toThrow(ConnectionDropped);
    expect((await requests(simulated)).at(-1)).toMatchObject({ path: create, status: null, note: 'dropped' });
    expect(await errcode('GET', await path('/cgi-bin/menu/get'))).toBe(46003);
  });

  test('meets a path that the simulator does not have', async () => {
    const { ask, errcode } = simulate();
    await ask('POST', '/_ctl/faults', { path: '/cgi-bin/wxopen/qrcodejumpget', errcode: 40003 });
    expect(await errcode('GET', '/cgi-bin/wxopen/qrcodejumpget')).toBe(40003);
  });

  test('that is refused is answered 400 and not kept', async () => {
    const { call, ask } = simulate();
    const response = await call('POST', '/_ctl/faults', { path: '/cgi-bin/token', errcode: 0 });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: {
        type: 'invalid_fault',
        message: '"errcode" must be a whole number other than 0',
        message_zh: '“errcode”必须是非 0 的整数',
      },
    });
    expect(await ask('GET', '/_ctl/faults')).toEqual([]);
  });
});
