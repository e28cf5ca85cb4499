import { describe, expect, test } from 'vitest';
import { simulate } from '../simulated.ts';

const rid = / rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/;

describe('a call that the platform has and the simulator has not', () => {
  test('is refused with 48001 and a header, never as done', async () => {
    const { call } = simulate();
    const response = await call('POST', '/cgi-bin/wxopen/qrcodejumpget', {});
    expect([response.status, response.headers.get('x-simulated')]).toEqual([200, 'none']);
    const { errcode, errmsg } = (await response.json()) as { errcode: number; errmsg: string };
    expect([errcode, errmsg.replace(rid, '')]).toEqual([
      48001,
      'api unauthorized: the simulator does not have POST /cgi-bin/wxopen/qrcodejumpget',
    ]);
  });

  test('is named with its right method', async () => {
    const { ask } = simulate();
    expect((await ask('GET', '/cgi-bin/wxopen/qrcodejumpget')).errmsg).toContain('have POST /cgi-bin/wxopen');
  });

  test('comes after the whitelist', async () => {
    const { ask, errcode } = simulate();
    const codes = async () => [
      await errcode('POST', '/cgi-bin/wxopen/qrcodejumpget', {}),
      await errcode('POST', '/cgi-bin/shorturl', {}),
      await errcode('POST', '/cgi-bin/shorturls', {}),
    ];
    await ask('POST', '/_ctl/settings', { whitelist: [] });
    expect(await codes()).toEqual([40164, 40164, 40066]);
    await ask('POST', '/_ctl/settings', { whitelist_scope: 'secret' });
    expect(await codes()).toEqual([48001, 45106, 40066]);
  });
});

describe('a call that was withdrawn', () => {
  test.each(['/cgi-bin/material/add_news', '/cgi-bin/material/update_news', '/cgi-bin/shorturl'])(
    '%s is refused with 45106, whatever the account may do',
    async (path) => {
      const { call, ask, path: withToken } = simulate();
      for (const account_type of ['verified_service', 'personal']) {
        await ask('POST', '/_ctl/settings', { account_type });
        const response = await call('POST', await withToken(path), {});
        expect([response.status, response.headers.get('x-simulated')]).toEqual([200, null]);
        expect(await response.json()).toEqual({
          errcode: 45106,
          errmsg: expect.stringMatching(/^This API has been unsupported rid: /),
        });
      }
    },
  );

  test('is not a misspelt one, which stays the gateway’s 404', async () => {
    const response = await simulate().call('POST', '/cgi-bin/material/add_new', {});
    expect([response.status, response.headers.get('x-simulated')]).toEqual([404, null]);
  });
});

describe('a call', () => {
  test('is found by its path as it is written, and percent-encoded, and not with a slash behind it', async () => {
    const { call, ask } = simulate();
    expect(await ask('GET', '/cgi-bin/menu/get')).toMatchObject({ errcode: 41001 });
    expect(await ask('GET', '/cgi-bin/menu/%67et')).toMatchObject({ errcode: 41001 });
    expect((await call('GET', '/cgi-bin/menu/get/')).status).toBe(404);
  });

  test('by HEAD has the head of its answer alone', async () => {
    const { call } = simulate();
    const answer = await call('HEAD', '/cgi-bin/menu/get');
    expect([answer.status, answer.headers.get('server'), await answer.text()]).toEqual([
      200,
      'wechat-mp-simulator',
      '',
    ]);
  });

  test('reads its query without the fragment of its address', async () => {
    const { ask } = simulate();
    expect(await ask('GET', '/cgi-bin/menu/get?access_token=a#&access_token=b')).toMatchObject({
      errcode: 40014,
    });
  });
});
