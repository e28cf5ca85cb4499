import { describe, expect, test } from 'vitest';
import { simulate, startMs, type JsonAnswer, type Simulated } from '../../simulated.ts';

const gen = async ({ ask, path }: Simulated, body: unknown): Promise<JsonAnswer> =>
  ask('POST', await path('/cgi-bin/shorten/gen'), body);
const fetch = async ({ ask, path }: Simulated, key: unknown): Promise<JsonAnswer> =>
  ask('POST', await path('/cgi-bin/shorten/fetch'), { short_key: key });

describe('POST /cgi-bin/shorten/gen', () => {
  test('answers a key of 15 letters and digits, another one each time', async () => {
    const simulated = simulate();
    const body = { long_data: 'loooooong data', expire_seconds: 86_400 };
    const first = await gen(simulated, body);
    expect(first).toEqual({
      errcode: 0,
      errmsg: 'ok',
      short_key: expect.stringMatching(/^[A-Za-z0-9]{15}$/),
    });
    expect((await gen(simulated, body))['short_key']).not.toBe(first['short_key']);
  });

  test.each([
    ['4096 bytes', { long_data: `${'中'.repeat(1365)}a` }, 0, 'ok'],
    ['4097 bytes', { long_data: `${'中'.repeat(1365)}ab` }, 9_410_010, 'long_data size out of limit'],
    ['30 days', { long_data: 'd', expire_seconds: 2_592_000 }, 0, 'ok'],
    ['longer', { long_data: 'd', expire_seconds: 2_592_001 }, 9_410_011, 'expire_seconds out of limit'],
    ['one second', { long_data: 'd', expire_seconds: 1 }, 0, 'ok'],
    ['none', { long_data: 'd', expire_seconds: 0 }, 47003, 'argument invalid! expire_seconds invalid'],
    ['half', { long_data: 'd', expire_seconds: 1.5 }, 47003, 'argument invalid! expire_seconds invalid'],
    ['no data', {}, 47003, 'argument invalid! long_data invalid'],
    ['empty data', { long_data: '' }, 47003, 'argument invalid! long_data invalid'],
    ['no JSON', 'd', 47001, 'data format error'],
    ['nothing', undefined, 44002, 'empty post data'],
  ])('answers %s with the platform’s errcode', async (_, body, errcode, errmsg) => {
    expect(await gen(simulate(), body)).toMatchObject({
      errcode,
      errmsg: expect.stringMatching(new RegExp(`^${errmsg}`)),
    });
  });
});

describe('POST /cgi-bin/shorten/fetch', () => {
  test('answers the data with what is left of their life, until it is over', async () => {
    const simulated = simulate();
    const { short_key: key } = await gen(simulated, { long_data: '长数据', expire_seconds: 60 });
    const data = { errcode: 0, errmsg: 'ok', long_data: '长数据', create_time: startMs / 1000 };
    expect(await fetch(simulated, key)).toEqual({ ...data, expire_seconds: 60 });
    await simulated.advance('59999ms');
    expect(await fetch(simulated, key)).toEqual({ ...data, expire_seconds: 1 });
    await simulated.advance('1ms');
    expect(await fetch(simulated, key)).toMatchObject({ errcode: 9_410_012 });
  });

  test('keeps data for 30 days by default', async () => {
    const simulated = simulate();
    const { short_key: key } = await gen(simulated, { long_data: 'd' });
    expect(await fetch(simulated, key)).toMatchObject({ expire_seconds: 2_592_000 });
  });

  test('refuses an unknown key with 9410012 and none with 47003', async () => {
    const simulated = simulate();
    expect((await fetch(simulated, 'E9Mf8Z7Y4gKNs4b')).errmsg).toMatch(
      /^short_key not found or expired rid: /,
    );
    expect(await fetch(simulated, 'E9Mf8Z7Y4gKNs4b')).toMatchObject({ errcode: 9_410_012 });
    for (const key of ['', undefined, 1])
      expect(await fetch(simulated, key)).toMatchObject({ errcode: 47003 });
  });
});
